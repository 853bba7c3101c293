"""What the functions for keys and signatures answer: bytes in, a result or None out.

Lengths that analysis guarantees are the caller's business; here a malformed key or signature is an
answer like any other. Signatures are r | s, and the recovery id comes last.
"""

from btczs.crypto import ed25519, secp256k1, secp256r1
from btczs.crypto.hashes import hash160, sha256
from btczs.primitives import Hash20


def recover_secp256k1(digest: bytes, signature: bytes) -> bytes | None:
    """The compressed key that made `signature` (65 bytes, recovery id 0 to 3), or None.

    High-S is accepted here, unlike in verification.
    """
    try:
        return secp256k1.recover(signature[64:] + signature[:64], digest, allow_high_s=True)
    except secp256k1.InvalidSignature:
        return None


def verify_secp256k1(digest: bytes, signature: bytes, public: bytes) -> bool:
    """Whether r | s is `public`'s over `digest`, with a low s. A 65th byte is a recovery id."""
    if len(signature) not in (64, 65) or (len(signature) == 65 and signature[64] > 3):
        return False
    try:
        secp256k1.verify_compact(public, digest, signature[:64])
    except (secp256k1.InvalidKey, secp256k1.InvalidSignature):
        return False
    return True


def decompress_secp256k1(public: bytes) -> bytes | None:
    """The 65-byte form of a key of 33 bytes, or None if it is no point of the curve."""
    try:
        return secp256k1.convert_public_key(public, compressed=False)
    except secp256k1.InvalidKey:
        return None


def hash_of_public_key(public: bytes) -> Hash20 | None:
    """The hash in the address of a key of 33 bytes, or None if it is no point of the curve."""
    try:
        secp256k1.verify_public_key(public)
    except secp256k1.InvalidKey:
        return None
    return hash160(public)


def verify_secp256r1(
    digest: bytes, signature: bytes, public: bytes, *, hash_again: bool = False
) -> bool:
    """Whether r | s is `public`'s over `digest`; Clarity 4 hashes the digest once more."""
    try:
        secp256r1.verify_digest(public, sha256(digest) if hash_again else digest, signature)
    except (secp256k1.InvalidKey, secp256k1.InvalidSignature):
        return False
    return True


def verify_ed25519(message: bytes, signature: bytes, public: bytes) -> bool:
    """Whether `signature` is `public`'s over `message`, strictly."""
    try:
        ed25519.verify(public, message, signature)
    except (secp256k1.InvalidKey, secp256k1.InvalidSignature):
        return False
    return True
