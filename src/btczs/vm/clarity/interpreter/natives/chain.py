"""What a contract can ask about the chain: blocks, tenures, layer 1, other contracts.

Blocks at and above the one under execution are unknown. In versions 1 and 2 `get-block-info?`
takes the height of a tenure and answers for its first block, except on a chain with the id of the
classic test network, as the reference implementation does.
"""

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from btczs.codec.clarity.types import UINT
from btczs.codec.clarity.values import (
    NONE,
    BufferValue,
    ContractPrincipal,
    ErrValue,
    OkValue,
    SomeValue,
    StandardPrincipal,
    UIntValue,
    Value,
)
from btczs.vm.clarity.interpreter.environment import Environment
from btczs.vm.clarity.interpreter.natives.arguments import is_uint, name_argument
from btczs.vm.clarity.interpreter.natives.registry import special
from btczs.vm.clarity.reader.syntax import Expr
from btczs.vm.clarity.runtime import storage
from btczs.vm.clarity.runtime.errors import (
    Expect,
    ExpectedContractPrincipalValue,
    TypeValueError,
    Unreachable,
    check_argument_count,
    shown,
)
from btczs.vm.clarity.runtime.views import BlockInfo, L1BlockInfo, TenureInfo
from btczs.vm.clarity.types import make_list, make_tuple_value

CLASSIC_TESTNET_CHAIN_ID: Final = 0x80000000
HEIGHT_MAX: Final = 2**32 - 1

_Info = TypeVar("_Info")

_BLOCK: Final[dict[str, Callable[[BlockInfo], Value]]] = {
    "id-header-hash": lambda block: BufferValue(block.id_header_hash),
    "header-hash": lambda block: BufferValue(block.header_hash),
}
_STACKS_BLOCK: Final[dict[str, Callable[[BlockInfo], Value]]] = {
    **_BLOCK,
    "time": lambda block: UIntValue(block.time),
}
_TENURE: Final[dict[str, Callable[[TenureInfo], Value]]] = {
    "time": lambda tenure: UIntValue(tenure.time),
    "vrf-seed": lambda tenure: BufferValue(tenure.vrf_seed),
    "burnchain-header-hash": lambda tenure: BufferValue(tenure.l1_header_hash),
    "miner-address": lambda tenure: tenure.miner,
    "miner-spend-winner": lambda tenure: UIntValue(tenure.miner_spend_winner),
    "miner-spend-total": lambda tenure: UIntValue(tenure.miner_spend_total),
}
_REWARD: Final = "block-reward"
_SINCE_VERSION_2: Final = ("miner-spend-winner", "miner-spend-total", _REWARD)


@special("get-block-info?")
def get_block_info(args: Sequence[Expr], env: Environment) -> Value:
    env.charge("block_info")
    check_argument_count(2, args)
    name = name_argument(args[0])
    is_known = name in _BLOCK or name in _TENURE or name == _REWARD
    if not is_known or (env.version == 1 and name in _SINCE_VERSION_2):
        raise Unreachable(f"a block has no property {name}")
    height = _height(args[1], env)
    if height is None:
        return NONE
    if env.chain.chain_id == CLASSIC_TESTNET_CHAIN_ID:
        if height >= env.chain.block_height:
            return NONE
        block, tenure = env.chain.block(height), env.chain.tenure_of_block(height)
    else:
        found = env.chain.tenure(height)
        if found is None:
            return NONE
        block, tenure = found
    if name in _BLOCK:
        return SomeValue(_BLOCK[name](_recorded(block)))
    return _tenure_property(name, _recorded(tenure))


@special("get-stacks-block-info?")
def get_stacks_block_info(args: Sequence[Expr], env: Environment) -> Value:
    env.charge("block_info")
    check_argument_count(2, args)
    name = name_argument(args[0])
    if name not in _STACKS_BLOCK:
        raise Unreachable(f"a block has no property {name}")
    height = _height(args[1], env)
    if height is None or height >= env.chain.block_height:
        return NONE
    return SomeValue(_STACKS_BLOCK[name](_recorded(env.chain.block(height))))


@special("get-tenure-info?")
def get_tenure_info(args: Sequence[Expr], env: Environment) -> Value:
    env.charge("block_info")
    check_argument_count(2, args)
    name = name_argument(args[0])
    if name not in _TENURE and name != _REWARD:
        raise Unreachable(f"a tenure has no property {name}")
    height = _height(args[1], env)
    if height is None or height >= env.chain.block_height:
        return NONE
    return _tenure_property(name, _recorded(env.chain.tenure_of_block(height)))


@special("get-burn-block-info?")
def get_burn_block_info(args: Sequence[Expr], env: Environment) -> Value:
    env.charge("burn_block_info")
    check_argument_count(2, args)
    name = name_argument(args[0])
    if name not in ("header-hash", "pox-addrs"):
        raise Unreachable(f"a block of layer 1 has no property {name}")
    height = _height(args[1], env)
    block = None if height is None else env.chain.l1_block(height)
    if block is None:
        return NONE
    if name == "header-hash":
        return SomeValue(BufferValue(block.header_hash))
    return SomeValue(_pox_addresses(block))


@special("contract-hash?")
def contract_hash(args: Sequence[Expr], env: Environment) -> Value:
    """(err u1): an account, no contract; u2: there is no such contract."""
    check_argument_count(1, args)
    value, _ = env.eval_ref(args[0])
    if value.__class__ is StandardPrincipal:
        return ErrValue(UIntValue(1))
    if value.__class__ is not ContractPrincipal:
        raise ExpectedContractPrincipalValue(f"{shown(value)} is no contract", value=value)
    env.charge("contract_hash")
    digest = storage.get_contract_hash(env.state, value)
    return ErrValue(UIntValue(2)) if digest is None else OkValue(BufferValue(digest))


def _height(expr: Expr, env: Environment) -> int | None:
    """A height; None for one that no block can have."""
    value, _ = env.eval_ref(expr)
    if not is_uint(value):
        raise TypeValueError.of(UINT, value)
    return value.value if value.value <= HEIGHT_MAX else None


def _recorded(info: _Info | None) -> _Info:
    """What the chain knows of a block below this one. It must: the answer is consensus."""
    if info is None:
        raise Expect("the chain does not know a block below the one under execution")
    return info


def _tenure_property(name: str, tenure: TenureInfo) -> Value:
    if name == _REWARD:
        return NONE if tenure.block_reward is None else SomeValue(UIntValue(tenure.block_reward))
    return SomeValue(_TENURE[name](tenure))


def _pox_addresses(block: L1BlockInfo) -> Value:
    """`{addrs: (list {hashbytes, version}), payout}`."""
    addresses = [
        make_tuple_value(
            (("hashbytes", BufferValue(hash_bytes)), ("version", BufferValue(bytes((version,)))))
        )
        for version, hash_bytes in block.pox_addresses
    ]
    fields = (("addrs", make_list(addresses)), ("payout", UIntValue(block.payout)))
    return make_tuple_value(fields)
