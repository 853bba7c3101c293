"""DigiShield as BitcoinZ has it, and compact targets."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from btczs.l1 import InvalidProofOfWork, get_params
from btczs.l1.bitcoinz.difficulty import compute_median_time, compute_next_bits
from btczs.l1.pow import compute_target, compute_work, target_to_bits
from btczs.primitives import InvalidInput

MAIN = get_params("bitcoinz", "mainnet")
TEST = get_params("bitcoinz", "testnet")
REGTEST = get_params("bitcoinz", "regtest")
MAIN_LIMIT_BITS = 0x1F07FFFF
START = 500_000
BITS = 0x1E009CB8


def steady(spacing_s: int, bits: int = BITS):  # type: ignore[no-untyped-def]
    return lambda height: (1_500_000_000 + (height - START) * spacing_s, bits)


def test_limits_in_compact_form() -> None:
    assert target_to_bits(MAIN.pow_limit) == MAIN_LIMIT_BITS
    assert target_to_bits(TEST.pow_limit) == 0x2007FFFF
    assert target_to_bits(REGTEST.pow_limit) == 0x200F0F0F


def test_without_history_the_target_is_the_limit() -> None:
    assert compute_next_bits(MAIN, None, steady(150)) == MAIN_LIMIT_BITS
    for last in (0, 5, 12):
        assert compute_next_bits(MAIN, last, steady(150)) == MAIN_LIMIT_BITS
    assert compute_next_bits(MAIN, 13, steady(150)) != MAIN_LIMIT_BITS


def test_the_target_resets_for_thirteen_blocks_after_the_change_of_equihash() -> None:
    reset = [
        height + 1
        for height in range(159_990, 160_040)
        if compute_next_bits(MAIN, height, steady(150)) == MAIN_LIMIT_BITS
    ]
    assert reset == list(range(160_011, 160_024))
    reset = [
        height + 1
        for height in range(1_190, 1_240)
        if compute_next_bits(TEST, height, steady(150)) == 0x2007FFFF
    ]
    assert reset == list(range(1_211, 1_224))


def expected_bits(span_s: int) -> int:
    return target_to_bits(compute_target(BITS) // 1950 * span_s)


@pytest.mark.parametrize(
    ("spacing_s", "span_s"),
    [
        (150, 1950),
        (151, 1953),  # 13 s over, a quarter of it, rounded toward zero
        (149, 1947),  # 13 s under: also toward zero
        (200, 1950 + 650 // 4),
        (100, 1950 - 650 // 4),
        (353, 1950 + 2639 // 4),
        (354, 2613),  # above, the clamp holds
        (100_000, 2613),
        (0, 1950 - 1950 // 4),  # a quarter of the window is the most that can be missing
        (-54, 1950 - 2652 // 4),
        (-55, 1287),  # times may run backwards within the rules; the clamp holds
        (-1000, 1287),
    ],
)
def test_the_damped_and_clamped_span_scales_the_target(spacing_s: int, span_s: int) -> None:
    if spacing_s >= 0:
        assert compute_next_bits(MAIN, START, steady(spacing_s)) == expected_bits(span_s)
        return

    # The median needs each window of eleven shifted as a whole to have the wanted span.
    def get(height: int) -> tuple[int, int]:
        return 1_500_000_000 + (height - START) * spacing_s, BITS

    assert compute_next_bits(MAIN, START, get) == expected_bits(span_s)


def test_the_average_of_thirteen_targets_counts_and_no_other() -> None:
    def get(height: int) -> tuple[int, int]:
        in_window = START - 12 <= height <= START
        return 1_500_000_000 + height * 150, BITS if in_window else 0x1D00FFFF

    assert compute_next_bits(MAIN, START, get) == expected_bits(1950)

    def get_late(height: int) -> tuple[int, int]:
        return 1_500_000_000 + height * 150, 0x1D00FFFF if height == START else BITS

    average = (12 * compute_target(BITS) + compute_target(0x1D00FFFF)) // 13
    assert compute_next_bits(MAIN, START, get_late) == target_to_bits(average // 1950 * 1950)


def test_the_target_never_exceeds_the_limit() -> None:
    assert compute_next_bits(MAIN, START, steady(1000, MAIN_LIMIT_BITS)) == MAIN_LIMIT_BITS


def test_a_late_block_of_a_test_network_may_be_easy() -> None:
    last_s = steady(150)(START)[0]
    for late_s, is_limit in ((900, False), (901, True)):
        bits = compute_next_bits(TEST, START, steady(150), last_s + late_s)
        assert (bits == 0x2007FFFF) == is_limit
        assert compute_next_bits(MAIN, START, steady(150), last_s + late_s) == expected_bits(1950)
    early = 299_186
    time_s = steady(150)(early)[0] + 10_000
    assert compute_next_bits(TEST, early, steady(150), time_s) != 0x2007FFFF
    assert compute_next_bits(TEST, early + 1, steady(150), time_s) == 0x2007FFFF
    assert compute_next_bits(TEST, START, steady(150)) == expected_bits(1950)


def test_on_regtest_times_do_not_matter_but_rounding_drifts_down() -> None:
    get = steady(1, 0x200F0F0F)
    drifted = compute_next_bits(REGTEST, START, get)
    assert drifted == target_to_bits(compute_target(0x200F0F0F) // 1950 * 1950) == 0x200F0F0E
    assert compute_next_bits(REGTEST, START, steady(890, 0x200F0F0F)) == drifted


def test_other_chains_have_another_rule() -> None:
    with pytest.raises(InvalidInput):
        compute_next_bits(get_params("bitcoin", "mainnet"), START, steady(600))


def test_the_median_time_is_of_eleven_or_of_what_there_is() -> None:
    times = [50, 10, 40, 30, 20]
    assert compute_median_time(4, lambda h: (times[h], 0)) == 30
    assert compute_median_time(3, lambda h: (times[h], 0)) == 40  # the upper of the middle two
    assert compute_median_time(0, lambda h: (times[h], 0)) == 50
    shuffled = list(range(100, 120))
    random.Random(1).shuffle(shuffled)
    assert compute_median_time(19, lambda h: (shuffled[h], 0)) == sorted(shuffled[9:])[5]


@given(st.integers(1, 2**256 - 1))
def test_compact_targets_round_down_to_three_bytes(target: int) -> None:
    bits = target_to_bits(target)
    rounded = compute_target(bits)
    assert rounded <= target
    assert target - rounded < max(1, target >> 15)
    assert target_to_bits(rounded) == bits


@pytest.mark.parametrize("bits", [0, 0x01003456, 0x04923456, 0x01FE0000, 0xFF123456, 0x21010000])
def test_targets_that_are_none_are_refused_and_count_no_work(bits: int) -> None:
    with pytest.raises(InvalidProofOfWork):
        compute_target(bits)
    assert compute_work(bits) == 0


def test_known_compact_values() -> None:
    assert compute_target(0x05009234) == 0x92340000
    assert compute_target(0x04123456) == 0x12345600
    assert compute_target(0x03123456) == 0x123456
    assert compute_target(0x02008000) == 0x80
    assert compute_target(0x1D00FFFF) == 0xFFFF << 208
    assert target_to_bits(0x80) == 0x02008000
    assert compute_work(0x1D00FFFF) == 0x100010001
    assert compute_work(0x207FFFFF) == 2
