"""BIP-32: published vectors, agreement of private and public derivation, refusals."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from btczs.codec.extended_key import decode_extended_key, encode_extended_key
from btczs.crypto.hd import (
    HARDENED,
    ExtendedKey,
    InvalidPath,
    l1_account_secret,
    master_key,
    mnemonic_to_seed,
    parse_path,
    stacks_account_secret,
)
from btczs.crypto.secp256k1 import InvalidKey, compute_public_key
from btczs.primitives import InvalidInput

# BIP-32 test vectors 1 and 3 (leading zeros): seed, path, xprv.
PUBLISHED = [
    (
        "000102030405060708090a0b0c0d0e0f",
        "m",
        "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi",
    ),
    (
        "000102030405060708090a0b0c0d0e0f",
        "m/0h/1/2H/2/1000000000",
        "xprvA41z7zogVVwxVSgdKUHDy1SKmdb533PjDz7J6N6mV6uS3ze1ai8FHa8kmHScGpWmj4WggLyQjgPie1rFSruoUihUZREPSL39UNdE3BBDu76",
    ),
    (
        "4b381541583be4423346c643850da4b320e46a87ae3d2a4e6da11eba819cd4acba45d239319ac14f863b8d5ab5a0d0c64d2e8a1e7d1457df2e5a3c51c73235be",
        "m",
        "xprv9s21ZrQH143K25QhxbucbDDuQ4naNntJRi4KUfWT7xo4EKsHt2QJDu7KXp1A3u7Bi1j8ph3EGsZ9Xvz9dGuVrtHHs7pXeTzjuxBrCmmhgC6",
    ),
    (
        "4b381541583be4423346c643850da4b320e46a87ae3d2a4e6da11eba819cd4acba45d239319ac14f863b8d5ab5a0d0c64d2e8a1e7d1457df2e5a3c51c73235be",
        "m/0'",
        "xprv9uPDJpEQgRQfDcW7BkF7eTya6RPxXeJCqCJGHuCJ4GiRVLzkTXBAJMu2qaMWPrS7AANYqdq6vcBcBUdJCVVFceUvJFjaPdGZ2y9WACViL4L",
    ),
]
XPUB_VECTOR_1_END = "xpub6H1LXWLaKsWFhvm6RVpEL9P4KfRZSW7abD2ttkWP3SSQvnyA8FSVqNTEcYFgJS2UaFcxupHiYkro49S8yGasTvXEYBVPamhGW6cFJodrTHy"
SEED = bytes(range(64))


@pytest.mark.parametrize(("seed", "path", "xprv"), PUBLISHED)
def test_published_vectors(seed: str, path: str, xprv: str) -> None:
    master = master_key(bytes.fromhex(seed))
    key = master if path == "m" else master.derive(path)
    assert encode_extended_key("xprv", key) == xprv
    assert decode_extended_key(xprv) == ("xprv", key)


def test_the_published_public_key() -> None:
    seed, path, _ = PUBLISHED[1]
    key = master_key(bytes.fromhex(seed)).derive(path).neuter()
    assert encode_extended_key("xpub", key) == XPUB_VECTOR_1_END
    assert decode_extended_key(XPUB_VECTOR_1_END) == ("xpub", key)


@settings(max_examples=25, deadline=None)
@given(st.binary(min_size=16, max_size=64), st.lists(st.integers(0, HARDENED - 1), max_size=4))
def test_public_derivation_gives_the_keys_of_private_derivation(
    seed: bytes, numbers: list[int]
) -> None:
    private = master_key(seed).child(HARDENED)
    public = private.neuter()
    for number in numbers:
        private, public = private.child(number), public.child(number)
        assert public == private.neuter()
        assert not public.is_private


def test_a_public_key_cannot_take_a_hardened_step() -> None:
    with pytest.raises(InvalidPath, match="private key"):
        master_key(SEED).neuter().derive("m/0'")
    with pytest.raises(InvalidKey):
        _ = master_key(SEED).neuter().secret


def test_accounts_follow_the_documented_paths() -> None:
    root = master_key(SEED)
    assert stacks_account_secret(SEED, 3) == root.derive("m/44'/5757'/0'/0/3").key
    assert l1_account_secret(SEED, 177, 3) == root.derive("m/44'/177'/0'/0/3").key
    assert l1_account_secret(SEED, 1, 3) == root.derive("m/44'/1'/0'/0/3").key
    assert len({stacks_account_secret(SEED, i) for i in range(5)}) == 5


def test_the_bip44_bitcoin_account_of_the_well_known_mnemonic() -> None:
    """First receiving key of `abandon … about`, which every BIP-44 wallet shows."""
    seed = mnemonic_to_seed("abandon " * 11 + "about")
    public = compute_public_key(l1_account_secret(seed, 0, 0))
    assert public.hex() == "03aaeb52dd7494c361049de67cc680e83ebcbbbdbeb13637d92cd845f70308af5e"


def test_paths() -> None:
    assert parse_path("m/44'/5757'/0'/0/7") == [44 + HARDENED, 5757 + HARDENED, HARDENED, 0, 7]
    assert parse_path("0/1h/2H") == [0, 1 + HARDENED, 2 + HARDENED]
    assert parse_path("m") == []


@pytest.mark.parametrize(
    "path",
    ["", "m/", "/0", "m//0", "m/x", "m/-1", "m/2147483648", "m/0''", "m/ 0", "m/٣", "m/1e3", "0/m"],
)
def test_a_text_that_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(InvalidPath):
        parse_path(path)


def test_a_path_is_bounded() -> None:
    assert len(parse_path("m" + "/0" * 255)) == 255
    for steps in (256, 257, 100_000):
        with pytest.raises(InvalidPath):
            parse_path("m" + "/0" * steps)


@given(st.text(max_size=60))
def test_any_text_is_a_path_or_a_typed_error(text: str) -> None:
    try:
        numbers = parse_path(text)
    except InvalidPath:
        return
    assert all(0 <= number < 1 << 32 for number in numbers)


@pytest.mark.parametrize("number", [-1, 1 << 32])
def test_a_child_number_is_32_bits(number: int) -> None:
    with pytest.raises(InvalidPath):
        master_key(SEED).child(number)


@pytest.mark.parametrize("length", [0, 15, 65])
def test_a_seed_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(InvalidKey):
        master_key(bytes(length))


def test_secrets_do_not_show_in_texts() -> None:
    key = master_key(SEED)
    assert key.key.hex() not in repr(key)
    assert key.chain_code.hex() not in repr(key)
    assert repr(key) == f"{key}"


@pytest.mark.parametrize(
    "changes",
    [
        {"key": bytes(32)},
        {"key": b"\2" * 31},
        {"key": b"\5" * 33},
        {"key": compute_public_key(b"\1" * 32, compressed=False)},
        {"chain_code": bytes(31)},
        {"depth": 256},
        {"depth": 0, "child_number": 1},
        {"depth": 0, "parent_fingerprint": b"\1\2\3\4"},
        {"parent_fingerprint": b"\1\2\3"},
    ],
)
def test_an_impossible_extended_key_is_refused(changes: dict[str, object]) -> None:
    fields: dict[str, object] = {"key": b"\1" * 32, "chain_code": bytes(32), "depth": 1}
    with pytest.raises(InvalidInput):
        ExtendedKey(**(fields | changes))  # type: ignore[arg-type]


# BIP-32 test vector 5: keys that must be refused.
INVALID = [
    # the public key has the version of a private one, and the reverse
    "xpub661MyMwAqRbcEYS8w7XLSVeEsBXy79zSzH1J8vCdxAZningWLdN3zgtU6LBpB85b3D2yc8sfvZU521AAwdZafEz7mnzBBsz4wKY5fTtTQBm",
    "xprv9s21ZrQH143K24Mfq5zL5MhWK9hUhhGbd45hLXo2Pq2oqzMMo63oStZzFGTQQD3dC4H2D5GBj7vWvSQaaBv5cxi9gafk7NF3pnBju6dwKvH",
    # private key 0
    "xprv9s21ZrQH143K24Mfq5zL5MhWK9hUhhGbd45hLXo2Pq2oqzMMo63oStZzF93Y5wvzdUayhgkkFoicQZcP3y52uPPxFnfoLZB21Teqt1VvEHx",
    # private key n
    "xprv9s21ZrQH143K24Mfq5zL5MhWK9hUhhGbd45hLXo2Pq2oqzMMo63oStZzFAzHGBP2UuGCqWLTAPLcMtD5SDKr24z3aiUvKr9bJpdrcLg1Y3G",
    # a point off the curve
    "xpub661MyMwAqRbcEYS8w7XLSVeEsBXy79zSzH1J8vCdxAZningWLdN3zgtU6Q5JXayek4PRsn35jii4veMimro1xefsM58PgBMrvdYre8QyULY",
    # a wrong checksum
    "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHL",
]


@pytest.mark.parametrize("text", INVALID)
def test_invalid_extended_keys_are_refused_without_repeating_them(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        decode_extended_key(text)
    assert text[4:] not in str(caught.value)


@pytest.mark.parametrize("kind", ["xpub", "tpub", "zprv", ""])
def test_a_private_key_has_no_public_form_by_accident(kind: str) -> None:
    with pytest.raises(InvalidInput):
        encode_extended_key(kind, master_key(SEED))


@pytest.mark.parametrize("kind", ["xprv", "tprv", "xpub", "tpub"])
def test_extended_key_round_trip(kind: str) -> None:
    key = master_key(SEED).derive("m/1'/2")
    key = key if kind.endswith("prv") else key.neuter()
    text = encode_extended_key(kind, key)
    assert text.startswith(kind)
    assert decode_extended_key(text) == (kind, key)
