"""The mempool: transactions that wait for a block, and what became of those that waited in vain.

`Mempool` is the whole interface. It has no clock and no state of its own beside a `KV`: callers
pass the time, the tenure and a reader of the state at the tip.

- `admit` takes one transaction, `admit_many` a batch in one durable write; what they acknowledge
  survives a crash. A refusal is a class of `btczs.ledger.rejections` (`Rejected` is their root)
  whose `to_reason` is the answer that client libraries parse.
- `select` gives the miner a sequence that executes without a refusal, best fee rate first.
- `apply_block` after every block, `resync` after a rollback: removes what was mined and drops what
  can no longer be, with the statuses of the Stacks API, which `dropped` remembers.
- `nonces`, `get`, `entries`: what the API shows.

Invariants
- At most one transaction per account and nonce, whether it is the origin's or the sponsor's.
- Count and bytes, in total and per account, never exceed their bounds.
- The waiting transactions of an account together never cost more than it owns, so nothing waits
  that could not be paid.
- The tables in memory equal those in the store after every call, also after one that failed.

Modules: `pool` (tables), `changes` (undoable batch), `admission` and `selection` (rules), `upkeep`
(after blocks), `dropped` (memory of statuses), `records` (stored forms), `mempool` (the facade).
"""

from btczs.ledger.mempool.dropped import Dropped, DropStatus
from btczs.ledger.mempool.entry import Entry
from btczs.ledger.mempool.mempool import Admitted, Mempool, NoncesView
from btczs.ledger.rejections import TransactionRejected

Rejected = TransactionRejected

__all__ = [
    "Admitted",
    "DropStatus",
    "Dropped",
    "Entry",
    "Mempool",
    "NoncesView",
    "Rejected",
]
