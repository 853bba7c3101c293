"""The follower against a node in memory: its view is the node's best chain, whatever happens."""

import asyncio
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from fake_l1 import MARK, PARAMS, FakeNode, is_marked, make_block, make_coinbase, make_payment
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from btczs.crypto.hashes import sha256d
from btczs.crypto.merkle import bitcoin_merkle_root
from btczs.l1 import get_params, wire
from btczs.l1.follower import (
    Advanced,
    Follower,
    FollowerEvent,
    LyingNode,
    NotFollowed,
    Rewound,
    StoreUnavailable,
    TransactionAbsent,
    WrongChain,
    WrongStore,
)
from btczs.l1.rpc import RpcUnavailable
from btczs.l1.spv import verify_merkle_proof
from btczs.primitives import Hash32, L1Height
from btczs.primitives.units import ZERO_HASH


def make_follower(
    node: FakeNode, path: Path, start: int = 0, keep_blocks: int = 1000, per_poll: int = 16
) -> Follower:
    file = path / "l1.sqlite" if path.is_dir() else path
    return Follower(
        node, PARAMS, file, L1Height(start), is_marked, keep_blocks, blocks_per_poll=per_poll
    )


def drain(follower: Follower) -> list[FollowerEvent]:
    async def run() -> list[FollowerEvent]:
        events = []
        while (event := await follower.poll()) is not None:
            events.append(event)
        return events

    return asyncio.run(run())


def poll(follower: Follower) -> FollowerEvent | None:
    return asyncio.run(follower.poll())


def assert_same(follower: Follower, node: FakeNode, start: int = 0) -> None:
    tip = follower.tip()
    top = len(node.chain) - 1
    if top < start:
        assert tip is None
        return
    assert tip is not None
    assert (tip.height, tip.hash) == (top, node.chain[top])
    for height in range(start, top + 1):
        assert follower.hash_at(height) == node.chain[height]
        raw = node.blocks[node.chain[height]]
        assert follower.header_at(height) == raw[:80]
        block = wire.decode_block(PARAMS, raw)
        facts = follower.facts_at(height)
        expected = tuple(
            (index, wire.encode_transaction(tx))
            for index, tx in enumerate(block.transactions)
            if is_marked(tx)
        )
        assert (facts.height, facts.hash, facts.selected) == (height, node.chain[height], expected)
        assert facts.tx_count == len(block.transactions)
        assert follower.confirmations(height) == top - height + 1
    assert follower.hash_at(top + 1) is None
    assert follower.confirmations(top + 1) == 0


def test_it_follows_from_genesis_and_keeps_what_is_selected(tmp_path: Path) -> None:
    node = FakeNode()
    node.mine(20, marked=2)
    follower = make_follower(node, tmp_path)
    events = drain(follower)
    assert [len(e.facts) for e in events if isinstance(e, Advanced)] == [16, 5]
    assert_same(follower, node)
    assert len(follower.facts_at(3).selected) == 2
    assert poll(follower) is None
    assert follower.height_of(node.chain[7]) == 7
    assert follower.height_of(ZERO_HASH) is None


def test_an_idle_poll_asks_one_question(tmp_path: Path) -> None:
    node = FakeNode()
    node.mine(3)
    follower = make_follower(node, tmp_path)
    drain(follower)
    before = node.calls
    assert poll(follower) is None
    assert node.calls == before + 1


def test_it_waits_for_its_start_height(tmp_path: Path) -> None:
    node = FakeNode()
    node.mine(4)
    follower = make_follower(node, tmp_path, start=6)
    assert poll(follower) is None
    assert follower.tip() is None
    node.mine(3)
    assert [type(e) for e in drain(follower)] == [Advanced]
    assert_same(follower, node, start=6)
    assert follower.hash_at(5) == node.chain[5], "context before the start is known"
    with pytest.raises(NotFollowed):
        follower.facts_at(5)


def test_a_reorganisation_is_one_rewind_to_the_fork_point(tmp_path: Path) -> None:
    node = FakeNode()
    node.mine(40, marked=1)
    follower = make_follower(node, tmp_path)
    drain(follower)
    node.reorganise(25, 27)
    events = drain(follower)
    assert events[0] == Rewound(L1Height(15), node.chain[15])
    assert all(isinstance(e, Advanced) for e in events[1:])
    assert_same(follower, node)


def test_a_node_that_only_goes_back_is_followed(tmp_path: Path) -> None:
    node = FakeNode()
    node.mine(5)
    follower = make_follower(node, tmp_path)
    drain(follower)
    node.cut(2)
    assert drain(follower) == [Rewound(L1Height(3), node.chain[3])]
    assert_same(follower, node)


@pytest.mark.parametrize("depth", [3, 4, 6, 20])
def test_a_fork_below_the_start_rewinds_to_before_the_start(tmp_path: Path, depth: int) -> None:
    node = FakeNode()
    node.mine(30)
    follower = make_follower(node, tmp_path, start=28)
    drain(follower)
    node.reorganise(depth, depth + 2)
    events = drain(follower)
    assert events[0] == Rewound(L1Height(27), node.chain[27])
    assert_same(follower, node, start=28)
    assert follower.hash_at(27) == node.chain[27], "the context is the new branch's"


def test_a_node_shorter_than_the_start_empties_the_view(tmp_path: Path) -> None:
    node = FakeNode()
    node.mine(30)
    follower = make_follower(node, tmp_path, start=28)
    drain(follower)
    node.cut(20)
    assert drain(follower) == [Rewound(L1Height(27), ZERO_HASH)]
    assert follower.tip() is None
    node.mine(25)
    drain(follower)
    assert_same(follower, node, start=28)


def test_old_facts_are_pruned_but_headers_are_kept(tmp_path: Path) -> None:
    node = FakeNode()
    node.mine(50, marked=1)
    follower = make_follower(node, tmp_path, keep_blocks=10)
    drain(follower)
    assert follower.facts_at(41).tx_count == 2
    with pytest.raises(NotFollowed, match="pruned"):
        follower.facts_at(40)
    assert follower.header_at(1) is not None
    assert follower.hash_at(1) == node.chain[1]


def test_a_reorganisation_deeper_than_the_kept_facts_is_followed(tmp_path: Path) -> None:
    node = FakeNode()
    node.mine(30, marked=1)
    follower = make_follower(node, tmp_path, keep_blocks=4)
    drain(follower)
    node.reorganise(20, 22)
    drain(follower)
    tip = follower.tip()
    assert tip is not None
    assert tip.hash == node.chain[-1]
    assert [follower.hash_at(h) for h in range(len(node.chain))] == node.chain


def test_events_of_many_selected_bytes_are_split(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("btczs.l1.follower.step.SELECTED_BYTES_PER_POLL", 100)
    node = FakeNode()
    node.mine(6, marked=1)
    follower = make_follower(node, tmp_path, start=1)
    assert [len(e.facts) for e in drain(follower) if isinstance(e, Advanced)] == [2, 2, 2]
    assert_same(follower, node, start=1)


# Random histories


Step = tuple[str, int, int]
steps = st.lists(
    st.one_of(
        st.tuples(st.just("mine"), st.integers(1, 6), st.integers(0, 2)),
        st.tuples(st.just("reorganise"), st.integers(1, 9), st.integers(0, 11)),
        st.tuples(st.just("poll"), st.integers(1, 3), st.just(0)),
        st.tuples(st.just("restart"), st.just(0), st.just(0)),
        st.tuples(st.just("race"), st.integers(1, 12), st.integers(1, 4)),
    ),
    max_size=25,
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(history=steps, start=st.integers(0, 8), per_poll=st.integers(1, 5))
def test_the_view_always_becomes_the_best_chain(
    tmp_path_factory: pytest.TempPathFactory, history: list[Step], start: int, per_poll: int
) -> None:
    """Also with restarts, and with reorganisations between any two questions of one poll. A
    consumer that only applies the events arrives at the same chain."""
    node = FakeNode()
    path = tmp_path_factory.mktemp("follower") / "l1.sqlite"
    follower = make_follower(node, path, start, per_poll=per_poll)
    view: dict[int, Hash32] = {}

    def consume(event: FollowerEvent | None) -> None:
        if isinstance(event, Rewound):
            if event.to_height >= start:
                assert view[event.to_height] == event.to_hash
            for height in [h for h in view if h > event.to_height]:
                del view[height]
        elif isinstance(event, Advanced):
            for facts in event.facts:
                assert facts.height == (max(view) + 1 if view else start)
                view[facts.height] = facts.hash

    for what, a, b in history:
        if what == "mine":
            node.mine(a, marked=b)
        elif what == "reorganise":
            node.reorganise(a, b)
        elif what == "restart":
            follower.close()
            follower = make_follower(node, path, start, per_poll=per_poll)
        elif what == "poll":
            for _ in range(a):
                consume(poll(follower))
        else:
            strike_at = node.calls + a

            def strike(at: int = strike_at, depth: int = b) -> None:
                if node.calls == at:
                    node.reorganise(depth, depth + 1)

            node.before_call = strike
            with suppress(RpcUnavailable):  # the chain may move during every attempt
                consume(poll(follower))
            node.before_call = lambda: None
    for event in drain(follower):
        consume(event)
    assert_same(follower, node, start)
    assert view == {h: node.chain[h] for h in range(start, len(node.chain))}
    follower.close()


# Lies


def assert_refused(follower: Follower) -> LyingNode:
    before = follower.tip()
    with pytest.raises(LyingNode) as caught:
        poll(follower)
    assert follower.tip() == before
    return caught.value


def tampered(node: FakeNode, name: str) -> bytes:
    """A false version of the block at the tip, to be served under its hash."""
    honest = node.blocks[node.chain[-1]]
    block = wire.decode_block(PARAMS, honest)
    txs = list(block.transactions)
    if name == "another block":
        return node.blocks[node.chain[-2]]
    if name == "altered transaction":
        return honest[:-1] + bytes((honest[-1] ^ 1,))
    if name == "missing transaction":
        return wire.encode_block(wire.Block(block.header, tuple(txs[:-1])))
    if name == "duplicated transactions":  # CVE-2012-2459: the root stays the same
        return wire.encode_block(wire.Block(block.header, (*txs, txs[-1])))
    if name == "no transactions":
        return honest[:80] + b"\x00"
    if name == "truncated":
        return honest[:-3]
    if name == "trailing byte":
        return honest + b"\x00"
    if name == "empty":
        return b""
    assert name == "altered header"
    return bytes((honest[0] ^ 1,)) + honest[1:]


@pytest.mark.parametrize(
    "lie",
    [
        "another block",
        "altered transaction",
        "missing transaction",
        "duplicated transactions",
        "no transactions",
        "truncated",
        "trailing byte",
        "empty",
        "altered header",
    ],
)
def test_a_false_block_is_refused_and_nothing_of_the_poll_is_stored(
    tmp_path: Path, lie: str
) -> None:
    node = FakeNode()
    node.mine(3)
    follower = make_follower(node, tmp_path)
    drain(follower)
    node.mine(2)
    node.mine(1, marked=2)  # three transactions: the last can be duplicated
    node.served[node.chain[-1]] = tampered(node, lie)
    error = assert_refused(follower)
    assert error.height == 6
    assert error.code == "l1_lying_node"
    node.served.clear()
    drain(follower)
    assert_same(follower, node)


def append_false(node: FakeNode, name: str) -> None:
    """Mine a block that breaks a rule but has the hash the node claims."""
    time = node.time_of_next()
    coinbase = make_coinbase(node.next_tag())
    if name == "does not follow":
        node.append(make_block(node.chain[-2], time, [coinbase]))
    elif name == "too little work":
        easier = 0x2100FFFF  # above the limit of the network
        node.append(make_block_unchecked(node.chain[-1], time, easier))
    elif name == "wrong difficulty":
        node.append(make_block(node.chain[-1], time, [coinbase], bits=0x207FFFFE))
    elif name == "time before the median":
        node.append(make_block(node.chain[-1], 1_000_000_000, [coinbase]))
    elif name == "no coinbase":
        node.append(make_block(node.chain[-1], time, [make_payment(1)]))
    elif name == "two coinbases":
        node.append(make_block(node.chain[-1], time, [coinbase, make_coinbase(99_999)]))
    elif name == "uncommitted witness":
        node.append(make_block(node.chain[-1], time, [coinbase, make_payment(7, witness=b"w")]))
    else:
        assert name == "other witness than committed"
        coinbase = make_coinbase(node.next_tag(), witness_commitment=bytes(32))
        node.append(make_block(node.chain[-1], time, [coinbase, make_payment(7, witness=b"w")]))


def make_block_unchecked(prev: Hash32, time: int, bits: int) -> bytes:
    raw = bytearray(make_block(prev, time, [make_coinbase(5)]))
    raw[72:76] = bits.to_bytes(4, "little")
    return bytes(raw)


@pytest.mark.parametrize(
    "lie",
    [
        "does not follow",
        "too little work",
        "wrong difficulty",
        "time before the median",
        "no coinbase",
        "two coinbases",
        "uncommitted witness",
        "other witness than committed",
    ],
)
def test_a_block_that_breaks_a_rule_is_refused(tmp_path: Path, lie: str) -> None:
    node = FakeNode()
    node.mine(12)
    follower = make_follower(node, tmp_path)
    drain(follower)
    append_false(node, lie)
    assert_refused(follower)


def test_a_committed_witness_is_accepted_and_kept(tmp_path: Path) -> None:
    node = FakeNode()
    payment = make_payment(7, MARK, witness=b"w")
    root, _ = bitcoin_merkle_root([ZERO_HASH, payment.wtxid])
    coinbase = make_coinbase(1, witness_commitment=sha256d(root + bytes(32)))
    node.append(make_block(node.chain[-1], node.time_of_next(), [coinbase, payment]))
    follower = make_follower(node, tmp_path)
    drain(follower)
    assert follower.facts_at(1).selected == ((1, wire.encode_transaction(payment)),)


def test_a_reorganisation_to_an_invented_block_forgets_nothing(tmp_path: Path) -> None:
    node = FakeNode()
    node.mine(10)
    follower = make_follower(node, tmp_path)
    drain(follower)
    for height in (9, 10):
        invented = Hash32(bytes([height]) * 32)
        node.claimed[height] = invented
        node.served[invented] = node.blocks[node.chain[height]]
    assert_refused(follower)
    node.claimed.clear()
    assert poll(follower) is None


def test_a_node_that_denies_every_block_makes_us_forget_nothing(tmp_path: Path) -> None:
    node = FakeNode()
    node.mine(10)
    follower = make_follower(node, tmp_path, start=4)
    drain(follower)
    for height in range(1, 11):
        node.claimed[height] = Hash32(bytes([height]) * 32)
        node.served[node.claimed[height]] = bytes(80)
    assert_refused(follower)


def test_false_context_before_the_start_is_refused(tmp_path: Path) -> None:
    node = FakeNode()
    node.mine(30)
    follower = make_follower(node, tmp_path, start=28)
    node.served[node.chain[25]] = node.blocks[node.chain[24]]
    assert_refused(follower)
    assert follower.hash_at(24) is None


def test_another_chain_is_recognised(tmp_path: Path) -> None:
    node = FakeNode()
    node.chain[0] = ZERO_HASH
    with pytest.raises(WrongChain):
        poll(make_follower(node, tmp_path))


# The file


def test_the_file_belongs_to_one_chain_and_start(tmp_path: Path) -> None:
    node = FakeNode()
    make_follower(node, tmp_path, start=1).close()
    with pytest.raises(WrongStore, match="start_height"):
        make_follower(node, tmp_path, start=2)
    with pytest.raises(WrongStore, match="chain"):
        Follower(
            node,
            get_params("litecoin", "regtest"),
            tmp_path / "l1.sqlite",
            L1Height(1),
            is_marked,
        )


def test_a_damaged_file_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "l1.sqlite"
    path.write_bytes(b"this is no database" * 100)
    with pytest.raises(WrongStore):
        make_follower(FakeNode(), path)


def test_a_folder_that_does_not_exist_is_reported(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable):
        make_follower(FakeNode(), tmp_path / "missing" / "l1.sqlite")


def test_two_followers_of_one_file_cannot_interleave(tmp_path: Path) -> None:
    node = FakeNode()
    node.mine(4)
    follower = make_follower(node, tmp_path)
    drain(follower)
    node.mine(2)
    calls = node.calls

    def follow_too() -> None:
        other = make_follower(node, tmp_path)
        drain(other)
        assert_same(other, node)
        other.close()

    def let_another_be_faster() -> None:
        if node.calls == calls + 4:
            node.before_call = lambda: None
            thread = threading.Thread(target=follow_too)
            thread.start()
            thread.join()

    node.before_call = let_another_be_faster
    with pytest.raises(StoreUnavailable, match="another process"):
        poll(follower)
    assert poll(follower) is None
    assert_same(follower, node)


# Proofs and the loop


def test_a_proof_from_the_node_verifies(tmp_path: Path) -> None:
    node = FakeNode()
    node.mine(2, marked=4)
    follower = make_follower(node, tmp_path)
    drain(follower)
    tx = wire.decode_block(PARAMS, node.blocks[node.chain[2]]).transactions[3]
    proof = asyncio.run(follower.fetch_transaction_proof(2, tx.txid))
    proven = verify_merkle_proof(PARAMS, proof, wire.encode_transaction(tx))
    assert (proven.block_hash, proven.index, proven.is_coinbase) == (node.chain[2], 3, False)
    with pytest.raises(TransactionAbsent):
        asyncio.run(follower.fetch_transaction_proof(1, tx.txid))
    with pytest.raises(NotFollowed):
        asyncio.run(follower.fetch_transaction_proof(9, tx.txid))


def test_run_survives_an_unavailable_node_and_wakes_up(tmp_path: Path) -> None:
    node = FakeNode()
    node.mine(3)
    follower = make_follower(node, tmp_path)
    failures = iter([True, True, False])

    def fail_at_first() -> None:
        if next(failures, False):
            raise RpcUnavailable("it sleeps")

    node.before_call = fail_at_first
    heights: list[int] = []

    async def scenario() -> None:
        wake = asyncio.Event()

        async def on_event(event: FollowerEvent) -> None:
            assert isinstance(event, Advanced)
            heights.extend(facts.height for facts in event.facts)

        # Polling alone would take an hour: after the failures only `wake` can bring news.
        task = asyncio.create_task(follower.run(on_event, wake, interval_s=3600))
        async with asyncio.timeout(20):
            for target in (4, 5):
                while len(heights) < target:
                    wake.set()
                    await asyncio.sleep(0.01)
                node.mine(1)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    asyncio.run(scenario())
    assert heights == [0, 1, 2, 3, 4]


def test_run_ends_with_the_error_of_a_lying_node(tmp_path: Path) -> None:
    node = FakeNode()
    node.mine(1)
    node.served[node.chain[1]] = b""
    follower = make_follower(node, tmp_path)

    async def on_event(event: FollowerEvent) -> None:
        raise AssertionError(event)

    with pytest.raises(LyingNode):
        asyncio.run(follower.run(on_event))
