"""A BitcoinZ block in parts: header, transactions, and the bytes of each."""

from typing import NamedTuple

from btczs.codec.compact import read_compact, write_compact
from btczs.codec.stream import Reader
from btczs.l1.bitcoinz.header import Header, encode_header, read_header
from btczs.l1.bitcoinz.transaction import Transaction, encode_transaction, read_transaction
from btczs.l1.regtest.limits import BLOCK_DECODE_BYTES_MAX
from btczs.primitives import DecodeError, Hash32

__all__ = ["Block", "Header", "Transaction", "decode_block", "make_block"]

_TRANSACTION_BYTES_MIN = 10


class Block(NamedTuple):
    header: Header
    transactions: tuple[Transaction, ...]
    raw_transactions: tuple[bytes, ...]
    raw: bytes

    @property
    def hash(self) -> Hash32:
        return self.header.hash


def decode_block(raw: bytes) -> Block:
    """Raises `DecodeError`; checks nothing but the encoding, of which each block has one only."""
    if len(raw) > BLOCK_DECODE_BYTES_MAX:
        raise DecodeError(f"a block has at most {BLOCK_DECODE_BYTES_MAX} bytes")
    reader = Reader(raw)
    header = read_header(reader)
    count = read_compact(reader, BLOCK_DECODE_BYTES_MAX)
    reader.check_count(count, "transactions", BLOCK_DECODE_BYTES_MAX, _TRANSACTION_BYTES_MIN)
    transactions, raws = [], []
    for _ in range(count):
        start = reader.offset
        transactions.append(read_transaction(reader))
        raws.append(raw[start : reader.offset])
    reader.finish()
    return Block(header, tuple(transactions), tuple(raws), raw)


def make_block(header: Header, transactions: tuple[Transaction, ...]) -> Block:
    """The block with these parts."""
    raws = tuple(map(encode_transaction, transactions))
    raw = encode_header(header) + write_compact(len(raws)) + b"".join(raws)
    return Block(header, transactions, raws, raw)
