"""Ed25519 signatures: verification, strict.

Strict means that a signature has one form and one key: s is below the group order, R is the
canonical encoding that the equation gives (no cofactor), and neither R nor the public key is one
of the eight points of small order, which verify anything.

The library checks the first two (an implementation that multiplies by the cofactor would not do
here); the points of small order are few, so their encodings are listed.
"""

from typing import Final

from cryptography.exceptions import InvalidSignature as _Mismatch
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from btczs.crypto.secp256k1 import InvalidKey, InvalidSignature

_P: Final = 2**255 - 19
_ORDER_8_Y: Final = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL_ORDER_Y: Final = (0, 1, _P - 1, _P, _P + 1, _ORDER_8_Y, _P - _ORDER_8_Y)


def _encodings(y: int) -> tuple[bytes, bytes]:
    return y.to_bytes(32, "little"), (y | 1 << 255).to_bytes(32, "little")


SMALL_ORDER: Final = frozenset(e for y in _SMALL_ORDER_Y for e in _encodings(y))
"""Every encoding of a point of order 1, 2, 4 or 8, canonical or not."""


def verify(public: bytes, message: bytes, signature: bytes) -> None:
    """Verifies R | s (64 bytes) over `message`. Raises `InvalidKey` or `InvalidSignature`."""
    if len(public) != 32:
        raise InvalidKey(f"a public key has 32 bytes, not {len(public)}")
    if len(signature) != 64:
        raise InvalidSignature(f"a signature has 64 bytes, not {len(signature)}")
    if public in SMALL_ORDER:
        raise InvalidKey("the public key is a point of small order")
    if signature[:32] in SMALL_ORDER:
        raise InvalidSignature("R is a point of small order")
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except _Mismatch as error:
        raise InvalidSignature("the signature does not match the message and key") from error
