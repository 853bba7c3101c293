"""Merkle trees over transaction ids: Bitcoin's (layer 1) and Stacks' (layer 2).

Both pair neighbours row by row and complete an odd row with a copy of its last element. They
differ in three points:

|                | Bitcoin                    | Stacks                                     |
|----------------|----------------------------|--------------------------------------------|
| leaf           | the id itself              | SHA-512/256(00 ‖ id)                       |
| node           | SHA-256d(left ‖ right)     | SHA-512/256(01 ‖ left ‖ right)             |
| a single leaf  | is the root                | is paired with its copy                    |

Without leaves both roots are 32 zero bytes. A branch is the list of siblings from the leaf
upwards; the bits of the leaf's index say on which side each stands.

Because of the copies, two different lists of ids can have the same Bitcoin root (CVE-2012-2459).
`bitcoin_merkle_root` reports it, and `verify_bitcoin_branch` accepts a sibling equal to its
neighbour only where the row is odd.
"""

from collections.abc import Callable, Sequence

from btczs.crypto.errors import InvalidProof
from btczs.crypto.hashes import sha256d, sha512_256
from btczs.primitives import Hash32, InvalidInput
from btczs.primitives.units import ZERO_HASH

DEPTH_MAX = 32
"""Siblings in a branch; a block of 2 MB has fewer than 2^16 transactions."""

_Node = Callable[[bytes], Hash32]


def _stacks_leaf(txid: bytes) -> Hash32:
    return sha512_256(b"\x00" + txid)


def _stacks_node(pair: bytes) -> Hash32:
    return sha512_256(b"\x01" + pair)


def _next_row(row: Sequence[Hash32], node: _Node) -> list[Hash32]:
    """The row above. An odd row's last element is paired with its copy."""
    count = len(row)
    above = [node(row[i] + row[i + 1]) for i in range(0, count - 1, 2)]
    if count % 2:
        above.append(node(row[-1] + row[-1]))
    return above


def bitcoin_merkle_root(leaves: Sequence[Hash32]) -> tuple[Hash32, bool]:
    """The root over `leaves` (internal byte order), and whether the list is ambiguous.

    The second value is true if two real neighbours of one row are equal, so that a shorter list
    has the same root (CVE-2012-2459); a block with such a list is invalid.
    """
    if not leaves:
        return ZERO_HASH, False
    row = list(leaves)
    is_mutated = False
    while len(row) > 1:
        is_mutated = is_mutated or any(a == b for a, b in zip(row[::2], row[1::2]))
        row = _next_row(row, sha256d)
    return row[0], is_mutated


def bitcoin_merkle_branch(leaves: Sequence[Hash32], index: int) -> list[Hash32]:
    """The siblings of leaf `index`, from the leaf upwards. Raises `InvalidInput`."""
    _check_index(index, len(leaves))
    return _branch(list(leaves), index, sha256d)


def fold_bitcoin_branch(leaf: Hash32, index: int, siblings: Sequence[Hash32]) -> Hash32:
    """The root that `leaf` at `index` has with these siblings. Raises `InvalidProof`.

    Says nothing about the number of leaves: `verify_bitcoin_branch` does.
    """
    return _fold(leaf, index, siblings, sha256d)


def verify_bitcoin_branch(
    root: Hash32, leaf: Hash32, index: int, count: int, siblings: Sequence[Hash32]
) -> None:
    """Raises `InvalidProof` unless `leaf` is number `index` of `count` leaves under `root`.

    The depth must be that of `count` leaves, and a sibling may equal its neighbour only as the
    copy that completes an odd row. The count itself is not committed to by the root.
    """
    if not 0 <= index < count:
        raise InvalidProof(f"leaf {index} is not one of {count}")
    position, row_length, node = index, count, leaf
    for sibling in siblings:
        if row_length <= 1:
            raise InvalidProof("the branch is longer than the tree is high")
        is_padding = position == row_length - 1 and row_length % 2 == 1
        if (sibling == node) != is_padding:
            raise InvalidProof("a sibling is a copy where the row is even, or the reverse")
        node = _fold(node, position & 1, [sibling], sha256d)
        position >>= 1
        row_length = (row_length + 1) // 2
    if row_length > 1:
        raise InvalidProof("the branch is shorter than the tree is high")
    if node != root:
        raise InvalidProof("the branch does not lead to the root")


def stacks_merkle_root(txids: Sequence[Hash32]) -> Hash32:
    """The root over the ids of a layer-2 block's transactions; 32 zero bytes if there are none."""
    if not txids:
        return ZERO_HASH
    row = _next_row([_stacks_leaf(txid) for txid in txids], _stacks_node)
    while len(row) > 1:
        row = _next_row(row, _stacks_node)
    return row[0]


def stacks_merkle_branch(txids: Sequence[Hash32], index: int) -> list[Hash32]:
    """The siblings of transaction `index`, from the leaf upwards. Raises `InvalidInput`."""
    _check_index(index, len(txids))
    leaves = [_stacks_leaf(txid) for txid in txids]
    return [leaves[0]] if len(leaves) == 1 else _branch(leaves, index, _stacks_node)


def fold_stacks_branch(txid: Hash32, index: int, siblings: Sequence[Hash32]) -> Hash32:
    """The root that `txid` at `index` has with these siblings. Raises `InvalidProof`.

    A leaf cannot be passed off as an inner node, or the reverse: they are hashed differently.
    """
    if not siblings:
        raise InvalidProof("a branch has at least one sibling")
    return _fold(_stacks_leaf(txid), index, siblings, _stacks_node)


def _check_index(index: int, count: int) -> None:
    if not 0 <= index < count:
        raise InvalidInput(f"there is no leaf {index} among {count}")


def _branch(row: list[Hash32], index: int, node: _Node) -> list[Hash32]:
    siblings: list[Hash32] = []
    while len(row) > 1:
        siblings.append(row[min(index ^ 1, len(row) - 1)])
        row = _next_row(row, node)
        index >>= 1
    return siblings


def _fold(start: Hash32, index: int, siblings: Sequence[Hash32], node: _Node) -> Hash32:
    if len(siblings) > DEPTH_MAX or not 0 <= index < 1 << len(siblings):
        raise InvalidProof(f"index {index} does not fit a branch of {len(siblings)} siblings")
    current = start
    for sibling in siblings:
        if len(sibling) != 32:
            raise InvalidProof(f"a sibling has 32 bytes, not {len(sibling)}")
        current = node(sibling + current if index & 1 else current + sibling)
        index >>= 1
    return current
