"""Segwit addresses: the vectors of BIP-173 and BIP-350."""

import btclib.b32
import pytest
from hypothesis import given
from hypothesis import strategies as st

from btczs.codec.bech32 import CHARSET, decode_segwit, encode_segwit
from btczs.codec.errors import InvalidAddress
from btczs.primitives import InvalidInput

# BIP-350, valid addresses: prefix, address, script (version opcode, push, program).
VALID = [
    (
        "bc",
        "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
        "0014751e76e8199196d454941c45d1b3a323f1433bd6",
    ),
    (
        "tb",
        "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7",
        "00201863143c14c5166804bd19203356da136c985678cd4d27a1b8c6329604903262",
    ),
    (
        "bc",
        "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y",
        "5128751e76e8199196d454941c45d1b3a323f1433bd6751e76e8199196d454941c45d1b3a323f1433bd6",
    ),
    ("bc", "BC1SW50QGDZ25J", "6002751e"),
    ("bc", "bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs", "5210751e76e8199196d454941c45d1b3a323"),
    (
        "bc",
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
        "512079be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
    ),
]

# BIP-350 and BIP-173, invalid addresses.
INVALID = [
    "tc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq5zuyut",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
    "BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL",
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh",
    "bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4",
    "BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R",
    "bc1pw5dgrnzv",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v8n0nx0muaewav253zgeav",
    "BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf",
    "bc1gmk9yu",
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
    "bc1QW508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
    "",
    "bc1",
    "1",
    "bc",
    "bc1" + "q" * 10_000_000,
    "bc1é",
]


@pytest.mark.parametrize(("hrp", "address", "script"), VALID)
def test_valid_addresses(hrp: str, address: str, script: str) -> None:
    raw = bytes.fromhex(script)
    version = raw[0] - 0x50 if raw[0] else 0
    assert decode_segwit(hrp, address) == (version, raw[2:])
    assert encode_segwit(hrp, version, raw[2:]) == address.lower()


@pytest.mark.parametrize("address", INVALID)
def test_invalid_addresses(address: str) -> None:
    with pytest.raises(InvalidAddress):
        decode_segwit("bc", address)


def test_an_address_of_another_network_is_refused() -> None:
    with pytest.raises(InvalidAddress, match="tb1"):
        decode_segwit("tb", VALID[0][1])


@given(
    st.sampled_from(["bc", "tb", "bcrt", "ltc", "rltc"]),
    st.integers(1, 16),
    st.binary(min_size=2, max_size=40),
)
def test_round_trip(hrp: str, version: int, program: bytes) -> None:
    assert decode_segwit(hrp, encode_segwit(hrp, version, program)) == (version, program)


@given(st.sampled_from([20, 32]), st.data())
def test_version_0_agrees_with_another_implementation(length: int, data: st.DataObject) -> None:
    program = data.draw(st.binary(min_size=length, max_size=length))
    text = encode_segwit("bc", 0, program)
    assert btclib.b32.witness_from_address(text) == (0, program, "mainnet")


@given(st.binary(min_size=20, max_size=20), st.data())
def test_a_changed_character_is_found(program: bytes, data: st.DataObject) -> None:
    text = encode_segwit("bc", 0, program)
    position = data.draw(st.integers(3, len(text) - 1))
    other = data.draw(st.sampled_from([c for c in CHARSET if c != text[position]]))
    with pytest.raises(InvalidAddress):
        decode_segwit("bc", text[:position] + other + text[position + 1 :])


@given(st.text(max_size=90))
def test_any_text_gives_a_typed_error(text: str) -> None:
    with pytest.raises(InvalidAddress):
        decode_segwit("bc", text)


@pytest.mark.parametrize(
    ("version", "length"), [(-1, 20), (17, 20), (0, 19), (0, 33), (1, 1), (1, 41)]
)
def test_what_is_no_witness_program_is_not_written(version: int, length: int) -> None:
    with pytest.raises(InvalidInput):
        encode_segwit("bc", version, bytes(length))
