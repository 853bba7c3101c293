"""The tokens that contracts define: fungible (`ft-…`) and non-fungible (`nft-…`).

Only the contract that defines a token can name it here, so it alone mints, moves and burns.
"""

from collections.abc import Sequence

from btczs.codec.clarity.types import PRINCIPAL, UINT, ValueType
from btczs.codec.clarity.values import (
    NONE,
    TRUE,
    ErrValue,
    OkValue,
    Principal,
    SomeValue,
    UIntValue,
    Value,
    encode_value,
)
from btczs.vm.clarity.interpreter.environment import Environment
from btczs.vm.clarity.interpreter.natives.arguments import (
    check_admitted,
    is_principal,
    is_uint,
    name_argument,
)
from btczs.vm.clarity.interpreter.natives.registry import special
from btczs.vm.clarity.reader.syntax import Expr
from btczs.vm.clarity.runtime import storage
from btczs.vm.clarity.runtime.assets import U128_MAX
from btczs.vm.clarity.runtime.consensus_buffers import serialized_size
from btczs.vm.clarity.runtime.errors import (
    ArithmeticOverflow,
    Expect,
    TypeValueError,
    Unreachable,
    check_argument_count,
)
from btczs.vm.clarity.runtime.events import (
    AssetIdentifier,
    FtBurnEvent,
    FtMintEvent,
    FtTransferEvent,
    NftBurnEvent,
    NftMintEvent,
    NftTransferEvent,
)

OK_TRUE = OkValue(TRUE)
ERR_1 = ErrValue(UIntValue(1))
ERR_2 = ErrValue(UIntValue(2))
ERR_3 = ErrValue(UIntValue(3))


@special("ft-get-balance")
def ft_get_balance(args: Sequence[Expr], env: Environment) -> Value:
    check_argument_count(2, args)
    env.charge("ft_balance")
    token = name_argument(args[0])
    owner, _ = env.eval_ref(args[1])
    if not is_principal(owner):
        raise TypeValueError.of(PRINCIPAL, owner)
    _supply_limit(env, token)
    return UIntValue(storage.get_ft_balance(env.state, env.contract.id, token, owner))


@special("ft-get-supply")
def ft_get_supply(args: Sequence[Expr], env: Environment) -> Value:
    check_argument_count(1, args)
    env.charge("ft_get_supply")
    token = name_argument(args[0])
    return UIntValue(storage.get_ft_supply(env.state, env.contract.id, token))


@special("ft-mint?")
def ft_mint(args: Sequence[Expr], env: Environment) -> Value:
    """(err u1): nothing to mint."""
    check_argument_count(3, args)
    env.charge("ft_mint")
    token = name_argument(args[0])
    amount, recipient = [env.eval_ref(arg)[0] for arg in args[1:]]
    if not (is_uint(amount) and is_principal(recipient)):
        raise Unreachable("ft-mint? takes a token, an amount and a principal")
    if amount.value == 0:
        return ERR_1
    limit = _supply_limit(env, token)
    state, contract = env.state, env.contract.id
    storage.raise_ft_supply(state, contract, token, amount.value, limit)
    balance = storage.get_ft_balance(state, contract, token, recipient) + amount.value
    if balance > U128_MAX:
        raise Expect("a balance is larger than the supply")
    env.meter.add_memory(PRINCIPAL.size)
    env.meter.add_memory(UINT.size)
    storage.put_ft_balance(state, contract, token, recipient, balance)
    env.emit(FtMintEvent(_asset(env, token), recipient, amount.value))
    return OK_TRUE


@special("ft-transfer?")
def ft_transfer(args: Sequence[Expr], env: Environment) -> Value:
    """(err u1): not enough; u2: to oneself; u3: nothing to transfer."""
    check_argument_count(4, args)
    env.charge("ft_transfer")
    token = name_argument(args[0])
    amount, sender, recipient = [env.eval_ref(arg)[0] for arg in args[1:]]
    if not (is_uint(amount) and is_principal(sender) and is_principal(recipient)):
        raise Unreachable("ft-transfer? takes a token, an amount and two principals")
    if amount.value == 0:
        return ERR_3
    if sender == recipient:
        return ERR_2
    _supply_limit(env, token)
    state, contract = env.state, env.contract.id
    kept = storage.get_ft_balance(state, contract, token, sender) - amount.value
    if kept < 0:
        return ERR_1
    received = storage.get_ft_balance(state, contract, token, recipient) + amount.value
    if received > U128_MAX:
        raise ArithmeticOverflow("the balance does not fit 128 bits")
    for size in (PRINCIPAL.size, PRINCIPAL.size, UINT.size, UINT.size):
        env.meter.add_memory(size)
    storage.put_ft_balance(state, contract, token, sender, kept)
    storage.put_ft_balance(state, contract, token, recipient, received)
    asset = _asset(env, token)
    env.moves.record_ft(sender, asset, amount.value)
    env.emit(FtTransferEvent(asset, sender, recipient, amount.value))
    return OK_TRUE


@special("ft-burn?")
def ft_burn(args: Sequence[Expr], env: Environment) -> Value:
    """(err u1): nothing to burn, or not enough."""
    check_argument_count(3, args)
    env.charge("ft_burn")
    token = name_argument(args[0])
    amount, owner = [env.eval_ref(arg)[0] for arg in args[1:]]
    if not (is_uint(amount) and is_principal(owner)):
        raise Unreachable("ft-burn? takes a token, an amount and a principal")
    if amount.value == 0:
        return ERR_1
    _supply_limit(env, token)
    state, contract = env.state, env.contract.id
    kept = storage.get_ft_balance(state, contract, token, owner) - amount.value
    if kept < 0:
        return ERR_1
    storage.lower_ft_supply(state, contract, token, amount.value)
    storage.put_ft_balance(state, contract, token, owner, kept)
    asset = _asset(env, token)
    env.emit(FtBurnEvent(asset, owner, amount.value))
    env.meter.add_memory(PRINCIPAL.size)
    env.meter.add_memory(UINT.size)
    env.moves.record_ft(owner, asset, amount.value)
    return OK_TRUE


@special("nft-get-owner?")
def nft_get_owner(args: Sequence[Expr], env: Environment) -> Value:
    check_argument_count(2, args)
    token = name_argument(args[0])
    value, _ = env.eval_ref(args[1])
    _pay_for_token(env, "nft_owner", token, value)
    owner = storage.get_nft_owner(env.state, env.contract.id, token, encode_value(value))
    return NONE if owner is None else SomeValue(owner)


@special("nft-mint?")
def nft_mint(args: Sequence[Expr], env: Environment) -> Value:
    """(err u1): the token exists."""
    check_argument_count(3, args)
    token = name_argument(args[0])
    (value, borrowed), (recipient, _) = [env.eval_ref(arg) for arg in args[1:]]
    size = _pay_for_token(env, "nft_mint", token, value)
    if not is_principal(recipient):
        raise TypeValueError.of(PRINCIPAL, recipient)
    identifier = encode_value(value)
    if storage.get_nft_owner(env.state, env.contract.id, token, identifier) is not None:
        return ERR_1
    _give(env, token, identifier, recipient, size)
    env.own(value, borrowed)
    env.emit(NftMintEvent(_asset(env, token), recipient, value))
    return OK_TRUE


@special("nft-transfer?")
def nft_transfer(args: Sequence[Expr], env: Environment) -> Value:
    """(err u1): another one owns it; u2: to oneself; u3: it does not exist."""
    check_argument_count(4, args)
    token = name_argument(args[0])
    (value, borrowed), (sender, _), (recipient, _) = [env.eval_ref(arg) for arg in args[1:]]
    size = _pay_for_token(env, "nft_transfer", token, value)
    if not (is_principal(sender) and is_principal(recipient)):
        raise Unreachable("nft-transfer? takes a token, its id and two principals")
    if sender == recipient:
        return ERR_2
    identifier = encode_value(value)
    owner = storage.get_nft_owner(env.state, env.contract.id, token, identifier)
    if owner != sender:
        return ERR_3 if owner is None else ERR_1
    _give(env, token, identifier, recipient, size)
    env.own(value, borrowed)
    asset = _asset(env, token)
    env.moves.record_nft(sender, asset, value)
    env.emit(NftTransferEvent(asset, sender, recipient, value))
    return OK_TRUE


@special("nft-burn?")
def nft_burn(args: Sequence[Expr], env: Environment) -> Value:
    """(err u1): another one owns it; u3: it does not exist."""
    check_argument_count(3, args)
    env.charge("nft_burn")
    token = name_argument(args[0])
    (value, borrowed), (sender, _) = [env.eval_ref(arg) for arg in args[1:]]
    size = _pay_for_token(env, "nft_burn", token, value)
    if not is_principal(sender):
        raise TypeValueError.of(PRINCIPAL, sender)
    identifier = encode_value(value)
    owner = storage.get_nft_owner(env.state, env.contract.id, token, identifier)
    if owner != sender:
        return ERR_3 if owner is None else ERR_1
    _give(env, token, identifier, None, size)
    env.own(value, borrowed)
    asset = _asset(env, token)
    env.moves.record_nft(sender, asset, value)
    env.emit(NftBurnEvent(asset, sender, value))
    return OK_TRUE


def _supply_limit(env: Environment, token: str) -> int | None:
    """The most of a token that may exist. Raises `Unreachable` if there is no such token."""
    limits = env.contract.fungible_tokens
    if token not in limits:
        raise Unreachable(f"there is no fungible token {token}")
    return limits[token]


def _identifier_type(env: Environment, token: str) -> ValueType:
    value_type = env.contract.non_fungible_tokens.get(token)
    if value_type is None:
        raise Unreachable(f"there is no non-fungible token {token}")
    return value_type


def _pay_for_token(env: Environment, cost: str, token: str, value: Value) -> int:
    """Charges by the encoded size of the id, which is the result, and checks the id's type."""
    expected = _identifier_type(env, token)
    size = serialized_size(value)
    env.charge(cost, size)
    check_admitted(expected, value)
    return size


def _give(
    env: Environment, token: str, identifier: bytes, owner: Principal | None, size: int
) -> None:
    env.meter.add_memory(PRINCIPAL.size)
    env.meter.add_memory(size)
    storage.put_nft_owner(env.state, env.contract.id, token, identifier, owner)


def _asset(env: Environment, token: str) -> AssetIdentifier:
    return AssetIdentifier(env.contract.id, token)
