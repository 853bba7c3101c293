"""Per address: its transactions, its events and its running totals.

Totals are kept, not computed, so that a balance page of a busy address costs one row. They are
undone by subtracting exactly the rows that a rollback removes.
"""

import sqlite3
from collections.abc import Iterable, Sequence

from btczs.indexer.amounts import pack_amount, unpack_amount
from btczs.indexer.extract import TransactionFacts
from btczs.indexer.records import Credit

_BATCH = 500
"""Addresses per SELECT: below SQLite's oldest limit of 999 parameters."""


class Totals:
    """Running totals of one address; mutable while a block is being applied."""

    __slots__ = ("event_count", "fees", "received", "rewards", "sent", "tx_count")

    def __init__(
        self,
        sent: int = 0,
        received: int = 0,
        fees: int = 0,
        rewards: int = 0,
        tx_count: int = 0,
        event_count: int = 0,
    ) -> None:
        self.sent, self.received = sent, received
        self.fees, self.rewards = fees, rewards
        self.tx_count, self.event_count = tx_count, event_count

    def is_empty(self) -> bool:
        return not (
            self.sent
            or self.received
            or self.fees
            or self.rewards
            or self.tx_count
            or self.event_count
        )


class TotalsWriter:
    """Adds one block's transactions to the address tables, inside the caller's transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, first: int, facts: Sequence[TransactionFacts], credits: Sequence[Credit]) -> None:
        touched = {address for fact in facts for address in fact.movements}
        touched.update(credit.principal for credit in credits)
        totals = _load(self._connection, touched)
        transactions: list[tuple[object, ...]] = []
        events: list[tuple[object, ...]] = []
        for tx_ordinal, fact in enumerate(facts, first):
            for address, (sent, received, fee, reward) in fact.movements.items():
                t = totals[address]
                transactions.append(
                    (
                        address,
                        t.tx_count,
                        tx_ordinal,
                        pack_amount(sent),
                        pack_amount(received),
                        pack_amount(fee),
                        pack_amount(reward),
                    )
                )
                t.tx_count += 1
                t.sent += sent
                t.received += received
                t.fees += fee
                t.rewards += reward
            for address, event_index in fact.event_addresses:
                t = totals[address]
                events.append((address, t.event_count, tx_ordinal, event_index))
                t.event_count += 1
        for credit in credits:
            t = totals[credit.principal]
            if credit.is_reward:
                t.rewards += credit.amount
            else:
                t.received += credit.amount
        insert = self._connection.executemany
        insert("INSERT INTO address_transactions VALUES (?,?,?,?,?,?,?)", transactions)
        insert("INSERT INTO address_events VALUES (?,?,?,?)", events)
        _store(self._connection, totals)

    @staticmethod
    def undo(connection: sqlite3.Connection, first_ordinal: int, above_height: int) -> None:
        """Subtracts everything from `first_ordinal` on, and credits above `above_height`."""
        rows = connection.execute(
            "SELECT address, sent, received, fee, reward FROM address_transactions "
            "WHERE tx_ordinal >= ?",
            (first_ordinal,),
        ).fetchall()
        events = connection.execute(
            "SELECT address FROM address_events WHERE tx_ordinal >= ?", (first_ordinal,)
        ).fetchall()
        credits = connection.execute(
            "SELECT address, amount, is_reward FROM credits WHERE height > ?", (above_height,)
        ).fetchall()
        totals = _load(connection, {row[0] for row in (*rows, *events, *credits)})
        for address, sent, received, fee, reward in rows:
            t = totals[address]
            t.tx_count -= 1
            t.sent -= unpack_amount(sent)
            t.received -= unpack_amount(received)
            t.fees -= unpack_amount(fee)
            t.rewards -= unpack_amount(reward)
        for (address,) in events:
            totals[address].event_count -= 1
        for address, amount, is_reward in credits:
            t = totals[address]
            if is_reward:
                t.rewards -= unpack_amount(amount)
            else:
                t.received -= unpack_amount(amount)
        _store(connection, totals)


def _load(connection: sqlite3.Connection, addresses: Iterable[str]) -> dict[str, Totals]:
    wanted = list(addresses)
    totals = {address: Totals() for address in wanted}
    for start in range(0, len(wanted), _BATCH):
        part = wanted[start : start + _BATCH]
        marks = ",".join("?" * len(part))
        rows = connection.execute(
            "SELECT address, sent, received, fees, rewards, tx_count, event_count "
            f"FROM address_totals WHERE address IN ({marks})",
            part,
        )
        for address, sent, received, fees, rewards, tx_count, event_count in rows:
            totals[address] = Totals(
                unpack_amount(sent),
                unpack_amount(received),
                unpack_amount(fees),
                unpack_amount(rewards),
                tx_count,
                event_count,
            )
    return totals


def _store(connection: sqlite3.Connection, totals: dict[str, Totals]) -> None:
    connection.executemany(
        "INSERT OR REPLACE INTO address_totals VALUES (?,?,?,?,?,?,?)",
        (
            (
                address,
                pack_amount(t.sent),
                pack_amount(t.received),
                pack_amount(t.fees),
                pack_amount(t.rewards),
                t.tx_count,
                t.event_count,
            )
            for address, t in totals.items()
            if not t.is_empty()
        ),
    )
    connection.executemany(
        "DELETE FROM address_totals WHERE address = ?",
        ((address,) for address, t in totals.items() if t.is_empty()),
    )
