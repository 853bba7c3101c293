"""Lists in generated code: what happens to the type of a list that is wider than its contents."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from btczs.codec.clarity.types import UNKNOWN, ValueType, list_type, tuple_type
from btczs.vm.clarity.compiler.shapes import LooseList, make_loose, make_loose_tuple, type_maker
from btczs.vm.clarity.types import least_supertype

Raw = Any
MakeType = Callable[[Raw], ValueType]


@lru_cache(maxsize=4096)
def entry_sizer(type_: ValueType) -> Callable[[list[Raw]], int]:
    """The function that gives the size of the type of the items of a list."""
    make = type_maker(type_)
    return lambda items: make(items).parts[0].size


def filtered(kept: list[Raw], items: list[Raw], make: MakeType) -> list[Raw]:
    """What a filter leaves: the type stays that of all `items`."""
    if items.__class__ is list and len(kept) == len(items):
        return kept
    return make_loose(kept, make(items))


def appended(items: list[Raw], item: Raw, make_item: MakeType) -> list[Raw]:
    """`items` and one more."""
    longer = [*items, item]
    if items.__class__ is not LooseList:
        return longer
    type_ = items.type
    if type_.parts[0] is UNKNOWN or type_.parts[0].kind == "unknown":
        return longer
    entry = least_supertype(type_.parts[0], make_item(item))
    return make_loose(longer, list_type(type_.length + 1, entry))


def joined(
    a: list[Raw], b: list[Raw], make: MakeType, renew: Callable[[Raw], Raw] | None
) -> list[Raw]:
    """Two lists as one."""
    both = [*a, *b] if renew is None else [*a, *map(renew, b)]
    if a.__class__ is list and b.__class__ is list:
        return both
    first, second = make(a), make(b)
    x, y = first.parts[0], second.parts[0]
    if x.kind == "unknown":
        entry = y
    elif y.kind == "unknown":
        entry = x
    else:
        entry = least_supertype(x, y)
    return make_loose(both, list_type(first.length + second.length, entry))


def shortened(items: list[Raw], limit: int) -> list[Raw] | None:
    """The list, if it has at most `limit` items."""
    if len(items) > limit:
        return None
    if items.__class__ is LooseList and items.type.length > limit:
        return make_loose(items, list_type(limit, items.type.parts[0]))
    return items


def merged(
    fields: tuple[Raw, ...],
    base: tuple[Raw, ...],
    update: tuple[Raw, ...],
    make_base: MakeType,
    make_update: MakeType,
) -> tuple[Raw, ...]:
    """The `fields` of two tuples as one; its type is the types of both as one."""
    if base.__class__ is tuple and update.__class__ is tuple:
        return fields
    first, second = make_base(base), make_update(update)
    parts = dict(zip(first.names, first.parts))
    parts.update(zip(second.names, second.parts))
    names = tuple(sorted(parts))
    return make_loose_tuple(fields, tuple_type(names, tuple([parts[name] for name in names])))


def index_of(sequence: Raw, wanted: Raw) -> int | None:
    """Where `wanted` is first found."""
    if isinstance(sequence, list):
        try:
            return sequence.index(wanted)
        except ValueError:
            return None
    if len(wanted) != 1:
        return None
    index = sequence.find(wanted)
    return None if index < 0 else int(index)
