"""Arithmetic, comparison and bits as programs see them."""

import pytest
from native_programs import answer, runtime_cost, text

from btczs.vm.clarity.errors import ClarityError

MIN = "-170141183460469231731687303715884105728"
MAX = "170141183460469231731687303715884105727"
UMAX = "u340282366920938463463374607431768211455"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("(+ 1 2 3)", "6"),
        ("(+ u1)", "u1"),
        ("(- 5)", "-5"),
        ("(- u0)", "u0"),
        ("(- 10 3 2)", "5"),
        ("(* 2 3 4)", "24"),
        ("(/ -7 2)", "-3"),
        ("(/ 100 5 3)", "6"),
        ("(/ 7)", "7"),
        ("(mod -7 2)", "-1"),
        ("(mod 7 -2)", "1"),
        ("(pow 0 0)", "1"),
        ("(pow 0 -3)", "0"),
        ("(pow 1 -3)", "1"),
        ("(pow -2 u3)", "UnionTypeValueError"),
        ("(pow 2 -1)", "Arithmetic"),
        ("(pow u2 u128)", "ArithmeticOverflow"),
        ("(sqrti u10)", "u3"),
        ("(sqrti -1)", "Arithmetic"),
        ("(log2 u1025)", "u10"),
        ("(log2 0)", "Arithmetic"),
        ("(to-int u7)", "7"),
        (f"(to-int {UMAX})", "ArithmeticOverflow"),
        ("(to-uint 7)", "u7"),
        ("(to-uint -7)", "ArithmeticUnderflow"),
        (f"(+ {MAX} 1 -1)", "ArithmeticOverflow"),
        (f"(+ {UMAX} u1)", "ArithmeticOverflow"),
        (f"(- {MIN})", "ArithmeticUnderflow"),
        ("(- u1)", "ArithmeticUnderflow"),
        ("(- u1 u2)", "ArithmeticUnderflow"),
        (f"(- {MAX} -1)", "ArithmeticUnderflow"),
        (f"(* {MAX} 2)", "ArithmeticOverflow"),
        ("(/ 1 0)", "DivisionByZero"),
        (f"(/ {MIN} -1)", "DivisionByZero"),
        (f"(mod {MIN} -1)", "DivisionByZero"),
        ("(mod u1 u0)", "DivisionByZero"),
        ("(xor 5 3)", "6"),
        ("(bit-xor 1 2 4)", "7"),
        ("(bit-and 12 10)", "8"),
        ("(bit-or u1 u2 u4)", "u7"),
        ("(bit-not 0)", "-1"),
        ("(bit-not u0)", UMAX),
        ("(bit-shift-left 1 u127)", MIN),
        ("(bit-shift-left 1 u128)", "1"),
        ("(bit-shift-left u3 u127)", "u170141183460469231731687303715884105728"),
        ("(bit-shift-right -8 u1)", "-4"),
        ("(bit-shift-right u8 u130)", "u2"),
        ("(+)", "IncorrectArgumentCount"),
        ("(+ 1 u2)", "TypeValueError"),
        ("(+ true)", "UnionTypeValueError"),
        ("(xor 1 2 3)", "IncorrectArgumentCount"),
        ("(mod 1)", "IncorrectArgumentCount"),
        ("(bit-shift-left 1 1)", "TypeValueError"),
        ("(bit-shift-left true u1)", "Unreachable"),
        ("(to-int 1)", "TypeValueError"),
    ],
)
def test_arithmetic(source, expected):
    assert answer(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("(< 1 2)", "true"),
        ("(>= u2 u2)", "true"),
        ("(> -1 0)", "false"),
        ('(< "abc" "abcd")', "true"),
        ('(< "b" "abcd")', "false"),
        ('(<= u"\\u{e9}" u"z")', "false"),
        ("(> 0x02 0x01ff)", "true"),
        ("(<= 0x 0x)", "true"),
        ("(< 1 u2)", "UnionTypeValueError"),
        ('(< "a" u"a")', "UnionTypeValueError"),
        ("(< 1)", "IncorrectArgumentCount"),
    ],
)
def test_comparison(source, expected):
    assert answer(source) == expected


def test_clarity_1_compares_numbers_only():
    assert text("(< 1 2)", 1) == "true"
    with pytest.raises(ClarityError) as caught:
        text('(< "a" "b")', 1)
    assert caught.value.kind == "UnionTypeValueError"


LOOKUP = 16


def test_cost_of_arithmetic_is_by_the_number_of_operands():
    assert runtime_cost("(+ 1 2)") == LOOKUP + 31
    many = "(+ " + "1 " * 32 + ")"
    assert runtime_cost(many) == LOOKUP + 31 + 2
    assert runtime_cost("(mod 7 2)") == LOOKUP + 31


def test_cost_of_comparison_is_by_the_smaller_operand():
    long_text = "a" * 508  # counts 512 bytes
    assert runtime_cost(f'(< "{long_text}" "{long_text}")') == LOOKUP + 38 + 2
    assert runtime_cost(f'(< "a" "{long_text}")') == LOOKUP + 38
    assert runtime_cost("(< 1 2)", 1) == LOOKUP + 38


def test_operands_of_comparison_are_not_copied():
    copied = runtime_cost('(let ((x "abc")) x)')
    compared = runtime_cost('(let ((x "abc")) (< x x))')
    size_of_x, depth_of_x = 2 * 7 + 1, 1 + 1
    assert compared == copied - size_of_x - depth_of_x + LOOKUP + 38 + 2 * depth_of_x
