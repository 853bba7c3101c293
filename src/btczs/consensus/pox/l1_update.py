"""The message that carries facts of layer 1 into the chain.

An `L1Update` says: go back to this block that both of us know, then take these headers, with every
operation found in their blocks. Validators compare it byte by byte with what their own follower
sees; execution uses nothing but the message. So a replay needs no layer-1 node, and two nodes can
never execute differently.

Layout, integers big-endian: version u8 = 1 | fork height u64 | fork hash 32 | u16 count of blocks,
each: u16 length, header | u16 count of operations, each: u32 index in the block, u32 length, raw
transaction.
"""

import msgspec

from btczs.codec.stream import Reader, Writer
from btczs.primitives import DecodeError, Hash32, L1Height

VERSION = 1
BLOCKS_MAX = 100
"""More than the deepest reorganisation that is followed fits no message."""
OPERATIONS_PER_BLOCK_MAX = 2_000
HEADER_BYTES_MAX = 1_487
TRANSACTION_BYTES_MAX = 100_000


class L1BlockFacts(msgspec.Struct, frozen=True, array_like=True):
    """What layer 2 takes from one layer-1 block."""

    header: bytes
    """As on the wire, solution included."""
    operations: tuple[tuple[int, bytes], ...]
    """(index in the block, raw transaction), in block order."""


class L1Update(msgspec.Struct, frozen=True, array_like=True):
    fork_height: L1Height
    fork_hash: Hash32
    blocks: tuple[L1BlockFacts, ...]


def encode_l1_update(update: L1Update) -> bytes:
    w = Writer().u8(VERSION).u64(update.fork_height).raw(update.fork_hash).u16(len(update.blocks))
    for block in update.blocks:
        w.u16(len(block.header)).raw(block.header).u16(len(block.operations))
        for index, raw in block.operations:
            w.u32(index).u32(len(raw)).raw(raw)
    return bytes(w)


def decode_l1_update(data: bytes) -> L1Update:
    """Inverse of `encode_l1_update`. Raises `DecodeError`."""
    r = Reader(data)
    version = r.u8()
    if version != VERSION:
        raise DecodeError(f"L1 update version {version} is unknown")
    height, fork_hash = L1Height(r.u64()), Hash32(r.take(32))
    count = r.check_count(r.u16(), "layer-1 blocks", BLOCKS_MAX, 4)
    blocks = tuple(_read_block(r) for _ in range(count))
    r.finish()
    return L1Update(height, fork_hash, blocks)


def _read_block(r: Reader) -> L1BlockFacts:
    header = r.take(r.check_count(r.u16(), "header bytes", HEADER_BYTES_MAX))
    count = r.check_count(r.u16(), "operations", OPERATIONS_PER_BLOCK_MAX, 8)
    operations = []
    for _ in range(count):
        index = r.u32()
        size = r.check_count(r.u32(), "transaction bytes", TRANSACTION_BYTES_MAX)
        operations.append((index, r.take(size)))
    return L1BlockFacts(header, tuple(operations))
