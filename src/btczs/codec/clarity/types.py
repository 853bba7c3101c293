"""The type of a value, as consensus needs it: which lists are homogeneous, and what is too large.

Sizes are those of the Clarity type system, not of the encoding: a principal counts 148 bytes
whatever its name. A value whose type counts more than `VALUE_SIZE_MAX` does not exist, nor one
nested deeper than `TYPE_DEPTH_MAX`. Every type carries its size, so a check costs one comparison.
"""

from typing import Literal

import msgspec

from btczs.codec.clarity.errors import TypeTooDeep, UntypedValue, ValueTooLarge
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
    SomeValue,
    StandardPrincipal,
    TupleValue,
    UIntValue,
    Utf8Value,
    Value,
)

VALUE_SIZE_MAX = 1_048_576
"""Bytes that the type of any value may count."""

TYPE_DEPTH_MAX = 32

Kind = Literal[
    "unknown", "int", "uint", "bool", "principal", "buff", "string-ascii", "string-utf8",
    "list", "tuple", "optional", "response", "callable", "union",
]  # fmt: skip


class TraitIdentifier(msgspec.Struct, frozen=True, gc=False):
    """A trait by the contract that defines it and its name there."""

    contract: ContractPrincipal
    name: str


class ValueType(msgspec.Struct, frozen=True):
    """A type with its measures. `unknown` is the missing half of `none`, `ok`, `err` and `(list)`.

    `parts`: the item of a list, the values of a tuple (in the order of `names`), the inside of an
    optional, both sides of a response. `length`: the maximum of a sequence.

    Only contract code knows the last two kinds. `callable`: a contract that `contract-call?` can
    call, known by its `trait` or by its name (`contract`). `union`: one of several callables, its
    `parts`.
    """

    kind: Kind
    length: int
    parts: "tuple[ValueType, ...]"
    names: tuple[str, ...]
    size: int
    type_size: int
    depth: int
    trait: TraitIdentifier | None = None
    contract: ContractPrincipal | None = None


def _leaf(kind: Kind, size: int, type_size: int = 1, length: int = 0) -> ValueType:
    if size > VALUE_SIZE_MAX + 4:  # a sequence of the greatest length counts its length field too
        raise ValueTooLarge(f"a {kind} of {size} bytes is too large")
    return ValueType(kind, length, (), (), size, type_size, 1)


UNKNOWN = _leaf("unknown", 1)
INT = _leaf("int", 16)
UINT = _leaf("uint", 16)
BOOL = _leaf("bool", 1)
PRINCIPAL = _leaf("principal", 148)


def buffer_type(length: int) -> ValueType:
    return _leaf("buff", 4 + length, 5, length)


def ascii_type(length: int) -> ValueType:
    return _leaf("string-ascii", 4 + length, 5, length)


def utf8_type(length: int) -> ValueType:
    return _leaf("string-utf8", 4 + 4 * length, 5, length)


def trait_type(trait: TraitIdentifier) -> ValueType:
    """A contract with `trait`, whichever it is."""
    return ValueType("callable", 0, (), (), 276, 1, 1, trait=trait)


def contract_type(contract: ContractPrincipal) -> ValueType:
    """A contract named in the source, which may become any trait it has."""
    return ValueType("callable", 0, (), (), 148, 1, 1, contract=contract)


def union_type(parts: tuple[ValueType, ...]) -> ValueType:
    """One of several callables: the items of a list of contracts. `parts` are distinct."""
    return ValueType("union", 0, parts, (), 148, 1, 1)


_DEPTH_FIRST = ("list", "tuple")
"""Where both are wrong, the depth is what is told; of optionals and responses, the size."""


def _compound(
    kind: Kind,
    parts: tuple[ValueType, ...],
    size: int,
    type_size: int,
    names: tuple[str, ...] = (),
    length: int = 0,
) -> ValueType:
    depth = 1 + max(part.depth for part in parts)
    is_too_deep = depth > TYPE_DEPTH_MAX
    if size > VALUE_SIZE_MAX and not (is_too_deep and kind in _DEPTH_FIRST):
        raise ValueTooLarge(f"a {kind} of {size} bytes is too large, {VALUE_SIZE_MAX} is the most")
    if is_too_deep:
        raise TypeTooDeep(f"values nest at most {TYPE_DEPTH_MAX} levels")
    return ValueType(kind, length, parts, names, size, type_size, depth)


def list_type(length: int, item: ValueType) -> ValueType:
    type_size = item.type_size + 5
    return _compound("list", (item,), length * item.size + type_size, type_size, length=length)


def tuple_type(names: tuple[str, ...], parts: tuple[ValueType, ...]) -> ValueType:
    if not parts:
        raise UntypedValue("a tuple has at least one field")
    overhead = 2 * len(names) + sum(map(len, names))
    type_size = overhead + sum(part.type_size for part in parts)
    size = overhead + sum(part.size for part in parts) + type_size
    return _compound("tuple", parts, size, type_size, names)


def optional_type(inner: ValueType) -> ValueType:
    return _compound("optional", (inner,), 1 + inner.size, 1 + inner.type_size)


def response_type(ok: ValueType, err: ValueType) -> ValueType:
    type_size = 1 + ok.type_size + err.type_size
    return _compound("response", (ok, err), 1 + max(ok.size, err.size), type_size)


def infer_type(value: Value) -> ValueType:
    """The narrowest type of `value`.

    Raises `UntypedValue` for a list without a common item type, an empty tuple, or a value that
    is too large or nests too deeply.
    """
    return _infer(value, 1)


def _infer(value: Value, level: int) -> ValueType:
    if level > TYPE_DEPTH_MAX:
        raise TypeTooDeep(f"values nest at most {TYPE_DEPTH_MAX} levels")
    level += 1
    match value:
        case IntValue():
            return INT
        case UIntValue():
            return UINT
        case BoolValue():
            return BOOL
        case StandardPrincipal() | ContractPrincipal():
            return PRINCIPAL
        case BufferValue(data):
            return buffer_type(len(data))
        case AsciiValue(text):
            return ascii_type(len(text))
        case Utf8Value(text):
            return utf8_type(len(text))
        case NoneValue():
            return _NONE_TYPE
        case SomeValue(inner):
            return optional_type(_infer(inner, level))
        case OkValue(inner):
            return response_type(_infer(inner, level), UNKNOWN)
        case ErrValue(inner):
            return response_type(UNKNOWN, _infer(inner, level))
        case TupleValue(fields):
            names = tuple([name for name, _ in fields])
            return tuple_type(names, tuple([_infer(inner, level) for _, inner in fields]))
        case ListValue(items):
            item_type = _fixed_type(items)
            if item_type is UNKNOWN:
                for item in items:
                    if not _admits(item_type, item):
                        item_type = least_supertype(item_type, _infer(item, level))
            return list_type(len(items), item_type)


_NONE_TYPE = optional_type(UNKNOWN)


_FIXED: dict[type, ValueType] = {
    IntValue: INT,
    UIntValue: UINT,
    BoolValue: BOOL,
    StandardPrincipal: PRINCIPAL,
    ContractPrincipal: PRINCIPAL,
}


def _fixed_type(items: tuple[Value, ...]) -> ValueType:
    """The type of items that are all of one kind of fixed size, else `UNKNOWN`."""
    found = {_FIXED.get(cls, UNKNOWN) for cls in set(map(type, items))}
    return found.pop() if len(found) == 1 else UNKNOWN


def _admits(wanted: ValueType, value: Value) -> bool:
    """Whether `wanted` admits `value` as it is: the quick way through lists of like items.

    False for the kinds it does not know, and where a part of `wanted` is still unknown.
    """
    cls = value.__class__
    if cls in _FIXED:
        return wanted is _FIXED[cls]
    kind = wanted.kind
    if isinstance(value, NoneValue):
        return kind == "optional"
    if isinstance(value, SomeValue):
        return kind == "optional" and _admits(wanted.parts[0], value.value)
    if isinstance(value, OkValue):
        return kind == "response" and _admits(wanted.parts[0], value.value)
    if isinstance(value, ErrValue):
        return kind == "response" and _admits(wanted.parts[1], value.value)
    if isinstance(value, BufferValue):
        return kind == "buff" and len(value.data) <= wanted.length
    if isinstance(value, TupleValue):
        return (
            kind == "tuple"
            and wanted.names == tuple([name for name, _ in value.fields])
            and all(_admits(part, inner) for part, (_, inner) in zip(wanted.parts, value.fields))
        )
    return isinstance(value, ListValue) and kind == "list" and not value.items


def least_supertype(a: ValueType, b: ValueType) -> ValueType:
    """The narrowest type that admits the values of both. Raises `UntypedValue` if there is none.

    Of tuples the fields of `a` count: `b` has at least those, and may have more.
    """
    if a is b or b.kind == "unknown" or a == b:
        return a
    if a.kind == "unknown":
        return b
    if a.kind == b.kind == "tuple":
        return _common_tuple(a, b)
    if a.kind != b.kind:
        raise UntypedValue(f"a list cannot hold both {a.kind} and {b.kind} of other shape")
    if not a.parts:
        return a if a.length >= b.length else b
    if a.kind == "list":
        # An empty list says nothing about its items; `unknown` above covers that.
        return list_type(max(a.length, b.length), least_supertype(a.parts[0], b.parts[0]))
    parts = tuple([least_supertype(x, y) for x, y in zip(a.parts, b.parts)])
    return optional_type(*parts) if a.kind == "optional" else response_type(*parts)


def _common_tuple(a: ValueType, b: ValueType) -> ValueType:
    found = dict(zip(b.names, b.parts))
    if not found.keys() >= set(a.names):
        raise UntypedValue("the first tuple of a list has a field that a later one lacks")
    parts = [least_supertype(part, found[name]) for name, part in zip(a.names, a.parts)]
    return tuple_type(a.names, tuple(parts))
