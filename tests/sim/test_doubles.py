"""The doubles themselves: what they refuse, what they lose, what they keep."""

from functools import partial

import pytest

from btczs.consensus.pox.l1_transactions import Coin, FeePolicy, build_operation
from btczs.consensus.pox.operations import KeyRegister
from btczs.crypto.merkle import bitcoin_merkle_root
from btczs.crypto.vrf import vrf_public_key
from btczs.l1.follower import NotFollowed
from btczs.l1.params import get_params
from btczs.l1.wire import decode_header, decode_transaction
from btczs.node.chain.assembly import MinerSecrets
from btczs.primitives import Hash32, L1Height, TimestampS
from btczs.sim.world import get_l1_script
from btczs.store import MemoryKV
from btczs.store.errors import StoreFailed
from btczs.testing import Crash, FakeL1, Fault, FaultyKV, MockClock, TransactionRefused

PARAMS = get_params("bitcoinz", "regtest", {"overwinter": 1, "sapling": 1, "canopy": 1})
OWNER = MinerSecrets(b"\1" * 32, b"\2" * 32, b"\3" * 32)
SCRIPT = get_l1_script(OWNER)


@pytest.fixture
def l1() -> FakeL1:
    chain = FakeL1(PARAMS, lambda _: True, [SCRIPT], TimestampS(1_000_000))
    chain.mine(10)
    return chain


def coins(l1: FakeL1) -> list[Coin]:
    return [Coin(u.txid, u.index, u.value, u.script) for u in l1.unspent_of(SCRIPT)]


def make(l1: FakeL1, coin: Coin) -> bytes:
    operation = KeyRegister(vrf_public_key(OWNER.vrf_secret), OWNER.signing_key_hash)
    height = L1Height(l1.height + 1)
    secret, policy = OWNER.l1_secret, FeePolicy()
    return build_operation(PARAMS, "zr", operation, (), [coin], coin, secret, height, policy).raw


def test_headers_link_and_commit_to_their_transactions(l1: FakeL1) -> None:
    l1.submit(make(l1, coins(l1)[0]))
    l1.mine(2)
    for height in range(2, l1.height + 1):
        facts = l1.facts_at(height)
        header = decode_header(PARAMS, facts.header)
        assert header.hash == facts.hash == l1.hash_at(height)
        assert header.prev == l1.hash_at(height - 1)
        txids = [decode_transaction(PARAMS, raw).txid for _, raw in facts.selected]
        assert len(txids) == facts.tx_count
        assert header.merkle_root == bitcoin_merkle_root(txids)[0]


def test_only_selected_transactions_are_shown() -> None:
    chain = FakeL1(PARAMS, lambda tx: not tx.is_coinbase, [SCRIPT], TimestampS(0))
    chain.mine(1)
    txid = chain.submit(make(chain, coins(chain)[0]))
    chain.mine(1)
    ((place, raw),) = chain.facts_at(2).selected
    assert (place, decode_transaction(PARAMS, raw).txid) == (1, txid)


@pytest.mark.parametrize("height", [-1, 0, 11])
def test_no_facts_beyond_the_chain(l1: FakeL1, height: int) -> None:
    assert l1.hash_at(height) is None
    with pytest.raises(NotFollowed):
        l1.facts_at(height)


def test_a_coin_is_spent_once(l1: FakeL1) -> None:
    first, second = coins(l1)[:2]
    l1.submit(make(l1, first))
    other = make(l1, Coin(first.txid, first.index, first.value, first.script))
    assert l1.submit(other) in l1.pool  # the same transaction again
    changed = Coin(first.txid, first.index, type(first.value)(first.value - 5), first.script)
    with pytest.raises(TransactionRefused):
        l1.submit(make(l1, changed))
    l1.mine()
    with pytest.raises(TransactionRefused):
        l1.submit(make(l1, changed))
    rich = Coin(second.txid, second.index, type(second.value)(second.value + 1), second.script)
    with pytest.raises(TransactionRefused, match="pays more"):
        l1.submit(make(l1, Coin(rich.txid, rich.index, type(rich.value)(10**7), rich.script)))


def test_a_reorganisation_returns_transactions_to_the_pool(l1: FakeL1) -> None:
    txid = l1.submit(make(l1, coins(l1)[0]))
    l1.mine(2)
    assert not l1.pool
    before = l1.hash_at(10)
    l1.reorganise(2, 3, include=lambda _: False)
    assert list(l1.pool) == [txid]
    assert (l1.height, l1.hash_at(10)) == (13, before)
    l1.mine()
    assert not l1.pool


def test_a_reorganisation_loses_what_it_is_told_to(l1: FakeL1) -> None:
    old = coins(l1)
    l1.submit(make(l1, old[0]))
    l1.mine()
    l1.reorganise(1, 0, lose=lambda _: True)
    assert not l1.pool
    assert coins(l1) == old or set(coins(l1)) == set(old)


def test_what_spends_a_vanished_coinbase_is_dropped(l1: FakeL1) -> None:
    newest = coins(l1)[-1]
    parent = decode_transaction(PARAMS, make(l1, newest))
    l1.submit(make(l1, newest))
    child = Coin(parent.txid, 1, parent.outputs[1].value, SCRIPT)
    l1.submit(make(l1, child))
    l1.mine()
    l1.reorganise(2, 3)
    assert not l1.pool
    assert child.txid not in {c.txid for c in coins(l1)}


def test_a_chain_of_earlier_can_return(l1: FakeL1) -> None:
    l1.submit(make(l1, coins(l1)[0]))
    l1.mine(3)
    branch, owned = l1.branch(), set(coins(l1))
    l1.reorganise(5, 6)
    assert l1.hash_at(13) != branch.blocks[12].ref.hash
    l1.switch(branch)
    assert l1.tip() == branch.blocks[-1].ref
    assert set(coins(l1)) == owned


def test_a_dead_store_takes_no_writes() -> None:
    durable = MemoryKV()
    for fault, is_there in ((Fault.CRASH_BEFORE, False), (Fault.CRASH_AFTER, True)):
        key = fault.value.encode()
        kv = FaultyKV(durable)
        kv.arm(fault, after_writes=1)
        kv.write({b"first": b"1"})
        for attempt in (partial(kv.write, {key: b"2"}), partial(kv.write, {b"late": b"3"})):
            with pytest.raises(Crash):
                attempt()
        assert (durable.get(key) is not None) is is_there
        assert durable.get(b"late") is None


def test_a_failing_store_recovers() -> None:
    kv = FaultyKV(MemoryKV())
    kv.arm(Fault.FAIL)
    with pytest.raises(StoreFailed):
        kv.write({b"k": b"v"})
    assert kv.get(b"k") is None
    kv.write({b"k": b"v"})
    assert dict(kv.scan(b"", None)) == {b"k": b"v"}


def test_time_goes_forward_only() -> None:
    clock = MockClock(TimestampS(5))
    assert (clock.now(), clock.advance(3), clock.now()) == (5, 8, 8)
    with pytest.raises(AssertionError):
        clock.advance(-1)


def test_blocks_of_the_same_height_differ(l1: FakeL1) -> None:
    seen: set[Hash32 | None] = set()
    for _ in range(5):
        l1.reorganise(1, 1)
        seen.add(l1.hash_at(10))
    assert len(seen) == 5
