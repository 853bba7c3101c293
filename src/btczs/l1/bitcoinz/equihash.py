"""Equihash: verification for any (n, k), and a solver for small ones.

A solution is 2^k different indices whose BLAKE2b-derived n-bit leaves XOR to zero, such that at
each level r of the binary tree over them the first r*n/(k+1) bits of every subtree's XOR are zero,
and the left subtree's first index is below the right one's.

The personalisation of BLAKE2b is an 8-byte tag, then n and k as little-endian u32. BitcoinZ uses
the tag "BitcoinZ" for (144,5) only, and Zcash's "ZcashPoW" for everything else (`get_tag`).

The cheapest checks come first: size, distinctness and order cost no hashing, so a forged solution
costs at most the hashing of its 2^k leaves.
"""

from collections.abc import Iterator
from hashlib import blake2b

import msgspec

from btczs.l1.errors import InvalidSolution

TAG_BITCOINZ = b"BitcoinZ"
TAG_ZCASH = b"ZcashPoW"

_SOLVER_INDEX_BITS_MAX = 20
"""The solver keeps 2^this leaves in memory at most; (48,5) has 2^9, (96,5) has 2^17."""


class Shape(msgspec.Struct, frozen=True):
    """What follows from (n, k)."""

    n: int
    k: int
    digit_bits: int
    """Bits that one level of the tree makes zero."""
    index_bits: int
    leaves_per_digest: int
    digest_bytes: int
    solution_bytes: int


def compute_shape(n: int, k: int) -> Shape:
    """Raises `InvalidSolution` unless (n, k) is a shape of Equihash with whole bytes."""
    if not (8 <= n <= 512 and n % 8 == 0 and 3 <= k <= 10 and n % (k + 1) == 0):
        raise InvalidSolution(f"({n},{k}) are not parameters of Equihash")
    digit_bits = n // (k + 1)
    if digit_bits > 31:
        raise InvalidSolution(f"({n},{k}) needs indices of more than 32 bits")
    per_digest = 512 // n
    index_bits = digit_bits + 1
    size = (index_bits << k) // 8
    return Shape(n, k, digit_bits, index_bits, per_digest, per_digest * n // 8, size)


_SHAPES = {(n, k): compute_shape(n, k) for n, k in ((200, 9), (144, 5), (96, 5), (48, 5))}


def get_shape(n: int, k: int) -> Shape:
    return _SHAPES.get((n, k)) or compute_shape(n, k)


def get_shape_of_size(solution_bytes: int) -> Shape:
    """The parameters BitcoinZ's nodes infer from a solution's size. Raises `InvalidSolution`."""
    for shape in _SHAPES.values():
        if shape.solution_bytes == solution_bytes:
            return shape
    raise InvalidSolution(f"no Equihash solution has {solution_bytes} bytes")


def get_tag(n: int, k: int) -> bytes:
    """The 8-byte personalisation tag that BitcoinZ uses for (n, k)."""
    return TAG_BITCOINZ if (n, k) == (144, 5) else TAG_ZCASH


def verify_equihash(n: int, k: int, person: bytes, input_bytes: bytes, solution: bytes) -> None:
    """Raises `InvalidSolution` unless `solution` solves `input_bytes` (header and nonce).

    `person` is the 8-byte tag; n and k are added to it here.
    """
    shape = get_shape(n, k)
    indices = decode_indices(shape, solution)
    if len(set(indices)) != len(indices):
        raise InvalidSolution("an index occurs twice")
    _verify_order(indices)
    leaves = _compute_leaves(shape, person, input_bytes, indices)
    shift = n
    while len(leaves) > 1:
        shift -= shape.digit_bits
        leaves = [a ^ b for a, b in zip(leaves[::2], leaves[1::2], strict=True)]
        # All of them at once: any bit that is not zero survives the shift of the largest.
        if max(leaves) >> shift:
            raise InvalidSolution("two subtrees do not collide")
    if leaves[0]:
        raise InvalidSolution("the leaves do not XOR to zero")


def decode_indices(shape: Shape, solution: bytes) -> list[int]:
    """The big-endian bit-packed indices. Raises `InvalidSolution` for another size."""
    if len(solution) != shape.solution_bytes:
        raise InvalidSolution(
            f"a ({shape.n},{shape.k}) solution has {shape.solution_bytes} bytes, "
            f"not {len(solution)}"
        )
    width = shape.index_bits
    mask = (1 << width) - 1
    shifts = range(7 * width, -1, -width)
    # Eight indices fill exactly `width` bytes.
    groups = (
        int.from_bytes(solution[start : start + width], "big")
        for start in range(0, len(solution), width)
    )
    return [(group >> shift) & mask for group in groups for shift in shifts]


def encode_indices(n: int, k: int, indices: list[int] | tuple[int, ...]) -> bytes:
    """Inverse of `decode_indices`. Raises `InvalidSolution` if they do not fit."""
    shape = get_shape(n, k)
    if len(indices) != 1 << k or any(not 0 <= i < 1 << shape.index_bits for i in indices):
        raise InvalidSolution(f"a ({n},{k}) solution has {1 << k} indices in range")
    packed = 0
    for index in indices:
        packed = packed << shape.index_bits | index
    return packed.to_bytes(shape.solution_bytes, "big")


def _verify_order(indices: list[int]) -> None:
    firsts = indices
    while len(firsts) > 1:
        lefts = firsts[::2]
        if any(left >= right for left, right in zip(lefts, firsts[1::2], strict=True)):
            raise InvalidSolution("the indices are out of order")
        firsts = lefts


def _compute_leaves(shape: Shape, tag: bytes, input_bytes: bytes, indices: list[int]) -> list[int]:
    base = _hash_base(shape, tag, input_bytes)
    per, n = shape.leaves_per_digest, shape.n
    mask = (1 << n) - 1
    top = (per - 1) * n
    leaves = []
    for index in indices:
        number, position = divmod(index, per)
        state = base.copy()
        state.update(number.to_bytes(4, "little"))
        leaves.append(int.from_bytes(state.digest(), "big") >> (top - position * n) & mask)
    return leaves


def _hash_base(shape: Shape, tag: bytes, input_bytes: bytes) -> blake2b:
    if len(tag) != 8:
        raise InvalidSolution(f"a personalisation tag has 8 bytes, not {len(tag)}")
    person = tag + shape.n.to_bytes(4, "little") + shape.k.to_bytes(4, "little")
    return blake2b(input_bytes, digest_size=shape.digest_bytes, person=person)


# --- solving ------------------------------------------------------------------------------------

Row = tuple[int, int, tuple[int, ...]]
"""XOR of the leaves, a bit mask of their indices modulo `_MASK_BITS`, and the ordered indices."""

_MASK_BITS = 512
"""As many as (48,5) has indices: there the mask alone decides whether two rows share one."""


def solve_equihash(n: int, k: int, person: bytes, input_bytes: bytes) -> list[bytes]:
    """All solutions for `input_bytes` (header and nonce), encoded; often none.

    Wagner's algorithm, meant for (48,5): a few milliseconds; (96,5) takes seconds. Raises `InvalidSolution` for
    parameters whose tables would not fit in memory.
    """
    shape = get_shape(n, k)
    if shape.index_bits > _SOLVER_INDEX_BITS_MAX:
        raise InvalidSolution(f"({n},{k}) is too large to be solved here")
    rows: list[Row] = [
        (leaf, 1 << index % _MASK_BITS, (index,))
        for index, leaf in enumerate(_all_leaves(shape, person, input_bytes))
    ]
    shift = n
    for level in range(1, k + 1):
        # The last level must make the two remaining digits zero.
        shift = shift - shape.digit_bits if level < k else 0
        rows = _collide(rows, shift)
    return [encode_indices(n, k, indices) for _, _, indices in rows]


def _all_leaves(shape: Shape, tag: bytes, input_bytes: bytes) -> Iterator[int]:
    base = _hash_base(shape, tag, input_bytes)
    step = shape.n // 8
    remaining = 1 << shape.index_bits
    number = 0
    while remaining > 0:
        state = base.copy()
        state.update(number.to_bytes(4, "little"))
        digest = state.digest()
        for start in range(0, min(shape.leaves_per_digest, remaining) * step, step):
            yield int.from_bytes(digest[start : start + step], "big")
        remaining -= shape.leaves_per_digest
        number += 1


def _collide(rows: list[Row], shift: int) -> list[Row]:
    """All pairs that agree above `shift` bits and share no index, in the required order."""
    buckets: dict[int, list[Row]] = {}
    found: list[Row] = []
    for row in rows:
        value, mask, indices = row
        bucket = buckets.setdefault(value >> shift, [])
        for other_value, other_mask, other_indices in bucket:
            if not mask & other_mask or not set(indices).intersection(other_indices):
                if other_indices[0] < indices[0]:
                    ordered = other_indices + indices
                else:
                    ordered = indices + other_indices
                found.append((value ^ other_value, mask | other_mask, ordered))
        bucket.append(row)
    return found
