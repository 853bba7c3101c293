"""Whether a type admits another: may a value of the one stand where the other is expected?"""

from btczs.codec.clarity.errors import UntypedValue
from btczs.codec.clarity.types import PRINCIPAL, ValueType
from btczs.codec.clarity.values import Value
from btczs.vm.clarity.types.errors import CouldNotDetermineType, TypeMismatch
from btczs.vm.clarity.types.typed import type_of
from btczs.vm.clarity.types.unions import first_trait


def admits(expected: ValueType, value: Value) -> bool:
    """Whether `value` is of the type `expected`. Raises as `admits_type`."""
    return admits_type(expected, type_of(value))


def admits_type(expected: ValueType, actual: ValueType) -> bool:
    """Whether every value of type `actual` is also one of `expected`.

    Shorter sequences are admitted, and an empty list by any list. Tuples need the same fields. The
    unknown side of an `actual` response and the inside of `none` may become anything.

    Raises `CouldNotDetermineType` where a part of `expected` is unknown.
    """
    kind = expected.kind
    if actual.kind in ("callable", "union"):
        if kind == "unknown":
            # A union with a trait in it is no type at all, and nothing admits it.
            if actual.kind == "union" and first_trait(actual) is not None:
                return False
            raise CouldNotDetermineType
        return _admits_callable(expected, actual)
    if kind == "unknown":
        raise CouldNotDetermineType
    if kind != actual.kind:
        return False
    match kind:
        case "buff" | "string-ascii" | "string-utf8":
            return expected.length >= actual.length
        case "list":
            return actual.length == 0 or (
                expected.length >= actual.length and admits_type(expected.parts[0], actual.parts[0])
            )
        case "optional":
            inner = actual.parts[0]
            return inner.kind == "unknown" or admits_type(expected.parts[0], inner)
        case "response":
            return _admits_response(expected, actual)
        case "tuple":
            return expected.names == actual.names and _all_admit(expected.parts, actual.parts)
        case _:
            return True  # int, uint, bool, principal


def concretize(value_type: ValueType) -> ValueType:
    """What the value itself is: a contract known by name is a principal.

    Raises `TypeMismatch` for a union with a trait in it: only the use of such a list can tell.
    """
    if value_type.kind == "union":
        member = first_trait(value_type)
        if member is not None:
            raise TypeMismatch(PRINCIPAL, member)
        return PRINCIPAL
    if value_type.kind == "callable" and value_type.trait is None:
        return PRINCIPAL
    return value_type


def is_admitted(expected: ValueType, actual: ValueType) -> bool:
    """As `admits_type`, but False where `expected` is not known."""
    try:
        return admits_type(expected, actual)
    except UntypedValue:
        return False


def _admits_callable(expected: ValueType, actual: ValueType) -> bool:
    if expected.kind == "principal":
        return first_trait(actual) is None
    return expected.kind == "callable" and expected.trait is not None and expected == actual


def _admits_response(expected: ValueType, actual: ValueType) -> bool:
    (ok, err), (actual_ok, actual_err) = expected.parts, actual.parts
    if actual_ok.kind == "unknown":
        return admits_type(err, actual_err)
    if actual_err.kind == "unknown":
        return admits_type(ok, actual_ok)
    return admits_type(err, actual_err) and admits_type(ok, actual_ok)


def _all_admit(expected: tuple[ValueType, ...], actual: tuple[ValueType, ...]) -> bool:
    for wanted, found in zip(expected, actual):  # noqa: SIM110 - a generator costs a frame a level
        if not admits_type(wanted, found):
            return False
    return True
