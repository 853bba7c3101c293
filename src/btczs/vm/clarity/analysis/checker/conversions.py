"""Between values and bytes or text, and from parts to principals."""

from typing import TYPE_CHECKING, Final

from btczs.codec.clarity.types import (
    BOOL,
    INT,
    PRINCIPAL,
    UINT,
    VALUE_SIZE_MAX,
    ValueType,
    ascii_type,
    buffer_type,
    optional_type,
    response_type,
)
from btczs.vm.clarity.analysis import errors
from btczs.vm.clarity.analysis.checker.arguments import at_least, at_most, exactly
from btczs.vm.clarity.analysis.checker.simple import (
    BUFFER_MAX,
    CONTRACT_NAME,
    PRINCIPAL_CONSTRUCTED,
    UTF8_MAX,
)
from btczs.vm.clarity.limits import NAME_LENGTH_MAX
from btczs.vm.clarity.reader.syntax import Form
from btczs.vm.clarity.types.parse import parse_type

if TYPE_CHECKING:
    from btczs.vm.clarity.analysis.checker.checker import TypeChecker

_U32_MAX: Final = 2**32 - 1

_RESPONSE_OVERHEAD = 5
"""What a text gives up of the size of a value, so that a response can hold it."""

_TEXT_LENGTH_MAX: Final = VALUE_SIZE_MAX - _RESPONSE_OVERHEAD
_HEX_BYTES_MAX: Final = (_TEXT_LENGTH_MAX - 2) // 2
_TEXT_LENGTHS: Final = {"int": 40, "uint": 40, "bool": 5, "principal": 170, "callable": 170}
_TEXTABLE: Final = (INT, UINT, BOOL, PRINCIPAL, buffer_type(_HEX_BYTES_MAX), UTF8_MAX)

_ENCODED: Final = {
    "int": 16,
    "uint": 16,
    "bool": 0,
    "principal": 22 + NAME_LENGTH_MAX,
    "callable": 22 + NAME_LENGTH_MAX,
}


def check_to_ascii(checker: "TypeChecker", form: Form) -> ValueType:
    """`(to-ascii? value)`"""
    (arg,) = exactly(form, 1)
    found = checker.check(arg)
    length = _TEXT_LENGTHS.get(found.kind)
    if found.kind == "buff" and found.length <= _HEX_BYTES_MAX:
        length = 2 + 2 * found.length
    elif found.kind == "string-utf8":
        length = found.length
    if length is None:
        raise errors.UnionTypeError(_TEXTABLE, found, span=arg.span)
    return response_type(ascii_type(length), UINT)


def check_to_consensus_buff(checker: "TypeChecker", form: Form) -> ValueType:
    """`(to-consensus-buff? value)`: as long as the longest encoding of the type of the value."""
    (arg,) = exactly(form, 1)
    length = longest_encoding(checker.check(arg))
    if length is None:
        raise errors.CouldNotDetermineSerializationType(span=arg.span)
    return optional_type(buffer_type(length))


def check_from_consensus_buff(checker: "TypeChecker", form: Form) -> ValueType:
    """`(from-consensus-buff? type buffer)`: reading this type costs, unlike in definitions."""
    described, encoded = exactly(form, 2)
    wanted = parse_type(described, checker.meter)
    checker.expect(encoded, BUFFER_MAX)
    return optional_type(wanted)


def check_principal_construct(checker: "TypeChecker", form: Form) -> ValueType:
    """`(principal-construct? version hash)`, and a name for a contract."""
    args = at_least(form, 2)
    at_most(form, 3)
    for arg, wanted in zip(args, (buffer_type(1), buffer_type(20), CONTRACT_NAME)):
        checker.expect(arg, wanted)
    return PRINCIPAL_CONSTRUCTED


def longest_encoding(found: ValueType) -> int | None:
    """Bytes of the longest consensus encoding of the type; None if a part of it is not known.

    The missing side of `none`, `ok` or `err` never occurs, so it takes no bytes. Raises
    `ValueTooLarge` beyond 32 bits.
    """
    kind = found.kind
    size = _ENCODED.get(kind)
    if size is None:
        if kind in ("unknown", "union"):
            return None
        parts = [longest_encoding(part) for part in found.parts]
        if kind in ("optional", "response"):
            if kind == "response" and parts == [None, None]:
                return None
            size = max([part or 0 for part in parts])
        elif None in parts:
            return None
        elif kind == "list":
            size = 4 + found.length * (parts[0] or 0)
        elif kind == "tuple":
            size = 4 + sum([1 + len(name) + (part or 0) for name, part in zip(found.names, parts)])
        else:
            size = 4 + found.length * (4 if kind == "string-utf8" else 1)
    if size >= _U32_MAX:
        raise errors.ValueTooLarge
    return 1 + size
