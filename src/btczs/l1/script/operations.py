"""The opcodes, one function each, except signatures (`signatures.py`)."""

from collections.abc import Callable
from hashlib import sha1

from btczs.crypto.hashes import hash160, ripemd160, sha256, sha256d
from btczs.l1.script.checker import SEQUENCE_DISABLE
from btczs.l1.script.encoding import decode_number, is_true
from btczs.l1.script.errors import Reason, ScriptFailed
from btczs.l1.script.flags import Flag
from btczs.l1.script.machine import TRUE, Machine, Operation
from btczs.l1.script.opcodes import Op

LOCK_TIME_BYTES_MAX = 5
"""Lock times exceed four bytes' range from 2038 on."""


# --- control ------------------------------------------------------------------------------------


def op_nop(_: Machine) -> None:
    """OP_NOP does nothing, and is not discouraged."""


def op_upgradable_nop(m: Machine) -> None:
    if m.flags & Flag.DISCOURAGE_NOPS:
        raise ScriptFailed(Reason.DISCOURAGE_UPGRADABLE_NOPS)


def op_if(m: Machine) -> None:
    _open_branch(m, wanted=True)


def op_notif(m: Machine) -> None:
    _open_branch(m, wanted=False)


def _open_branch(m: Machine, *, wanted: bool) -> None:
    taken = False
    if all(m.branches):
        if not m.stack:
            raise ScriptFailed(Reason.UNBALANCED_CONDITIONAL)
        item = m.stack[-1]
        if m.witness and m.flags & Flag.MINIMALIF and item not in (b"", TRUE):
            raise ScriptFailed(Reason.MINIMALIF)
        taken = is_true(item) == wanted
        m.stack.pop()
    m.branches.append(taken)


def op_else(m: Machine) -> None:
    if not m.branches:
        raise ScriptFailed(Reason.UNBALANCED_CONDITIONAL)
    m.branches[-1] = not m.branches[-1]


def op_endif(m: Machine) -> None:
    if not m.branches:
        raise ScriptFailed(Reason.UNBALANCED_CONDITIONAL)
    m.branches.pop()


def op_verify(m: Machine) -> None:
    pop_true(m, Reason.VERIFY)


def pop_true(m: Machine, reason: Reason) -> None:
    """Takes the top item away if it is true, else fails with `reason`."""
    if not is_true(m.need(1)[-1]):
        raise ScriptFailed(reason)
    m.stack.pop()


def op_return(_: Machine) -> None:
    raise ScriptFailed(Reason.OP_RETURN)


def op_checklocktimeverify(m: Machine) -> None:
    if not m.flags & Flag.CLTV:
        op_upgradable_nop(m)
        return
    lock_time = decode_number(m.need(1)[-1], minimal=m.minimal, size_max=LOCK_TIME_BYTES_MAX)
    if lock_time < 0:
        raise ScriptFailed(Reason.NEGATIVE_LOCKTIME)
    if not m.checker.has_reached_lock_time(lock_time):
        raise ScriptFailed(Reason.UNSATISFIED_LOCKTIME)


def op_checksequenceverify(m: Machine) -> None:
    if not m.flags & Flag.CSV:
        op_upgradable_nop(m)
        return
    sequence = decode_number(m.need(1)[-1], minimal=m.minimal, size_max=LOCK_TIME_BYTES_MAX)
    if sequence < 0:
        raise ScriptFailed(Reason.NEGATIVE_LOCKTIME)
    if sequence & SEQUENCE_DISABLE:
        return
    if not m.checker.has_reached_sequence(sequence):
        raise ScriptFailed(Reason.UNSATISFIED_LOCKTIME)


# --- stack --------------------------------------------------------------------------------------


def op_toaltstack(m: Machine) -> None:
    m.altstack.append(m.need(1).pop())


def op_fromaltstack(m: Machine) -> None:
    if not m.altstack:
        raise ScriptFailed(Reason.INVALID_ALTSTACK_OPERATION)
    m.stack.append(m.altstack.pop())


def op_2drop(m: Machine) -> None:
    del m.need(2)[-2:]


def op_2dup(m: Machine) -> None:
    m.stack += m.need(2)[-2:]


def op_3dup(m: Machine) -> None:
    m.stack += m.need(3)[-3:]


def op_2over(m: Machine) -> None:
    m.stack += m.need(4)[-4:-2]


def op_2rot(m: Machine) -> None:
    moved = m.need(6)[-6:-4]
    del m.stack[-6:-4]
    m.stack += moved


def op_2swap(m: Machine) -> None:
    a, b, c, d = m.need(4)[-4:]
    m.stack[-4:] = (c, d, a, b)


def op_ifdup(m: Machine) -> None:
    item = m.need(1)[-1]
    if is_true(item):
        m.stack.append(item)


def op_depth(m: Machine) -> None:
    m.push_number(len(m.stack))


def op_drop(m: Machine) -> None:
    m.need(1).pop()


def op_dup(m: Machine) -> None:
    m.stack.append(m.need(1)[-1])


def op_nip(m: Machine) -> None:
    del m.need(2)[-2]


def op_over(m: Machine) -> None:
    m.stack.append(m.need(2)[-2])


def op_pick(m: Machine) -> None:
    m.stack.append(m.stack[_pop_depth(m)])


def op_roll(m: Machine) -> None:
    m.stack.append(m.stack.pop(_pop_depth(m)))


def _pop_depth(m: Machine) -> int:
    """Takes a depth from the stack; the (negative) index of the item that lies so deep."""
    depth = m.number(m.need(2)[-1])
    m.stack.pop()
    if not 0 <= depth < len(m.stack):
        raise ScriptFailed(Reason.INVALID_STACK_OPERATION)
    return -depth - 1


def op_rot(m: Machine) -> None:
    a, b, c = m.need(3)[-3:]
    m.stack[-3:] = (b, c, a)


def op_swap(m: Machine) -> None:
    a, b = m.need(2)[-2:]
    m.stack[-2:] = (b, a)


def op_tuck(m: Machine) -> None:
    a, b = m.need(2)[-2:]
    m.stack[-2:] = (b, a, b)


def op_size(m: Machine) -> None:
    m.push_number(len(m.need(1)[-1]))


def op_equal(m: Machine) -> None:
    m.need(2)
    m.push_bool(m.stack.pop() == m.stack.pop())


def op_equalverify(m: Machine) -> None:
    op_equal(m)
    pop_true(m, Reason.EQUALVERIFY)


# --- numbers ------------------------------------------------------------------------------------


def _unary(compute: Callable[[int], int]) -> Operation:
    def operation(m: Machine) -> None:
        value = m.number(m.need(1)[-1])
        m.stack.pop()
        m.push_number(compute(value))

    return operation


def _binary(compute: Callable[[int, int], int]) -> Operation:
    def operation(m: Machine) -> None:
        a, b = m.need(2)[-2:]
        result = compute(m.number(a), m.number(b))
        del m.stack[-2:]
        m.push_number(result)

    return operation


op_numequal = _binary(lambda a, b: a == b)


def op_numequalverify(m: Machine) -> None:
    op_numequal(m)
    pop_true(m, Reason.NUMEQUALVERIFY)


def op_within(m: Machine) -> None:
    value, low, high = map(m.number, m.need(3)[-3:])
    del m.stack[-3:]
    m.push_bool(low <= value < high)


def _constant(value: int) -> Operation:
    return lambda m: m.push_number(value)


def _hash(compute: Callable[[bytes], bytes]) -> Operation:
    def operation(m: Machine) -> None:
        m.stack.append(compute(m.need(1).pop()))

    return operation


OPERATIONS: dict[int, Operation] = {
    Op.OP_1NEGATE: _constant(-1),
    **{Op.OP_1 + n: _constant(n + 1) for n in range(16)},
    Op.OP_NOP: op_nop,
    Op.OP_IF: op_if,
    Op.OP_NOTIF: op_notif,
    Op.OP_ELSE: op_else,
    Op.OP_ENDIF: op_endif,
    Op.OP_VERIFY: op_verify,
    Op.OP_RETURN: op_return,
    Op.OP_TOALTSTACK: op_toaltstack,
    Op.OP_FROMALTSTACK: op_fromaltstack,
    Op.OP_2DROP: op_2drop,
    Op.OP_2DUP: op_2dup,
    Op.OP_3DUP: op_3dup,
    Op.OP_2OVER: op_2over,
    Op.OP_2ROT: op_2rot,
    Op.OP_2SWAP: op_2swap,
    Op.OP_IFDUP: op_ifdup,
    Op.OP_DEPTH: op_depth,
    Op.OP_DROP: op_drop,
    Op.OP_DUP: op_dup,
    Op.OP_NIP: op_nip,
    Op.OP_OVER: op_over,
    Op.OP_PICK: op_pick,
    Op.OP_ROLL: op_roll,
    Op.OP_ROT: op_rot,
    Op.OP_SWAP: op_swap,
    Op.OP_TUCK: op_tuck,
    Op.OP_SIZE: op_size,
    Op.OP_EQUAL: op_equal,
    Op.OP_EQUALVERIFY: op_equalverify,
    Op.OP_1ADD: _unary(lambda a: a + 1),
    Op.OP_1SUB: _unary(lambda a: a - 1),
    Op.OP_NEGATE: _unary(lambda a: -a),
    Op.OP_ABS: _unary(abs),
    Op.OP_NOT: _unary(lambda a: a == 0),
    Op.OP_0NOTEQUAL: _unary(lambda a: a != 0),
    Op.OP_ADD: _binary(lambda a, b: a + b),
    Op.OP_SUB: _binary(lambda a, b: a - b),
    Op.OP_BOOLAND: _binary(lambda a, b: a != 0 and b != 0),
    Op.OP_BOOLOR: _binary(lambda a, b: a != 0 or b != 0),
    Op.OP_NUMEQUAL: op_numequal,
    Op.OP_NUMEQUALVERIFY: op_numequalverify,
    Op.OP_NUMNOTEQUAL: _binary(lambda a, b: a != b),
    Op.OP_LESSTHAN: _binary(lambda a, b: a < b),
    Op.OP_GREATERTHAN: _binary(lambda a, b: a > b),
    Op.OP_LESSTHANOREQUAL: _binary(lambda a, b: a <= b),
    Op.OP_GREATERTHANOREQUAL: _binary(lambda a, b: a >= b),
    Op.OP_MIN: _binary(min),
    Op.OP_MAX: _binary(max),
    Op.OP_WITHIN: op_within,
    Op.OP_RIPEMD160: _hash(ripemd160),
    Op.OP_SHA1: _hash(lambda data: sha1(data, usedforsecurity=False).digest()),
    Op.OP_SHA256: _hash(sha256),
    Op.OP_HASH160: _hash(hash160),
    Op.OP_HASH256: _hash(sha256d),
    Op.OP_CHECKLOCKTIMEVERIFY: op_checklocktimeverify,
    Op.OP_CHECKSEQUENCEVERIFY: op_checksequenceverify,
    Op.OP_NOP1: op_upgradable_nop,
    **dict.fromkeys(range(Op.OP_NOP4, Op.OP_NOP10 + 1), op_upgradable_nop),
}
