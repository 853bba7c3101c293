"""secp256r1 (NIST P-256) signatures, as passkeys make them: verification only.

High-S signatures are valid: most devices make both forms.
"""

from cryptography.exceptions import InvalidSignature as _Mismatch
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature

from btczs.crypto.secp256k1 import InvalidKey, InvalidSignature

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

_CURVE = ec.SECP256R1()
_ALGORITHM = ec.ECDSA(Prehashed(hashes.SHA256()))
_COMPACT = 0x05


def verify_digest(public: bytes, digest: bytes, signature: bytes) -> None:
    """Verifies r | s (64 bytes) over a 32-byte digest by a public key of 33 bytes.

    Raises `InvalidKey` or `InvalidSignature`.
    """
    if len(digest) != 32:
        raise InvalidSignature(f"a message digest has 32 bytes, not {len(digest)}")
    key = _public_key(public)
    if len(signature) != 64:
        raise InvalidSignature(f"a signature has 64 bytes, not {len(signature)}")
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if not (0 < r < ORDER and 0 < s < ORDER):
        raise InvalidSignature("r and s are between 1 and the group order")
    try:
        key.verify(encode_dss_signature(r, s), digest, _ALGORITHM)
    except _Mismatch as error:
        raise InvalidSignature("the signature does not match the message and key") from error


def _public_key(public: bytes) -> ec.EllipticCurvePublicKey:
    """02 or 03 and x: the point with the even or odd y. 05 and x: that with the smaller y."""
    if len(public) != 33 or public[0] not in (0x02, 0x03, _COMPACT):
        raise InvalidKey("a compressed public key has 33 bytes")
    if public[0] == _COMPACT:
        even, odd = (_point(bytes((prefix,)) + public[1:]) for prefix in (0x02, 0x03))
        return even if even.public_numbers().y < odd.public_numbers().y else odd
    return _point(public)


def _point(public: bytes) -> ec.EllipticCurvePublicKey:
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, public)
    except ValueError as error:
        raise InvalidKey("the public key is not a point of the curve") from error
