"""Ed25519: vectors of RFC 8032, and what strict verification refuses."""

import hashlib

import pytest

from btczs.crypto import ed25519
from btczs.crypto.secp256k1 import InvalidKey, InvalidSignature

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bac"
        "c61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e"
        "458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290"
        "ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


def add(p, q):
    (x1, y1), (x2, y2) = p, q
    k = D * x1 * x2 * y1 * y2
    return (
        (x1 * y2 + x2 * y1) * pow(1 + k, -1, P) % P,
        (y1 * y2 + x1 * x2) * pow(1 - k, -1, P) % P,
    )


def multiply(n, p):
    result = (0, 1)
    for bit in bin(n)[2:]:
        result = add(result, result)
        if bit == "1":
            result = add(result, p)
    return result


def x_of(y):
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    assert x * x % P == square, "no point has this y"
    return x


def encode(p):
    return (p[1] | (p[0] & 1) << 255).to_bytes(32, "little")


BASE_Y = 4 * pow(5, -1, P) % P
BASE = (x_of(BASE_Y) if x_of(BASE_Y) % 2 == 0 else P - x_of(BASE_Y), BASE_Y)


def order_8_point():
    y = int.from_bytes(
        bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"
    )
    return (x_of(y), y)


def challenge(r, a, message):
    return int.from_bytes(hashlib.sha512(r + a + message).digest(), "little") % L


@pytest.mark.parametrize(("public", "message", "signature"), RFC_8032)
def test_vectors(public, message, signature):
    public, message, signature = map(bytes.fromhex, (public, message, signature))
    ed25519.verify(public, message, signature)
    with pytest.raises(InvalidSignature):
        ed25519.verify(public, message + b"x", signature)
    s = int.from_bytes(signature[32:], "little") + L
    with pytest.raises(InvalidSignature):
        ed25519.verify(public, message, signature[:32] + s.to_bytes(32, "little"))


@pytest.mark.parametrize(
    ("public", "signature", "error"),
    [(31, 64, InvalidKey), (33, 64, InvalidKey), (32, 63, InvalidSignature), (32, 65, InvalidSignature)],
)  # fmt: skip
def test_wrong_lengths(public, signature, error):
    with pytest.raises(error):
        ed25519.verify(b"\x07" * public, b"", bytes(signature))


def test_every_small_point_is_listed():
    torsion = order_8_point()
    assert multiply(8, torsion) == (0, 1)
    points = {encode(multiply(n, torsion)) for n in range(8)}
    assert len(points) == 8
    assert points <= ed25519.SMALL_ORDER
    for listed in ed25519.SMALL_ORDER:
        y = (int.from_bytes(listed, "little") & (2**255 - 1)) % P
        assert multiply(8, (x_of(y), y)) == (0, 1)


@pytest.mark.parametrize("encoded", sorted(ed25519.SMALL_ORDER))
def test_small_points_sign_nothing(encoded):
    with pytest.raises(InvalidKey):
        ed25519.verify(encoded, b"any message", encoded + bytes(32))
    public = encode(multiply(5, BASE))
    k = challenge(encoded, public, b"m")
    signature = encoded + (k * 5 % L).to_bytes(32, "little")
    with pytest.raises(InvalidSignature):
        ed25519.verify(public, b"m", signature)


def test_the_cofactor_does_not_help():
    secret, nonce, message = 123456789, 987654321, b"message"
    public = encode(multiply(secret, BASE))
    for r_point, is_valid in (
        (multiply(nonce, BASE), True),
        (add(multiply(nonce, BASE), order_8_point()), False),
    ):
        r = encode(r_point)
        s = (nonce + challenge(r, public, message) * secret) % L
        signature = r + s.to_bytes(32, "little")
        if is_valid:
            ed25519.verify(public, message, signature)
        else:
            with pytest.raises(InvalidSignature):
                ed25519.verify(public, message, signature)
