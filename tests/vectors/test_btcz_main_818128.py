"""A real header of the main chain, with the ids of its transactions."""

from typing import Any

import msgspec
import pytest
from vector_files import load

from btczs.crypto.merkle import bitcoin_merkle_root
from btczs.l1 import InvalidProofOfWork, InvalidSolution, get_params
from btczs.l1.bitcoinz.equihash import get_shape_of_size, get_tag, verify_equihash
from btczs.l1.bitcoinz.header import Header, encode_equihash_input
from btczs.l1.pow import get_allowed_equihash, verify_pow
from btczs.l1.wire import decode_header, encode_header
from btczs.primitives.units import hash_from_hex, hash_hex

MAIN = get_params("bitcoinz", "mainnet")


@pytest.fixture
def data() -> dict[str, Any]:
    return load("l1/btcz_main_818128.json")  # type: ignore[no-any-return]


@pytest.fixture
def header(data: dict[str, Any]) -> Header:
    header = decode_header(MAIN, bytes.fromhex(data["header_hex"]))
    assert isinstance(header, Header)
    return header


def test_header(data: dict[str, Any], header: Header) -> None:
    assert encode_header(header).hex() == data["header_hex"]
    assert hash_hex(header.hash) == data["hash"]
    assert f"{header.bits:08x}" == data["bits"]
    assert hash_hex(header.merkle_root) == data["merkleroot"]
    assert get_tag(data["n"], data["k"]) == data["person"].encode()
    assert (data["n"], data["k"]) in get_allowed_equihash(MAIN, data["height"])
    verify_pow(MAIN, header, data["height"])


def test_merkle_root(data: dict[str, Any], header: Header) -> None:
    root, mutated = bitcoin_merkle_root([hash_from_hex(txid) for txid in data["txids"]])
    assert (root, mutated) == (header.merkle_root, False)


def test_every_changed_bit_of_the_solution_is_refused(data: dict[str, Any], header: Header) -> None:
    n, k = data["n"], data["k"]
    covered = encode_equihash_input(header)
    solution = header.solution
    verify_equihash(n, k, data["person"].encode(), covered, solution)
    whole = int.from_bytes(solution, "big")
    for bit in range(0, 8 * len(solution), 1 if len(solution) <= 100 else 13):
        changed = (whole ^ 1 << bit).to_bytes(len(solution), "big")
        with pytest.raises(InvalidSolution):
            verify_equihash(n, k, data["person"].encode(), covered, changed)
        with pytest.raises(InvalidProofOfWork):
            verify_pow(MAIN, msgspec.structs.replace(header, solution=changed), data["height"])


def test_the_other_tag_is_refused(data: dict[str, Any], header: Header) -> None:
    other = {b"BitcoinZ": b"ZcashPoW", b"ZcashPoW": b"BitcoinZ"}[data["person"].encode()]
    with pytest.raises(InvalidSolution):
        covered = encode_equihash_input(header)
        verify_equihash(data["n"], data["k"], other, covered, header.solution)


def test_the_parameters_are_bound_to_the_height(header: Header) -> None:
    shape = get_shape_of_size(len(header.solution))
    for height in (1, 159_999, 160_000, 160_010, 160_011, 2_000_000):
        allowed = {(200, 9): height <= 160_010, (144, 5): height >= 160_000}
        if allowed.get((shape.n, shape.k), False):
            verify_pow(MAIN, header, height)
        else:
            with pytest.raises(InvalidSolution):
                verify_pow(MAIN, header, height)
