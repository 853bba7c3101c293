"""A view of layer 1 that survives reorganisations, crashes and dishonest nodes.

A `Follower` asks one node (through `btczs.l1.rpc`) for its best chain, verifies every block, and
keeps in one SQLite file all headers from a start height on and, for the newest `keep_blocks`
blocks, the transactions that a filter selects. `poll` makes one step: it advances by a few blocks,
or rewinds to the fork point; `run` polls for ever.

Invariants
    - Nothing is stored that was not verified: hash, link, proof of work, difficulty and median time
      (as far as earlier headers are known), Merkle root, no duplicated transactions, witnesses.
      A node that serves anything else gets `LyingNode`, and the file stays as it was.
    - Every step is one durable transaction: after `kill -9` the file holds a state before or after
      a step. An event is given out only after its step is stored.
    - Nothing is forgotten before the first header of the replacing branch was verified.
    - Memory: 16 blocks' facts, or 8 MB of selected bytes, and 3 blocks in flight. Disk: headers for
      ever, facts of `keep_blocks` blocks.

Which branch is best is the node's word: it has verified what we cannot see. A chain without a
trusted node is `btczs.l1.spv.HeaderChain`'s matter. `notify.wake_on_blocks` replaces most polling
where the node publishes blocks over ZMQ.

Entry points: `Follower` (`poll`, `run`, `tip`, `facts_at`, `confirmations`).
"""

from btczs.l1.follower.errors import (
    LyingNode,
    NotFollowed,
    StoreUnavailable,
    TransactionAbsent,
    WrongChain,
    WrongStore,
)
from btczs.l1.follower.follower import KEEP_BLOCKS, Follower
from btczs.l1.follower.model import Advanced, BlockRef, FollowerEvent, L1Facts, Rewound
from btczs.l1.follower.notify import wake_on_blocks

__all__ = [
    "KEEP_BLOCKS",
    "Advanced",
    "BlockRef",
    "Follower",
    "FollowerEvent",
    "L1Facts",
    "LyingNode",
    "NotFollowed",
    "Rewound",
    "StoreUnavailable",
    "TransactionAbsent",
    "WrongChain",
    "WrongStore",
    "wake_on_blocks",
]
