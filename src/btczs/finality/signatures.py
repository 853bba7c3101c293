"""The signer set, and the certificate that enough of it signed a block.

A signer signs the block hash with a recoverable ECDSA signature, so a certificate needs no keys.
Signers stand in the order of their public keys; signatures of a certificate stand in that order.
"""

from collections.abc import Mapping
from typing import ClassVar

import msgspec

from btczs.codec.stream import Reader, Writer
from btczs.crypto.secp256k1 import InvalidSignature, recover
from btczs.primitives import ChainHeight, Hash32, InvalidInput

SIGNERS_MAX = 128


class InvalidCertificate(InvalidInput):
    """The signatures do not make a certificate. Field: `reason`."""

    code: ClassVar[str] = "invalid_certificate"

    def __init__(self, reason: str) -> None:
        super().__init__(f"not a certificate: {reason}")
        self.reason = reason


class Signer(msgspec.Struct, frozen=True, array_like=True):
    """One member of the set: compressed public key, voting weight, a name for people."""

    public_key: bytes
    weight: int
    name: str = ""


class SignerSet(msgspec.Struct, frozen=True, array_like=True):
    """The signers of a reward cycle, in the order of their keys."""

    signers: tuple[Signer, ...]
    threshold_permille: int

    @property
    def weight_total(self) -> int:
        return sum(signer.weight for signer in self.signers)

    @property
    def weight_needed(self) -> int:
        """Least weight that signs a block: the share of the total, rounded up."""
        return -(-self.weight_total * self.threshold_permille // 1000)


class Certificate(msgspec.Struct, frozen=True, array_like=True):
    """Signatures of one block by (place in the signer set, 65-byte signature), ascending."""

    height: ChainHeight
    block_hash: Hash32
    signatures: tuple[tuple[int, bytes], ...]


def make_signer_set(signers: tuple[Signer, ...], threshold_permille: int) -> SignerSet:
    """Puts the signers in order. Raises `InvalidInput` for none, too many, or doubled keys."""
    keys = {signer.public_key for signer in signers}
    if not 0 < len(signers) <= SIGNERS_MAX:
        raise InvalidInput(f"a signer set has 1 to {SIGNERS_MAX} members, not {len(signers)}")
    if len(keys) != len(signers):
        raise InvalidInput("two signers have the same key")
    if any(signer.weight <= 0 for signer in signers):
        raise InvalidInput("a signer's weight is positive")
    return SignerSet(tuple(sorted(signers, key=lambda s: s.public_key)), threshold_permille)


def find_signer(signers: SignerSet, block_hash: Hash32, signature: bytes) -> int:
    """Place of the signer who made `signature`. Raises `InvalidCertificate` if it is nobody."""
    try:
        key = recover(signature, block_hash)
    except InvalidSignature as error:
        raise InvalidCertificate(str(error)) from error
    for place, signer in enumerate(signers.signers):
        if signer.public_key == key:
            return place
    raise InvalidCertificate("a signature is not by a signer of this set")


def collect_certificate(
    signers: SignerSet,
    height: ChainHeight,
    block_hash: Hash32,
    signatures: Mapping[int, bytes],
) -> Certificate | None:
    """A certificate, if the verified `signatures` (by place) have enough weight."""
    weight = sum(signers.signers[place].weight for place in signatures)
    if weight < signers.weight_needed:
        return None
    return Certificate(height, block_hash, tuple(sorted(signatures.items())))


def verify_certificate(signers: SignerSet, certificate: Certificate) -> int:
    """The weight behind the certificate. Raises `InvalidCertificate` unless it is enough."""
    weight, last = 0, -1
    for place, signature in certificate.signatures:
        if place <= last or place >= len(signers.signers):
            raise InvalidCertificate("signatures are not in the order of the signer set")
        if find_signer(signers, certificate.block_hash, signature) != place:
            raise InvalidCertificate(f"signature {place} is by another signer")
        weight += signers.signers[place].weight
        last = place
    if weight < signers.weight_needed:
        raise InvalidCertificate(f"weight {weight} of {signers.weight_needed} needed has signed")
    return weight


def encode_certificate(certificate: Certificate) -> bytes:
    """height u64 | block hash 32 | count u16 | count times (place u16, signature 65)."""
    w = Writer().u64(certificate.height).raw(certificate.block_hash)
    w.u16(len(certificate.signatures))
    for place, signature in certificate.signatures:
        w.u16(place).raw(signature)
    return bytes(w)


def decode_certificate(data: bytes) -> Certificate:
    """Inverse of `encode_certificate`. Raises `DecodeError`."""
    r = Reader(data)
    height, block_hash = ChainHeight(r.u64()), Hash32(r.take(32))
    count = r.check_count(r.u16(), "signatures", SIGNERS_MAX, 67)
    signatures = tuple((r.u16(), r.take(65)) for _ in range(count))
    r.finish()
    return Certificate(height, block_hash, signatures)
