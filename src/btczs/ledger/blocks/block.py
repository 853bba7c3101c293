"""A block: a header, a count and the transactions one after another (SIP-021)."""

from typing import Final

import msgspec

from btczs.codec.stream import Reader
from btczs.ledger.blocks.errors import BlockTooLarge, MerkleRootMismatch
from btczs.ledger.blocks.hashes import compute_tx_merkle_root
from btczs.ledger.blocks.header import BlockHeader, encode_header, read_header
from btczs.ledger.transactions.codec import read_transaction

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


def decode_block(raw: bytes, bytes_max: int = BLOCK_BYTES_MAX) -> Block:
    """The block that `raw` encodes. Every transaction in it decodes.

    Raises a `DecodeError` if it is not exactly one block. The Merkle root is not looked at.
    """
    if len(raw) > bytes_max:
        raise BlockTooLarge(len(raw), bytes_max)
    reader = Reader(raw)
    header = read_header(reader)
    count = reader.count_u32("transactions", len(raw), _TRANSACTION_BYTES_MIN)
    transactions = tuple([_take_transaction(reader) for _ in range(count)])
    reader.finish()
    return Block(header, transactions)


def _take_transaction(reader: Reader) -> bytes:
    start = reader.offset
    read_transaction(reader)
    return reader.data[start : reader.offset]


def encode_block(block: Block) -> bytes:
    """The wire form of `block`; the transactions are taken as they are."""
    count = len(block.transactions).to_bytes(4, "big")
    return encode_header(block.header) + count + b"".join(block.transactions)


def verify_tx_merkle_root(block: Block) -> None:
    """Raises `MerkleRootMismatch` unless the header commits to these transactions."""
    root = compute_tx_merkle_root(block.transactions)
    if root != block.header.tx_merkle_root:
        raise MerkleRootMismatch(block.header.tx_merkle_root, root)
