"""`if`, `let`, `begin`, `match`, `print`, `is-eq`, and forms that only pass a value on."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from btczs.codec.clarity.errors import UntypedValue
from btczs.codec.clarity.types import BOOL, ValueType
from btczs.vm.clarity.analysis import errors
from btczs.vm.clarity.analysis.checker.arguments import Args, at_least, bindings, exactly
from btczs.vm.clarity.analysis.checker.common import Common
from btczs.vm.clarity.reader.syntax import Atom, Expr, Form
from btczs.vm.clarity.types.admission import concretize
from btczs.vm.clarity.types.supertype import least_supertype

if TYPE_CHECKING:
    from btczs.vm.clarity.analysis.checker.checker import TypeChecker


def check_if(checker: "TypeChecker", form: Form) -> ValueType:
    """`(if condition then else)`: the common type of both arms."""
    condition, then, otherwise = exactly(form, 3)
    checker.expect(condition, BOOL)
    first = checker.check(then)
    second = checker.check(otherwise)
    checker.charges.type_check(first, second)
    try:
        return concretize(least_supertype(first, second, checker.unions))
    except UntypedValue as error:
        raise errors.IfArmsMustMatch(first, second, span=form.span) from error


def check_begin(checker: "TypeChecker", form: Form) -> ValueType:
    """`(begin expression...)`"""
    return checker.check_body(at_least(form, 1))


def check_let(checker: "TypeChecker", form: Form) -> ValueType:
    """`(let ((name value)...) body...)`: each name is known to the values after it."""
    args = at_least(form, 2)
    pairs, scope, meter = args[0], checker.scope, checker.meter
    if not isinstance(pairs, Form):
        raise errors.BadLetSyntax(span=pairs.span)
    scope.enter(form.span)
    checker.charges.step("analysis_check_let", len(args))
    held = 0
    for name, value in bindings(pairs.items, "Let"):
        _require_new(checker, name)
        bound = checker.check(value)
        checker.charges.step("analysis_bind_name", bound.type_size)
        memory = len(name.name) + bound.type_size
        held += memory
        meter.add_memory(memory)
        scope.bind(name.name, bound, as_trait=checker.version >= 2)
        checker.types[name.id] = bound
    found = checker.check_body(args[1:])
    meter.drop_memory(held)
    scope.leave()
    return found


def check_match(checker: "TypeChecker", form: Form) -> ValueType:
    """`(match optional name if-some if-none)`, `(match response name if-ok name if-err)`."""
    args = at_least(form, 1)
    matched = checker.check(args[0])
    if matched.kind == "optional":
        name, some, none = _match_parts(form, 4, errors.BadMatchOptionSyntax)
        _require_known(matched, form)
        first = _check_arm(checker, name, matched.parts[0], some)
        second = checker.check(none)
    elif matched.kind == "response":
        name, ok, err_name, err = _match_parts(form, 5, errors.BadMatchResponseSyntax)
        _require_known(matched, form)
        first = _check_arm(checker, name, matched.parts[0], ok)
        second = _check_arm(checker, err_name, matched.parts[1], err)
    else:
        raise errors.BadMatchInput(matched, span=args[0].span)
    checker.charges.type_check(first, second)
    try:
        return least_supertype(first, second, checker.unions)
    except UntypedValue as error:
        raise errors.MatchArmsMustMatch(first, second, span=form.span) from error


def _match_parts(form: Form, count: int, kind: Callable[..., errors.StaticKind]) -> Args:
    """The arguments after the first, with names where names belong."""
    parts = form.items[2:]
    cause: errors.StaticKind | None = None
    if len(parts) != count - 1:
        cause = errors.IncorrectArgumentCount(count, len(parts) + 1, span=form.span)
    for part in parts[: count - 2 : 2]:
        if cause is None and not isinstance(part, Atom):
            cause = errors.ExpectedName(span=part.span)
    if cause is not None:
        raise kind(cause, span=cause.span)
    return parts


def _require_known(matched: ValueType, form: Form) -> None:
    if any(part.kind == "unknown" for part in matched.parts):
        raise errors.CouldNotDetermineMatchTypes(span=form.span)


def _check_arm(checker: "TypeChecker", name: Expr, bound: ValueType, arm: Expr) -> ValueType:
    assert isinstance(name, Atom), "names were looked at before"
    scope, meter = checker.scope, checker.meter
    scope.enter(arm.span)
    checker.charges.step("analysis_bind_name", bound.type_size)
    memory = len(name.name) + bound.type_size
    meter.add_memory(memory)
    _require_new(checker, name)
    scope.bind(name.name, bound, as_trait=checker.version >= 2)
    checker.types[name.id] = bound
    found = checker.check(arm)
    meter.drop_memory(memory)
    scope.leave()
    return found


def _require_new(checker: "TypeChecker", name: Atom) -> None:
    """A local name must not hide another one. Raises `NameAlreadyUsed` or `ReservedWord`."""
    checker.names.require_free(name.name, name.span)
    if name.name in checker.scope.variables:
        raise errors.NameAlreadyUsed(name.name, span=name.span)


def check_equal(checker: "TypeChecker", form: Form) -> ValueType:
    """`(is-eq value...)`: values with a common type. What follows a mismatch is still checked."""
    common = Common(checker.unions)
    sizes: list[int] = []
    mismatch: errors.TypeError | None = None
    for index, arg in enumerate(at_least(form, 1)):
        found = checker.check(arg)
        if mismatch is not None:
            continue
        sizes.append(max(found.type_size, common.type_size if index else 0))
        try:
            common.add(found, item_first=True)
        except UntypedValue:
            before = common.result() or found
            mismatch = errors.TypeError(found, before, span=arg.span)
    for size in sizes:
        checker.charges.comparison(size)
    if mismatch is not None:
        raise mismatch
    return BOOL


def check_passed(checker: "TypeChecker", form: Form) -> ValueType:
    """`(print value)`, `(as-contract value)`: the type of the one argument."""
    (arg,) = exactly(form, 1)
    return checker.check(arg)


def check_at_block(_checker: "TypeChecker", form: Form) -> ValueType:
    """`(at-block hash expression)` is gone; the word remains until Clarity 4."""
    exactly(form, 2)
    raise errors.AtBlockUnavailable(span=form.span)
