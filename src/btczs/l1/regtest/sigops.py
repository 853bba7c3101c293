"""Counting signature operations, as block and relay limits do.

An OP_CHECKMULTISIG counts 20 unless the number of its keys is known from the opcode before it
(`accurate`, used for P2SH redeem scripts).
"""

from btczs.l1.bitcoinz.transaction import Transaction
from btczs.l1.regtest.utxo import Coin
from btczs.l1.script.opcodes import BadScript, Op, read_ops
from btczs.l1.script.templates import encode_number, is_p2sh

MULTISIG_SIGOPS = 20

_SINGLE = (Op.OP_CHECKSIG, Op.OP_CHECKSIGVERIFY)
_MULTIPLE = (Op.OP_CHECKMULTISIG, Op.OP_CHECKMULTISIGVERIFY)


def count_sigops(script: bytes, *, accurate: bool) -> int:
    """Signature operations up to the end, or up to a push that is cut off."""
    count = 0
    last = -1
    try:
        for op, _ in read_ops(script):
            if op in _SINGLE:
                count += 1
            elif op in _MULTIPLE:
                is_known = accurate and Op.OP_1 <= last <= Op.OP_16
                count += last - Op.OP_1 + 1 if is_known else MULTISIG_SIGOPS
            last = op
    except BadScript:
        return count
    return count


def count_legacy_sigops(tx: Transaction) -> int:
    """Operations written in the transaction itself, whether executed or not."""
    count = sum(count_sigops(i.script_sig, accurate=False) for i in tx.inputs)
    return count + sum(count_sigops(o.script, accurate=False) for o in tx.outputs)


def count_all_sigops(tx: Transaction, coins: list[Coin]) -> int:
    """The legacy count and the operations in redeem scripts. `coins` are those of the inputs."""
    count = count_legacy_sigops(tx)
    for tx_input, coin in zip(tx.inputs, coins, strict=True):
        pushes = read_pushes(tx_input.script_sig) if is_p2sh(coin.script) else None
        if pushes:
            count += count_sigops(pushes[-1], accurate=True)
    return count


def read_pushes(script: bytes) -> list[bytes] | None:
    """What a script of pushes leaves on the stack; None if anything else is in it."""
    stack = []
    try:
        for op, data in read_ops(script):
            if op > Op.OP_16 or op == Op.OP_RESERVED:
                return None
            is_number = op >= Op.OP_1NEGATE
            stack.append(encode_number(op - Op.OP_1 + 1) if is_number else data)
    except BadScript:
        return None
    return stack
