"""What contracts can learn from transactions and blocks of BitcoinZ.

DEVIATION from the specification, whose shapes cannot hold real BitcoinZ data: a header is not 80
bytes (so a block is named by its hash, and the node's own view of layer 1 answers for it), a block
can need 15 siblings rather than 14, transactions are larger than 1024 bytes, and a branch proves
nothing without the index of the transaction and their number.

The transaction is given whole, not by its id: no node of a tree can then pose as one, because none
has the shape of a transaction of version 4. A transaction has no sender field either; what is told
is whose script the first input satisfies.
"""

from collections.abc import Sequence
from typing import Final

from btczs.codec.stream import Reader
from btczs.crypto.errors import InvalidProof
from btczs.crypto.hashes import hash160
from btczs.l1.bitcoinz.transaction import Transaction, read_transaction
from btczs.l1.script.opcodes import BadScript, Op, read_ops
from btczs.l1.spv.branch import fold_branch
from btczs.l1.spv.tree import compute_depth
from btczs.primitives import DecodeError, Hash20, Hash32

TRANSACTION_BYTES_MAX: Final = 100_000
SIBLINGS_MAX: Final = 24
TRANSACTIONS_MAX: Final = 2_000_000 // 79
"""A block has 2,000,000 bytes, a transaction of version 4 at least 79."""

P2PKH: Final = 0
P2SH: Final = 1
"""How senders are told apart, as reward addresses are."""

_VERSION: Final = 4


def decode_transaction(raw: bytes) -> Transaction | None:
    """The transaction that `raw` is, all of it; None if it is none of version 4."""
    reader = Reader(raw)
    try:
        transaction = read_transaction(reader)
        reader.finish()
    except DecodeError:
        return None
    return transaction if transaction.version == _VERSION else None


def is_possible_branch(index: int, count: int, depth: int) -> bool:
    """Whether a block can have `count` transactions, one at `index`, and its branch `depth`."""
    return index < count <= TRANSACTIONS_MAX and depth == compute_depth(count)


def is_included(
    transaction: Transaction, merkle_root: bytes, index: int, count: int, siblings: Sequence[bytes]
) -> bool:
    """Whether `siblings` lead from the transaction, number `index` of `count`, to the root.

    False as well for shapes that no honest tree has, and for a coinbase that is not the first.
    """
    if transaction.is_coinbase != (index == 0):
        return False
    branch = tuple([Hash32(sibling) for sibling in siblings])
    try:
        return fold_branch(transaction.txid, index, count, branch) == merkle_root
    except InvalidProof:
        return False


def find_sender(transaction: Transaction) -> tuple[int, Hash20] | None:
    """(`P2PKH` or `P2SH`, hash) that the first input spends from, as far as its script tells.

    `signature key` is P2PKH; any other pushes with a script as the last of them are P2SH. None
    for coinbases, for transactions without transparent inputs, and for every other script.
    """
    if transaction.is_coinbase or not transaction.inputs:
        return None
    pushes = _pushes(transaction.inputs[0].script_sig)
    if not pushes:
        return None
    last = pushes[-1]
    if _is_public_key(last):
        is_p2pkh = len(pushes) == 2 and _is_signature(pushes[0])
        return (P2PKH, hash160(last)) if is_p2pkh else None
    if _is_signature(last) or not _is_script(last):
        return None
    return P2SH, hash160(last)


def _pushes(script: bytes) -> list[bytes]:
    """What a script of pushes leaves on the stack; empty if it does anything else."""
    pushes = []
    try:
        for op, data in read_ops(script):
            if op > Op.OP_16:
                return []
            pushes.append(data)
    except BadScript:
        return []
    return pushes


def _is_public_key(data: bytes) -> bool:
    size = len(data)
    return (size == 33 and data[0] in (2, 3)) or (size == 65 and data[0] == 4)


def _is_signature(data: bytes) -> bool:
    """Whether it has the outer shape of a DER signature and its hash type."""
    return 9 <= len(data) <= 73 and data[0] == 0x30 and data[1] == len(data) - 3


def _is_script(data: bytes) -> bool:
    try:
        return bool(data) and sum(1 for _ in read_ops(data)) > 0
    except BadScript:
        return False
