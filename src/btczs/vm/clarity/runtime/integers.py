"""Integers of 128 bits: every operation is exact or fails, nothing wraps but a left shift.

Functions take `signed`, which of the two types their operands and their result have. Where an
operation has several operands it goes from left to right, and each step must fit:
`(+ MAX 1 -1)` overflows.
"""

from collections.abc import Callable, Sequence
from math import isqrt
from typing import Final

from btczs.vm.clarity.runtime.errors import (
    Arithmetic,
    ArithmeticOverflow,
    ArithmeticUnderflow,
    DivisionByZero,
)

INT_MIN: Final = -(2**127)
INT_MAX: Final = 2**127 - 1
UINT_MAX: Final = 2**128 - 1

POW_EXPONENT_MAX: Final = 2**32 - 1

IntegerOperation = Callable[[Sequence[int], bool], int]


def fits(value: int, signed: bool) -> bool:
    """Whether `value` is a number of the type."""
    return INT_MIN <= value <= INT_MAX if signed else 0 <= value <= UINT_MAX


def add(values: Sequence[int], signed: bool) -> int:
    """The sum. Raises `ArithmeticOverflow`."""
    total = 0
    for value in values:
        total += value
        if not fits(total, signed):
            raise ArithmeticOverflow("a sum does not fit 128 bits")
    return total


def subtract(values: Sequence[int], signed: bool) -> int:
    """The first less all others; of one operand, its negation. Raises `ArithmeticUnderflow`."""
    total = values[0] if len(values) > 1 else 0
    for value in values[1:] if len(values) > 1 else values:
        total -= value
        if not fits(total, signed):
            raise ArithmeticUnderflow("a difference does not fit 128 bits")
    return total


def multiply(values: Sequence[int], signed: bool) -> int:
    """The product. Raises `ArithmeticOverflow`."""
    total = 1
    for value in values:
        total *= value
        if not fits(total, signed):
            raise ArithmeticOverflow("a product does not fit 128 bits")
    return total


def divide(values: Sequence[int], signed: bool) -> int:
    """The first divided by all others, rounded towards zero. Raises `DivisionByZero`.

    INT_MIN / -1 has no result, and is reported as a division by zero as well.
    """
    total = values[0]
    for value in values[1:]:
        total = quotient(total, value, signed)
    return total


def quotient(numerator: int, denominator: int, signed: bool) -> int:
    """One division, as `divide`."""
    if denominator == 0:
        raise DivisionByZero("division by zero")
    if not signed or (numerator >= 0 and denominator > 0):
        return numerator // denominator
    result = abs(numerator) // abs(denominator)
    if (numerator < 0) != (denominator < 0):
        return -result
    if result > INT_MAX:
        raise DivisionByZero("the least integer divided by -1 does not fit 128 bits")
    return result


def remainder(numerator: int, denominator: int, signed: bool) -> int:
    """What a division leaves; it has the sign of `numerator`. Raises `DivisionByZero`."""
    return numerator - denominator * quotient(numerator, denominator, signed)


def power(base: int, exponent: int, signed: bool) -> int:
    """`base` to the `exponent`; 0 to the 0 is 1.

    Bases 0 and 1 and the exponent 1 go with anything, else the exponent is 0 to 2**32 - 1.
    Raises `Arithmetic` or `ArithmeticOverflow`.
    """
    if base == 1 or (base == 0 and exponent == 0):
        return 1
    if base == 0:
        return 0
    if exponent == 1:
        return base
    if not 0 <= exponent <= POW_EXPONENT_MAX:
        raise Arithmetic("the exponent of pow is 0 to 2**32 - 1")
    if base == -1:
        return 1 if exponent % 2 == 0 else -1
    # |base| is 2 at least: a larger exponent cannot give a number of 128 bits.
    result = base**exponent if exponent <= 128 else UINT_MAX + 1
    if not fits(result, signed):
        raise ArithmeticOverflow("a power does not fit 128 bits")
    return result


def square_root(value: int) -> int:
    """The root, rounded down. Raises `Arithmetic` for negative numbers."""
    if value < 0:
        raise Arithmetic("sqrti needs a number that is not negative")
    return isqrt(value)


def log2(value: int) -> int:
    """The logarithm to the base 2, rounded down. Raises `Arithmetic` below 1."""
    if value < 1:
        raise Arithmetic("log2 needs a positive number")
    return value.bit_length() - 1


def to_signed(value: int) -> int:
    """Raises `ArithmeticOverflow`."""
    if value > INT_MAX:
        raise ArithmeticOverflow("the number does not fit int")
    return value


def to_unsigned(value: int) -> int:
    """Raises `ArithmeticUnderflow`."""
    if value < 0:
        raise ArithmeticUnderflow("a negative number is no uint")
    return value


def bit_and(values: Sequence[int], _signed: bool) -> int:
    result = values[0]
    for value in values[1:]:
        result &= value
    return result


def bit_or(values: Sequence[int], _signed: bool) -> int:
    result = 0
    for value in values:
        result |= value
    return result


def bit_xor(values: Sequence[int], _signed: bool) -> int:
    result = 0
    for value in values:
        result ^= value
    return result


def bit_not(value: int, signed: bool) -> int:
    return ~value if signed else UINT_MAX - value


def shift_left(value: int, amount: int, signed: bool) -> int:
    """Bits beyond the 128th are lost; `amount` counts modulo 128."""
    result = (value << (amount & 127)) & UINT_MAX
    return result - UINT_MAX - 1 if signed and result > INT_MAX else result


def shift_right(value: int, amount: int) -> int:
    """Keeps the sign; `amount` counts modulo 128."""
    return value >> (amount & 127)


def hashed_bytes(value: int) -> bytes:
    """What the hash functions hash of a number: 16 bytes, the least significant one first."""
    return (value & UINT_MAX).to_bytes(16, "little")


def from_bytes(data: bytes, *, big_endian: bool, signed: bool) -> int:
    """The number in at most 16 bytes; fewer are filled up with zeros, without a sign."""
    if big_endian:
        return int.from_bytes(data.rjust(16, b"\0"), "big", signed=signed)
    return int.from_bytes(data.ljust(16, b"\0"), "little", signed=signed)
