"""The three genesis blocks: known by their hashes, and no valid proofs of work."""

from typing import Any

import pytest
from vector_files import load

from btczs.l1 import InvalidProofOfWork, get_params
from btczs.l1.bitcoinz.equihash import get_shape_of_size, get_tag, verify_equihash
from btczs.l1.bitcoinz.header import Header, encode_equihash_input
from btczs.l1.pow import compute_target, verify_pow
from btczs.l1.wire import decode_header, decode_transaction, encode_header, encode_transaction
from btczs.primitives.units import hash_hex

FILE = "l1/btcz_genesis.json"
NETWORKS = {"main": "mainnet", "test": "testnet", "regtest": "regtest"}


@pytest.fixture(params=list(NETWORKS))
def case(request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    return NETWORKS[request.param], load(FILE)[request.param]


def test_header_and_hash_are_those_of_the_parameters(case: tuple[str, dict[str, Any]]) -> None:
    network, data = case
    params = get_params("bitcoinz", network)
    raw = bytes.fromhex(data["header_hex"])
    header = decode_header(params, raw)
    assert raw == params.genesis_header
    assert encode_header(header) == raw
    assert hash_hex(header.hash) == data["hash"] == hash_hex(params.genesis_hash)
    verify_pow(params, header, 0)


def test_merkle_root_is_the_coinbase(case: tuple[str, dict[str, Any]]) -> None:
    network, data = case
    params = get_params("bitcoinz", network)
    raw = bytes.fromhex(data["coinbase_hex"])
    coinbase = decode_transaction(params, raw)
    assert coinbase.is_coinbase
    assert encode_transaction(coinbase) == raw
    assert decode_header(params, params.genesis_header).merkle_root == coinbase.txid


def test_only_as_genesis_does_it_pass(case: tuple[str, dict[str, Any]]) -> None:
    network, data = case
    params = get_params("bitcoinz", network)
    header = decode_header(params, bytes.fromhex(data["header_hex"]))
    assert isinstance(header, Header)
    meets = int.from_bytes(header.hash, "little") <= compute_target(header.bits)
    assert meets == data["meets_target"]
    if data["equihash"] is not None:
        n, k = data["equihash"]
        shape = get_shape_of_size(len(header.solution))
        assert (shape.n, shape.k) == (n, k)
        if not data["equihash_valid"]:
            with pytest.raises(InvalidProofOfWork):
                verify_equihash(n, k, get_tag(n, k), encode_equihash_input(header), header.solution)
    if not data["meets_target"]:
        with pytest.raises(InvalidProofOfWork):
            verify_pow(params, header, 1)
