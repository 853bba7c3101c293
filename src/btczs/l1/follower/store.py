"""The follower's file: headers of the best chain, and facts of its newest blocks, in SQLite.

Every change is one transaction (WAL, `synchronous=FULL`): after `kill -9` the file holds the state
before it or after it. A change also names the tip it builds on, so two processes on one file cannot
interleave.

    meta      key, value                          which chain and start the file belongs to
    headers   height, hash, time, bits, raw       contiguous; some before the start, as context
    blocks    height, tx_count                    facts are kept for these heights
    selected  height, tx_index, raw               the selected transactions of those blocks
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from btczs.l1.follower.errors import NotFollowed, StoreUnavailable, WrongStore
from btczs.l1.follower.model import BlockRef, L1Facts
from btczs.l1.follower.verify import HeaderRecord
from btczs.l1.params import L1Params
from btczs.primitives import Hash32, L1Height
from btczs.primitives.units import hash_hex

SCHEMA_VERSION = "1"
_BUSY_TIMEOUT_S = 5
_PRUNE_ROWS_MAX = 256
"""Blocks whose facts one commit forgets at most: a smaller `keep_blocks` is reached in steps."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS headers (
    height INTEGER PRIMARY KEY, hash BLOB NOT NULL, time INTEGER NOT NULL, bits INTEGER NOT NULL,
    raw BLOB NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS headers_hash ON headers (hash);
CREATE TABLE IF NOT EXISTS blocks (height INTEGER PRIMARY KEY, tx_count INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS selected (
    height INTEGER NOT NULL, tx_index INTEGER NOT NULL, raw BLOB NOT NULL,
    PRIMARY KEY (height, tx_index)) WITHOUT ROWID;
"""


class FollowerStore:
    """One open file. Raises `WrongStore` or `StoreUnavailable`; use it in the thread that made it."""

    def __init__(
        self, path: Path, params: L1Params, start_height: L1Height, keep_blocks: int
    ) -> None:
        self._start = start_height
        self._keep_blocks = keep_blocks
        with _typed_errors():
            # Autocommit mode: transactions are begun explicitly, in `_change`.
            self._db = sqlite3.connect(path, timeout=_BUSY_TIMEOUT_S, isolation_level=None)
        try:
            with _typed_errors():
                self._db.execute("PRAGMA journal_mode=WAL")
                self._db.execute("PRAGMA synchronous=FULL")
                self._db.executescript(_SCHEMA)
                self._claim(params)
        except BaseException:
            self._db.close()
            raise

    def close(self) -> None:
        self._db.close()

    # Reads

    def tip(self) -> BlockRef | None:
        """The newest followed block; context before the start does not count."""
        row = self._row("SELECT height, hash FROM headers ORDER BY height DESC LIMIT 1")
        if row is None or row[0] < self._start:
            return None
        return BlockRef(L1Height(row[0]), Hash32(row[1]))

    def header_at(self, height: int) -> HeaderRecord | None:
        """A stored header, of the context before the start too."""
        row = self._row("SELECT height, hash, time, bits, raw FROM headers WHERE height=?", height)
        return None if row is None else HeaderRecord(*row)

    def look_up(self, height: int) -> tuple[int, int] | None:
        """`(time, bits)` for the rules of the next header."""
        row = self._row("SELECT time, bits FROM headers WHERE height=?", height)
        return None if row is None else (row[0], row[1])

    def height_of(self, block_hash: Hash32) -> L1Height | None:
        row = self._row("SELECT height FROM headers WHERE hash=?", block_hash)
        return None if row is None else L1Height(row[0])

    def first_height(self) -> int | None:
        """Lowest height of which the header is stored."""
        row = self._row("SELECT min(height) FROM headers")
        return None if row is None else row[0]

    def facts_at(self, height: int) -> L1Facts:
        """Raises `NotFollowed`."""
        header = self.header_at(height)
        row = self._row("SELECT tx_count FROM blocks WHERE height=?", height)
        if header is None or height < self._start:
            raise NotFollowed(height, "it is not followed")
        if row is None:
            raise NotFollowed(height, "it was pruned")
        with _typed_errors():
            selected = self._db.execute(
                "SELECT tx_index, raw FROM selected WHERE height=? ORDER BY tx_index", (height,)
            ).fetchall()
        return L1Facts(
            height=L1Height(height),
            hash=header.hash,
            header=header.raw,
            selected=tuple((index, raw) for index, raw in selected),
            tx_count=row[0],
        )

    # Changes: each one transaction

    def set_context(self, records: Sequence[HeaderRecord]) -> None:
        """Replace everything by the headers just before the start."""
        with self._change(None):
            self._clear()
            self._insert_headers(records)

    def append(self, on: Hash32 | None, blocks: Sequence[tuple[HeaderRecord, L1Facts]]) -> None:
        """Add blocks above the tip `on` (None: there is none yet) and prune old facts."""
        with self._change(on):
            self._insert_headers([record for record, _ in blocks])
            for _, facts in blocks:
                self._db.execute("INSERT INTO blocks VALUES (?,?)", (facts.height, facts.tx_count))
                self._db.executemany(
                    "INSERT INTO selected VALUES (?,?,?)",
                    [(facts.height, index, raw) for index, raw in facts.selected],
                )
            if blocks:
                self._prune(blocks[-1][0].height - self._keep_blocks)

    def rewind(self, on: Hash32, to_height: int) -> None:
        """Forget everything above `to_height`."""
        with self._change(on):
            for table in ("headers", "blocks", "selected"):
                self._db.execute(f"DELETE FROM {table} WHERE height>?", (to_height,))

    def clear(self, on: Hash32) -> None:
        """Forget everything, the context too."""
        with self._change(on):
            self._clear()

    def _clear(self) -> None:
        for table in ("headers", "blocks", "selected"):
            self._db.execute(f"DELETE FROM {table}")

    def _insert_headers(self, records: Sequence[HeaderRecord]) -> None:
        self._db.executemany(
            "INSERT INTO headers VALUES (?,?,?,?,?)",
            [(r.height, r.hash, r.time, r.bits, r.raw) for r in records],
        )

    def _prune(self, up_to: int) -> None:
        """Forget facts of blocks at or below `up_to`, the oldest first. Headers stay."""
        rows = self._db.execute(
            "SELECT height FROM blocks WHERE height<=? ORDER BY height LIMIT ?",
            (up_to, _PRUNE_ROWS_MAX),
        ).fetchall()
        self._db.executemany("DELETE FROM selected WHERE height=?", rows)
        self._db.executemany("DELETE FROM blocks WHERE height=?", rows)

    @contextmanager
    def _change(self, on: Hash32 | None) -> Iterator[None]:
        """One atomic, durable change, made only if the tip is still `on`."""
        with _typed_errors():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                tip = self.tip()
                if (tip.hash if tip else None) != on:
                    raise StoreUnavailable("another process has changed it meanwhile")
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def _claim(self, params: L1Params) -> None:
        """Mark a new file as this chain's; refuse one that is another's."""
        identity = {
            "schema": SCHEMA_VERSION,
            "chain": params.chain,
            "network": params.network,
            "genesis": hash_hex(params.genesis_hash),
            "start_height": str(self._start),
        }
        self._db.execute("BEGIN IMMEDIATE")
        self._db.executemany("INSERT OR IGNORE INTO meta VALUES (?,?)", identity.items())
        self._db.execute("COMMIT")
        found = dict(self._db.execute("SELECT key, value FROM meta").fetchall())
        for key, value in identity.items():
            if found[key] != value:
                raise WrongStore(f"its {key} is {found[key]}, not {value}")

    def _row(self, statement: str, *arguments: object) -> tuple[Any, ...] | None:
        with _typed_errors():
            row: tuple[Any, ...] | None = self._db.execute(statement, arguments).fetchone()
            return row


@contextmanager
def _typed_errors() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise StoreUnavailable(str(error)) from error
    except sqlite3.DatabaseError as error:
        raise WrongStore(str(error)) from error
