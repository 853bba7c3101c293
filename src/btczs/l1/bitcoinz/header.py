"""BitcoinZ block headers: 140 bytes and an Equihash solution.

version i32 | previous 32 | Merkle root 32 | reserved 32 | time u32 | bits u32 | nonce 32 |
compact size | solution. `reserved` is the root of the Sapling note tree once Sapling is active.
The block hash is SHA-256d of all of it, the solution included.
"""

from functools import cached_property
from struct import Struct as Layout

import msgspec

from btczs.codec.compact import read_compact, write_compact
from btczs.codec.stream import Reader
from btczs.crypto.hashes import sha256d
from btczs.primitives import Hash32, TimestampS

SOLUTION_BYTES_MAX = 1344
"""Size of the largest solution, (200,9)."""

FIXED_BYTES = 140

_fixed = Layout("<i32s32s32sII32s")


class Header(msgspec.Struct, frozen=True, dict=True):
    """A block header. Hashes and nonce in internal byte order."""

    version: int
    prev: Hash32
    merkle_root: Hash32
    reserved: Hash32
    time: TimestampS
    bits: int
    nonce: bytes
    solution: bytes

    @cached_property
    def hash(self) -> Hash32:
        return sha256d(encode_header(self))


def read_header(reader: Reader) -> Header:
    """The next header. Any solution size up to the largest is read; `l1.pow` checks the size."""
    version, prev, root, reserved, time, bits, nonce = _fixed.unpack(reader.take(FIXED_BYTES))
    solution = reader.take(read_compact(reader, SOLUTION_BYTES_MAX))
    return Header(version, prev, root, reserved, time, bits, nonce, solution)


def encode_equihash_input(header: Header) -> bytes:
    """The 140 bytes before the solution, which the solution commits to."""
    return _fixed.pack(
        header.version,
        header.prev,
        header.merkle_root,
        header.reserved,
        header.time,
        header.bits,
        header.nonce,
    )


def encode_header(header: Header) -> bytes:
    solution = header.solution
    return encode_equihash_input(header) + write_compact(len(solution)) + solution
