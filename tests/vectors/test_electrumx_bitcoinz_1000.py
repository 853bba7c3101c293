"""A real whole block of the main chain."""

from typing import Any

import pytest
from vector_files import load

from btczs.crypto.merkle import bitcoin_merkle_root
from btczs.l1 import get_params
from btczs.l1.pow import verify_pow
from btczs.l1.wire import Block, decode_block, encode_block
from btczs.primitives import DecodeError
from btczs.primitives.units import hash_hex

MAIN = get_params("bitcoinz", "mainnet")


@pytest.fixture
def data() -> dict[str, Any]:
    return load("l1/electrumx_bitcoinz_1000.json")  # type: ignore[no-any-return]


@pytest.fixture
def block(data: dict[str, Any]) -> Block:
    return decode_block(MAIN, bytes.fromhex(data["block"]))


def test_block(data: dict[str, Any], block: Block) -> None:
    header = block.header
    assert encode_block(block).hex() == data["block"]
    assert len(encode_block(block)) == data["size"]
    assert hash_hex(header.hash) == data["hash"]
    assert hash_hex(header.prev) == data["previousblockhash"]
    assert hash_hex(header.merkle_root) == data["merkleroot"]
    assert isinstance(header.nonce, bytes)
    assert hash_hex(header.nonce) == data["nonce"]
    assert (header.time, f"{header.bits:08x}") == (data["time"], data["bits"])
    verify_pow(MAIN, header, data["height"])


def test_transactions(data: dict[str, Any], block: Block) -> None:
    assert [hash_hex(tx.txid) for tx in block.transactions] == data["tx"]
    assert block.transactions[0].is_coinbase
    root, mutated = bitcoin_merkle_root([tx.txid for tx in block.transactions])
    assert (root, mutated) == (block.header.merkle_root, False)


def test_no_part_of_it_is_a_block(data: dict[str, Any]) -> None:
    raw = bytes.fromhex(data["block"])
    for size in range(0, len(raw), 7):
        with pytest.raises(DecodeError):
            decode_block(MAIN, raw[:size])
