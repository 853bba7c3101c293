"""Amounts are read and written exactly, and nothing else is taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from btczs.wallet.amounts import format_amount, parse_amount
from btczs.wallet.errors import InvalidAmount

COIN = 100_000_000


@given(st.integers(0, 2**64 - 1))
def test_what_is_written_is_read_again(amount: int) -> None:
    assert parse_amount(format_amount(amount)) == amount
    assert parse_amount(format_amount(amount, symbol=True)) == amount
    assert parse_amount(f"{amount}u") == amount


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("1.5", 150_000_000),
        (" 1.5 BTCZS ", 150_000_000),
        ("0.00000001", 1),
        ("0.000000010000", 1),
        ("1_000", 1000 * COIN),
        ("150000000u", 150_000_000),
        ("7 units", 7),
        ("0", 0),
    ],
)
def test_forms_people_write(text: str, units: int) -> None:
    assert parse_amount(text) == units


@pytest.mark.parametrize(
    "text",
    ["", "-1", "1,5", "1e3", ".5", "1.", "0.000000001", "1.5u", "nan", "٣", "9" * 70, "1 STX"],
)
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(InvalidAmount):
        parse_amount(text)


@pytest.mark.parametrize(
    "text",
    ["184467440738", "18446744073709551616u"],
)
def test_more_than_there_is_is_refused(text: str) -> None:
    with pytest.raises(InvalidAmount, match="that many"):
        parse_amount(text)


@given(st.text(max_size=20))
def test_no_text_crashes(text: str) -> None:
    try:
        amount = parse_amount(text)
    except InvalidAmount:
        amount = 0
    assert 0 <= amount < 2**64


def test_a_number_that_a_float_would_round() -> None:
    assert parse_amount("90071992.54740993") == 9_007_199_254_740_993
    assert format_amount(9_007_199_254_740_993, grouped=True) == "90,071,992.54740993"
