"""Who we are to the node: a user and password, or the cookie file the node writes at each start."""

from base64 import b64encode
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from btczs.l1.rpc.errors import RpcUnavailable
from btczs.primitives import InvalidInput

COOKIE_BYTES_MAX = 1024


class Credentials:
    """The header value that authenticates us. Shows nothing of itself."""

    __slots__ = ("_cookie_path", "_header")

    def __init__(self, user: str | None, password: str | None, cookie_path: Path | None) -> None:
        if cookie_path is not None and user is not None:
            raise InvalidInput("give a user and password or a cookie file, not both")
        self._cookie_path = cookie_path
        self._header = None if user is None else _encode(f"{user}:{password or ''}".encode())

    def get_header(self) -> str | None:
        """The value of `Authorization`, None if there is none. Raises `RpcUnavailable`."""
        if self._header is None and self._cookie_path is not None:
            self._header = _encode(_read_cookie(self._cookie_path))
        return self._header

    def refresh(self) -> bool:
        """After a refusal: forget what was read from the cookie file. False if nothing changes."""
        if self._cookie_path is None:
            return False
        old, self._header = self._header, None
        return self.get_header() != old

    def __repr__(self) -> str:
        return "Credentials(cookie file)" if self._cookie_path else "Credentials(hidden)"


def split_url(url: str) -> tuple[str, str | None, str | None]:
    """`url` without its user part, and the user and password that stood in it.

    Raises `InvalidInput`, without repeating the text (it may hold a password).
    """
    try:
        parts = urlsplit(url)
        host, port, user, password = parts.hostname, parts.port, parts.username, parts.password
    except ValueError:
        raise InvalidInput("the URL of the layer-1 node is malformed") from None
    if parts.scheme not in ("http", "https") or not host:
        raise InvalidInput("the URL of the layer-1 node must begin with http:// or https://")
    netloc = f"[{host}]" if ":" in host else host
    if port is not None:
        netloc = f"{netloc}:{port}"
    clean = urlunsplit((parts.scheme, netloc, parts.path or "/", "", ""))
    return clean, _unquote(user), _unquote(password)


def _unquote(text: str | None) -> str | None:
    return None if text is None else unquote(text)


def _read_cookie(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(COOKIE_BYTES_MAX + 1).strip()
    except OSError as error:
        raise RpcUnavailable(f"the cookie file cannot be read: {error.strerror}") from error
    if b":" not in raw or len(raw) > COOKIE_BYTES_MAX:
        raise RpcUnavailable("the cookie file does not hold user:password")
    return raw


def _encode(pair: bytes) -> str:
    return "Basic " + b64encode(pair).decode()
