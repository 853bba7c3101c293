"""What compiled code needs for `restrict-assets?` and `as-contract?`."""

from collections.abc import Callable
from typing import Any

from btczs.codec.clarity.names import is_clarity_name
from btczs.codec.clarity.values import ContractPrincipal
from btczs.vm.clarity.compiler.run import Run
from btczs.vm.clarity.compiler.support import NAMESPACE, NeedsInterpreter
from btczs.vm.clarity.compiler.tagging import principal_of
from btczs.vm.clarity.errors import ClarityError
from btczs.vm.clarity.interpreter.natives.allowances import is_final
from btczs.vm.clarity.runtime.allowances import (
    AllAllowance,
    Allowance,
    FtAllowance,
    NftAllowance,
    PoxAllowance,
    StackingAllowance,
    StxAllowance,
    find_violation,
)
from btczs.vm.clarity.runtime.events import AssetIdentifier
from btczs.vm.clarity.runtime.values import TypedList

Raw = Any


def restricted(
    x: Run,
    owner: bytes,
    allowances: tuple[Allowance, ...],
    body: Callable[[], tuple[bool, Raw]],
) -> tuple[bool, Raw]:
    """Runs `body` in a scope; `(left the function, value)`, the value being a response if not."""
    execution = x.execution
    running, depth, bound = len(x.running), x.depth, x.memory_bound
    execution.begin()
    scopes = execution.scope_count
    stopped: ClarityError | None = None
    left, value = False, None
    try:
        left, value = body()
    except ClarityError as error:
        if is_final(error):
            raise
        stopped = error
        execution.unwind(scopes)
        del x.running[running:]
        x.depth, x.memory_bound = depth, bound
    violated = find_violation(principal_of(owner), list(allowances), execution.moves.current)
    if violated is not None:
        execution.roll_back()
        return False, (False, violated)
    execution.commit()
    if stopped is not None:
        raise stopped
    return (True, value) if left else (False, (True, value))


def _asset(contract: bytes, token: bytes) -> AssetIdentifier:
    principal, name = principal_of(contract), token.decode("ascii")
    if not isinstance(principal, ContractPrincipal) or not is_clarity_name(name):
        raise NeedsInterpreter
    return AssetIdentifier(principal, name)


def ft_allowance(contract: bytes, token: bytes, amount: int) -> FtAllowance:
    return FtAllowance(_asset(contract, token), amount)


def nft_allowance(contract: bytes, token: bytes, ids: TypedList) -> NftAllowance:
    return NftAllowance(_asset(contract, token), ids.items)


NAMESPACE.update(
    {
        "restricted": restricted,
        "stx_allowance": StxAllowance,
        "stacking_allowance": StackingAllowance,
        "ft_allowance": ft_allowance,
        "nft_allowance": nft_allowance,
        "pox_allowance": PoxAllowance,
        "all_allowance": AllAllowance,
    }
)
