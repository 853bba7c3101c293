"""Lists in generated code: what happens to the type of a list that is wider than its contents."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from btczs.codec.clarity.types import ValueType, list_type, tuple_type
from btczs.vm.clarity.compiler.shapes import (
    LooseList,
    common_type,
    make_loose,
    make_loose_tuple,
    type_maker,
)
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


def collected(
    items: list[Raw], make_item: MakeType, renew: Callable[[Raw], Raw], plain: type | None
) -> list[Raw]:
    """`items` as a new list: its type is the common one of the items as they come, though inside
    every type follows from the contents again.

    `plain`: the class of items that are so already, where a look at it is enough.
    """
    if plain is not None and {plain}.issuperset(map(type, items)):
        return items
    type_ = list_type(len(items), common_type(make_item, items))
    return make_loose([renew(item) for item in items], type_)


def appended(
    items: list[Raw], item: Raw, make_item: MakeType, renew: Callable[[Raw], Raw]
) -> list[Raw]:
    """`items` and one more, where types may be wider than contents."""
    item_type, fresh = make_item(item), renew(item)
    longer = [*items, fresh]
    entry = entry_type(items, make_item)
    if entry.kind == "unknown":
        return make_loose(longer, list_type(1, item_type))
    return make_loose(longer, list_type(length_of(items) + 1, least_supertype(entry, item_type)))


def entry_type(items: list[Raw], make_item: MakeType) -> ValueType:
    """The type of the items, as the type of the list has it."""
    if items.__class__ is LooseList:
        found: ValueType = items.type
        return found.parts[0]
    return common_type(make_item, items)


def length_of(items: list[Raw]) -> int:
    """The greatest length, as the type of the list has it."""
    if items.__class__ is LooseList:
        length: int = items.type.length
        return length
    return len(items)


def joined(
    a: list[Raw], b: list[Raw], make_item: MakeType, renew: Callable[[Raw], Raw] | None
) -> list[Raw]:
    """Two lists as one. `renew`: None where nothing in the items can be loose."""
    if renew is None and a.__class__ is list and b.__class__ is list:
        return [*a, *b]
    both = [*a, *b] if renew is None else [*a, *map(renew, b)]
    x, y = entry_type(a, make_item), entry_type(b, make_item)
    if x.kind == "unknown":
        entry = y
    elif y.kind == "unknown":
        entry = x
    else:
        entry = least_supertype(x, y)
    return make_loose(both, list_type(length_of(a) + length_of(b), entry))


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


def picked(
    base: tuple[Raw, ...], update: tuple[Raw, ...], plan: list[tuple[bool, int]]
) -> tuple[Raw, ...]:
    """The fields of two tuples as one; `plan` tells which from where."""
    return tuple([update[index] if is_new else base[index] for is_new, index in plan])


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
