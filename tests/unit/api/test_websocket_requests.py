"""JSON-RPC over the WebSocket: answers, errors, batches, bounds."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.websockets import WebSocketDisconnect
from websocket_world import A, address, ask, make_world, subscribe

from btczs.api.websocket.protocol import BATCH_MAX

TXID = "ab" * 32
ASSET = f"{address(A)}.c::n"

ACKS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"event": "block"}, {}),
    ({"event": "microblock"}, {}),
    ({"event": "mempool"}, {}),
    ({"event": "transaction"}, {}),
    ({"event": "nft_event"}, {}),
    ({"event": "tx_update", "tx_id": "0x" + TXID.upper()}, {"tx_id": "0x" + TXID}),
    ({"event": "tx_update", "tx_id": TXID}, {"tx_id": "0x" + TXID}),
    ({"event": "address_tx_update", "address": address(A)}, {"address": address(A)}),
    ({"event": "address_balance_update", "address": address(A)}, {"address": address(A)}),
    (
        {"event": "nft_asset_event", "asset_identifier": ASSET, "value": "0x01"},
        {"asset_identifier": ASSET, "value": "0x01"},
    ),
    ({"event": "nft_collection_event", "asset_identifier": ASSET}, {"asset_identifier": ASSET}),
]

BAD_PARAMS: list[Any] = [
    None,
    [],
    "block",
    {},
    {"event": "nothing"},
    {"event": ["block"]},
    {"event": "block", "since": -1},
    {"event": "block", "since": True},
    {"event": "block", "since": 2**70},
    {"event": "tx_update"},
    {"event": "tx_update", "tx_id": "0xab"},
    {"event": "tx_update", "tx_id": 7},
    {"event": "address_tx_update", "address": "ST1"},
    {"event": "address_balance_update", "address": "x" * 1000},
    {"event": "nft_asset_event", "asset_identifier": ASSET},
    {"event": "nft_asset_event", "asset_identifier": ASSET, "value": "zz"},
    {"event": "nft_collection_event", "asset_identifier": address(A) + "::n"},
]


@pytest.mark.parametrize("method", ["subscribe", "unsubscribe"])
@pytest.mark.parametrize(("params", "result"), ACKS)
def test_acknowledgements(tmp_path: Path, method: str, params: Any, result: Any) -> None:
    with make_world(tmp_path) as world, world.connect() as ws:
        assert ask(ws, method, "x", **params) == {"jsonrpc": "2.0", "id": "x", "result": result}


def test_bad_params_are_told_and_nothing_is_subscribed(tmp_path: Path) -> None:
    with make_world(tmp_path) as world, world.connect() as ws:
        for params in BAD_PARAMS:
            frame = {"jsonrpc": "2.0", "id": 5, "method": "subscribe", "params": params}
            ws.send_json(frame)
            answer = ws.receive_json()
            assert (answer["id"], answer["error"]["code"]) == (5, -32602), params
            assert answer["error"]["data"] == {"error": "invalid_params"}
        assert world.hub.topic_count == 0


@pytest.mark.parametrize(
    ("frame", "code", "request_id"),
    [
        ("{", -32700, None),
        ("", -32700, None),
        ("[" * 3000, -32700, None),
        ("1", -32600, None),
        ("null", -32600, None),
        ("[]", -32600, None),
        (json.dumps([1] * (BATCH_MAX + 1)), -32600, None),
        ('{"id":3,"method":"subscribe"}', -32600, 3),
        ('{"jsonrpc":"1.0","id":3,"method":"subscribe"}', -32600, 3),
        ('{"jsonrpc":"2.0","id":3,"method":4}', -32600, 3),
        ('{"jsonrpc":"2.0","id":{},"method":"subscribe"}', -32600, None),
        ('{"jsonrpc":"2.0","id":' + "9" * 30 + ',"method":"subscribe"}', -32600, None),
        ('{"jsonrpc":"2.0","id":3,"method":"eth_subscribe"}', -32601, 3),
        ('{"jsonrpc":"2.0","id":null,"method":"no"}', -32601, None),
    ],
)
def test_errors_have_the_codes_of_json_rpc(
    tmp_path: Path, frame: str, code: int, request_id: Any
) -> None:
    with make_world(tmp_path) as world, world.connect() as ws:
        ws.send_text(frame)
        answer = ws.receive_json()
        assert (answer["error"]["code"], answer["id"]) == (code, request_id)
        assert subscribe(ws, "block") == {}


def test_a_batch_is_answered_in_order_and_notifications_are_not(tmp_path: Path) -> None:
    call = {"jsonrpc": "2.0", "method": "subscribe"}
    with make_world(tmp_path) as world, world.connect() as ws:
        ws.send_json([call | {"params": {"event": "mempool"}}])  # a notification: no answer
        ws.send_json(
            [
                call | {"id": 1, "params": {"event": "block"}},
                7,
                call | {"params": {"event": "microblock"}},
                call | {"id": 2, "params": {"event": "no"}},
            ]
        )
        first, second, third = ws.receive_json()
        assert first == {"jsonrpc": "2.0", "id": 1, "result": {}}
        assert (second["id"], second["error"]["code"]) == (None, -32600)
        assert (third["id"], third["error"]["code"]) == (2, -32602)
        assert world.hub.topic_count == 3


def test_binary_frames_are_read_as_text(tmp_path: Path) -> None:
    with make_world(tmp_path) as world, world.connect() as ws:
        ws.send_bytes(b'{"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"event":"block"}}')
        assert ws.receive_json()["result"] == {}
        ws.send_bytes(b"\xff\xfe")
        assert ws.receive_json()["error"]["code"] == -32700


def test_subscriptions_are_bounded_and_freed(tmp_path: Path) -> None:
    with make_world(tmp_path, ws_subscriptions_max=2) as world, world.connect() as ws:
        subscribe(ws, "block")
        subscribe(ws, "mempool")
        subscribe(ws, "mempool")
        error = ask(ws, "subscribe", event="microblock")["error"]
        assert (error["code"], error["data"]["error"]) == (-32000, "too_many_subscriptions")
        ask(ws, "unsubscribe", event="block")
        assert subscribe(ws, "microblock") == {}


def test_a_message_that_is_too_long_ends_the_connection(tmp_path: Path) -> None:
    with make_world(tmp_path, ws_message_bytes_max=100) as world, world.connect() as ws:
        ws.send_text("é" * 51)
        with pytest.raises(WebSocketDisconnect) as caught:
            ws.receive_text()
        assert caught.value.code == 1009


def test_connections_are_bounded(tmp_path: Path) -> None:
    with make_world(tmp_path, ws_connections_max=1) as world:
        with world.connect() as first:
            with world.connect() as second, pytest.raises(WebSocketDisconnect) as caught:
                second.receive_text()
            assert caught.value.code == 1013
            assert subscribe(first, "block") == {}
        with world.connect() as third:
            assert subscribe(third, "block") == {}


_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["block", "tx_update", "subscribe", "2.0", TXID, address(A), ASSET]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(max_size=5) | st.sampled_from(["event", "since"]), inner, max_size=4
        )
    ),
    max_leaves=10,
)
_request = st.fixed_dictionaries(
    {},
    optional={
        "jsonrpc": st.just("2.0") | _json,
        "id": _json,
        "method": st.sampled_from(["subscribe", "unsubscribe"]) | _json,
        "params": st.fixed_dictionaries(
            {"event": st.sampled_from([ack[0]["event"] for ack in ACKS])},
            optional=dict.fromkeys(
                ("since", "tx_id", "address", "asset_identifier", "value"), _json
            ),
        )
        | _json,
    },
)
_frame: st.SearchStrategy[str | bytes] = (
    (_request | st.lists(_request, max_size=3) | _json).map(json.dumps)
    | st.text(st.characters(), max_size=40)
    | st.binary(max_size=40)
)


def test_no_frame_breaks_the_connection(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with make_world(tmp_path) as world, world.connect() as ws:
        world.do(world.backend.add_block)

        @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
        @given(_frame)
        def check(frame: str | bytes) -> None:
            if isinstance(frame, bytes):
                ws.send_bytes(frame)
            else:
                ws.send_text(frame)
            marker = {"jsonrpc": "2.0", "id": "marker", "method": "marker"}
            ws.send_json(marker)
            while True:
                answer = ws.receive_json()
                if isinstance(answer, dict) and answer.get("id") == "marker":
                    assert answer["error"]["code"] == -32601
                    break
                for item in answer if isinstance(answer, list) else [answer]:
                    assert item["jsonrpc"] == "2.0"
                    error = item.get("error")
                    codes = (-32700, -32600, -32601, -32602)
                    assert "result" in item or "method" in item or error["code"] in codes

        check()
    assert not [r for r in caplog.records if r.levelname == "ERROR"]
