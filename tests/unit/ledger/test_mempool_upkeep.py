"""Choosing for a block, following blocks, bounds, ageing, and what the API asks."""

import pytest
from ledger_world import (
    FEE,
    KEYS,
    STRANGER,
    A,
    B,
    C,
    D,
    World,
    authenticated,
    transfer,
    with_limits,
)

from btczs.ledger import Account, rejections
from btczs.ledger.accounts import account_key, encode_account
from btczs.ledger.mempool import dropped as dropped_module
from btczs.ledger.mempool import pool as pool_module

SIZE = len(transfer(A, 0))


def ids(*raws: bytes) -> list[bytes]:
    return [authenticated(raw).txid for raw in raws]


def chosen(world: World, **bounds: int) -> list[bytes]:
    return [transaction.txid for transaction in world.select(**bounds)]


def test_the_best_fee_rate_goes_first_and_nonces_stay_in_order() -> None:
    world = World()
    raws = [
        transfer(A, 0, fee=1_000),
        transfer(A, 1, fee=9_000),
        transfer(B, 0, fee=3_000),
        transfer(B, 1, fee=2_000),
        transfer(C, 0, fee=2_500),
    ]
    for raw in raws:
        world.admit(raw)
    order = ids(raws[2], raws[4], raws[3], raws[0], raws[1])
    assert chosen(world) == order
    assert chosen(world) == order, "choosing changes nothing"
    assert chosen(world, count_max=2) == order[:2]
    assert chosen(world, bytes_max=3 * SIZE + 5) == order[:3]
    assert chosen(world, bytes_max=10) == []
    assert chosen(world, count_max=0) == []


def test_equal_fee_rates_are_served_in_order_of_arrival() -> None:
    world = World()
    raws = [transfer(key, 0) for key in (D, B, A, C)]
    for raw in raws:
        world.admit(raw)
    assert chosen(world) == ids(*raws)


def test_a_sponsored_transaction_waits_for_both_its_accounts() -> None:
    world = World()
    raws = [
        transfer(A, 0, fee=9_000, sponsor=B, sponsor_nonce=1),
        transfer(C, 0, fee=5_000, sponsor=B, sponsor_nonce=2),
    ]
    for raw in raws:
        world.admit(raw)
    assert chosen(world) == []
    world.admit(transfer(B, 0))
    assert chosen(world) == ids(transfer(B, 0), *raws)
    world.mine(world.select())
    assert len(world.pool) == 0


def test_two_that_wait_for_each_other_hold_up_nobody() -> None:
    world = World()
    world.admit(transfer(A, 0, sponsor=B, sponsor_nonce=1))
    world.admit(transfer(B, 0, sponsor=A, sponsor_nonce=1))
    world.admit(transfer(C, 0))
    assert chosen(world) == ids(transfer(C, 0))


def test_a_large_one_does_not_hold_up_small_ones() -> None:
    world = World()
    sponsored = transfer(A, 0, fee=9_000, sponsor=B)
    world.admit(sponsored)
    world.admit(transfer(C, 0))
    assert len(sponsored) > SIZE
    assert chosen(world, bytes_max=SIZE) == ids(transfer(C, 0))


def test_what_was_mined_is_gone_without_a_status() -> None:
    world = World()
    for nonce in range(3):
        world.admit(transfer(A, nonce))
    assert world.mine(world.select(count_max=2)) == ()
    assert [e.origin_nonce for e in world.pool.entries()] == [2]
    assert world.pool.get_dropped(authenticated(transfer(A, 0)).txid) is None
    assert chosen(world) == ids(transfer(A, 2))


def test_a_used_nonce_drops_what_waited_for_it() -> None:
    world = World()
    old = world.admit(transfer(A, 0, 10)).txid
    winner = authenticated(transfer(A, 0, 11)).txid
    (dropped,) = world.mine([transfer(A, 0, 11)])
    assert (dropped.txid, dropped.status) == (old, "dropped_replace_by_fee")
    assert dropped.replaced_by == winner
    assert world.pool.get_dropped(old) == dropped


def test_a_used_nonce_of_a_sponsor_drops_what_it_sponsored() -> None:
    world = World()
    old = world.admit(transfer(A, 0, sponsor=B)).txid
    (dropped,) = world.mine([transfer(B, 0)])
    assert dropped.txid == old
    assert world.pool.nonces(A.principal, world.state).waiting == ()


def test_what_can_no_longer_be_paid_is_dropped_the_last_first() -> None:
    world = World(balance=10_000)
    world.admit(transfer(A, 1, 2_000))
    world.admit(transfer(A, 2, 2_000))
    (dropped,) = world.mine([transfer(A, 0, 4_000)])
    assert dropped.txid == authenticated(transfer(A, 2, 2_000)).txid
    assert dropped.status == "dropped_too_expensive"
    assert chosen(world) == ids(transfer(A, 1, 2_000))


def test_what_waits_too_long_is_dropped() -> None:
    world = World(with_limits(mempool_age_tenures_max=2))
    world.admit(transfer(A, 0))
    world.mine([], new_tenure=True)
    world.admit(transfer(A, 1))
    assert world.mine([], new_tenure=True) == ()
    (dropped,) = world.mine([], new_tenure=True)
    assert dropped.txid == authenticated(transfer(A, 0)).txid
    assert (dropped.status, dropped.tenure) == ("dropped_stale_garbage_collect", 4)
    assert len(world.pool) == 1


def test_a_full_pool_pushes_out_the_cheapest() -> None:
    world = World(with_limits(mempool_transactions_max=2))
    cheap = world.admit(transfer(A, 0, fee=1_100)).txid
    world.admit(transfer(B, 0, fee=1_500))
    world.admit(transfer(C, 0, fee=2_000))
    assert len(world.pool) == 2
    assert world.pool.get_dropped(cheap).status == "dropped_stale_garbage_collect"


def test_a_full_pool_says_what_it_would_take() -> None:
    world = World(with_limits(mempool_transactions_max=2))
    world.admit(transfer(A, 0, fee=1_100))
    world.admit(transfer(B, 0, fee=1_500))
    with pytest.raises(rejections.FeeTooLow) as caught:
        world.admit(transfer(C, 0, fee=1_100))
    expected = caught.value.expected
    assert expected > 1_100
    with pytest.raises(rejections.FeeTooLow):
        world.admit(transfer(C, 0, fee=expected - 1))
    world.admit(transfer(C, 0, fee=expected))


def test_a_full_pool_by_bytes() -> None:
    world = World(with_limits(mempool_bytes_max=2 * SIZE + 10))
    world.admit(transfer(A, 0, fee=1_100))
    world.admit(transfer(B, 0, fee=1_500))
    world.admit(transfer(C, 0, fee=2_000))
    assert world.pool.bytes_total == 2 * SIZE
    world.admit(transfer(D, 0, fee=50_000, sponsor=KEYS[4]))
    assert world.pool.bytes_total <= 2 * SIZE + 10


def test_a_pool_too_small_for_the_transaction() -> None:
    world = World(with_limits(mempool_bytes_max=SIZE - 1))
    with pytest.raises(rejections.ServerFailureOther):
        world.admit(transfer(A, 0))


def test_the_end_of_a_chain_is_pushed_out_before_its_beginning() -> None:
    world = World(with_limits(mempool_transactions_max=3))
    world.admit(transfer(A, 0, fee=1_000))
    world.admit(transfer(A, 1, fee=9_000))
    world.admit(transfer(B, 0, fee=2_000))
    world.admit(transfer(C, 0, fee=3_000))
    assert world.pool.nonces(A.principal, world.state).waiting == (0,)
    assert world.pool.nonces(A.principal, world.state).missing == ()


def test_a_high_fee_behind_a_low_one_pushes_nobody_out() -> None:
    world = World(with_limits(mempool_transactions_max=2))
    world.admit(transfer(A, 0, fee=1_000))
    world.admit(transfer(B, 0, fee=2_000))
    with pytest.raises(rejections.ServerFailureOther):
        world.admit(transfer(A, 1, fee=9_000))
    assert len(world.pool) == 2


def test_a_refusal_after_evictions_takes_them_back() -> None:
    world = World(with_limits(mempool_bytes_max=2 * SIZE))
    world.admit(transfer(A, 0, fee=1_100))
    world.admit(transfer(B, 0, fee=50_000))
    before = {e.txid for e in world.pool.entries()}
    with pytest.raises(rejections.FeeTooLow):  # it needs the place of both
        world.admit(transfer(C, 0, fee=9_000, sponsor=D))
    assert {e.txid for e in world.pool.entries()} == before
    assert chosen(world) == ids(transfer(B, 0, fee=50_000), transfer(A, 0, fee=1_100))


def test_a_refusal_after_evictions_leaves_no_status() -> None:
    world = World(with_limits(mempool_bytes_max=2 * SIZE))
    world.admit(transfer(A, 0, fee=1_100))
    world.admit(transfer(B, 0, fee=50_000))
    too_large, known = transfer(C, 0, fee=9_000, sponsor=D), transfer(A, 0, fee=1_200)
    refused, replaced = world.pool.admit_many([too_large, known], world.state, 7, 1)
    assert isinstance(refused, rejections.FeeTooLow)
    (txid,) = ids(transfer(A, 0, fee=1_100))
    assert world.pool.get_dropped(txid).replaced_by == replaced.txid
    assert world.pool._dropped.get(txid).status == "dropped_replace_by_fee"
    stored = list(world.kv.scan(b"mempool/drop/", b"mempool/drop0"))
    assert len(stored) == len(world.pool._dropped) == 1


def test_a_balance_that_shrank_unnoticed_is_respected_by_the_choice() -> None:
    world = World(balance=10_000)
    world.admit(transfer(A, 0, 2_000))
    world.admit(transfer(A, 1, 2_000))
    set_account(world, A, 5_999, 0)
    assert chosen(world) == ids(transfer(A, 0, 2_000))
    set_account(world, A, 2_999, 0)
    assert chosen(world) == []


def set_account(world: World, key: object, balance: int, nonce: int) -> None:
    world.state.write({account_key(key.principal): encode_account(Account(balance, nonce))})


def test_after_a_rollback_everything_is_compared_with_the_state() -> None:
    world = World()
    set_account(world, A, 100_000, 3)
    world.admit(transfer(A, 3))
    set_account(world, A, 100_000, 1)
    assert world.pool.resync(world.state, 1) == ()
    assert chosen(world) == []
    assert world.pool.nonces(A.principal, world.state).missing == (1, 2)
    world.admit(transfer(A, 1))
    world.admit(transfer(A, 2))
    assert [t.origin_nonce for t in world.select()] == [1, 2, 3]
    set_account(world, A, 100_000, 2)
    (dropped,) = world.pool.resync(world.state, 1)
    assert (dropped.status, dropped.replaced_by) == ("dropped_replace_across_fork", None)
    assert [t.origin_nonce for t in world.select()] == [2, 3]


def test_the_bound_per_account_holds_after_a_rollback() -> None:
    world = World(with_limits(mempool_chaining_max=2))
    set_account(world, A, 100_000, 2)
    world.admit(transfer(A, 2))
    world.admit(transfer(A, 3))
    set_account(world, A, 100_000, 0)
    world.pool.resync(world.state, 1)
    with pytest.raises(rejections.TooMuchChaining):
        world.admit(transfer(A, 0))


def test_a_block_by_somebody_else_that_the_pool_was_not_told_of() -> None:
    world = World()
    world.admit(transfer(A, 0))
    world.admit(transfer(A, 1))
    set_account(world, A, 100_000, 1)
    assert world.select() == [], "nothing that would be refused"
    world.pool.apply_block(world.state, [authenticated(transfer(A, 0))], 1)
    assert chosen(world) == ids(transfer(A, 1))


def test_nonces_for_a_wallet() -> None:
    world = World()
    view = world.pool.nonces(A.principal, world.state)
    assert (view.next_executed, view.last_executed, view.possible_next) == (0, None, 0)
    world.mine([transfer(A, 0)])
    for nonce in (1, 3, 6):
        world.admit(transfer(A, nonce))
    world.admit(transfer(B, 0, sponsor=A, sponsor_nonce=4))
    view = world.pool.nonces(A.principal, world.state)
    assert (view.next_executed, view.last_executed, view.possible_next) == (1, 0, 7)
    assert (view.missing, view.waiting) == ((2, 5), (1, 3, 4, 6))


def test_what_concerns_an_address() -> None:
    world = World()
    sent, sponsored, received, other = (
        world.admit(transfer(A, 0)).txid,
        world.admit(transfer(B, 0, sponsor=A, sponsor_nonce=1)).txid,
        world.admit(transfer(C, 0, to=A.principal)).txid,
        world.admit(transfer(D, 0)).txid,
    )
    assert [e.txid for e in world.pool.entries(A.principal)] == [received, sponsored, sent]
    assert [e.txid for e in world.pool.entries()] == [other, received, sponsored, sent]
    assert [e.txid for e in world.pool.entries(STRANGER)] == [other, sponsored, sent]
    assert list(world.pool.entries(KEYS[8].principal)) == []


def test_the_memory_of_dropped_transactions_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dropped_module, "DROPPED_MAX", 3)
    world = World(balance=10**9)
    for fee in range(FEE, FEE + 10):
        world.admit(transfer(A, 0, fee=fee))
    assert len(world.pool._dropped) == 3
    assert world.pool.get_dropped(authenticated(transfer(A, 0, fee=FEE + 8)).txid) is not None
    assert world.pool.get_dropped(authenticated(transfer(A, 0, fee=FEE + 5)).txid) is None
    stored = list(world.kv.scan(b"mempool/drop/", b"mempool/drop0"))
    assert len(stored) <= 3 + 1, "one that is forgotten goes with the next write"
    monkeypatch.setattr(dropped_module, "DROPPED_BYTES_MAX", SIZE)
    world.admit(transfer(A, 0, fee=FEE + 10))
    assert world.pool._dropped.bytes_total <= SIZE


def test_heaps_are_rebuilt_before_they_fill_with_stale_items(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pool_module, "HEAP_SLACK", 5)
    world = World(balance=10**9)
    for fee in range(FEE, FEE + 60):
        world.admit(transfer(A, 0, fee=fee))
        world.admit(transfer(B, 1, fee=fee))
    assert len(world.pool._pool.heads) <= 2 * 2 + 5
    assert len(world.pool._pool._cheapest) <= 2 * 2 + 5
    assert chosen(world) == ids(transfer(A, 0, fee=FEE + 59))
