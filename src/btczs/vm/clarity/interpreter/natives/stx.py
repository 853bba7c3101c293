"""The chain's own token: balances, transfers, burns.

Only `tx-sender` can send or burn, and only what is not locked.
"""

from collections.abc import Sequence
from typing import Final

from btczs.codec.clarity.types import PRINCIPAL, UINT, tuple_type
from btczs.codec.clarity.values import (
    TRUE,
    BufferValue,
    ErrValue,
    OkValue,
    Principal,
    UIntValue,
    Value,
)
from btczs.vm.clarity.interpreter.environment import Environment
from btczs.vm.clarity.interpreter.natives.arguments import is_principal, is_uint
from btczs.vm.clarity.interpreter.natives.registry import special
from btczs.vm.clarity.reader.syntax import Expr
from btczs.vm.clarity.runtime.assets import U128_MAX
from btczs.vm.clarity.runtime.errors import (
    ArithmeticOverflow,
    ArithmeticUnderflow,
    TypeValueError,
    Unreachable,
    check_argument_count,
)
from btczs.vm.clarity.runtime.events import StxBurnEvent, StxTransferEvent
from btczs.vm.clarity.runtime.values import TypedTuple

BALANCE_BYTES: Final = 40
"""Bytes of memory that a balance counts."""

OK_TRUE = OkValue(TRUE)
NOT_ENOUGH_BALANCE = ErrValue(UIntValue(1))
SENDER_IS_RECIPIENT = ErrValue(UIntValue(2))
NON_POSITIVE_AMOUNT = ErrValue(UIntValue(3))
SENDER_IS_NOT_TX_SENDER = ErrValue(UIntValue(4))

_ACCOUNT_TYPE = tuple_type(("locked", "unlock-height", "unlocked"), (UINT, UINT, UINT))


@special("stx-get-balance")
def stx_get_balance(args: Sequence[Expr], env: Environment) -> Value:
    check_argument_count(1, args)
    env.charge("stx_balance")
    return UIntValue(env.state.stx_account(_owner(args[0], env)).unlocked)


@special("stx-account")
def stx_account(args: Sequence[Expr], env: Environment) -> Value:
    check_argument_count(1, args)
    env.charge("stx_account")
    account = env.state.stx_account(_owner(args[0], env))
    fields = (
        ("locked", UIntValue(account.locked)),
        ("unlock-height", UIntValue(account.unlock_height)),
        ("unlocked", UIntValue(account.unlocked)),
    )
    return TypedTuple(fields, _ACCOUNT_TYPE)


@special("stx-transfer?")
def stx_transfer(args: Sequence[Expr], env: Environment) -> Value:
    check_argument_count(3, args)
    env.charge("stx_transfer")
    amount, sender, recipient = [env.eval_ref(arg)[0] for arg in args]
    return _transfer(env, amount, sender, recipient, BufferValue(b""))


@special("stx-transfer-memo?")
def stx_transfer_memo(args: Sequence[Expr], env: Environment) -> Value:
    check_argument_count(4, args)
    env.charge("stx_transfer_memo")
    amount, sender, recipient, memo = [env.eval_ref(arg)[0] for arg in args]
    return _transfer(env, amount, sender, recipient, memo)


@special("stx-burn?")
def stx_burn(args: Sequence[Expr], env: Environment) -> Value:
    check_argument_count(2, args)
    env.charge("stx_transfer")
    amount, sender = [env.eval_ref(arg)[0] for arg in args]
    if not (is_uint(amount) and is_principal(sender)):
        raise Unreachable("stx-burn? takes an amount and a principal")
    if amount.value == 0:
        return NON_POSITIVE_AMOUNT
    if sender != env.sender:
        return SENDER_IS_NOT_TX_SENDER
    env.meter.add_memory(PRINCIPAL.size)
    env.meter.add_memory(BALANCE_BYTES)
    balance = env.state.stx_account(sender).unlocked
    if balance < amount.value:
        return NOT_ENOUGH_BALANCE
    if amount.value > env.state.liquid_supply():
        raise ArithmeticUnderflow("more is burned than exists")
    env.state.set_stx_unlocked(sender, balance - amount.value)
    env.state.burn_stx(amount.value)
    env.moves.record_stx_burn(sender, amount.value)
    env.emit(StxBurnEvent(sender, amount.value))
    return OK_TRUE


def _transfer(
    env: Environment, amount: Value, sender: Value, recipient: Value, memo: Value
) -> Value:
    if not (
        is_principal(sender)
        and is_principal(recipient)
        and is_uint(amount)
        and isinstance(memo, BufferValue)
    ):
        raise Unreachable("stx-transfer? takes an amount, two principals and a memo")
    if amount.value == 0:
        return NON_POSITIVE_AMOUNT
    if sender == recipient:
        return SENDER_IS_RECIPIENT
    if sender != env.sender:
        return SENDER_IS_NOT_TX_SENDER
    for size in (PRINCIPAL.size, PRINCIPAL.size, BALANCE_BYTES, BALANCE_BYTES):
        env.meter.add_memory(size)
    if not _move(env, sender, recipient, amount.value):
        return NOT_ENOUGH_BALANCE
    env.moves.record_stx_transfer(sender, amount.value)
    env.emit(StxTransferEvent(sender, recipient, amount.value, memo.data))
    return OK_TRUE


def _move(env: Environment, sender: Principal, recipient: Principal, amount: int) -> bool:
    """Moves units; False if the sender has not enough of them."""
    state = env.state
    balance = state.stx_account(sender).unlocked
    if balance < amount:
        return False
    received = state.stx_account(recipient).unlocked + amount
    if received > U128_MAX:
        raise ArithmeticOverflow("the balance does not fit 128 bits")
    state.set_stx_unlocked(sender, balance - amount)
    state.set_stx_unlocked(recipient, received)
    return True


def _owner(expr: Expr, env: Environment) -> Principal:
    value, _ = env.eval_ref(expr)
    if not is_principal(value):
        raise TypeValueError.of(PRINCIPAL, value)
    return value
