"""Optionals and responses: making them, asking them, taking values out, returning early."""

from typing import TYPE_CHECKING

from btczs.codec.clarity.errors import UntypedValue
from btczs.codec.clarity.types import BOOL, UNKNOWN, ValueType, optional_type, response_type
from btczs.vm.clarity.analysis import errors
from btczs.vm.clarity.analysis.checker.arguments import exactly
from btczs.vm.clarity.reader.syntax import Expr, Form
from btczs.vm.clarity.types.supertype import least_supertype

if TYPE_CHECKING:
    from btczs.vm.clarity.analysis.checker.checker import TypeChecker


def check_some(checker: "TypeChecker", form: Form) -> ValueType:
    """`(some value)`"""
    return optional_type(_check_inside(checker, form))


def check_ok(checker: "TypeChecker", form: Form) -> ValueType:
    """`(ok value)`: the type of the other side is not known yet."""
    return response_type(_check_inside(checker, form), UNKNOWN)


def check_err(checker: "TypeChecker", form: Form) -> ValueType:
    """`(err value)`"""
    return response_type(UNKNOWN, _check_inside(checker, form))


def _check_inside(checker: "TypeChecker", form: Form) -> ValueType:
    (inside,) = exactly(form, 1)
    checker.charges.step("analysis_option_cons")
    return checker.check(inside)


def check_is_response(checker: "TypeChecker", form: Form) -> ValueType:
    """`(is-ok response)`, `(is-err response)`"""
    (arg,) = exactly(form, 1)
    found = checker.check(arg)
    checker.charges.step("analysis_option_check")
    if found.kind != "response":
        raise errors.ExpectedResponseType(found, span=arg.span)
    return BOOL


def check_is_optional(checker: "TypeChecker", form: Form) -> ValueType:
    """`(is-some optional)`, `(is-none optional)`"""
    (arg,) = exactly(form, 1)
    found = checker.check(arg)
    checker.charges.step("analysis_option_check")
    if found.kind != "optional":
        raise errors.ExpectedOptionalType(found, span=arg.span)
    return BOOL


def check_default_to(checker: "TypeChecker", form: Form) -> ValueType:
    """`(default-to value optional)`"""
    default, optional = exactly(form, 2)
    first = checker.check(default)
    second = checker.check(optional)
    checker.charges.type_check(first, second)
    if second.kind != "optional":
        raise errors.ExpectedOptionalType(second, span=optional.span)
    inside = second.parts[0]
    try:
        return least_supertype(first, inside, checker.unions)
    except UntypedValue as error:
        raise errors.DefaultTypesMustMatch(first, inside, span=form.span) from error


def check_asserts(checker: "TypeChecker", form: Form) -> ValueType:
    """`(asserts! condition thrown)`"""
    condition, thrown = exactly(form, 2)
    checker.expect(condition, BOOL)
    checker.return_early(checker.check(thrown), thrown)
    return BOOL


def check_unwrap(checker: "TypeChecker", form: Form) -> ValueType:
    """`(unwrap! value thrown)`"""
    value, thrown = exactly(form, 2)
    found = checker.check(value)
    checker.return_early(checker.check(thrown), thrown)
    return _take_out(checker, found, value)


def check_unwrap_err(checker: "TypeChecker", form: Form) -> ValueType:
    """`(unwrap-err! response thrown)`"""
    value, thrown = exactly(form, 2)
    found = checker.check(value)
    checker.return_early(checker.check(thrown), thrown)
    return _take_err_out(checker, found, value)


def check_unwrap_panic(checker: "TypeChecker", form: Form) -> ValueType:
    """`(unwrap-panic value)`"""
    (value,) = exactly(form, 1)
    return _take_out(checker, checker.check(value), value)


def check_unwrap_err_panic(checker: "TypeChecker", form: Form) -> ValueType:
    """`(unwrap-err-panic response)`"""
    (value,) = exactly(form, 1)
    return _take_err_out(checker, checker.check(value), value)


def check_try(checker: "TypeChecker", form: Form) -> ValueType:
    """`(try! value)`: takes the value out, or returns `none` or the `err` from the function."""
    (value,) = exactly(form, 1)
    found = checker.check(value)
    taken = _take_out(checker, found, value)
    if found.kind == "optional":
        checker.return_early(optional_type(UNKNOWN), value)
        return taken
    err = found.parts[1]
    if err.kind == "unknown":
        raise errors.CouldNotDetermineResponseErrType(span=value.span)
    checker.return_early(response_type(UNKNOWN, err), value)
    return taken


def _take_out(checker: "TypeChecker", found: ValueType, at: Expr) -> ValueType:
    """What is inside of `some` or `ok`."""
    checker.charges.step("analysis_option_check")
    if found.kind not in ("optional", "response"):
        raise errors.ExpectedOptionalOrResponseType(found, span=at.span)
    inside = found.parts[0]
    if inside.kind == "unknown":
        raise errors.CouldNotDetermineResponseOkType(span=at.span)
    return inside


def _take_err_out(checker: "TypeChecker", found: ValueType, at: Expr) -> ValueType:
    """What is inside of `err`."""
    checker.charges.step("analysis_option_check")
    if found.kind != "response":
        raise errors.ExpectedResponseType(found, span=at.span)
    inside = found.parts[1]
    if inside.kind == "unknown":
        raise errors.CouldNotDetermineResponseErrType(span=at.span)
    return inside
