"""Branches: most work wins, transactions return to the pool, marks can be set and taken back."""

import random

import pytest
from regtest_kit import (
    ACTIVE,
    COIN,
    copy_node,
    forge,
    get_script,
    make_bare_node,
    make_node,
    mature_coins,
    mine_branch,
    output_of,
    pay,
    send,
    snapshot,
)

from btczs.l1.regtest.errors import BlockRejected, UnknownBlock
from btczs.l1.regtest.node import RegtestNode
from btczs.l1.regtest.utxo import CoinOverlay, decode_undo, undo_block
from btczs.primitives import Hash32, InvalidInput


@pytest.fixture
def node() -> RegtestNode:
    return make_node()


def test_the_branch_of_more_work_wins_and_transactions_return(node: RegtestNode) -> None:
    branch = mine_branch(node, 3, b"other")
    tx = pay(node, [mature_coins(node, 0)[0]], [(get_script(1), COIN)])
    send(node, tx)
    node.generate(2)
    assert len(node.pool) == 0
    mine = node.tip()
    results = [node.submit_block(raw).is_connected for raw in branch]
    assert results == [False, False, True]
    assert node.tip().height == 113
    assert node.tip() != mine
    assert [entry.txid for entry in node.pool.iterate()] == [tx.txid]
    node.generate(1)
    found = node.find_transaction(tx.txid)
    assert found is not None
    assert found.block is not None
    assert found.block.height == 114


def test_of_two_branches_with_the_same_work_the_first_stays(node: RegtestNode) -> None:
    (raw,) = mine_branch(node, 1, b"other")
    first = node.generate(1)[0]
    assert not node.submit_block(raw).is_connected
    assert node.tip().hash == first
    with pytest.raises(BlockRejected, match="duplicate-inconclusive"):
        node.submit_block(raw)


def test_chains_of_transactions_return_in_order(node: RegtestNode) -> None:
    branch = mine_branch(node, 3, b"other")
    parent = pay(node, [mature_coins(node, 0)[0]], [(get_script(1), COIN)])
    send(node, parent)
    node.generate(1)
    child = pay(node, [output_of(node, parent, 0)], [], key=1)
    send(node, child)
    node.generate(1)
    grandchild = pay(node, [output_of(node, child, 0)], [], key=1)
    send(node, grandchild)
    for raw in branch:
        node.submit_block(raw)
    assert [e.txid for e in node.pool.iterate()] == [parent.txid, child.txid, grandchild.txid]


def test_what_conflicts_with_the_new_branch_does_not_return(node: RegtestNode) -> None:
    coin = mature_coins(node, 0)[0]
    other = copy_node(node, b"other")
    rival = pay(other, [coin], [(get_script(2), COIN)])
    send(other, rival)
    hashes = other.generate(2, get_script(1))
    tx = pay(node, [coin], [(get_script(1), COIN)])
    send(node, tx)
    node.generate(1)
    child = pay(node, [output_of(node, tx, 0)], [], key=1)
    send(node, child)
    for block_hash in hashes:
        node.submit_block(other.get_block_raw(block_hash))
    assert node.tip().hash == hashes[-1]
    assert len(node.pool) == 0


def test_spends_of_an_undone_coinbase_leave_the_pool(node: RegtestNode) -> None:
    assert node.params.coinbase_maturity == 100
    node = make_bare_node(ACTIVE, {"coinbase_maturity": 3})
    node.generate(4)
    (_, coin) = mature_coins(node, 0)
    assert coin.height == 2
    send(node, pay(node, [coin], []))
    node.invalidate_block(node.tip().hash)
    # One block less: the coinbase is immature again.
    assert len(node.pool) == 0


def test_invalidate_and_reconsider_move_the_tip(node: RegtestNode) -> None:
    base = node.tip()
    hashes = node.generate(3)
    before = snapshot(node)
    node.invalidate_block(hashes[0])
    assert node.tip() == base
    assert node.get_block_raw(hashes[2])  # still stored
    replacement = node.generate(1, get_script(2))
    assert node.tip().height == 111
    node.reconsider_block(hashes[1])
    assert node.tip().hash == hashes[2]
    assert snapshot(node) == before
    assert node.chain.get_entry(replacement[0]).failed is False
    with pytest.raises(UnknownBlock):
        node.invalidate_block(Hash32(bytes(32)))
    with pytest.raises(InvalidInput, match="genesis"):
        node.invalidate_block(node.block_hash_at(0))


def test_mining_after_an_invalidation_makes_another_block(node: RegtestNode) -> None:
    """The clock stands still: without care the invalidated block would be mined again."""
    seen = set()
    for _ in range(3):
        (block_hash,) = node.generate(1)
        assert block_hash not in seen
        seen.add(block_hash)
        node.invalidate_block(block_hash)


def test_a_block_on_an_invalidated_one_is_refused(node: RegtestNode) -> None:
    hashes = node.generate(2)
    raw = node.get_block_raw(hashes[1])
    node.invalidate_block(hashes[0])
    with pytest.raises(BlockRejected, match="duplicate-invalid"):
        node.submit_block(raw)
    other = copy_node(make_node())
    for block_hash in hashes:
        other.submit_block(node.get_block_raw(block_hash))
    child = forge(other)
    with pytest.raises(BlockRejected, match="bad-prevblk"):
        node.submit_block(child.raw)


def test_invalidating_the_tip_falls_back_to_the_best_other_branch(node: RegtestNode) -> None:
    branch = mine_branch(node, 2, b"other")
    hashes = node.generate(3)
    for raw in branch:
        node.submit_block(raw)
    assert node.tip().hash == hashes[2]
    node.invalidate_block(hashes[0])
    assert node.tip().height == 112
    assert node.get_block_raw(node.tip().hash) == branch[-1]


def test_an_invalid_block_in_a_longer_branch_leaves_the_old_chain(node: RegtestNode) -> None:
    """The fault shows only when the branch is connected, after the old chain was undone."""
    coin = mature_coins(node, 0)[0]
    other = copy_node(node, b"other")
    other_blocks = [other.get_block_raw(h) for h in other.generate(1, get_script(1))]
    spent_twice = pay(other, [coin], [(get_script(2), COIN)])
    good = forge(other, [spent_twice])
    other.submit_block(good.raw)
    bad = forge(other, [pay(other, [coin], [(get_script(3), COIN)])])
    node.generate(2, get_script(0))
    before, tip = snapshot(node), node.tip()
    for raw in [*other_blocks, good.raw]:
        node.submit_block(raw)
    assert node.tip() == tip
    with pytest.raises(BlockRejected, match="bad-txns-inputs-missingorspent"):
        node.submit_block(bad.raw)
    assert (node.tip(), snapshot(node)) == (tip, before)
    with pytest.raises(BlockRejected, match="duplicate-invalid"):
        node.submit_block(bad.raw)
    node.generate(1)
    assert node.tip().height == 113


def test_a_branch_deeper_than_the_limit_is_not_followed() -> None:
    assert make_node().params.reorg_blocks_max == 99
    node = make_bare_node(ACTIVE, {"reorg_blocks_max": 3})
    node.generate(2)
    branch = mine_branch(node, 6, b"deep")
    node.generate(4)
    tip = node.tip()
    for raw in branch:
        assert not node.submit_block(raw).is_connected
    assert node.tip() == tip
    assert "forks off too deep" in node.get_warnings()
    node.invalidate_block(node.block_hash_at(3))
    assert node.tip().height == 8
    assert node.get_warnings() == ""


def test_undoing_blocks_restores_the_coins_exactly(node: RegtestNode) -> None:
    states = [snapshot(node)]
    coins = [mature_coins(node, key)[0] for key in range(3)]
    for key, coin in enumerate(coins):
        tx = pay(node, [coin], [(get_script((key + 1) % 4), COIN)], key=key)
        send(node, tx)
        send(node, pay(node, [output_of(node, tx, 1)], [], key=key))
        node.generate(1)
        states.append(snapshot(node))
    while len(states) > 1:
        assert snapshot(node) == states.pop()
        entry = node.tip_entry
        block = node.chain.get_block(entry)
        raw_undo = node._store.get_undo(entry.hash)
        assert raw_undo is not None
        view = CoinOverlay(node.chain.coins)
        undo_block(view, block.transactions, entry.height, decode_undo(raw_undo))
        for txid, outputs in view._changed.items():
            for index, restored in outputs.items():
                assert states[-1][txid, index] == restored
        node.invalidate_block(entry.hash)
    assert snapshot(node) == states[0]


@pytest.mark.parametrize("seed", range(6))
def test_arrival_order_does_not_matter(seed: int) -> None:
    """A tree of branches, one of them the longest, in any order in which parents come first."""
    rng = random.Random(seed)
    base = make_node()
    trunk = mine_branch(base, 2, b"trunk")
    middle = copy_node(base)
    for raw in trunk:
        middle.submit_block(raw)
    branches = [
        mine_branch(base, 3, b"short"),
        trunk + mine_branch(middle, 3, b"long"),
        trunk + mine_branch(middle, 1, b"stub"),
    ]
    target = make_node(clock=base.now)
    waiting = [list(branch) for branch in branches]
    seen: set[bytes] = set()
    while any(waiting):
        raw = rng.choice([branch for branch in waiting if branch]).pop(0)
        if raw not in seen:
            target.submit_block(raw)
            seen.add(raw)
    assert target.tip().height == 115
    assert target.get_block_raw(target.tip().hash) == branches[1][-1]
    straight = make_node(clock=base.now)
    for raw in branches[1]:
        straight.submit_block(raw)
    assert snapshot(straight) == snapshot(target)
