"""Plain Python values for compiled code, by static type.

Compiled code knows the type of every expression, so its values need no tags: an integer is an
`int`, a buffer or `string-ascii` is `bytes`, a `string-utf8` is `str`, a principal is its consensus
bytes, a tuple is a Python tuple of its fields in the order of their names, a list is a `list`, a
response is `(True, value)` or `(False, value)`, an optional is `None` or the value (in a tuple of
one where the value is an optional itself).

The run-time type of such a value mostly follows from its contents. Some lists and tuples keep a
wider one: what is read from the state has the declared type, what `filter` leaves has the type of
all. They are a `LooseList` or `LooseTuple`, which carry their type.

For each type this module makes the few functions that need to look inside: size, type, encoding,
decoding, and the way from and to tagged values. All are made once per type and process.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from btczs.codec.clarity.types import (
    BOOL,
    INT,
    PRINCIPAL,
    UINT,
    UNKNOWN,
    ValueType,
    ascii_type,
    buffer_type,
    list_type,
    optional_type,
    response_type,
    tuple_type,
    utf8_type,
)
from btczs.vm.clarity.types import least_supertype

Raw = Any
"""A plain value; which, its static type says."""

_LEAVES = {"int": INT, "uint": UINT, "bool": BOOL, "principal": PRINCIPAL}


class LooseList(list[Raw]):
    """A list whose type is wider than its contents: it keeps the type here."""

    __slots__ = ("type",)
    type: ValueType


class LooseTuple(tuple[Raw, ...]):
    """A tuple whose type is wider than its contents."""

    type: ValueType


def make_loose(items: list[Raw], type_: ValueType) -> LooseList:
    loose = LooseList(items)
    loose.type = type_
    return loose


def make_loose_tuple(fields: Iterable[Raw], type_: ValueType) -> LooseTuple:
    loose = LooseTuple(fields)
    loose.type = type_
    return loose


class Unsupported(Exception):
    """Compiled code does not cover this; the interpreter runs it."""


@lru_cache(maxsize=4096)
def field_indices(type_: ValueType) -> dict[str, int]:
    """Where each field of a tuple stands."""
    return {name: index for index, name in enumerate(type_.names)}


def plain_class(type_: ValueType) -> str | None:
    """For a list or tuple in which nothing can be loose: the class of one that is not loose."""
    if type_.kind not in ("list", "tuple") or any(can_be_loose(part) for part in type_.parts):
        return None
    return type_.kind


def is_wrapped(type_: ValueType) -> bool:
    """Whether the inside of an optional of `type_` needs a tuple of one around it."""
    return type_.kind == "optional"


@lru_cache(maxsize=4096)
def is_rigid(type_: ValueType) -> bool:
    """Whether every value of this static type has just this run-time type, and so this size.

    An optional of an unknown type is always `none`, a response with an unknown side never has it.
    """
    kind, parts = type_.kind, type_.parts
    if kind == "tuple":
        return all(is_rigid(part) for part in parts)
    if kind == "optional":
        return parts[0].kind == "unknown"
    if kind == "response":
        ok, err = parts
        return (ok.kind == "unknown" and is_rigid(err)) or (err.kind == "unknown" and is_rigid(ok))
    return kind in _LEAVES


@lru_cache(maxsize=4096)
def can_be_loose(type_: ValueType) -> bool:
    """Whether values may be, or hold, a list or tuple with a wider type than its contents."""
    if type_.kind == "list" or (type_.kind == "tuple" and not is_rigid(type_)):
        return True
    return any(can_be_loose(part) for part in type_.parts)


@lru_cache(maxsize=4096)
def check_supported(type_: ValueType) -> None:
    """Raises `Unsupported` for types that plain values cannot stand for: callables inside others."""
    if type_.kind == "union":
        raise Unsupported("lists of contracts")
    for part in type_.parts:
        if part.kind == "callable":
            raise Unsupported("contracts inside other values")
        check_supported(part)


@lru_cache(maxsize=65536)
def _list_of(length: int, item: ValueType) -> ValueType:
    return list_type(length, item)


@lru_cache(maxsize=65536)
def _tuple_of(names: tuple[str, ...], parts: tuple[ValueType, ...]) -> ValueType:
    return tuple_type(names, parts)


@lru_cache(maxsize=65536)
def _optional_of(inner: ValueType) -> ValueType:
    return optional_type(inner)


_NONE_TYPE = optional_type(UNKNOWN)


@lru_cache(maxsize=4096)
def type_maker(type_: ValueType) -> Callable[[Raw], ValueType]:
    """The function that gives the run-time type of a plain value of static type `type_`."""
    kind, parts = type_.kind, type_.parts
    if is_rigid(type_) or kind in ("callable", "unknown"):
        return lambda _value: type_
    if kind == "buff":
        return lambda value: buffer_type(len(value))
    if kind == "string-ascii":
        return lambda value: ascii_type(len(value))
    if kind == "string-utf8":
        return lambda value: utf8_type(len(value))
    makers = [type_maker(part) for part in parts]
    if kind == "tuple":
        names = type_.names
        return lambda value: (
            value.type
            if value.__class__ is LooseTuple
            else _tuple_of(names, tuple([make(field) for make, field in zip(makers, value)]))
        )
    if kind == "optional":
        inner = makers[0]
        if is_wrapped(parts[0]):
            return lambda value: _NONE_TYPE if value is None else _optional_of(inner(value[0]))
        return lambda value: _NONE_TYPE if value is None else _optional_of(inner(value))
    if kind == "response":
        ok, err = makers
        return lambda value: (
            response_type(ok(value[1]), UNKNOWN)
            if value[0]
            else response_type(UNKNOWN, err(value[1]))
        )
    assert kind == "list", kind
    return _list_type_maker(parts[0], makers[0])


def _list_type_maker(
    item: ValueType, item_type: Callable[[Raw], ValueType]
) -> Callable[[Raw], ValueType]:
    common = _common_maker(item, item_type)

    def make(value: Raw) -> ValueType:
        if value.__class__ is LooseList:
            loose: ValueType = value.type
            return loose
        if not value:
            return _list_of(0, UNKNOWN)
        return _list_of(len(value), common(value))

    return make


def _common_maker(
    item: ValueType, item_type: Callable[[Raw], ValueType]
) -> Callable[[list[Raw]], ValueType]:
    """The function that gives the least common type of some items of the static type `item`."""
    if is_rigid(item):
        return lambda _items: item
    if item.kind == "buff":
        return lambda items: buffer_type(max(map(len, items)))
    if item.kind == "string-ascii":
        return lambda items: ascii_type(max(map(len, items)))
    if item.kind == "tuple" and all(map(is_optional_of_rigid, item.parts)):
        optionals = [(i, part) for i, part in enumerate(item.parts) if not is_rigid(part)]

        def common(items: list[Raw]) -> ValueType:
            if LooseTuple in set(map(type, items)):
                return common_type(item_type, items)
            parts = list(item.parts)
            for index, _ in optionals:
                if next((each for each in items if each[index] is not None), None) is None:
                    parts[index] = _NONE_TYPE
            return _tuple_of(item.names, tuple(parts))

        return common
    return lambda items: common_type(item_type, items)


def common_type(item_type: Callable[[Raw], ValueType], items: list[Raw]) -> ValueType:
    """The least common type of `items`, from left to right; `unknown` if there are none."""
    found: ValueType | None = None
    for item in items:
        next_ = item_type(item)
        if found is None:
            found = next_
        elif found is not next_ and found != next_:
            found = least_supertype(found, next_)
    return found if found is not None else UNKNOWN


@lru_cache(maxsize=4096)
def sizer(type_: ValueType) -> Callable[[Raw], int]:
    """The function that gives the size (of the run-time type) of a plain value."""
    kind, parts = type_.kind, type_.parts
    if is_rigid(type_) or kind in ("callable", "unknown"):
        size = type_.size
        return lambda _value: size
    if kind in ("buff", "string-ascii"):
        return lambda value: len(value) + 4
    if kind == "string-utf8":
        return lambda value: 4 * len(value) + 4
    if kind == "list" and is_rigid(parts[0]):
        item_size, base = parts[0].size, parts[0].type_size + 5

        def list_size(value: Raw) -> int:
            if value.__class__ is LooseList:
                return value.type.size
            return len(value) * item_size + base if value else 6

        return list_size
    extras = optional_extras(type_)
    if extras is not None:
        return _tuple_sizer(*extras)
    make = type_maker(type_)
    return lambda value: make(value).size


def optional_extras(type_: ValueType) -> tuple[int, list[tuple[int, int]]] | None:
    """Of a tuple of rigid values and optionals of them: its least size, and what each optional
    that is not `none` adds: `(index, bytes)`. None for other types."""
    if type_.kind != "tuple" or not all(map(is_optional_of_rigid, type_.parts)):
        return None
    least = _tuple_of(
        type_.names, tuple([part if is_rigid(part) else _NONE_TYPE for part in type_.parts])
    )
    return least.size, [
        (index, part.size - _NONE_TYPE.size + part.type_size - _NONE_TYPE.type_size)
        for index, part in enumerate(type_.parts)
        if not is_rigid(part)
    ]


def is_optional_of_rigid(type_: ValueType) -> bool:
    return is_rigid(type_) or (type_.kind == "optional" and is_rigid(type_.parts[0]))


def _tuple_sizer(base: int, extras: list[tuple[int, int]]) -> Callable[[Raw], int]:
    if len(extras) == 1:
        ((only, extra),) = extras

        def size_of_one(value: Raw) -> int:
            if value.__class__ is LooseTuple:
                return value.type.size
            return base if value[only] is None else base + extra

        return size_of_one

    def size(value: Raw) -> int:
        if value.__class__ is LooseTuple:
            return value.type.size
        return base + sum([extra for index, extra in extras if value[index] is not None])

    return size


@lru_cache(maxsize=4096)
def refresher(type_: ValueType) -> Callable[[Raw], Raw]:
    """The function that gives the value with all types following from contents again."""
    kind, parts = type_.kind, type_.parts
    if not can_be_loose(type_):
        return lambda value: value
    inner = [refresher(part) for part in parts]
    if kind == "list":
        item = inner[0]
        if not can_be_loose(parts[0]):
            return lambda value: list(value) if value.__class__ is LooseList else value
        return lambda value: [item(each) for each in value]
    if kind == "tuple":
        if not any(can_be_loose(part) for part in parts):
            return lambda value: tuple(value) if value.__class__ is LooseTuple else value
        return lambda value: tuple([fresh(field) for fresh, field in zip(inner, value)])
    if kind == "optional":
        fresh = inner[0]
        if is_wrapped(parts[0]):
            return lambda value: None if value is None else (fresh(value[0]),)
        return lambda value: None if value is None else fresh(value)
    assert kind == "response", kind
    ok, err = inner
    return lambda value: (True, ok(value[1])) if value[0] else (False, err(value[1]))


def check_same_shape(given: ValueType, wanted: ValueType) -> None:
    """Raises `Unsupported` if plain values of `given` cannot stand where `wanted` is expected."""
    if given is wanted or "unknown" in (given.kind, wanted.kind):
        return
    if given.kind == "callable" and given.trait is None and wanted.kind == "principal":
        return  # a contract that is named in the source is an ordinary principal
    if given.kind != wanted.kind or given.names != wanted.names:
        raise Unsupported(f"a {given.kind} becomes a {wanted.kind} of other shape")
    if given.kind == "callable" and given.size != wanted.size:
        raise Unsupported("a contract becomes one with a trait")
    for a, b in zip(given.parts, wanted.parts):
        check_same_shape(a, b)


@lru_cache(maxsize=4096)
def has_same_shape(given: ValueType, wanted: ValueType) -> bool:
    """Whether plain values of `given` can stand where `wanted` is expected."""
    try:
        check_same_shape(given, wanted)
    except Unsupported:
        return False
    return True
