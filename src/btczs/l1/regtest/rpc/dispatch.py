"""The protocol: a request body in, a reply body and an HTTP status out.

Version 1.0 of JSON-RPC as the real node speaks it: every reply has `result`, `error` and `id`,
whatever version the request states. Arguments are positional.
"""

import json
import logging
from typing import Any, NoReturn

import msgspec

from btczs.l1.regtest.node import RegtestNode
from btczs.l1.regtest.rpc.faults import RpcCode, RpcFault
from btczs.l1.regtest.rpc.table import call_method
from btczs.l1.regtest.rpc.values import NumberText
from btczs.primitives import BtczsError, Unavailable

BATCH_CALLS_MAX = 1000

_log = logging.getLogger(__name__)

_HTTP_STATUS = {RpcCode.INVALID_REQUEST: 400, RpcCode.METHOD_NOT_FOUND: 404}
_HTTP_OK = 200
_HTTP_ERROR = 500


def handle_body(node: RegtestNode, body: bytes) -> tuple[int, bytes]:
    """(HTTP status, JSON). Never raises for anything the body may contain."""
    try:
        request = parse_json(body)
        if isinstance(request, list):
            if len(request) > BATCH_CALLS_MAX:
                message = f"a batch has at most {BATCH_CALLS_MAX} calls"
                raise RpcFault(RpcCode.INVALID_REQUEST, message)
            return _encode(_HTTP_OK, [_run_call(node, item)[1] for item in request])
        if not isinstance(request, dict):
            raise RpcFault(RpcCode.PARSE_ERROR, "Top-level object parse error")
    except RpcFault as fault:
        return _encode(_status_of(fault), _make_reply(None, fault, None))
    status, reply = _run_call(node, request)
    return _encode(status, reply)


def parse_json(body: bytes) -> Any:
    """Raises `RpcFault` for what is not JSON, or is nested too deep."""
    try:
        return json.loads(body, parse_float=NumberText, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise RpcFault(RpcCode.PARSE_ERROR, "Parse error") from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _run_call(node: RegtestNode, request: Any) -> tuple[int, dict[str, Any]]:
    request_id = None
    try:
        if not isinstance(request, dict):
            raise RpcFault(RpcCode.INVALID_REQUEST, "Invalid Request object")
        request_id = _echo_id(request.get("id"))
        name, args = _read_request(request)
        return _HTTP_OK, _make_reply(_call(node, name, args), None, request_id)
    except RpcFault as fault:
        return _status_of(fault), _make_reply(None, fault, request_id)


def _read_request(request: dict[str, Any]) -> tuple[str, list[Any]]:
    name = request.get("method")
    if name is None:
        raise RpcFault(RpcCode.INVALID_REQUEST, "Missing method")
    if not isinstance(name, str) or isinstance(name, NumberText):
        raise RpcFault(RpcCode.INVALID_REQUEST, "Method must be a string")
    args = request.get("params")
    if args is None:
        args = []
    if not isinstance(args, list):
        raise RpcFault(RpcCode.INVALID_REQUEST, "Params must be an array")
    return name, args


def _call(node: RegtestNode, name: str, args: list[Any]) -> Any:
    try:
        return call_method(node, name, args)
    except Unavailable as error:
        raise RpcFault(RpcCode.IN_WARMUP, str(error)) from error
    except BtczsError as error:
        raise RpcFault(RpcCode.MISC_ERROR, str(error)) from error
    except RpcFault:
        raise
    except Exception as error:  # the supervised edge: one call's bug must not end the server
        _log.exception("the method %s failed", name)
        raise RpcFault(RpcCode.INTERNAL_ERROR, "internal error") from error


def _echo_id(value: Any) -> Any:
    """The id of a request goes back as it came, if it is a scalar."""
    if isinstance(value, NumberText):
        return msgspec.Raw(value.encode())
    return value if isinstance(value, (str, int)) else None


def _make_reply(result: Any, fault: RpcFault | None, request_id: Any) -> dict[str, Any]:
    error = None if fault is None else fault.to_json()
    return {"result": result, "error": error, "id": request_id}


def _status_of(fault: RpcFault) -> int:
    return _HTTP_STATUS.get(fault.rpc_code, _HTTP_ERROR)


def _encode(status: int, reply: Any) -> tuple[int, bytes]:
    try:
        return status, msgspec.json.encode(reply) + b"\n"
    except (UnicodeEncodeError, OverflowError) as error:
        # Half a surrogate pair, or an id beyond 64 bits, that came with the request.
        _log.info("a reply cannot be encoded: %s", error)
        fault = RpcFault(RpcCode.PARSE_ERROR, "Parse error")
        return _status_of(fault), msgspec.json.encode(_make_reply(None, fault, None)) + b"\n"
