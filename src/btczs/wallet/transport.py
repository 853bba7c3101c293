"""HTTP with the node: bounded answers, errors as types, no proxy to this machine itself."""

import ipaddress
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import msgspec

from btczs.primitives import InvalidInput
from btczs.wallet.errors import ApiFailed, ApiRefused, NodeUnreachable, NotFound, Refused

ANSWER_BYTES_MAX: Final = 64 * 1024 * 1024
"""Twice the hexadecimal form of the largest block."""

ATTEMPTS_MAX: Final = 2
"""A reused connection may have been closed by the node; a second one tells."""


class Transport:
    """One node's HTTP API. `transport` replaces the network in tests."""

    def __init__(
        self, url: str, *, timeout_s: float, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self.url = check_url(url)
        self._client = httpx.AsyncClient(
            base_url=self.url,
            timeout=timeout_s,
            transport=transport,
            trust_env=not is_loopback(self.url),
            # Without TLS there is no certificate to verify, and loading them takes 0.1 s.
            verify=self.url.startswith("https:"),
            headers={"accept": "application/json"},
        )

    async def close(self) -> None:
        await self._client.aclose()

    async def get(self, path: str, **query: str | int) -> Any:
        """The JSON answer. Raises `NotFound`, `ApiRefused`, `ApiFailed`, `NodeUnreachable`."""
        return await self._request("GET", path, params=query)

    async def post(self, path: str, body: Any = None, **query: str | int) -> Any:
        """The same with a JSON body. Is not repeated: it may have had an effect."""
        return await self._request("POST", path, params=query, json=body, attempts=1)

    async def post_bytes(self, path: str, body: bytes) -> Any:
        """The same with raw bytes; may be repeated, since a transaction is taken only once."""
        headers = {"content-type": "application/octet-stream"}
        return await self._request("POST", path, content=body, headers=headers)

    async def _request(
        self, method: str, path: str, *, attempts: int = ATTEMPTS_MAX, **arguments: Any
    ) -> Any:
        for attempt in range(1, attempts + 1):
            try:
                status, raw = await self._exchange(method, path, arguments)
            except httpx.RemoteProtocolError as error:
                if attempt == attempts:
                    raise NodeUnreachable(self.url, str(error)) from error
            except httpx.TimeoutException as error:
                raise NodeUnreachable(self.url, "it does not answer in time") from error
            except httpx.HTTPError as error:
                raise NodeUnreachable(self.url, str(error) or type(error).__name__) from error
            else:
                return read_answer(status, raw)
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def _exchange(
        self, method: str, path: str, arguments: dict[str, Any]
    ) -> tuple[int, bytes]:
        async with self._client.stream(method, path, **arguments) as response:
            parts, size = [], 0
            async for part in response.aiter_bytes():
                size += len(part)
                if size > ANSWER_BYTES_MAX:
                    raise ApiFailed(response.status_code, "too_large", "the answer is too large")
                parts.append(part)
            return response.status_code, b"".join(parts)


def read_answer(status: int, raw: bytes) -> Any:
    """The JSON of a good answer; raises what a bad one means."""
    try:
        value = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        if 200 <= status < 300:
            raise ApiFailed(status, "unreadable", "the answer is not JSON") from error
        value = {}
    if 200 <= status < 300:
        return value
    answer = value if isinstance(value, dict) else {}
    error_code = str(answer.get("error", "http"))[:100]
    message = str(answer.get("message") or answer.get("error") or "no reason given")[:500]
    if isinstance(answer.get("reason"), str):
        raise _read_refusal(answer, message)
    if status == 404:
        raise NotFound(status, error_code, message)
    if 400 <= status < 500:
        raise ApiRefused(status, error_code, message)
    raise ApiFailed(status, error_code, message)


def _read_refusal(answer: dict[str, Any], message: str) -> Refused:
    data = answer.get("reason_data")
    txid = answer.get("txid")
    return Refused(
        answer["reason"][:100],
        data if isinstance(data, dict) else None,
        txid if isinstance(txid, str) else None,
        message,
    )


def check_url(url: str) -> str:
    """`url` without a slash at the end. Raises `InvalidInput` if it is none."""
    try:
        parts = urlsplit(url)
        has_host = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError as error:
        raise InvalidInput(f"{url[:200]!r} is not a URL: {error}") from error
    if parts.scheme not in ("http", "https") or not has_host:
        raise InvalidInput(f"{url[:200]!r} is not a URL such as http://127.0.0.1:3999")
    return url.rstrip("/")


def is_loopback(url: str) -> bool:
    """Whether `url` is on this machine, which no proxy can reach for us."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
