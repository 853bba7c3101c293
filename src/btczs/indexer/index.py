"""The index itself: one writer that applies and undoes blocks, and views for reading.

`apply` is one SQLite transaction: a block is in the index completely or not at all. Views are
snapshots: what one `with index.view()` sees never changes under it.
"""

import sqlite3
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import msgspec

from btczs.indexer.amounts import pack_amount
from btczs.indexer.database import open_reader, open_writer
from btczs.indexer.extract import TransactionFacts, extract_facts
from btczs.indexer.records import Credit, IndexRecord
from btczs.indexer.totals import TotalsWriter
from btczs.indexer.view import IndexView
from btczs.ledger.events import MintEvent
from btczs.primitives import ChainHeight, InvalidInput
from btczs.vm.clarity.costs import ZERO_COST, ExecutionCost

_encode = msgspec.msgpack.Encoder().encode


class IndexConflict(InvalidInput):
    """A block does not follow the last one of the index. Fields: `height`, `expected_height`.

    If the chain took another branch, `rollback_to` the fork point first.
    """

    code: ClassVar[str] = "index_conflict"

    def __init__(self, height: int, expected_height: int, reason: str) -> None:
        super().__init__(f"block {height}: {reason}")
        self.height, self.expected_height = height, expected_height


class Index:
    """The queryable history of the chain, in one SQLite file.

    One thread writes at a time; any number of threads read.
    """

    def __init__(self, path: Path) -> None:
        """Opens or creates the file. Raises `IndexUnusable`."""
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._writer = open_writer(path)
        self._write_lock = threading.Lock()
        self._local = threading.local()
        self._readers: list[sqlite3.Connection] = []

    def close(self) -> None:
        """Closes every connection. No view may be open."""
        for connection in (*self._readers, self._writer):
            connection.close()
        self._readers.clear()

    # ------------------------------------------------------------------ reading

    @contextmanager
    def view(self) -> Iterator[IndexView]:
        """A consistent snapshot for the queries inside the `with`. Do not await inside it."""
        open_view: IndexView | None = getattr(self._local, "view", None)
        if open_view is not None:  # nested: the same snapshot
            yield open_view
            return
        connection = self._reader()
        connection.execute("BEGIN")
        view = IndexView(connection)
        self._local.view = view
        try:
            yield view
        finally:
            self._local.view = None
            connection.execute("ROLLBACK")

    def _reader(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = open_reader(self.path)
            self._local.connection = connection
            self._readers.append(connection)
        return connection

    def last_height(self) -> ChainHeight | None:
        """Height of the last block in the index, None if it is empty."""
        with self.view() as view:
            return view.last_height()

    # ------------------------------------------------------------------ writing

    def apply(self, record: IndexRecord) -> bool:
        """Adds a block. False if it is there already. Raises `IndexConflict`."""
        facts = [extract_facts(item) for item in record.transactions]
        with self._transaction() as connection:
            last = _last_height(connection)
            if last is not None and record.height <= last:
                self._verify_same(connection, record, ChainHeight(last + 1))
                return False
            if last is not None:
                self._verify_follows(connection, record, last)
            self._insert(connection, record, facts)
        return True

    def set_signatures(self, height: ChainHeight, signatures: tuple[bytes, ...]) -> None:
        """Notes the signers' signatures of a block; they come after it. Unknown height: nothing."""
        with self._transaction() as connection:
            connection.execute(
                "UPDATE blocks SET signatures = ? WHERE height = ?", (b"".join(signatures), height)
            )

    def rollback_to(self, height: int) -> None:
        """Removes every block above `height`; -1 empties the index."""
        with self._transaction() as connection:
            row = connection.execute(
                "SELECT min(first_ordinal) FROM blocks WHERE height > ?", (height,)
            ).fetchone()
            if row[0] is None:
                return
            TotalsWriter.undo(connection, first_ordinal=row[0], above_height=height)
            for statement in (
                "DELETE FROM address_events WHERE tx_ordinal >= ?",
                "DELETE FROM address_transactions WHERE tx_ordinal >= ?",
                "DELETE FROM transactions WHERE ordinal >= ?",
            ):
                connection.execute(statement, (row[0],))
            connection.execute("DELETE FROM credits WHERE height > ?", (height,))
            connection.execute("DELETE FROM blocks WHERE height > ?", (height,))

    def rebuild(self, records: Iterable[IndexRecord]) -> int:
        """Empties the index and applies `records`. Returns how many there were."""
        self.rollback_to(-1)
        return sum(self.apply(record) for record in records)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._write_lock:
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
            except BaseException:
                self._writer.execute("ROLLBACK")
                raise
            self._writer.execute("COMMIT")

    @staticmethod
    def _verify_same(
        connection: sqlite3.Connection, record: IndexRecord, expected: ChainHeight
    ) -> None:
        row = connection.execute(
            "SELECT block_id FROM blocks WHERE height = ?", (record.height,)
        ).fetchone()
        if row is None or row[0] != record.block_id:
            raise IndexConflict(record.height, expected, "another block is indexed at this height")

    @staticmethod
    def _verify_follows(
        connection: sqlite3.Connection, record: IndexRecord, last: ChainHeight
    ) -> None:
        if record.height != last + 1:
            raise IndexConflict(record.height, last + 1, f"the next block is {last + 1}")
        parent = connection.execute("SELECT block_id FROM blocks WHERE height = ?", (last,))
        if parent.fetchone()[0] != record.parent_block_id:
            raise IndexConflict(record.height, last + 1, "its parent is not the last block")

    @staticmethod
    def _insert(
        connection: sqlite3.Connection, record: IndexRecord, facts: list[TransactionFacts]
    ) -> None:
        first = _next_ordinal(connection)
        credits = _without_minted(record)
        connection.execute(
            f"INSERT INTO blocks VALUES ({','.join('?' * 19)})",
            (
                record.height,
                record.block_id,
                record.block_hash,
                record.parent_block_id,
                record.parent_block_hash,
                record.consensus_hash,
                record.tenure_height,
                record.is_tenure_start,
                record.timestamp,
                record.miner,
                record.miner_txid,
                record.state_root,
                record.l1_height,
                record.l1_hash,
                record.l1_time,
                b"".join(record.signatures),
                _encode(_sum_costs(record)),
                first,
                len(facts),
            ),
        )
        connection.executemany(
            "INSERT INTO transactions VALUES (?,?,?,?,?,?,?,?,?,?)",
            (
                (
                    first + position,
                    fact.txid,
                    record.height,
                    position,
                    fact.kind,
                    fact.sender,
                    fact.recipient,
                    fact.event_count,
                    item.raw,
                    _encode(item.receipt),
                )
                for position, (item, fact) in enumerate(
                    zip(record.transactions, facts, strict=True)
                )
            ),
        )
        connection.executemany(
            "INSERT INTO credits VALUES (?,?,?,?,?)",
            (
                (record.height, i, c.principal, pack_amount(c.amount), c.is_reward)
                for i, c in enumerate(credits)
            ),
        )
        TotalsWriter(connection).add(first, facts, credits)


def _without_minted(record: IndexRecord) -> list[Credit]:
    """The credits that no receipt tells of: a matured reward may stand in both and counts once."""
    minted = Counter(
        Credit.of_mint(event)
        for item in record.transactions
        for event in item.receipt.events
        if isinstance(event, MintEvent)
    )
    credits: list[Credit] = []
    for credit in record.credits:
        if minted[credit]:
            minted[credit] -= 1
        else:
            credits.append(credit)
    return credits


def _sum_costs(record: IndexRecord) -> ExecutionCost:
    costs = [msgspec.structs.astuple(item.receipt.cost) for item in record.transactions]
    return ExecutionCost(*map(sum, zip(*costs, strict=True))) if costs else ZERO_COST


def _last_height(connection: sqlite3.Connection) -> ChainHeight | None:
    row = connection.execute("SELECT max(height) FROM blocks").fetchone()
    return None if row[0] is None else ChainHeight(row[0])


def _next_ordinal(connection: sqlite3.Connection) -> int:
    row = connection.execute("SELECT max(ordinal) FROM transactions").fetchone()
    return 0 if row[0] is None else int(row[0]) + 1
