"""secp256r1: signatures of an independent signer, both forms of s, malformed keys."""

import hashlib

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from hypothesis import given, settings
from hypothesis import strategies as st

from btczs.crypto import secp256r1
from btczs.crypto.secp256k1 import InvalidKey, InvalidSignature

P = 2**256 - 2**224 + 2**192 + 2**96 - 1
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
DIGEST = hashlib.sha256(b"message").digest()


def make(secret, digest=DIGEST):
    """Point and (r, s) by OpenSSL."""
    key = ec.derive_private_key(secret, ec.SECP256R1())
    der = key.sign(digest, ec.ECDSA(utils.Prehashed(hashes.SHA256())))
    point = key.public_key().public_numbers()
    return (point.x, point.y), utils.decode_dss_signature(der)


def compress(point):
    return bytes((2 + point[1] % 2,)) + point[0].to_bytes(32, "big")


def compact(r, s):
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


@given(st.integers(1, secp256r1.ORDER - 1), st.binary(min_size=32, max_size=32))
@settings(max_examples=25, deadline=None)
def test_signatures_verify_with_either_s(secret, digest):
    point, (r, s) = make(secret, digest)
    public = compress(point)
    secp256r1.verify_digest(public, digest, compact(r, s))
    secp256r1.verify_digest(public, digest, compact(r, secp256r1.ORDER - s))
    with pytest.raises(InvalidSignature):
        secp256r1.verify_digest(public, hashlib.sha256(digest).digest(), compact(r, s))


@pytest.mark.parametrize(
    ("r", "s"),
    [(0, 1), (1, 0), (secp256r1.ORDER, 1), (1, secp256r1.ORDER), (2**256 - 1, 2**256 - 1)],
)
def test_numbers_out_of_range(r, s):
    point, _ = make(7)
    with pytest.raises(InvalidSignature):
        secp256r1.verify_digest(compress(point), DIGEST, compact(r, s))


def test_malformed_keys():
    point, (r, s) = make(7)
    x = point[0].to_bytes(32, "big")
    y = point[1].to_bytes(32, "big")
    not_on_curve = next(n for n in range(1, 100) if pow(n**3 - 3 * n + B, (P - 1) // 2, P) == P - 1)
    for public in (
        b"", b"\x02", b"\x04" + x, b"\x00" * 33, b"\x06" + x, b"\x02" + x + b"\0", b"\x04" + x + y,
        b"\x02" + b"\xff" * 32, b"\x02" + not_on_curve.to_bytes(32, "big"),
        b"\x05" + not_on_curve.to_bytes(32, "big"),
    ):  # fmt: skip
        with pytest.raises(InvalidKey):
            secp256r1.verify_digest(public, DIGEST, compact(r, s))


@pytest.mark.parametrize("secret", range(1, 12))
def test_a_compact_key_is_the_point_with_the_smaller_y(secret):
    point, (r, s) = make(secret)
    public = b"\x05" + point[0].to_bytes(32, "big")
    if point[1] < P - point[1]:
        secp256r1.verify_digest(public, DIGEST, compact(r, s))
    else:
        with pytest.raises(InvalidSignature):
            secp256r1.verify_digest(public, DIGEST, compact(r, s))


def test_wrong_lengths():
    point, (r, s) = make(7)
    with pytest.raises(InvalidSignature):
        secp256r1.verify_digest(compress(point), DIGEST[:31], compact(r, s))
    with pytest.raises(InvalidSignature):
        secp256r1.verify_digest(compress(point), DIGEST, compact(r, s)[:63])
