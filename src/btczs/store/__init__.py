"""Where the chain's state lives, and how its root is computed.

*Key-value stores* (`kv.KV`, a Protocol) keep bytes under bytes, in order, and change them in one
atomic, durable write. `btczs.store.lmdb.LmdbKV` is the real one (one file, one writer process, any
number of reading processes); `MemoryKV` is the double. `LmdbKV` is imported from its own module, so
that a command that needs no database does not load one.

*The overlay* (`Overlay`) is what a block executes on: writes stay in a dict above the committed
state until the block is accepted. `checkpoint`/`revert` undo a failed transaction in O(its writes).

*The state* (`StateStore`) gives every block a version and an authenticated root. A commit is one
write: state, tree, undo record, side tables and the new head. `rollback` returns to any of the last
`undo_max` versions. `prepare` computes the root of a block before anything is written;
`commit(version, prepared)` then writes it without computing it again.

*The tree* (`tree`) is a bucketed binary Merkle tree over 2^16 buckets; its module states the exact
bytes. `prove` gives proofs of presence and of absence, `verify_state_proof` checks them and needs
nothing but SHA-256.

Invariants
- The root is a function of the set of (key, value) pairs alone: not of order, batching or history.
- After a crash the store holds some acknowledged version or the one that was being written, whole.
- `rollback(v)` restores state, side tables, tree and root exactly as they were at version `v`.
- No reader ever sees a part of a commit.

Entry points: `StateStore.prepare`, `StateStore.commit`, `StateStore.rollback`, `Overlay`.
"""

from btczs.store.errors import (
    InvalidKey,
    InvalidProof,
    InvalidValue,
    NoUndo,
    StoreBusy,
    StoreCorrupt,
    StoreFull,
    StoreLocked,
    WrongVersion,
)
from btczs.store.kv import KV, Reader
from btczs.store.memory import MemoryKV
from btczs.store.overlay import Overlay
from btczs.store.prepare import Prepared
from btczs.store.proof import (
    StateProof,
    decode_state_proof,
    encode_state_proof,
    verify_state_proof,
)
from btczs.store.state import StateStore

__all__ = [
    "KV",
    "InvalidKey",
    "InvalidProof",
    "InvalidValue",
    "MemoryKV",
    "NoUndo",
    "Overlay",
    "Prepared",
    "Reader",
    "StateProof",
    "StateStore",
    "StoreBusy",
    "StoreCorrupt",
    "StoreFull",
    "StoreLocked",
    "WrongVersion",
    "decode_state_proof",
    "encode_state_proof",
    "verify_state_proof",
]
