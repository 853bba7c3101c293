"""What can go wrong between us and a node: one class per situation.

`RpcError` is the node's own refusal and carries its number (`rpc_code`) and text; the usual numbers
have subclasses. `RpcUnavailable` is worth another try later. No error ever holds the password.
"""

from typing import ClassVar

from btczs.primitives import BtczsError, InvalidInput, Unavailable

MESSAGE_CHARS_MAX = 500
"""Enough for every message of a node; a hostile one cannot flood a log."""


class RpcError(BtczsError):
    """The node answered with an error. Fields: `rpc_code`, `message`."""

    code: ClassVar[str] = "rpc_error"

    def __init__(self, rpc_code: int, message: str) -> None:
        message = message[:MESSAGE_CHARS_MAX]
        super().__init__(f"{message} (code {rpc_code})")
        self.rpc_code, self.message = rpc_code, message


class RpcMethodNotFound(RpcError):
    """The node does not have this method (-32601)."""

    code: ClassVar[str] = "rpc_method_not_found"


class RpcInvalidParameter(RpcError):
    """A parameter has a wrong value, such as a height above the tip (-8, -3, -32602, -32600)."""

    code: ClassVar[str] = "rpc_invalid_parameter"


class RpcNotFound(RpcError):
    """No such block, transaction or address (-5)."""

    code: ClassVar[str] = "rpc_not_found"


class RpcUndecodable(RpcError):
    """The node could not decode the bytes it was given (-22)."""

    code: ClassVar[str] = "rpc_undecodable"


class RpcRejected(RpcError):
    """The transaction or block is invalid, against policy, or spends what is gone (-26, -25)."""

    code: ClassVar[str] = "rpc_rejected"


class RpcAlreadyKnown(RpcError):
    """The transaction is already in the chain (-27)."""

    code: ClassVar[str] = "rpc_already_known"


class RpcWallet(RpcError):
    """The node's wallet refused: no money, locked, no such key (-4, -6, -12 to -19)."""

    code: ClassVar[str] = "rpc_wallet"


class RpcUnavailable(Unavailable):
    """No answer in time, no connection, or the node is too busy. Field: `reason`."""

    code: ClassVar[str] = "rpc_unavailable"

    def __init__(self, reason: str) -> None:
        super().__init__(f"the layer-1 node is unavailable: {reason}")
        self.reason = reason


class RpcWarmingUp(RpcUnavailable):
    """The node is starting (-28); it answers in a while."""

    code: ClassVar[str] = "rpc_warming_up"


class RpcUnauthorized(BtczsError):
    """The node refused our user and password, or our address. Field: `status`."""

    code: ClassVar[str] = "rpc_unauthorized"

    def __init__(self, status: int) -> None:
        super().__init__(
            f"the layer-1 node refused us (HTTP {status}): check user, password or cookie file, "
            "and the node's rpcallowip"
        )
        self.status = status


class RpcBadReply(InvalidInput):
    """The reply is not what the method returns: not JSON, too long, or of another shape.
    Fields: `method`, `reason`."""

    code: ClassVar[str] = "rpc_bad_reply"

    def __init__(self, method: str, reason: str) -> None:
        super().__init__(f"the reply to {method} is unusable: {reason}")
        self.method, self.reason = method, reason


_CLASSES: dict[int, type[RpcError]] = {
    -32601: RpcMethodNotFound,
    -32602: RpcInvalidParameter,
    -32600: RpcInvalidParameter,
    -8: RpcInvalidParameter,
    -3: RpcInvalidParameter,
    -5: RpcNotFound,
    -22: RpcUndecodable,
    -25: RpcRejected,
    -26: RpcRejected,
    -27: RpcAlreadyKnown,
    -4: RpcWallet,
    -6: RpcWallet,
    **dict.fromkeys(range(-19, -11), RpcWallet),
}
_WARMING_UP = -28


def make_rpc_error(rpc_code: int, message: str) -> RpcError | RpcWarmingUp:
    """The error for a code of the node: the class of that number, else `RpcError` itself."""
    if rpc_code == _WARMING_UP:
        return RpcWarmingUp(message[:MESSAGE_CHARS_MAX])
    return _CLASSES.get(rpc_code, RpcError)(rpc_code, message)
