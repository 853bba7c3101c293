"""Clarity values from consensus bytes (SIP-005).

Reading is bounded in every direction before anything is built: nesting (16 levels for a value from
outside, 32 for one that is known to be typed), bytes (2 MiB), counts (what the rest of the data can
hold). Whatever was read has a type (`infer_type`) and encodes to exactly the bytes it was read
from.
"""

import itertools
from collections.abc import Callable

from btczs.codec.clarity.encode import ASCII_ALLOWED, ENCODED_SIZE_MAX
from btczs.codec.clarity.errors import InvalidClarityValue, UntypedValue
from btczs.codec.clarity.model import (
    FALSE,
    NONE,
    TRUE,
    AsciiValue,
    BufferValue,
    ErrValue,
    IntValue,
    ListValue,
    OkValue,
    SomeValue,
    TupleValue,
    UIntValue,
    Utf8Value,
    Value,
)
from btczs.codec.clarity.names import is_clarity_name
from btczs.codec.clarity.principals import read_contract_body, read_standard_body
from btczs.codec.clarity.types import VALUE_SIZE_MAX, infer_type
from btczs.codec.stream import Reader, TooMany, Truncated

UNTYPED_DEPTH_MAX = 16
"""Levels of nesting in a value that is read without knowing its type."""

_CONTAINERS = (OkValue, ErrValue, SomeValue, ListValue, TupleValue)
_Wrapper = type[OkValue] | type[ErrValue] | type[SomeValue]


def decode_value(
    raw: bytes, *, depth_max: int = UNTYPED_DEPTH_MAX, sorted_keys: bool = True
) -> Value:
    """The value that `raw` is, all of it. Raises `DecodeError`; see `read_value`."""
    reader = Reader(raw)
    value = read_value(reader, depth_max=depth_max, sorted_keys=sorted_keys)
    reader.finish()
    return value


def read_value(
    reader: Reader, *, depth_max: int = UNTYPED_DEPTH_MAX, sorted_keys: bool = True
) -> Value:
    """The next value of `reader`.

    `depth_max`: levels of nesting (1 is a value without parts). `sorted_keys=False` accepts the
    fields of a tuple in any order and sorts them, as `from-consensus-buff?` does; the value then
    may encode to other bytes. A name that stands twice is refused in both cases.

    Raises `DecodeError`, whatever the bytes are.
    """
    start = reader.offset
    length = reader.length
    bound = min(length, start + ENCODED_SIZE_MAX)
    reader.length = bound
    try:
        value = _read(reader, depth_max, sorted_keys)
        if isinstance(value, _CONTAINERS):
            infer_type(value)
    except UntypedValue as error:
        raise InvalidClarityValue(start, str(error)) from error
    except (Truncated, TooMany) as error:
        if bound < length:
            reason = f"a value has at most {ENCODED_SIZE_MAX} bytes, this has more: {error}"
            raise InvalidClarityValue(start, reason) from error
        raise
    finally:
        reader.length = length
    return value


def _read(reader: Reader, depth: int, sorted_keys: bool) -> Value:
    """One value. `depth` counts down, so this recursion is at most `depth_max` deep."""
    start = reader.offset
    wrappers: list[_Wrapper] = []
    prefix = reader.u8()
    while (wrapper := _WRAPPERS.get(prefix)) is not None and len(wrappers) < depth:
        wrappers.append(wrapper)
        prefix = reader.u8()
    depth -= len(wrappers)
    if depth <= 0:
        raise InvalidClarityValue(start, "the value nests too deeply")
    read = _READERS.get(prefix)
    if read is None:
        raise InvalidClarityValue(reader.offset - 1, f"{prefix:02x} begins no value")
    value = read(reader, depth, sorted_keys)
    for wrapper in reversed(wrappers):
        value = wrapper(value)
    return value


def _read_list(reader: Reader, depth: int, sorted_keys: bool) -> ListValue:
    count = reader.count_u32("list items", VALUE_SIZE_MAX)
    return ListValue(tuple([_read(reader, depth - 1, sorted_keys) for _ in range(count)]))


def _take_sized(reader: Reader) -> bytes:
    return reader.take(reader.count_u32("bytes", VALUE_SIZE_MAX))


def _read_tuple(reader: Reader, depth: int, sorted_keys: bool) -> TupleValue:
    count = reader.count_u32("tuple fields", VALUE_SIZE_MAX, size_min=3)
    fields: list[tuple[str, Value]] = []
    last = ""
    for _ in range(count):
        start = reader.offset
        name = reader.take(reader.u8()).decode("latin-1")
        if not is_clarity_name(name):
            raise InvalidClarityValue(start, f"{name!r} cannot name a tuple field")
        if sorted_keys and name <= last:
            raise InvalidClarityValue(start, f"the field {name!r} must not follow {last!r}")
        last = name
        fields.append((name, _read(reader, depth - 1, sorted_keys)))
    if not sorted_keys:
        fields.sort(key=lambda field: field[0])
        for (name, _), (other, _) in itertools.pairwise(fields):
            if name == other:
                raise InvalidClarityValue(reader.offset, f"the field {name!r} stands twice")
    return TupleValue(tuple(fields))


def _read_ascii(reader: Reader, _depth: int, _sorted_keys: bool) -> AsciiValue:
    start = reader.offset
    raw = _take_sized(reader)
    if raw.translate(None, ASCII_ALLOWED):
        raise InvalidClarityValue(start, "a string-ascii has a character it cannot hold")
    return AsciiValue(raw.decode("ascii"))


def _read_utf8(reader: Reader, _depth: int, _sorted_keys: bool) -> Utf8Value:
    start = reader.offset
    raw = _take_sized(reader)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidClarityValue(start, f"a string-utf8 is not UTF-8: {error.reason}") from error
    if 4 * len(text) > VALUE_SIZE_MAX:
        raise InvalidClarityValue(start, "a string-utf8 is too long")
    return Utf8Value(text)


def _read_int(reader: Reader, _depth: int, _sorted_keys: bool) -> IntValue:
    return IntValue(int.from_bytes(reader.take(16), "big", signed=True))


def _read_uint(reader: Reader, _depth: int, _sorted_keys: bool) -> UIntValue:
    return UIntValue(int.from_bytes(reader.take(16), "big"))


_WRAPPERS: dict[int, _Wrapper] = {0x07: OkValue, 0x08: ErrValue, 0x0A: SomeValue}

_READERS: dict[int, Callable[[Reader, int, bool], Value]] = {
    0x00: _read_int,
    0x01: _read_uint,
    0x02: lambda reader, _depth, _sorted_keys: BufferValue(_take_sized(reader)),
    0x03: lambda _reader, _depth, _sorted_keys: TRUE,
    0x04: lambda _reader, _depth, _sorted_keys: FALSE,
    0x05: lambda reader, _depth, _sorted_keys: read_standard_body(reader),
    0x06: lambda reader, _depth, _sorted_keys: read_contract_body(reader),
    0x09: lambda _reader, _depth, _sorted_keys: NONE,
    0x0B: _read_list,
    0x0C: _read_tuple,
    0x0D: _read_ascii,
    0x0E: _read_utf8,
}
