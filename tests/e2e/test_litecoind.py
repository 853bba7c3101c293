"""The client, the follower and the proofs against a real node: Litecoin's, on its regtest."""

import asyncio
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Awaitable, Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from btczs.l1 import get_params, wire
from btczs.l1.follower import Advanced, Follower, FollowerEvent, Rewound, wake_on_blocks
from btczs.l1.rpc import (
    L1Client,
    RpcError,
    RpcInvalidParameter,
    RpcMethodNotFound,
    RpcNotFound,
    RpcUnauthorized,
    RpcUnavailable,
    RpcUndecodable,
)
from btczs.l1.spv import (
    HeaderChain,
    build_merkle_block,
    decode_merkle_block,
    encode_merkle_block,
    extract_merkle_proof,
    merkle_block_from_proof,
    verify_in_chain,
    verify_merkle_block,
)
from btczs.primitives import Hash32, L1Height
from btczs.primitives.units import hash_from_hex

BINARY = shutil.which("litecoind")
PARAMS = get_params("litecoin", "regtest")
DATA = b"btczs follower, 80 bytes of data".ljust(80, b".")
SCRIPT = b"\x6a\x4c\x50" + DATA

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(
        BINARY is None, reason="litecoind is absent: install the package `litecoind`"
    ),
]


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Node:
    """A litecoind process on its own folder. Its cookie file authenticates us."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rpc_port, self.zmq_port = find_free_port(), find_free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def cookie(self) -> Path:
        return self.folder / "regtest" / ".cookie"

    @property
    def zmq_endpoint(self) -> str:
        return f"tcp://127.0.0.1:{self.zmq_port}"

    def start(self) -> None:
        assert BINARY is not None
        self.folder.mkdir(exist_ok=True)
        self.process = subprocess.Popen(
            [
                BINARY,
                "-regtest",
                "-vbparams=mweb:-2:0",
                "-fallbackfee=0.0001",
                "-listen=0",
                "-server",
                "-txindex",
                "-wallet=test",
                f"-datadir={self.folder}",
                f"-rpcport={self.rpc_port}",
                f"-zmqpubhashblock={self.zmq_endpoint}",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        asyncio.run(self._wait())

    async def _wait(self) -> None:
        deadline = time.monotonic() + 60
        while True:
            async with self.client() as client:
                try:
                    await client.get_blockchain_info()
                except RpcUnavailable:
                    assert time.monotonic() < deadline, "litecoind did not start"
                    assert self.process is not None
                    assert self.process.poll() is None, "litecoind ended at once"
                    await asyncio.sleep(0.1)
                else:
                    return

    def client(self) -> L1Client:
        return L1Client(f"http://127.0.0.1:{self.rpc_port}/", cookie_path=self.cookie)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        assert self.process is not None
        self.process.send_signal(how)
        self.process.wait(60)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    running = Node(tmp_path / "litecoind")
    running.start()
    try:
        yield running
    finally:
        running.stop(signal.SIGKILL)


def has_data(tx: wire.Tx) -> bool:
    return any(output.script == SCRIPT for output in tx.outputs)


def make_follower(node: Node, client: L1Client, start: int = 0) -> Follower:
    return Follower(client, PARAMS, node.folder / "l1.sqlite", L1Height(start), has_data)


def run(node: Node, do: Callable[[L1Client], Awaitable[None]]) -> None:
    async def inside() -> None:
        async with node.client() as client:
            await do(client)

    asyncio.run(inside())


async def drain(follower: Follower) -> list[FollowerEvent]:
    events = []
    while (event := await follower.poll()) is not None:
        events.append(event)
    return events


async def generate(client: L1Client, count: int) -> None:
    address = await client.call("getnewaddress")
    await client.call("generatetoaddress", count, address)


async def create_wallet_if_needed(client: L1Client) -> None:
    if "test" not in await client.call("listwallets"):
        await client.call("createwallet", "test")


async def send_data(client: L1Client) -> Hash32:
    """A wallet transaction with 80 bytes of data, in the mempool."""
    bare = await client.call("createrawtransaction", [], [{"data": DATA.hex()}])
    funded = await client.call("fundrawtransaction", bare)
    assert isinstance(funded["fee"], Decimal)
    signed = await client.call("signrawtransactionwithwallet", funded["hex"])
    assert signed["complete"] is True
    raw = bytes.fromhex(signed["hex"])
    txid = await client.send_raw_transaction(raw)
    assert txid in await client.get_raw_mempool()
    assert await client.get_raw_transaction(txid) == raw
    return txid


async def assert_same(follower: Follower, client: L1Client) -> None:
    tip = follower.tip()
    assert tip is not None
    assert tip.height == await client.get_block_count()
    hashes = await client.get_block_hashes(range(tip.height + 1))
    assert [follower.hash_at(height) for height in range(tip.height + 1)] == hashes


def test_follow_prove_and_reorganise(node: Node) -> None:
    async def scenario(client: L1Client) -> None:
        await create_wallet_if_needed(client)
        follower = make_follower(node, client)
        await generate(client, 110)
        events = await drain(follower)
        assert sum(len(e.facts) for e in events if isinstance(e, Advanced)) == 111
        await assert_same(follower, client)

        txid = await send_data(client)
        for _ in range(6):  # more transactions, so that the tree has some depth
            await client.call("sendtoaddress", await client.call("getnewaddress"), Decimal("0.5"))
        await generate(client, 3)
        await drain(follower)
        facts = follower.facts_at(111)
        ((index, raw),) = facts.selected
        assert facts.tx_count == 8
        assert wire.decode_transaction(PARAMS, raw).txid == txid
        assert follower.confirmations(111) == 3
        outputs = wire.decode_transaction(PARAMS, raw).outputs
        data_at = [output.script for output in outputs].index(SCRIPT)
        change = await client.get_tx_out(txid, 1 - data_at)
        assert change is not None
        assert (change.value, change.script) == (
            outputs[1 - data_at].value,
            outputs[1 - data_at].script,
        )
        assert (change.confirmations, change.is_coinbase) == (3, False)
        assert await client.get_tx_out(txid, data_at) is None, "data is not spendable"

        # The node's proof is believed by us, and ours by the node.
        chain = HeaderChain(PARAMS, L1Height(0), [PARAMS.genesis_header])
        for height in range(1, 114):
            header = follower.header_at(height)
            assert header is not None
            assert header == await client.get_block_header_raw(chain.add(header).header.hash)
        theirs_raw = await client.get_tx_out_proof([txid], facts.hash)
        theirs = decode_merkle_block(PARAMS, theirs_raw)
        assert encode_merkle_block(theirs) == theirs_raw
        assert [(m.index, m.txid) for m in verify_merkle_block(PARAMS, theirs)] == [(index, txid)]
        proof = extract_merkle_proof(PARAMS, theirs, txid)
        proven = verify_in_chain(PARAMS, chain, proof, raw, confirmations_min=3)
        assert (proven.txid, proven.block_hash, proven.is_coinbase) == (txid, facts.hash, False)
        assert await follower.fetch_transaction_proof(111, txid) == proof
        ours = encode_merkle_block(merkle_block_from_proof(proof))
        assert ours == theirs_raw
        assert await client.verify_tx_out_proof(ours) == (txid,)
        txids = list(await client.get_block_txids(facts.hash))
        several = build_merkle_block(facts.header, txids, {0, 3, 7})
        assert await client.get_tx_out_proof(
            [txids[0], txids[3], txids[7]], facts.hash
        ) == encode_merkle_block(several)

        # The block is invalidated: the transaction leaves the chain, and comes back in another.
        await client.invalidate_block(facts.hash)
        below = follower.hash_at(110)
        assert below is not None
        assert await drain(follower) == [Rewound(L1Height(110), below)]
        await assert_same(follower, client)
        await generate(client, 5)
        await drain(follower)
        await assert_same(follower, client)
        assert follower.hash_at(111) != facts.hash
        found = [h for h in range(111, 116) if follower.facts_at(h).selected]
        assert len(found) == 1
        assert chain.add(follower.header_at(111) or b"").is_best is False

        # The old branch is allowed again but has less work: nothing changes.
        await client.reconsider_block(facts.hash)
        assert await follower.poll() is None
        follower.close()

    run(node, scenario)


def test_killed_node_and_restarted_follower_continue(node: Node) -> None:
    async def first(client: L1Client) -> None:
        await create_wallet_if_needed(client)
        await generate(client, 20)
        follower = make_follower(node, client, start=5)
        await drain(follower)
        await assert_partly(follower, client, 5)
        node.stop(signal.SIGKILL)
        with pytest.raises(RpcUnavailable):
            await follower.poll()
        # Not closed: the process of this follower ends here, as far as the file can tell.

    async def second(client: L1Client) -> None:
        follower = make_follower(node, client, start=5)
        await drain(follower)
        await create_wallet_if_needed(client)
        await generate(client, 3)
        await drain(follower)
        await assert_partly(follower, client, 5)
        follower.close()

    async def assert_partly(follower: Follower, client: L1Client, start: int) -> None:
        count = await client.get_block_count()
        hashes = await client.get_block_hashes(range(start, count + 1))
        assert [follower.hash_at(height) for height in range(start, count + 1)] == hashes

    run(node, first)
    node.start()  # with another cookie
    run(node, second)


def test_zmq_wakes_a_follower_that_hardly_polls(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whoever reconnects is woken too: here only published blocks may wake.
    monkeypatch.setattr("btczs.l1.follower.notify.RECONNECT_S", 3600)

    async def scenario(client: L1Client) -> None:
        try:
            await client.call("getzmqnotifications")
        except RpcMethodNotFound:
            pytest.skip("this litecoind was built without ZMQ")
        await create_wallet_if_needed(client)
        follower = make_follower(node, client)
        heights: asyncio.Queue[int] = asyncio.Queue()

        async def on_event(event: FollowerEvent) -> None:
            assert isinstance(event, Advanced)
            for facts in event.facts:
                heights.put_nowait(facts.height)

        wake = asyncio.Event()
        listen = asyncio.create_task(wake_on_blocks(node.zmq_endpoint, wake))
        follow = asyncio.create_task(follower.run(on_event, wake, interval_s=3600))
        async with asyncio.timeout(30):
            assert await heights.get() == 0
            await asyncio.sleep(1)  # the subscription is on its way
            for height in (1, 2):
                await generate(client, 1)
                assert await heights.get() == height
        for task in (listen, follow):
            task.cancel()
        await asyncio.gather(listen, follow, return_exceptions=True)
        follower.close()

    run(node, scenario)


def test_the_errors_of_the_node_are_types(node: Node) -> None:
    async def scenario(client: L1Client) -> None:
        unknown = hash_from_hex("ab" * 32)
        with pytest.raises(RpcMethodNotFound):
            await client.call("nosuchmethod")
        with pytest.raises(RpcInvalidParameter):
            await client.get_block_hash(1000)
        with pytest.raises(RpcInvalidParameter):
            await client.get_block_hashes([0, 1000])
        with pytest.raises(RpcNotFound):
            await client.get_block_raw(unknown)
        with pytest.raises(RpcNotFound):
            await client.get_raw_transaction(unknown)
        with pytest.raises(RpcUndecodable):
            await client.send_raw_transaction(b"\x01")
        with pytest.raises(RpcError):
            await client.verify_tx_out_proof(b"\x01")
        assert await client.get_tx_out(unknown, 0) is None
        assert await client.batch([("getblockcount",), ("getblockhash", 0)]) == [
            0,
            PARAMS.genesis_hash[::-1].hex(),
        ]
        async with L1Client(f"http://127.0.0.1:{node.rpc_port}/", "wrong", "password") as other:
            with pytest.raises(RpcUnauthorized):
                await other.get_block_count()

    run(node, scenario)
