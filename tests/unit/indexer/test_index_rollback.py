"""Undoing blocks, rebuilding, reopening, reading while writing."""

import sqlite3
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from index_world import FEE, GENESIS_AMOUNT, A, B, C, D, Transfer, genesis, make_record

from btczs.indexer import Credit, Index, IndexUnusable
from btczs.indexer.database import SCHEMA_VERSION
from btczs.ledger.devnet import DevnetKey
from btczs.primitives import BaseUnits

TABLES = (
    "blocks",
    "transactions",
    "address_transactions",
    "address_events",
    "credits",
    "address_totals",
)
KEYS = (A, B, C)


def dump(index: Index) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    connection = sqlite3.connect(index.path)
    try:
        return {table: sorted(connection.execute(f"SELECT * FROM {table}")) for table in TABLES}
    finally:
        connection.close()


class Chain:
    """Records of random transfers, and the balances that they lead to."""

    def __init__(self, moves: list[list[tuple[int, int, int, int]]]) -> None:
        nonces = dict.fromkeys(KEYS, 0)
        balances = dict.fromkeys((*KEYS, D), 0)
        for key in KEYS:
            balances[key] += GENESIS_AMOUNT
        self.records = [genesis(*KEYS)]
        self.balances = [dict(balances)]
        for height, block in enumerate(moves, 1):
            transfers = []
            for sender, recipient, amount, sponsor in block:
                transfers.append(
                    self._transfer(nonces, balances, sender, recipient, amount, sponsor)
                )
            balances[D] += 500
            reward = Credit(D.address, BaseUnits(500), True)
            self.records.append(make_record(height, tuple(transfers), credits=(reward,)))
            self.balances.append(dict(balances))

    @staticmethod
    def _transfer(
        nonces: dict[DevnetKey, int],
        balances: dict[DevnetKey, int],
        sender: int,
        recipient: int,
        amount: int,
        sponsor: int,
    ) -> Transfer:
        origin, to, payer = KEYS[sender], KEYS[recipient], KEYS[sponsor]
        transfer = Transfer(
            origin,
            nonces[origin],
            to,
            amount,
            sponsor=None if payer is origin else payer,
            sponsor_nonce=nonces[payer],
        )
        for key in {origin, payer}:
            nonces[key] += 1
        balances[origin] -= amount
        balances[to] += amount
        balances[payer] -= FEE
        return transfer


moves = st.lists(
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(1, 50), st.integers(0, 2)),
        max_size=3,
    ),
    min_size=1,
    max_size=5,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(moves, st.data())
def test_rollback_undoes_exactly_and_totals_give_the_balance(tmp_path, moves, data):
    chain = Chain(moves)
    path = tmp_path / "index.sqlite"
    for leftover in tmp_path.glob("index.sqlite*"):
        leftover.unlink()
    index = Index(path)
    try:
        dumps = []
        for record in chain.records:
            index.apply(record)
            dumps.append(dump(index))
        target = data.draw(st.integers(-1, len(moves)))
        index.rollback_to(target)
        expected = dumps[target] if target >= 0 else {table: [] for table in TABLES}
        assert dump(index) == expected
        for record in chain.records[target + 1 :]:
            index.apply(record)
        assert dump(index) == dumps[-1]
        with index.view() as view:
            for key, balance in chain.balances[-1].items():
                t = view.address_totals(key.address)
                assert t.received + t.rewards - t.sent - t.fees == balance
    finally:
        index.close()


def test_rebuild_gives_the_same_index(index):
    records = [genesis(), *(make_record(h, (Transfer(A, h - 1, B),)) for h in range(1, 4))]
    for record in records:
        index.apply(record)
    before = dump(index)
    assert index.rebuild(iter(records)) == 4
    assert dump(index) == before


def test_the_index_is_still_there_after_it_was_closed(tmp_path):
    path = tmp_path / "deep" / "index.sqlite"
    index = Index(path)
    index.apply(genesis())
    index.close()
    again = Index(path)
    assert again.last_height() == 0
    again.close()


def test_an_index_of_another_schema_is_emptied(tmp_path):
    path = tmp_path / "index.sqlite"
    index = Index(path)
    index.apply(genesis())
    index.close()
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version={SCHEMA_VERSION + 1}")
    connection.close()
    again = Index(path)
    assert again.last_height() is None
    assert again.apply(genesis())
    again.close()


@pytest.mark.parametrize("kind", ["not a database", "another program"])
def test_a_file_of_somebody_else_is_refused_and_untouched(tmp_path: Path, kind: str):
    path = tmp_path / "index.sqlite"
    if kind == "not a database":
        path.write_bytes(b"my holiday pictures" * 100)
    else:
        connection = sqlite3.connect(path)
        connection.execute("CREATE TABLE pictures (name TEXT)")
        connection.close()
    before = path.read_bytes()
    with pytest.raises(IndexUnusable):
        Index(path)
    assert path.read_bytes() == before


def test_a_view_does_not_see_later_blocks(index):
    index.apply(genesis())
    with index.view() as view:
        assert view.last_height() == 0
        index.apply(make_record(1))
        assert view.last_height() == 0
        with index.view() as nested:
            assert nested.last_height() == 0
    with index.view() as view:
        assert view.last_height() == 1


def test_readers_in_other_threads_see_whole_blocks(index):
    """A block with two transactions is never seen with one."""
    index.apply(genesis())
    wrong: list[object] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            with index.view() as view:
                height = view.last_height()
                total = view.transactions(1, 0)[1]
                if height is None or total != 2 * height:
                    wrong.append((height, total))

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for height in range(1, 21):
        index.apply(make_record(height, (Transfer(A, height - 1, B), Transfer(B, height - 1, A))))
    done.set()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_amounts_of_128_bits_are_kept(index):
    huge = 2**127 - 1
    index.apply(make_record(0, credits=(Credit(A.address, BaseUnits(huge), False),)))
    with index.view() as view:
        assert view.address_totals(A.address).received == huge
