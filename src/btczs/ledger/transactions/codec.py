"""Wire form of transactions (SIP-005).

`version | chain id | auth | anchor mode | post-condition mode | post-conditions | payload`

Decoding is strict: whatever decodes, encodes to the same bytes again, and nothing may follow it.
"""

import struct
from typing import Final

from btczs.codec.stream import Reader
from btczs.crypto.hashes import sha512_256
from btczs.ledger.transactions.condition_codec import encode_auth, read_auth
from btczs.ledger.transactions.errors import InvalidTransaction, TransactionTooLarge
from btczs.ledger.transactions.model import (
    ANCHOR_ANY,
    ANCHOR_ON_CHAIN,
    TRANSACTION_BYTES_MAX,
    Transaction,
)
from btczs.ledger.transactions.payload_codec import encode_payload, read_payload
from btczs.ledger.transactions.payloads import MUST_BE_ANCHORED
from btczs.ledger.transactions.post_condition_codec import (
    POST_CONDITION_BYTES_MIN,
    encode_post_condition,
    read_post_condition,
)
from btczs.ledger.transactions.post_conditions import MODE_ALLOW, MODE_ORIGINATOR, PostCondition
from btczs.primitives import U32, Hash32

_HEAD: Final = struct.Struct(">BI")
_MODES_AND_COUNT: Final = struct.Struct(">BBI")

POST_CONDITIONS_MAX: Final = 2**16
"""Bounds what decoding can allocate; the reference bounds it only by the transaction's size."""


def decode_transaction(raw: bytes) -> Transaction:
    """The transaction that `raw` encodes. Raises a `DecodeError` if it is not exactly one."""
    if len(raw) > TRANSACTION_BYTES_MAX:
        raise TransactionTooLarge(len(raw), TRANSACTION_BYTES_MAX)
    reader = Reader(raw)
    tx = read_transaction(reader)
    reader.finish()
    return tx


def read_transaction(reader: Reader) -> Transaction:
    """The transaction at the reader. In a block nothing else tells where it ends."""
    start = reader.offset
    version, chain_id = _HEAD.unpack(reader.take(5))
    auth = read_auth(reader)
    anchor_mode, post_condition_mode, count = _MODES_AND_COUNT.unpack(reader.take(6))
    post_conditions = _read_post_conditions(reader, count) if count else ()
    payload = read_payload(reader)
    if reader.offset - start > TRANSACTION_BYTES_MAX:
        raise TransactionTooLarge(reader.offset - start, TRANSACTION_BYTES_MAX)
    tx = Transaction(
        version, chain_id, auth, anchor_mode, post_condition_mode, post_conditions, payload
    )
    _check_modes(tx)
    return tx


def _read_post_conditions(reader: Reader, count: int) -> tuple[PostCondition, ...]:
    reader.check_count(count, "post-conditions", POST_CONDITIONS_MAX, POST_CONDITION_BYTES_MIN)
    return tuple([read_post_condition(reader) for _ in range(count)])


def encode_transaction(tx: Transaction) -> bytes:
    """The wire form of `tx`.

    Raises `InvalidTransaction`, `TransactionTooLarge` or `OutOfRange` if it has none.
    """
    _check_modes(tx)
    if not 0 <= tx.version <= 0xFF:
        raise InvalidTransaction("version", f"{tx.version} is not a byte")
    if len(tx.post_conditions) > POST_CONDITIONS_MAX:
        raise InvalidTransaction("post_conditions", f"at most {POST_CONDITIONS_MAX}")
    raw = b"".join(
        (
            _HEAD.pack(tx.version, U32.check(tx.chain_id)),
            encode_auth(tx.auth),
            _MODES_AND_COUNT.pack(tx.anchor_mode, tx.post_condition_mode, len(tx.post_conditions)),
            *map(encode_post_condition, tx.post_conditions),
            encode_payload(tx.payload),
        )
    )
    if len(raw) > TRANSACTION_BYTES_MAX:
        raise TransactionTooLarge(len(raw), TRANSACTION_BYTES_MAX)
    return raw


def compute_txid(raw: bytes) -> Hash32:
    """The id of the transaction that `raw` encodes."""
    return sha512_256(raw)


def _check_modes(tx: Transaction) -> None:
    if not ANCHOR_ON_CHAIN <= tx.anchor_mode <= ANCHOR_ANY:
        raise InvalidTransaction("anchor_mode", f"{tx.anchor_mode} is not 1 to 3")
    if not MODE_ALLOW <= tx.post_condition_mode <= MODE_ORIGINATOR:
        raise InvalidTransaction("post_condition_mode", f"{tx.post_condition_mode} is not 1 to 3")
    if tx.anchor_mode != ANCHOR_ON_CHAIN and isinstance(tx.payload, MUST_BE_ANCHORED):
        raise InvalidTransaction("anchor_mode", "this kind of payload must be anchored (1)")
