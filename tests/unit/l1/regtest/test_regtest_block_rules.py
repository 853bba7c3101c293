"""Blocks that are wrong in one point, with real work, are refused for that point."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from regtest_kit import (
    ACTIVE,
    COIN,
    ManualClock,
    compute_issued,
    forge,
    get_script,
    make_bare_node,
    make_node,
    mature_coins,
    pay,
    replace,
    snapshot,
)

from btczs.l1.bitcoinz.header import Header
from btczs.l1.bitcoinz.transaction import Transaction
from btczs.l1.parts import TxIn, TxOut
from btczs.l1.regtest.block import make_block
from btczs.l1.regtest.errors import BlockRejected
from btczs.l1.regtest.node import RegtestNode
from btczs.l1.regtest.subsidy import compute_required_outputs
from btczs.l1.regtest.work import is_below_target
from btczs.primitives import DecodeError, Hash32, Zat

NOW = 1_750_000_000


@pytest.fixture(scope="module")
def node() -> RegtestNode:
    """Shared: a refused block must not change anything, which each test checks."""
    return make_node()


def refuse(node: RegtestNode, raw: bytes, reason: str) -> None:
    before, tip = snapshot(node), node.tip()
    with pytest.raises(BlockRejected) as caught:
        node.submit_block(raw)
    assert caught.value.reason == reason
    assert snapshot(node) == before
    assert node.tip() == tip


def with_header(**fields: Any) -> Callable[[Header], Header]:
    return lambda header: replace_header(header, **fields)


def replace_header(header: Header, **fields: Any) -> Header:
    return msgspec.structs.replace(header, **fields)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"version": 3}, "version-too-low"),
        ({"prev": Hash32(bytes(32))}, "bad-prevblk"),
        ({"bits": 0x200F0F0E}, "bad-diffbits"),
        ({"bits": 0x20FFFFFF}, "high-hash"),
        ({"bits": 0}, "high-hash"),
        ({"time": NOW + 7201}, "time-too-new"),
        ({"reserved": Hash32(bytes(32))}, "bad-sapling-root-in-block"),
        ({"merkle_root": Hash32(bytes(32))}, "bad-txnmrklroot"),
    ],
)
def test_a_wrong_header_field(node: RegtestNode, fields: dict[str, Any], reason: str) -> None:
    refuse(node, forge(node, header=with_header(**fields)).raw, reason)


def test_a_time_not_after_the_median(node: RegtestNode) -> None:
    other = make_node(clock=ManualClock(node.tip_entry.time + 150))
    block = forge(other, header=with_header(time=other.tip_entry.median_time))
    refuse(other, block.raw, "time-too-old")
    assert other.submit_block(
        forge(other, header=with_header(time=other.tip_entry.median_time + 1)).raw
    ).is_connected


def test_the_future_limit_moves_with_the_clock() -> None:
    clock = ManualClock(NOW)
    other = make_node(clock=clock)
    block = forge(other, header=with_header(time=NOW + 7201))
    refuse(other, block.raw, "time-too-new")
    clock.now += 1
    assert other.submit_block(block.raw).is_connected


def test_a_hash_above_the_target_with_a_valid_solution(node: RegtestNode) -> None:
    block = forge(node, is_wanted=lambda h: not is_below_target(node.params, h.hash, h.bits))
    refuse(node, block.raw, "high-hash")


def test_a_solution_for_another_nonce(node: RegtestNode) -> None:
    block = forge(node)
    header = replace_header(block.header, nonce=bytes(32)[:-1] + b"\x01")
    refuse(node, make_block(header, block.transactions).raw, "invalid-solution")
    header = replace_header(block.header, solution=b"")
    refuse(node, make_block(header, block.transactions).raw, "invalid-solution")


def test_a_duplicated_tail_of_transactions(node: RegtestNode) -> None:
    coins = mature_coins(node, 0)
    txs = [pay(node, [coin], []) for coin in coins[:2]]
    # [coinbase, a, b] and [coinbase, a, b, b] have one root.
    block = forge(node, txs)
    refuse(node, make_block(block.header, (*block.transactions, txs[1])).raw, "bad-txns-duplicate")


def test_the_coinbase_must_come_first_and_alone(node: RegtestNode) -> None:
    tx = pay(node, [mature_coins(node, 0)[0]], [])
    block = forge(node)
    second = replace(block.transactions[0], lock_time=1)
    refuse(node, forge(node, [second]).raw, "bad-cb-multiple")
    refuse(node, forge(node, coinbase=lambda _: tx).raw, "bad-cb-missing")


def with_script_sig(script_sig: bytes) -> Callable[[Transaction], Transaction]:
    return lambda tx: replace(tx, inputs=(replace(tx.inputs[0], script_sig=script_sig),))


@pytest.mark.parametrize(
    ("script_sig", "reason"),
    [
        (b"\x01", "bad-cb-length"),
        (b"\x01\x6f" + bytes(99), "bad-cb-length"),
        (b"\x01\x70\x00", "bad-cb-height"),
        (b"\x02\x6f\x00", "bad-cb-height"),
        (b"\x00\x00", "bad-cb-height"),
    ],
)
def test_the_coinbase_states_its_height(node: RegtestNode, script_sig: bytes, reason: str) -> None:
    refuse(node, forge(node, coinbase=with_script_sig(script_sig)).raw, reason)


def test_the_coinbase_claims_no_more_than_subsidy_and_fees(node: RegtestNode) -> None:
    refuse(node, forge(node, claim=1).raw, "bad-cb-amount")
    tx = pay(node, [mature_coins(node, 0)[0]], [], fee=500)
    refuse(node, forge(node, [tx], claim=501).raw, "bad-cb-amount")
    other = make_node()
    assert other.submit_block(forge(other, [tx], claim=500).raw).is_connected
    third = make_node()
    assert third.submit_block(forge(third, claim=-100).raw).is_connected  # less is allowed


def with_outputs(outputs: tuple[TxOut, ...]) -> Callable[[Transaction], Transaction]:
    return lambda tx: replace(tx, outputs=outputs)


def test_outputs_have_amounts_of_money(node: RegtestNode) -> None:
    for value, reason in (
        (-1, "bad-txns-vout-negative"),
        (21 * 10**17 + 1, "bad-txns-vout-toolarge"),
    ):
        block = forge(node, coinbase=with_outputs((TxOut(Zat(value), b"\x51"),)))
        refuse(node, block.raw, reason)
    outputs = (TxOut(Zat(2 * 10**18), b"\x51"), TxOut(Zat(2 * 10**17), b"\x51"))
    block = forge(node, coinbase=with_outputs(outputs))
    refuse(node, block.raw, "bad-txns-txouttotal-toolarge")


def test_transactions_have_inputs_and_outputs_once(node: RegtestNode) -> None:
    coin = mature_coins(node, 0)[0]
    tx_input = TxIn(coin.txid, coin.index)
    output = TxOut(Zat(COIN), get_script(0))
    for tx, reason in (
        (Transaction(inputs=(), outputs=(output,)), "bad-txns-vin-empty"),
        (Transaction(inputs=(tx_input,), outputs=()), "bad-txns-vout-empty"),
        (Transaction(inputs=(tx_input, tx_input), outputs=(output,)), "bad-txns-inputs-duplicate"),
        (
            Transaction(inputs=(tx_input, TxIn(Hash32(bytes(32)), 0xFFFFFFFF)), outputs=(output,)),
            "bad-txns-prevout-null",
        ),
        (
            Transaction(inputs=(tx_input,), outputs=(output,), expiry_height=500_000_000),
            "bad-tx-expiry-height-too-high",
        ),
    ):
        refuse(node, forge(node, [tx]).raw, reason)


def test_signature_operations_are_bounded(node: RegtestNode) -> None:
    many = TxOut(Zat(0), b"\xac" * 20_001)
    block = forge(node, coinbase=lambda tx: replace(tx, outputs=(*tx.outputs, many)))
    refuse(node, block.raw, "bad-blk-sigops")


def test_block_size_is_bounded(node: RegtestNode) -> None:
    big = TxOut(Zat(0), b"\x6a" + bytes(2_000_000))
    block = forge(node, coinbase=lambda tx: replace(tx, outputs=(*tx.outputs, big)))
    refuse(node, block.raw, "bad-blk-length")
    with pytest.raises(DecodeError):
        node.submit_block(bytes(4_000_001))


def test_a_block_cannot_overwrite_unspent_outputs() -> None:
    # Up to height 50 a coinbase need not state its height, so it can repeat an older one.
    node = make_bare_node(ACTIVE)
    first = forge(node)
    node.submit_block(first.raw)
    refuse(node, forge(node, coinbase=lambda _: first.transactions[0]).raw, "bad-txns-BIP30")


def test_a_refused_body_is_remembered_and_a_wrong_merkle_root_is_not(node: RegtestNode) -> None:
    block = forge(node, coinbase=with_script_sig(b"\x01\x71\x00"))
    refuse(node, block.raw, "bad-cb-height")
    refuse(node, block.raw, "duplicate-invalid")
    good = forge(node, [pay(node, [mature_coins(node, 0)[0]], [])])
    changed = replace(good.transactions[0], lock_time=1)
    refuse(node, make_block(good.header, (changed, good.transactions[1])).raw, "bad-txnmrklroot")
    other = make_node()
    with pytest.raises(BlockRejected, match="bad-txnmrklroot"):
        other.submit_block(make_block(good.header, (changed, good.transactions[1])).raw)
    assert other.submit_block(good.raw).is_connected


def test_regtest_rewards_are_those_of_the_real_network() -> None:
    params = make_bare_node().params
    heights = (1, 149, 150, 299, 300)
    assert [params.compute_subsidy(h) // COIN for h in heights] == [12500, 12500, 6250, 6250, 3125]
    assert params.compute_subsidy(150 * 64) == 0
    late, early = make_bare_node(ACTIVE | {"canopy": 1000}).params, make_bare_node(ACTIVE).params
    assert [h for h in range(1000) if compute_required_outputs(late, h)] == list(range(101, 151))
    assert [h for h in range(1000) if compute_required_outputs(early, h)] == list(range(300, 600))
    ((_, fee),) = compute_required_outputs(late, 120)
    assert fee == 625 * COIN


def test_an_unpaid_community_fee() -> None:
    real = make_bare_node().params.community_fee
    assert real is not None
    toy = {"community_fee": msgspec.structs.replace(real, above_height=2, last_height=4)}
    node = make_bare_node(ACTIVE | {"canopy": 1000}, toy)
    node.generate(2)

    def drop_fee(tx: Transaction) -> Transaction:
        return replace(tx, outputs=tx.outputs[:1])

    def underpay(tx: Transaction) -> Transaction:
        fee = TxOut(Zat(tx.outputs[1].value - 1), tx.outputs[1].script)
        return replace(tx, outputs=(tx.outputs[0], fee))

    refuse(node, forge(node, coinbase=drop_fee).raw, "cb-no-community-fee")
    refuse(node, forge(node, coinbase=underpay).raw, "cb-no-community-fee")
    node.generate(3)
    values = [
        [output.value // COIN for output in node.chain.get_block(entry).transactions[0].outputs]
        for entry in node.chain.tree.active[2:]
    ]
    assert values == [[12500], [11875, 625], [11875, 625], [12500]]
    assert node.chain.coins.compute_total() == compute_issued(node)


def test_unpaid_funding_streams() -> None:
    real = make_bare_node().params.funding_streams
    streams = tuple(msgspec.structs.replace(s, first_height=3, end_height=5) for s in real)
    node = make_bare_node(ACTIVE, {"funding_streams": streams, "halving_interval": 4})
    node.generate(2)
    for kept in (1, 2, 3):
        found = node.create_template().coinbase.outputs
        stolen = forge(node, coinbase=with_outputs(found[:kept]))
        refuse(node, stolen.raw, "cb-funding-stream-missing")
    node.generate(3)
    for height, count in ((2, 1), (3, 4), (4, 4), (5, 1)):
        coinbase = node.chain.get_block(node.chain.tree.active[height]).transactions[0]
        subsidy = node.params.compute_subsidy(height)
        shares = [output.value for output in coinbase.outputs]
        assert len(shares) == count
        assert sum(shares) == subsidy
        assert sorted(shares[1:]) == [subsidy * p // 100 for p in (5, 7, 8)][: count - 1]
        scripts = [output.script for output in coinbase.outputs[1:]]
        assert scripts == sorted(scripts)
    assert node.chain.coins.compute_total() == compute_issued(node)
