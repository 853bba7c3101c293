"""The embedded node against recordings of a real `bitcoinzd -regtest`: same blocks, same replies.

The recording does not say at which heights upgrades were active: they are read off the versions of
its coinbases, and Canopy (which changes no version) is tried late and early.
"""

import json
from decimal import Decimal
from typing import Any

import pytest
from vector_files import load

from btczs.l1.params import get_params
from btczs.l1.regtest.block import decode_block
from btczs.l1.regtest.errors import BlockRejected
from btczs.l1.regtest.node import RegtestNode
from btczs.l1.regtest.rpc.dispatch import handle_body
from btczs.primitives import DecodeError
from btczs.primitives.units import hash_hex

FILE = "l1/bitcoinzd_regtest_fixtures.json"
LATE_HEIGHT = 1_000_000


def recorded_blocks(recording: dict[str, Any]) -> list[bytes]:
    blocks = [bytes.fromhex(text) for text in recording["blocks_1_110"]]
    return [*blocks, bytes.fromhex(recording["getblock_v0"])]


def start_of_version(blocks: list[bytes], version: int) -> int:
    for height, raw in enumerate(blocks, 1):
        coinbase = decode_block(raw).transactions[0]
        if coinbase.overwintered and coinbase.version >= version:
            return height
    return LATE_HEIGHT


def make_node(activations: dict[str, int], blocks: list[bytes], *, standard: bool) -> RegtestNode:
    latest = max(decode_block(raw).header.time for raw in blocks)
    params = get_params("bitcoinz", "regtest", activations)
    return RegtestNode(params, clock=lambda: latest, standard=standard)


def load_node(recording: dict[str, Any], *, standard: bool = True, count: int = -1) -> RegtestNode:
    """A node with the recorded blocks, or the first `count` of them."""
    blocks = recorded_blocks(recording)
    heights = {
        "overwinter": start_of_version(blocks, 3),
        "sapling": start_of_version(blocks, 4),
    }
    refusals = []
    for canopy in (LATE_HEIGHT, max(heights["sapling"], 1)):
        node = make_node({**heights, "canopy": canopy}, blocks, standard=standard)
        try:
            for raw in blocks:
                node.submit_block(raw)
        except BlockRejected as error:
            refusals.append(f"canopy at {canopy}: {error} after height {node.tip().height}")
            continue
        if count < 0:
            return node
        shorter = make_node({**heights, "canopy": canopy}, blocks, standard=standard)
        for raw in blocks[:count]:
            shorter.submit_block(raw)
        return shorter
    pytest.fail("; ".join(refusals))


def call(node: RegtestNode, method: str, *params: Any) -> Any:
    """The result of a method as JSON gives it, numbers with a fraction as `float`."""
    body = json.dumps({"id": 1, "method": method, "params": params}).encode()
    status, reply = handle_body(node, body)
    answer = json.loads(reply)
    assert status == 200, answer
    return answer["result"]


@pytest.fixture(scope="module")
def recording() -> dict[str, Any]:
    return dict(load(FILE))


@pytest.fixture(scope="module")
def node(recording: dict[str, Any]) -> RegtestNode:
    return load_node(recording)


def test_all_recorded_blocks_are_accepted_one_upon_the_other(
    node: RegtestNode, recording: dict[str, Any]
) -> None:
    blocks = recorded_blocks(recording)
    assert node.tip().height == len(blocks)
    assert hash_hex(node.tip().hash) == recording["getblockheader"]["hash"]
    for height, raw in enumerate(blocks, 1):
        assert node.get_block_raw(node.block_hash_at(height)) == raw


def test_headers_reply_like_the_recording(node: RegtestNode, recording: dict[str, Any]) -> None:
    block_hash = recording["getblockheader"]["hash"]
    assert call(node, "getblockheader", block_hash) == recording["getblockheader"]
    assert list(call(node, "getblockheader", block_hash)) == list(recording["getblockheader"])
    assert call(node, "getblockheader", block_hash, False) == recording["getblockheader_hex"]


def test_blocks_reply_like_the_recording(node: RegtestNode, recording: dict[str, Any]) -> None:
    block_hash = recording["getblock_v2"]["hash"]
    detailed = call(node, "getblock", block_hash, 2)
    assert detailed == recording["getblock_v2"]
    assert list(detailed) == list(recording["getblock_v2"])
    assert call(node, "getblock", block_hash, 0) == recording["getblock_v0"]
    assert call(node, "getblock", str(recording["getblock_v2"]["height"]), 2) == detailed
    txids = [tx["txid"] for tx in recording["getblock_v2"]["tx"]]
    assert call(node, "getblock", block_hash) == {**recording["getblock_v2"], "tx": txids}


def test_amounts_are_written_with_eight_decimals(
    node: RegtestNode, recording: dict[str, Any]
) -> None:
    params = [recording["getblock_v2"]["hash"], 2]
    body = json.dumps({"id": 1, "method": "getblock", "params": params}).encode()
    block = json.loads(handle_body(node, body)[1], parse_float=Decimal)["result"]
    for tx in block["tx"]:
        for output in tx["vout"]:
            assert isinstance(output["value"], Decimal)
            assert output["value"].as_tuple().exponent == -8
            assert output["value"] * 10**8 == output["valueZat"]


def test_transactions_reply_like_the_recording(
    node: RegtestNode, recording: dict[str, Any]
) -> None:
    for expected in [recording["coinbase_verbose"], *recording["getblock_v2"]["tx"]]:
        assert call(node, "decoderawtransaction", expected["hex"]) == expected
        found = call(node, "getrawtransaction", expected["txid"], 1)
        assert expected.items() <= found.items()
        assert call(node, "getrawtransaction", expected["txid"]) == expected["hex"]


def test_proofs_reply_like_the_recording(node: RegtestNode, recording: dict[str, Any]) -> None:
    proof = recording["gettxoutproof"]
    assert call(node, "gettxoutproof", [proof["txid"]], proof["block"]) == proof["proof"]
    assert call(node, "gettxoutproof", [proof["txid"]]) == proof["proof"]
    assert call(node, "verifytxoutproof", proof["proof"]) == [proof["txid"]]


def test_chain_work_and_difficulty_follow_the_recording(
    node: RegtestNode, recording: dict[str, Any]
) -> None:
    info = call(node, "getblockchaininfo")
    assert info["blocks"] == recording["getblockheader"]["height"]
    assert info["chainwork"] == recording["getblockheader"]["chainwork"]
    assert info["bestblockhash"] == recording["getblockheader"]["hash"]


@pytest.mark.parametrize("standard", [True, False])
def test_the_recorded_multisig_spend_is_relayed_and_mined(
    recording: dict[str, Any], standard: bool
) -> None:
    node = load_node(recording, standard=standard)
    txid = call(node, "sendrawtransaction", recording["p2sh_11_of_15_spend"])
    assert call(node, "getrawmempool") == [txid]
    (block_hash,) = call(node, "generate", 1)
    assert txid in call(node, "getblock", block_hash)["tx"]
    assert call(node, "getrawmempool") == []


def test_every_flipped_byte_of_a_block_is_refused(recording: dict[str, Any]) -> None:
    blocks = recorded_blocks(recording)
    node = load_node(recording, count=len(blocks) - 1)
    tip = node.tip()
    raw = blocks[-1]
    reasons: dict[str, int] = {}
    for offset in range(len(raw)):
        damaged = bytearray(raw)
        damaged[offset] ^= 1 << (offset % 8)
        try:
            node.submit_block(bytes(damaged))
        except BlockRejected as error:
            reasons[error.reason] = reasons.get(error.reason, 0) + 1
        except DecodeError:
            reasons["decode"] = reasons.get("decode", 0) + 1
        else:
            pytest.fail(f"the block with a flipped bit in byte {offset} was accepted")
        assert node.tip() == tip
    assert set(reasons) <= {"decode", "version-too-low", "invalid-solution", "bad-txnmrklroot"}
    assert node.submit_block(raw).is_connected


def test_a_flipped_solution_byte_is_an_invalid_solution(recording: dict[str, Any]) -> None:
    blocks = recorded_blocks(recording)
    node = load_node(recording, count=len(blocks) - 1)
    solution = decode_block(blocks[-1]).header.solution
    start = blocks[-1].index(solution)
    for offset in range(start, start + len(solution)):
        damaged = bytearray(blocks[-1])
        damaged[offset] ^= 0x10
        with pytest.raises(BlockRejected, match="invalid-solution"):
            node.submit_block(bytes(damaged))


def test_a_changed_transaction_does_not_fit_the_merkle_root(recording: dict[str, Any]) -> None:
    blocks = recorded_blocks(recording)
    node = load_node(recording, count=len(blocks) - 1)
    block = decode_block(blocks[-1])
    for raw_tx in block.raw_transactions:
        start = blocks[-1].index(raw_tx)
        damaged = bytearray(blocks[-1])
        damaged[start + len(raw_tx) - 15] ^= 1  # within lock time and expiry height
        with pytest.raises(BlockRejected, match="bad-txnmrklroot"):
            node.submit_block(bytes(damaged))


def test_recorded_blocks_are_known_the_second_time(recording: dict[str, Any]) -> None:
    node = load_node(recording)
    for raw in recorded_blocks(recording):
        assert call(node, "submitblock", raw.hex()) == "duplicate"
