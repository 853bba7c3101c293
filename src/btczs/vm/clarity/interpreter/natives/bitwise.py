"""Operations on the bits of numbers."""

from btczs.codec.clarity.types import UINT
from btczs.codec.clarity.values import IntValue, UIntValue, Value
from btczs.vm.clarity.interpreter.natives.arithmetic import binary, unary, variadic
from btczs.vm.clarity.interpreter.natives.registry import native
from btczs.vm.clarity.runtime import integers
from btczs.vm.clarity.runtime.errors import TypeValueError, Unreachable, shown

native("xor", cost="xor", arity=2)(binary(lambda a, b, _signed: a ^ b))
native("bit-xor", cost="xor")(variadic(integers.bit_xor))
native("bit-and", cost="bitwise_and")(variadic(integers.bit_and))
native("bit-or", cost="bitwise_or")(variadic(integers.bit_or))
native("bit-not", cost="bitwise_not", arity=1)(unary(integers.bit_not))


@native("bit-shift-left", cost="bitwise_left_shift", arity=2)
def shift_left(args: list[Value]) -> Value:
    value, amount = args
    if not isinstance(amount, UIntValue):
        raise TypeValueError.of(UINT, amount)
    if isinstance(value, UIntValue):
        return UIntValue(integers.shift_left(value.value, amount.value, False))
    if isinstance(value, IntValue):
        return IntValue(integers.shift_left(value.value, amount.value, True))
    raise Unreachable(f"expected a number, found {shown(value)}")


@native("bit-shift-right", cost="bitwise_right_shift", arity=2)
def shift_right(args: list[Value]) -> Value:
    value, amount = args
    if not isinstance(amount, UIntValue):
        raise TypeValueError.of(UINT, amount)
    if isinstance(value, UIntValue):
        return UIntValue(integers.shift_right(value.value, amount.value))
    if isinstance(value, IntValue):
        return IntValue(integers.shift_right(value.value, amount.value))
    raise Unreachable(f"expected a number, found {shown(value)}")
