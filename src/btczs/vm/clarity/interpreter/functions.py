"""Applying functions of contracts: costs, arguments, scopes, and returning early.

A public function is a nested transaction: what it did stands if it returns `(ok …)` and is undone
if it returns `(err …)`. A read-only function is always undone, a private one has no boundary of
its own. `asserts!`, `try!` and `unwrap!` return from the function they stand in, here.

Arguments become what the parameter declares: a contract given for a trait can then be called
through that trait, also inside lists, tuples and optionals; extra fields of tuples are dropped.
Contracts of version 1 know none of this: there only a parameter that is itself a trait is special.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from btczs.codec.clarity.types import ValueType
from btczs.codec.clarity.values import ContractPrincipal, ErrValue, OkValue, Value
from btczs.vm.clarity.errors import EarlyReturn
from btczs.vm.clarity.interpreter.locals import LocalContext
from btczs.vm.clarity.runtime.contracts import UserFunction
from btczs.vm.clarity.runtime.errors import (
    IncorrectArgumentCount,
    NameAlreadyUsed,
    TypeValueError,
    Unreachable,
)
from btczs.vm.clarity.runtime.typing import size_of
from btczs.vm.clarity.runtime.values import CallableContract
from btczs.vm.clarity.types.admission import admits
from btczs.vm.clarity.types.sanitize import implicit_cast, sanitize

if TYPE_CHECKING:
    from btczs.vm.clarity.interpreter.environment import Environment


def call_function(function: UserFunction, args: Sequence[Value], env: "Environment") -> Value:
    """Applies `function` of the contract of `env`, in a scope of its own unless it is private.

    The caller has counted the call and checked that `function` is not running.
    """
    execution = env.execution
    execution.running.add(function.key)
    try:
        if function.access == "private":
            return _run(function, args, env)
        execution.begin(read_only=function.access == "read_only")
        try:
            value = _run(function, args, env)
        except BaseException:
            execution.roll_back()
            raise
        if function.access == "public" and isinstance(value, OkValue):
            execution.commit()
            return value
        execution.roll_back()
        if function.access == "public" and not isinstance(value, ErrValue):
            raise Unreachable(f"{function.name} is public and returned no response")
        return value
    finally:
        execution.running.discard(function.key)


def _run(function: UserFunction, args: Sequence[Value], env: "Environment") -> Value:
    """Charges, binds the arguments, and evaluates the body."""
    meter = env.meter
    meter.charge("user_function_application", len(function.parameters))
    for arg in args:
        meter.charge("inner_type_check_cost", size_of(arg))
    if len(args) != len(function.parameters):
        raise IncorrectArgumentCount.of(len(function.parameters), len(args))
    bind = _bind_plain if env.version == 1 else _bind
    context = LocalContext()
    for (name, declared), arg in zip(function.parameters, args):
        bind(context, name, declared, arg)
    try:
        return env.with_locals(context).eval(function.body)
    except EarlyReturn as early:
        returned: Value = vars(early)["value"]
        return returned


def _bind(context: LocalContext, name: str, declared: ValueType, arg: Value) -> None:
    """Binds an argument from version 2 on."""
    value = sanitize(declared, implicit_cast(declared, arg))
    if value is None:
        raise TypeValueError.of(declared, arg)
    if declared.trait is not None and isinstance(value, CallableContract):
        context.callables[name] = value
    elif not admits(declared, value):
        raise TypeValueError.of(declared, value)
    _bind_name(context, name, value)


def _bind_plain(context: LocalContext, name: str, declared: ValueType, arg: Value) -> None:
    """Binds an argument in version 1. A trait parameter is no variable, only callable."""
    if declared.trait is not None and isinstance(arg, CallableContract):
        context.callables[name] = arg
    elif declared.trait is not None and isinstance(arg, ContractPrincipal):
        context.callables[name] = CallableContract(
            arg.version, arg.hash20, arg.name, declared.trait
        )
    else:
        if not admits(declared, arg):
            raise TypeValueError.of(declared, arg)
        _bind_name(context, name, arg)


def _bind_name(context: LocalContext, name: str, value: Value) -> None:
    if name in context.variables:
        raise NameAlreadyUsed(f"two parameters are called {name}", name=name)
    context.variables[name] = value
