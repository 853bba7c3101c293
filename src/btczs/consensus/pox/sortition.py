"""The lottery: commits of an epoch in, the winner out. Pure functions over numbers and hashes.

1. Each block's hash is mixed into the sortition hash, which nobody can steer without mining L1.
2. A commit counts with the smaller of its own amount and the median of its window, so that a
   single large payment buys little and a steady miner is preferred.
3. The hash, mixed with the last winner's VRF seed, falls on the range of one commit.

Source: reference of the Stacks wire formats, section 2.

DEVIATION: there is no null miner (step 5 of the source: an epoch in which miners spend much less
than before may elect nobody), because its table is not published; and the consensus hash leaves out
the PoX bit vector, because nobody is punished here by leaving a reward slot unpaid.
"""

from collections.abc import Sequence

import msgspec

from btczs.crypto.hashes import hash160, sha256
from btczs.primitives import Hash20, Hash32

SORTITION_SPACE = 2**256 - 1
CONSENSUS_HASH_VERSION = bytes.fromhex("17000000")
MISSED_COMMIT_VALUE = 1


class Candidate(msgspec.Struct, frozen=True):
    """A commit in the lottery."""

    index: int
    """Its place among the epoch's commits, in layer-1 order."""
    amounts: tuple[int, ...]
    """Its linked commits' amounts over the window, newest first; 1 where a link is missing."""
    frequency: int
    """How many links of the window are there."""


def mix_sortition_hash(previous: Hash32, l1_block_hash: Hash32) -> Hash32:
    return sha256(previous + l1_block_hash)


def compute_weight(amounts: Sequence[int]) -> int:
    """min(newest amount, median of the window); an even window halves its middle sum."""
    ordered = sorted(amounts)
    middle = len(ordered) // 2
    median = ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) // 2
    return min(amounts[0], median)


def compute_range_ends(weights: Sequence[int]) -> list[int]:
    """Upper ends of the candidates' ranges over [0, 2^256)."""
    total = sum(weights)
    ends, running = [], 0
    for weight in weights:
        running += weight
        ends.append(SORTITION_SPACE * running // total)
    return ends


def compute_sample(sortition_hash: Hash32, last_seed: Hash32) -> int:
    """Where the lot falls: a little-endian number below 2^256."""
    return int.from_bytes(sha256(sortition_hash + last_seed), "little")


def choose_winner(
    candidates: Sequence[Candidate],
    sortition_hash: Hash32,
    last_seed: Hash32,
    frequency_min: int,
) -> Candidate | None:
    """The winning commit, or None: there is none, or the chosen one commits too rarely."""
    weights = [compute_weight(c.amounts) for c in candidates]
    if sum(weights) == 0:
        return None
    chosen = candidates[-1]
    if len(candidates) > 1:
        sample = compute_sample(sortition_hash, last_seed)
        for candidate, end in zip(candidates, compute_range_ends(weights), strict=True):
            if sample < end:
                chosen = candidate
                break
    return chosen if chosen.frequency >= frequency_min else None


def choose_reward_recipients(
    sortition_hash: Hash32, reward_set_size: int, count: int = 2
) -> tuple[int, ...]:
    """Places of `count` distinct members of the reward set, drawn by the hash.

    DEVIATION: drawn by SHA-256 of the hash and a counter; the reference seeds a ChaCha20 generator.
    """
    chosen: list[int] = []
    counter = 0
    while len(chosen) < min(count, reward_set_size):
        draw = sha256(sortition_hash + counter.to_bytes(4, "big"))
        place = int.from_bytes(draw, "big") % reward_set_size
        counter += 1
        if place not in chosen:
            chosen.append(place)
    return tuple(chosen)


def compute_operations_hash(txids: Sequence[Hash32]) -> Hash32:
    return sha256(b"".join(txids))


def compute_consensus_hash(
    l1_block_hash: Hash32,
    operations_hash: Hash32,
    total_burn: int,
    previous: Sequence[Hash20],
) -> Hash20:
    """Name of an epoch's outcome; it commits to all before it through `previous`.

    `previous` are the consensus hashes 1, 2, 4, 8, ... epochs back, as far as there are any.
    """
    return hash160(
        CONSENSUS_HASH_VERSION
        + l1_block_hash
        + operations_hash
        + total_burn.to_bytes(8, "big")
        + b"".join(previous)
    )
