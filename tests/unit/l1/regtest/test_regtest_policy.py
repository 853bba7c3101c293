"""Relay policy: fees, dust, standard shapes, chains of unconfirmed transactions, bounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from regtest_kit import (
    COIN,
    forge,
    get_script,
    make_node,
    mature_coins,
    output_of,
    pay,
    send,
)

from btczs.crypto.hashes import hash160, sha256
from btczs.crypto.secp256k1 import ORDER, compute_public_key
from btczs.l1.bitcoinz.transaction import Transaction, encode_transaction
from btczs.l1.parts import TxOut
from btczs.l1.regtest import limits
from btczs.l1.regtest.accept import compute_relay_fee_min
from btczs.l1.regtest.errors import RejectCode, TransactionRejected
from btczs.l1.regtest.mempool import Mempool
from btczs.l1.regtest.node import RegtestNode
from btczs.l1.regtest.sigops import count_sigops, read_pushes
from btczs.l1.regtest.standard import compute_dust_threshold
from btczs.l1.script.templates import multisig, op_return, p2pkh, p2sh, p2tr, p2wpkh, push
from btczs.l1.wire import with_script_sig
from btczs.primitives import Hash20, Zat

KEYS = [compute_public_key(sha256(b"key %d" % n)) for n in range(4)]


@pytest.fixture
def node() -> RegtestNode:
    return make_node()


def reason_of(node: RegtestNode, tx: Transaction) -> str:
    with pytest.raises(TransactionRejected) as caught:
        send(node, tx)
    assert len(node.pool) == 0
    return caught.value.reason


@pytest.mark.parametrize(
    ("script", "value", "reason"),
    [
        (get_script(1), 53, "dust"),
        (p2sh(Hash20(bytes(20))), 53, "dust"),
        (op_return(bytes(81)), 0, "scriptpubkey"),
        (b"\x6a\x4c", 0, "scriptpubkey"),
        (b"\x51", COIN, "scriptpubkey"),
        (p2wpkh(Hash20(bytes(20))), COIN, "scriptpubkey"),
        (p2tr(bytes(32)), COIN, "scriptpubkey"),
        (multisig(1, KEYS), COIN, "scriptpubkey"),
        (push(b"\x05" + bytes(32)) + b"\xac", COIN, "scriptpubkey"),
    ],
)
def test_nonstandard_outputs_are_not_relayed_but_mined(
    node: RegtestNode, script: bytes, value: int, reason: str
) -> None:
    tx = pay(node, [mature_coins(node, 0)[0]], [(script, value)])
    assert reason_of(node, tx) == reason
    relaxed = make_node(standard=False)
    send(relaxed, tx)
    assert node.submit_block(forge(node, [tx]).raw).is_connected


@pytest.mark.parametrize(
    ("script", "value"),
    [
        (get_script(1), 54),
        (p2sh(Hash20(bytes(20))), 54),
        (op_return(bytes(80)), 0),
        (op_return(b""), 0),
        (b"\x6a" + push(bytes(40)) * 2, 0),
        (multisig(2, KEYS[:3]), COIN),
        (push(KEYS[0]) + b"\xac", COIN),
    ],
)
def test_standard_outputs_are_relayed(node: RegtestNode, script: bytes, value: int) -> None:
    send(node, pay(node, [mature_coins(node, 0)[0]], [(script, value)]))


def test_one_data_output_at_most(node: RegtestNode) -> None:
    outputs = [(op_return(b"a"), 0), (op_return(b"b"), 0)]
    assert reason_of(node, pay(node, [mature_coins(node, 0)[0]], outputs)) == "multi-op-return"


def test_dust_is_three_times_what_spending_costs() -> None:
    assert compute_dust_threshold(TxOut(Zat(0), p2pkh(Hash20(bytes(20))))) == 54
    assert compute_dust_threshold(TxOut(Zat(0), op_return(b"x"))) == 0


def test_the_relay_fee_grows_with_size_up_to_a_limit(node: RegtestNode) -> None:
    assert [compute_relay_fee_min(size) for size in (1, 999, 1000, 1999, 9_999, 10_000, 10**6)] == [
        100,
        99,
        100,
        199,
        999,
        1000,
        1000,
    ]
    coin = mature_coins(node, 0)[0]
    cheap = pay(node, [coin], [(op_return(bytes(80)), 0)], fee=10)
    error = reason_of(node, cheap)
    assert error == "min relay fee not met"
    fee = compute_relay_fee_min(len(encode_transaction(cheap)))
    # Signatures differ in length by a byte at most, which does not move a fee below a kilobyte's.
    assert fee == 100 * len(encode_transaction(cheap)) // 1000
    below = pay(node, [coin], [(op_return(bytes(80)), 0)], fee=fee - 1)
    assert reason_of(node, below) == "min relay fee not met"
    send(node, pay(node, [coin], [(op_return(bytes(80)), 0)], fee=fee))


def test_absurd_fees_are_refused_unless_allowed(node: RegtestNode) -> None:
    raw = encode_transaction(pay(node, [mature_coins(node, 0)[0]], [], fee=10_000_001))
    with pytest.raises(TransactionRejected, match="absurdly-high-fee"):
        node.submit_transaction(raw, allow_high_fees=False)
    node.submit_transaction(raw)


def test_script_sigs_hold_pushes_and_nothing_more(node: RegtestNode) -> None:
    tx = pay(node, [mature_coins(node, 0)[0]], [])
    found = tx.inputs[0].script_sig
    for script_sig, reason in (
        (b"\x61" + found, "scriptsig-not-pushonly"),
        (push(bytes(520)) * 4 + found, "scriptsig-size"),
        (b"\x51" + found, "bad-txns-nonstandard-inputs"),
        (b"\x4c", "scriptsig-not-pushonly"),
    ):
        changed = with_script_sig(tx, 0, script_sig)
        assert isinstance(changed, Transaction)
        assert reason_of(node, changed) == reason


def test_a_high_s_signature_is_not_relayed_but_mined(node: RegtestNode) -> None:
    tx = pay(node, [mature_coins(node, 0)[0]], [])
    pushes = read_pushes(tx.inputs[0].script_sig)
    assert pushes is not None
    high = make_high_s(pushes[0][:-1]) + pushes[0][-1:]
    changed = with_script_sig(tx, 0, push(high) + push(pushes[1]))
    assert isinstance(changed, Transaction)
    assert reason_of(node, changed).startswith("non-mandatory-script-verify-flag")
    relaxed = make_node(standard=False)
    assert reason_of(relaxed, changed).startswith("non-mandatory-script-verify-flag")
    assert changed.txid != tx.txid
    assert node.submit_block(forge(node, [changed]).raw).is_connected


def make_high_s(der: bytes) -> bytes:
    r_size = der[3]
    r = der[4 : 4 + r_size]
    s = ORDER - int.from_bytes(der[6 + r_size :], "big")
    raw = s.to_bytes(33, "big")
    body = b"\x02" + bytes((r_size,)) + r + b"\x02" + bytes((33,)) + raw
    return b"\x30" + bytes((len(body),)) + body


def test_redeem_scripts_of_at_most_fifteen_signature_operations(node: RegtestNode) -> None:
    redeem = b"\xac" * 16 + b"\x75" * 15 + b"\x51"
    vault = p2sh(Hash20(hash160(redeem)))
    deposit = pay(node, [mature_coins(node, 0)[0]], [(vault, COIN)])
    send(node, deposit)
    node.generate(1)
    tx = pay(node, [output_of(node, deposit, 0)], [])
    spend = with_script_sig(tx, 0, push(redeem))
    assert isinstance(spend, Transaction)
    assert reason_of(node, spend) == "bad-txns-nonstandard-inputs"
    assert count_sigops(redeem, accurate=True) == 16


def test_signature_operations_of_a_transaction_are_bounded() -> None:
    node = make_node(standard=False)
    tx = pay(node, [mature_coins(node, 0)[0]], [(b"\xac" * 4001, 0)])
    assert reason_of(node, tx) == "bad-txns-too-many-sigops"


def test_a_coinbase_is_no_loose_transaction(node: RegtestNode) -> None:
    coinbase = forge(node).transactions[0]
    assert reason_of(node, coinbase) == "coinbase"


def test_chains_of_unconfirmed_transactions_are_bounded(node: RegtestNode) -> None:
    tx = pay(node, [mature_coins(node, 0)[0]], [])
    send(node, tx)
    for _ in range(limits.ANCESTORS_MAX - 1):
        tx = pay(node, [output_of(node, tx, 0)], [])
        send(node, tx)
    with pytest.raises(TransactionRejected, match="too-long-mempool-chain"):
        send(node, pay(node, [output_of(node, tx, 0)], []))
    assert len(node.pool) == limits.ANCESTORS_MAX
    node.generate(1)
    assert len(node.pool) == 0


def test_a_full_pool_refuses_and_keeps_what_it_has(
    node: RegtestNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MEMPOOL_COST_MAX", 2 * 4000)
    coins = mature_coins(node, 0)
    for coin in coins[:2]:
        send(node, pay(node, [coin], []))
    with pytest.raises(TransactionRejected) as caught:
        send(node, pay(node, [coins[2]], []))
    assert caught.value.reason == "mempool full"
    assert caught.value.reject_code == RejectCode.INSUFFICIENT_FEE
    assert len(node.pool) == 2
    node.generate(1)
    assert node.pool.cost_total == node.pool.bytes_total == 0


def test_blocks_are_filled_by_fee_rate(node: RegtestNode, monkeypatch: pytest.MonkeyPatch) -> None:
    cheap, good, best = (
        pay(node, [coin], [], fee=fee)
        for coin, fee in zip(mature_coins(node, 0), (1000, 5000, 9000), strict=True)
    )
    for tx in (cheap, good, best):
        send(node, tx)
    size = len(encode_transaction(cheap))
    room = limits.BLOCK_TEMPLATE_RESERVED_BYTES * 2
    small = node.params.block_bytes_max - room - 2 * size - 5
    monkeypatch.setattr(limits, "BLOCK_TEMPLATE_RESERVED_BYTES", (small + room) // 2)
    template = node.create_template()
    assert [entry.txid for entry in template.entries] == [best.txid, good.txid]


@given(st.binary(max_size=60))
def test_counting_operations_never_fails(script: bytes) -> None:
    count = count_sigops(script, accurate=False)
    assert 0 <= count_sigops(script, accurate=True) <= count <= 20 * len(script)
    read_pushes(script)


def test_the_pool_keeps_its_graph_when_a_parent_leaves(node: RegtestNode) -> None:
    parent = pay(node, [mature_coins(node, 0)[0]], [(get_script(1), COIN)])
    child = pay(node, [output_of(node, parent, 0)], [], key=1)
    for tx in (parent, child):
        send(node, tx)
    node.submit_block(forge(node, [parent]).raw)
    entry = node.pool.get(child.txid)
    assert entry is not None
    assert entry.parents == set()
    assert isinstance(node.pool, Mempool)
    grandchild = pay(node, [output_of(node, child, 0)], [], key=1)
    send(node, grandchild)
    removed = node.pool.remove_with_descendants([child.txid])
    assert set(removed) == {child.txid, grandchild.txid}


def test_the_keys_of_a_multisig_count_where_their_number_is_known() -> None:
    script = multisig(2, KEYS[:3])
    assert count_sigops(script, accurate=True) == 3
    assert count_sigops(script, accurate=False) == 20
    assert count_sigops(b"\xae\xac\xad", accurate=True) == 22
