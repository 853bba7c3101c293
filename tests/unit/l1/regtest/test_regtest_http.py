"""The RPC over HTTP: password, limits, a real socket, and answers while a block is mined."""

import asyncio
import base64
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from regtest_kit import ACTIVE, COIN, get_script, make_bare_node, make_node, mature_coins, pay

from btczs.l1.bitcoinz.transaction import encode_transaction
from btczs.l1.regtest.node import RegtestNode
from btczs.l1.regtest.rpc import RpcServer, create_rpc_app
from btczs.l1.regtest.rpc.app import BODY_BYTES_MAX, is_authorized
from btczs.l1.rpc.client import L1Client
from btczs.primitives import InvalidInput, Unavailable

CALL = {"id": 1, "method": "getblockcount", "params": []}


@asynccontextmanager
async def http_client(node: RegtestNode, **options: Any) -> AsyncIterator[httpx.AsyncClient]:
    options.setdefault("auth", ("user", "secret"))
    transport = httpx.ASGITransport(app=create_rpc_app(node, "user", "secret"))
    async with httpx.AsyncClient(transport=transport, base_url="http://l1", **options) as client:
        yield client


def test_calls_need_the_password() -> None:
    async def check() -> None:
        node = make_bare_node(ACTIVE)
        async with http_client(node) as client:
            reply = await client.post("/", json=CALL)
            assert reply.json() == {"result": 0, "error": None, "id": 1}
            assert reply.headers["content-type"] == "application/json"
        for auth in (None, ("user", "wrong"), ("other", "secret"), ("user", "")):
            async with http_client(node, auth=auth) as client:
                started = time.monotonic()
                reply = await client.post("/", json=CALL)
                assert reply.status_code == 401
                assert reply.headers["www-authenticate"].startswith("Basic")
                assert b"result" not in reply.content
                assert time.monotonic() - started >= 0.2

    asyncio.run(check())


@pytest.mark.parametrize(
    ("header", "is_right"),
    [
        ("Basic " + base64.b64encode(b"user:secret").decode(), True),
        ("basic  " + base64.b64encode(b"user:secret").decode(), True),
        ("Basic " + base64.b64encode(b"user:secret2").decode(), False),
        ("Basic " + base64.b64encode(b"user").decode(), False),
        ("Bearer " + base64.b64encode(b"user:secret").decode(), False),
        ("Basic", False),
        ("Basic ###", False),
        ("Basic ü", False),
        ("", False),
        ("Basic " + "A" * 100_000, False),
        (None, False),
    ],
)
def test_authorization_headers(header: str | None, is_right: bool) -> None:
    assert is_authorized(header, b"user:secret") is is_right


def test_there_is_no_open_mode() -> None:
    node = make_bare_node(ACTIVE)
    for user, password in (("", "x"), ("x", ""), ("a:b", "x")):
        with pytest.raises(InvalidInput):
            create_rpc_app(node, user, password)
    for host in ("0.0.0.0", "::", "10.0.0.1", "example.org"):
        with pytest.raises(InvalidInput, match="loopback"):
            RpcServer(node, "user", "secret", host=host)


def test_only_post_and_bounded_bodies() -> None:
    async def check() -> None:
        async with http_client(make_bare_node(ACTIVE)) as client:
            for method in ("GET", "PUT", "DELETE", "OPTIONS"):
                assert (await client.request(method, "/")).status_code == 405
            assert (await client.post("/other", json=CALL)).status_code == 404
            large = await client.post("/", content=b" " * (BODY_BYTES_MAX + 1))
            assert large.status_code == 413
            padded = await client.post("/", content=b" " * 1_000_000 + b"5")
            assert padded.json()["error"]["code"] == -32700
            unknown = await client.post("/", json={"method": "nothing"})
            assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, -32601)

    asyncio.run(check())


def test_the_server_answers_while_it_mines() -> None:
    async def check() -> None:
        node = make_bare_node(ACTIVE)
        server = RpcServer(node, "user", "secret")
        await server.start()
        try:
            async with httpx.AsyncClient(auth=("user", "secret"), timeout=60) as client:
                mining = asyncio.create_task(
                    client.post(server.url, json={"id": 1, "method": "generate", "params": [24]})
                )
                heights = []
                while not mining.done():
                    reply = await client.post(server.url, json=CALL)
                    heights.append(reply.json()["result"])
                    await asyncio.sleep(0.01)
                assert len((await mining).json()["result"]) == 24
            assert heights == sorted(heights)
            assert any(0 < height < 24 for height in heights)
        finally:
            await server.stop()
        with pytest.raises(httpx.ConnectError):
            async with httpx.AsyncClient() as client:
                await client.post(server.url, json=CALL)

    asyncio.run(check())


def test_concurrent_calls_for_blocks_extend_one_chain() -> None:
    async def check() -> None:
        node = make_bare_node(ACTIVE)
        async with http_client(node, timeout=60) as client:
            call = {"id": 1, "method": "generate", "params": [2]}
            replies = await asyncio.gather(*(client.post("/", json=call) for _ in range(3)))
        hashes = {h for reply in replies for h in reply.json()["result"]}
        assert len(hashes) == 6
        assert node.tip().height == 6
        assert {entry.hash[::-1].hex() for entry in node.chain.tree.active[1:]} == hashes

    asyncio.run(check())


def test_a_taken_port_is_reported() -> None:
    async def check() -> None:
        node = make_bare_node(ACTIVE)
        first = RpcServer(node, "user", "secret")
        await first.start()
        try:
            second = RpcServer(node, "user", "secret", port=first.port)
            with pytest.raises(Unavailable, match="cannot be served"):
                await second.start()
            await second.stop()
        finally:
            await first.stop()

    asyncio.run(check())


def test_our_own_client_talks_to_it() -> None:
    """The client that is used with a real node, against the embedded one."""

    async def check() -> None:
        node = make_node()
        server = RpcServer(node, "user", "secret")
        await server.start()
        client = L1Client(server.url, "user", "secret")
        try:
            info = await client.get_blockchain_info()
            assert (info.chain, info.height, info.best_hash) == (
                "regtest",
                110,
                node.tip().hash,
            )
            block_hash = await client.get_block_hash(7)
            assert await client.get_block_raw(block_hash) == node.get_block_raw(block_hash)
            tx = pay(node, [mature_coins(node, 0)[0]], [(get_script(1), COIN)])
            raw = encode_transaction(tx)
            assert await client.send_raw_transaction(raw) == tx.txid
            assert await client.get_raw_mempool() == (tx.txid,)
            await client.call("generate", 1)
            assert await client.get_raw_transaction(tx.txid) == raw
            output = await client.get_tx_out(tx.txid, 0)
            assert output is not None
            assert (output.value, output.script) == (COIN, get_script(1))
            proof = await client.get_tx_out_proof([tx.txid])
            assert await client.verify_tx_out_proof(proof) == (tx.txid,)
        finally:
            await client.aclose()
            await server.stop()

    asyncio.run(check())
