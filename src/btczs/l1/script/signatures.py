"""The opcodes that check signatures."""

from btczs.l1.script.encoding import verify_key_encoding, verify_signature_encoding
from btczs.l1.script.errors import Reason, ScriptFailed
from btczs.l1.script.flags import Flag
from btczs.l1.script.machine import Machine, Operation
from btczs.l1.script.opcodes import BadScript, Op, read_op
from btczs.l1.script.operations import pop_true

KEYS_MAX = 20


def op_codeseparator(m: Machine) -> None:
    m.code_start = m.offset


def op_checksig(m: Machine) -> None:
    signature, key = m.need(2)[-2:]
    script_code = _get_script_code(m, [signature])
    valid = _check(m, signature, key, script_code)
    if not valid and signature and m.flags & Flag.NULLFAIL:
        raise ScriptFailed(Reason.SIG_NULLFAIL)
    del m.stack[-2:]
    m.push_bool(valid)


def op_checksigverify(m: Machine) -> None:
    op_checksig(m)
    pop_true(m, Reason.CHECKSIGVERIFY)


def op_checkmultisig(m: Machine) -> None:
    """dummy sig... m key... n: m signatures by m of the n keys, in the order of the keys."""
    stack = m.need(1)
    key_count = m.number(stack[-1])
    if not 0 <= key_count <= KEYS_MAX:
        raise ScriptFailed(Reason.PUBKEY_COUNT)
    m.count_operations(key_count)
    m.need(key_count + 2)
    signature_count = m.number(stack[-key_count - 2])
    if not 0 <= signature_count <= key_count:
        raise ScriptFailed(Reason.SIG_COUNT)
    used = key_count + signature_count + 2
    # The original program takes one item too many from the stack; that became the rule.
    dummy = m.need(used + 1)[-used - 1]
    keys = stack[-key_count - 1 : -1]
    signatures = stack[-used : -used + signature_count]
    valid = _check_all(m, keys, signatures)
    if not valid and m.flags & Flag.NULLFAIL and any(signatures):
        raise ScriptFailed(Reason.SIG_NULLFAIL)
    if dummy and m.flags & Flag.NULLDUMMY:
        raise ScriptFailed(Reason.SIG_NULLDUMMY)
    del stack[-used - 1 :]
    m.push_bool(valid)


def op_checkmultisigverify(m: Machine) -> None:
    op_checkmultisig(m)
    pop_true(m, Reason.CHECKMULTISIGVERIFY)


def _check_all(m: Machine, keys: list[bytes], signatures: list[bytes]) -> bool:
    """From the last to the first, as the nodes do: the order decides which encodings are seen."""
    script_code = _get_script_code(m, signatures)
    keys, signatures = list(keys), list(signatures)
    while signatures:
        if len(signatures) > len(keys):
            return False
        if _check(m, signatures[-1], keys.pop(), script_code):
            signatures.pop()
    return True


def _check(m: Machine, signature: bytes, key: bytes, script_code: bytes) -> bool:
    verify_signature_encoding(signature, m.flags)
    verify_key_encoding(key, m.flags, witness=m.witness)
    return m.checker.has_signed(signature, key, script_code, m.witness)


def _get_script_code(m: Machine, signatures: list[bytes]) -> bytes:
    """The script that signatures cover.

    Bitcoin's original rule cuts the signatures themselves out of it; witness scripts and BitcoinZ
    do not.
    """
    if m.flags & Flag.NO_CODESEPARATOR:
        return m.script
    script_code = m.script[m.code_start :]
    if m.witness:
        return script_code
    for signature in signatures:
        remaining = _find_and_delete(script_code, _plain_push(signature))
        if remaining != script_code and m.flags & Flag.CONST_SCRIPTCODE:
            raise ScriptFailed(Reason.SIG_FINDANDDELETE)
        script_code = remaining
    return script_code


def _plain_push(data: bytes) -> bytes:
    """A push that never uses the opcodes of small numbers."""
    size = len(data)
    if size < Op.OP_PUSHDATA1:
        return bytes((size,)) + data
    if size <= 0xFF:
        return bytes((Op.OP_PUSHDATA1, size)) + data
    return bytes((Op.OP_PUSHDATA2,)) + size.to_bytes(2, "little") + data


def _find_and_delete(script: bytes, pattern: bytes) -> bytes:
    """`script` without `pattern` where it begins at an opcode."""
    if pattern not in script:
        return script
    kept: list[bytes] = []
    start = offset = 0
    while True:
        kept.append(script[start:offset])
        while script.startswith(pattern, offset):
            offset += len(pattern)
        start = offset
        if offset >= len(script):
            break
        try:
            _, _, offset = read_op(script, offset)
        except BadScript:
            break
    kept.append(script[start:])
    return b"".join(kept)


SIGNATURE_OPERATIONS: dict[int, Operation] = {
    Op.OP_CODESEPARATOR: op_codeseparator,
    Op.OP_CHECKSIG: op_checksig,
    Op.OP_CHECKSIGVERIFY: op_checksigverify,
    Op.OP_CHECKMULTISIG: op_checkmultisig,
    Op.OP_CHECKMULTISIGVERIFY: op_checkmultisigverify,
}
