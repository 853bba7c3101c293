"""Ties a genesis to the layer-1 block on which its chain begins."""

import msgspec

from btczs.l1.follower import BlockRef
from btczs.ledger.genesis import Genesis, L1Anchor
from btczs.primitives.units import hash_hex


def anchor_genesis(genesis: Genesis, block: BlockRef) -> Genesis:
    """The same genesis, beginning on `block`."""
    anchor = L1Anchor(block.height, hash_hex(block.hash))
    return msgspec.structs.replace(genesis, l1_anchor=anchor)
