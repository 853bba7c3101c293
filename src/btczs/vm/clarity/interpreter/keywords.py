"""The keyword variables: names with a meaning of their own, in every contract.

Those that ask the chain or the state cost as much as reading a variable of one byte.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from btczs.codec.clarity.values import BoolValue, NoneValue, SomeValue, UIntValue, Value
from btczs.vm.clarity.runtime.errors import NoCallerInContext, NoSenderInContext

if TYPE_CHECKING:
    from btczs.vm.clarity.interpreter.environment import Environment

Keyword = Callable[["Environment"], Value]

_NONE, _TRUE, _FALSE = NoneValue(), BoolValue(True), BoolValue(False)


def _sender(env: "Environment") -> Value:
    if env.sender is None:
        raise NoSenderInContext("there is no tx-sender here")
    return env.sender


def _caller(env: "Environment") -> Value:
    if env.caller is None:
        raise NoCallerInContext("there is no contract-caller here")
    return env.caller


def _read(number: Callable[["Environment"], int]) -> Keyword:
    """A number of the chain or state, and what reading it costs."""

    def keyword(env: "Environment") -> Value:
        env.charge("fetch_var", 1)
        return UIntValue(number(env))

    return keyword


KEYWORD_VALUES: Final[dict[str, Keyword]] = {
    "none": lambda _: _NONE,
    "true": lambda _: _TRUE,
    "false": lambda _: _FALSE,
    "tx-sender": _sender,
    "contract-caller": _caller,
    "tx-sponsor?": lambda env: _NONE if env.sponsor is None else SomeValue(env.sponsor),
    "current-contract": lambda env: env.contract.id,
    "is-in-regtest": lambda env: BoolValue(env.chain.is_regtest),
    "is-in-mainnet": lambda env: BoolValue(env.chain.is_mainnet),
    "chain-id": lambda env: UIntValue(env.chain.chain_id),
    "block-height": _read(lambda env: env.chain.tenure_height),
    "tenure-height": _read(lambda env: env.chain.tenure_height),
    "stacks-block-height": _read(lambda env: env.chain.block_height),
    "burn-block-height": _read(lambda env: env.chain.l1_height),
    "stacks-block-time": _read(lambda env: env.chain.block_time),
    "stx-liquid-supply": _read(lambda env: env.state.liquid_supply()),
}
