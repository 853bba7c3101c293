"""The rules of types as execution meets them: the same rules, with the names of run-time errors.

`btczs.vm.clarity.types` raises neutral errors; everything here raises the kinds of
`runtime.errors`. Plain numbers and short strings, which most values are, take a short way.
"""

from collections.abc import Sequence
from typing import Any, Final

from btczs.codec.clarity.errors import UntypedValue
from btczs.codec.clarity.types import (
    BOOL,
    INT,
    PRINCIPAL,
    TYPE_DEPTH_MAX,
    UINT,
    VALUE_SIZE_MAX,
    ValueType,
    ascii_type,
    buffer_type,
    list_type,
    utf8_type,
)
from btczs.codec.clarity.values import (
    AsciiValue,
    BoolValue,
    BufferValue,
    ContractPrincipal,
    ErrValue,
    IntValue,
    NoneValue,
    OkValue,
    SomeValue,
    StandardPrincipal,
    UIntValue,
    Utf8Value,
    Value,
)
from btczs.vm.clarity.costs import CostMeter
from btczs.vm.clarity.errors import ClarityError
from btczs.vm.clarity.reader.syntax import Expr
from btczs.vm.clarity.runtime import errors
from btczs.vm.clarity.runtime.errors import TypeSignatureTooDeep, ValueTooLarge
from btczs.vm.clarity.runtime.values import TypedList, TypedTuple
from btczs.vm.clarity.types import admission, supertype, typed
from btczs.vm.clarity.types.errors import error_fields, runtime_kind
from btczs.vm.clarity.types.parse import parse_type as _parse_type
from btczs.vm.clarity.types.sanitize import make_list as _make_list
from btczs.vm.clarity.types.sanitize import sanitize

_SIZES: Final[dict[type, int]] = {
    IntValue: 16,
    UIntValue: 16,
    BoolValue: 1,
    NoneValue: 2,
    StandardPrincipal: 148,
    ContractPrincipal: 148,
}
_FIXED: Final[dict[type, ValueType]] = {
    IntValue: INT,
    UIntValue: UINT,
    BoolValue: BOOL,
    StandardPrincipal: PRINCIPAL,
    ContractPrincipal: PRINCIPAL,
}
_FIXED_KINDS: Final = frozenset(("int", "uint", "bool"))
_FLAT: Final = frozenset((*_SIZES, BufferValue, AsciiValue, Utf8Value)) - {NoneValue}
_PLAIN_KINDS: Final = frozenset(("int", "uint", "bool", "buff", "string-ascii", "string-utf8"))


def as_runtime_error(error: UntypedValue) -> ClarityError:
    """The kind that a refusal of the rules of types has during execution."""
    kind: type[ClarityError] = getattr(errors, runtime_kind(error))
    return kind(str(error), getattr(error, "span", None), **error_fields(error))


def type_of(value: Value) -> ValueType:
    """The type of `value`."""
    return typed.type_of(value)


def size_of(value: Value) -> int:
    """Bytes that the type of `value` counts: the input of costs, and the memory it takes."""
    cls = value.__class__
    size = _SIZES.get(cls)
    if size is not None:
        return size
    if isinstance(value, (TypedTuple, TypedList)):
        return value.type.size
    if isinstance(value, BufferValue):
        return 4 + len(value.data)
    if isinstance(value, AsciiValue):
        return 4 + len(value.text)
    if isinstance(value, Utf8Value):
        return 4 + 4 * len(value.text)
    return typed.size_of(value)


def admits(expected: ValueType, value: Value) -> bool:
    """Whether `value` is of the type `expected`. Raises `CouldNotDetermineType`."""
    try:
        return admission.admits(expected, value)
    except UntypedValue as error:
        raise as_runtime_error(error) from error


def least_supertype(a: ValueType, b: ValueType) -> ValueType:
    """The common type. Raises `TypeError`, `Unreachable` if it would be too large, …"""
    try:
        return supertype.least_supertype(a, b)
    except UntypedValue as error:
        raise as_runtime_error(error) from error


def known_or_common(a: ValueType, b: ValueType) -> ValueType:
    """The one that is known, or the common type. Raises as `least_supertype`."""
    try:
        return supertype.known_or_common(a, b)
    except UntypedValue as error:
        raise as_runtime_error(error) from error


def parse_type(expr: Expr, meter: CostMeter) -> ValueType:
    """The type that `expr` describes; charges for each part of it."""
    try:
        return _parse_type(expr, meter)
    except UntypedValue as error:
        raise as_runtime_error(error) from error


def make_list_type(length: int, item: ValueType) -> ValueType:
    """Raises `ValueTooLarge` or `TypeSignatureTooDeep`."""
    try:
        return list_type(length, item)
    except UntypedValue as error:
        raise as_runtime_error(error) from error


def make_list(items: Sequence[Value]) -> TypedList:
    """`(list items…)`: the items have a common type, and are made to fit it."""
    item_type = _like_items(items)
    if item_type is not None:
        return TypedList(tuple(items), make_list_type(len(items), item_type))
    try:
        return _make_list(items)
    except UntypedValue as error:
        raise as_runtime_error(error) from error


def _like_items(items: Sequence[Value]) -> ValueType | None:
    """The type of items so much alike that none has to be made to fit; None for any others."""
    classes = set(map(type, items))
    if len(classes) != 1:
        return None
    cls: type = classes.pop()
    if cls in _FIXED:
        return _FIXED[cls]
    if cls is BufferValue:
        return buffer_type(max([len(item.data) for item in items]))  # type: ignore[union-attr]
    if cls is AsciiValue:
        return ascii_type(max([len(item.text) for item in items]))  # type: ignore[union-attr]
    if cls is Utf8Value:
        return utf8_type(max([len(item.text) for item in items]))  # type: ignore[union-attr]
    if cls is TypedTuple:
        first: ValueType = items[0].type  # type: ignore[union-attr]
        if all(part.kind in _FIXED_KINDS for part in first.parts) and all(
            item.type is first or item.type == first  # type: ignore[union-attr]
            for item in items
        ):
            return first
    return None


def fit_items(item_type: ValueType, items: Sequence[Value]) -> list[Value]:
    """Items of another list made to fit `item_type`, which is a supertype of theirs.

    Raises `ListTypesMustMatch`.
    """
    if item_type.kind in _PLAIN_KINDS:
        return list(items)
    fitted: list[Value] = []
    for item in items:
        made = sanitize(item_type, item)
        if made is None:
            raise errors.ListTypesMustMatch("an item does not fit the type of the list")
        fitted.append(made)
    return fitted


def make_tuple(fields: Sequence[tuple[str, Value]]) -> TypedTuple:
    """A tuple of `fields` in any order. Raises `NameAlreadyUsed`, `ValueTooLarge`, …"""
    try:
        return typed.make_tuple_value(fields)
    except UntypedValue as error:
        raise as_runtime_error(error) from error


def make_some(value: Value) -> SomeValue:
    """Raises `ValueTooLarge` or `TypeSignatureTooDeep`."""
    _check_wrapped(value)
    return SomeValue(value)


def make_ok(value: Value) -> OkValue:
    """Raises `ValueTooLarge` or `TypeSignatureTooDeep`."""
    _check_wrapped(value)
    return OkValue(value)


def make_err(value: Value) -> ErrValue:
    """Raises `ValueTooLarge` or `TypeSignatureTooDeep`."""
    _check_wrapped(value)
    return ErrValue(value)


def _check_wrapped(value: Value) -> None:
    if value.__class__ in _FLAT:
        size, depth = size_of(value), 1
    else:
        value_type: Any = typed.type_of(value)
        size, depth = value_type.size, value_type.depth
    if size + 1 > VALUE_SIZE_MAX:
        raise ValueTooLarge(f"a value counts at most {VALUE_SIZE_MAX} bytes")
    if depth + 1 > TYPE_DEPTH_MAX:
        raise TypeSignatureTooDeep(f"values nest at most {TYPE_DEPTH_MAX} levels")
