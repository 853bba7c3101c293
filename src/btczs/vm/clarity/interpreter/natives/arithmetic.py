"""Arithmetic and comparison of numbers; comparison of strings and buffers.

Operands have one type, int or uint. An operation with several goes from left to right.
"""

from collections.abc import Callable, Sequence
from operator import ge, gt, le, lt
from typing import TYPE_CHECKING, Any

from btczs.codec.clarity.types import INT, UINT, ascii_type, buffer_type, utf8_type
from btczs.codec.clarity.types import VALUE_SIZE_MAX as _MAX
from btczs.codec.clarity.values import (
    FALSE,
    TRUE,
    AsciiValue,
    BufferValue,
    IntValue,
    UIntValue,
    Utf8Value,
    Value,
)
from btczs.vm.clarity.interpreter.natives.registry import native, special
from btczs.vm.clarity.reader.syntax import Expr
from btczs.vm.clarity.runtime import integers
from btczs.vm.clarity.runtime.errors import (
    IncorrectArgumentCount,
    TypeValueError,
    UnionTypeValueError,
    check_argument_count,
)
from btczs.vm.clarity.runtime.integers import IntegerOperation
from btczs.vm.clarity.runtime.typing import size_of

if TYPE_CHECKING:
    from btczs.vm.clarity.interpreter.environment import Environment

NUMBERS = (INT, UINT)
_COMPARABLE = (INT, UINT, ascii_type(_MAX), utf8_type(_MAX // 4), buffer_type(_MAX))


def variadic(operation: IntegerOperation) -> Callable[[list[Value]], Value]:
    """`operation` on one or more numbers of the type of the first."""

    def run(args: list[Value]) -> Value:
        if not args:
            raise IncorrectArgumentCount.of(1, 0)
        first = args[0]
        if isinstance(first, UIntValue):
            return UIntValue(operation(_numbers(args, UIntValue), False))
        if isinstance(first, IntValue):
            return IntValue(operation(_numbers(args, IntValue), True))
        raise UnionTypeValueError.of(NUMBERS, first)

    return run


def _numbers(args: list[Value], kind: type[IntValue] | type[UIntValue]) -> list[int]:
    for arg in args:
        if arg.__class__ is not kind:
            raise TypeValueError.of(INT if kind is IntValue else UINT, arg)
    return [arg.value for arg in args]  # type: ignore[union-attr, misc]


def binary(operation: Callable[[int, int, bool], int]) -> Callable[[list[Value]], Value]:
    """`operation` on two numbers of one type."""

    def run(args: list[Value]) -> Value:
        a, b = args
        if isinstance(a, UIntValue) and isinstance(b, UIntValue):
            return UIntValue(operation(a.value, b.value, False))
        if isinstance(a, IntValue) and isinstance(b, IntValue):
            return IntValue(operation(a.value, b.value, True))
        raise UnionTypeValueError.of(NUMBERS, a)

    return run


def unary(operation: Callable[[int, bool], int]) -> Callable[[list[Value]], Value]:
    """`operation` on a number."""

    def run(args: list[Value]) -> Value:
        value = args[0]
        if isinstance(value, UIntValue):
            return UIntValue(operation(value.value, False))
        if isinstance(value, IntValue):
            return IntValue(operation(value.value, True))
        raise UnionTypeValueError.of(NUMBERS, value)

    return run


native("+", cost="add")(variadic(integers.add))
native("-", cost="sub")(variadic(integers.subtract))
native("*", cost="mul")(variadic(integers.multiply))
native("/", cost="div")(variadic(integers.divide))
native("mod", cost="mod", arity=2)(binary(integers.remainder))
native("pow", cost="pow", arity=2)(binary(integers.power))
native("sqrti", cost="sqrti", arity=1)(unary(lambda value, _signed: integers.square_root(value)))
native("log2", cost="log2", arity=1)(unary(lambda value, _signed: integers.log2(value)))


@native("to-int", cost="int_cast", arity=1)
def to_int(args: list[Value]) -> Value:
    value = args[0]
    if not isinstance(value, UIntValue):
        raise TypeValueError.of(UINT, value)
    return IntValue(integers.to_signed(value.value))


@native("to-uint", cost="int_cast", arity=1)
def to_uint(args: list[Value]) -> Value:
    value = args[0]
    if not isinstance(value, IntValue):
        raise TypeValueError.of(INT, value)
    return UIntValue(integers.to_unsigned(value.value))


def _comparison(
    cost: str, holds: Callable[[Any, Any], bool]
) -> Callable[[Sequence[Expr], "Environment"], Value]:
    """Both operands are looked at in place. From Clarity 2 on they may be strings or buffers."""

    def run(args: Sequence[Expr], env: "Environment") -> Value:
        check_argument_count(2, args)
        a, _ = env.eval_ref(args[0])
        b, _ = env.eval_ref(args[1])
        has_strings = env.version >= 2
        env.charge(cost, min(size_of(a), size_of(b)) if has_strings else 2)
        return TRUE if holds(*_comparable(a, b, has_strings)) else FALSE

    return run


def _comparable(a: Value, b: Value, has_strings: bool) -> tuple[Any, Any]:
    """Plain data that compares as the values do: text by code points, which is by bytes."""
    if a.__class__ is b.__class__:
        if isinstance(a, (UIntValue, IntValue)) and isinstance(b, (UIntValue, IntValue)):
            return a.value, b.value
        if has_strings:
            if isinstance(a, (AsciiValue, Utf8Value)) and isinstance(b, (AsciiValue, Utf8Value)):
                return a.text, b.text
            if isinstance(a, BufferValue) and isinstance(b, BufferValue):
                return a.data, b.data
    raise UnionTypeValueError.of(_COMPARABLE if has_strings else NUMBERS, a)


special("<")(_comparison("le", lt))
special("<=")(_comparison("leq", le))
special(">")(_comparison("ge", gt))
special(">=")(_comparison("geq", ge))
