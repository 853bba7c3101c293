"""Plain values to consensus bytes and back, by static type: what compiled code keeps in the state.

The bytes that are decoded here were written by a contract with the same type, so nothing is checked
again.
"""

from collections.abc import Callable
from functools import lru_cache, partial

from btczs.codec.clarity.types import ValueType
from btczs.vm.clarity.compiler.shapes import (
    Raw,
    is_rigid,
    is_wrapped,
    make_loose,
    make_loose_tuple,
)


@lru_cache(maxsize=4096)
def encoder(type_: ValueType) -> Callable[[Raw], bytes]:
    """The function that gives the consensus bytes of a plain value."""
    kind, parts = type_.kind, type_.parts
    if kind == "uint":
        return lambda value: b"\x01" + value.to_bytes(16, "big")
    if kind == "int":
        return lambda value: b"\x00" + value.to_bytes(16, "big", signed=True)
    if kind == "bool":
        return lambda value: b"\x03" if value else b"\x04"
    if kind in ("principal", "callable"):
        return lambda value: value
    if kind == "buff":
        return lambda value: b"\x02" + len(value).to_bytes(4, "big") + value
    if kind == "string-ascii":
        return lambda value: b"\x0d" + len(value).to_bytes(4, "big") + value
    if kind == "string-utf8":
        return _encode_utf8
    encoders = [encoder(part) for part in parts]
    if kind == "tuple":
        heads = [bytes((len(name),)) + name.encode() for name in type_.names]
        heads[0] = b"\x0c" + len(heads).to_bytes(4, "big") + heads[0]
        fields = list(zip(heads, encoders))
        return lambda value: b"".join(
            [head + encode(field) for (head, encode), field in zip(fields, value)]
        )
    if kind == "optional":
        inner = encoders[0]
        if is_wrapped(parts[0]):
            return lambda value: b"\x09" if value is None else b"\x0a" + inner(value[0])
        return lambda value: b"\x09" if value is None else b"\x0a" + inner(value)
    if kind == "response":
        ok, err = encoders
        return lambda value: b"\x07" + ok(value[1]) if value[0] else b"\x08" + err(value[1])
    if kind == "list":
        item = encoders[0]
        return lambda value: b"\x0b" + len(value).to_bytes(4, "big") + b"".join(map(item, value))
    assert kind == "unknown", kind
    return _no_value


def _encode_utf8(value: str) -> bytes:
    raw = value.encode()
    return b"\x0e" + len(raw).to_bytes(4, "big") + raw


def _no_value(_value: Raw) -> bytes:
    raise AssertionError("there is no value of an unknown type")


@lru_cache(maxsize=4096)
def measurer(type_: ValueType) -> Callable[[Raw], int]:
    """The function that gives how many bytes a plain value encodes to."""
    kind, parts = type_.kind, type_.parts
    fixed = fixed_size(type_)
    if fixed is not None:
        return lambda _value: fixed
    if kind in ("principal", "callable"):
        return len
    if kind in ("buff", "string-ascii"):
        return lambda value: len(value) + 5
    if kind == "string-utf8":
        return lambda value: len(value.encode()) + 5
    inner = [measurer(part) for part in parts]
    if kind == "tuple":
        head = 5 + sum(1 + len(name) for name in type_.names)
        varying = []
        for index, part in enumerate(parts):
            part_size = fixed_size(part)
            if part_size is None:
                varying.append((index, inner[index]))
            else:
                head += part_size
        return lambda value: head + sum([measure(value[index]) for index, measure in varying])
    if kind == "optional":
        measure, wrapped = inner[0], is_wrapped(parts[0])
        if wrapped:
            return lambda value: 1 if value is None else 1 + measure(value[0])
        return lambda value: 1 if value is None else 1 + measure(value)
    if kind == "response":
        ok, err = inner
        return lambda value: 1 + (ok if value[0] else err)(value[1])
    assert kind == "list", kind
    item, item_size = inner[0], fixed_size(parts[0])
    if item_size is not None:
        return lambda value: 5 + item_size * len(value)
    one = _one_optional(parts[0])
    if one is not None:
        base, index, extra = one
        return lambda value: (
            5 + (base + extra) * len(value) - extra * [each[index] for each in value].count(None)
        )
    return lambda value: 5 + sum(map(item, value))


def _one_optional(type_: ValueType) -> tuple[int, int, int] | None:
    """Of a tuple in which only one optional makes a difference: the size with `none`, where it
    stands, and what it adds."""
    if type_.kind != "tuple":
        return None
    varying = [i for i, part in enumerate(type_.parts) if fixed_size(part) is None]
    if len(varying) != 1 or type_.parts[varying[0]].kind != "optional":
        return None
    inner = fixed_size(type_.parts[varying[0]].parts[0])
    if inner is None:
        return None
    names = sum(1 + len(name) for name in type_.names)
    fixed = sum(fixed_size(part) or 0 for part in type_.parts)
    return 5 + names + fixed + 1, varying[0], inner


@lru_cache(maxsize=4096)
def fixed_size(type_: ValueType) -> int | None:
    """How many bytes every value of the type encodes to, if it is always the same."""
    if type_.kind in ("int", "uint"):
        return 17
    if type_.kind in ("bool", "unknown"):
        return 1
    if type_.kind == "optional" and type_.parts[0].kind == "unknown":
        return 1
    if type_.kind != "tuple":
        return None
    sizes = [fixed_size(part) for part in type_.parts]
    names = sum(1 + len(name) for name in type_.names)
    return None if None in sizes else 5 + names + sum([size for size in sizes if size is not None])


@lru_cache(maxsize=4096)
def _part_decoder(type_: ValueType) -> Callable[[bytes, int], tuple[Raw, int]]:
    """Reads one value at an offset: `(value, next offset)`. The bytes were written by `encoder`."""
    kind, parts = type_.kind, type_.parts
    if kind in ("uint", "int"):
        signed = kind == "int"
        return lambda raw, at: (
            int.from_bytes(raw[at + 1 : at + 17], "big", signed=signed),
            at + 17,
        )
    if kind == "bool":
        return lambda raw, at: (raw[at] == 3, at + 1)
    if kind == "principal":
        return _read_principal
    if kind in ("buff", "string-ascii"):
        return lambda raw, at: _read_sized(raw, at)
    if kind == "string-utf8":
        return _read_utf8
    decoders = [_part_decoder(part) for part in parts]
    if kind == "tuple":
        skips = [1 + len(name) for name in type_.names]
        steps = list(zip(skips, decoders))

        def read_tuple(raw: bytes, at: int) -> tuple[Raw, int]:
            at += 5
            fields = []
            for skip, decode in steps:
                field, at = decode(raw, at + skip)
                fields.append(field)
            return make(fields), at

        make = tuple if is_rigid(type_) else partial(make_loose_tuple, type_=type_)
        return read_tuple
    if kind == "optional":
        inner, wrapped = decoders[0], is_wrapped(parts[0])

        def read_optional(raw: bytes, at: int) -> tuple[Raw, int]:
            if raw[at] == 9:
                return None, at + 1
            value, at = inner(raw, at + 1)
            return ((value,) if wrapped else value), at

        return read_optional
    if kind == "response":
        ok, err = decoders

        def read_response(raw: bytes, at: int) -> tuple[Raw, int]:
            is_ok = raw[at] == 7
            value, at = (ok if is_ok else err)(raw, at + 1)
            return (is_ok, value), at

        return read_response
    assert kind == "list", kind
    item = decoders[0]

    def read_list(raw: bytes, at: int) -> tuple[Raw, int]:
        count = int.from_bytes(raw[at + 1 : at + 5], "big")
        at += 5
        items = []
        for _ in range(count):
            value, at = item(raw, at)
            items.append(value)
        return make_loose(items, type_), at

    return read_list


def _read_sized(raw: bytes, at: int) -> tuple[bytes, int]:
    end = at + 5 + int.from_bytes(raw[at + 1 : at + 5], "big")
    return raw[at + 5 : end], end


def _read_utf8(raw: bytes, at: int) -> tuple[str, int]:
    text, end = _read_sized(raw, at)
    return text.decode(), end


def _read_principal(raw: bytes, at: int) -> tuple[bytes, int]:
    end = at + 22 if raw[at] == 5 else at + 23 + raw[at + 22]
    return raw[at:end], end


@lru_cache(maxsize=4096)
def decoder(type_: ValueType) -> Callable[[bytes], Raw]:
    """The function that gives the plain value, with its declared type, of bytes in the state."""
    kind = type_.kind
    if kind == "uint":
        return lambda raw: int.from_bytes(raw[1:], "big")
    if kind == "int":
        return lambda raw: int.from_bytes(raw[1:], "big", signed=True)
    if kind == "principal":
        return lambda raw: raw
    if kind in ("buff", "string-ascii"):
        return lambda raw: raw[5:]
    decode = _part_decoder(type_)
    return lambda raw: decode(raw, 0)[0]
