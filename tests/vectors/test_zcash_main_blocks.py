"""Real blocks of the Zcash main chain, BitcoinZ's ancestor in format."""

import re

import pytest
from vector_files import load

from btczs.codec.stream import Reader
from btczs.crypto.merkle import bitcoin_merkle_root
from btczs.l1 import InvalidSolution, UnsupportedTransaction, get_params
from btczs.l1.bitcoinz.equihash import TAG_ZCASH, get_shape_of_size, verify_equihash
from btczs.l1.bitcoinz.header import encode_equihash_input, read_header
from btczs.l1.pow import compute_target
from btczs.l1.wire import Block, decode_block, encode_block

FILE = "l1/zcash_main_blocks.json"
FORMAT = get_params("bitcoinz", "mainnet")
NU5_HEIGHT = 1_687_104
"""From here on Zcash has version-5 transactions, which BitcoinZ has not."""


def get_height(name: str) -> int | None:
    match = re.search(r"main-(\d+)-(\d+)-(\d+)", name)
    return int("".join(match.groups())) if match else None


def try_decode(raw: bytes) -> Block | None:
    try:
        return decode_block(FORMAT, raw)
    except UnsupportedTransaction:
        return None


def has_v5(raw: bytes) -> bool:
    """Version 5, overwintered, with the group id of ZIP 225."""
    return b"\x05\x00\x00\x80\x0a\x27\xa7\x26" in raw


def test_headers_prove_their_work() -> None:
    for name, text in load(FILE).items():
        header = read_header(Reader(bytes.fromhex(text)))
        shape = get_shape_of_size(len(header.solution))
        covered = encode_equihash_input(header)
        verify_equihash(shape.n, shape.k, TAG_ZCASH, covered, header.solution)
        if "bad" not in name:
            target = compute_target(header.bits)
            assert int.from_bytes(header.hash, "little") <= target <= FORMAT.pow_limit, name
        changed = bytes((header.solution[0] ^ 1,)) + header.solution[1:]
        with pytest.raises(InvalidSolution):
            verify_equihash(shape.n, shape.k, TAG_ZCASH, covered, changed)


def test_blocks_parse_unless_they_hold_a_version_5_transaction() -> None:
    parsed = 0
    for name, text in load(FILE).items():
        raw = bytes.fromhex(text)
        block = try_decode(raw)
        assert (block is None) == has_v5(raw), name
        if block is None:
            height = get_height(name)
            assert height is None or height >= NU5_HEIGHT, name
            continue
        parsed += 1
        assert encode_block(block) == raw, name
        root, mutated = bitcoin_merkle_root([tx.txid for tx in block.transactions])
        assert (root == block.header.merkle_root) == ("bad" not in name), name
        assert not mutated, name
        assert block.transactions[0].is_coinbase, name
        assert not any(tx.is_coinbase for tx in block.transactions[1:]), name
    assert parsed > 0
