"""Signatures of the miner and of the signers on a header: ECDSA, recovery id | r | s."""

import msgspec

from btczs.crypto.secp256k1 import recover, sign_recoverable
from btczs.ledger.blocks.hashes import block_hash, miner_signature_hash
from btczs.ledger.blocks.header import BlockHeader


def sign_header(header: BlockHeader, secret: bytes) -> BlockHeader:
    """`header` with the miner's signature. Signers' signatures, now void, are dropped."""
    signature = sign_recoverable(secret, miner_signature_hash(header))
    return msgspec.structs.replace(header, miner_signature=signature, signer_signatures=())


def recover_miner(header: BlockHeader) -> bytes:
    """The miner's public key, 33 bytes. Raises `InvalidSignature`."""
    return recover(header.miner_signature, miner_signature_hash(header))


def sign_as_signer(header: BlockHeader, secret: bytes) -> bytes:
    """A signer's signature (65 bytes) of the block whose miner has signed."""
    return sign_recoverable(secret, block_hash(header))


def recover_signers(header: BlockHeader) -> tuple[bytes, ...]:
    """The public keys (33 bytes each) of those who signed, in order. Raises `InvalidSignature`.

    Whether they are in the signer set, in its order and heavy enough, is for others to say.
    """
    digest = block_hash(header)
    return tuple(recover(signature, digest) for signature in header.signer_signatures)
