"""Whether an input may spend an output: BIP 16 scripts and witness version 0.

Rules by chain and height are in `flags`. Taproot spends (witness version 1) are not verified:
they raise `UnsupportedScript`, and are never taken for valid.

Bounds: scripts of at most 10,000 bytes, items of at most 520, at most 201 counted operations (each
key of a multisig counts), stacks of at most 1,000 items. Hashes of transaction parts are kept, so
the cost of an input does not grow with the number of others, except on versions 1 and 2 and
Bitcoin's original rule, where each signature hashes the whole transaction.
"""

from btczs.crypto.hashes import sha256
from btczs.l1 import sighash
from btczs.l1.bitcoin.transaction import Transaction as BitcoinTransaction
from btczs.l1.errors import SighashUndefined
from btczs.l1.params import L1Params
from btczs.l1.script import templates
from btczs.l1.script.checker import InputChecker
from btczs.l1.script.encoding import is_true
from btczs.l1.script.errors import Reason, ScriptFailed, UnsupportedScript
from btczs.l1.script.flags import Flag, get_flags
from btczs.l1.script.machine import ITEM_BYTES_MAX, Machine, execute
from btczs.l1.script.opcodes import is_push_only
from btczs.l1.script.operations import OPERATIONS
from btczs.l1.script.signatures import SIGNATURE_OPERATIONS
from btczs.l1.wire import Tx
from btczs.primitives import Hash20

__all__ = ["ScriptFailed", "UnsupportedScript", "verify_input", "verify_script"]

_OPERATIONS = OPERATIONS | SIGNATURE_OPERATIONS


def verify_input(
    params: L1Params,
    tx: Tx,
    index: int,
    script_pubkey: bytes,
    amount: int,
    height: int,
    *,
    policy: bool = False,
) -> None:
    """Raises `ScriptFailed` unless input `index` may spend `amount` zat of `script_pubkey`.

    `height` is that of the block the transaction is in or is to enter: it chooses the rules and
    the consensus branch. `policy` adds the rules of relay. Raises `UnsupportedScript` for taproot.
    """
    if not 0 <= index < len(tx.inputs):
        raise SighashUndefined(f"there is no input {index}")
    branch_id = sighash.branch_id_at(params, height)
    checker = InputChecker(params, tx, index, amount, branch_id)
    flags = get_flags(params, height, policy=policy)
    witness = tx.get_witness(index) if isinstance(tx, BitcoinTransaction) else ()
    verify_script(tx.inputs[index].script_sig, script_pubkey, witness, flags, checker)


def verify_script(
    script_sig: bytes,
    script_pubkey: bytes,
    witness: tuple[bytes, ...],
    flags: Flag,
    checker: InputChecker,
) -> None:
    """The same with explicit rules. Raises `ScriptFailed` or `UnsupportedScript`."""
    stack: list[bytes] = []
    _run(script_sig, stack, flags, checker)
    unlocking = list(stack)
    _run(script_pubkey, stack, flags, checker)
    _verify_true(stack)
    program = None
    if flags & Flag.WITNESS:
        program = templates.get_witness_program(script_pubkey)
        if program is not None and script_sig:
            raise ScriptFailed(Reason.WITNESS_MALLEATED)
    wrapped = False
    if flags & Flag.P2SH and templates.is_p2sh(script_pubkey):
        if not is_push_only(script_sig):
            raise ScriptFailed(Reason.SIG_PUSHONLY)
        # Not empty: an empty one could not have matched the hash.
        redeem_script = unlocking.pop()
        stack = unlocking
        _run(redeem_script, stack, flags, checker)
        _verify_true(stack)
        if flags & Flag.WITNESS:
            program, wrapped = templates.get_witness_program(redeem_script), True
            if program is not None and script_sig != templates.push(redeem_script):
                raise ScriptFailed(Reason.WITNESS_MALLEATED_P2SH)
    if program is not None:
        _verify_witness(*program, list(witness), flags, checker, wrapped=wrapped)
        return
    if flags & Flag.CLEANSTACK and len(stack) != 1:
        raise ScriptFailed(Reason.CLEANSTACK)
    if flags & Flag.WITNESS and witness:
        raise ScriptFailed(Reason.WITNESS_UNEXPECTED)


def _verify_witness(
    version: int,
    program: bytes,
    stack: list[bytes],
    flags: Flag,
    checker: InputChecker,
    *,
    wrapped: bool,
) -> None:
    if version == 0:
        script = _get_witness_script(program, stack)
        if any(len(item) > ITEM_BYTES_MAX for item in stack):
            raise ScriptFailed(Reason.PUSH_SIZE)
        _run(script, stack, flags, checker, witness=True)
        if len(stack) != 1:
            raise ScriptFailed(Reason.CLEANSTACK)
        _verify_true(stack)
    elif version == 1 and len(program) == 32 and not wrapped and flags & Flag.TAPROOT:
        raise UnsupportedScript("taproot spends are not verified here")
    elif flags & Flag.DISCOURAGE_WITNESS:
        raise ScriptFailed(Reason.DISCOURAGE_UPGRADABLE_WITNESS_PROGRAM)


def _get_witness_script(program: bytes, stack: list[bytes]) -> bytes:
    """The script of a version-0 program; taken from the top of `stack` if the program is a hash."""
    if len(program) == 20:
        if len(stack) != 2:
            raise ScriptFailed(Reason.WITNESS_PROGRAM_MISMATCH)
        return templates.p2pkh(Hash20(program))
    if len(program) != 32:
        raise ScriptFailed(Reason.WITNESS_PROGRAM_WRONG_LENGTH)
    if not stack:
        raise ScriptFailed(Reason.WITNESS_PROGRAM_WITNESS_EMPTY)
    script = stack.pop()
    if sha256(script) != program:
        raise ScriptFailed(Reason.WITNESS_PROGRAM_MISMATCH)
    return script


def _run(
    script: bytes,
    stack: list[bytes],
    flags: Flag,
    checker: InputChecker,
    *,
    witness: bool = False,
) -> None:
    execute(Machine(script, stack, flags, checker, witness=witness), _OPERATIONS)


def _verify_true(stack: list[bytes]) -> None:
    if not stack or not is_true(stack[-1]):
        raise ScriptFailed(Reason.EVAL_FALSE)
