"""Values made to fit: what a type expects and no more.

A list may have been made of tuples with more fields than its type knows. Where a value goes into a
list, a function, another contract or the state, it is rebuilt to hold exactly what the type there
expects. The result has the type of its own content, so a list is as long as its items are many.
"""

from collections.abc import Sequence

from btczs.codec.clarity.errors import UntypedValue, ValueTooLarge
from btczs.codec.clarity.types import ValueType, list_type
from btczs.codec.clarity.values import (
    NONE,
    BoolValue,
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
    Value,
)
from btczs.vm.clarity.runtime.values import CallableContract, TypedList, TypedTuple
from btczs.vm.clarity.types.admission import admits, is_admitted
from btczs.vm.clarity.types.errors import ListTypeMismatch, TypeMismatchValue
from btczs.vm.clarity.types.supertype import parent_list_type
from btczs.vm.clarity.types.typed import (
    make_err,
    make_ok,
    make_raw_list,
    make_some,
    make_tuple_value,
    type_of,
)


def sanitize(expected: ValueType, value: Value) -> Value | None:
    """`value` as `expected` describes it, or None if it cannot be made so.

    Fields of tuples that `expected` does not have are dropped. Doing it twice changes nothing.
    """
    try:
        return _sanitize(expected, value)
    except UntypedValue:
        return None


def make_list(items: Sequence[Value]) -> TypedList:
    """`(list items...)`: every item made to fit the common type.

    Raises as `least_supertype` and `list_type`, and `ListTypeMismatch`.
    """
    made_type = parent_list_type(map(type_of, items))
    item_type = made_type.parts[0]
    fitted: list[Value] = []
    for item in items:
        made = sanitize(item_type, item)
        if made is None:
            raise ListTypeMismatch("an item of the list does not fit the type of the others")
        fitted.append(made)
    return TypedList(tuple(fitted), made_type)


def list_with_type(items: Sequence[Value], expected: ValueType) -> TypedList:
    """`items` as a list of the type `expected`. Raises `ValueTooLarge` or `ListTypeMismatch`."""
    if len(items) > expected.length:
        raise ValueTooLarge(f"a list of at most {expected.length} cannot hold {len(items)} items")
    item_type = expected.parts[0]
    for item in items:
        if not admits(item_type, item):
            raise ListTypeMismatch("an item of the list does not fit its type")
    return TypedList(tuple(items), expected)


def implicit_cast(expected: ValueType, value: Value) -> Value:
    """`value` as an argument for a parameter of type `expected`: contracts become callables.

    Whether the contract has the trait is not looked at here: analysis has done it. Other values
    stay; lists and tuples take the type of the parameter, a list keeps its own maximum length.

    Raises `TypeMismatchValue` for a tuple field that `expected` does not have.
    """
    match value:
        case SomeValue(inner) if expected.kind == "optional":
            return SomeValue(implicit_cast(expected.parts[0], inner))
        case OkValue(inner) if expected.kind == "response":
            return OkValue(implicit_cast(expected.parts[0], inner))
        case ErrValue(inner) if expected.kind == "response":
            return ErrValue(implicit_cast(expected.parts[1], inner))
        case ListValue(items) if expected.kind == "list":
            item_type = expected.parts[0]
            cast = items
            if item_type.kind not in _CAST_TO_THEMSELVES:
                cast = tuple([implicit_cast(item_type, item) for item in items])
            length = value.type.length if isinstance(value, TypedList) else len(items)
            return TypedList(cast, list_type(length, item_type))
        case TupleValue(fields) if expected.kind == "tuple":
            return _cast_tuple(expected, value, fields)
        case ContractPrincipal() if expected.trait is not None:
            return CallableContract(value.version, value.hash20, value.name, expected.trait)
        case _:
            return value


def _cast_tuple(
    expected: ValueType, value: Value, fields: tuple[tuple[str, Value], ...]
) -> TypedTuple:
    wanted = dict(zip(expected.names, expected.parts))
    cast: list[tuple[str, Value]] = []
    for name, inner in fields:
        if name not in wanted:
            raise TypeMismatchValue(expected, value)
        cast.append((name, implicit_cast(wanted[name], inner)))
    return TypedTuple(tuple(cast), expected)


_CAST_TO_THEMSELVES = frozenset(
    ("int", "uint", "bool", "principal", "buff", "string-ascii", "string-utf8")
)

_PLAIN_KINDS: dict[type, str] = {
    IntValue: "int",
    UIntValue: "uint",
    BoolValue: "bool",
    StandardPrincipal: "principal",
    ContractPrincipal: "principal",
}


def _sanitize(expected: ValueType, value: Value) -> Value | None:
    plain = _PLAIN_KINDS.get(value.__class__)
    if plain is not None:
        return value if expected.kind == plain else None
    made: Value | None
    match value:
        case ListValue(items):
            made = _sanitize_list(expected, items)
        case TupleValue(fields):
            made = _sanitize_tuple(expected, fields)
        case NoneValue():
            return NONE if expected.kind == "optional" else None
        case SomeValue(inner):
            if expected.kind != "optional":
                return None
            fitted = _sanitize(expected.parts[0], inner)
            made = None if fitted is None else make_some(fitted)
        case OkValue(inner):
            if expected.kind != "response":
                return None
            fitted = _sanitize(expected.parts[0], inner)
            made = None if fitted is None else make_ok(fitted)
        case ErrValue(inner):
            if expected.kind != "response":
                return None
            fitted = _sanitize(expected.parts[1], inner)
            made = None if fitted is None else make_err(fitted)
        case _:
            made = value
    return made if made is not None and is_admitted(expected, type_of(made)) else None


def _sanitize_list(expected: ValueType, items: tuple[Value, ...]) -> TypedList | None:
    if expected.kind != "list" or len(items) > expected.length:
        return None
    kinds = {_PLAIN_KINDS.get(cls) for cls in set(map(type, items))}
    if kinds == {expected.parts[0].kind}:
        return TypedList(items, list_type(len(items), expected.parts[0]))
    fitted: list[Value] = []
    for item in items:
        made = _sanitize(expected.parts[0], item)
        if made is None:
            return None
        fitted.append(made)
    return make_raw_list(tuple(fitted))


def _sanitize_tuple(
    expected: ValueType, fields: tuple[tuple[str, Value], ...]
) -> TypedTuple | None:
    if expected.kind != "tuple":
        return None
    found = dict(fields)
    fitted: list[tuple[str, Value]] = []
    for name, part in zip(expected.names, expected.parts):
        if name not in found:
            return None
        made = _sanitize(part, found[name])
        if made is None:
            return None
        fitted.append((name, made))
    return make_tuple_value(fitted)
