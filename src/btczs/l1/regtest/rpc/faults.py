"""Errors as JSON-RPC shows them: a code of Bitcoin Core's list and a text."""

from enum import IntEnum
from typing import Any


class RpcCode(IntEnum):
    INVALID_REQUEST = -32600
    METHOD_NOT_FOUND = -32601
    INTERNAL_ERROR = -32603
    PARSE_ERROR = -32700
    MISC_ERROR = -1
    TYPE_ERROR = -3
    INVALID_ADDRESS_OR_KEY = -5
    INVALID_PARAMETER = -8
    DATABASE_ERROR = -20
    DESERIALIZATION_ERROR = -22
    VERIFY_ERROR = -25
    VERIFY_REJECTED = -26
    ALREADY_IN_CHAIN = -27
    IN_WARMUP = -28


class RpcFault(Exception):
    """The call failed; becomes the reply's `error`."""

    def __init__(self, code: RpcCode, message: str) -> None:
        super().__init__(message)
        self.rpc_code = code
        self.message = message

    def to_json(self) -> dict[str, Any]:
        return {"code": int(self.rpc_code), "message": self.message}
