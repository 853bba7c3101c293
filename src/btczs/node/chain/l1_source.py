"""Layer 1 as the application reads it, and how news of it becomes an `L1Update`."""

from typing import Protocol

from btczs.consensus.pox.l1_update import BLOCKS_MAX, L1BlockFacts, L1Update
from btczs.consensus.pox.view import get_l1_block, get_l1_tip
from btczs.l1.follower import BlockRef as L1BlockRef
from btczs.l1.follower import L1Facts, NotFollowed
from btczs.primitives import Hash32, L1Height
from btczs.store.kv import Reader


class L1Source(Protocol):
    """A reorg-safe view of layer 1. The real one is `l1.follower.Follower`."""

    def tip(self) -> L1BlockRef | None: ...

    def hash_at(self, height: int) -> Hash32 | None: ...

    def facts_at(self, height: int) -> L1Facts:
        """Raises `NotFollowed` for a block that is not there (any more)."""
        ...


def find_l1_update(
    state: Reader, source: L1Source, depth_max: int, blocks_max: int = BLOCKS_MAX
) -> L1Update | None:
    """What brings the state's view towards the source's, or None if they agree.

    Also None when they part deeper than `depth_max` blocks: such a reorganisation is not followed
    (`is_split` tells it).
    """
    newest = source.tip()
    if newest is None:
        return None
    fork = _find_fork(state, source, depth_max)
    if fork is None:
        return None
    fork_height, fork_hash = fork
    tip = get_l1_tip(state)
    last = min(newest.height, fork_height + min(blocks_max, BLOCKS_MAX))
    if last <= tip.height and fork_height < tip.height and newest.height > last:
        return None  # a rewind must bring all it can, never less than it takes back
    blocks = []
    for height in range(fork_height + 1, last + 1):
        try:
            facts = source.facts_at(height)
        except NotFollowed:
            if fork_height < tip.height:
                return None  # layer 1 moved while we looked: see the next proposal
            break
        blocks.append(L1BlockFacts(facts.header, facts.selected))
    if not blocks and fork_height == tip.height:
        return None
    return L1Update(fork_height, fork_hash, tuple(blocks))


def is_split(state: Reader, source: L1Source, depth_max: int) -> bool:
    """Whether layer 1 was reorganised deeper than the chain can follow."""
    return source.tip() is not None and _find_fork(state, source, depth_max) is None


def _find_fork(state: Reader, source: L1Source, depth_max: int) -> tuple[L1Height, Hash32] | None:
    """The highest block that the state and the source agree on, at most `depth_max` below."""
    tip = get_l1_tip(state)
    for height in range(tip.height, max(tip.height - depth_max, 0) - 1, -1):
        known = get_l1_block(state, height)
        if known is None:
            return None
        if source.hash_at(height) == known.hash:
            return L1Height(height), Hash32(known.hash)
    return None


def matches_source(update: L1Update, source: L1Source) -> bool:
    """Whether every byte of the update is what the source sees."""
    if source.hash_at(update.fork_height) != update.fork_hash:
        return False
    for offset, block in enumerate(update.blocks):
        try:
            facts = source.facts_at(update.fork_height + 1 + offset)
        except NotFollowed:
            return False
        if facts.header != block.header or facts.selected != block.operations:
            return False
    return True
