"""Random histories: money is neither lost nor made, and every state can be reached again."""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from regtest_kit import (
    ACTIVE,
    compute_issued,
    forge,
    get_script,
    make_bare_node,
    mine_branch,
    pay,
    send,
    snapshot,
)

from btczs.l1.bitcoinz.transaction import Transaction
from btczs.l1.parts import TxIn, TxOut
from btczs.l1.regtest.devnet import devnet_l1_secret
from btczs.l1.regtest.errors import BlockRejected, TransactionRejected
from btczs.l1.regtest.node import RegtestNode
from btczs.l1.regtest.views import Utxo
from btczs.l1.script.templates import op_return
from btczs.l1.signing import sign_p2pkh_input
from btczs.primitives import DecodeError, InvalidInput, Zat

TOY = {"coinbase_maturity": 2, "halving_interval": 5}

START = make_bare_node(ACTIVE, TOY)
START.generate(3, get_script(0))
START.generate(2, get_script(1))

actions = st.lists(
    st.one_of(
        st.tuples(
            st.just("pay"),
            st.integers(0, 3),
            st.lists(st.integers(-3, 10**13), max_size=3),
            st.integers(-5, 10**12),
        ),
        st.tuples(st.just("spend_pooled"), st.integers(0, 3)),
        st.tuples(st.just("steal"), st.integers(0, 3)),
        st.tuples(st.just("double"), st.integers(0, 3)),
        st.tuples(st.just("burn"), st.integers(0, 3), st.integers(0, 10**6)),
        st.tuples(st.just("mine"), st.integers(0, 3)),
        st.tuples(st.just("undo"), st.integers(1, 3)),
        st.tuples(st.just("branch"), st.integers(1, 3)),
        st.tuples(st.just("overclaim"), st.integers(1, 10**9)),
    ),
    min_size=4,
    max_size=14,
)


class Driver:
    """Plays actions against a node; refusals are part of the game, inconsistencies are not."""

    def __init__(self, node: RegtestNode) -> None:
        self.node = node
        self.burnt: dict[Any, int] = {}

    def play(self, action: Any) -> None:
        name, *arguments = action
        try:
            getattr(self, name)(*arguments)
        except (TransactionRejected, BlockRejected):
            return

    def coins(self, key: int) -> list[Utxo]:
        return [u for u in self.node.utxos_of(get_script(key)) if not u.is_spent_in_pool]

    def pay(self, key: int, values: list[int], fee: int) -> None:
        coins = self.coins(key)[:2]
        if not coins:
            return
        outputs = tuple(TxOut(Zat(value), get_script((key + 1) % 4)) for value in values)
        total = sum(coin.value for coin in coins) - sum(values) - fee
        change = (TxOut(Zat(total), get_script(key)),) if total > 0 else ()
        tx = Transaction(
            inputs=tuple(TxIn(coin.txid, coin.index) for coin in coins), outputs=outputs + change
        )
        for index, coin in enumerate(coins):
            signed = sign_p2pkh_input(
                self.node.params,
                tx,
                index,
                devnet_l1_secret(key),
                coin.value,
                self.node.tip().height + 1,
            )
            assert isinstance(signed, Transaction)
            tx = signed
        send(self.node, tx)

    def spend_pooled(self, key: int) -> None:
        for entry in list(self.node.pool.iterate()):
            for index, output in enumerate(entry.tx.outputs):
                if output.script == get_script(key):
                    place = Utxo(
                        entry.txid, index, output.value, output.script, 0, False, True, False
                    )
                    send(self.node, pay(self.node, [place], [], key=key))
                    return

    def steal(self, key: int) -> None:
        coins = self.coins(key)[:1]
        if coins:
            other = (key + 1) % 4
            send(self.node, pay(self.node, coins, [(get_script(other), 1000)], key=other))

    def double(self, key: int) -> None:
        coins = [u for u in self.node.utxos_of(get_script(key)) if u.is_mature][:1]
        if coins:
            txs = [pay(self.node, coins, [(get_script(n), 5000)], key=key) for n in (1, 2)]
            self.node.submit_block(forge(self.node, txs).raw)

    def burn(self, key: int, value: int) -> None:
        coins = self.coins(key)[:1]
        if coins:
            tx = pay(self.node, coins, [(op_return(b"burn"), value)], key=key)
            send(self.node, tx)
            self.burnt[tx.txid] = value

    def mine(self, key: int) -> None:
        self.node.mine_block(get_script(key))

    def undo(self, count: int) -> None:
        height = max(1, self.node.tip().height - count + 1)
        if height <= self.node.tip().height:
            self.node.invalidate_block(self.node.block_hash_at(height))

    def branch(self, length: int) -> None:
        depth = max(0, min(length, self.node.tip().height - 1))
        base = make_bare_node(ACTIVE, TOY, standard=False)
        for height in range(1, self.node.tip().height - depth + 1):
            base.submit_block(self.node.get_block_raw(self.node.block_hash_at(height)))
        for raw in mine_branch(base, depth + 1, b"branch", 2):
            self.node.submit_block(raw)

    def overclaim(self, amount: int) -> None:
        self.node.submit_block(forge(self.node, claim=amount).raw)

    def check(self) -> None:
        """No coin is lost or made: issued = unspent + burnt on the active chain."""
        node = self.node
        burnt = 0
        for txid, value in self.burnt.items():
            found = node.find_transaction(txid)
            burnt += value if found is not None and found.block is not None else 0
        assert node.chain.coins.compute_total() + burnt == compute_issued(node)
        for entry in node.pool.iterate():
            for tx_input in entry.tx.inputs:
                assert node.pool.get_spender(tx_input.prev_txid, tx_input.prev_index) == entry.txid


def replay(node: RegtestNode) -> RegtestNode:
    fresh = make_bare_node(ACTIVE, TOY, standard=False)
    for height in range(1, node.tip().height + 1):
        assert fresh.submit_block(node.get_block_raw(node.block_hash_at(height))).is_connected
    return fresh


# No shrinking: each history mines blocks. Hypothesis prints how to run a failure again.
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(actions)
def test_random_histories_keep_the_sum_of_money(steps: list[Any]) -> None:
    node = make_bare_node(ACTIVE, TOY, standard=False)
    for height in range(1, START.tip().height + 1):
        node.submit_block(START.get_block_raw(START.block_hash_at(height)))
    driver = Driver(node)
    for step in steps:
        driver.play(step)
        driver.check()
    node.mine_block(get_script(3))  # whatever is in the pool can be mined
    driver.check()
    assert snapshot(replay(node)) == snapshot(node)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_random_bytes_are_refused_as_input(raw: bytes) -> None:
    node = START
    for submit in (node.submit_block, node.submit_transaction):
        with pytest.raises(InvalidInput):
            submit(raw)
    assert node.tip().height == 5


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_mutations_of_valid_input_are_refused_or_harmless(data: st.DataObject) -> None:
    node = make_bare_node(ACTIVE, TOY)
    base = [START.get_block_raw(START.block_hash_at(h)) for h in (1, 2)]
    raw = bytearray(data.draw(st.sampled_from(base)))
    for _ in range(data.draw(st.integers(1, 3))):
        kind = data.draw(st.sampled_from(["flip", "cut", "insert"]))
        offset = data.draw(st.integers(0, len(raw) - 1))
        if kind == "flip":
            raw[offset] ^= data.draw(st.integers(1, 255))
        elif kind == "cut":
            del raw[offset : offset + data.draw(st.integers(1, 8))]
        else:
            raw[offset:offset] = data.draw(st.binary(min_size=1, max_size=8))
        if not raw:
            return
    try:
        node.submit_block(bytes(raw))
    except (BlockRejected, DecodeError):
        assert node.tip().height == 0
    else:
        assert bytes(raw) == base[0]
