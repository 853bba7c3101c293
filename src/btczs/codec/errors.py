"""What can be wrong with the text form of an address or key."""

from typing import ClassVar

from btczs.primitives import DecodeError


class InvalidAddress(DecodeError):
    """Text that is not an address (or key) of the format asked for. Field: `reason`."""

    code: ClassVar[str] = "invalid_address"

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(f"{text[:100]!r} is not valid: {reason}")
        self.reason = reason
