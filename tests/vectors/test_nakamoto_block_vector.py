"""A real block of the Stacks main network: header, hashes, miner and signers."""

from typing import Any

import pytest
from vector_files import load

from btczs.ledger.blocks import (
    Block,
    block_hash,
    block_id,
    decode_block,
    decode_header,
    encode_block,
    encode_header,
    miner_signature_hash,
    recover_miner,
    recover_signers,
    verify_tx_merkle_root,
)
from btczs.ledger.transactions import authenticate, compute_txid, decode_transaction

FILE = "stacks/nakamoto_block_vector.json"


@pytest.fixture(scope="module")
def vector() -> dict[str, Any]:
    data: dict[str, Any] = load(FILE)
    return data


@pytest.fixture(scope="module")
def block(vector: dict[str, Any]) -> Block:
    return decode_block(bytes.fromhex(vector["hex"]))


def test_bytes(vector: dict[str, Any], block: Block) -> None:
    assert encode_block(block).hex() == vector["hex"]
    assert decode_header(encode_header(block.header)) == block.header


def test_header_fields(vector: dict[str, Any], block: Block) -> None:
    header, expected = block.header, vector["header"]
    for field in ("version", "chain_length", "burn_spent", "timestamp"):
        assert getattr(header, field) == expected[field], field
    for field in ("consensus_hash", "parent_block_id", "tx_merkle_root", "miner_signature"):
        assert getattr(header, field).hex() == expected[field], field
    assert header.state_root.hex() == expected["state_index_root"]
    assert [s.hex() for s in header.signer_signatures] == expected["signer_signature"]
    assert header.pox_treatment.bit_count == expected["pox_treatment_len"]
    assert encode_header(header).endswith(bytes.fromhex(expected["pox_treatment_bytes"]))


def test_hashes(vector: dict[str, Any], block: Block) -> None:
    expected = vector["derived_by_us"]
    assert miner_signature_hash(block.header).hex() == expected["miner_signature_hash"]
    assert block_hash(block.header).hex() == expected["signer_signature_hash=block_hash"]
    assert block_id(block.header).hex() == expected["block_id"]


def test_keys(vector: dict[str, Any], block: Block) -> None:
    expected = vector["derived_by_us"]
    assert recover_miner(block.header).hex() == expected["miner_pubkey"]
    assert [key.hex() for key in recover_signers(block.header)] == expected["signer_pubkeys"]


def test_transactions(vector: dict[str, Any], block: Block) -> None:
    verify_tx_merkle_root(block)
    expected = vector["derived_by_us"]["txid"]
    txids = [compute_txid(raw).hex() for raw in block.transactions]
    assert txids == ([expected] if isinstance(expected, str) else expected)
    for raw in block.transactions:
        authenticate(decode_transaction(raw), raw)
