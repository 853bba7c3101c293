"""What can be wrong with the form of a block."""

from typing import ClassVar

from btczs.primitives import DecodeError, InvalidInput


class InvalidHeader(DecodeError):
    """A header field holds what the format does not allow. Fields: `field`, `reason`."""

    code: ClassVar[str] = "invalid_header"

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field, self.reason = field, reason


class BlockTooLarge(DecodeError):
    """More bytes than a block may have. Fields: `size`, `limit`."""

    code: ClassVar[str] = "block_too_large"

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(f"a block has at most {limit} bytes, this has {size}")
        self.size, self.limit = size, limit


class MerkleRootMismatch(InvalidInput):
    """The header's root is not that of the transactions. Fields: `expected`, `actual` (hex)."""

    code: ClassVar[str] = "merkle_root_mismatch"

    def __init__(self, expected: bytes, actual: bytes) -> None:
        super().__init__(f"the header says {expected.hex()}, the transactions give {actual.hex()}")
        self.expected, self.actual = expected.hex(), actual.hex()
