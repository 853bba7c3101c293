"""A batch of changes to the pool that becomes durable in one write, or does not happen.

The tables change at once, so that later transactions of the batch see earlier ones; a journal takes
the changes back if a transaction is refused half-way or if the store fails.
"""

from collections.abc import Callable

from btczs.ledger.mempool.dropped import Dropped, DroppedMemory, DropStatus
from btczs.ledger.mempool.entry import Entry
from btczs.ledger.mempool.pool import AccountQueue, Pool
from btczs.ledger.mempool.records import drop_key, encode_dropped, encode_entry, tx_key
from btczs.primitives import Hash32, TenureHeight
from btczs.store.kv import KV


class Changes:
    """Changes of `pool` in tenure `tenure`. End it with `commit`, or with `abandon`."""

    def __init__(self, pool: Pool, tenure: TenureHeight) -> None:
        self.pool = pool
        self.tenure = tenure
        self.dropped: list[Dropped] = []
        self._journal: list[tuple[bool, Entry, bool]] = []
        """(whether it was inserted, the entry, whether `dropped` got a record)."""
        self._keys: set[bytes] = set()
        """Accounts whose queues may be left empty."""

    def get_queue(self, key: bytes, nonce: int) -> AccountQueue:
        """As `Pool.get_queue`; a queue that stays empty is forgotten at the end."""
        self._keys.add(key)
        return self.pool.get_queue(key, nonce)

    def insert(self, entry: Entry) -> None:
        """Adds an entry whose queues were made with `get_queue`."""
        self.pool.insert(entry)
        self._journal.append((True, entry, False))

    def remove(self, entry: Entry) -> None:
        """Takes out a mined transaction: it leaves no status here."""
        self._take_out(entry, has_record=False)

    def drop(
        self, entry: Entry, status: DropStatus, reason: str, replaced_by: Hash32 | None = None
    ) -> None:
        """Takes out a transaction that was not mined, and says why."""
        self._take_out(entry, has_record=True)
        self.dropped.append(
            Dropped(
                entry.txid, status, reason, replaced_by, self.tenure, entry.received_at, entry.raw
            )
        )

    def _take_out(self, entry: Entry, *, has_record: bool) -> None:
        self.pool.remove(entry)
        self._keys.update((entry.origin_key, entry.payer_key))
        self._journal.append((False, entry, has_record))

    def mark(self) -> int:
        """A point to which `revert` can return."""
        return len(self._journal)

    def revert(self, mark: int) -> None:
        """Takes back what happened since `mark`."""
        while len(self._journal) > mark:
            inserted, entry, has_record = self._journal.pop()
            if inserted:
                self.pool.remove(entry)
            else:
                self.pool.insert(entry)
            if has_record:
                self.dropped.pop()

    def abandon(self) -> None:
        """Takes everything back."""
        self.revert(0)
        self._sweep()

    def commit(self, kv: KV, memory: DroppedMemory, take_seq: Callable[[], int]) -> None:
        """Makes the changes durable in one write. Raises what `kv` raises: abandon them then."""
        if self._journal:
            writes: dict[bytes, bytes | None] = {}
            for seq in memory.stale_seqs:
                writes[drop_key(seq)] = None
            for inserted, entry, _ in self._journal:
                writes[tx_key(entry.seq)] = encode_entry(entry) if inserted else None
            records = [(take_seq(), dropped) for dropped in self.dropped]
            for seq, dropped in records:
                writes[drop_key(seq)] = encode_dropped(dropped)
            kv.write(writes)
            memory.stale_seqs.clear()
            for _, entry, has_record in self._journal:
                if not has_record:  # it waits again, or was mined: an older status is wrong now
                    memory.forget(entry.txid)
            for seq, dropped in records:
                memory.remember(seq, dropped)
        self._sweep()

    def _sweep(self) -> None:
        for key in self._keys:
            self.pool.sweep(key)
