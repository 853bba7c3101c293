"""The chain over the embedded layer 1: tenures, transfers, certificates, reorganisations."""

import pytest
from chain_kit import Kit

from btczs.consensus.pox.view import get_anchored_height, get_tenure
from btczs.ledger.accounts import get_account
from btczs.ledger.supply import verify_supply
from btczs.ledger.transactions import encode_transaction, make_token_transfer, sign_origin
from btczs.ledger.transactions.builders import single_sig
from btczs.primitives import BaseUnits, Nonce


def transfer(kit: Kit, sender: int, recipient: int, amount: int, nonce: int) -> bytes:
    accounts = kit.accounts
    tx = make_token_transfer(
        kit.network,
        single_sig(accounts[sender].public_key, nonce=Nonce(nonce), fee=BaseUnits(1000)),
        accounts[recipient].principal,
        BaseUnits(amount),
    )
    return encode_transaction(sign_origin(tx, accounts[sender].secret))


@pytest.fixture
def kit() -> Kit:
    kit = Kit()
    kit.start()
    return kit


def test_a_tenure_begins_and_its_block_is_signed(kit: Kit) -> None:
    tip = kit.chain.tip
    assert (tip.height, tip.tenure_height, tip.signed_height) == (1, 1, 1)
    verify_supply(kit.store, kit.network.token)


def test_a_transfer_moves_money(kit: Kit) -> None:
    before = get_account(kit.store, kit.accounts[1].principal).balance
    kit.make_block([transfer(kit, 0, 1, 77, 0)])
    assert get_account(kit.store, kit.accounts[1].principal).balance == before + 77
    assert get_account(kit.store, kit.accounts[0].principal).nonce == 1
    verify_supply(kit.store, kit.network.token)


def test_the_next_commit_anchors_the_blocks_before_it(kit: Kit) -> None:
    kit.make_block([transfer(kit, 0, 1, 5, 0)])
    height = kit.chain.tip.height
    kit.commit(0)
    kit.mine_l1()
    assert get_anchored_height(kit.store, kit.network, 1) == height
    assert get_anchored_height(kit.store, kit.network, 6) == 0
    kit.mine_l1(5)
    assert get_anchored_height(kit.store, kit.network, 6) == height


def test_an_epoch_without_commits_keeps_the_tenure_and_its_coinbase_accrues(kit: Kit) -> None:
    tenure = get_tenure(kit.store, kit.network.pox)
    kit.mine_l1(3)
    assert get_tenure(kit.store, kit.network.pox) == tenure
    kit.make_block([transfer(kit, 0, 1, 5, 0)])
    kit.commit(1)
    kit.mine_l1()
    kit.make_block()
    verify_supply(kit.store, kit.network.token)
    assert kit.chain.tip.tenure_height == 2


def test_layer_1_reorganises_and_no_transaction_is_lost(kit: Kit) -> None:
    kit.make_block([transfer(kit, 0, 1, 5, 0)])
    for place in (0, 1):
        kit.commit(place)
    kit.mine_l1()
    kit.make_block([transfer(kit, 0, 1, 5, 1)])
    height = kit.chain.tip.height
    kit.node.invalidate_block(kit.node.tip().hash)
    kit.settle()
    kit.mine_l1(2)
    assert kit.chain.tip.height == height
    kit.make_block([transfer(kit, 0, 1, 5, 2)])
    assert get_account(kit.store, kit.accounts[0].principal).nonce == 3
    verify_supply(kit.store, kit.network.token)


def test_rolling_back_every_height_gives_the_roots_before() -> None:
    kit = Kit()
    roots = {kit.store.version: kit.store.root}
    commit = kit.chain.commit

    def record() -> None:
        commit()
        roots[kit.store.version] = kit.store.root

    kit.chain.commit = record  # type: ignore[method-assign]
    kit.start()
    kit.make_block([transfer(kit, 0, 1, 5, 0)])
    kit.commit(0)
    kit.mine_l1()
    assert len(roots) == kit.store.version + 1 > 5
    while kit.store.version > 0:
        kit.store.rollback(kit.store.version - 1)
        kit.store.check()
        assert kit.store.root == roots[kit.store.version]
