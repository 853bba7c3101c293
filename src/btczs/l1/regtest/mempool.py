"""The pool of unconfirmed transactions: an index of who spends what, with bounds.

It knows nothing of rules: `policy.accept_transaction` decides, the pool stores. Descendants leave
with their ancestors, so what the pool holds can always be mined in the order of arrival.
"""

from collections.abc import Callable, Iterable, Iterator

from btczs.l1.bitcoinz.transaction import Transaction
from btczs.l1.regtest import limits
from btczs.l1.regtest.utxo import CoinView, Outputs, compute_outputs
from btczs.primitives import Hash32, Zat

MEMPOOL_HEIGHT = 0x7FFFFFFF
"""Height of coins made by unconfirmed transactions."""


class PoolEntry:
    """An accepted transaction and its place in the graph of the pool."""

    __slots__ = (
        "branch_id",
        "children",
        "fee",
        "height",
        "parents",
        "raw",
        "sequence",
        "sigops",
        "size",
        "time",
        "tx",
        "txid",
    )

    def __init__(
        self,
        *,
        tx: Transaction,
        raw: bytes,
        fee: Zat,
        sigops: int,
        time: int,
        height: int,
        branch_id: int,
    ) -> None:
        self.tx = tx
        self.txid: Hash32 = tx.txid
        self.raw = raw
        self.size = len(raw)
        self.fee = fee
        self.sigops = sigops
        self.time = time
        self.height = height
        self.branch_id = branch_id
        self.sequence = 0
        self.parents: set[Hash32] = set()
        self.children: set[Hash32] = set()


def compute_cost(size: int) -> int:
    return max(size, limits.MEMPOOL_COST_PER_TRANSACTION_MIN)


class Mempool:
    def __init__(self) -> None:
        self._entries: dict[Hash32, PoolEntry] = {}
        self._spenders: dict[tuple[Hash32, int], Hash32] = {}
        self._sequence = 0
        self.bytes_total = 0
        self.cost_total = 0

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, txid: object) -> bool:
        return txid in self._entries

    def get(self, txid: Hash32) -> PoolEntry | None:
        return self._entries.get(txid)

    def iterate(self) -> Iterator[PoolEntry]:
        """Entries in the order of arrival (parents before children)."""
        return iter(self._entries.values())

    def get_spender(self, txid: Hash32, index: int) -> Hash32 | None:
        """The pool's transaction that spends this output."""
        return self._spenders.get((txid, index))

    def has_room(self, size: int) -> bool:
        return self.cost_total + compute_cost(size) <= limits.MEMPOOL_COST_MAX

    def compute_parents(self, tx: Transaction) -> set[Hash32]:
        return {i.prev_txid for i in tx.inputs if i.prev_txid in self._entries}

    def collect_ancestors(self, parents: Iterable[Hash32]) -> list[PoolEntry]:
        """The parents and everything they depend on."""
        return self._collect(parents, lambda entry: entry.parents)

    def collect_descendants(self, txids: Iterable[Hash32]) -> list[PoolEntry]:
        """The transactions and everything that depends on them."""
        return self._collect(txids, lambda entry: entry.children)

    def _collect(
        self, start: Iterable[Hash32], neighbours: Callable[[PoolEntry], set[Hash32]]
    ) -> list[PoolEntry]:
        found: dict[Hash32, PoolEntry] = {}
        waiting = list(start)
        while waiting:
            txid = waiting.pop()
            if txid in found or txid not in self._entries:
                continue
            found[txid] = entry = self._entries[txid]
            waiting.extend(neighbours(entry))
        return list(found.values())

    def is_within_chain_limits(self, entry_size: int, parents: set[Hash32]) -> bool:
        """Whether the graph stays within the ancestor and descendant limits with one more child."""
        ancestors = self.collect_ancestors(parents)
        if len(ancestors) + 1 > limits.ANCESTORS_MAX:
            return False
        if sum(a.size for a in ancestors) + entry_size > limits.ANCESTORS_BYTES_MAX:
            return False
        for ancestor in ancestors:
            descendants = self.collect_descendants([ancestor.txid])
            if len(descendants) + 1 > limits.DESCENDANTS_MAX:
                return False
            if sum(d.size for d in descendants) + entry_size > limits.DESCENDANTS_BYTES_MAX:
                return False
        return True

    def add(self, entry: PoolEntry) -> None:
        assert entry.txid not in self._entries
        self._sequence += 1
        entry.sequence = self._sequence
        entry.parents = self.compute_parents(entry.tx)
        for parent in entry.parents:
            self._entries[parent].children.add(entry.txid)
        for tx_input in entry.tx.inputs:
            place = (tx_input.prev_txid, tx_input.prev_index)
            assert place not in self._spenders, "conflicts were refused before"
            self._spenders[place] = entry.txid
        self._entries[entry.txid] = entry
        self.bytes_total += entry.size
        self.cost_total += compute_cost(entry.size)

    def remove(self, txid: Hash32) -> PoolEntry:
        """Takes one transaction out; its children stay (it was mined, or they go next)."""
        entry = self._entries.pop(txid)
        for tx_input in entry.tx.inputs:
            del self._spenders[tx_input.prev_txid, tx_input.prev_index]
        for parent in entry.parents:
            if parent in self._entries:
                self._entries[parent].children.discard(txid)
        for child in entry.children:
            if child in self._entries:
                self._entries[child].parents.discard(txid)
        self.bytes_total -= entry.size
        self.cost_total -= compute_cost(entry.size)
        return entry

    def remove_with_descendants(self, txids: Iterable[Hash32]) -> list[Hash32]:
        """Takes the transactions and all that depend on them out."""
        removed = [entry.txid for entry in self.collect_descendants(txids)]
        for txid in removed:
            self.remove(txid)
        return removed

    def remove_for_block(self, transactions: Iterable[Transaction]) -> list[Hash32]:
        """Takes out what a block confirmed and what now conflicts with it."""
        removed = []
        for tx in transactions:
            if tx.txid in self._entries:
                self.remove(tx.txid)
                removed.append(tx.txid)
            for tx_input in tx.inputs:
                conflict = self._spenders.get((tx_input.prev_txid, tx_input.prev_index))
                if conflict is not None:
                    removed.extend(self.remove_with_descendants([conflict]))
        return removed

    def clear(self) -> list[PoolEntry]:
        """Empties the pool: what it held, in the order of arrival."""
        entries = list(self._entries.values())
        self._entries.clear()
        self._spenders.clear()
        self.bytes_total = self.cost_total = 0
        return entries


class PoolCoins:
    """The coins of the chain with those that the pool's transactions make.

    Coins spent by the pool are still shown: the pool's conflict rule looks at spenders itself.
    """

    def __init__(self, chain: CoinView, pool: Mempool) -> None:
        self._chain = chain
        self._pool = pool

    def get_outputs(self, txid: Hash32) -> Outputs | None:
        entry = self._pool.get(txid)
        if entry is not None:
            return compute_outputs(entry.tx, MEMPOOL_HEIGHT) or None
        return self._chain.get_outputs(txid)
