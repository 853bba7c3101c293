"""One JSON-RPC exchange over HTTP: build the request, bound and parse the reply.

Numbers of a reply are integers or `Decimal`, never floats: amounts of money stay exact.
"""

import json
from decimal import Decimal
from typing import Any, NoReturn

import httpx
import msgspec

from btczs.l1.rpc.auth import Credentials
from btczs.l1.rpc.errors import (
    RpcBadReply,
    RpcError,
    RpcUnauthorized,
    RpcUnavailable,
    RpcWarmingUp,
    make_rpc_error,
)
from btczs.primitives import InvalidInput

_encoder = msgspec.json.Encoder(decimal_format="number")

_HTTP_UNAUTHORIZED = (401, 403)
_HTTP_BUSY = (429, 502, 503, 504)
_HTTP_JSON = (200, 400, 404, 500)
"""Core's nodes put a JSON error object under 404 (unknown method), 400 and 500."""


def encode_request(request_id: int, method: str, params: tuple[Any, ...]) -> bytes:
    """One call as JSON. Raises `InvalidInput` for values JSON has no exact form for."""
    for value in params:
        _refuse_floats(value)
    try:
        return _encoder.encode(
            {"jsonrpc": "1.0", "id": request_id, "method": method, "params": params}
        )
    except (TypeError, ValueError, msgspec.MsgspecError) as error:
        raise InvalidInput(f"a parameter of {method} cannot be written as JSON") from error


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise InvalidInput("a float cannot be sent to a node: amounts are integers or Decimal")
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, (list, tuple)):
        for item in value:
            _refuse_floats(item)


async def exchange(
    http: httpx.AsyncClient, url: str, body: bytes, auth: Credentials, reply_bytes_max: int
) -> Any:
    """Post `body` once (twice after a refusal, if the cookie file has changed).

    Returns the parsed JSON. Raises `RpcUnavailable`, `RpcUnauthorized` or `RpcBadReply`.
    """
    status, raw = await _post(http, url, body, auth, reply_bytes_max)
    if status in _HTTP_UNAUTHORIZED and auth.refresh():
        status, raw = await _post(http, url, body, auth, reply_bytes_max)
    if status in _HTTP_UNAUTHORIZED:
        raise RpcUnauthorized(status)
    if status in _HTTP_BUSY:
        raise RpcUnavailable(f"HTTP {status}")
    if status not in _HTTP_JSON:
        raise RpcBadReply("the call", f"HTTP {status}")
    return _parse(raw)


async def _post(
    http: httpx.AsyncClient, url: str, body: bytes, auth: Credentials, reply_bytes_max: int
) -> tuple[int, bytes]:
    # Not compressed: a reply must not grow after its bytes were counted.
    headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
    authorization = auth.get_header()
    if authorization is not None:
        headers["Authorization"] = authorization
    parts: list[bytes] = []
    size = 0
    try:
        async with http.stream("POST", url, content=body, headers=headers) as response:
            if response.headers.get("Content-Encoding", "identity") != "identity":
                raise RpcBadReply("the call", "it is compressed, which was not asked for")
            async for part in response.aiter_bytes():
                size += len(part)
                if size > reply_bytes_max:
                    raise RpcBadReply("the call", f"it is longer than {reply_bytes_max} bytes")
                parts.append(part)
            return response.status_code, b"".join(parts)
    except httpx.TimeoutException:
        # Without the cause: it would carry the request, and with it our password.
        raise RpcUnavailable("no answer in time") from None
    except httpx.RemoteProtocolError:
        raise RpcUnavailable("the connection broke off") from None
    except httpx.TransportError as error:
        raise RpcUnavailable(f"no connection ({type(error).__name__})") from None


def _parse(raw: bytes) -> Any:
    try:
        return json.loads(raw, parse_float=Decimal, parse_constant=_refuse_constant)
    except (ValueError, RecursionError, ArithmeticError):
        raise RpcBadReply("the call", "it is not JSON") from None


def _refuse_constant(text: str) -> NoReturn:
    raise ValueError(text)


def get_result(method: str, request_id: int, reply: Any) -> Any:
    """The result in the reply to one call. Raises the node's error as `RpcError`."""
    if not isinstance(reply, dict):
        raise RpcBadReply(method, "it is not an object")
    error = reply.get("error")
    if error is not None:
        raise _make_error(method, error)
    if reply.get("id") != request_id or "result" not in reply:
        raise RpcBadReply(method, "it does not answer this call")
    return reply["result"]


def _make_error(method: str, error: Any) -> RpcError | RpcWarmingUp | RpcBadReply:
    if not isinstance(error, dict):
        return RpcBadReply(method, "its error is not an object")
    code, message = error.get("code"), error.get("message")
    if not isinstance(code, int) or isinstance(code, bool) or not isinstance(message, str):
        return RpcBadReply(method, "its error has no code and message")
    return make_rpc_error(code, message)
