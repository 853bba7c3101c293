"""Merkle trees: against recursive definitions, and the attacks on Bitcoin's."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from btczs.crypto.errors import InvalidProof
from btczs.crypto.hashes import sha256d, sha512_256
from btczs.crypto.merkle import (
    bitcoin_merkle_branch,
    bitcoin_merkle_root,
    fold_bitcoin_branch,
    fold_stacks_branch,
    stacks_merkle_branch,
    stacks_merkle_root,
    verify_bitcoin_branch,
)
from btczs.primitives import Hash32, InvalidInput


def ids(count: int) -> list[Hash32]:
    return [Hash32(hashlib.sha256(bytes([i & 255, i >> 8])).digest()) for i in range(count)]


def recursive_root(row: list[Hash32], node: object) -> Hash32:
    """The definition, written the other way round: halves of a perfect tree, not rows."""
    if len(row) == 1:
        return row[0]
    height = (len(row) - 1).bit_length() - 1
    left, right = row[: 1 << height], row[1 << height :]

    def at_height(part: list[Hash32], levels: int) -> Hash32:
        if levels == 0:
            return part[0]
        split = 1 << (levels - 1)
        first = at_height(part[:split], levels - 1)
        rest = part[split:]
        return node(first + (at_height(rest, levels - 1) if rest else first))  # type: ignore[operator]

    return node(at_height(left, height) + at_height(right, height))  # type: ignore[operator]


@pytest.mark.parametrize("count", range(1, 40))
def test_bitcoin_root_is_the_recursive_one(count: int) -> None:
    assert bitcoin_merkle_root(ids(count)) == (recursive_root(ids(count), sha256d), False)


@pytest.mark.parametrize("count", range(2, 40))
def test_stacks_root_is_the_recursive_one(count: int) -> None:
    leaves = [sha512_256(b"\0" + txid) for txid in ids(count)]
    expected = recursive_root(leaves, lambda pair: sha512_256(b"\1" + pair))
    assert stacks_merkle_root(ids(count)) == expected


def test_roots_of_the_smallest_lists() -> None:
    (only,) = ids(1)
    assert bitcoin_merkle_root([]) == (bytes(32), False)
    assert bitcoin_merkle_root([only]) == (only, False)
    leaf = sha512_256(b"\0" + only)
    assert stacks_merkle_root([]) == bytes(32)
    assert stacks_merkle_root([only]) == sha512_256(b"\1" + leaf + leaf)
    assert stacks_merkle_branch([only], 0) == [leaf]


def test_bitcoin_block_100000() -> None:
    """Four transactions of a real block, the best known example."""
    txids = [
        "8c14f0db3df150123e6f3dbbf30f8b955a8249b62ac1d1ff16284aefa3d06d87",
        "fff2525b8931402dd09222c50775608f75787bd2b87e56995a7bdd30f79702c4",
        "6359f0868171b1d194cbee1af2f16ea598ae8fad666d9b012c8ed2b79a236ec4",
        "e9a66845e05d5abc0ad04ec80f774a7e585c6e8db975962d069a522137b80c1d",
    ]
    root, is_mutated = bitcoin_merkle_root([Hash32(bytes.fromhex(t)[::-1]) for t in txids])
    assert root[::-1].hex() == "f3e94742aca4b5ef85488dc37c06c3282295ffec960994b2c0d5ac2a25a95766"
    assert not is_mutated


@pytest.mark.parametrize("count", [1, 3, 5, 6, 7, 9, 11, 12, 13])
def test_cve_2012_2459_a_repeated_tail_keeps_the_root_and_is_reported(count: int) -> None:
    honest = ids(count)
    tail = count & -count  # the last `tail` leaves are what the tree copies
    forged = honest + honest[-tail:]
    assert len(forged) != len(honest)
    if count > 1:
        assert bitcoin_merkle_root(forged)[0] == bitcoin_merkle_root(honest)[0]
    assert bitcoin_merkle_root(forged)[1]
    assert not bitcoin_merkle_root(honest)[1]


def test_equal_leaves_that_are_not_neighbours_are_not_a_mutation() -> None:
    a, b, c = ids(3)
    assert not bitcoin_merkle_root([a, b, c, a])[1]
    assert bitcoin_merkle_root([a, b, c, c])[1]


@given(st.integers(1, 70), st.data())
def test_every_branch_folds_to_the_root(count: int, data: st.DataObject) -> None:
    leaves = ids(count)
    index = data.draw(st.integers(0, count - 1))
    branch = bitcoin_merkle_branch(leaves, index)
    root, _ = bitcoin_merkle_root(leaves)
    assert fold_bitcoin_branch(leaves[index], index, branch) == root
    verify_bitcoin_branch(root, leaves[index], index, count, branch)
    other = data.draw(st.integers(0, count - 1).filter(lambda i: i != index or count == 1))
    if other != index:
        with pytest.raises(InvalidProof):
            verify_bitcoin_branch(root, leaves[index], other, count, branch)
    path = stacks_merkle_branch(leaves, index)
    assert fold_stacks_branch(leaves[index], index, path) == stacks_merkle_root(leaves)


def test_a_copy_of_the_last_leaf_has_no_place_of_its_own() -> None:
    """The padding position of an odd row must not count as one more transaction."""
    leaves = ids(3)
    root, _ = bitcoin_merkle_root(leaves)
    branch = bitcoin_merkle_branch(leaves, 2)
    assert fold_bitcoin_branch(leaves[2], 3, branch) == root
    with pytest.raises(InvalidProof):
        verify_bitcoin_branch(root, leaves[2], 3, 3, branch)
    with pytest.raises(InvalidProof):
        verify_bitcoin_branch(root, leaves[2], 3, 4, branch)
    with pytest.raises(InvalidProof):
        verify_bitcoin_branch(root, leaves[2], 2, 4, branch)


def test_an_inner_node_is_not_a_leaf() -> None:
    leaves = ids(4)
    root, _ = bitcoin_merkle_root(leaves)
    inner = sha256d(leaves[0] + leaves[1])
    branch = bitcoin_merkle_branch(leaves, 0)[1:]
    assert fold_bitcoin_branch(inner, 0, branch) == root
    with pytest.raises(InvalidProof):
        verify_bitcoin_branch(root, inner, 0, 4, branch)


def test_a_branch_of_another_height_is_refused() -> None:
    leaves = ids(5)
    root, _ = bitcoin_merkle_root(leaves)
    branch = bitcoin_merkle_branch(leaves, 1)
    for wrong in (branch[:-1], [*branch, leaves[0]], []):
        with pytest.raises(InvalidProof):
            verify_bitcoin_branch(root, leaves[1], 1, 5, wrong)


@pytest.mark.parametrize(("index", "count"), [(-1, 4), (4, 4), (0, 0)])
def test_an_index_outside_the_leaves_is_refused(index: int, count: int) -> None:
    with pytest.raises(InvalidInput):
        bitcoin_merkle_branch(ids(count), index)
    with pytest.raises(InvalidInput):
        stacks_merkle_branch(ids(count), index)
    with pytest.raises(InvalidProof):
        verify_bitcoin_branch(ids(1)[0], ids(1)[0], index, count, [])


def test_folding_checks_lengths_and_index() -> None:
    (leaf,) = ids(1)
    with pytest.raises(InvalidProof):
        fold_bitcoin_branch(leaf, 2, [leaf])
    with pytest.raises(InvalidProof):
        fold_bitcoin_branch(leaf, 0, [Hash32(b"short")])
    with pytest.raises(InvalidProof):
        fold_bitcoin_branch(leaf, 0, [leaf] * 33)
    with pytest.raises(InvalidProof):
        fold_stacks_branch(leaf, 0, [])
