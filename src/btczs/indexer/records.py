"""What the node hands to the index: one self-contained record per block.

The node writes the encoded record beside the block, in the same atomic commit (the outbox), so the
index can be behind, killed or deleted and still become exactly what it would have been.
"""

import msgspec

from btczs.codec.clarity import principal_text
from btczs.ledger.events import MintEvent, decode_principal
from btczs.ledger.receipts import Receipt
from btczs.primitives import (
    BaseUnits,
    ChainHeight,
    DecodeError,
    Hash32,
    L1Height,
    TenureHeight,
    TimestampS,
)


class IndexedTransaction(msgspec.Struct, frozen=True):
    """A transaction of the block: its bytes and what came of it."""

    raw: bytes
    receipt: Receipt


class Credit(msgspec.Struct, frozen=True):
    """Money that appeared outside a transaction: a genesis allocation or a matured reward."""

    principal: str
    amount: BaseUnits
    is_reward: bool

    @classmethod
    def of_mint(cls, event: MintEvent) -> "Credit":
        """The reward that an event of a tenure's start tells of."""
        return cls(principal_text(decode_principal(event.recipient)), event.amount, True)


class IndexRecord(msgspec.Struct, frozen=True):
    """One block as the index sees it."""

    height: ChainHeight
    block_id: Hash32
    block_hash: Hash32
    parent_block_id: Hash32
    consensus_hash: bytes
    """20 bytes."""
    tenure_height: TenureHeight
    is_tenure_start: bool
    timestamp: TimestampS
    miner: str
    """Principal text of the miner."""
    state_root: Hash32
    l1_height: L1Height
    l1_hash: str
    """Display form, 64 hexadecimal digits without 0x."""
    l1_time: TimestampS
    transactions: tuple[IndexedTransaction, ...]
    parent_block_hash: Hash32 = Hash32(bytes(32))
    miner_txid: str = ""
    """The commit of the tenure on layer 1 (display form); empty where there is none."""
    signatures: tuple[bytes, ...] = ()
    """Recoverable signatures of the signers over the block hash, 65 bytes each."""
    credits: tuple[Credit, ...] = ()
    """A reward that also stands in a receipt as a `MintEvent` counts once."""


class InvalidRecord(DecodeError):
    """Bytes that are not an encoded `IndexRecord`."""

    code = "index_record"


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(IndexRecord)


def encode_record(record: IndexRecord) -> bytes:
    """MessagePack; the inverse of `decode_record`."""
    return _encoder.encode(record)


def decode_record(raw: bytes) -> IndexRecord:
    """Raises `InvalidRecord`."""
    try:
        return _decoder.decode(raw)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise InvalidRecord(f"not an index record: {error}") from error
