"""What is refused rather than ignored, and the life of the application under a real server."""

import asyncio
import json

import pytest
import websockets
from node_double import A, make_app, transfer

from btczs.api import ApiServer
from btczs.primitives import InvalidInput


@pytest.mark.parametrize(
    "path",
    [
        "/extended/v1/tx?nonce=1",
        "/extended/v1/tx?contract_id=x",
        "/extended/v1/tx?order=asc",
        "/extended/v1/tx?sort_by=fee",
        "/extended/v1/tx?type=coinbase&offset=10001",
        f"/extended/v1/address/{A.address}/stx?until_block=1",
        f"/extended/v1/address/{A.address}/balances?until_block=1",
        f"/extended/v1/address/{A.address}/transactions?height=1",
        f"/extended/v1/address/{A.address}/nonces?block_height=1",
    ],
)
def test_a_filter_that_is_not_served_is_refused(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.json()["error"]) == (400, "bad_parameter")


def test_an_empty_filter_is_no_filter(client):
    assert client.get("/extended/v1/tx?nonce=").status_code == 200


def test_attachments_are_refused_not_forgotten(client, node):
    before = node.mempool_size().count
    body = {"tx": transfer(A, 3).hex(), "attachment": "00"}
    answer = client.post("/v2/transactions", json=body)
    assert (answer.status_code, answer.json()["error"]) == (400, "bad_body")
    assert node.mempool_size().count == before


def test_a_path_or_query_has_a_bound(client):
    answer = client.get("/v2/info?" + "x" * 9000)
    assert (answer.status_code, answer.json()["error"]) == (414, "uri_too_long")
    assert answer.headers["access-control-allow-origin"] == "*"


def test_stable_is_what_lies_under_the_last_final_block(client, node):
    shown = client.get("/v2/info").json()
    with node.index.view() as view:
        final = view.block_by_height(node.tip().final_height)
    assert shown["stable_burn_block_height"] == final.l1_height
    assert shown["stable_pox_consensus"] == final.consensus_hash.hex()
    assert shown["stable_burn_block_height"] < shown["burn_block_height"]


def test_the_rate_of_fees_is_the_same_by_get_and_post(client):
    got = client.get("/extended/v1/fee_rate").json()
    assert got == client.post("/extended/v1/fee_rate", json={"transaction": "00"}).json()
    assert got["fee_rate"] == int(client.get("/v2/fees/transfer").text)


def test_a_server_pushes_blocks_while_it_runs_and_says_goodbye(node):
    """The lifespan runs the hub: a subscriber on either port hears of a block, once."""

    async def scenario() -> None:
        server = ApiServer(make_app(node), ports=(0, 0))
        await server.start()
        try:
            heard = []
            for port in server.ports:
                ws = await websockets.connect(f"ws://127.0.0.1:{port}/extended/v1/ws")
                request = {"jsonrpc": "2.0", "id": 1, "method": "subscribe"}
                await ws.send(json.dumps({**request, "params": {"event": "block"}}))
                assert json.loads(await asyncio.wait_for(ws.recv(), 5))["id"] == 1
                heard.append(ws)
            node.mine(new_tenure=True)
            for ws in heard:
                told = json.loads(await asyncio.wait_for(ws.recv(), 5))
                assert told["params"]["height"] == node.tip().height
        finally:
            await asyncio.wait_for(server.stop(), 15)
        for ws in heard:
            with pytest.raises(websockets.ConnectionClosed):
                await asyncio.wait_for(ws.recv(), 5)

    asyncio.run(scenario())


def test_a_server_needs_a_port(node):
    with pytest.raises(InvalidInput):
        ApiServer(make_app(node), ports=())
