"""Verifiable random function ECVRF-ED25519-SHA512-TAI of draft-irtf-cfrg-vrf-04.

The holder of a secret key turns a message `alpha` into 64 bytes `beta` that nobody else can
predict, and proves with 80 bytes that it is the only possible `beta` for its key and message.

A proof is `gamma (32, point) ‖ c (16) ‖ s (32)`, little-endian. RFC 9381, the later standard, gives
other outputs for the same suite number; do not mix them.

Points are their 32 bytes; the group operations are libsodium's. libsodium multiplies only points of
the prime subgroup, while the draft allows a component of small order (cofactor 8) in a public key
and in gamma: `_multiply` splits such a point. Points that have nothing but a component of small
order are refused, as the draft's key validation and the reference implementation do.

DEVIATION: the reference implementation of Stacks hashes no counter byte at the second attempt of
hashing to the curve (the draft has 01 there). This module follows the draft; the outputs differ for
every message whose first attempt fails and second succeeds.
"""

from typing import ClassVar

from nacl import bindings
from nacl.exceptions import RuntimeError as SodiumError

from btczs.crypto.errors import InvalidProof
from btczs.crypto.hashes import sha512
from btczs.primitives import InvalidInput

SUITE = b"\x03"
PROOF_LENGTH = 80
ORDER = 2**252 + 27742317777372353535851937790883648493
"""Order of the prime subgroup."""

_FIELD = 2**255 - 19
_COFACTOR = 8
_INVERSE_OF_COFACTOR = pow(_COFACTOR, -1, ORDER)
_IDENTITY = (1).to_bytes(32, "little")
_ATTEMPTS_MAX = 256
"""Each attempt of hashing to the curve fails with probability 1/2; the counter is one byte."""

_add = bindings.crypto_core_ed25519_add
_sub = bindings.crypto_core_ed25519_sub
_multiply_prime = bindings.crypto_scalarmult_ed25519_noclamp
_multiply_base_prime = bindings.crypto_scalarmult_ed25519_base_noclamp


class InvalidVrfKey(InvalidInput):
    """Not a VRF key: wrong length, not a point of the curve, or a point of small order."""

    code: ClassVar[str] = "invalid_vrf_key"


def vrf_public_key(secret: bytes) -> bytes:
    """The public key (32 bytes) of a secret key (any 32 bytes; the same pair as Ed25519)."""
    return _expand(secret)[1]


def verify_vrf_public_key(public: bytes) -> None:
    """Raises `InvalidVrfKey` unless `public` is a point of the curve that is not of small order."""
    if not _is_useful_point(public):
        raise InvalidVrfKey("a VRF key is 32 bytes: a point of edwards25519, not of small order")


def verify_vrf_proof_encoding(proof: bytes) -> None:
    """Raises `InvalidProof` unless `proof` has the form of a proof, whatever it may prove."""
    _decode(proof)


def vrf_prove(secret: bytes, alpha: bytes) -> bytes:
    """The proof (80 bytes) for `alpha`. Deterministic."""
    scalar, public, nonce_key = _expand(secret)
    h = _hash_to_curve(public, alpha)
    gamma = _multiply_prime(scalar, h)
    k = bindings.crypto_core_ed25519_scalar_reduce(sha512(nonce_key + h))
    c = _challenge(h, gamma, _multiply_base_prime(k), _multiply_prime(k, h))
    product = bindings.crypto_core_ed25519_scalar_mul(c + bytes(16), scalar)
    return gamma + c + bindings.crypto_core_ed25519_scalar_add(product, k)


def vrf_verify(public: bytes, alpha: bytes, proof: bytes) -> bytes:
    """The output `beta` (64 bytes) that `proof` proves for this key and message.

    Raises `InvalidProof`: malformed key or proof, or a proof of something else.
    """
    if not _is_useful_point(public):
        raise InvalidProof("the public key is not a VRF key")
    gamma, c, s = _decode(proof)
    h = _hash_to_curve(public, alpha)
    u = _sub(_multiply_base(s), _multiply(c, public))
    v = _sub(_multiply(s, h), _multiply(c, gamma))
    if _challenge(h, gamma, u, v) != proof[32:48]:
        raise InvalidProof("the VRF proof does not match the key and message")
    return sha512(SUITE + b"\x03" + _times_cofactor(gamma))


def _decode(proof: bytes) -> tuple[bytes, int, int]:
    """Gamma, c and s."""
    if len(proof) != PROOF_LENGTH:
        raise InvalidProof(f"a VRF proof has {PROOF_LENGTH} bytes, not {len(proof)}")
    gamma = proof[:32]
    if not _is_useful_point(gamma):
        raise InvalidProof("gamma is not a point of the curve, or is of small order")
    s = int.from_bytes(proof[48:], "little")
    if s >= ORDER:
        raise InvalidProof("s is not below the group order")
    return gamma, int.from_bytes(proof[32:48], "little"), s


def _expand(secret: bytes) -> tuple[bytes, bytes, bytes]:
    """Secret scalar (reduced), public key, and the key of the nonces."""
    if len(secret) != 32:
        raise InvalidVrfKey(f"a VRF secret key has 32 bytes, not {len(secret)}")
    digest = sha512(secret)
    clamped = int.from_bytes(digest[:32], "little") & ~(7 | 1 << 255) | 1 << 254
    scalar = (clamped % ORDER).to_bytes(32, "little")
    return scalar, _multiply_base_prime(scalar), digest[32:]


def _hash_to_curve(public: bytes, alpha: bytes) -> bytes:
    """Try and increment: the first hash that is a point, times the cofactor."""
    prefix = SUITE + b"\x01" + public + alpha
    for counter in range(_ATTEMPTS_MAX):
        candidate = sha512(prefix + bytes((counter,)))[:32]
        if _is_useful_point(candidate):
            return _times_cofactor(candidate)
    raise InvalidProof("no hash of the message is a point of the curve")


def _challenge(h: bytes, gamma: bytes, u: bytes, v: bytes) -> bytes:
    return sha512(SUITE + b"\x02" + h + gamma + u + v)[:16]


def _is_useful_point(raw: bytes) -> bool:
    """Whether `raw` is the canonical form of a point of the curve, not of small order."""
    if len(raw) != 32 or int.from_bytes(raw, "little") & ~(1 << 255) >= _FIELD:
        return False
    try:
        return _times_cofactor(raw) != _IDENTITY
    except SodiumError:
        return False


def _times_cofactor(point: bytes) -> bytes:
    for _ in range(3):
        point = _add(point, point)
    return point


def _multiply_base(scalar: int) -> bytes:
    reduced = scalar % ORDER
    return _multiply_base_prime(reduced.to_bytes(32, "little")) if reduced else _IDENTITY


def _multiply(scalar: int, point: bytes) -> bytes:
    """`scalar * point` for any point that is not of small order."""
    if bindings.crypto_core_ed25519_is_valid_point(point):
        reduced = scalar % ORDER
        return _multiply_prime(reduced.to_bytes(32, "little"), point) if reduced else _IDENTITY
    prime_part = _multiply(_INVERSE_OF_COFACTOR, _times_cofactor(point))
    small_part = _sub(point, prime_part)
    product = _multiply(scalar, prime_part)
    for _ in range(scalar % _COFACTOR):
        product = _add(product, small_part)
    return product
