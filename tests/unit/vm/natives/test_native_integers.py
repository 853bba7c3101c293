"""Integers of 128 bits against Python's, which have no bound."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from btczs.vm.clarity.errors import ClarityError
from btczs.vm.clarity.runtime import integers
from btczs.vm.clarity.runtime.errors import (
    Arithmetic,
    ArithmeticOverflow,
    ArithmeticUnderflow,
    DivisionByZero,
)
from btczs.vm.clarity.runtime.integers import INT_MAX, INT_MIN, UINT_MAX

signed = st.one_of(
    st.integers(INT_MIN, INT_MAX), st.integers(-300, 300), st.sampled_from([INT_MIN, INT_MAX])
)
unsigned = st.one_of(st.integers(0, UINT_MAX), st.integers(0, 300), st.just(UINT_MAX))
typed_lists = st.one_of(
    st.tuples(st.lists(signed, min_size=1, max_size=5), st.just(True)),
    st.tuples(st.lists(unsigned, min_size=1, max_size=5), st.just(False)),
)


def bounds(is_signed):
    return (INT_MIN, INT_MAX) if is_signed else (0, UINT_MAX)


def fold(values, is_signed, step, start, error):
    """Left to right, each step within the bounds."""
    low, high = bounds(is_signed)
    for value in values:
        start = step(start, value)
        if not low <= start <= high:
            return error
    return start


def outcome(operation, *args):
    try:
        return operation(*args)
    except ClarityError as error:
        return type(error)


@given(typed_lists)
def test_sums_and_products_fit_at_every_step(case):
    values, is_signed = case
    expected = fold(values, is_signed, lambda a, b: a + b, 0, ArithmeticOverflow)
    assert outcome(integers.add, values, is_signed) == expected
    expected = fold(values, is_signed, lambda a, b: a * b, 1, ArithmeticOverflow)
    assert outcome(integers.multiply, values, is_signed) == expected


@given(typed_lists)
def test_differences_fit_at_every_step(case):
    values, is_signed = case
    if len(values) == 1:
        expected = fold(values, is_signed, lambda a, b: a - b, 0, ArithmeticUnderflow)
    else:
        expected = fold(values[1:], is_signed, lambda a, b: a - b, values[0], ArithmeticUnderflow)
    assert outcome(integers.subtract, values, is_signed) == expected


@given(signed, signed)
def test_division_rounds_towards_zero(a, b):
    if b == 0 or (a, b) == (INT_MIN, -1):
        assert outcome(integers.divide, [a, b], True) is DivisionByZero
        assert outcome(integers.remainder, a, b, True) is DivisionByZero
        return
    quotient, rest = integers.divide([a, b], True), integers.remainder(a, b, True)
    assert quotient * b + rest == a
    assert abs(rest) < abs(b)
    assert rest == 0 or (rest < 0) == (a < 0)


@given(unsigned, unsigned)
def test_division_of_unsigned_numbers(a, b):
    if b == 0:
        assert outcome(integers.divide, [a, b], False) is DivisionByZero
    else:
        assert integers.divide([a, b], False) == a // b
        assert integers.remainder(a, b, False) == a % b


@given(st.integers(-40, 40), st.integers(0, 140))
def test_power_is_exact_or_overflows(base, exponent):
    exact = base**exponent
    expected = exact if INT_MIN <= exact <= INT_MAX else ArithmeticOverflow
    assert outcome(integers.power, base, exponent, True) == expected


@pytest.mark.parametrize(
    ("base", "exponent", "expected"),
    [
        (0, 0, 1),
        (0, -5, 0),
        (1, -5, 1),
        (1, INT_MAX, 1),
        (7, 1, 7),
        (-1, 2**32 - 1, -1),
        (-1, 2**32 - 2, 1),
        (-2, 127, INT_MIN),
        (2, -1, Arithmetic),
        (-1, -1, Arithmetic),
        (2, 2**32, Arithmetic),
        (2, 127, ArithmeticOverflow),
        (2, 2**32 - 1, ArithmeticOverflow),
        (INT_MAX, 2, ArithmeticOverflow),
    ],
)
def test_power_at_its_edges(base, exponent, expected):
    assert outcome(integers.power, base, exponent, True) == expected


@given(unsigned)
def test_root_and_logarithm(n):
    root = integers.square_root(n)
    assert root * root <= n < (root + 1) * (root + 1)
    if n:
        assert 2 ** integers.log2(n) <= n < 2 ** (integers.log2(n) + 1)


@pytest.mark.parametrize("n", [-1, INT_MIN])
def test_root_and_logarithm_of_negative_numbers_abort(n):
    assert outcome(integers.square_root, n) is Arithmetic
    assert outcome(integers.log2, n) is Arithmetic


def test_logarithm_of_zero_aborts():
    assert outcome(integers.log2, 0) is Arithmetic


@given(signed, unsigned)
def test_shifts_of_signed_numbers_are_those_of_128_bit_words(value, amount):
    word = (value % 2**128) << (amount % 128) & UINT_MAX
    expected = word - 2**128 if word > INT_MAX else word
    assert integers.shift_left(value, amount, True) == expected
    assert integers.shift_right(value, amount) == value // 2 ** (amount % 128)


@given(unsigned, unsigned)
def test_shifts_of_unsigned_numbers_lose_the_high_bits(value, amount):
    assert integers.shift_left(value, amount, False) == value * 2 ** (amount % 128) % 2**128
    assert integers.shift_right(value, amount) == value // 2 ** (amount % 128)


@given(signed, signed)
def test_bits_of_signed_numbers_are_two_complement(a, b):
    def bits(n):
        return n.to_bytes(16, "big", signed=True)

    for operation, on_bytes in (
        (integers.bit_and, lambda x, y: x & y),
        (integers.bit_or, lambda x, y: x | y),
        (integers.bit_xor, lambda x, y: x ^ y),
    ):
        expected = bytes(on_bytes(x, y) for x, y in zip(bits(a), bits(b), strict=True))
        assert bits(operation([a, b], True)) == expected
    assert bits(integers.bit_not(a, True)) == bytes(x ^ 0xFF for x in bits(a))


@given(unsigned)
def test_not_of_an_unsigned_number_turns_all_128_bits(n):
    assert integers.bit_not(n, False) == n ^ UINT_MAX


@given(st.binary(max_size=16))
def test_bytes_are_filled_up_with_zeros_and_have_no_sign(data):
    padded = bytes(16 - len(data)) + data
    assert integers.from_bytes(data, big_endian=True, signed=False) == int.from_bytes(padded, "big")
    if len(data) < 16:
        assert integers.from_bytes(data, big_endian=True, signed=True) >= 0
        assert integers.from_bytes(data, big_endian=False, signed=True) >= 0
    assert integers.from_bytes(data, big_endian=False, signed=False) == int.from_bytes(
        data, "little"
    )


@given(signed)
def test_numbers_are_hashed_least_significant_byte_first(n):
    assert integers.hashed_bytes(n) == n.to_bytes(16, "little", signed=True)


def test_conversion_between_the_types_is_checked():
    assert integers.to_signed(INT_MAX) == INT_MAX
    assert outcome(integers.to_signed, INT_MAX + 1) is ArithmeticOverflow
    assert integers.to_unsigned(INT_MAX) == INT_MAX
    assert outcome(integers.to_unsigned, -1) is ArithmeticUnderflow
