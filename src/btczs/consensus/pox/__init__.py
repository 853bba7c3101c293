"""Mining by proof of transfer: miners pay on layer 1 for the right to write layer 2.

1. A miner registers its keys on layer 1 (`operations.KeyRegister`).
2. In every epoch of `k` layer-1 blocks it commits money to the reward set or the burn address
   (`operations.BlockCommit`, `commits.accept_operation`).
3. At the end of the epoch a lottery weighted by the commits elects one (`sortition`).
4. The winner writes blocks until the next tenure begins (`tenure`).

Facts of layer 1 reach the state only in an `L1Update` (`apply.apply_l1_update`), so every node
computes the same lottery and a replay needs no layer-1 node.

Invariants
- A rewind followed by the same blocks gives the same view, byte for byte.
- The coinbase of an epoch is paid at most once, whatever layer 1 does.
- The winner of an epoch is a function of the state and the update alone.
"""

from btczs.consensus.pox.apply import InvalidL1Update, L1Outcome, apply_l1_update
from btczs.consensus.pox.commits import BlockIndex, BlockRef
from btczs.consensus.pox.l1_update import (
    L1BlockFacts,
    L1Update,
    decode_l1_update,
    encode_l1_update,
)
from btczs.consensus.pox.operations import BlockCommit, KeyRegister, is_operation, parse_operation
from btczs.consensus.pox.tenure import InvalidBlock
from btczs.consensus.pox.view import Sortition, get_l1_tip, get_last_sortition, get_tenure

__all__ = [
    "BlockCommit",
    "BlockIndex",
    "BlockRef",
    "InvalidBlock",
    "InvalidL1Update",
    "KeyRegister",
    "L1BlockFacts",
    "L1Outcome",
    "L1Update",
    "Sortition",
    "apply_l1_update",
    "decode_l1_update",
    "encode_l1_update",
    "get_l1_tip",
    "get_last_sortition",
    "get_tenure",
    "is_operation",
    "parse_operation",
]
