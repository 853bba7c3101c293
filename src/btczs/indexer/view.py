"""Queries: one typed function each, over one snapshot of the index.

Pages are (rows, total). `offset` counts from the newest; it is turned into a dense ordinal, so a
deep page costs what the first one does.
"""

import sqlite3
from typing import Final

from btczs.indexer.amounts import unpack_amount
from btczs.indexer.rows import (
    NO_TOTALS,
    AddressEventRow,
    AddressTotalsRow,
    AddressTransactionRow,
    BlockRow,
    L1BlockRow,
    TransactionFilter,
    TransactionRow,
    read_address_transaction,
    read_block,
    read_transaction,
)
from btczs.primitives import BaseUnits, ChainHeight

__all__ = [
    "AddressEventRow",
    "AddressTotalsRow",
    "AddressTransactionRow",
    "BlockRow",
    "IndexView",
    "L1BlockRow",
    "TransactionFilter",
    "TransactionRow",
]


_BLOCK: Final = (
    "SELECT height, block_id, block_hash, parent_block_id, parent_block_hash, consensus_hash, "
    "tenure_height, is_tenure_start, timestamp, miner, miner_txid, state_root, l1_height, l1_hash, "
    "l1_time, signatures, cost, first_ordinal, tx_count FROM blocks "
)
_TX_COLUMNS: Final = (
    "t.ordinal, t.txid, t.height, t.tx_index, t.kind, t.sender, t.recipient, t.raw, t.receipt"
)
_TX: Final = f"SELECT {_TX_COLUMNS} FROM transactions t "


class IndexView:
    """A snapshot. Made by `Index.view()`, valid inside its `with`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    # ------------------------------------------------------------------ blocks

    def last_height(self) -> ChainHeight | None:
        height = self._db.execute("SELECT max(height) FROM blocks").fetchone()[0]
        return None if height is None else ChainHeight(height)

    def block_by_height(self, height: int) -> BlockRow | None:
        return self._one_block("WHERE height = ?", height)

    def block_by_hash(self, digest: bytes) -> BlockRow | None:
        """By block hash or by block id."""
        return self._one_block("WHERE block_id = ?", digest) or self._one_block(
            "WHERE block_hash = ? ORDER BY height DESC LIMIT 1", digest
        )

    def latest_block(self) -> BlockRow | None:
        return self._one_block("ORDER BY height DESC LIMIT 1")

    def block_at_time(self, timestamp: int) -> BlockRow | None:
        """The last block that is not younger than `timestamp`."""
        return self._one_block(
            "WHERE timestamp <= ? ORDER BY timestamp DESC, height DESC LIMIT 1", timestamp
        )

    def blocks(self, limit: int, offset: int) -> tuple[list[BlockRow], int]:
        """The newest first."""
        first, last = self._db.execute("SELECT min(height), max(height) FROM blocks").fetchone()
        if last is None:
            return [], 0
        rows = self._blocks("WHERE height <= ? ORDER BY height DESC LIMIT ?", last - offset, limit)
        return rows, last - first + 1

    def blocks_by_l1_height(
        self, l1_height: int, limit: int, offset: int
    ) -> tuple[list[BlockRow], int]:
        return self._blocks_of("l1_height", l1_height, limit, offset)

    def blocks_by_l1_hash(
        self, l1_hash: str, limit: int, offset: int
    ) -> tuple[list[BlockRow], int]:
        return self._blocks_of("l1_hash", l1_hash, limit, offset)

    def blocks_by_tenure(
        self, tenure_height: int, limit: int, offset: int
    ) -> tuple[list[BlockRow], int]:
        return self._blocks_of("tenure_height", tenure_height, limit, offset)

    def l1_blocks(self, limit: int, offset: int) -> tuple[list[L1BlockRow], int]:
        """Layer-1 blocks under which there are blocks, the newest first."""
        rows = self._db.execute(
            "SELECT l1_height, l1_hash, l1_time, count(*), sum(tx_count) FROM blocks "
            "GROUP BY l1_height ORDER BY l1_height DESC LIMIT ? OFFSET ?",
            (limit, offset),
        ).fetchall()
        total = self._db.execute("SELECT count(DISTINCT l1_height) FROM blocks").fetchone()[0]
        return [L1BlockRow(*row) for row in rows], total

    def block_hashes_of_l1(self, l1_height: int, limit: int) -> list[bytes]:
        rows = self._db.execute(
            "SELECT block_hash FROM blocks WHERE l1_height = ? ORDER BY height DESC LIMIT ?",
            (l1_height, limit),
        )
        return [row[0] for row in rows]

    def time_span_of_l1(self, l1_height: int) -> int:
        """Seconds from the first to the last block under that layer-1 block."""
        span = self._db.execute(
            "SELECT max(timestamp) - min(timestamp) FROM blocks WHERE l1_height = ?", (l1_height,)
        ).fetchone()[0]
        return int(span or 0)

    def l1_block(self, ref: int | str) -> L1BlockRow | None:
        """By height or by hash (display form); None if no block was made under it."""
        column = "l1_height" if isinstance(ref, int) else "l1_hash"
        row = self._db.execute(
            "SELECT l1_height, l1_hash, l1_time, count(*), sum(tx_count) FROM blocks "
            f"WHERE {column} = ? GROUP BY l1_height",
            (ref,),
        ).fetchone()
        return None if row is None else L1BlockRow(*row)

    def tenure_start(self, tenure_height: int) -> BlockRow | None:
        """The first block of a tenure."""
        return self._one_block("WHERE tenure_height = ? ORDER BY height LIMIT 1", tenure_height)

    def block_time_ms_average(self, since: int) -> int:
        """Mean time between blocks not older than `since`, in milliseconds; 0 if unknown."""
        first, last, count = self._db.execute(
            "SELECT min(timestamp), max(timestamp), count(*) FROM blocks WHERE timestamp >= ?",
            (since,),
        ).fetchone()
        return 0 if count < 2 else (last - first) * 1000 // (count - 1)

    # ------------------------------------------------------------------ transactions

    def transaction(self, txid: bytes) -> TransactionRow | None:
        row = self._db.execute(_TX + "WHERE t.txid = ?", (txid,)).fetchone()
        return None if row is None else read_transaction(row)

    def txids_of_block(self, block: BlockRow, limit: int) -> list[bytes]:
        """In the order of the block."""
        rows = self._db.execute(
            "SELECT txid FROM transactions WHERE ordinal BETWEEN ? AND ? ORDER BY ordinal LIMIT ?",
            (block.first_ordinal, block.first_ordinal + block.tx_count - 1, limit),
        )
        return [row[0] for row in rows]

    def transactions_of_block(
        self, block: BlockRow, limit: int, offset: int
    ) -> tuple[list[TransactionRow], int]:
        """In the order of the block."""
        start = block.first_ordinal + offset
        stop = block.first_ordinal + block.tx_count
        rows = self._db.execute(
            _TX + "WHERE t.ordinal >= ? AND t.ordinal < ? ORDER BY t.ordinal LIMIT ?",
            (start, stop, limit),
        )
        return [read_transaction(row) for row in rows], block.tx_count

    def transactions(
        self, limit: int, offset: int, only: TransactionFilter | None = None
    ) -> tuple[list[TransactionRow], int]:
        """The newest first. Without a filter a page costs the same at any depth."""
        if only is None or only == TransactionFilter():
            last = self._db.execute("SELECT max(ordinal) FROM transactions").fetchone()[0]
            if last is None:
                return [], 0
            rows = self._db.execute(
                _TX + "WHERE t.ordinal <= ? ORDER BY t.ordinal DESC LIMIT ?", (last - offset, limit)
            )
            return [read_transaction(row) for row in rows], last + 1
        where, parameters = self._filter_sql(only)
        total = self._db.execute(
            f"SELECT count(*) FROM transactions t {where}", parameters
        ).fetchone()[0]
        rows = self._db.execute(
            f"{_TX}{where} ORDER BY t.ordinal DESC LIMIT ? OFFSET ?", (*parameters, limit, offset)
        )
        return [read_transaction(row) for row in rows], total

    # ------------------------------------------------------------------ addresses

    def address_totals(self, address: str) -> AddressTotalsRow:
        """Zero for an address that was never seen."""
        row = self._db.execute(
            "SELECT sent, received, fees, rewards, tx_count, event_count "
            "FROM address_totals WHERE address = ?",
            (address,),
        ).fetchone()
        if row is None:
            return NO_TOTALS
        sent, received, fees, rewards = (BaseUnits(unpack_amount(raw)) for raw in row[:4])
        return AddressTotalsRow(sent, received, fees, rewards, row[4], row[5])

    def transactions_of_address(
        self, address: str, limit: int, offset: int
    ) -> tuple[list[AddressTransactionRow], int]:
        """The newest first."""
        total = self.address_totals(address).tx_count
        rows = self._db.execute(
            f"SELECT a.sent, a.received, a.fee, a.reward, {_TX_COLUMNS} "
            "FROM address_transactions a JOIN transactions t ON t.ordinal = a.tx_ordinal "
            "WHERE a.address = ? AND a.ordinal <= ? ORDER BY a.ordinal DESC LIMIT ?",
            (address, total - 1 - offset, limit),
        )
        return [read_address_transaction(row) for row in rows], total

    def transaction_of_address(self, address: str, txid: bytes) -> AddressTransactionRow | None:
        """What one transaction moved at `address`; None if it does not concern it."""
        row = self._db.execute(
            f"SELECT a.sent, a.received, a.fee, a.reward, {_TX_COLUMNS} "
            "FROM transactions t JOIN address_transactions a "
            "ON a.tx_ordinal = t.ordinal AND a.address = ? WHERE t.txid = ?",
            (address, txid),
        ).fetchone()
        return None if row is None else read_address_transaction(row)

    def addresses_of_transaction(self, ordinal: int) -> list[str]:
        """Every address that the transaction concerns."""
        rows = self._db.execute(
            "SELECT address FROM address_transactions WHERE tx_ordinal = ? ORDER BY address",
            (ordinal,),
        )
        return [row[0] for row in rows]

    def events_of_address(
        self, address: str, limit: int, offset: int
    ) -> tuple[list[AddressEventRow], int]:
        """The newest first."""
        total = self.address_totals(address).event_count
        rows = self._db.execute(
            f"SELECT e.event_index, {_TX_COLUMNS} "
            "FROM address_events e JOIN transactions t ON t.ordinal = e.tx_ordinal "
            "WHERE e.address = ? AND e.ordinal <= ? ORDER BY e.ordinal DESC LIMIT ?",
            (address, total - 1 - offset, limit),
        )
        return [AddressEventRow(read_transaction(row[1:]), row[0]) for row in rows], total

    # ------------------------------------------------------------------ helpers

    def _one_block(self, where: str, *parameters: object) -> BlockRow | None:
        row = self._db.execute(_BLOCK + where, parameters).fetchone()
        return None if row is None else read_block(row)

    def _blocks(self, where: str, *parameters: object) -> list[BlockRow]:
        return [read_block(row) for row in self._db.execute(_BLOCK + where, parameters)]

    def _blocks_of(
        self, column: str, value: object, limit: int, offset: int
    ) -> tuple[list[BlockRow], int]:
        total = self._db.execute(
            f"SELECT count(*) FROM blocks WHERE {column} = ?", (value,)
        ).fetchone()[0]
        where = f"WHERE {column} = ? ORDER BY height DESC LIMIT ? OFFSET ?"
        return self._blocks(where, value, limit, offset), total

    def _filter_sql(self, only: TransactionFilter) -> tuple[str, list[object]]:
        conditions: list[str] = []
        parameters: list[object] = []
        if only.kinds:
            conditions.append(f"t.kind IN ({','.join('?' * len(only.kinds))})")
            parameters.extend(only.kinds)
        for column, value in (("sender", only.sender), ("recipient", only.recipient)):
            if value is not None:
                conditions.append(f"t.{column} = ?")
                parameters.append(value)
        for sign, time in ((">=", only.time_min), ("<=", only.time_max)):
            if time is not None:
                edge = "min(first_ordinal)" if sign == ">=" else "max(first_ordinal + tx_count) - 1"
                conditions.append(
                    f"t.ordinal {sign} (SELECT coalesce({edge}, {2**62 if sign == '>=' else -1}) "
                    f"FROM blocks WHERE timestamp {sign} ?)"
                )
                parameters.append(time)
        return ("WHERE " + " AND ".join(conditions)) if conditions else "", parameters
