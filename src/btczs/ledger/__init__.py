"""The ledger: what accounts own, what transactions do, what tenures earn.

*Transactions* (`transactions/`) and *blocks* (`blocks/`) are formats: bytes, hashes, signatures.

*Execution* (`execution.apply_transaction`) takes an authenticated transaction and an overlay of the
state and gives a receipt with events; `tenures.apply_tenure_start` pays matured rewards and opens
the next tenure. *Accounts*, *fees*, *emission*, *rewards* and *supply* hold one rule each;
`genesis` makes the first state (`devnet` the one with known keys). *The mempool* (`mempool/`) keeps what waits for a block.

A refused transaction raises a class of `rejections`, the same in execution and in the mempool; its
`to_reason` is what client libraries read.

Invariants
- Coins neither appear nor vanish: `issued - burned` equals all balances and all rewards that have
  not matured (`supply.verify_supply`), and `issued` never passes the cap.
- A refused transaction writes nothing.
- A nonce is used once, in order.
- Everything here is a function of its arguments: no clock, no randomness.

State keys: `acct/`, `supply`, `tenure/`, `reward/`, `genesis`. Entry points are imported from their
modules; the names below are the ones that every caller needs.
"""

from btczs.ledger.accounts import Account, get_account, put_account
from btczs.ledger.execution import ExecutionContext, apply_transaction, burn
from btczs.ledger.receipts import Receipt
from btczs.ledger.rejections import TransactionRejected
from btczs.ledger.tenures import TenureStart, apply_tenure_start, apply_tenure_transaction

__all__ = [
    "Account",
    "ExecutionContext",
    "Receipt",
    "TenureStart",
    "TransactionRejected",
    "apply_tenure_start",
    "apply_tenure_transaction",
    "apply_transaction",
    "burn",
    "get_account",
    "put_account",
]
