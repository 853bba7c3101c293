"""The queryable history of the chain: blocks, transactions, events and addresses in SQLite.

The chain's state answers "what is"; the index answers "what happened". It is derived data. The
node writes an `IndexRecord` per block into its own database in the same atomic commit as the block
(the outbox), and feeds those records to `Index.apply`. If the index is behind, lost or of another
schema, applying the records again gives exactly the same index.

Invariants
- A block is in the index completely or not at all; heights have no gap; `apply` of a block that
  is there is nothing.
- `rollback_to` undoes exactly: totals per address equal the sum of the rows that are left.
- For every address, received + rewards - sent - fees is its balance in the state.
- Amounts are u128 as 16-byte BLOBs; nothing is ever a float.
- Ordinals (of transactions, and of an address's transactions and events) are dense, so a page at
  any offset is one key range.

Entry points: `Index(path)` with `apply`, `rollback_to`, `rebuild`, `last_height`; and
`with index.view() as view:` for queries (`IndexView`), each of which is a plain SQL statement.
"""

from btczs.indexer.database import IndexUnusable
from btczs.indexer.index import Index, IndexConflict
from btczs.indexer.records import (
    Credit,
    IndexedTransaction,
    IndexRecord,
    InvalidRecord,
    decode_record,
    encode_record,
)
from btczs.indexer.view import (
    AddressTotalsRow,
    AddressTransactionRow,
    BlockRow,
    IndexView,
    TransactionFilter,
    TransactionRow,
)

__all__ = [
    "AddressTotalsRow",
    "AddressTransactionRow",
    "BlockRow",
    "Credit",
    "Index",
    "IndexConflict",
    "IndexRecord",
    "IndexUnusable",
    "IndexView",
    "IndexedTransaction",
    "InvalidRecord",
    "TransactionFilter",
    "TransactionRow",
    "decode_record",
    "encode_record",
]
