"""A block: a header, a count and the transactions one after another (SIP-021)."""

from typing import Final

import msgspec

from btczs.codec.stream import Reader
from btczs.ledger.blocks.errors import BlockTooLarge, MerkleRootMismatch
from btczs.ledger.blocks.hashes import compute_tx_merkle_root
from btczs.ledger.blocks.header import BlockHeader, encode_header, read_header
from btczs.ledger.transactions.codec import read_transaction
from btczs.ledger.transactions.model import Transaction

BLOCK_BYTES_MAX: Final = 16 * 1024 * 1024
"""The format's limit; a network may have a lower one (`limits.block_bytes_max`)."""

_TRANSACTION_BYTES_MIN: Final = 62
"""The shortest that decodes: 5 bytes of head, 44 of a multi-signature authorization without keys,
6 of modes and count, and a contract of one letter and no code."""


class Block(msgspec.Struct, frozen=True):
    """A header and the encoded transactions.

    Transactions stay bytes: their ids and signatures are made of exactly these.
    """

    header: BlockHeader
    transactions: tuple[bytes, ...]


class DecodedBlock(msgspec.Struct, frozen=True):
    """A block and its transactions decoded, in their order: decoding a block makes them anyway."""

    block: Block
    transactions: tuple[Transaction, ...]


def decode_block(raw: bytes, bytes_max: int = BLOCK_BYTES_MAX) -> Block:
    """The block that `raw` encodes. Every transaction in it decodes.

    Raises a `DecodeError` if it is not exactly one block. The Merkle root is not looked at.
    """
    return decode_whole_block(raw, bytes_max).block


def decode_whole_block(raw: bytes, bytes_max: int = BLOCK_BYTES_MAX) -> DecodedBlock:
    """As `decode_block`, and gives the decoded transactions too."""
    if len(raw) > bytes_max:
        raise BlockTooLarge(len(raw), bytes_max)
    reader = Reader(raw)
    header = read_header(reader)
    count = reader.count_u32("transactions", len(raw), _TRANSACTION_BYTES_MIN)
    raws, decoded = [], []
    for _ in range(count):
        start = reader.offset
        decoded.append(read_transaction(reader))
        raws.append(raw[start : reader.offset])
    reader.finish()
    return DecodedBlock(Block(header, tuple(raws)), tuple(decoded))


def decode_block_header(raw: bytes) -> BlockHeader:
    """The header of the block that `raw` encodes. What follows it is not looked at.

    Raises a `DecodeError`.
    """
    return read_header(Reader(raw))


def encode_block(block: Block) -> bytes:
    """The wire form of `block`; the transactions are taken as they are."""
    count = len(block.transactions).to_bytes(4, "big")
    return encode_header(block.header) + count + b"".join(block.transactions)


def verify_tx_merkle_root(block: Block) -> None:
    """Raises `MerkleRootMismatch` unless the header commits to these transactions."""
    root = compute_tx_merkle_root(block.transactions)
    if root != block.header.tx_merkle_root:
        raise MerkleRootMismatch(block.header.tx_merkle_root, root)
