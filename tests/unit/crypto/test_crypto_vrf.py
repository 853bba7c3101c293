"""The VRF: the draft's examples, forgeries, and points outside the prime subgroup."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl import bindings

from btczs.crypto import vrf
from btczs.crypto.errors import InvalidProof
from btczs.crypto.vrf import (
    InvalidVrfKey,
    verify_vrf_proof_encoding,
    verify_vrf_public_key,
    vrf_prove,
    vrf_public_key,
    vrf_verify,
)

# draft-irtf-cfrg-vrf-04, appendix A.3, example 16: secret, public, alpha, pi, beta.
EXAMPLE = (
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    "",
    "9275df67a68c8745c0ff97b48201ee6db447f7c93b23ae24cdc2400f52fdb08a"
    "1a6ac7ec71bf9c9c76e96ee4675ebff60625af28718501047bfd87b810c2d213"
    "9b73c23bd69de66360953a642c2a330a",
    "a64c292ec45f6b252828aff9a02a0fe88d2fcc7f5fc61bb328f03f4c6c0657a9"
    "d26efb23b87647ff54f71cd51a6fa4c4e31661d8f72b41ff00ac4d2eec2ea7b3",
)
SECRET = bytes.fromhex(EXAMPLE[0])
PUBLIC = bytes.fromhex(EXAMPLE[1])
PROOF = bytes.fromhex(EXAMPLE[3])
BETA = bytes.fromhex(EXAMPLE[4])

SMALL_ORDER_8 = bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")
FIELD = 2**255 - 19
D = -121665 * pow(121666, -1, FIELD) % FIELD


# A second, naive implementation of the curve, for comparison.
def _decompress(raw: bytes) -> tuple[int, int]:
    n = int.from_bytes(raw, "little")
    y, sign = n & ~(1 << 255), n >> 255
    square = (y * y - 1) * pow(D * y * y + 1, -1, FIELD) % FIELD
    x = pow(square, (FIELD + 3) // 8, FIELD)
    if x * x % FIELD != square:
        x = x * pow(2, (FIELD - 1) // 4, FIELD) % FIELD
    assert x * x % FIELD == square
    return (x if x & 1 == sign else FIELD - x), y


def _compress(point: tuple[int, int]) -> bytes:
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


def _plus(p: tuple[int, int], q: tuple[int, int]) -> tuple[int, int]:
    (x1, y1), (x2, y2) = p, q
    k = D * x1 * x2 * y1 * y2 % FIELD
    x = (x1 * y2 + x2 * y1) * pow(1 + k, -1, FIELD)
    y = (y1 * y2 + x1 * x2) * pow(1 - k, -1, FIELD)
    return x % FIELD, y % FIELD


def _times(scalar: int, point: tuple[int, int]) -> tuple[int, int]:
    total = (0, 1)
    while scalar:
        if scalar & 1:
            total = _plus(total, point)
        point = _plus(point, point)
        scalar >>= 1
    return total


def test_the_drafts_example() -> None:
    assert vrf_public_key(SECRET) == PUBLIC
    assert vrf_prove(SECRET, b"") == PROOF
    assert vrf_verify(PUBLIC, b"", PROOF) == BETA


@settings(max_examples=30, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=100))
def test_what_is_proved_verifies_for_this_key_and_message_only(secret: bytes, alpha: bytes) -> None:
    public, proof = vrf_public_key(secret), vrf_prove(secret, alpha)
    beta = vrf_verify(public, alpha, proof)
    assert len(beta) == 64
    assert len(proof) == 80
    with pytest.raises(InvalidProof):
        vrf_verify(public, alpha + b"\0", proof)
    with pytest.raises(InvalidProof):
        vrf_verify(vrf_public_key(bytes(32) if secret != bytes(32) else b"\1" * 32), alpha, proof)


@pytest.mark.parametrize("bit", range(0, 640, 7))
def test_a_flipped_bit_is_refused(bit: int) -> None:
    damaged = bytearray(PROOF)
    damaged[bit // 8] ^= 1 << bit % 8
    with pytest.raises(InvalidProof):
        vrf_verify(PUBLIC, b"", bytes(damaged))


@given(st.binary(max_size=100))
def test_arbitrary_bytes_are_no_proof(raw: bytes) -> None:
    with pytest.raises(InvalidProof):
        vrf_verify(PUBLIC, b"", raw)


@settings(max_examples=50)
@given(st.binary(min_size=80, max_size=80))
def test_arbitrary_bytes_of_the_right_length_are_no_proof(raw: bytes) -> None:
    with pytest.raises(InvalidProof):
        vrf_verify(PUBLIC, b"", raw)


@pytest.mark.parametrize("s", [vrf.ORDER, vrf.ORDER + 1, 2**256 - 1])
def test_s_must_be_below_the_order(s: int) -> None:
    with pytest.raises(InvalidProof, match="below the group order"):
        verify_vrf_proof_encoding(PROOF[:48] + s.to_bytes(32, "little"))


def test_a_proof_whose_s_has_the_order_added_is_refused() -> None:
    """It would verify: without the range check a proof had two forms."""
    s = int.from_bytes(PROOF[48:], "little") + vrf.ORDER
    with pytest.raises(InvalidProof):
        vrf_verify(PUBLIC, b"", PROOF[:48] + s.to_bytes(32, "little"))


SMALL_POINTS = [_compress(_times(i, _decompress(SMALL_ORDER_8))) for i in range(8)]


@pytest.mark.parametrize("point", SMALL_POINTS)
def test_points_of_small_order_are_neither_key_nor_gamma(point: bytes) -> None:
    with pytest.raises(InvalidVrfKey):
        verify_vrf_public_key(point)
    with pytest.raises(InvalidProof):
        verify_vrf_proof_encoding(point + PROOF[32:])
    with pytest.raises(InvalidProof):
        vrf_verify(point, b"", PROOF)


def test_forms_that_are_no_point_are_refused() -> None:
    not_canonical = (FIELD + 9).to_bytes(32, "little")
    off_curve = next(
        raw
        for raw in (n.to_bytes(32, "little") for n in range(2, 100))
        if pow((n := int.from_bytes(raw, "little")) ** 2 - 1, (FIELD - 1) // 2, FIELD)
        != pow(D * n * n + 1, (FIELD - 1) // 2, FIELD)
    )
    negative_zero = (1 | 1 << 255).to_bytes(32, "little")
    for raw in (b"", PUBLIC[:31], PUBLIC + b"\0", not_canonical, off_curve, negative_zero):
        with pytest.raises(InvalidVrfKey):
            verify_vrf_public_key(raw)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**253), st.integers(1, vrf.ORDER - 1), st.integers(0, 7))
def test_multiplication_agrees_with_a_naive_one_on_the_whole_curve(
    scalar: int, logarithm: int, small: int
) -> None:
    """libsodium refuses points with a component of small order; `_multiply` must not."""
    prime = bindings.crypto_scalarmult_ed25519_base_noclamp(logarithm.to_bytes(32, "little"))
    point = _compress(_plus(_decompress(prime), _decompress(SMALL_POINTS[small])))
    assert bool(bindings.crypto_core_ed25519_is_valid_point(point)) == (small == 0)
    expected = _times(scalar, _decompress(point))
    # Scalars of s and c are reduced modulo the prime order only where that changes nothing.
    assert vrf._multiply(scalar, point) == _compress(expected)


@pytest.mark.parametrize("scalar", [0, vrf.ORDER, 8 * vrf.ORDER])
def test_a_zero_multiple_is_the_identity(scalar: int) -> None:
    assert vrf._multiply(scalar, PUBLIC) == (1).to_bytes(32, "little")
    assert vrf._multiply_base(scalar) == (1).to_bytes(32, "little")


def _prove_with_small_component(alpha: bytes, small: bytes) -> bytes:
    """A valid proof whose gamma is outside the prime subgroup: c must happen to be 0 modulo 8."""
    scalar, public, _ = vrf._expand(SECRET)
    h = vrf._hash_to_curve(public, alpha)
    gamma = bindings.crypto_core_ed25519_add(vrf._multiply_prime(scalar, h), small)
    for nonce in range(1, 1000):
        k = nonce.to_bytes(32, "little")
        c = vrf._challenge(h, gamma, vrf._multiply_base(nonce), vrf._multiply_prime(k, h))
        if c[0] % 8 == 0:
            s = (nonce + int.from_bytes(c, "little") * int.from_bytes(scalar, "little")) % vrf.ORDER
            return gamma + c + s.to_bytes(32, "little")
    raise AssertionError("no nonce gives a challenge divisible by 8")


@pytest.mark.parametrize("small", SMALL_POINTS[1:])
def test_a_component_of_small_order_in_gamma_does_not_change_the_output(small: bytes) -> None:
    """The draft accepts such a proof, and multiplies by the cofactor so that beta stays unique."""
    proof = _prove_with_small_component(b"alpha", small)
    honest = vrf_prove(SECRET, b"alpha")
    assert proof[:32] != honest[:32]
    assert vrf_verify(PUBLIC, b"alpha", proof) == vrf_verify(PUBLIC, b"alpha", honest)


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_secret_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(InvalidVrfKey):
        vrf_public_key(bytes(length))
    with pytest.raises(InvalidVrfKey):
        vrf_prove(bytes(length), b"")
