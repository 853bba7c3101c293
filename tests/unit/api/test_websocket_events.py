"""What subscribers hear, in which order, and what becomes of those who do not listen."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from starlette.websockets import WebSocketDisconnect
from websocket_world import (
    A,
    B,
    C,
    D,
    FakeBackend,
    World,
    address,
    ask,
    authenticate,
    make_world,
    subscribe,
    transfer,
    txid_of,
)

from btczs.api.options import ApiOptions
from btczs.api.websocket.connection import Connection
from btczs.api.websocket.hub import Hub
from btczs.api.websocket.replay import REPLAY_BLOCKS_MAX, compute_replay_start, replay_blocks
from btczs.api.websocket.subscriptions import BLOCK
from btczs.indexer import Credit


def quiet(ws: Any) -> None:
    """Fails if a notification came before the answer to this harmless request."""
    assert ask(ws, "unsubscribe", "quiet", event="nft_event")["id"] == "quiet"


def hear(ws: Any, method: str) -> Any:
    message = ws.receive_json()
    assert message.get("method") == method, message
    assert "id" not in message
    return message["params"]


def settle(world: World) -> None:
    """Lets the hub work off its events."""

    async def pause() -> None:
        for _ in range(50):
            await asyncio.sleep(0)

    assert world.client.portal is not None
    world.client.portal.call(pause)


def test_every_block_and_microblocks_inside_tenures(tmp_path: Path) -> None:
    with make_world(tmp_path) as world, world.connect() as ws:
        subscribe(ws, "block")
        subscribe(ws, "microblock")
        raw = transfer(0)
        world.do(world.backend.add_block)
        world.do(world.backend.add_block, raw)
        first, second = hear(ws, "block"), hear(ws, "block")
        assert (first["height"], first["btczs_is_tenure_start"]) == (0, True)
        assert (second["height"], second["txs"]) == (1, [txid_of(raw)])
        assert hear(ws, "microblock")["block_height"] == 1
        quiet(ws)


def test_a_transaction_is_told_at_each_of_its_states(tmp_path: Path) -> None:
    raw = transfer(0)
    with make_world(tmp_path) as world, world.connect() as ws:
        backend = world.backend
        world.do(backend.add_block)
        subscribe(ws, "tx_update", tx_id=txid_of(raw))
        world.do(backend.add_waiting, raw)
        world.do(backend.add_waiting, transfer(5))  # somebody else's
        world.do(backend.add_block, raw)
        world.do(backend.advance, 0)  # the block before it
        world.do(backend.advance, 1)
        world.do(backend.advance, 1)  # nothing new
        world.do(backend.advance, 1, 1)
        world.do(backend.advance, 1, 1, 1)
        heard = [hear(ws, "tx_update") for _ in range(5)]
        states = ["pending", "mined", "signed", "anchored", "final"]
        assert [tx["btczs_status"] for tx in heard] == states
        assert [tx["tx_status"] for tx in heard] == ["pending"] + ["success"] * 4
        assert {tx["tx_id"] for tx in heard} == {txid_of(raw)}
        quiet(ws)


def test_a_subscription_to_a_mined_transaction_hears_its_advances(tmp_path: Path) -> None:
    raw = transfer(0)
    with make_world(tmp_path) as world, world.connect() as ws:
        world.do(world.backend.add_block, raw)
        subscribe(ws, "tx_update", tx_id=txid_of(raw))
        world.do(world.backend.advance, 0, 0)
        assert hear(ws, "tx_update")["btczs_status"] == "anchored"
        quiet(ws)


@pytest.mark.parametrize("remember", [True, False])
def test_a_dropped_transaction_is_told(tmp_path: Path, remember: bool) -> None:
    raw = transfer(0)
    with make_world(tmp_path) as world, world.connect() as ws:
        subscribe(ws, "tx_update", tx_id=txid_of(raw))
        world.do(world.backend.drop, raw, remember=remember)
        heard = hear(ws, "tx_update")
        assert heard["tx_id"] == txid_of(raw)
        assert heard["tx_status"] == "dropped_stale_garbage_collect"
        assert heard["btczs_status"] == "dropped"


def test_mempool_tells_what_enters_and_transaction_what_is_mined(tmp_path: Path) -> None:
    first, second = transfer(0), transfer(1)
    with make_world(tmp_path) as world, world.connect() as ws:
        subscribe(ws, "mempool")
        subscribe(ws, "transaction")
        world.do(world.backend.add_waiting, first)
        world.do(world.backend.drop, second)
        world.do(world.backend.add_block, first, second)
        assert hear(ws, "mempool")["tx_id"] == txid_of(first)
        mined = [hear(ws, "transaction") for _ in range(2)]
        assert [tx["tx_id"] for tx in mined] == [txid_of(first), txid_of(second)]
        quiet(ws)


def test_sender_payer_and_recipient_hear_of_a_sponsored_transfer(tmp_path: Path) -> None:
    raw = transfer(0, 10, sponsor=C)
    with make_world(tmp_path) as world, world.connect() as ws, world.connect() as stranger:
        for key in (A, B, C):
            subscribe(ws, "address_tx_update", address=address(key))
        subscribe(stranger, "address_tx_update", address=address(D))
        world.do(world.backend.add_waiting, raw)
        pending = {p["address"]: p for p in (hear(ws, "address_tx_update") for _ in range(3))}
        assert set(pending) == {address(A), address(B), address(C)}
        assert {p["tx_status"] for p in pending.values()} == {"pending"}
        world.do(world.backend.add_block, raw)
        mined = {p["address"]: p for p in (hear(ws, "address_tx_update") for _ in range(3))}
        assert {p["tx_id"] for p in mined.values()} == {txid_of(raw)}
        assert {p["tx_type"] for p in mined.values()} == {"token_transfer"}
        sent = {name: mined[address(key)]["stx_sent"] for name, key in zip("ABC", (A, B, C))}
        assert sent == {"A": "10", "B": "0", "C": "1000"}
        assert mined[address(B)]["stx_received"] == "10"
        assert mined[address(B)]["tx"]["tx_id"] == txid_of(raw)
        quiet(ws)
        quiet(stranger)


def test_balances_are_told_after_blocks_and_rewards(tmp_path: Path) -> None:
    with make_world(tmp_path) as world, world.connect() as ws:
        for key in (B, D):
            subscribe(ws, "address_balance_update", address=address(key))
        world.do(world.backend.add_block, transfer(0))
        heard = hear(ws, "address_balance_update")
        assert heard["address"] == address(B)
        assert (heard["balance"], heard["total_received"]) == ("777", "10")
        reward = Credit(address(D), 50, True)  # type: ignore[arg-type]
        world.do(world.backend.add_block, credits=(reward,))
        assert hear(ws, "address_balance_update")["address"] == address(D)
        quiet(ws)


def test_unsubscribed_topics_are_silent(tmp_path: Path) -> None:
    raw = transfer(0)
    with make_world(tmp_path) as world, world.connect() as ws:
        topics = [
            {"event": "block"},
            {"event": "tx_update", "tx_id": txid_of(raw)},
            {"event": "address_tx_update", "address": address(A)},
        ]
        for topic in topics:
            ask(ws, "subscribe", **topic)
            ask(ws, "unsubscribe", **topic)
        world.do(world.backend.add_block, raw)
        settle(world)
        quiet(ws)
        assert world.hub.topic_count == 0


def test_a_client_that_leaves_is_forgotten(tmp_path: Path) -> None:
    with make_world(tmp_path) as world:
        with world.connect() as ws:
            subscribe(ws, "block")
            assert (world.hub.connection_count, world.hub.topic_count) == (1, 1)
        settle(world)
        assert (world.hub.connection_count, world.hub.topic_count) == (0, 0)


# ---------------------------------------------------------------------- since


def test_since_replays_what_was_missed_and_goes_on_live(tmp_path: Path) -> None:
    with make_world(tmp_path) as world, world.connect() as ws:
        for _ in range(50):
            world.do(world.backend.add_block)
        assert subscribe(ws, "block", since=4) == {"replay_from": 5}
        assert [hear(ws, "block")["height"] for _ in range(45)] == list(range(5, 50))
        world.do(world.backend.add_block)
        assert hear(ws, "block")["height"] == 50
        quiet(ws)


def test_a_replay_longer_than_the_queue_waits_for_the_reader(tmp_path: Path) -> None:
    with make_world(tmp_path, ws_queue_max=4) as world, world.connect() as ws:
        for _ in range(60):
            world.do(world.backend.add_block)
        subscribe(ws, "block", since=0)
        assert [hear(ws, "block")["height"] for _ in range(59)] == list(range(1, 60))
        assert world.hub.slow_disconnected == 0


def test_a_block_that_is_indexed_but_not_yet_told_comes_once(tmp_path: Path) -> None:
    """The client subscribes between the block's entry into the index and its event."""
    with make_world(tmp_path) as world, world.connect() as ws:
        publish, held = world.backend.bus.publish, []
        world.backend.bus.publish = held.append  # type: ignore[method-assign]
        world.do(world.backend.add_block)
        world.do(world.backend.add_block)
        assert subscribe(ws, "block", since=0) == {"replay_from": 1}
        assert hear(ws, "block")["height"] == 1
        world.backend.bus.publish = publish  # type: ignore[method-assign]
        world.do(publish, held[1])
        world.do(world.backend.add_block)
        assert hear(ws, "block")["height"] == 2


def test_blocks_of_another_branch_are_told_after_a_replay(tmp_path: Path) -> None:
    with make_world(tmp_path) as world, world.connect() as ws:
        for _ in range(4):
            world.do(world.backend.add_block)
        subscribe(ws, "block", since=1)
        old = [hear(ws, "block") for _ in range(2)]
        world.do(world.backend.roll_back, 2)
        world.do(world.backend.add_block, branch=1)
        new = hear(ws, "block")
        assert (old[-1]["height"], new["height"]) == (3, 3)
        assert old[-1]["hash"] != new["hash"]


def test_a_replay_follows_a_fork_that_happens_under_it(tmp_path: Path) -> None:
    backend = FakeBackend(tmp_path)
    hub = Hub(backend, ApiOptions(ws_queue_max=4))  # type: ignore[arg-type]

    async def run() -> list[tuple[int, str]]:
        for _ in range(10):
            backend.add_block()
        connection = hub.connect()
        connection.begin_replay()
        replay = asyncio.create_task(replay_blocks(hub, backend, connection, 5, 5))  # type: ignore[arg-type]
        heard = [json.loads(await connection.next())["params"] for _ in range(3)]
        backend.roll_back(3)  # under everything that was sent
        for _ in range(4, 12):
            backend.add_block(branch=1)
        while not (replay.done() and connection.is_empty):
            heard.append(json.loads(await asyncio.wait_for(connection.next(), 5))["params"])
            await asyncio.sleep(0)
        await replay
        return [(block["height"], block["hash"][2:4]) for block in heard]

    heard = asyncio.run(run())
    backend.index.close()
    assert heard[:5] == [(height, "80") for height in range(5, 10)]
    assert heard[5:] == [(height, "81") for height in range(4, 12)]


def test_a_client_that_does_not_read_its_replay_is_cut_off(tmp_path: Path) -> None:
    backend = FakeBackend(tmp_path)
    hub = Hub(backend, ApiOptions(ws_queue_max=4))  # type: ignore[arg-type]

    async def run() -> None:
        for _ in range(10):
            backend.add_block()
        connection = hub.connect()
        connection.begin_replay()
        await replay_blocks(hub, backend, connection, 0, 0.01)  # type: ignore[arg-type]
        assert (connection.close_code, hub.slow_disconnected) == (1013, 1)

    asyncio.run(run())
    backend.index.close()


@pytest.mark.parametrize(
    ("since", "last", "first"),
    [(0, None, 0), (7, 7, 8), (99, 7, 8), (3, 7, 4), (0, REPLAY_BLOCKS_MAX + 5, 6)],
)
def test_where_a_replay_begins(since: int, last: int | None, first: int) -> None:
    assert compute_replay_start(since, last) == first


# ---------------------------------------------------------------------- who is too slow


def test_a_slow_client_is_cut_off_with_1013_and_counted(tmp_path: Path) -> None:
    backend = FakeBackend(tmp_path)
    hub = Hub(backend, ApiOptions(ws_queue_max=3))  # type: ignore[arg-type]

    async def run() -> None:
        task = asyncio.create_task(hub.run())
        await asyncio.sleep(0)
        slow, fast = hub.connect(), hub.connect()
        for connection in (slow, fast):
            hub.subscribe(connection, BLOCK)
        for _ in range(4):  # nobody reads for `slow`
            backend.add_block()
            await asyncio.wait_for(fast.next(), 5)
        assert (slow.close_code, fast.close_code) == (1013, None)
        assert (hub.slow_disconnected, hub.connection_count) == (1, 1)
        backend.bus.close()
        await task
        assert fast.close_code == 1001

    asyncio.run(run())
    backend.index.close()


def test_a_client_that_asks_but_does_not_read_is_cut_off() -> None:
    connection = Connection(2)
    assert [connection.push(text) for text in "abc"] == [True, True, False]
    assert connection.close_code == 1013


def test_a_hub_that_missed_events_disconnects_everybody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("btczs.api.websocket.hub.EVENTS_WAITING_MAX", 2)
    with make_world(tmp_path) as world, world.connect() as ws:
        subscribe(ws, "block")

        def burst() -> None:
            for _ in range(5):
                world.backend.add_block()

        world.do(burst)
        with pytest.raises(WebSocketDisconnect) as caught:
            while True:
                ws.receive_json()
        assert caught.value.code == 1013
        with world.connect() as again:  # the hub follows again
            subscribe(again, "block")
            world.do(world.backend.add_block)
            assert hear(again, "block")["height"] == 5


def test_a_bug_over_one_event_disconnects_and_the_hub_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with make_world(tmp_path) as world, world.connect() as ws:
        subscribe(ws, "mempool")
        with monkeypatch.context() as patch:
            patch.setattr(world.backend, "mempool_entry", lambda _txid: 1 // 0)
            world.do(world.backend.add_waiting, transfer(0))
            with pytest.raises(WebSocketDisconnect) as caught:
                ws.receive_json()
        assert caught.value.code == 1011
        with world.connect() as again:
            subscribe(again, "mempool")
            world.do(world.backend.add_waiting, transfer(1))
            assert hear(again, "mempool")["tx_id"] == txid_of(transfer(1))


def test_the_node_stopping_closes_with_1001(tmp_path: Path) -> None:
    with make_world(tmp_path) as world, world.connect() as ws:
        subscribe(ws, "block")
        world.do(world.backend.bus.close)
        with pytest.raises(WebSocketDisconnect) as caught:
            ws.receive_json()
        assert caught.value.code == 1001


def test_a_transaction_that_left_the_mempool_at_once_is_not_told_as_pending(
    tmp_path: Path,
) -> None:
    raw = transfer(0)
    with make_world(tmp_path) as world, world.connect() as ws:
        subscribe(ws, "tx_update", tx_id=txid_of(raw))

        def enter_and_be_mined() -> None:
            world.backend.add_waiting(raw)
            world.backend.entries.pop(authenticate(raw).txid)
            world.backend.add_block(raw)

        world.do(enter_and_be_mined)
        assert hear(ws, "tx_update")["btczs_status"] == "mined"
        quiet(ws)
