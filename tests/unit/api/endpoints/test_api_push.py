"""The WebSocket of the whole application on a real server: subscribe, then hear of a block."""

import asyncio
import json

from node_double import A, D, make_app, transfer
from websockets.asyncio.client import connect

from btczs.api.backend import StatusAdvanced
from btczs.api.server import ApiServer
from btczs.ledger.transactions import compute_txid


def test_a_client_hears_of_blocks_balances_and_states(node):
    txid = "0x" + compute_txid(transfer(A, 2, D.principal, 25)).hex()
    wanted = (
        {"event": "block"},
        {"event": "microblock"},
        {"event": "tx_update", "tx_id": txid},
        {"event": "address_tx_update", "address": D.address},
        {"event": "address_balance_update", "address": D.address},
    )

    async def scenario() -> None:
        server = ApiServer(make_app(node), ports=(0,))
        await server.start()
        async with connect(f"ws://127.0.0.1:{server.ports[0]}/extended/v1/ws") as socket:
            for number, params in enumerate(wanted):
                request = {"jsonrpc": "2.0", "id": number, "method": "subscribe", "params": params}
                await socket.send(json.dumps(request))
                answer = json.loads(await asyncio.wait_for(socket.recv(), 5))
                assert answer["id"] == number
                assert "result" in answer
            node.mine()
            heard = {}
            for _ in wanted:
                message = json.loads(await asyncio.wait_for(socket.recv(), 5))
                heard[message["method"]] = message["params"]
            assert heard["block"]["height"] == 4
            assert heard["microblock"]["block_height"] == 4
            assert (heard["tx_update"]["tx_id"], heard["tx_update"]["btczs_status"]) == (
                txid,
                "mined",
            )
            assert heard["address_tx_update"]["stx_received"] == "25"
            assert heard["address_balance_update"]["balance"] == str(
                node.account(D.principal).balance
            )
            node.signed = 4
            node.bus.publish(StatusAdvanced(4, 0, 0))
            message = json.loads(await asyncio.wait_for(socket.recv(), 5))
            assert message["params"]["btczs_status"] == "signed"
        await server.stop()

    asyncio.run(scenario())
