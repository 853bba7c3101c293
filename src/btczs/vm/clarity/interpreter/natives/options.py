"""Optionals and responses: making them, asking them, and taking what is inside."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from btczs.codec.clarity.values import (
    FALSE,
    TRUE,
    ErrValue,
    NoneValue,
    OkValue,
    SomeValue,
    Value,
)
from btczs.vm.clarity.interpreter.natives.registry import native, special
from btczs.vm.clarity.names import is_reserved
from btczs.vm.clarity.reader.syntax import Atom, Expr
from btczs.vm.clarity.runtime.errors import (
    NameAlreadyUsed,
    Unreachable,
    UnwrapFailed,
    UnwrapFailure,
    check_arguments_at_least,
    shown,
)
from btczs.vm.clarity.runtime.typing import make_err, make_ok, make_some, size_of
from btczs.vm.clarity.runtime.values import CallableContract

if TYPE_CHECKING:
    from btczs.vm.clarity.interpreter.environment import Environment

OPTIONALS: Final = (SomeValue, NoneValue)
RESPONSES: Final = (OkValue, ErrValue)


@native("some", cost="some_cons", arity=1)
def some(args: list[Value]) -> Value:
    return make_some(args[0])


@native("ok", cost="ok_cons", arity=1)
def ok(args: list[Value]) -> Value:
    return make_ok(args[0])


@native("err", cost="err_cons", arity=1)
def err(args: list[Value]) -> Value:
    return make_err(args[0])


def _is(value: Value, wanted: type[Value], kinds: tuple[type[Value], ...], name: str) -> Value:
    if not isinstance(value, kinds):
        raise Unreachable(f"expected {name}, found {shown(value)}")
    return TRUE if isinstance(value, wanted) else FALSE


@native("is-some", cost="is_some", arity=1)
def is_some(args: list[Value]) -> Value:
    return _is(args[0], SomeValue, OPTIONALS, "an optional")


@native("is-none", cost="is_none", arity=1)
def is_none(args: list[Value]) -> Value:
    return _is(args[0], NoneValue, OPTIONALS, "an optional")


@native("is-ok", cost="is_okay", arity=1)
def is_ok(args: list[Value]) -> Value:
    return _is(args[0], OkValue, RESPONSES, "a response")


@native("is-err", cost="is_err", arity=1)
def is_err(args: list[Value]) -> Value:
    return _is(args[0], ErrValue, RESPONSES, "a response")


def _inside(value: Value) -> Value | None:
    """What `some` or `ok` holds; None for `none` and `err`."""
    if isinstance(value, (SomeValue, OkValue)):
        return value.value
    if isinstance(value, (NoneValue, ErrValue)):
        return None
    raise Unreachable(f"expected an optional or a response, found {shown(value)}")


def _inside_err(value: Value) -> Value | None:
    """What `err` holds; None for `ok`."""
    if isinstance(value, ErrValue):
        return value.value
    if isinstance(value, OkValue):
        return None
    raise Unreachable(f"expected a response, found {shown(value)}")


@native("unwrap-panic", cost="unwrap", arity=1)
def unwrap_panic(args: list[Value]) -> Value:
    inside = _inside(args[0])
    if inside is None:
        raise UnwrapFailure(f"unwrap-panic of {shown(args[0])}")
    return inside


@native("unwrap-err-panic", cost="unwrap_err", arity=1)
def unwrap_err_panic(args: list[Value]) -> Value:
    inside = _inside_err(args[0])
    if inside is None:
        raise UnwrapFailure(f"unwrap-err-panic of {shown(args[0])}")
    return inside


@native("unwrap!", cost="unwrap_ret", arity=2)
def unwrap(args: list[Value]) -> Value:
    inside = _inside(args[0])
    if inside is None:
        raise UnwrapFailed("unwrap! returned", value=args[1])
    return inside


@native("unwrap-err!", cost="unwrap_err_or_ret", arity=2)
def unwrap_err(args: list[Value]) -> Value:
    inside = _inside_err(args[0])
    if inside is None:
        raise UnwrapFailed("unwrap-err! returned", value=args[1])
    return inside


@native("try!", cost="try_ret", arity=1)
def try_(args: list[Value]) -> Value:
    inside = _inside(args[0])
    if inside is None:
        raise UnwrapFailed("try! returned", value=args[0])
    return inside


@native("default-to", cost="default_to", arity=2)
def default_to(args: list[Value]) -> Value:
    default, value = args
    if isinstance(value, SomeValue):
        return value.value
    if isinstance(value, NoneValue):
        return default
    raise Unreachable(f"expected an optional, found {shown(value)}")


@special("match")
def match(args: Sequence[Expr], env: "Environment") -> Value:
    check_arguments_at_least(1, args)
    value = env.eval(args[0])
    env.charge("match")
    branches = args[1:]
    if isinstance(value, RESPONSES):
        _check_branches(branches, 4, (0, 2))
        at = 0 if isinstance(value, OkValue) else 2
        return _eval_bound(branches[at], value.value, branches[at + 1], env)
    if isinstance(value, OPTIONALS):
        _check_branches(branches, 3, (0,))
        if isinstance(value, SomeValue):
            return _eval_bound(branches[0], value.value, branches[1], env)
        return env.eval(branches[2])
    raise Unreachable(f"match needs an optional or a response, found {shown(value)}")


def _check_branches(branches: Sequence[Expr], count: int, names: Sequence[int]) -> None:
    if len(branches) != count:
        raise Unreachable(f"match needs {count} expressions here, not {len(branches)}")
    for index in names:
        if not isinstance(branches[index], Atom):
            raise Unreachable("match binds a name", branches[index].span)


def _eval_bound(name: Expr, value: Value, body: Expr, env: "Environment") -> Value:
    """`body` with `name` bound to `value`, whose memory is held meanwhile."""
    assert isinstance(name, Atom), "the branches were checked"
    inner = env.locals.extend()
    bound = name.name
    if (
        is_reserved(bound, env.version)
        or bound in env.contract.functions
        or inner.lookup(bound) is not None
    ):
        raise NameAlreadyUsed(f"{bound} is already in use", name.span, name=bound)
    size = size_of(value)
    env.meter.add_memory(size)
    try:
        if isinstance(value, CallableContract) and env.version >= 2:
            inner.callables[bound] = value
        inner.variables[bound] = value
        return env.with_locals(inner).eval(body)
    finally:
        env.meter.drop_memory(size)
