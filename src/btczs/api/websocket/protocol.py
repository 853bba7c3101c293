"""JSON-RPC 2.0: frames to requests, results and errors to frames. No state, no input or output.

Source: the JSON-RPC 2.0 specification. A request without `id` is a notification: it is carried out
and not answered, whatever becomes of it.
"""

import math
from typing import Any, ClassVar, Final

import msgspec

from btczs.api.errors import BadBody
from btczs.api.jsontext import JS_SAFE_MAX, decode_json, encode_json
from btczs.primitives import InvalidInput

BATCH_MAX: Final = 100
ID_CHARS_MAX: Final = 256

Id = str | int | float | None


class RpcError(InvalidInput):
    """An error that a client is told of. `rpc_code` is JSON-RPC's number, `code` ours."""

    code: ClassVar[str] = "rpc"
    rpc_code: ClassVar[int] = -32000


class ParseError(RpcError):
    """The frame is not JSON."""

    code: ClassVar[str] = "parse_error"
    rpc_code: ClassVar[int] = -32700


class InvalidRequest(RpcError):
    """JSON, but no request. `id` is the request's if it has a usable one."""

    code: ClassVar[str] = "invalid_request"
    rpc_code: ClassVar[int] = -32600

    def __init__(self, message: str, request_id: Id = None) -> None:
        super().__init__(f"invalid request: {message}")
        self.id = request_id


class MethodNotFound(RpcError):
    code: ClassVar[str] = "method_not_found"
    rpc_code: ClassVar[int] = -32601

    def __init__(self, method: str) -> None:
        super().__init__(f"method not found: {method[:100]!r}")


class InvalidParams(RpcError):
    code: ClassVar[str] = "invalid_params"
    rpc_code: ClassVar[int] = -32602

    def __init__(self, reason: str) -> None:
        super().__init__(f"invalid params: {reason}")


class InternalError(RpcError):
    """A bug of this node."""

    code: ClassVar[str] = "internal"
    rpc_code: ClassVar[int] = -32603


class TooManySubscriptions(RpcError):
    """The connection has as many subscriptions as it may. Field: `subscriptions_max`."""

    code: ClassVar[str] = "too_many_subscriptions"
    rpc_code: ClassVar[int] = -32000

    def __init__(self, subscriptions_max: int) -> None:
        super().__init__(f"at most {subscriptions_max} subscriptions per connection")
        self.subscriptions_max = subscriptions_max


class Request(msgspec.Struct, frozen=True):
    """One call. `params` is any JSON value: methods judge it."""

    id: Id
    method: str
    params: Any
    is_notification: bool = False


class Frame(msgspec.Struct, frozen=True):
    """What one message holds. An item that is no request stands as its error."""

    items: tuple[Request | InvalidRequest, ...]
    is_batch: bool


def decode_frame(raw: bytes | str) -> Frame:
    """Raises `ParseError`, and `InvalidRequest` for a batch that is empty or too long."""
    try:
        value = decode_json(raw)
    except BadBody as error:
        raise ParseError(f"parse error: {error}") from error
    if not isinstance(value, list):
        return Frame((_read_request(value),), is_batch=False)
    if not value:
        raise InvalidRequest("an empty batch")
    if len(value) > BATCH_MAX:
        raise InvalidRequest(f"a batch has at most {BATCH_MAX} requests")
    return Frame(tuple(_read_request(item) for item in value), is_batch=True)


def _read_request(value: Any) -> Request | InvalidRequest:
    if not isinstance(value, dict):
        return InvalidRequest("not an object")
    request_id = value.get("id")
    if not _is_id(request_id):
        return InvalidRequest("id must be a text, a number or null")
    if value.get("jsonrpc") != "2.0":
        return InvalidRequest('jsonrpc must be "2.0"', request_id)
    method = value.get("method")
    if not isinstance(method, str):
        return InvalidRequest("method must be a text", request_id)
    return Request(request_id, method, value.get("params"), is_notification="id" not in value)


def _is_id(value: Any) -> bool:
    """Whether `value` can be sent back exactly as it came."""
    if isinstance(value, bool):
        return False
    if isinstance(value, int):
        return -JS_SAFE_MAX <= value <= JS_SAFE_MAX
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or (isinstance(value, str) and len(value) <= ID_CHARS_MAX)


# ---------------------------------------------------------------------- answers


def make_result(request_id: Id, result: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": request_id, "result": result}


def make_error(request_id: Id, error: RpcError) -> dict[str, Any]:
    """The code of JSON-RPC, the text, and our stable code in `data`."""
    return {
        "jsonrpc": "2.0",
        "id": request_id,
        "error": {
            "code": error.rpc_code,
            "message": str(error),
            "data": {"error": error.code},
        },
    }


def encode_message(value: Any) -> str:
    return encode_json(value).decode()


def encode_notification(method: str, params: dict[str, Any]) -> str:
    return encode_message({"jsonrpc": "2.0", "method": method, "params": params})
