"""The workbench of contract developers: what `btczs clarity` and tests of contracts are made of.

A library in its own right: tests of contracts import `SimulatedChain` from here and nothing else.

- `chain`: `SimulatedChain` deploys, calls, lets blocks pass; `result`: what a call gave, and what
  tests expect of it; `accounts`, `values`, `texts`, `state`: accounts, values in Python and in
  text, looking into the state.
- `pytest_plugin`: the same as fixtures, with `coverage` and a `cost_log`.
- `diagnose`, `lints`, `project`: mistakes and warnings in sources; files that belong together.
- `words`: the explanation of every word of the language.
- `verify`: search for what breaks the rules of a contract, and proofs of arithmetic.

Invariants
- Nothing here decides what a contract does: everything is asked of `btczs.vm.clarity`.
- Reading (`read`, `var`, `map_entry`, `assets` …) never changes a chain.
- A simulated chain is deterministic: the same calls give the same heights, times and hashes.

The names below are loaded when they are first used, since pytest loads the plugin at every start.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from btczs.workbench.accounts import Accounts
    from btczs.workbench.chain import DeploymentFailed, SimulatedChain
    from btczs.workbench.result import ExpectationFailed, Result
    from btczs.workbench.values import Err, Ok, WrongArgument

__all__ = [
    "Accounts",
    "DeploymentFailed",
    "Err",
    "ExpectationFailed",
    "Ok",
    "Result",
    "SimulatedChain",
    "WrongArgument",
]

_PLACES: Final = {
    "Accounts": "accounts",
    "DeploymentFailed": "chain",
    "Err": "values",
    "ExpectationFailed": "result",
    "Ok": "values",
    "Result": "result",
    "SimulatedChain": "chain",
    "WrongArgument": "values",
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
