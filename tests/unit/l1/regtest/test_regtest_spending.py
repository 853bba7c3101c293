"""Mining and spending: P2PKH, multisig, time locks, data; what may be spent, and when."""

import pytest
from regtest_kit import (
    ACTIVE,
    COIN,
    FEE,
    compute_issued,
    forge,
    get_script,
    make_bare_node,
    make_node,
    mature_coins,
    output_of,
    pay,
    replace,
    send,
    sign_all,
)

from btczs.crypto.hashes import hash160, sha256
from btczs.crypto.secp256k1 import compute_public_key
from btczs.l1.bitcoinz.transaction import Transaction
from btczs.l1.parts import TxIn, TxOut
from btczs.l1.regtest.errors import BlockRejected, RejectCode, TransactionRejected
from btczs.l1.regtest.node import RegtestNode
from btczs.l1.script.templates import multisig, op_return, p2sh, push, push_number
from btczs.l1.signing import multisig_script_sig, sign_input
from btczs.l1.wire import with_script_sig
from btczs.primitives import Hash20, Zat


@pytest.fixture
def node() -> RegtestNode:
    return make_node()


def refuse(node: RegtestNode, tx: Transaction, reason: str) -> TransactionRejected:
    with pytest.raises(TransactionRejected) as caught:
        send(node, tx)
    assert caught.value.reason == reason
    return caught.value


def test_a_payment_is_relayed_mined_and_can_be_spent_on(node: RegtestNode) -> None:
    coin = mature_coins(node, 0)[0]
    tx = pay(node, [coin], [(get_script(1), 5 * COIN)])
    assert send(node, tx) == tx.txid
    assert mature_coins(node, 0)[0] != coin
    node.generate(1)
    assert len(node.pool) == 0
    (received,) = [u for u in node.utxos_of(get_script(1)) if u.txid == tx.txid]
    assert (received.value, received.is_coinbase, received.is_mature) == (5 * COIN, False, True)
    found = node.find_transaction(tx.txid)
    assert found is not None
    assert found.block is not None
    assert found.block.height == 111


def test_fees_go_to_the_miner_and_no_coin_is_lost(node: RegtestNode) -> None:
    tx = pay(node, [mature_coins(node, 0)[0]], [(get_script(1), COIN)], fee=12_345)
    send(node, tx)
    node.generate(1, get_script(3))
    (reward,) = [u for u in node.utxos_of(get_script(3)) if u.height == 111]
    assert reward.value == node.params.compute_subsidy(111) + 12_345
    assert node.chain.coins.compute_total() == compute_issued(node)


def test_unconfirmed_outputs_can_be_spent_and_are_mined_in_order(node: RegtestNode) -> None:
    tx = pay(node, [mature_coins(node, 0)[0]], [(get_script(1), 50 * COIN)])
    send(node, tx)
    chain = [tx]
    for step in range(5):
        # Each child pays more, so that fee order alone would put it first.
        child = pay(node, [output_of(node, chain[-1], 0)], [], key=1, fee=10_000 * (step + 1))
        send(node, child)
        chain.append(child)
    block = node.chain.get_block(node.chain.get_entry(node.generate(1)[0]))
    assert [t.txid for t in block.transactions[1:]] == [t.txid for t in chain]


def test_a_multisig_of_eleven_of_fifteen_pays_out(node: RegtestNode) -> None:
    secrets = [sha256(b"peg signer %d" % n) for n in range(15)]
    redeem = multisig(11, [compute_public_key(secret) for secret in secrets])
    vault = p2sh(Hash20(hash160(redeem)))
    deposit = pay(node, [mature_coins(node, 0)[0]], [(vault, 60 * COIN)])
    send(node, deposit)
    node.generate(1)
    unsigned = Transaction(
        inputs=(TxIn(deposit.txid, 0),), outputs=(TxOut(Zat(59 * COIN), get_script(2)),)
    )

    def signed_by(count: int) -> Transaction:
        signatures = [
            sign_input(node.params, unsigned, 0, secret, redeem, Zat(60 * COIN), 112)
            for secret in secrets[:count]
        ]
        tx = with_script_sig(unsigned, 0, multisig_script_sig(signatures, redeem))
        assert isinstance(tx, Transaction)
        return tx

    refuse(node, signed_by(10), "bad-txns-nonstandard-inputs")
    send(node, signed_by(11))
    node.generate(1)
    assert node.utxos_of(vault) == []
    assert any(u.value == 59 * COIN for u in node.utxos_of(get_script(2)))


def test_too_few_multisig_signatures_are_refused_by_consensus_too() -> None:
    node = make_node(standard=False)
    secrets = [sha256(b"signer %d" % n) for n in range(3)]
    redeem = multisig(2, [compute_public_key(secret) for secret in secrets])
    vault = p2sh(Hash20(hash160(redeem)))
    deposit = pay(node, [mature_coins(node, 0)[0]], [(vault, COIN)])
    send(node, deposit)
    node.generate(1)
    tx = Transaction(inputs=(TxIn(deposit.txid, 0),), outputs=(TxOut(Zat(COIN // 2), b"\x51"),))
    signature = sign_input(node.params, tx, 0, secrets[0], redeem, Zat(COIN), 112)
    spend = with_script_sig(tx, 0, multisig_script_sig([signature], redeem))
    assert isinstance(spend, Transaction)
    with pytest.raises(TransactionRejected, match="mandatory-script-verify-flag-failed"):
        send(node, spend)
    with pytest.raises(BlockRejected, match="mandatory-script-verify-flag-failed"):
        node.submit_block(forge(node, [spend]).raw)


def test_a_time_lock_opens_at_its_height() -> None:
    node = make_node(standard=False)
    key = compute_public_key(sha256(b"locked"))
    redeem = push_number(115) + b"\xb1\x75" + push(key) + b"\xac"  # CLTV DROP key CHECKSIG
    locked = p2sh(Hash20(hash160(redeem)))
    deposit = pay(node, [mature_coins(node, 0)[0]], [(locked, COIN)])
    send(node, deposit)
    node.generate(1)

    def spend(lock_time: int, height: int) -> Transaction:
        tx = Transaction(
            inputs=(TxIn(deposit.txid, 0, b"", 0xFFFFFFFE),),
            outputs=(TxOut(Zat(COIN - 2000), get_script(0)),),
            lock_time=lock_time,
        )
        secret = sha256(b"locked")
        signature = sign_input(node.params, tx, 0, secret, redeem, Zat(COIN), height)
        result = with_script_sig(tx, 0, push(signature) + push(redeem))
        assert isinstance(result, Transaction)
        return result

    early = refuse(
        node,
        spend(lock_time=111, height=112),
        "mandatory-script-verify-flag-failed (Locktime requirement not satisfied)",
    )
    assert early.reject_code == RejectCode.INVALID
    refuse(node, spend(lock_time=115, height=112), "non-final")
    with pytest.raises(BlockRejected, match="bad-txns-nonfinal"):
        node.submit_block(forge(node, [spend(lock_time=115, height=112)]).raw)
    node.generate(3)
    refuse(node, spend(lock_time=115, height=115), "non-final")  # the tip is 114
    node.generate(1)  # the tip is 115, so 116 > 115 can contain it
    send(node, spend(lock_time=115, height=116))
    node.generate(1)
    assert node.utxos_of(locked) == []


def test_lock_times_in_seconds_wait_for_the_median_time(node: RegtestNode) -> None:
    coin = mature_coins(node, 0)[0]
    now = node.tip_entry.median_time

    def at(lock_time: int) -> Transaction:
        return pay(node, [coin], [], lock_time=lock_time, sequence=0xFFFFFFFE)

    refuse(node, at(now), "non-final")
    send(node, pay(node, [mature_coins(node, 0)[1]], [], lock_time=now + 10**6))  # final inputs
    send(node, at(now - 1))
    # A block's own time counts for what it contains.
    other = make_node()
    block_time = other.now()
    with pytest.raises(BlockRejected, match="bad-txns-nonfinal"):
        other.submit_block(forge(other, [at(block_time)]).raw)
    assert other.submit_block(forge(other, [at(block_time - 1)]).raw).is_connected


def test_a_child_of_two_parents_is_mined_after_both(node: RegtestNode) -> None:
    coins = mature_coins(node, 0)
    parents = [
        pay(node, [coin], [(get_script(1), COIN)], fee=fee)
        for coin, fee in zip(coins, (1000, 500_000), strict=False)
    ]
    for parent in parents:
        send(node, parent)
    child = pay(node, [output_of(node, parent, 0) for parent in parents], [], key=1, fee=10**6)
    send(node, child)
    entries = node.create_template().entries
    assert [e.txid for e in entries] == [parents[1].txid, parents[0].txid, child.txid]
    node.generate(1)
    assert len(node.pool) == 0


def test_data_outputs_are_stored_and_never_spendable(node: RegtestNode) -> None:
    data = bytes(range(80))
    tx = pay(node, [mature_coins(node, 0)[0]], [(op_return(data), 0), (get_script(1), COIN)])
    send(node, tx)
    node.generate(1)
    found = node.find_transaction(tx.txid)
    assert found is not None
    assert found.tx.outputs[0].script == b"\x6a\x4c\x50" + data
    assert node.utxos_of(op_return(data)) == []
    spend = Transaction(inputs=(TxIn(tx.txid, 0),), outputs=(TxOut(Zat(0), get_script(1)),))
    refuse(make_same_chain(node), spend, "bad-txns-inputs-spent")
    with pytest.raises(BlockRejected, match="bad-txns-inputs-missingorspent"):
        node.submit_block(forge(node, [spend]).raw)


def make_same_chain(node: RegtestNode) -> RegtestNode:
    """The same chain without standardness, so that the rule under test is reached."""
    node.is_standard_required = False
    return node


def test_a_coinbase_matures_after_one_hundred_blocks() -> None:
    node = make_node()
    immature = next(u for u in node.utxos_of(get_script(0)) if not u.is_mature)
    assert immature.height == 13
    for tip in (110, 111):
        assert node.tip().height == tip
        refuse(node, pay(node, [immature], []), "bad-txns-premature-spend-of-coinbase")
        with pytest.raises(BlockRejected, match="bad-txns-premature-spend-of-coinbase"):
            node.submit_block(forge(node, [pay(node, [immature], [])]).raw)
        node.generate(1, get_script(3))
    send(node, pay(node, [immature], []))
    node.generate(1)
    assert immature.txid not in [u.txid for u in node.utxos_of(get_script(0))]


def test_the_first_spender_wins(node: RegtestNode) -> None:
    coin = mature_coins(node, 0)[0]
    first = pay(node, [coin], [(get_script(1), COIN)])
    second = pay(node, [coin], [(get_script(2), COIN)], fee=1_000_000)
    send(node, first)
    error = refuse(node, second, "txn-mempool-conflict")
    assert error.reject_code == RejectCode.CONFLICT
    with pytest.raises(BlockRejected, match="bad-txns-inputs-missingorspent"):
        node.submit_block(forge(node, [first, second]).raw)
    node.generate(1)
    # The change of `first` is still unspent, the coin itself is gone with its transaction.
    assert refuse(node, second, "Missing inputs").reject_code == RejectCode.NONE


def test_a_block_takes_conflicting_transactions_out_of_the_pool(node: RegtestNode) -> None:
    coin = mature_coins(node, 0)[0]
    waiting = pay(node, [coin], [(get_script(1), COIN)])
    send(node, waiting)
    child = pay(node, [output_of(node, waiting, 0)], [], key=1)
    send(node, child)
    mined = pay(node, [coin], [(get_script(2), COIN)])
    node.submit_block(forge(node, [mined]).raw)
    assert len(node.pool) == 0
    refuse(node, child, "Missing inputs")


def test_sending_the_same_transaction_again_is_success_until_it_is_mined(
    node: RegtestNode,
) -> None:
    tx = pay(node, [mature_coins(node, 0)[0]], [(get_script(1), COIN)])
    assert send(node, tx) == send(node, tx) == tx.txid
    assert len(node.pool) == 1
    node.generate(1)
    refuse(node, tx, "txn-already-known")


def test_inputs_must_cover_outputs(node: RegtestNode) -> None:
    coin = mature_coins(node, 0)[0]
    tx = Transaction(
        inputs=(TxIn(coin.txid, coin.index),),
        outputs=(TxOut(Zat(coin.value + 1), get_script(1)),),
    )
    refuse(node, sign_all(node, tx, [(0, coin.value)]), "bad-txns-in-belowout")


def test_signatures_are_checked(node: RegtestNode) -> None:
    coin = mature_coins(node, 0)[0]
    tx = pay(node, [coin], [(get_script(1), COIN)])
    script_sig = tx.inputs[0].script_sig
    for offset in (10, 40, 60):
        damaged = bytearray(script_sig)
        damaged[offset] ^= 1
        bad = with_script_sig(tx, 0, bytes(damaged))
        assert isinstance(bad, Transaction)
        with pytest.raises(TransactionRejected, match="script-verify-flag"):
            send(node, bad)
        with pytest.raises(BlockRejected, match="mandatory-script-verify-flag-failed"):
            node.submit_block(forge(node, [bad]).raw)
    send(node, tx)


def test_signatures_name_the_branch_of_the_next_block() -> None:
    node = make_bare_node(ACTIVE | {"canopy": 5}, {"coinbase_maturity": 2})
    node.generate(3)
    coins = mature_coins(node, 0)
    old = pay(node, [coins[0]], [], height=4)
    new = pay(node, [coins[0]], [], height=5)
    refuse(
        node,
        new,
        "mandatory-script-verify-flag-failed (Script evaluated without error but finished with a"
        " false/empty top stack element)",
    )
    send(node, old)
    # Not mined in block 4: at the upgrade it leaves the pool, as its signature is void.
    node.submit_block(forge(node).raw)
    assert node.tip().height == 4
    assert len(node.pool) == 0
    with pytest.raises(TransactionRejected, match="mandatory-script-verify-flag-failed"):
        send(node, old)
    send(node, new)
    node.generate(1)
    assert node.find_transaction(new.txid) is not None


def test_expiry_heights_are_kept_by_pool_and_blocks(node: RegtestNode) -> None:
    coins = mature_coins(node, 0)
    soon = pay(node, [coins[0]], [], expiry_height=113)
    refuse(node, soon, "tx-expiring-soon")
    refuse(node, pay(node, [coins[0]], [], expiry_height=110), "tx-overwinter-expired")
    late = pay(node, [coins[1]], [], expiry_height=114)
    send(node, late)
    node.submit_block(forge(node, [soon]).raw)  # a miner may still take it
    for _ in range(3):
        assert late.txid in node.pool
        node.submit_block(forge(node).raw)
    assert node.tip().height == 114
    assert late.txid not in node.pool
    with pytest.raises(BlockRejected, match="tx-overwinter-expired"):
        node.submit_block(forge(node, [late]).raw)


def test_only_version_four_is_taken_once_sapling_is_active(node: RegtestNode) -> None:
    coin = mature_coins(node, 0)[0]
    v1 = pay(node, [coin], [], version=1, overwintered=False, group_id=0)
    refuse(node, v1, "tx-overwintered-flag-not-set")
    v3 = pay(node, [coin], [], version=3, group_id=0x03C48270)
    refuse(node, v3, "bad-sapling-tx-version-group-id")
    with pytest.raises(BlockRejected, match="tx-overwintered-flag-not-set"):
        node.submit_block(forge(node, [v1]).raw)


def test_old_versions_rule_before_the_upgrades() -> None:
    heights = {"overwinter": 5, "sapling": 8, "canopy": 1000}
    node = make_bare_node(heights, {"coinbase_maturity": 1})
    node.generate(1)
    coins = mature_coins(node, 0)
    v1 = {"version": 1, "overwintered": False, "group_id": 0}
    refuse(node, pay(node, [coins[0]], []), "tx-overwinter-not-active")
    first = pay(node, [coins[0]], [], **v1)
    send(node, first)
    node.generate(3)
    assert node.find_transaction(first.txid) is not None
    v3 = {"version": 3, "group_id": 0x03C48270}
    refuse(node, pay(node, [mature_coins(node, 0)[0]], []), "bad-tx-overwinter-version-too-high")
    second = pay(node, [mature_coins(node, 0)[0]], [], **v3)
    send(node, second)
    node.generate(4)
    versions = []
    for height in (4, 5, 8):
        block = node.chain.get_block(node.chain.tree.active[height])
        versions.append(block.transactions[0].version)
    assert versions == [1, 3, 4]


def test_shielded_parts_are_refused_not_trusted(node: RegtestNode) -> None:
    coin = mature_coins(node, 0)[0]
    shielded = replace(
        pay(node, [coin], []),
        shielded_outputs=(bytes(948),),
        value_balance=Zat(-COIN),
        binding_signature=bytes(64),
    )
    refuse(node, shielded, "shielded-unsupported")
    refuse(
        node, replace(pay(node, [coin], []), value_balance=Zat(1)), "bad-txns-valuebalance-nonzero"
    )


def test_the_fee_constant_is_the_relay_maximum() -> None:
    assert FEE == 1000
