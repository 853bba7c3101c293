"""Control flow: `begin`, `if`, `let`, `asserts!`, and `at-block`, which no longer works.

Each evaluates no more than it needs, and its own price is charged before anything is evaluated,
except for `begin`, whose arguments are evaluated as those of any function.
"""

from collections.abc import Sequence

from btczs.codec.clarity.types import BOOL
from btczs.codec.clarity.values import BoolValue, Value
from btczs.vm.clarity.interpreter.environment import Environment
from btczs.vm.clarity.interpreter.locals import LocalContext
from btczs.vm.clarity.interpreter.natives.registry import native, special
from btczs.vm.clarity.names import is_reserved
from btczs.vm.clarity.reader.syntax import Atom, Expr, Form
from btczs.vm.clarity.runtime.errors import (
    AssertionFailed,
    AtBlockUnavailable,
    NameAlreadyUsed,
    TypeValueError,
    Unreachable,
    check_argument_count,
    check_arguments_at_least,
)
from btczs.vm.clarity.runtime.typing import size_of
from btczs.vm.clarity.runtime.values import CallableContract


@native("begin", cost="begin")
def begin(args: list[Value]) -> Value:
    """(begin expr … last): the value of the last."""
    if not args:
        raise Unreachable("begin needs at least one expression")
    return args[-1]


@special("if")
def if_(args: Sequence[Expr], env: Environment) -> Value:
    """(if condition then else)"""
    check_argument_count(3, args)
    env.charge("if")
    condition, _ = env.eval_ref(args[0])
    return env.eval(args[1] if _is_true(condition) else args[2])


@special("asserts!")
def asserts(args: Sequence[Expr], env: Environment) -> Value:
    """(asserts! condition thrown): `true`, or returns `thrown` from the function."""
    check_argument_count(2, args)
    env.charge("asserts")
    condition, borrowed = env.eval_ref(args[0])
    if _is_true(condition):
        return env.own(condition, borrowed)
    raise AssertionFailed("an assertion failed", value=env.eval(args[1]))


@special("let")
def let(args: Sequence[Expr], env: Environment) -> Value:
    """(let ((name value) …) expr … last): each value may use the names before it."""
    check_arguments_at_least(2, args)
    bindings = args[0]
    if not isinstance(bindings, Form):
        raise Unreachable("let needs a list of bindings", bindings.span)
    env.charge("let", len(bindings.items))
    context = env.locals.extend()
    inner = env.with_locals(context)
    meter, held = env.meter, 0
    try:
        for binding in bindings.items:
            name, bound = binding_of(binding)
            _check_free(name, context, env)
            value, borrowed = inner.eval_ref(bound)
            size = size_of(value)
            meter.add_memory(size)
            held += size
            value = env.own(value, borrowed)
            if isinstance(value, CallableContract) and env.version >= 2:
                context.callables[name] = value
            context.variables[name] = value
        for expr in args[1:-1]:
            inner.eval_ref(expr)
        return inner.eval(args[-1])
    finally:
        meter.drop_memory(held)


@special("at-block")
def at_block(_args: Sequence[Expr], _env: Environment) -> Value:
    """(at-block id expr): versions 1 to 4 know the word; it needs states that are not kept."""
    raise AtBlockUnavailable("at-block no longer works")


def binding_of(expr: Expr) -> tuple[str, Expr]:
    """The two parts of `(name expr)`. Raises `Unreachable`."""
    if not isinstance(expr, Form) or len(expr.items) != 2:
        raise Unreachable("a binding is a list of a name and a value", expr.span)
    name, bound = expr.items
    if not isinstance(name, Atom):
        raise Unreachable("a binding starts with a name", name.span)
    return name.name, bound


def _check_free(name: str, context: LocalContext, env: Environment) -> None:
    """Raises `NameAlreadyUsed` for reserved names, functions, and local names."""
    if (
        is_reserved(name, env.version)
        or name in env.contract.functions
        or context.lookup(name) is not None
    ):
        raise NameAlreadyUsed(f"the name {name} is already used", name=name)


def _is_true(condition: Value) -> bool:
    if not isinstance(condition, BoolValue):
        raise TypeValueError.of(BOOL, condition)
    return condition.value
