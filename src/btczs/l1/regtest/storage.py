"""What the embedded node keeps on disk: one SQLite file.

Blocks with their undo records and invalid marks, an index of transactions and of addresses over
*all* stored blocks (a query keeps what is on the active chain, so a reorganisation deletes
nothing), and the pool. Each public operation of the node is one transaction, durable when it
returns (WAL, synchronous=FULL): a kill -9 at any moment leaves the state of some completed
operation. The unspent outputs are rebuilt from blocks at start.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from btczs.l1.regtest.errors import CorruptStorage
from btczs.primitives import Hash32, Unavailable

SCHEMA_VERSION = 1

_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS blocks (
    sequence INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, raw BLOB NOT NULL,
    failed INTEGER NOT NULL, undo BLOB);
CREATE TABLE IF NOT EXISTS transactions (
    txid BLOB NOT NULL, block BLOB NOT NULL, PRIMARY KEY (txid, block)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS activity (
    script BLOB NOT NULL, block BLOB NOT NULL, tx_index INTEGER NOT NULL,
    spends INTEGER NOT NULL, io_index INTEGER NOT NULL, txid BLOB NOT NULL, value INTEGER NOT NULL,
    PRIMARY KEY (script, block, tx_index, spends, io_index)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pool (
    sequence INTEGER PRIMARY KEY, txid BLOB NOT NULL UNIQUE, raw BLOB NOT NULL, time INTEGER NOT NULL);
"""


class StoredBlock(NamedTuple):
    sequence: int
    hash: Hash32
    raw: bytes
    failed: bool
    validated: bool


class Activity(NamedTuple):
    """One input (`spends`, negative value) or output of a transaction that touches a script."""

    script: bytes
    block: Hash32
    tx_index: int
    spends: bool
    io_index: int
    txid: Hash32
    value: int


class BlockStore:
    """The database. `path` None keeps everything in memory. Callers serialise access."""

    def __init__(self, path: Path | None, *, identity: bytes) -> None:
        """Opens or creates the file. `identity` names the rules: a file of others is refused."""
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._db = sqlite3.connect(
                ":memory:" if path is None else str(path),
                isolation_level=None,
                check_same_thread=False,
            )
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.executescript(_SCHEMA)
        except sqlite3.DatabaseError as error:
            raise CorruptStorage(f"{path} cannot be opened: {error}") from error
        self._depth = 0
        self._check_identity(b"%d:" % SCHEMA_VERSION + identity)

    def _check_identity(self, identity: bytes) -> None:
        with self.transaction():
            row = self._db.execute("SELECT value FROM meta WHERE name='identity'").fetchone()
            if row is None:
                self._db.execute("INSERT INTO meta VALUES ('identity', ?)", (identity,))
        if row is not None and bytes(row[0]) != identity:
            self.close()
            raise CorruptStorage(
                "the stored chain follows other rules (network, upgrade heights or format):"
                " use another folder"
            )

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside becomes durable together, or not at all. Nests into the outermost."""
        if self._depth:
            yield
            return
        self._depth = 1
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            raise _failure(error) from error
        finally:
            self._depth = 0

    def put_block(
        self, sequence: int, block_hash: Hash32, raw: bytes, txids: Iterable[Hash32]
    ) -> None:
        self._run("INSERT INTO blocks VALUES (?, ?, ?, 0, NULL)", (sequence, block_hash, raw))
        self._write_all(
            "INSERT OR IGNORE INTO transactions VALUES (?, ?)",
            [(txid, block_hash) for txid in txids],
        )

    def get_block(self, block_hash: Hash32) -> bytes | None:
        row = self._run("SELECT raw FROM blocks WHERE hash=?", (block_hash,)).fetchone()
        return None if row is None else bytes(row[0])

    def iterate_blocks(self) -> Iterator[StoredBlock]:
        """All blocks in the order in which they arrived (parents before children)."""
        query = "SELECT sequence, hash, raw, failed, undo IS NOT NULL FROM blocks ORDER BY sequence"
        for sequence, block_hash, raw, failed, validated in self._run(query):
            yield StoredBlock(sequence, Hash32(block_hash), raw, bool(failed), bool(validated))

    def put_failed(self, block_hashes: Iterable[Hash32], *, failed: bool) -> None:
        self._write_all(
            "UPDATE blocks SET failed=? WHERE hash=?", [(failed, h) for h in block_hashes]
        )

    def put_undo(self, block_hash: Hash32, undo: bytes, activity: Iterable[Activity]) -> None:
        """Records that the block is valid, with what undoing it needs."""
        self._run("UPDATE blocks SET undo=? WHERE hash=?", (undo, block_hash))
        self._write_all("INSERT OR IGNORE INTO activity VALUES (?, ?, ?, ?, ?, ?, ?)", activity)

    def get_undo(self, block_hash: Hash32) -> bytes | None:
        row = self._run("SELECT undo FROM blocks WHERE hash=?", (block_hash,)).fetchone()
        return None if row is None or row[0] is None else bytes(row[0])

    def get_transaction_blocks(self, txid: Hash32) -> list[Hash32]:
        """The stored blocks, of any branch, that contain the transaction."""
        rows = self._run("SELECT block FROM transactions WHERE txid=?", (txid,))
        return [Hash32(row[0]) for row in rows]

    def get_activity(self, script: bytes) -> list[Activity]:
        rows = self._run("SELECT * FROM activity WHERE script=?", (script,))
        return [
            Activity(r[0], Hash32(r[1]), r[2], bool(r[3]), r[4], Hash32(r[5]), r[6]) for r in rows
        ]

    def put_pool(self, txid: Hash32, raw: bytes, time: int) -> None:
        self._run(
            "INSERT OR IGNORE INTO pool (txid, raw, time) VALUES (?, ?, ?)", (txid, raw, time)
        )

    def delete_pool(self, txids: Iterable[Hash32]) -> None:
        self._write_all("DELETE FROM pool WHERE txid=?", [(txid,) for txid in txids])

    def clear_pool(self) -> None:
        self._run("DELETE FROM pool")

    def get_pool(self) -> list[tuple[bytes, int]]:
        """(raw transaction, time of arrival), oldest first."""
        return list(self._run("SELECT raw, time FROM pool ORDER BY sequence"))

    def compute_size(self) -> int:
        """Bytes of all stored blocks."""
        row = self._run("SELECT COALESCE(SUM(LENGTH(raw)), 0) FROM blocks").fetchone()
        return int(row[0])

    def close(self) -> None:
        self._db.close()

    def _run(self, statement: str, values: tuple[object, ...] = ()) -> sqlite3.Cursor:
        try:
            return self._db.execute(statement, values)
        except sqlite3.Error as error:
            raise _failure(error) from error

    def _write_all(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        try:
            self._db.executemany(statement, rows)
        except sqlite3.Error as error:
            raise _failure(error) from error


def _failure(error: sqlite3.Error) -> Unavailable:
    return Unavailable(f"the chain database failed: {error}")
