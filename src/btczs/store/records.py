"""The store's own records: the head, and what each version overwrote.

Both are local data, never part of consensus: MessagePack behind a CRC-32, so that a damaged record
is noticed before it is used. The state itself is checked by its root.
"""

from zlib import crc32

import msgspec

from btczs.store.errors import StoreCorrupt

FORMAT = 1
"""Raised whenever the layout of the store changes."""


class Head(msgspec.Struct, frozen=True, array_like=True):
    """The version the store is at."""

    format: int
    version: int
    root: bytes


class Undo(msgspec.Struct, frozen=True, array_like=True):
    """What it takes to return from a version to the one before."""

    previous_root: bytes
    overwritten: dict[bytes, bytes | None]
    """Column and key -> the value before, None if there was none."""


_encode = msgspec.msgpack.Encoder().encode
_decode_head = msgspec.msgpack.Decoder(Head).decode
_decode_undo = msgspec.msgpack.Decoder(Undo).decode


def encode_record(record: Head | Undo) -> bytes:
    body = _encode(record)
    return crc32(body).to_bytes(4, "big") + body


def decode_head(raw: bytes) -> Head:
    """Raises `StoreCorrupt`, also for a format this program does not know."""
    try:
        head = _decode_head(_checked(raw, "head"))
    except msgspec.DecodeError as error:
        raise StoreCorrupt(f"the head record cannot be read: {error}") from error
    if head.format != FORMAT or len(head.root) != 32 or head.version < 0:
        raise StoreCorrupt(f"the store has format {head.format}, this program reads {FORMAT}")
    return head


def decode_undo(raw: bytes) -> Undo:
    """Raises `StoreCorrupt`."""
    try:
        return _decode_undo(_checked(raw, "undo"))
    except msgspec.DecodeError as error:
        raise StoreCorrupt(f"an undo record cannot be read: {error}") from error


def _checked(raw: bytes, what: str) -> bytes:
    body = raw[4:]
    if crc32(body).to_bytes(4, "big") != raw[:4]:
        raise StoreCorrupt(f"the checksum of a record ({what}) is wrong")
    return body
