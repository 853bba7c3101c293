"""The common type of two expressions: of the arms of `if`, the items of a list, early returns.

Sequences take the greater length, int and uint never mix. A tuple keeps the fields of the *first*
type only: the second may have more, they are dropped from its values (`sanitize`). Contracts named
in the source become a union, which later serves as a list of principals or of some trait.
"""

from collections.abc import Iterable

from btczs.codec.clarity.errors import UntypedValue
from btczs.codec.clarity.types import (
    PRINCIPAL,
    UNKNOWN,
    ValueType,
    list_type,
    optional_type,
    response_type,
    tuple_type,
)
from btczs.vm.clarity.types.errors import SupertypeTooLarge, TypeMismatch
from btczs.vm.clarity.types.unions import Unions, callable_members, first_trait


def least_supertype(a: ValueType, b: ValueType, unions: Unions | None = None) -> ValueType:
    """The narrowest type that admits the values of `a` and those of `b`.

    `unions` makes the unions there are in it; an analysis has one of its own, with a limit.

    Raises `TypeMismatch` if there is none, `SupertypeTooLarge` if a tuple or list would be too
    large or deep, `ValueTooLarge` or `TypeTooDeep` if an optional or response would.
    """
    if a is b:
        return a
    if a.kind == "tuple" and b.kind == "tuple":
        return _common_tuple(a, b, unions)
    if a.kind == "list" and b.kind == "list":
        return _common_list(a, b, unions)
    if a.kind == "response" and b.kind == "response":
        (ok_a, err_a), (ok_b, err_b) = a.parts, b.parts
        return response_type(
            known_or_common(ok_a, ok_b, unions), known_or_common(err_a, err_b, unions)
        )
    if a.kind == "optional" and b.kind == "optional":
        return optional_type(known_or_common(a.parts[0], b.parts[0], unions))
    if a.kind == b.kind and a.kind in ("buff", "string-ascii", "string-utf8"):
        return a if a.length > b.length else b
    if a.kind == "unknown":
        return b
    if b.kind == "unknown":
        return a
    return _common_principal(a, b, unions)


def known_or_common(a: ValueType, b: ValueType, unions: Unions | None = None) -> ValueType:
    """The one that is known, or the common type of both. Raises as `least_supertype`."""
    if a.kind == "unknown":
        return b
    return a if b.kind == "unknown" else least_supertype(a, b, unions)


def parent_list_type(items: Iterable[ValueType]) -> ValueType:
    """The type of a list with items of these types, in this order.

    Raises as `least_supertype`, and as `list_type` for the list itself.
    """
    common: ValueType | None = None
    length = 0
    for item in items:
        length += 1
        if common is None:
            common = item
        elif common is not item and common != item:
            common = least_supertype(common, item)
    if common is None:
        return EMPTY_LIST
    return list_type(length, common)


EMPTY_LIST = list_type(0, UNKNOWN)


def _common_tuple(a: ValueType, b: ValueType, unions: Unions | None) -> ValueType:
    others = dict(zip(b.names, b.parts))
    parts: list[ValueType] = []
    for name, part in zip(a.names, a.parts):
        other = others.get(name)
        if other is None:
            raise TypeMismatch(a, b)
        parts.append(least_supertype(part, other, unions))
    try:
        return tuple_type(a.names, tuple(parts))
    except UntypedValue as error:
        raise SupertypeTooLarge from error


def _common_list(a: ValueType, b: ValueType, unions: Unions | None) -> ValueType:
    if a.length == 0:
        item = b.parts[0]
    elif b.length == 0:
        item = a.parts[0]
    else:
        item = least_supertype(a.parts[0], b.parts[0], unions)
    try:
        return list_type(max(a.length, b.length), item)
    except UntypedValue as error:
        raise SupertypeTooLarge from error


def _common_principal(a: ValueType, b: ValueType, unions: Unions | None) -> ValueType:
    if a.kind == "principal" or b.kind == "principal":
        other = b if a.kind == "principal" else a
        if other.kind == "principal" or (callable_members(other) and first_trait(other) is None):
            return PRINCIPAL
        raise TypeMismatch(a, b)
    if callable_members(a) and callable_members(b):
        return (unions or Unions()).join(a, b)
    if a == b:
        return a
    raise TypeMismatch(a, b)
