"""Merkle proofs in both forms: every honest one verifies, every published attack is refused."""

from collections.abc import Callable
from itertools import combinations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from btczs.crypto.hashes import sha256d
from btczs.crypto.merkle import bitcoin_merkle_root
from btczs.l1 import L1Params, get_params, wire
from btczs.l1.bitcoin.header import Header as BitcoinHeader
from btczs.l1.bitcoin.transaction import Transaction as BitcoinTransaction
from btczs.l1.bitcoinz.header import Header as BitcoinzHeader
from btczs.l1.bitcoinz.transaction import Transaction as BitcoinzTransaction
from btczs.l1.parts import NO_INDEX, TxIn, TxOut
from btczs.l1.spv import (
    MerkleBlock,
    MerkleProof,
    build_merkle_block,
    build_merkle_proof,
    decode_merkle_block,
    decode_merkle_proof,
    encode_merkle_block,
    encode_merkle_proof,
    extract_merkle_proof,
    merkle_block_from_proof,
    verify_merkle_block,
    verify_merkle_proof,
)
from btczs.l1.spv.branch import fold_branch
from btczs.l1.spv.errors import (
    DuplicatedBranch,
    InvalidMerkleProof,
    NodeAsTransaction,
    UnusedProofData,
    WrongCount,
    WrongDepth,
    WrongIndex,
    WrongLeaf,
    WrongPadding,
    WrongRoot,
)
from btczs.l1.spv.tree import compute_count_max, is_transaction_shaped
from btczs.primitives import DecodeError, Hash32, InvalidInput, TimestampS, Zat
from btczs.primitives.units import ZERO_HASH

BITCOIN = get_params("bitcoin", "regtest")
BITCOINZ = get_params("bitcoinz", "regtest")
CHAINS = pytest.mark.parametrize("params", [BITCOIN, BITCOINZ], ids=["bitcoin", "bitcoinz"])


def make_header(params: L1Params, root: Hash32) -> bytes:
    """A header with this root; proofs do not look at its work."""
    time = TimestampS(1_600_000_000)
    if params.chain == "bitcoinz":
        return wire.encode_header(
            BitcoinzHeader(4, ZERO_HASH, root, ZERO_HASH, time, 0x200F0F0F, bytes(32), bytes(36))
        )
    return wire.encode_header(BitcoinHeader(4, ZERO_HASH, root, time, 0x207FFFFF, 0))


def make_transaction(params: L1Params, index: int) -> wire.Tx:
    prev, at = (ZERO_HASH, NO_INDEX) if index == 0 else (sha256d(bytes((index,))), index)
    inputs = (TxIn(prev, at, b"\x02\x00\x00"),)
    outputs = (TxOut(Zat(index), b"\x51\x51"),)
    if params.chain == "bitcoinz":
        return BitcoinzTransaction(inputs=inputs, outputs=outputs)
    return BitcoinTransaction(inputs=inputs, outputs=outputs)


def make_block(params: L1Params, count: int) -> tuple[bytes, list[wire.Tx], list[Hash32]]:
    transactions = [make_transaction(params, index) for index in range(count)]
    txids = [tx.txid for tx in transactions]
    return make_header(params, bitcoin_merkle_root(txids)[0]), transactions, txids


# Honest proofs


@CHAINS
@pytest.mark.parametrize("count", [*range(1, 18), 31, 32, 33])
def test_every_transaction_of_every_small_block_is_proven(params: L1Params, count: int) -> None:
    header, transactions, txids = make_block(params, count)
    for index in range(count):
        proof = build_merkle_proof(header, txids, index)
        assert decode_merkle_proof(params, encode_merkle_proof(proof)) == proof
        raw = wire.encode_transaction(transactions[index])
        proven = verify_merkle_proof(params, proof, raw)
        assert proven.transaction == transactions[index]
        assert proven.block_hash == wire.decode_header(params, header).hash
        assert (proven.index, proven.is_coinbase) == (index, index == 0)
        block = merkle_block_from_proof(proof)
        assert block == build_merkle_block(header, txids, {index})
        assert extract_merkle_proof(params, block, txids[index]) == proof


@CHAINS
@pytest.mark.parametrize("count", range(1, 8))
def test_every_set_of_transactions_has_a_partial_tree(params: L1Params, count: int) -> None:
    header, _, txids = make_block(params, count)
    for size in range(count + 1):
        for chosen in combinations(range(count), size):
            block = build_merkle_block(header, txids, set(chosen))
            assert decode_merkle_block(params, encode_merkle_block(block)) == block
            found = verify_merkle_block(params, block)
            assert [(match.index, match.txid) for match in found] == [
                (index, txids[index]) for index in chosen
            ]
            for index in chosen:
                assert extract_merkle_proof(params, block, txids[index]) == build_merkle_proof(
                    header, txids, index
                )


def test_a_transaction_outside_of_the_partial_tree_is_not_extracted() -> None:
    header, _, txids = make_block(BITCOIN, 5)
    with pytest.raises(WrongLeaf):
        extract_merkle_proof(BITCOIN, build_merkle_block(header, txids, {2}), txids[3])
    with pytest.raises(WrongIndex):
        build_merkle_block(header, txids, {5})
    with pytest.raises(InvalidInput):
        build_merkle_proof(header, txids, 5)


def test_the_witness_is_not_part_of_the_leaf() -> None:
    tx = make_transaction(BITCOIN, 1)
    assert isinstance(tx, BitcoinTransaction)
    with_witness = msgspec.structs.replace(tx, witnesses=((b"w",),))
    txids = [make_transaction(BITCOIN, 0).txid, with_witness.txid]
    header = make_header(BITCOIN, bitcoin_merkle_root(txids)[0])
    proof = build_merkle_proof(header, txids, 1)
    assert (
        verify_merkle_proof(BITCOIN, proof, wire.encode_transaction(with_witness)).txid == txids[1]
    )


# Attacks on branches


def refuse(params: L1Params, proof: MerkleProof, raw: bytes, error: type[InvalidInput]) -> None:
    with pytest.raises(error):
        verify_merkle_proof(params, proof, raw)


@CHAINS
def test_a_branch_of_another_shape_is_refused(params: L1Params) -> None:
    header, transactions, txids = make_block(params, 6)
    index = 2
    raw = wire.encode_transaction(transactions[index])
    proof = build_merkle_proof(header, txids, index)

    def change(**fields: object) -> MerkleProof:
        return msgspec.structs.replace(proof, **fields)

    refuse(params, change(index=3), raw, WrongRoot)
    refuse(params, change(index=6), raw, WrongIndex)
    refuse(params, change(index=-1), raw, WrongIndex)
    refuse(params, change(index=0), raw, WrongLeaf)
    refuse(params, change(count=4), raw, WrongDepth)
    refuse(params, change(count=9), raw, WrongDepth)
    refuse(params, change(count=0), raw, WrongCount)
    refuse(params, change(count=-3), raw, WrongCount)
    refuse(params, change(count=compute_count_max(params) + 1), raw, WrongCount)
    refuse(params, change(siblings=proof.siblings[:-1]), raw, WrongDepth)
    refuse(params, change(siblings=(*proof.siblings, ZERO_HASH)), raw, WrongDepth)
    refuse(params, change(siblings=proof.siblings[::-1]), raw, WrongRoot)
    refuse(params, change(siblings=(b"", *proof.siblings[1:])), raw, InvalidMerkleProof)
    refuse(params, change(txid=txids[3]), raw, WrongLeaf)
    refuse(params, change(header=proof.header[:-1]), raw, DecodeError)
    refuse(params, change(header=proof.header + b"\0"), raw, DecodeError)
    refuse(params, change(header=b""), raw, DecodeError)
    refuse(params, proof, raw[:-1], DecodeError)
    refuse(params, proof, raw + b"\0", DecodeError)
    refuse(params, proof, wire.encode_transaction(transactions[3]), WrongLeaf)


def test_odd_padding_must_be_the_node_itself_and_only_there() -> None:
    header, _, txids = make_block(BITCOIN, 5)
    proof = build_merkle_proof(header, txids, 4)
    assert proof.siblings[0] == txids[4]
    with pytest.raises(WrongPadding) as caught:
        fold_branch(txids[4], 4, 5, (txids[3], *proof.siblings[1:]))
    assert caught.value.level == 0
    with pytest.raises(WrongPadding) as caught:
        fold_branch(txids[4], 4, 5, (proof.siblings[0], ZERO_HASH, proof.siblings[2]))
    assert caught.value.level == 1


@pytest.mark.parametrize("count", [1, 2, 3, 5, 6, 7, 9, 10, 11, 12, 13])
def test_duplicated_branches_are_refused(count: int) -> None:
    """CVE-2012-2459: the last nodes of an odd row, written twice, give the same root. A proof for
    the copies (indexes that do not exist) must not verify."""
    header, transactions, txids = make_block(BITCOIN, count)
    root = wire.decode_header(BITCOIN, header).merkle_root
    refused = 0
    for level in range(4):
        width = (count + (1 << level) - 1) >> level
        if width % 2 == 0 or width == 1:
            continue
        tail = txids[(width - 1) << level :]
        # A row is odd where its last node is complete or padded below in the same way.
        padded = tail + tail[-1:] * ((1 << level) - len(tail)) if level else tail
        forged = txids[: (width - 1) << level] + padded + padded
        if bitcoin_merkle_root(forged)[0] != root:
            continue
        assert bitcoin_merkle_root(forged)[1], "the whole list is seen to be ambiguous"
        for index in range(count, len(forged)):
            proof = build_merkle_proof(header, forged, index)
            at = txids.index(forged[index])
            raw = wire.encode_transaction(transactions[at])
            with pytest.raises((DuplicatedBranch, WrongLeaf)):
                verify_merkle_proof(BITCOIN, proof, raw)
            with pytest.raises(DuplicatedBranch):
                fold_branch(proof.txid, index, len(forged), proof.siblings)
            block = build_merkle_block(header, forged, {index})
            with pytest.raises(DuplicatedBranch):
                verify_merkle_block(BITCOIN, block)
            refused += 1
    assert refused or count in (1, 2)


def make_disguise(tail: bytes) -> bytes:
    """A Bitcoin transaction of 64 bytes that ends with `tail`: value's end, script, lock time."""
    raw = (2).to_bytes(4, "little") + b"\x01" + bytes(range(36)) + b"\x00" + b"\xff" * 4
    raw += b"\x01" + (1000).to_bytes(8, "little") + b"\x04" + tail
    assert len(raw) == 64
    return raw


def test_a_transaction_of_64_bytes_is_no_leaf() -> None:
    """CVE-2017-12842, one way: an inner node is passed off as a transaction."""
    raw = make_disguise(b"\x51\x51\x51\x51" + bytes(4))
    node = wire.decode_transaction(BITCOIN, raw)
    left, right = Hash32(raw[:32]), Hash32(raw[32:])
    other = make_transaction(BITCOIN, 1).txid
    root = sha256d(sha256d(left + right) + sha256d(other + other))
    header = make_header(BITCOIN, root)
    # The real tree has four leaves; the forged proof says that the block has two.
    forged = MerkleProof(node.txid, 0, 2, (sha256d(other + other),), header)
    assert fold_branch(node.txid, 0, 2, forged.siblings) == root, "only the leaf betrays it"
    coinbase_like = msgspec.structs.replace(forged, index=1)
    with pytest.raises((NodeAsTransaction, WrongLeaf)):
        verify_merkle_proof(BITCOIN, forged, raw)
    mirrored = make_header(BITCOIN, sha256d(sha256d(other + other) + node.txid))
    with pytest.raises(NodeAsTransaction):
        verify_merkle_proof(BITCOIN, msgspec.structs.replace(coinbase_like, header=mirrored), raw)


def test_a_leaf_below_a_transaction_of_64_bytes_is_refused() -> None:
    """CVE-2017-12842, the other way: a mined transaction of 64 bytes is passed off as a node, and
    its last 32 bytes as the id of a forged transaction."""
    raw = make_disguise(b"\x51\x51\x51\x51" + bytes(4))
    forged_txid, sibling = Hash32(raw[32:]), Hash32(raw[:32])
    coinbase = make_transaction(BITCOIN, 0).txid
    mined = wire.decode_transaction(BITCOIN, raw).txid
    header = make_header(BITCOIN, sha256d(coinbase + mined))
    with pytest.raises(NodeAsTransaction) as caught:
        fold_branch(forged_txid, 3, 4, (sibling, coinbase))
    assert caught.value.level == 0
    block = MerkleBlock(header, 4, (coinbase, sibling, forged_txid), b"\x15")
    with pytest.raises(NodeAsTransaction):
        verify_merkle_block(BITCOIN, block)


def test_the_shape_of_a_64_byte_transaction() -> None:
    for in_bytes in range(5):
        raw = (
            (1).to_bytes(4, "little")
            + b"\x01"
            + bytes(36)
            + bytes((in_bytes,))
            + b"\xaa" * in_bytes
        )
        raw += bytes(4) + b"\x01" + bytes(8) + bytes((4 - in_bytes,)) + b"\xbb" * (4 - in_bytes)
        raw += bytes(4)
        assert len(raw) == 64
        assert is_transaction_shaped(raw)
        assert wire.decode_transaction(BITCOIN, raw).version == 1
        assert not is_transaction_shaped(raw[:4] + b"\x02" + raw[5:])
        too_rich = raw[: 47 + in_bytes] + b"\xff" * 8 + raw[55 + in_bytes :]
        assert not is_transaction_shaped(too_rich)
    assert not is_transaction_shaped(bytes(64))
    assert not is_transaction_shaped(b"\x01" * 63)


@given(st.binary(min_size=64, max_size=64), st.integers(0, 4), st.booleans())
def test_whatever_decodes_in_64_bytes_has_the_shape(raw: bytes, size: int, is_near: bool) -> None:
    if is_near:
        raw = raw[:4] + b"\x01" + raw[5:41] + bytes((size,)) + raw[42:46] + raw[46:]
        at = 46 + size
        raw = (
            raw[:at] + b"\x01" + raw[at + 1 : at + 8] + b"\0" + bytes((4 - size,)) + raw[at + 10 :]
        )
    try:
        tx = wire.decode_transaction(BITCOIN, raw)
    except DecodeError:
        return
    if len(tx.inputs) == len(tx.outputs) == 1 and 0 <= tx.outputs[0].value <= BITCOIN.money_max:
        assert is_transaction_shaped(raw)


@pytest.mark.parametrize("version", [1, 2, 3])
def test_bitcoinz_proofs_are_for_version_4(version: int) -> None:
    old = msgspec.structs.replace(
        make_transaction(BITCOINZ, 1),
        version=version,
        overwintered=version == 3,
        group_id=0x03C48270 if version == 3 else 0,
    )
    txids = [make_transaction(BITCOINZ, 0).txid, old.txid]
    header = make_header(BITCOINZ, bitcoin_merkle_root(txids)[0])
    refuse(BITCOINZ, build_merkle_proof(header, txids, 1), wire.encode_transaction(old), WrongLeaf)


# Attacks on partial trees


@CHAINS
def test_a_partial_tree_must_use_all_it_carries(params: L1Params) -> None:
    header, _, txids = make_block(params, 11)
    block = build_merkle_block(header, txids, {3, 7})

    def refuse_block(error: type[InvalidInput], **fields: object) -> None:
        with pytest.raises(error):
            verify_merkle_block(params, msgspec.structs.replace(block, **fields))

    hashes, flags = block.hashes, block.flags
    refuse_block(UnusedProofData, hashes=(*hashes, ZERO_HASH))
    refuse_block(UnusedProofData, hashes=hashes[:-1])
    refuse_block(UnusedProofData, hashes=())
    refuse_block(UnusedProofData, flags=flags + b"\0")
    refuse_block(UnusedProofData, flags=flags[:-1])
    refuse_block(UnusedProofData, flags=b"")
    refuse_block(UnusedProofData, flags=flags[:-1] + bytes((flags[-1] | 0x80,)))
    refuse_block(InvalidMerkleProof, hashes=hashes[::-1])
    refuse_block(InvalidMerkleProof, count=8)
    refuse_block(InvalidMerkleProof, count=17)
    refuse_block(WrongCount, count=0)
    refuse_block(WrongCount, count=compute_count_max(params) + 1)
    other = make_header(params, ZERO_HASH)
    refuse_block(WrongRoot, header=other)


@CHAINS
def test_an_encoding_with_something_behind_or_missing_is_refused(params: L1Params) -> None:
    header, _, txids = make_block(params, 5)
    block = encode_merkle_block(build_merkle_block(header, txids, {3}))
    proof = encode_merkle_proof(build_merkle_proof(header, txids, 3))
    decoders: list[tuple[bytes, Callable[[L1Params, bytes], object]]] = [
        (block, decode_merkle_block),
        (proof, decode_merkle_proof),
    ]
    for raw, decode in decoders:
        for end in range(len(raw)):
            with pytest.raises(InvalidInput):
                decode(params, raw[:end])
        with pytest.raises(InvalidInput):
            decode(params, raw + b"\0")


@settings(max_examples=300)
@given(
    count=st.integers(1, 20),
    data=st.data(),
    params=st.sampled_from([BITCOIN, BITCOINZ]),
)
def test_a_changed_bit_proves_nothing_else(
    count: int, data: st.DataObject, params: L1Params
) -> None:
    """Any bit of a node's proof flipped: it is refused, or what it proves is still true. (Another
    header is another block; the count is not committed to; a given leaf may be marked as proven.)
    """
    header, _, txids = make_block(params, count)
    chosen = data.draw(st.sets(st.integers(0, count - 1), min_size=1))
    raw = bytearray(encode_merkle_block(build_merkle_block(header, txids, chosen)))
    bit = data.draw(st.integers(0, 8 * len(raw) - 1))
    raw[bit // 8] ^= 1 << bit % 8
    try:
        block = decode_merkle_block(params, bytes(raw))
        found = verify_merkle_block(params, block)
    except InvalidInput:
        return
    for match in found:
        assert match.txid == txids[match.index]


@given(st.binary(max_size=400), st.sampled_from([BITCOIN, BITCOINZ]))
def test_noise_is_refused_with_a_typed_error(raw: bytes, params: L1Params) -> None:
    with pytest.raises(InvalidInput):
        verify_merkle_block(params, decode_merkle_block(params, raw))
    with pytest.raises(InvalidInput):
        verify_merkle_proof(params, decode_merkle_proof(params, raw), raw)
