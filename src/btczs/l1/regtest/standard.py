"""Standardness: shapes of transactions that a main-net node relays.

The real node asks none of this on regtest; the embedded node does by default, so that what works
on the devnet is relayed on the main net too (`standard=False` gives the real regtest).
"""

from btczs.codec.compact import write_compact
from btczs.l1.bitcoinz.transaction import Transaction
from btczs.l1.params import L1Params
from btczs.l1.parts import TxOut
from btczs.l1.regtest import limits
from btczs.l1.regtest.errors import RejectCode, TransactionRejected
from btczs.l1.regtest.sigops import count_sigops, read_pushes
from btczs.l1.regtest.solver import Solved, solve_script
from btczs.l1.regtest.utxo import Coin, is_unspendable
from btczs.l1.script.opcodes import is_push_only

SPENDING_INPUT_BYTES = 148


def compute_dust_threshold(output: TxOut) -> int:
    """An output of less value costs more than a third of it to spend: 54 for P2PKH."""
    if is_unspendable(output.script):
        return 0
    size = 8 + len(write_compact(len(output.script))) + len(output.script) + SPENDING_INPUT_BYTES
    return 3 * (limits.DUST_RATE_ZAT_PER_KB * size // 1000)


def verify_standard_transaction(params: L1Params, tx: Transaction, height: int) -> None:
    """Raises `TransactionRejected` unless version, scriptSigs and outputs are standard."""
    _verify_version(params, tx, height)
    for tx_input in tx.inputs:
        if len(tx_input.script_sig) > limits.SCRIPT_SIG_STANDARD_BYTES_MAX:
            raise _nonstandard("scriptsig-size")
        if not is_push_only(tx_input.script_sig):
            raise _nonstandard("scriptsig-not-pushonly")
    data_outputs = 0
    for output in tx.outputs:
        solved = solve_script(output.script)
        if not _is_standard_output(solved, output.script):
            raise _nonstandard("scriptpubkey")
        if solved.type == "nulldata":
            data_outputs += 1
        elif output.value < compute_dust_threshold(output):
            raise _nonstandard("dust")
    if data_outputs > 1:
        raise _nonstandard("multi-op-return")


def _verify_version(params: L1Params, tx: Transaction, height: int) -> None:
    if params.is_active("sapling", height):
        allowed, reason = (4, 4), "sapling-version"
    elif params.is_active("overwinter", height):
        allowed, reason = (3, 3), "overwinter-version"
    else:
        allowed, reason = (1, 2), "version"
    if not allowed[0] <= tx.version <= allowed[1]:
        raise _nonstandard(reason)


def _is_standard_output(solved: Solved, script: bytes) -> bool:
    if solved.type == "multisig":
        return solved.key_count <= limits.BARE_MULTISIG_KEYS_MAX
    if solved.type == "nulldata":
        return len(script) <= limits.OP_RETURN_SCRIPT_BYTES_MAX
    return solved.type != "nonstandard"


def verify_standard_inputs(tx: Transaction, coins: list[Coin]) -> None:
    """Raises `TransactionRejected` unless each scriptSig holds exactly what its script takes."""
    for tx_input, coin in zip(tx.inputs, coins, strict=True):
        if not _is_standard_input(tx_input.script_sig, coin.script):
            raise _nonstandard("bad-txns-nonstandard-inputs")


def _is_standard_input(script_sig: bytes, script_pubkey: bytes) -> bool:
    expected = _count_arguments(solve_script(script_pubkey))
    stack = read_pushes(script_sig)
    if expected is None or stack is None:
        return False
    if solve_script(script_pubkey).type == "scripthash":
        if not stack:
            return False
        inner = _count_arguments(solve_script(stack[-1]))
        if solve_script(stack[-1]).type == "nonstandard":
            return count_sigops(stack[-1], accurate=True) <= limits.P2SH_SIGOPS_MAX
        if inner is None:
            return False
        expected += inner
    return len(stack) == expected


def _count_arguments(solved: Solved) -> int | None:
    """How many pushes spend such a script; None if none can."""
    match solved.type:
        case "pubkey" | "scripthash":
            return 1
        case "pubkeyhash":
            return 2
        case "multisig":
            return solved.required + 1
        case _:
            return None


def _nonstandard(reason: str) -> TransactionRejected:
    return TransactionRejected(reason, RejectCode.NONSTANDARD)
