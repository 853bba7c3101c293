"""How the mempool stands in the store.

`mempool/tx/` + seq u64: (tenure, received_at, raw); `mempool/drop/` + seq u64: a `Dropped`. Values
are MessagePack. A scan gives both in order of arrival.
"""

from struct import Struct as Layout

import msgspec

from btczs.ledger.mempool.dropped import Dropped
from btczs.ledger.mempool.entry import Entry
from btczs.primitives import DecodeError, TenureHeight, TimestampS

TX_PREFIX = b"mempool/tx/"
DROP_PREFIX = b"mempool/drop/"

_SEQ = Layout(">Q")


class StoredTransaction(msgspec.Struct, frozen=True, gc=False, array_like=True):
    tenure: TenureHeight
    received_at: TimestampS
    raw: bytes


_encoder = msgspec.msgpack.Encoder()
_tx_decoder = msgspec.msgpack.Decoder(StoredTransaction)
_drop_decoder = msgspec.msgpack.Decoder(Dropped)


def tx_key(seq: int) -> bytes:
    return TX_PREFIX + _SEQ.pack(seq)


def drop_key(seq: int) -> bytes:
    return DROP_PREFIX + _SEQ.pack(seq)


def key_seq(key: bytes) -> int:
    """The sequence number in a key of either kind. Raises `DecodeError`."""
    if len(key) < _SEQ.size:
        raise DecodeError("the key of a mempool record is too short")
    seq: int = _SEQ.unpack(key[-_SEQ.size :])[0]
    return seq


def encode_entry(entry: Entry) -> bytes:
    return _encoder.encode(StoredTransaction(entry.tenure, entry.received_at, entry.raw))


def decode_stored(raw: bytes) -> StoredTransaction:
    """Raises `DecodeError`."""
    try:
        return _tx_decoder.decode(raw)
    except (msgspec.DecodeError, ValueError) as error:
        raise DecodeError(f"no record of a waiting transaction: {error}") from error


def encode_dropped(dropped: Dropped) -> bytes:
    return _encoder.encode(dropped)


def decode_dropped(raw: bytes) -> Dropped:
    """Raises `DecodeError`."""
    try:
        return _drop_decoder.decode(raw)
    except (msgspec.DecodeError, ValueError) as error:  # also text that is not UTF-8
        raise DecodeError(f"no record of a dropped transaction: {error}") from error
