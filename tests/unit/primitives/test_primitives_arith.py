"""Checked arithmetic at the edges of every range."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from btczs.primitives import I128, U8, U16, U32, U64, U128, U256, IntRange, OutOfRange

RANGES = [
    (U8, 0, 255),
    (U16, 0, 65_535),
    (U32, 0, 4_294_967_295),
    (U64, 0, 18_446_744_073_709_551_615),
    (U128, 0, 340_282_366_920_938_463_463_374_607_431_768_211_455),
    (U256, 0, 2**256 - 1),
    (
        I128,
        -170_141_183_460_469_231_731_687_303_715_884_105_728,
        170_141_183_460_469_231_731_687_303_715_884_105_727,
    ),
]


@pytest.mark.parametrize(("numbers", "least", "most"), RANGES)
def test_the_ends_of_a_range_belong_to_it(numbers: IntRange, least: int, most: int) -> None:
    assert numbers.check(least) == least
    assert numbers.check(most) == most
    assert least in numbers
    assert most in numbers


@pytest.mark.parametrize(("numbers", "least", "most"), RANGES)
def test_one_step_beyond_an_end_raises(numbers: IntRange, least: int, most: int) -> None:
    for outside in (least - 1, most + 1):
        assert outside not in numbers
        with pytest.raises(OutOfRange):
            numbers.check(outside)
    with pytest.raises(OutOfRange):
        numbers.add(most, 1)
    with pytest.raises(OutOfRange):
        numbers.sub(least, 1)
    with pytest.raises(OutOfRange):
        numbers.mul(most, 2)


@given(st.integers(-(2**70), 2**70), st.integers(-(2**70), 2**70))
def test_a_result_is_exact_or_refused(a: int, b: int) -> None:
    for operation, exact in ((U64.add, a + b), (U64.sub, a - b), (U64.mul, a * b)):
        if 0 <= exact < 2**64:
            assert operation(a, b) == exact
        else:
            with pytest.raises(OutOfRange):
                operation(a, b)


def test_membership_is_for_integers_only() -> None:
    assert "1" not in U8
    assert 1.0 not in U8
    assert None not in U8


def test_the_error_names_range_and_value_and_has_a_stable_code() -> None:
    with pytest.raises(OutOfRange) as caught:
        U8.check(256)
    assert caught.value.to_json() == {
        "error": "out_of_range",
        "message": "256 does not fit u8",
        "range_name": "u8",
        "value": "256",
    }


def test_a_huge_number_does_not_make_a_huge_message() -> None:
    with pytest.raises(OutOfRange) as caught:
        U256.check(1 << 1_000_000)
    assert len(str(caught.value)) < 100
