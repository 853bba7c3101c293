"""The tables of the mempool: by id, by account and nonce, by fee rate, by age.

Two heaps hold `(key…, txid)` and are cleaned lazily: an item whose transaction is gone is thrown
away when it surfaces, and a heap that is mostly such items is rebuilt. So inserting, removing and
choosing cost O(log n), and a block's selection does not walk the whole pool.
"""

from heapq import heapify, heappop, heappush
from typing import TypeVar

from btczs.ledger.mempool.entry import Entry
from btczs.primitives import Hash32

HEAP_SLACK = 1024
"""A heap may hold this many stale items beside as many as there are entries."""

HeapItem = tuple[int, int, Hash32]

_K = TypeVar("_K")


class AccountQueue:
    """What waits of one account, by nonce; `nonce` is the account's in the state last seen."""

    __slots__ = ("bytes_total", "cost", "key", "nonce", "slots")

    def __init__(self, key: bytes, nonce: int) -> None:
        self.key = key
        self.nonce = nonce
        self.slots: dict[int, Entry] = {}
        self.cost = 0
        self.bytes_total = 0


class Pool:
    """The waiting transactions. Keeps its tables consistent; knows no rules."""

    def __init__(self) -> None:
        self.entries: dict[Hash32, Entry] = {}
        """In order of arrival, except those that an abandoned change took out and put back."""
        self.queues: dict[bytes, AccountQueue] = {}
        self.incoming: dict[bytes, dict[Hash32, Entry]] = {}
        """Transfers by the account that receives them."""
        self.by_tenure: dict[int, dict[Hash32, Entry]] = {}
        """By the tenure of arrival: at most as many as a transaction may age."""
        self.bytes_total = 0
        self.heads: list[HeapItem] = []
        """(-rate, seq, txid) of every entry whose origin nonce is its account's next."""
        self._cheapest: list[HeapItem] = []
        """(rate, -seq, txid) of every entry."""

    def get_queue(self, key: bytes, nonce: int) -> AccountQueue:
        """The queue of an account whose nonce in the state is `nonce`; made if there is none."""
        queue = self.queues.get(key)
        if queue is None:
            queue = self.queues[key] = AccountQueue(key, nonce)
        elif queue.nonce != nonce:
            queue.nonce = nonce
            head = queue.slots.get(nonce)
            if head is not None:
                self._push_head(head)
        return queue

    def insert(self, entry: Entry) -> None:
        """Adds `entry`; the queues of its accounts exist and its slots are free."""
        txid = entry.txid
        assert txid not in self.entries, "the transaction is in the pool"
        self.entries[txid] = entry
        self.bytes_total += entry.size
        for key, nonce in entry.slots():
            queue = self.queues[key]
            assert nonce not in queue.slots, "the nonce is taken"
            queue.slots[nonce] = entry
            queue.cost += entry.cost(key)
            queue.bytes_total += entry.size
        if entry.recipient_key is not None:
            _put(self.incoming, entry.recipient_key, entry)
        _put(self.by_tenure, entry.tenure, entry)
        self._push_head(entry)
        heappush(self._cheapest, (entry.rate, -entry.seq, txid))
        self._compact()

    def remove(self, entry: Entry) -> None:
        """Takes `entry` out. Queues that become empty stay until `sweep`."""
        del self.entries[entry.txid]
        self.bytes_total -= entry.size
        for key, nonce in entry.slots():
            queue = self.queues[key]
            del queue.slots[nonce]
            queue.cost -= entry.cost(key)
            queue.bytes_total -= entry.size
        if entry.recipient_key is not None:
            _delete(self.incoming, entry.recipient_key, entry.txid)
        _delete(self.by_tenure, entry.tenure, entry.txid)

    def sweep(self, key: bytes) -> None:
        """Forgets the queue under `key` if it is empty."""
        queue = self.queues.get(key)
        if queue is not None and not queue.slots:
            del self.queues[key]

    def is_current(self, item: HeapItem) -> bool:
        """Whether a heap item still stands for an entry."""
        entry = self.entries.get(item[2])
        return entry is not None and entry.seq == abs(item[1])

    def find_cheapest(self) -> Entry | None:
        """The entry with the lowest fee rate; of several the newest."""
        while self._cheapest:
            if self.is_current(self._cheapest[0]):
                return self.entries[self._cheapest[0][2]]
            heappop(self._cheapest)
        return None

    def _push_head(self, entry: Entry) -> None:
        if self.queues[entry.origin_key].nonce == entry.origin_nonce:
            heappush(self.heads, (-entry.rate, entry.seq, entry.txid))

    def _compact(self) -> None:
        limit = 2 * len(self.entries) + HEAP_SLACK
        if len(self._cheapest) > limit:
            self._cheapest = [(e.rate, -e.seq, e.txid) for e in self.entries.values()]
            heapify(self._cheapest)
        if len(self.heads) > limit:
            self.heads = []
            for entry in self.entries.values():
                self._push_head(entry)


def _put(table: dict[_K, dict[Hash32, Entry]], key: _K, entry: Entry) -> None:
    """Puts into a table of tables; makes the inner one if it is missing."""
    inner = table.get(key)
    if inner is None:
        table[key] = {entry.txid: entry}
    else:
        inner[entry.txid] = entry


def _delete(table: dict[_K, dict[Hash32, Entry]], key: _K, txid: Hash32) -> None:
    """Deletes from a table of tables, and the inner one when it is empty."""
    inner = table[key]
    del inner[txid]
    if not inner:
        del table[key]
