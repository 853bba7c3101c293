"""What the functions of storage and assets ask of their arguments."""

from typing import TypeGuard

from btczs.codec.clarity.errors import UntypedValue
from btczs.codec.clarity.types import ValueType
from btczs.codec.clarity.values import (
    ContractPrincipal,
    Principal,
    StandardPrincipal,
    UIntValue,
    Value,
)
from btczs.vm.clarity.errors import ClarityError
from btczs.vm.clarity.reader.syntax import Atom, Expr
from btczs.vm.clarity.runtime.errors import TypeValueError, Unreachable
from btczs.vm.clarity.runtime.typing import as_runtime_error
from btczs.vm.clarity.types.admission import admits


def name_argument(expr: Expr) -> str:
    """An argument that is a name and is not evaluated. Raises `Unreachable`."""
    if isinstance(expr, Atom):
        return expr.name
    raise Unreachable("a name was expected")


def is_principal(value: Value) -> TypeGuard[Principal]:
    """Whether it is a principal. A contract that is known by its trait is none."""
    return value.__class__ in (StandardPrincipal, ContractPrincipal)


def is_uint(value: Value) -> TypeGuard[UIntValue]:
    return value.__class__ is UIntValue


def admission_error(expected: ValueType, value: Value) -> ClarityError | None:
    """What is wrong if `value` is not of type `expected`; None if it is."""
    try:
        fits = admits(expected, value)
    except UntypedValue as error:
        return as_runtime_error(error)
    return None if fits else TypeValueError.of(expected, value)


def check_admitted(expected: ValueType, value: Value) -> None:
    """Raises `TypeValueError` unless `value` is of type `expected`."""
    error = admission_error(expected, value)
    if error is not None:
        raise error
