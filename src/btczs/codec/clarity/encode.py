"""Clarity values to consensus bytes (SIP-005)."""

from collections.abc import Callable
from typing import Any

from btczs.codec.clarity.errors import UnencodableValue
from btczs.codec.clarity.model import (
    AsciiValue,
    BoolValue,
    BufferValue,
    ContractPrincipal,
    ErrValue,
    IntValue,
    ListValue,
    NoneValue,
    OkValue,
    Principal,
    SomeValue,
    StandardPrincipal,
    TupleValue,
    UIntValue,
    Utf8Value,
    Value,
)
from btczs.codec.clarity.names import is_clarity_name
from btczs.codec.clarity.principals import encode_principal
from btczs.codec.clarity.types import TYPE_DEPTH_MAX, VALUE_SIZE_MAX
from btczs.primitives import I128, U128

ENCODED_SIZE_MAX = 2 * VALUE_SIZE_MAX
"""Bytes of one encoded value."""

ASCII_ALLOWED = bytes([*range(0x20, 0x7F), 0x09, 0x0A, 0x0C, 0x0D])
"""What a `string-ascii` may hold: printable characters and white space."""


def encode_value(value: Value) -> bytes:
    """The consensus bytes of `value`.

    Raises `OutOfRange` for an integer outside 128 bits and `UnencodableValue` for anything else
    that no bytes stand for. It does not look for a common type of list items (`infer_type` does).
    """
    parts: list[bytes] = []
    _write(value, parts, 1)
    encoded = b"".join(parts)
    if len(encoded) > ENCODED_SIZE_MAX:
        raise UnencodableValue(f"an encoded value has at most {ENCODED_SIZE_MAX} bytes")
    return encoded


def _write(value: Value, parts: list[bytes], level: int) -> None:
    if level > TYPE_DEPTH_MAX:
        raise UnencodableValue(f"values nest at most {TYPE_DEPTH_MAX} levels")
    cls = type(value)
    write = _WRITERS.get(cls) or _WRITERS.get(cls.__base__ or cls)  # contract code has subclasses
    if write is None:
        raise UnencodableValue(f"{type(value).__name__} is not a Clarity value")
    write(value, parts, level + 1)


def _write_int(value: IntValue, parts: list[bytes], _level: int) -> None:
    parts.append(b"\x00" + I128.check(value.value).to_bytes(16, "big", signed=True))


def _write_uint(value: UIntValue, parts: list[bytes], _level: int) -> None:
    parts.append(b"\x01" + U128.check(value.value).to_bytes(16, "big"))


def _write_bool(value: BoolValue, parts: list[bytes], _level: int) -> None:
    parts.append(b"\x03" if value.value else b"\x04")


def _write_principal(value: Principal, parts: list[bytes], _level: int) -> None:
    parts.append(encode_principal(value))


def _write_none(_value: NoneValue, parts: list[bytes], _level: int) -> None:
    parts.append(b"\x09")


def _write_sized(prefix: bytes, data: bytes, parts: list[bytes]) -> None:
    if len(data) > VALUE_SIZE_MAX:
        raise UnencodableValue(f"a sequence has at most {VALUE_SIZE_MAX} bytes, not {len(data)}")
    parts.append(prefix + len(data).to_bytes(4, "big") + data)


def _write_buffer(value: BufferValue, parts: list[bytes], _level: int) -> None:
    _write_sized(b"\x02", value.data, parts)


def _write_ascii(value: AsciiValue, parts: list[bytes], _level: int) -> None:
    if not value.text.isascii() or value.text.encode().translate(None, ASCII_ALLOWED):
        raise UnencodableValue("a string-ascii has a character it cannot hold")
    _write_sized(b"\x0d", value.text.encode(), parts)


def _write_utf8(value: Utf8Value, parts: list[bytes], _level: int) -> None:
    try:
        raw = value.text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise UnencodableValue("a string-utf8 has half of a surrogate pair") from error
    if 4 * len(value.text) > VALUE_SIZE_MAX:
        raise UnencodableValue("a string-utf8 is too long")
    _write_sized(b"\x0e", raw, parts)


def _wrapper_writer(prefix: bytes) -> Callable[[Any, list[bytes], int], None]:
    def write(value: OkValue | ErrValue | SomeValue, parts: list[bytes], level: int) -> None:
        parts.append(prefix)
        _write(value.value, parts, level)

    return write


def _write_list(value: ListValue, parts: list[bytes], level: int) -> None:
    if len(value.items) > VALUE_SIZE_MAX:
        raise UnencodableValue(f"a list has at most {VALUE_SIZE_MAX} items")
    parts.append(b"\x0b" + len(value.items).to_bytes(4, "big"))
    for item in value.items:
        _write(item, parts, level)


def _write_tuple(value: TupleValue, parts: list[bytes], level: int) -> None:
    if not value.fields:
        raise UnencodableValue("a tuple has at least one field")
    parts.append(b"\x0c" + len(value.fields).to_bytes(4, "big"))
    last = ""
    for name, inner in value.fields:
        if not is_clarity_name(name) or name <= last:
            raise UnencodableValue(f"the tuple field {name[:130]!r} is misplaced or misnamed")
        last = name
        parts.append(bytes((len(name),)) + name.encode("ascii"))
        _write(inner, parts, level)


_WRITERS: dict[type, Callable[[Any, list[bytes], int], None]] = {
    IntValue: _write_int,
    UIntValue: _write_uint,
    BufferValue: _write_buffer,
    BoolValue: _write_bool,
    StandardPrincipal: _write_principal,
    ContractPrincipal: _write_principal,
    OkValue: _wrapper_writer(b"\x07"),
    ErrValue: _wrapper_writer(b"\x08"),
    NoneValue: _write_none,
    SomeValue: _wrapper_writer(b"\x0a"),
    ListValue: _write_list,
    TupleValue: _write_tuple,
    AsciiValue: _write_ascii,
    Utf8Value: _write_utf8,
}
