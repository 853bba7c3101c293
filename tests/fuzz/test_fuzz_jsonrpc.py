"""The JSON-RPC of the embedded node: always a JSON reply, never an internal error."""

import asyncio
import json
from collections.abc import Iterator

import httpx
import pytest
from mutations import HOSTILE_JSON, ROUNDS, bounded, make_random, mutate_bytes, mutate_json

from btczs.l1.regtest import RegtestNode, devnet_l1_script, devnet_params, load_bootstrap
from btczs.l1.regtest.rpc.app import create_rpc_app
from btczs.l1.regtest.rpc.faults import RpcCode
from btczs.l1.regtest.rpc.table import METHODS
from btczs.primitives.units import hash_hex

SLOW = {"generate", "generatetoaddress", "stop"}
"""Mining really mines; a good call is no input of this test."""


class Rpc:
    def __init__(self) -> None:
        self.node = RegtestNode(devnet_params(), miner_script=devnet_l1_script(3))
        load_bootstrap(self.node)
        app = create_rpc_app(self.node, "user", "secret")
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://node", auth=("user", "secret")
        )
        self.loop = asyncio.new_event_loop()

    def post(self, body: bytes) -> tuple[int, object]:
        answer = self.loop.run_until_complete(self.client.post("/", content=body))
        assert "Traceback" not in answer.text
        return answer.status_code, json.loads(answer.content)

    def close(self) -> None:
        self.loop.run_until_complete(self.client.aclose())
        self.loop.close()
        self.node.close()


@pytest.fixture(scope="module")
def rpc() -> Iterator[Rpc]:
    made = Rpc()
    yield made
    made.close()


def check(reply: object) -> None:
    """One reply, or a batch of them: `result`, `error`, `id`; an error has a number and a text."""
    if isinstance(reply, list):
        for one in reply:
            check(one)
        return
    assert isinstance(reply, dict)
    assert set(reply) == {"result", "error", "id"}
    error = reply["error"]
    if error is not None:
        assert isinstance(error["code"], int)
        assert isinstance(error["message"], str)
        assert error["code"] != RpcCode.INTERNAL_ERROR


def arguments(rpc: Rpc) -> list[object]:
    node = rpc.node
    block = node.get_block_raw(node.block_hash_at(110))
    tip = hash_hex(node.block_hash_at(110))
    return [tip, [tip], 110, 1, True, block.hex(), block[-200:].hex(), {"addresses": [tip]}, [], {}]


def test_mutated_calls(rpc: Rpc) -> None:
    rng, values = make_random("rpc"), arguments(rpc)
    names = [name for name in METHODS if name not in SLOW]
    assert len(names) > 20
    for case in range(400 * ROUNDS):
        params = [rng.choice(values) for _ in range(rng.randrange(4))]
        call = {"jsonrpc": "1.0", "id": 1, "method": names[case % len(names)], "params": params}
        tree = mutate_json(rng, [call, call] if rng.randrange(8) == 0 else call)
        body = json.dumps(tree).encode()
        if rng.randrange(6) == 0:
            body = mutate_bytes(rng, body)
        if any(name.encode() in body for name in SLOW):
            continue
        with bounded(f"rpc case {case}: {body[:600]!r}"):
            check(rpc.post(body)[1])


@pytest.mark.parametrize("body", HOSTILE_JSON, ids=range(len(HOSTILE_JSON)))
def test_hostile_bodies(rpc: Rpc, body: bytes) -> None:
    with bounded(f"{body[:60]!r}"):
        status, reply = rpc.post(body)
    check(reply)
    if body not in (b"[]",) and not isinstance(reply, list):
        assert status in (200, 400, 404, 500)
        assert reply["error"] is not None


def test_the_node_still_works(rpc: Rpc) -> None:
    test_mutated_calls(rpc)
    rpc.post(b'{"method":"setmocktime","params":[0]}')
    status, reply = rpc.post(b'{"method":"getblockcount","params":[],"id":"x"}')
    assert status == 200
    assert reply["error"] is None
    assert isinstance(reply["result"], int)
