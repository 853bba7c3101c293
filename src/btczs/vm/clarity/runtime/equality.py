"""Whether two values are the same, as `is-eq` and `index-of` see it.

The types that lists and tuples carry do not matter, only what is in them. Recursion is bounded by
the nesting of values (32 levels).
"""

from collections.abc import Sequence
from typing import Final

from btczs.codec.clarity.values import (
    AsciiValue,
    BoolValue,
    BufferValue,
    ContractPrincipal,
    ErrValue,
    IntValue,
    ListValue,
    OkValue,
    SomeValue,
    StandardPrincipal,
    TupleValue,
    UIntValue,
    Utf8Value,
    Value,
)

SIMPLE_KINDS: Final[frozenset[type]] = frozenset(
    (
        IntValue,
        UIntValue,
        BoolValue,
        BufferValue,
        AsciiValue,
        Utf8Value,
        StandardPrincipal,
        ContractPrincipal,
    )
)
"""Values of one of these kinds have a common type, and are equal if Python says so."""

_FIXED: Final[frozenset[type]] = frozenset((IntValue, UIntValue, BoolValue))
"""A list with one of these has no other."""


def equal_values(a: Value, b: Value) -> bool:
    """Same kind and same contents."""
    if isinstance(a, ListValue):
        if not isinstance(b, ListValue) or len(a.items) != len(b.items):
            return False
        if a.items and a.items[0].__class__ in _FIXED:
            return a.items == b.items
        return all(map(equal_values, a.items, b.items))
    if isinstance(a, TupleValue):
        if not isinstance(b, TupleValue) or len(a.fields) != len(b.fields):
            return False
        return all(
            name == other_name and equal_values(inner, other)
            for (name, inner), (other_name, other) in zip(a.fields, b.fields)
        )
    if isinstance(a, (SomeValue, OkValue, ErrValue)):
        return a.__class__ is b.__class__ and equal_values(a.value, b.value)
    return a == b


def index_of_equal(items: Sequence[Value], wanted: Value) -> int | None:
    """Where `wanted` first stands among `items`."""
    if wanted.__class__ in SIMPLE_KINDS:
        return items.index(wanted) if wanted in items else None
    for index, item in enumerate(items):
        if equal_values(item, wanted):
            return index
    return None
