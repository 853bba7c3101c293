"""The WebSocket: every frame is answered with a typed error or carried out, and the next one too."""

import json
from pathlib import Path

from mutations import HOSTILE_JSON, ROUNDS, bounded, make_random, mutate_bytes, mutate_json
from starlette.websockets import WebSocketDisconnect
from websocket_world import A, address, ask, make_world

INTERNAL = -32603
PARAMS = (
    {"event": "block"},
    {"event": "block", "since": 0},
    {"event": "mempool"},
    {"event": "tx_update", "tx_id": "ab" * 32},
    {"event": "address_tx_update", "address": address(A)},
    {"event": "nft_asset_event", "asset_identifier": f"{address(A)}.c::n", "value": "0x01"},
)


def check(answer: object) -> None:
    for one in answer if isinstance(answer, list) else [answer]:
        assert one["jsonrpc"] == "2.0"
        if "error" in one:
            assert one["error"]["code"] != INTERNAL, one
            assert one["error"]["data"]["error"]


def is_answered(ws: object) -> bool:
    """Sends a good request, checks all that comes before its answer."""
    ws.send_json({"jsonrpc": "2.0", "id": "probe", "method": "unsubscribe", "params": PARAMS[2]})
    for _ in range(500):
        answer = json.loads(ws.receive_text())
        if isinstance(answer, dict) and answer.get("id") == "probe" and "result" in answer:
            return True
        check(answer)
    return False


def test_mutated_frames(tmp_path: Path) -> None:
    rng = make_random("websocket")
    with make_world(tmp_path) as world, world.connect() as ws:
        for case in range(250 * ROUNDS):
            method = rng.choice(("subscribe", "unsubscribe"))
            call = {"jsonrpc": "2.0", "id": case, "method": method, "params": rng.choice(PARAMS)}
            tree = mutate_json(rng, [call] * 3 if rng.randrange(6) == 0 else call)
            frame = json.dumps(tree).encode()
            if rng.randrange(4) == 0:
                frame = mutate_bytes(rng, frame)
            with bounded(f"websocket case {case}: {frame[:600]!r}"):
                if rng.randrange(2):
                    ws.send_bytes(frame)
                else:
                    ws.send_text(frame.decode("utf-8", "replace"))
                assert is_answered(ws)


def test_hostile_frames(tmp_path: Path) -> None:
    with make_world(tmp_path) as world:
        for frame in HOSTILE_JSON:
            with bounded(f"{frame[:60]!r}"), world.connect() as ws:
                ws.send_bytes(frame)
                try:
                    assert is_answered(ws)
                except WebSocketDisconnect as closed:
                    assert closed.code in (1003, 1007, 1008, 1009), closed.code  # noqa: PT017
        with world.connect() as ws:
            assert "result" in ask(ws, "subscribe", event="block")
