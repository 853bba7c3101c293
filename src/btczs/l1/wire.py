"""Headers, transactions and blocks of whichever chain `params` names.

Everything above `l1` reads and writes bytes through this module and never asks which chain it is.
Attributes on every chain:

    header       version prev merkle_root time bits nonce hash
    transaction  version inputs outputs lock_time txid is_coinbase
    block        header transactions
"""

from collections.abc import Sequence
from typing import TypeAlias

import msgspec

from btczs.codec.compact import read_compact, write_compact
from btczs.codec.stream import Reader
from btczs.l1 import parts
from btczs.l1.bitcoin import header as btc_header
from btczs.l1.bitcoin import transaction as btc_transaction
from btczs.l1.bitcoinz import header as btcz_header
from btczs.l1.bitcoinz import transaction as btcz_transaction
from btczs.l1.params import L1Params
from btczs.primitives import Hash32, Zat

Header: TypeAlias = btcz_header.Header | btc_header.Header
Tx: TypeAlias = btcz_transaction.Transaction | btc_transaction.Transaction
TxIn = parts.TxIn
TxOut = parts.TxOut

_TRANSACTION_BYTES_MIN = 10
"""No format of any chain is smaller."""


class Block(msgspec.Struct, frozen=True):
    """A block. `extension` is the undecoded extension block of Litecoin's MWEB."""

    header: Header
    transactions: tuple[Tx, ...]
    extension: bytes = b""


def read_header(params: L1Params, reader: Reader) -> Header:
    """The next header. Its proof of work is checked by `pow.verify_pow`."""
    if params.chain == "bitcoinz":
        return btcz_header.read_header(reader)
    return btc_header.read_header(reader)


def decode_header(params: L1Params, raw: bytes) -> Header:
    """The header that `raw` is. Raises `DecodeError`: also if bytes follow."""
    reader = Reader(raw)
    header = read_header(params, reader)
    reader.finish()
    return header


def encode_header(header: Header) -> bytes:
    if isinstance(header, btcz_header.Header):
        return btcz_header.encode_header(header)
    return btc_header.encode_header(header)


def read_transaction(params: L1Params, reader: Reader) -> Tx:
    if params.chain == "bitcoinz":
        return btcz_transaction.read_transaction(reader)
    return btc_transaction.read_transaction(reader, allow_mweb=params.chain == "litecoin")


def decode_transaction(params: L1Params, raw: bytes) -> Tx:
    """The transaction that `raw` is. Raises `DecodeError`: also if bytes follow."""
    reader = Reader(raw)
    tx = read_transaction(params, reader)
    reader.finish()
    return tx


def encode_transaction(tx: Tx) -> bytes:
    if isinstance(tx, btcz_transaction.Transaction):
        return btcz_transaction.encode_transaction(tx)
    return btc_transaction.encode_transaction(tx)


def decode_block(params: L1Params, raw: bytes) -> Block:
    """The block that `raw` is. Raises `DecodeError`; checks nothing but the encoding."""
    reader = Reader(raw)
    header = read_header(params, reader)
    count = read_compact(reader, parts.SIZE_MAX)
    reader.check_count(count, "transactions", parts.SIZE_MAX, _TRANSACTION_BYTES_MIN)
    transactions = tuple(read_transaction(params, reader) for _ in range(count))
    extension = b""
    if count >= 2 and getattr(transactions[-1], "is_hogex", False):
        extension = reader.take(reader.remaining)
    reader.finish()
    return Block(header, transactions, extension)


def encode_block(block: Block) -> bytes:
    body = b"".join(map(encode_transaction, block.transactions))
    head = encode_header(block.header) + write_compact(len(block.transactions))
    return head + body + block.extension


def with_script_sig(tx: Tx, index: int, script_sig: bytes) -> Tx:
    """The same transaction with another unlocking script in input `index`."""
    items = list(tx.inputs)
    items[index] = msgspec.structs.replace(items[index], script_sig=script_sig)
    return msgspec.structs.replace(tx, inputs=tuple(items))


def make_transaction(
    params: L1Params, spent: Sequence[tuple[Hash32, int]], outputs: Sequence[tuple[Zat, bytes]]
) -> Tx:
    """An unsigned transaction in the chain's current format, without lock time or expiry.

    `spent` are outpoints (txid, index), `outputs` pairs (value, script).
    """
    inputs = tuple(TxIn(txid, index) for txid, index in spent)
    made = tuple(TxOut(value, script) for value, script in outputs)
    if params.chain == "bitcoinz":
        return btcz_transaction.Transaction(inputs=inputs, outputs=made)
    return btc_transaction.Transaction(inputs=inputs, outputs=made)
