"""The node's own proof format: a header and a partial Merkle tree (`gettxoutproof`, BIP 37).

The tree is walked depth first from the root. One bit per visited node says whether a proven leaf
lies below it; a node without one, and every leaf, is given as a hash. All chains share the format;
only the header's length differs (80 bytes; 177 to 1487 on BitcoinZ, solution included).

A tree is accepted only if it uses exactly the bits and hashes it carries, and shows neither of the
attacks described in `tree`.
"""

from collections.abc import Callable

import msgspec

from btczs.codec.compact import read_compact, write_compact
from btczs.codec.stream import Reader, Writer
from btczs.crypto.hashes import sha256d
from btczs.l1 import wire
from btczs.l1.params import L1Params
from btczs.l1.spv.branch import MerkleProof, fold_branch
from btczs.l1.spv.errors import UnusedProofData, WrongIndex, WrongLeaf, WrongRoot
from btczs.l1.spv.tree import (
    compute_count_max,
    compute_depth,
    compute_width,
    verify_count,
    verify_pair,
)
from btczs.primitives import Hash32

_Node = tuple[int, int]
"""Row (0 is the leaves) and position in it."""


class MerkleBlock(msgspec.Struct, frozen=True):
    """A header, the number of its transactions, and a partial tree: hashes and flag bits."""

    header: bytes
    count: int
    hashes: tuple[Hash32, ...]
    flags: bytes


class Match(msgspec.Struct, frozen=True):
    """One transaction that a partial tree proves."""

    index: int
    txid: Hash32


def decode_merkle_block(params: L1Params, raw: bytes) -> MerkleBlock:
    """Parse what `gettxoutproof` returns. Raises `DecodeError`; says nothing about validity."""
    reader = Reader(raw)
    wire.read_header(params, reader)
    header = raw[: reader.offset]
    count = reader.u32_le()
    verify_count(params, count)
    limit = compute_count_max(params)
    number = reader.check_count(read_compact(reader, limit), "hashes", limit, 32)
    hashes = tuple(Hash32(reader.take(32)) for _ in range(number))
    flags = reader.take(read_compact(reader, 2 * limit // 8 + 1))
    reader.finish()
    return MerkleBlock(header, count, hashes, flags)


def encode_merkle_block(block: MerkleBlock) -> bytes:
    """The bytes that `verifytxoutproof` takes."""
    writer = Writer().raw(block.header).raw(block.count.to_bytes(4, "little"))
    writer.raw(write_compact(len(block.hashes)))
    for digest in block.hashes:
        writer.raw(digest)
    return bytes(writer.raw(write_compact(len(block.flags))).raw(block.flags))


def build_merkle_block(header: bytes, txids: list[Hash32], indexes: set[int]) -> MerkleBlock:
    """The partial tree that proves the transactions at `indexes`. Raises `WrongIndex`."""
    for index in indexes:
        if not 0 <= index < len(txids):
            raise WrongIndex(index, len(txids))
    rows = [list(txids)]
    while len(rows[-1]) > 1:
        row = rows[-1]
        rows.append(
            [sha256d(row[i] + row[min(i + 1, len(row) - 1)]) for i in range(0, len(row), 2)]
        )
    return _assemble(header, len(txids), indexes, lambda level, at: rows[level][at])


def merkle_block_from_proof(proof: MerkleProof) -> MerkleBlock:
    """The node's form of a `MerkleProof`. Raises `InvalidMerkleProof` if its shape is wrong."""
    fold_branch(proof.txid, proof.index, proof.count, proof.siblings)

    def get_node(level: int, position: int) -> Hash32:
        if level == 0 and position == proof.index:
            return proof.txid
        assert position == (proof.index >> level) ^ 1, "only siblings of the branch are asked for"
        return proof.siblings[level]

    return _assemble(proof.header, proof.count, {proof.index}, get_node)


def verify_merkle_block(params: L1Params, block: MerkleBlock) -> tuple[Match, ...]:
    """The transactions proven to be in the block of the header, in block order.

    Whether that block is in the best chain is not looked at here. A leaf is only a hash: use
    `extract_merkle_proof` and `verify_merkle_proof` before believing a transaction's content.
    """
    return _walk(params, block)[0]


def extract_merkle_proof(params: L1Params, block: MerkleBlock, txid: Hash32) -> MerkleProof:
    """The branch of one proven transaction of a valid partial tree."""
    matches, nodes = _walk(params, block)
    for match in matches:
        if match.txid == txid:
            break
    else:
        raise WrongLeaf("the partial tree does not prove it")
    siblings = []
    for level in range(compute_depth(block.count)):
        at = (match.index >> level) ^ 1
        siblings.append(nodes[level, min(at, compute_width(block.count, level) - 1)])
    return MerkleProof(txid, match.index, block.count, tuple(siblings), block.header)


def _walk(params: L1Params, block: MerkleBlock) -> tuple[tuple[Match, ...], dict[_Node, Hash32]]:
    """Walk the partial tree: its matches and every node it shows. Raises unless it is valid."""
    header = wire.decode_header(params, block.header)
    verify_count(params, block.count)
    walk = _Walk(block)
    root = walk.visit(compute_depth(block.count), 0)
    walk.finish()
    if root != header.merkle_root:
        raise WrongRoot(root, header.merkle_root)
    return tuple(walk.matches), walk.nodes


class _Walk:
    """One depth-first walk; recursion is as deep as the tree, at most 16 rows."""

    def __init__(self, block: MerkleBlock) -> None:
        self.block = block
        self.nodes: dict[_Node, Hash32] = {}
        self.matches: list[Match] = []
        self.bits_used = 0
        self.hashes_used = 0

    def visit(self, level: int, position: int) -> Hash32:
        has_match = self._take_bit()
        if level == 0 or not has_match:
            node = self._take_hash()
            if level == 0 and has_match:
                self.matches.append(Match(position, node))
        else:
            left = self.visit(level - 1, 2 * position)
            right = left
            if 2 * position + 1 < compute_width(self.block.count, level - 1):
                right = self.visit(level - 1, 2 * position + 1)
                verify_pair(left, right, level - 1)
            node = sha256d(left + right)
        self.nodes[level, position] = node
        return node

    def finish(self) -> None:
        if self.hashes_used != len(self.block.hashes):
            raise UnusedProofData("hashes are left over")
        if (self.bits_used + 7) // 8 != len(self.block.flags):
            raise UnusedProofData("flag bytes are left over")
        if self.block.flags[-1] >> ((self.bits_used - 1) % 8 + 1):
            raise UnusedProofData("padding bits are set")

    def _take_bit(self) -> bool:
        at = self.bits_used
        if at >= 8 * len(self.block.flags):
            raise UnusedProofData("flag bits are missing")
        self.bits_used += 1
        return bool(self.block.flags[at // 8] >> (at % 8) & 1)

    def _take_hash(self) -> Hash32:
        at = self.hashes_used
        if at >= len(self.block.hashes):
            raise UnusedProofData("hashes are missing")
        self.hashes_used += 1
        return self.block.hashes[at]


def _assemble(
    header: bytes, count: int, indexes: set[int], get_node: Callable[[int, int], Hash32]
) -> MerkleBlock:
    """Write the partial tree whose proven leaves are `indexes`."""
    bits: list[bool] = []
    hashes: list[Hash32] = []
    parents = {(level, index >> level) for index in indexes for level in range(32)}

    def visit(level: int, position: int) -> None:
        has_match = (level, position) in parents
        bits.append(has_match)
        if level == 0 or not has_match:
            hashes.append(get_node(level, position))
            return
        visit(level - 1, 2 * position)
        if 2 * position + 1 < compute_width(count, level - 1):
            visit(level - 1, 2 * position + 1)

    visit(compute_depth(count), 0)
    flags = bytearray((len(bits) + 7) // 8)
    for at, bit in enumerate(bits):
        flags[at // 8] |= bit << (at % 8)
    return MerkleBlock(header, count, tuple(hashes), bytes(flags))
