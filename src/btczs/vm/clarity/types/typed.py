"""The type of a value at run time, and values that are made with their type.

Lists and tuples carry the type they were made with (`TypedList`, `TypedTuple`), so `type_of` looks
no deeper than the wrappers around them. The constructors here refuse what is too large or too deep,
by the errors of the type.
"""

from collections.abc import Callable, Iterable
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
    contract_type,
    optional_type,
    response_type,
    trait_type,
    tuple_type,
    utf8_type,
)
from btczs.codec.clarity.values import (
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
from btczs.vm.clarity.runtime.values import CallableContract, TypedList, TypedTuple
from btczs.vm.clarity.types.errors import DuplicateTupleField, EmptyTuplesNotAllowed
from btczs.vm.clarity.types.supertype import parent_list_type

NONE_TYPE = optional_type(UNKNOWN)


def type_of(value: Value) -> ValueType:
    """The type of `value`. Raises `UntypedValue` only for lists and tuples that were not checked:
    a list of mixed items, something too large."""
    return _TYPES[value.__class__](value)


def size_of(value: Value) -> int:
    """Bytes that the type of `value` counts; costs and the memory of a contract are measured so."""
    return _TYPES[value.__class__](value).size


def depth_of(value: Value) -> int:
    """Levels of nesting of the type of `value`."""
    return _TYPES[value.__class__](value).depth


def literal_type_of(value: Value) -> ValueType:
    """The type of a value written in the source: a contract in it can be called."""
    if value.__class__ is ContractPrincipal:
        return contract_type(value)
    return type_of(value)


def make_some(value: Value) -> SomeValue:
    """`(some value)`. Raises `ValueTooLarge` or `TypeTooDeep`."""
    optional_type(type_of(value))
    return SomeValue(value)


def make_ok(value: Value) -> OkValue:
    """`(ok value)`. Raises `ValueTooLarge` or `TypeTooDeep`."""
    response_type(type_of(value), UNKNOWN)
    return OkValue(value)


def make_err(value: Value) -> ErrValue:
    """`(err value)`. Raises `ValueTooLarge` or `TypeTooDeep`."""
    response_type(UNKNOWN, type_of(value))
    return ErrValue(value)


def make_raw_list(items: tuple[Value, ...]) -> TypedList:
    """A list of `items` as they are, even where the type of the list says less about them.

    Raises as `parent_list_type`.
    """
    return TypedList(items, parent_list_type(map(type_of, items)))


def make_tuple_value(fields: Iterable[tuple[str, Value]]) -> TypedTuple:
    """A tuple of `fields` in any order.

    Raises `DuplicateTupleField`, `EmptyTuplesNotAllowed`, `ValueTooLarge`, `TypeTooDeep`.
    """
    values: dict[str, Value] = {}
    for name, value in fields:
        if name in values:
            raise DuplicateTupleField(name)
        values[name] = value
    if not values:
        raise EmptyTuplesNotAllowed
    names = tuple(sorted(values))
    parts = tuple([type_of(values[name]) for name in names])
    made_type = tuple_type(names, parts)
    return TypedTuple(tuple([(name, values[name]) for name in names]), made_type)


def typed_value(value: Value) -> Value:
    """`value` from the wire as contract code holds it: lists and tuples with their types.

    Raises `UntypedValue` for a value that has no type.
    """
    match value:
        case TypedList() | TypedTuple():
            return value
        case ListValue(items):
            return make_raw_list(tuple([typed_value(item) for item in items]))
        case TupleValue(fields):
            return make_tuple_value([(name, typed_value(inner)) for name, inner in fields])
        case SomeValue(inner):
            return make_some(typed_value(inner))
        case OkValue(inner):
            return make_ok(typed_value(inner))
        case ErrValue(inner):
            return make_err(typed_value(inner))
        case _:
            return value


def _type_of_callable(value: CallableContract) -> ValueType:
    if value.trait is not None:
        return trait_type(value.trait)
    return contract_type(ContractPrincipal(value.version, value.hash20, value.name))


def _type_of_plain_tuple(value: TupleValue) -> ValueType:
    if not value.fields:
        raise EmptyTuplesNotAllowed
    names = tuple([name for name, _ in value.fields])
    return tuple_type(names, tuple([type_of(inner) for _, inner in value.fields]))


def _constant(value_type: ValueType) -> Callable[[Any], ValueType]:
    return lambda _value: value_type


_TYPES: dict[type, Callable[[Any], ValueType]] = {
    IntValue: _constant(INT),
    UIntValue: _constant(UINT),
    BoolValue: _constant(BOOL),
    StandardPrincipal: _constant(PRINCIPAL),
    ContractPrincipal: _constant(PRINCIPAL),
    CallableContract: _type_of_callable,
    BufferValue: lambda value: buffer_type(len(value.data)),
    AsciiValue: lambda value: ascii_type(len(value.text)),
    Utf8Value: lambda value: utf8_type(len(value.text)),
    NoneValue: _constant(NONE_TYPE),
    SomeValue: lambda value: optional_type(type_of(value.value)),
    OkValue: lambda value: response_type(type_of(value.value), UNKNOWN),
    ErrValue: lambda value: response_type(UNKNOWN, type_of(value.value)),
    TypedList: lambda value: value.type,
    TypedTuple: lambda value: value.type,
    ListValue: lambda value: parent_list_type(map(type_of, value.items)),
    TupleValue: _type_of_plain_tuple,
}
