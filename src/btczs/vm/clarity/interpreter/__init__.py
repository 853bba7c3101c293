"""Tier 0: the evaluator that walks the syntax tree. What it computes and charges is consensus.

Values are tagged and carry their run-time types, so a program runs with or without analysis.

- `environment`: what an expression means; `locals`, `keywords`: what names mean.
- `functions`: applying functions of contracts; `calls`: from contract to contract.
- `control`: `if`, `let`, `asserts!` and the like; `natives/`: all other functions of the language.
- `definitions`, `deployment`: the top level of a contract; `loading`: contracts from the state.
- `execution`: what one transaction shares: costs, state, events, scopes, the calls under way.

Invariants: the five costs are exact at every point, also where execution stops; every scope that
is opened is closed; recursion in Python is bounded by `CALL_DEPTH_MAX`.
"""

from btczs.vm.clarity.interpreter.environment import Environment, Function
from btczs.vm.clarity.interpreter.execution import Execution, Observer
from btczs.vm.clarity.interpreter.locals import LocalContext

# Registering the functions needs the environment, so these come last.
from btczs.vm.clarity.interpreter import calls as _calls  # isort: skip
from btczs.vm.clarity.interpreter import control as _control  # isort: skip
from btczs.vm.clarity.interpreter.natives import groups as _groups  # isort: skip

__all__ = ["Environment", "Execution", "Function", "LocalContext", "Observer"]

del _calls, _control, _groups
