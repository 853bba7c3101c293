"""Bitcoin and Litecoin block headers: 80 bytes, named by their SHA-256d on both chains.

version i32 | previous 32 | Merkle root 32 | time u32 | bits u32 | nonce u32.
"""

from functools import cached_property
from struct import Struct as Layout

import msgspec

from btczs.codec.stream import Reader
from btczs.crypto.hashes import sha256d
from btczs.primitives import Hash32, TimestampS

HEADER_BYTES = 80

_layout = Layout("<i32s32sIII")


class Header(msgspec.Struct, frozen=True, dict=True):
    """A block header. Hashes in internal byte order; `nonce` is a u32."""

    version: int
    prev: Hash32
    merkle_root: Hash32
    time: TimestampS
    bits: int
    nonce: int

    @cached_property
    def hash(self) -> Hash32:
        return sha256d(encode_header(self))


def read_header(reader: Reader) -> Header:
    return Header(*_layout.unpack(reader.take(HEADER_BYTES)))


def encode_header(header: Header) -> bytes:
    return _layout.pack(
        header.version,
        header.prev,
        header.merkle_root,
        header.time,
        header.bits,
        header.nonce,
    )
