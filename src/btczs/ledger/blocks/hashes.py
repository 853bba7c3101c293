"""The hashes of a block (SIP-021).

The miner signs everything but signatures; the signers sign that and the miner's signature. What
the signers sign is the block's hash, and with the consensus hash it makes the block's id.
"""

from collections.abc import Iterable

from btczs.crypto.hashes import sha512_256
from btczs.crypto.merkle import stacks_merkle_root
from btczs.ledger.blocks.header import BlockHeader, encode_header_parts
from btczs.ledger.transactions.codec import compute_txid
from btczs.primitives import Hash32


def miner_signature_hash(header: BlockHeader) -> Hash32:
    """What the miner signs."""
    return sha512_256(encode_header_parts(header, miner_signature=False, signer_signatures=False))


def block_hash(header: BlockHeader) -> Hash32:
    """What the signers sign (the "signer signature hash"), and the hash of the block."""
    return sha512_256(encode_header_parts(header, miner_signature=True, signer_signatures=False))


def block_id(header: BlockHeader) -> Hash32:
    """The "index block hash": names the block among all blocks of all tenures."""
    return sha512_256(block_hash(header) + header.consensus_hash)


def compute_tx_merkle_root(transactions: Iterable[bytes]) -> Hash32:
    """The root over the ids of encoded transactions; 32 zero bytes if there are none."""
    return stacks_merkle_root([compute_txid(raw) for raw in transactions])
