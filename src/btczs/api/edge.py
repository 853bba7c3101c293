"""The outermost layer of the application: what is the same for every request.

CORS for browsers, rate limits, and one form of a path (`/a/` means `/a`).
"""

from ipaddress import ip_address
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from btczs.api.errors import TooManyRequests, UriTooLong
from btczs.api.options import ApiOptions
from btczs.api.ratelimit import TokenBuckets
from btczs.api.routing import error_response

URI_BYTES_MAX: Final = 8192
"""Path and query: 50 transaction ids and everything else together stay below."""

_CORS: Final = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"*"),
)
_PREFLIGHT: Final = (
    *_CORS,
    (b"access-control-allow-methods", b"GET, HEAD, POST, OPTIONS"),
    (b"access-control-allow-headers", b"*"),
    (b"access-control-max-age", b"86400"),
    (b"content-length", b"0"),
)


class Edge:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, options: ApiOptions) -> None:
        self._app = app
        self._limit_loopback = options.limit_loopback
        self._buckets = (
            TokenBuckets(options.requests_per_s, 1, options.requests_burst)
            if options.requests_per_s
            else None
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        if path.endswith("/") and path != "/":
            scope = {**scope, "path": path.rstrip("/") or "/", "raw_path": None}
        if scope["type"] == "websocket":
            await self._app(scope, receive, send)
            return
        send = _with_cors(send)
        if scope["method"] == "OPTIONS":
            await send({"type": "http.response.start", "status": 204, "headers": [*_PREFLIGHT]})
            await send({"type": "http.response.body", "body": b""})
            return
        if len(path) + len(scope["query_string"]) > URI_BYTES_MAX:
            await error_response(UriTooLong(URI_BYTES_MAX))(scope, receive, send)
            return
        wait_s = self._wait_s(scope)
        if wait_s:
            refusal = TooManyRequests("too many requests from this address", wait_s)
            await error_response(refusal)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _wait_s(self, scope: Scope) -> int:
        client = scope.get("client")
        if self._buckets is None or not client:
            return 0
        host = str(client[0])
        if not self._limit_loopback and _is_loopback(host):
            return 0
        return self._buckets.take_s(host)


def _with_cors(send: Send) -> Send:
    async def send_with_cors(message: Message) -> None:
        if message["type"] == "http.response.start" and not any(
            key == _CORS[0][0] for key, _ in message.get("headers", ())
        ):
            message = {**message, "headers": [*message.get("headers", ()), *_CORS]}
        await send(message)

    return send_with_cors


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False  # a name: not what a socket reports
