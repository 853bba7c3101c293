"""Recorded Merkle data: proofs of real main-net transactions, and what a real node recorded."""

import msgspec
import pytest
from vector_files import load

from btczs.crypto.merkle import bitcoin_merkle_root
from btczs.l1 import get_params, wire
from btczs.l1.spv import (
    HeaderChain,
    MerkleProof,
    build_merkle_block,
    build_merkle_proof,
    decode_merkle_block,
    decode_merkle_proof,
    encode_merkle_block,
    encode_merkle_proof,
    extract_merkle_proof,
    merkle_block_from_proof,
    verify_merkle_block,
    verify_merkle_proof,
)
from btczs.l1.spv.branch import fold_branch
from btczs.primitives import Hash32, InvalidInput, L1Height
from btczs.primitives.units import hash_from_hex

MAINNET = get_params("bitcoinz", "mainnet")
REGTEST = get_params("bitcoinz", "regtest")


def test_btcz_818128_merkle_proofs() -> None:
    data = load("l1/btcz_818128_merkle_proofs.json")
    header_raw = bytes.fromhex(data["header_hex"])
    header = wire.decode_header(MAINNET, header_raw)
    assert header.hash == hash_from_hex(data["hash"])
    assert header.merkle_root.hex() == data["merkle_root_internal"]
    assert data["proofs"]
    for case in data["proofs"]:
        siblings = tuple(Hash32(bytes.fromhex(text)) for text in case["siblings_internal"])
        txid = hash_from_hex(case["txid"])
        proof = MerkleProof(txid, case["index"], case["count"], siblings, header_raw)
        root = fold_branch(txid, proof.index, proof.count, siblings)
        assert root == header.merkle_root
        assert decode_merkle_proof(MAINNET, encode_merkle_proof(proof)) == proof
        block = merkle_block_from_proof(proof)
        assert decode_merkle_block(MAINNET, encode_merkle_block(block)) == block
        (match,) = verify_merkle_block(MAINNET, block)
        assert (match.index, match.txid) == (case["index"], txid)
        assert extract_merkle_proof(MAINNET, block, txid) == proof
        for level in range(len(siblings)):
            changed = list(siblings)
            changed[level] = Hash32(bytes((changed[level][0] ^ 1,)) + changed[level][1:])
            forged = msgspec.structs.replace(
                block, hashes=_swap(block.hashes, siblings[level], changed[level])
            )
            with pytest.raises(InvalidInput):
                verify_merkle_block(MAINNET, forged)


def _swap(hashes: tuple[Hash32, ...], old: Hash32, new: Hash32) -> tuple[Hash32, ...]:
    """The hashes of a partial tree with one changed; a padding slot is not among them, so then the
    first hash is changed instead."""
    at = hashes.index(old) if old in hashes else 0
    return (*hashes[:at], new, *hashes[at + 1 :])


def test_the_proofs_of_a_block_are_those_built_from_its_txids() -> None:
    data = load("l1/btcz_818128_merkle_proofs.json")
    by_index = {case["index"]: case for case in data["proofs"]}
    count = data["proofs"][0]["count"]
    if sorted(by_index) != list(range(count)):
        pytest.skip("not every transaction of the block is in the file")
    txids = [hash_from_hex(by_index[index]["txid"]) for index in range(count)]
    for index, case in by_index.items():
        proof = build_merkle_proof(b"", txids, index)
        assert [sibling.hex() for sibling in proof.siblings] == case["siblings_internal"]


def test_main_block_txids_have_the_recorded_root() -> None:
    data = load("l1/btcz_main_818128.json")
    txids = [hash_from_hex(text) for text in data["txids"]]
    root, is_mutated = bitcoin_merkle_root(txids)
    assert root == hash_from_hex(data["merkleroot"])
    assert not is_mutated
    header = bytes.fromhex(data["header_hex"])
    block = build_merkle_block(header, txids, set(range(0, len(txids), 5)))
    assert {match.txid for match in verify_merkle_block(MAINNET, block)} == set(txids[::5])


def test_recorded_gettxoutproof() -> None:
    data = load("l1/bitcoinzd_regtest_fixtures.json")
    recorded = data["gettxoutproof"]
    raw = bytes.fromhex(recorded["proof"])
    block = decode_merkle_block(REGTEST, raw)
    assert encode_merkle_block(block) == raw
    txid = hash_from_hex(recorded["txid"])
    assert txid in {match.txid for match in verify_merkle_block(REGTEST, block)}
    header = wire.decode_header(REGTEST, block.header)
    assert header.hash == hash_from_hex(recorded["block"])

    full_raw = bytes.fromhex(data["getblock_v0"])
    full = wire.decode_block(REGTEST, full_raw)
    if full.header.hash != header.hash:
        pytest.skip("the recorded block is another one")
    txids = [tx.txid for tx in full.transactions]
    index = txids.index(txid)
    assert build_merkle_block(block.header, txids, {index}) == block
    proof = extract_merkle_proof(REGTEST, block, txid)
    assert proof == build_merkle_proof(block.header, txids, index)
    tx_raw = wire.encode_transaction(full.transactions[index])
    assert verify_merkle_proof(REGTEST, proof, tx_raw).txid == txid
    with pytest.raises(InvalidInput):
        verify_merkle_proof(REGTEST, msgspec.structs.replace(proof, count=4 * proof.count), tx_raw)


def test_recorded_regtest_chain_is_followed_header_by_header() -> None:
    """Links, Equihash, difficulty and median time of every block a real node mined."""
    data = load("l1/bitcoinzd_regtest_fixtures.json")
    chain = HeaderChain(REGTEST, L1Height(0), [REGTEST.genesis_header])
    for text in data["blocks_1_110"]:
        block = wire.decode_block(REGTEST, bytes.fromhex(text))
        root, is_mutated = bitcoin_merkle_root([tx.txid for tx in block.transactions])
        assert (root, is_mutated) == (block.header.merkle_root, False)
        assert chain.add(wire.encode_header(block.header)).is_best
    assert chain.tip.height == len(data["blocks_1_110"])
