"""Consensus bytes of values during execution: their size, and reading them by a known type.

`decode_typed` is how values come back from storage and out of `from-consensus-buff?`: lists and
tuples take the type that is expected, not the narrowest one. A tuple may hold more fields than its
type has; those are read and dropped.

DEVIATION: a field that stands twice is refused. Epoch 4.0 of the reference implementation lets the
last one win and accepts a tuple that lacks another field for it; its next epoch refuses as well.
"""

from collections.abc import Callable, Sequence
from typing import NoReturn

from btczs.codec.clarity.decode import read_value
from btczs.codec.clarity.encode import ASCII_ALLOWED
from btczs.codec.clarity.errors import InvalidClarityValue
from btczs.codec.clarity.model import NONE
from btczs.codec.clarity.names import is_clarity_name
from btczs.codec.clarity.principals import read_principal
from btczs.codec.clarity.types import TYPE_DEPTH_MAX, VALUE_SIZE_MAX, ValueType
from btczs.codec.clarity.values import (
    FALSE,
    TRUE,
    AsciiValue,
    BoolValue,
    BufferValue,
    ContractPrincipal,
    ErrValue,
    IntValue,
    ListValue,
    NoneValue,
    OkValue,
    SomeValue,
    StandardPrincipal,
    TupleValue,
    UIntValue,
    Utf8Value,
    Value,
)
from btczs.codec.stream import Reader
from btczs.vm.clarity.runtime.values import TypedList, TypedTuple

_FIXED_SIZES: dict[type, int] = {
    IntValue: 17,
    UIntValue: 17,
    BoolValue: 1,
    NoneValue: 1,
    StandardPrincipal: 22,
}
_FIXED_KINDS = {"int": 17, "uint": 17, "bool": 1}


def serialized_size(value: Value) -> int:
    """Bytes of `encode_value(value)`, without making them: the input of many costs."""
    size = _FIXED_SIZES.get(value.__class__)
    if size is not None:
        return size
    if isinstance(value, (BufferValue, AsciiValue, Utf8Value)):
        return 5 + _payload_size(value)
    if isinstance(value, ContractPrincipal):
        return 23 + len(value.name)
    if isinstance(value, ListValue):
        return 5 + _items_size(value)
    if isinstance(value, TupleValue):
        return 5 + sum([1 + len(name) + serialized_size(inner) for name, inner in value.fields])
    assert isinstance(value, (SomeValue, OkValue, ErrValue))
    return 1 + serialized_size(value.value)


def _payload_size(value: BufferValue | AsciiValue | Utf8Value) -> int:
    if isinstance(value, BufferValue):
        return len(value.data)
    text = value.text
    return len(text) if text.isascii() else len(text.encode("utf-8"))


def _items_size(value: ListValue) -> int:
    if isinstance(value, TypedList):
        each = _FIXED_KINDS.get(value.type.parts[0].kind)
        if each is not None:
            return each * len(value.items)
    return sum(map(serialized_size, value.items))


def serialized_sizes(args: Sequence[Value]) -> int:
    """The cost input of the functions that are charged by the size of their arguments."""
    return sum(map(serialized_size, args))


def decode_typed(raw: bytes, expected: ValueType) -> Value:
    """The value of type `expected` that `raw` is, all of it.

    Raises `DecodeError`: wrong kind, too long, too many items, malformed, trailing bytes.
    """
    reader = Reader(raw)
    value = read_typed(reader, expected)
    reader.finish()
    return value


def read_typed(reader: Reader, expected: ValueType, level: int = 1) -> Value:
    """The next value, which must be of type `expected`. Raises `DecodeError`."""
    read = _READERS.get(expected.kind)
    if read is None:
        _refuse(reader, expected)
    return read(reader, expected, level)


def _refuse(reader: Reader, expected: ValueType) -> NoReturn:
    raise InvalidClarityValue(reader.offset, f"no value of type {expected.kind}")


def _prefix(reader: Reader, expected: ValueType, prefix: int) -> None:
    if reader.u8() != prefix:
        _refuse(reader, expected)


def _read_int(reader: Reader, expected: ValueType, _level: int) -> Value:
    _prefix(reader, expected, 0x00)
    return IntValue(int.from_bytes(reader.take(16), "big", signed=True))


def _read_uint(reader: Reader, expected: ValueType, _level: int) -> Value:
    _prefix(reader, expected, 0x01)
    return UIntValue(int.from_bytes(reader.take(16), "big"))


def _read_bool(reader: Reader, expected: ValueType, _level: int) -> Value:
    prefix = reader.u8()
    if prefix not in (0x03, 0x04):
        _refuse(reader, expected)
    return TRUE if prefix == 0x03 else FALSE


def _read_principal(reader: Reader, _expected: ValueType, _level: int) -> Value:
    return read_principal(reader)


def _take_sized(reader: Reader, limit: int) -> bytes:
    return reader.take(reader.count_u32("bytes", limit))


def _read_buffer(reader: Reader, expected: ValueType, _level: int) -> Value:
    _prefix(reader, expected, 0x02)
    return BufferValue(_take_sized(reader, expected.length))


def _read_ascii(reader: Reader, expected: ValueType, _level: int) -> Value:
    _prefix(reader, expected, 0x0D)
    raw = _take_sized(reader, expected.length)
    if raw.translate(None, ASCII_ALLOWED):
        _refuse(reader, expected)
    return AsciiValue(raw.decode("ascii"))


def _read_utf8(reader: Reader, expected: ValueType, _level: int) -> Value:
    _prefix(reader, expected, 0x0E)
    raw = _take_sized(reader, VALUE_SIZE_MAX)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidClarityValue(reader.offset, f"not UTF-8: {error.reason}") from error
    if len(text) > expected.length:
        _refuse(reader, expected)
    return Utf8Value(text)


def _read_optional(reader: Reader, expected: ValueType, level: int) -> Value:
    prefix = reader.u8()
    if prefix == 0x09:
        return NONE
    if prefix != 0x0A:
        _refuse(reader, expected)
    return SomeValue(read_typed(reader, expected.parts[0], level + 1))


def _read_response(reader: Reader, expected: ValueType, level: int) -> Value:
    prefix = reader.u8()
    if prefix == 0x07:
        return OkValue(read_typed(reader, expected.parts[0], level + 1))
    if prefix != 0x08:
        _refuse(reader, expected)
    return ErrValue(read_typed(reader, expected.parts[1], level + 1))


def _read_list(reader: Reader, expected: ValueType, level: int) -> Value:
    _prefix(reader, expected, 0x0B)
    count = reader.count_u32("list items", expected.length)
    item = expected.parts[0]
    items = tuple([read_typed(reader, item, level + 1) for _ in range(count)])
    return TypedList(items, expected)


def _read_tuple(reader: Reader, expected: ValueType, level: int) -> Value:
    """Fields mostly come in the order of their names; nothing is read twice if they do not."""
    _prefix(reader, expected, 0x0C)
    count = reader.count_u32("tuple fields", VALUE_SIZE_MAX, size_min=3)
    names, parts = expected.names, expected.parts
    found: dict[str, Value] = {}
    by_name: dict[str, ValueType] = {}
    in_order = 0
    for _ in range(count):
        name = reader.take(reader.u8()).decode("latin-1")
        if in_order < len(names) and name == names[in_order]:
            part = parts[in_order]
            in_order += 1
        else:
            by_name = by_name or dict(zip(names, parts))
            if name not in by_name:
                _skip_field(reader, name, level)
                continue
            part = by_name[name]
        if name in found:
            raise InvalidClarityValue(reader.offset, f"the field {name!r} stands twice")
        found[name] = read_typed(reader, part, level + 1)
    if len(found) != len(names):
        _refuse(reader, expected)
    return TypedTuple(tuple([(name, found[name]) for name in names]), expected)


def _skip_field(reader: Reader, name: str, level: int) -> None:
    """A field that the type does not have: well formed, and of any type."""
    if not is_clarity_name(name):
        raise InvalidClarityValue(reader.offset, f"{name!r} cannot name a tuple field")
    read_value(reader, depth_max=TYPE_DEPTH_MAX - level, sorted_keys=False)


_READERS: dict[str, Callable[[Reader, ValueType, int], Value]] = {
    "int": _read_int,
    "uint": _read_uint,
    "bool": _read_bool,
    "principal": _read_principal,
    "buff": _read_buffer,
    "string-ascii": _read_ascii,
    "string-utf8": _read_utf8,
    "optional": _read_optional,
    "response": _read_response,
    "list": _read_list,
    "tuple": _read_tuple,
}
