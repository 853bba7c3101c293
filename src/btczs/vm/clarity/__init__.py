"""Contracts: the Clarity language, versions 1 to 6, under the rules of epoch 4.0.

Clarity is decidable: no loops without a bound, no recursion, so a program can be analysed in full
before it runs. What runs is the source that everybody can read on the chain.

    reader       source text to syntax tree
    analysis     what is wrong with a program, and the type of all that is in it
    interpreter  tier 0: evaluates the tree; what it computes and charges is consensus
    compiler     tier 1: the same, faster
    runtime      what both tiers share: pure functions, state, events, contracts
    types, costs, limits, names, errors   the rules as data

Invariants
- The five costs of an execution are exact, on success and at every point where it can stop.
- An execution that fails leaves nothing behind: no state, no event, no asset moved.
- Nothing here reads a clock, draws a random number or does I/O: the world is what `StateView` and
  `ChainView` show.
- Wrong programs and wrong input give an error in the `Outcome`; an exception is a defect of ours.

Entry points: `Machine` (deploy, call, read, evaluate); `CostMeter` for limits; `Outcome`;
`ContractCache` to share loaded contracts between machines; `ClarityError` and its families.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from btczs.vm.clarity.costs import BLOCK_LIMIT, CostMeter, ExecutionCost
    from btczs.vm.clarity.errors import ClarityError
    from btczs.vm.clarity.machine import Machine
    from btczs.vm.clarity.names import ClarityVersion
    from btczs.vm.clarity.outcome import Outcome
    from btczs.vm.clarity.runtime.contracts import ContractCache
    from btczs.vm.clarity.runtime.views import ChainView, StateView

_HOMES = {
    "BLOCK_LIMIT": "costs",
    "CostMeter": "costs",
    "ExecutionCost": "costs",
    "ClarityError": "errors",
    "Machine": "machine",
    "ClarityVersion": "names",
    "Outcome": "outcome",
    "ContractCache": "runtime.contracts",
    "ChainView": "runtime.views",
    "StateView": "runtime.views",
}

__all__ = [
    "BLOCK_LIMIT",
    "ChainView",
    "ClarityError",
    "ClarityVersion",
    "ContractCache",
    "CostMeter",
    "ExecutionCost",
    "Machine",
    "Outcome",
    "StateView",
]


def __getattr__(name: str) -> Any:
    # Loaded when asked for: the reader and the codec need none of the machine.
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{home}"), name)
