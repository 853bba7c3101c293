"""Plain values to tagged ones and back, by static type: where compiled code meets the interpreter."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from btczs.codec.clarity.principals import encode_principal, read_principal
from btczs.codec.clarity.types import ValueType
from btczs.codec.clarity.values import (
    FALSE,
    NONE,
    TRUE,
    AsciiValue,
    BufferValue,
    ErrValue,
    IntValue,
    ListValue,
    OkValue,
    Principal,
    SomeValue,
    TupleValue,
    UIntValue,
    Utf8Value,
    Value,
)
from btczs.codec.stream import Reader
from btczs.vm.clarity.compiler.shapes import (
    Raw,
    Unsupported,
    is_rigid,
    is_wrapped,
    make_loose,
    make_loose_tuple,
    type_maker,
)
from btczs.vm.clarity.runtime.values import CallableContract, TypedList, TypedTuple


def principal_of(raw: bytes) -> Principal:
    """The principal whose consensus bytes `raw` are."""
    return read_principal(Reader(raw))


@lru_cache(maxsize=4096)
def tagger(type_: ValueType) -> Callable[[Raw], Value]:
    """The function that gives the tagged value (with run-time types) of a plain one."""
    kind, parts = type_.kind, type_.parts
    if kind == "uint":
        return UIntValue
    if kind == "int":
        return IntValue
    if kind == "bool":
        return lambda value: TRUE if value else FALSE
    if kind == "principal":
        return principal_of
    if kind == "callable":
        trait = type_.trait

        def tag_callable(value: Raw) -> Value:
            principal = principal_of(value)
            if trait is None:
                return principal
            assert not hasattr(principal, "trait")
            return CallableContract(principal.version, principal.hash20, principal.name, trait)  # type: ignore[union-attr]

        return tag_callable
    if kind == "buff":
        return BufferValue
    if kind == "string-ascii":
        return lambda value: AsciiValue(value.decode("ascii"))
    if kind == "string-utf8":
        return Utf8Value
    inner = [tagger(part) for part in parts]
    make_type = type_maker(type_)
    if kind == "tuple":
        names = type_.names
        return lambda value: TypedTuple(
            tuple([(name, tag(field)) for name, tag, field in zip(names, inner, value)]),
            make_type(value),
        )
    if kind == "optional":
        tag = inner[0]
        if is_wrapped(parts[0]):
            return lambda value: NONE if value is None else SomeValue(tag(value[0]))
        return lambda value: NONE if value is None else SomeValue(tag(value))
    if kind == "response":
        ok, err = inner
        return lambda value: OkValue(ok(value[1])) if value[0] else ErrValue(err(value[1]))
    if kind == "list":
        item = inner[0]
        return lambda value: TypedList(tuple(map(item, value)), make_type(value))
    return lambda _value: NONE


@lru_cache(maxsize=4096)
def plain_tagger(type_: ValueType) -> Callable[[Raw], Value]:
    """As `tagger`, without run-time types: a value as it is on the wire."""
    kind, parts = type_.kind, type_.parts
    if kind == "callable":
        return principal_of
    inner = [plain_tagger(part) for part in parts]
    if kind == "tuple":
        names = type_.names
        return lambda value: TupleValue(
            tuple([(name, tag(field)) for name, tag, field in zip(names, inner, value)])
        )
    if kind == "optional":
        tag = inner[0]
        if is_wrapped(parts[0]):
            return lambda value: NONE if value is None else SomeValue(tag(value[0]))
        return lambda value: NONE if value is None else SomeValue(tag(value))
    if kind == "response":
        ok, err = inner
        return lambda value: OkValue(ok(value[1])) if value[0] else ErrValue(err(value[1]))
    if kind == "list":
        item = inner[0]
        return lambda value: ListValue(tuple(map(item, value)))
    return tagger(type_)


@lru_cache(maxsize=4096)
def untagger(type_: ValueType) -> Callable[[Any], Raw]:
    """The inverse of `tagger`: the plain value of a tagged one that `type_` admits."""
    kind, parts = type_.kind, type_.parts
    if kind in ("uint", "int", "bool"):
        return lambda value: value.value
    if kind in ("principal", "callable"):
        return encode_principal
    if kind == "buff":
        return lambda value: value.data
    if kind == "string-ascii":
        return lambda value: value.text.encode()
    if kind == "string-utf8":
        return lambda value: value.text
    inner = [untagger(part) for part in parts]
    if kind == "tuple":
        names = type_.names

        def untag_tuple(value: Any) -> Raw:
            if tuple([name for name, _ in value.fields]) != names:
                raise Unsupported("a tuple with other fields than its static type")
            fields = tuple([untag(field) for untag, (_, field) in zip(inner, value.fields)])
            if not rigid and value.__class__ is TypedTuple and value.type != make_type(fields):
                return make_loose_tuple(fields, value.type)
            return fields

        rigid, make_type = is_rigid(type_), type_maker(type_)
        return untag_tuple
    if kind == "optional":
        untag, wrapped = inner[0], is_wrapped(parts[0])

        def untag_optional(value: Any) -> Raw:
            if value.__class__ is not SomeValue:
                return None
            plain = untag(value.value)
            return (plain,) if wrapped else plain

        return untag_optional
    if kind == "response":
        ok, err = inner
        return lambda value: (
            (True, ok(value.value)) if value.__class__ is OkValue else (False, err(value.value))
        )
    if kind == "list":
        return _list_untagger(type_, inner[0])
    return lambda _value: None


def _list_untagger(type_: ValueType, item: Callable[[Any], Raw]) -> Callable[[Any], Raw]:
    make_type = type_maker(type_)

    def untag(value: Any) -> Raw:
        items = [item(each) for each in value.items]
        if value.__class__ is TypedList and value.type != make_type(items):
            return make_loose(items, value.type)
        return items

    return untag
