"""secp256k1 signatures: ECDSA (DER, recoverable, low-S) and BIP-340 Schnorr.

The only module that touches coincurve. Every length is checked here, before the C library sees
it: a buffer that is too short would be read beyond its end there.

Recoverable signatures have the layout of Stacks: recovery id (1 byte) | r (32) | s (32).
"""

from typing import ClassVar

import coincurve
from coincurve._libsecp256k1 import ffi, lib
from coincurve.context import GLOBAL_CONTEXT

from btczs.primitives import InvalidInput

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
HALF_ORDER = ORDER // 2

_ctx = GLOBAL_CONTEXT.ctx
_ffi_new = ffi.new
_parse_recoverable = lib.secp256k1_ecdsa_recoverable_signature_parse_compact
_recover = lib.secp256k1_ecdsa_recover
_serialize = lib.secp256k1_ec_pubkey_serialize
_COMPRESSED = lib.SECP256K1_EC_COMPRESSED
_UNCOMPRESSED = lib.SECP256K1_EC_UNCOMPRESSED


class InvalidKey(InvalidInput):
    """Not a private key in 1..n-1, or not a point of the curve."""

    code: ClassVar[str] = "invalid_key"


class InvalidSignature(InvalidInput):
    """The signature is malformed, or does not belong to this message and key."""

    code: ClassVar[str] = "invalid_signature"


def _check_digest(digest: bytes) -> None:
    if len(digest) != 32:
        raise InvalidSignature(f"a message digest has 32 bytes, not {len(digest)}")


def _private_key(secret: bytes) -> coincurve.PrivateKey:
    if len(secret) != 32 or not 0 < int.from_bytes(secret, "big") < ORDER:
        raise InvalidKey("a private key is 32 bytes between 1 and the group order")
    return coincurve.PrivateKey(secret)


def _public_key(public: bytes) -> coincurve.PublicKey:
    if len(public) not in (33, 65):
        raise InvalidKey(f"a public key has 33 or 65 bytes, not {len(public)}")
    try:
        return coincurve.PublicKey(public)
    except ValueError as error:
        raise InvalidKey("the public key is not a point of the curve") from error


def compute_public_key(secret: bytes, *, compressed: bool = True) -> bytes:
    """The public key of `secret` (32 bytes): 33 bytes, or 65 when not compressed."""
    return bytes(_private_key(secret).public_key.format(compressed=compressed))


def verify_public_key(public: bytes) -> None:
    """Raises `InvalidKey` unless `public` is a point of the curve in 33 or 65 bytes."""
    _public_key(public)


def convert_public_key(public: bytes, *, compressed: bool) -> bytes:
    """The same point in the other encoding."""
    return bytes(_public_key(public).format(compressed=compressed))


def tweak_add_secret(secret: bytes, tweak: bytes) -> bytes:
    """`secret + tweak` modulo the group order (BIP-32). Raises `InvalidKey` for a zero result."""
    if len(tweak) != 32 or int.from_bytes(tweak, "big") >= ORDER:
        raise InvalidKey("a tweak is 32 bytes below the group order")
    _private_key(secret)
    total = (int.from_bytes(secret, "big") + int.from_bytes(tweak, "big")) % ORDER
    if total == 0:
        raise InvalidKey("the tweaked private key is zero")
    return total.to_bytes(32, "big")


def tweak_add_public(public: bytes, tweak: bytes) -> bytes:
    """`public + tweak*G`, compressed. Raises `InvalidKey` for the point at infinity."""
    if len(tweak) != 32 or int.from_bytes(tweak, "big") >= ORDER:
        raise InvalidKey("a tweak is 32 bytes below the group order")
    try:
        return bytes(_public_key(public).add(tweak).format())
    except ValueError as error:
        raise InvalidKey("the tweaked public key is the point at infinity") from error


def sign_der(secret: bytes, digest: bytes) -> bytes:
    """ECDSA over a 32-byte digest, RFC 6979 nonce, low-S, DER."""
    _check_digest(digest)
    return bytes(_private_key(secret).sign(digest, hasher=None))


def verify_der(public: bytes, digest: bytes, signature: bytes) -> None:
    """Verifies a DER signature. High-S is accepted (it is valid in Bitcoin blocks).

    Raises `InvalidKey` or `InvalidSignature`.
    """
    _check_digest(digest)
    if not 8 <= len(signature) <= 72:
        raise InvalidSignature(f"a DER signature has 8 to 72 bytes, not {len(signature)}")
    key = _public_key(public)
    raw = _ffi_new("secp256k1_ecdsa_signature *")
    if not lib.secp256k1_ecdsa_signature_parse_der(_ctx, raw, signature, len(signature)):
        raise InvalidSignature("the signature is not DER")
    lib.secp256k1_ecdsa_signature_normalize(_ctx, raw, raw)
    if not lib.secp256k1_ecdsa_verify(_ctx, raw, digest, key.public_key):
        raise InvalidSignature("the signature does not match the message and key")


def verify_compact(public: bytes, digest: bytes, signature: bytes) -> None:
    """Verifies r | s (64 bytes). High-S is refused. Raises `InvalidKey` or `InvalidSignature`."""
    _check_digest(digest)
    if len(signature) != 64:
        raise InvalidSignature(f"a compact signature has 64 bytes, not {len(signature)}")
    key = _public_key(public)
    raw = _ffi_new("secp256k1_ecdsa_signature *")
    if not lib.secp256k1_ecdsa_signature_parse_compact(_ctx, raw, signature):
        raise InvalidSignature("r or s is not below the group order")
    if not lib.secp256k1_ecdsa_verify(_ctx, raw, digest, key.public_key):
        raise InvalidSignature("the signature does not match the message and key")


def is_low_s(signature: bytes) -> bool:
    """Whether a recoverable signature (65 bytes) has the lower of its two possible s values."""
    return len(signature) == 65 and int.from_bytes(signature[33:], "big") <= HALF_ORDER


def sign_recoverable(secret: bytes, digest: bytes) -> bytes:
    """ECDSA over a 32-byte digest, low-S: recovery id | r | s (65 bytes)."""
    _check_digest(digest)
    rsv = bytes(_private_key(secret).sign_recoverable(digest, hasher=None))
    return rsv[64:] + rsv[:64]


def recover(
    signature: bytes, digest: bytes, *, compressed: bool = True, allow_high_s: bool = False
) -> bytes:
    """The public key that made `signature` (recovery id | r | s) over `digest`.

    Raises `InvalidSignature`: also for high-S, so that a signature has one form only, unless
    `allow_high_s` (contract code recovers from either form).
    """
    _check_digest(digest)
    if len(signature) != 65:
        raise InvalidSignature(f"a recoverable signature has 65 bytes, not {len(signature)}")
    recovery_id = signature[0]
    if recovery_id > 3:
        raise InvalidSignature(f"a recovery id is 0 to 3, not {recovery_id}")
    if not allow_high_s and int.from_bytes(signature[33:], "big") > HALF_ORDER:
        raise InvalidSignature("the signature has a high s value")
    raw = _ffi_new("secp256k1_ecdsa_recoverable_signature *")
    if not _parse_recoverable(_ctx, raw, signature[1:], recovery_id):
        raise InvalidSignature("r or s is not below the group order")
    point = _ffi_new("secp256k1_pubkey *")
    if not _recover(_ctx, point, raw, digest):
        raise InvalidSignature("no public key can be recovered from the signature")
    size = 33 if compressed else 65
    out = _ffi_new("unsigned char [65]")
    out_len = _ffi_new("size_t *", size)
    _serialize(_ctx, out, out_len, point, _COMPRESSED if compressed else _UNCOMPRESSED)
    return bytes(ffi.buffer(out, size))


def sign_schnorr(secret: bytes, digest: bytes, aux: bytes = bytes(32)) -> bytes:
    """BIP-340 signature (64 bytes) of a 32-byte digest."""
    _check_digest(digest)
    if len(aux) != 32:
        raise InvalidSignature("the auxiliary randomness has 32 bytes")
    return bytes(_private_key(secret).sign_schnorr(digest, aux))


def verify_schnorr(public_x: bytes, digest: bytes, signature: bytes) -> None:
    """Verifies a BIP-340 signature with a 32-byte x-only key. Raises on failure."""
    _check_digest(digest)
    if len(public_x) != 32:
        raise InvalidKey(f"an x-only public key has 32 bytes, not {len(public_x)}")
    if len(signature) != 64:
        raise InvalidSignature(f"a Schnorr signature has 64 bytes, not {len(signature)}")
    try:
        key = coincurve.PublicKeyXOnly(public_x)
    except ValueError as error:
        raise InvalidKey("the x-only key is not a point of the curve") from error
    if not key.verify(signature, digest):
        raise InvalidSignature("the signature does not match the message and key")
