"""The follower on the embedded BitcoinZ node, over its JSON-RPC: real Equihash, real replies."""

import asyncio
from pathlib import Path

import httpx
import pytest

from btczs.l1 import get_params, wire
from btczs.l1.follower import Advanced, Follower, Rewound
from btczs.l1.regtest.node import RegtestNode
from btczs.l1.regtest.rpc.app import create_rpc_app
from btczs.l1.rpc import L1Client, RpcInvalidParameter, RpcNotFound, RpcUnauthorized
from btczs.l1.spv import (
    HeaderChain,
    decode_merkle_block,
    encode_merkle_block,
    extract_merkle_proof,
    merkle_block_from_proof,
    verify_in_chain,
)
from btczs.primitives import L1Height
from btczs.primitives.units import hash_from_hex

PARAMS = get_params("bitcoinz", "regtest", {"overwinter": 1, "sapling": 1, "canopy": 1})


def connect(node: RegtestNode, password: str = "secret") -> L1Client:
    transport = httpx.ASGITransport(create_rpc_app(node, "user", "secret"))
    return L1Client("http://embedded.test", "user", password, transport=transport, retries=0)


async def drain(follower: Follower) -> list[Advanced | Rewound]:
    events = []
    while (event := await follower.poll()) is not None:
        events.append(event)
    return events


def test_follow_prove_and_reorganise(tmp_path: Path) -> None:
    async def scenario() -> None:
        node = RegtestNode(PARAMS)
        client = connect(node)
        follower = Follower(
            client, PARAMS, tmp_path / "l1.sqlite", L1Height(0), lambda tx: tx.is_coinbase
        )
        node.generate(18)
        await drain(follower)
        tip = follower.tip()
        assert tip is not None
        assert (tip.height, tip.hash) == (18, node.tip().hash)
        facts = follower.facts_at(17)
        ((index, raw),) = facts.selected
        coinbase = wire.decode_transaction(PARAMS, raw)
        assert (index, coinbase.is_coinbase) == (0, True)

        chain = HeaderChain(PARAMS, L1Height(0), [PARAMS.genesis_header])
        for height in range(1, 19):
            chain.add(follower.header_at(height) or b"")
        theirs = await client.get_tx_out_proof([coinbase.txid], facts.hash)
        proof = extract_merkle_proof(PARAMS, decode_merkle_block(PARAMS, theirs), coinbase.txid)
        proven = verify_in_chain(PARAMS, chain, proof, raw, confirmations_min=2)
        assert proven.is_coinbase, "flagged: not to be taken as a deposit"
        ours = encode_merkle_block(merkle_block_from_proof(proof))
        assert ours == theirs
        assert await client.verify_tx_out_proof(ours) == (coinbase.txid,)
        output = await client.get_tx_out(coinbase.txid, 0)
        assert output is not None
        assert (output.value, output.is_coinbase) == (coinbase.outputs[0].value, True)

        below = follower.hash_at(16)
        await client.invalidate_block(facts.hash)
        assert await drain(follower) == [Rewound(L1Height(16), below)]
        node.generate(3, b"\x52")  # paid elsewhere, so that they are other blocks
        await drain(follower)
        assert [follower.hash_at(h) for h in range(20)] == [
            node.block_hash_at(h) for h in range(20)
        ]
        assert follower.hash_at(17) != facts.hash
        follower.close()
        await client.aclose()

    asyncio.run(scenario())


def test_a_late_start_takes_its_context_along(tmp_path: Path) -> None:
    async def scenario() -> None:
        node = RegtestNode(PARAMS)
        node.generate(30)
        client = connect(node)
        follower = Follower(client, PARAMS, tmp_path / "l1.sqlite", L1Height(28), lambda _tx: False)
        (event,) = await drain(follower)
        assert isinstance(event, Advanced)
        assert [facts.height for facts in event.facts] == [28, 29, 30]
        assert follower.hash_at(4) == node.block_hash_at(4), "24 headers before the start"
        assert follower.hash_at(3) is None
        follower.close()
        await client.aclose()

    asyncio.run(scenario())


def test_errors_of_the_embedded_node_are_types() -> None:
    async def scenario() -> None:
        node = RegtestNode(PARAMS)
        client = connect(node)
        with pytest.raises(RpcInvalidParameter):
            await client.get_block_hashes([0, 5])
        with pytest.raises(RpcNotFound):
            await client.get_block_raw(hash_from_hex("ab" * 32))
        assert (await client.get_blockchain_info()).best_hash == PARAMS.genesis_hash
        await client.aclose()
        other = connect(node, "wrong")
        with pytest.raises(RpcUnauthorized):
            await other.get_block_count()
        await other.aclose()

    asyncio.run(scenario())
