"""Every hash against published digests, from the library chosen here and from the fallback."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from btczs.crypto import hashes

SHA512_256 = {
    b"": "c672b8d1ef56ed28ab87c3622c5114069bdd3ad7b8f9737498d0c01ecef0967a",
    b"abc": "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23",
}
RIPEMD160 = {
    b"": "9c1185a5c5e9fc54612808977ee8f548b2258d31",
    b"abc": "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc",
    b"message digest": "5d0689ef49d2fae572b881b123a85ffa21595f36",
}
KECCAK256 = {
    b"": "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
    b"abc": "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45",
}


@pytest.mark.parametrize(("data", "digest"), SHA512_256.items())
def test_sha512_256(data: bytes, digest: str) -> None:
    assert hashes.sha512_256(data).hex() == digest
    assert hashes._fallback_sha512_256(data).hex() == digest


@pytest.mark.parametrize(("data", "digest"), RIPEMD160.items())
def test_ripemd160(data: bytes, digest: str) -> None:
    assert hashes.ripemd160(data).hex() == digest
    assert hashes._fallback_ripemd160(data).hex() == digest


@pytest.mark.parametrize(("data", "digest"), KECCAK256.items())
def test_keccak256_is_ethereums_and_not_sha3(data: bytes, digest: str) -> None:
    assert hashes.keccak256(data).hex() == digest
    assert hashes._fallback_keccak256(data).hex() == digest


def test_sha256_sha256d_and_sha512() -> None:
    assert (
        hashes.sha256(b"abc").hex()
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
    assert (
        hashes.sha256d(b"hello").hex()
        == "9595c9df90075148eb06860365df33584b75bff782a510c6cd4883a419833d50"
    )
    assert hashes.sha512(b"abc").hex() == (
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
    )


def test_hash160_of_a_published_key() -> None:
    """The key of private key 1 and its hash, as in BIP-173's examples."""
    key = bytes.fromhex("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798")
    assert hashes.hash160(key).hex() == "751e76e8199196d454941c45d1b3a323f1433bd6"


def test_blake2b_depends_on_its_personalisation() -> None:
    plain = hashes.blake2b_256(b"", bytes(16))
    assert plain.hex() == "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"
    assert hashes.blake2b_256(b"", b"BitcoinZ") != plain


@given(st.binary(max_size=300))
def test_every_source_gives_the_same_digest(data: bytes) -> None:
    assert hashes.sha512_256(data) == hashes._fallback_sha512_256(data)
    assert hashes.ripemd160(data) == hashes._fallback_ripemd160(data)
    assert hashes.keccak256(data) == hashes._fallback_keccak256(data)


@pytest.mark.parametrize("choose", ["_choose_sha512_256", "_choose_ripemd160"])
def test_the_fallback_is_chosen_where_openssl_lacks_the_hash(
    monkeypatch: pytest.MonkeyPatch, choose: str
) -> None:
    def refuse(name: str, _data: bytes = b"") -> None:
        raise ValueError(f"unsupported hash type {name}")

    monkeypatch.setattr(hashes.hashlib, "new", refuse)
    chosen = getattr(hashes, choose)()
    assert chosen is getattr(hashes, choose.replace("choose", "fallback"))
