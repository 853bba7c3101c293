"""A proof that one transaction is in the block of one header: a branch of the Merkle tree.

`MerkleProof` is our own compact form (a node's `gettxoutproof` is in `partial`). Verification does
not look at work: whether the header belongs to the best chain is `HeaderChain`'s matter, and
`verify_in_chain` there asks both questions at once.
"""

import msgspec

from btczs.codec.stream import Reader, Writer
from btczs.crypto.hashes import sha256d
from btczs.crypto.merkle import bitcoin_merkle_branch
from btczs.l1 import wire
from btczs.l1.params import L1Params
from btczs.l1.parts import encode_inputs, encode_outputs
from btczs.l1.spv.errors import (
    InvalidMerkleProof,
    NodeAsTransaction,
    WrongDepth,
    WrongIndex,
    WrongLeaf,
    WrongPadding,
    WrongRoot,
)
from btczs.l1.spv.tree import (
    DISGUISE_BYTES,
    compute_count_max,
    compute_depth,
    compute_width,
    verify_count,
    verify_pair,
)
from btczs.primitives import DecodeError, Hash32

HEADER_BYTES_MAX = 1487  # BitcoinZ with a (200,9) solution, the longest of all
_BITCOINZ_VERSION_MIN = 4  # the only format since Sapling: no transaction of it has 64 bytes


class MerkleProof(msgspec.Struct, frozen=True):
    """`txid` is the transaction at `index` of the `count` in the block of `header`."""

    txid: Hash32
    index: int
    count: int
    siblings: tuple[Hash32, ...]
    header: bytes


class ProvenTransaction(msgspec.Struct, frozen=True):
    """What a valid proof says. `is_coinbase`: immature money, never to be taken as a deposit."""

    transaction: wire.Tx
    txid: Hash32
    block_hash: Hash32
    index: int
    count: int
    is_coinbase: bool


def build_merkle_proof(header: bytes, txids: list[Hash32], index: int) -> MerkleProof:
    """The proof for `txids[index]`. Raises `WrongIndex`."""
    if not 0 <= index < len(txids):
        raise WrongIndex(index, len(txids))
    siblings = bitcoin_merkle_branch(txids, index)
    return MerkleProof(txids[index], index, len(txids), tuple(siblings), header)


def verify_merkle_proof(params: L1Params, proof: MerkleProof, raw_tx: bytes) -> ProvenTransaction:
    """The transaction `raw_tx`, proven to be in the block of the proof's header.

    Raises `InvalidMerkleProof` subclasses, or `DecodeError` if header or transaction are malformed.
    """
    header = wire.decode_header(params, proof.header)
    verify_count(params, proof.count)
    transaction = _decode_leaf(params, proof, raw_tx)
    root = fold_branch(proof.txid, proof.index, proof.count, proof.siblings)
    if root != header.merkle_root:
        raise WrongRoot(root, header.merkle_root)
    return ProvenTransaction(
        transaction=transaction,
        txid=proof.txid,
        block_hash=header.hash,
        index=proof.index,
        count=proof.count,
        is_coinbase=transaction.is_coinbase,
    )


def fold_branch(leaf: Hash32, index: int, count: int, siblings: tuple[Hash32, ...]) -> Hash32:
    """The root that `leaf` and `siblings` lead to. Raises unless the branch has an honest shape."""
    if not 0 <= index < count:
        raise WrongIndex(index, count)
    if len(siblings) != compute_depth(count):
        raise WrongDepth(len(siblings), compute_depth(count))
    if any(len(part) != 32 for part in (leaf, *siblings)):
        raise InvalidMerkleProof("a hash of a branch has 32 bytes")
    node, position = leaf, index
    for level, sibling in enumerate(siblings):
        if position ^ 1 >= compute_width(count, level):
            if sibling != node:
                raise WrongPadding(level)
            node = sha256d(node + node)
        else:
            left, right = (sibling, node) if position & 1 else (node, sibling)
            verify_pair(left, right, level)
            node = sha256d(left + right)
        position >>= 1
    return node


def _decode_leaf(params: L1Params, proof: MerkleProof, raw_tx: bytes) -> wire.Tx:
    """`raw_tx` decoded, if it can be the leaf of the proof."""
    transaction = wire.decode_transaction(params, raw_tx)
    if transaction.txid != proof.txid:
        raise WrongLeaf("it has another txid")
    if transaction.is_coinbase != (proof.index == 0):
        raise WrongLeaf("a coinbase is the first transaction of a block, and no other is")
    if params.chain == "bitcoinz" and transaction.version < _BITCOINZ_VERSION_MIN:
        raise WrongLeaf("BitcoinZ proofs are for transactions of version 4")
    if params.chain != "bitcoinz" and _compute_hashed_size(transaction) == DISGUISE_BYTES:
        raise NodeAsTransaction(0)
    return transaction


def _compute_hashed_size(transaction: wire.Tx) -> int:
    """Bytes that the txid of a Bitcoin transaction covers: all but the witness."""
    inputs = len(encode_inputs(transaction.inputs))
    return 4 + inputs + len(encode_outputs(transaction.outputs)) + 4


def encode_merkle_proof(proof: MerkleProof) -> bytes:
    """header length u16 | header | txid | index u32 | count u32 | depth u8 | siblings (big-endian)."""
    writer = Writer().u16(len(proof.header)).raw(proof.header).raw(proof.txid)
    writer.u32(proof.index).u32(proof.count).u8(len(proof.siblings))
    for sibling in proof.siblings:
        writer.raw(sibling)
    return bytes(writer)


def decode_merkle_proof(params: L1Params, raw: bytes) -> MerkleProof:
    """Inverse of `encode_merkle_proof`. Raises `DecodeError`; says nothing about validity."""
    reader = Reader(raw)
    size = reader.u16()
    if size > HEADER_BYTES_MAX:
        raise DecodeError(f"a header of {size} bytes")
    header = reader.take(size)
    txid = Hash32(reader.take(32))
    index, count = reader.u32(), reader.u32()
    depth = reader.check_count(
        reader.u8(), "siblings", compute_depth(compute_count_max(params)), 32
    )
    siblings = tuple(Hash32(reader.take(32)) for _ in range(depth))
    reader.finish()
    return MerkleProof(txid, index, count, siblings, header)
