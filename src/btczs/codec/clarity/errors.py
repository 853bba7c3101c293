"""What can be wrong with a Clarity value."""

from typing import ClassVar

from btczs.primitives import DecodeError, InvalidInput


class InvalidClarityValue(DecodeError):
    """Bytes that are not the consensus encoding of a Clarity value. Field: `offset`."""

    code: ClassVar[str] = "clarity_value"

    def __init__(self, offset: int, reason: str) -> None:
        super().__init__(f"{reason} (at offset {offset})")
        self.offset = offset


class UntypedValue(InvalidInput):
    """A value that has no Clarity type: mixed list, empty tuple, too large or too deep."""

    code: ClassVar[str] = "clarity_untyped"


class ValueTooLarge(UntypedValue):
    """A type whose values could be larger than a value may be."""

    code: ClassVar[str] = "clarity_value_too_large"


class TypeTooDeep(UntypedValue):
    """A type nested too deeply."""

    code: ClassVar[str] = "clarity_type_too_deep"


class UnencodableValue(InvalidInput):
    """A value that has no consensus encoding."""

    code: ClassVar[str] = "clarity_unencodable"


class InvalidPrincipal(DecodeError):
    """Text that is neither an address nor `address.contract-name`."""

    code: ClassVar[str] = "invalid_principal"
