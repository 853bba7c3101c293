"""The shape of Bitcoin's Merkle tree, and the disguises that must not pass.

Row 0 holds the transaction ids; a row of `w` nodes has a row of `(w + 1) // 2` above it; the last
node of an odd row is paired with itself (the padding slot). Two weaknesses of this tree:

* CVE-2012-2459: appending a copy of the last part of a row gives the same root. Hence neighbours
  that are equal where no padding slot is are refused.
* CVE-2017-12842: a node's 64 bytes and a transaction of 64 bytes hash alike, so a transaction can
  pose as a node (a forged transaction hangs below it) or a node as a transaction. Hence no leaf
  may be of 64 bytes, and no node on a branch may have the shape of such a transaction.
"""

from btczs.l1.params import L1Params
from btczs.l1.spv.errors import DuplicatedBranch, NodeAsTransaction, WrongCount
from btczs.primitives import Hash32

_TX_BYTES_MIN = 60
"""An input and an output, both with empty scripts, of a version-1 transaction."""
_WITNESS_SCALE = 4
"""Where blocks are weighed, a byte outside of the witness weighs 4 of `block_bytes_max`."""
_MONEY_MAX = 21_000_000_000 * 100_000_000  # of the largest of the chains (BitcoinZ)

DISGUISE_BYTES = 64


def compute_count_max(params: L1Params) -> int:
    """More transactions than this do not fit a block of the chain."""
    scale = 1 if params.chain == "bitcoinz" else _WITNESS_SCALE
    return params.block_bytes_max // (scale * _TX_BYTES_MIN)


def verify_count(params: L1Params, count: int) -> None:
    """Raises `WrongCount` unless a block of the chain can hold `count` transactions."""
    limit = compute_count_max(params)
    if not 1 <= count <= limit:
        raise WrongCount(count, limit)


def compute_depth(count: int) -> int:
    """Rows above the leaves in a tree of `count` leaves."""
    return (count - 1).bit_length()


def compute_width(count: int, level: int) -> int:
    """Nodes in the row `level` of a tree of `count` leaves."""
    return (count + (1 << level) - 1) >> level


def verify_pair(left: Hash32, right: Hash32, level: int) -> None:
    """Raises if two neighbours of row `level`, not a padding slot, cannot be of an honest tree."""
    if left == right:
        raise DuplicatedBranch(level)
    verify_not_disguised(left + right, level)


def verify_not_disguised(node: bytes, level: int) -> None:
    """Raises `NodeAsTransaction` if the 64 bytes of an inner node can be a whole transaction."""
    if is_transaction_shaped(node):
        raise NodeAsTransaction(level)


def is_transaction_shaped(node: bytes) -> bool:
    """Whether 64 bytes can be a transaction: version, one input, one output, lock time.

    That is the only layout of 64 bytes (a second input or output needs more); the two scripts share
    4 bytes, or 3 in BitcoinZ's version 2, which ends with an empty list. A hash pair looks so by chance once in
    about 2^40 pairs.
    """
    if len(node) != DISGUISE_BYTES or node[4] != 1:
        return False
    in_script = node[41]
    if in_script > 4 or node[46 + in_script] != 1:
        return False
    value = int.from_bytes(node[47 + in_script : 55 + in_script], "little")
    out_script = node[55 + in_script]
    scripts = in_script + out_script
    return value <= _MONEY_MAX and (scripts == 4 or (scripts == 3 and node[63] == 0))
