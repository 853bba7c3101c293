"""What a follower tells: references to blocks, their facts, and the events of its progress."""

from typing import TypeAlias

import msgspec

from btczs.primitives import Hash32, L1Height


class BlockRef(msgspec.Struct, frozen=True):
    """One block of layer 1."""

    height: L1Height
    hash: Hash32


class L1Facts(msgspec.Struct, frozen=True):
    """What was kept of a verified block: the raw header, and the selected transactions, each with
    its index in the block and its raw bytes (witness included where the chain has one)."""

    height: L1Height
    hash: Hash32
    header: bytes
    selected: tuple[tuple[int, bytes], ...]
    tx_count: int


class Advanced(msgspec.Struct, frozen=True):
    """The view grew by these blocks, in ascending order; they are already stored."""

    facts: tuple[L1Facts, ...]


class Rewound(msgspec.Struct, frozen=True):
    """The blocks above `to_height` left the best chain; the view ends there now.

    `to_height` is one below the follower's start if the fork lies there or deeper.
    """

    to_height: L1Height
    to_hash: Hash32


FollowerEvent: TypeAlias = Advanced | Rewound
