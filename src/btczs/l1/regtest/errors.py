"""Refusals of the embedded node, with the reject strings of the real node.

`reason` is the real node's reject string (`bad-cb-height`, `txn-mempool-conflict`, ...): tools
compare it, so it never gets decorated; explanations go to `detail`.
"""

from enum import IntEnum
from typing import ClassVar

from btczs.primitives import InvalidInput, Unavailable


class RejectCode(IntEnum):
    """The reject codes of the Bitcoin P2P protocol, and the internal ones above 0x100."""

    NONE = 0
    INVALID = 0x10
    OBSOLETE = 0x11
    DUPLICATE = 0x12
    NONSTANDARD = 0x40
    INSUFFICIENT_FEE = 0x42
    HIGH_FEE = 0x100
    ALREADY_KNOWN = 0x101
    CONFLICT = 0x102


class BlockRejected(InvalidInput):
    """A block is not valid, or already known. Fields: `reason`, `detail`."""

    code: ClassVar[str] = "block_rejected"

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class TransactionRejected(InvalidInput):
    """A transaction is not valid, or against the pool's policy.

    Fields: `reason`, `reject_code` (`RejectCode.NONE` for missing inputs, which may appear later),
    `detail`.
    """

    code: ClassVar[str] = "transaction_rejected"

    def __init__(
        self, reason: str, reject_code: RejectCode = RejectCode.INVALID, detail: str = ""
    ) -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.reject_code = reject_code
        self.detail = detail


class UnknownBlock(InvalidInput):
    """No block of this hash or height is known. Field: `block`."""

    code: ClassVar[str] = "unknown_block"

    def __init__(self, block: str) -> None:
        super().__init__(f"no block {block} is known")
        self.block = block


class CorruptStorage(Unavailable):
    """The stored chain does not hash to what it claims, or belongs to other rules."""

    code: ClassVar[str] = "corrupt_storage"


class NodeClosed(Unavailable):
    """The node was closed, or stopped itself after its storage failed."""

    code: ClassVar[str] = "node_closed"
