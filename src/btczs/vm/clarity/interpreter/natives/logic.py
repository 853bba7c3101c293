"""Truth and equality: `and` and `or` stop at the first answer, `is-eq` looks at everything."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from btczs.codec.clarity.types import BOOL
from btczs.codec.clarity.values import FALSE, TRUE, BoolValue, Value
from btczs.vm.clarity.interpreter.natives.registry import native, special
from btczs.vm.clarity.reader.syntax import Expr
from btczs.vm.clarity.runtime.consensus_buffers import serialized_sizes
from btczs.vm.clarity.runtime.equality import SIMPLE_KINDS, equal_values
from btczs.vm.clarity.runtime.errors import TypeValueError, check_arguments_at_least
from btczs.vm.clarity.runtime.typing import least_supertype, type_of

if TYPE_CHECKING:
    from btczs.vm.clarity.interpreter.environment import Environment


def truth(value: Value) -> bool:
    """What a bool holds. Raises `TypeValueError`."""
    if not isinstance(value, BoolValue):
        raise TypeValueError.of(BOOL, value)
    return value.value


@special("and")
def and_(args: Sequence[Expr], env: "Environment") -> Value:
    check_arguments_at_least(1, args)
    env.charge("and", len(args))
    for arg in args:
        value, _ = env.eval_ref(arg)
        if not truth(value):
            return FALSE
    return TRUE


@special("or")
def or_(args: Sequence[Expr], env: "Environment") -> Value:
    check_arguments_at_least(1, args)
    env.charge("or", len(args))
    for arg in args:
        value, _ = env.eval_ref(arg)
        if truth(value):
            return TRUE
    return FALSE


@native("not", cost="not", arity=1)
def not_(args: list[Value]) -> Value:
    return FALSE if truth(args[0]) else TRUE


@native("is-eq", cost="eq", input=serialized_sizes)
def is_eq(args: list[Value]) -> Value:
    """Types are compared as far as values are: up to the first that differs."""
    if len(args) < 2:
        return TRUE
    first = args[0]
    if first.__class__ in SIMPLE_KINDS and len(set(map(type, args))) == 1:
        return TRUE if args.count(first) == len(args) else FALSE
    common = type_of(first)
    for value in args[1:]:
        found = type_of(value)
        if found is not common and found != common:
            common = least_supertype(found, common)
        if not equal_values(first, value):
            return FALSE
    return TRUE
