"""Bitcoin for contracts: Merkle proofs, and an output of a transaction.

All hashes are in internal byte order, the reverse of how explorers show them. A transaction is one
of Bitcoin, in the old or the segregated-witness form (BIP 144).
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from btczs.crypto.hashes import sha256d

SCRIPT_SIZE_MAX: Final = 1024
PROOF_DEPTH_MAX: Final = 24

INVALID_TRANSACTION: Final = 1
NO_SUCH_OUTPUT: Final = 2
SCRIPT_TOO_LARGE: Final = 3


class TransactionOutput(NamedTuple):
    script: bytes
    amount: int
    txid: bytes


class _Malformed(Exception):
    """The bytes are no transaction."""


def verify_merkle_proof(
    leaf: bytes, root: bytes, index: int, count: int, siblings: Sequence[bytes]
) -> bool:
    """Whether `leaf` is transaction `index` of the `count` in the block with the Merkle `root`.

    The shape of the tree follows from `count`, and with it the length of the proof. Where a row is
    odd its last node is paired with a copy of itself, and nowhere else may a sibling equal its
    neighbour: a proof that says so claims a position beyond the last one (CVE-2012-2459).
    """
    if not 0 <= index < count or len(siblings) != (count - 1).bit_length():
        return False
    node = leaf
    for sibling in siblings:
        is_copied = index | 1 >= count
        if (sibling == node) != is_copied:
            return False
        node = sha256d(sibling + node if index & 1 else node + sibling)
        index >>= 1
        count = (count + 1) >> 1
    return node == root


def transaction_output(raw: bytes, index: int) -> TransactionOutput | int:
    """Output `index` of the transaction `raw`, with the transaction's id; or an error code.

    The codes: `INVALID_TRANSACTION`, also for bytes that follow it; `NO_SUCH_OUTPUT`;
    `SCRIPT_TOO_LARGE`.
    """
    if index >= 1 << 64:
        return NO_SUCH_OUTPUT
    try:
        outputs, body_start, body_end = _parse(raw)
    except (_Malformed, IndexError):
        return INVALID_TRANSACTION
    if index >= len(outputs):
        return NO_SUCH_OUTPUT
    start, end = outputs[index]
    if end - start > SCRIPT_SIZE_MAX:
        return SCRIPT_TOO_LARGE
    script_length = end - start
    amount_at = start - _compact_length(script_length) - 8
    amount = int.from_bytes(raw[amount_at : amount_at + 8], "little")
    txid = sha256d(raw[:4] + raw[body_start:body_end] + raw[-4:])
    return TransactionOutput(raw[start:end], amount, txid)


def _parse(raw: bytes) -> tuple[list[tuple[int, int]], int, int]:
    """Where the scripts of the outputs are, and the part from inputs to outputs.

    A position beyond the end shows as `IndexError` at the next read or at the final comparison.
    """
    at = 4
    has_witness = raw[at] == 0
    if has_witness:
        if raw[at + 1] != 1:
            raise _Malformed
        at += 2
    body_start = at
    input_count, at = _read_compact(raw, at)
    for _ in range(input_count):
        length, at = _read_compact(raw, at + 36)
        at += length + 4
    output_count, at = _read_compact(raw, at)
    outputs: list[tuple[int, int]] = []
    for _ in range(output_count):
        length, at = _read_compact(raw, at + 8)
        outputs.append((at, at + length))
        at += length
    body_end = at
    if has_witness:
        at = _skip_witnesses(raw, at, input_count)
    if at + 4 != len(raw):
        raise _Malformed
    return outputs, body_start, body_end


def _skip_witnesses(raw: bytes, at: int, input_count: int) -> int:
    """The end of the witnesses, one stack for each input; not all of them may be empty."""
    has_items = input_count == 0
    for _ in range(input_count):
        item_count, at = _read_compact(raw, at)
        has_items = has_items or item_count > 0
        for _ in range(item_count):
            length = raw[at]
            if length < 0xFD:
                at += length + 1
            else:
                length, at = _read_compact(raw, at)
                at += length
    if not has_items:
        raise _Malformed
    return at


def _read_compact(raw: bytes, at: int) -> tuple[int, int]:
    """A compact size in its shortest form, and where it ends."""
    first = raw[at]
    at += 1
    if first < 0xFD:
        return first, at
    width = 1 << (first - 0xFC)
    end = at + width
    if end > len(raw):
        raise _Malformed
    value = int.from_bytes(raw[at:end], "little")
    if value < (0xFD if width == 2 else 1 << (4 * width)):
        raise _Malformed
    return value, end


def _compact_length(value: int) -> int:
    return 1 if value < 0xFD else 3
