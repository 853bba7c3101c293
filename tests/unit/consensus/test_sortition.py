"""The lottery: weights, ranges, the winner's share over many draws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from btczs.consensus.pox.sortition import (
    SORTITION_SPACE,
    Candidate,
    choose_reward_recipients,
    choose_winner,
    compute_range_ends,
    compute_weight,
    mix_sortition_hash,
)
from btczs.crypto.hashes import sha256
from btczs.primitives import Hash32


@pytest.mark.parametrize(
    ("amounts", "weight"),
    [
        ((5,), 5),
        ((9, 1), 5),  # even window: the middle sum is halved
        ((100, 1, 1, 1, 1, 1), 1),  # one large payment buys little
        ((100, 100, 100, 100, 100, 1), 100),
        ((3, 100, 100), 3),  # never more than the newest
        ((10, 10, 10, 1, 1, 1), 5),
    ],
)
def test_weight_is_the_smaller_of_newest_and_median(amounts: tuple[int, ...], weight: int) -> None:
    assert compute_weight(amounts) == weight


@given(st.lists(st.integers(1, 10**15), min_size=1, max_size=50))
def test_ranges_cover_everything_in_proportion(weights: list[int]) -> None:
    ends = compute_range_ends(weights)
    assert ends[-1] == SORTITION_SPACE
    start = 0
    for weight, end in zip(weights, ends, strict=True):
        exact = SORTITION_SPACE * weight // sum(weights)
        assert abs((end - start) - exact) <= 1
        start = end


def draw(candidates: list[Candidate], number: int) -> Candidate | None:
    seed = Hash32(bytes(32))
    return choose_winner(candidates, sha256(number.to_bytes(4, "big")), seed, 1)


def test_the_winner_is_drawn_in_proportion_to_the_weights() -> None:
    candidates = [Candidate(0, (300,), 1), Candidate(1, (100,), 1)]
    won = [draw(candidates, n) for n in range(2000)]
    first = sum(1 for c in won if c is not None and c.index == 0)
    assert 1400 < first < 1600


def test_a_single_commit_wins() -> None:
    assert draw([Candidate(0, (1,), 1)], 7) == Candidate(0, (1,), 1)


def test_a_winner_that_commits_too_rarely_is_refused() -> None:
    rare = Candidate(0, (5, 1, 1), 1)
    assert choose_winner([rare], Hash32(bytes(32)), Hash32(bytes(32)), 3) is None


@given(st.binary(min_size=32, max_size=32), st.integers(1, 40))
def test_reward_recipients_are_distinct_members(hash_: bytes, size: int) -> None:
    chosen = choose_reward_recipients(Hash32(hash_), size)
    assert len(set(chosen)) == len(chosen) == min(2, size)
    assert all(0 <= place < size for place in chosen)


def test_mixing_is_sensitive_to_order() -> None:
    a, b = sha256(b"a"), sha256(b"b")
    start = Hash32(bytes(32))
    assert mix_sortition_hash(mix_sortition_hash(start, a), b) != mix_sortition_hash(
        mix_sortition_hash(start, b), a
    )
