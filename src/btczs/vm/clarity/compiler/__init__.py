"""The compiler: functions of contracts as generated Python, for speed.

A function becomes Python source, flat and readable (`dump_source` shows it), over plain values:
the checker has proved the types, so an integer is an `int` and a tuple a `tuple`. Costs are exact:
what is constant is added up while compiling, what depends on sizes while running.

The interpreter is the definition; this is an equal of it, and less: what is hard to do exactly
(a contract entered again, a limit that might be passed, rare natives that fail) makes the
transaction start again in the interpreter. So nobody can see which of the two has run, except by
a clock.

Invariants
- Same value, events, costs and errors as the interpreter, on success and on every failure that a
  block can contain. (Where a limit is passed the error is the same, the sums are not.)
- Generated code consists of generated names and literals; it reaches the functions in
  `support.NAMESPACE` and nothing else.
- Compiling is linear in the size of the function, inlining included (`unit.INLINE_NODES_MAX`).

Entry points: `compile_contract`, `Run`, `dump_source`.
"""

from btczs.vm.clarity.analysis.model import ContractAnalysis
from btczs.vm.clarity.compiler import (
    bridge,
    lower_allowances,
    lower_bridge,
    lower_calls,
    lower_control,
    lower_numbers,
    lower_sequences,
    lower_state,
    lower_tuples,
    run_allowances,
)
from btczs.vm.clarity.compiler.entries import CompiledContract
from btczs.vm.clarity.compiler.run import Run
from btczs.vm.clarity.compiler.shapes import Unsupported
from btczs.vm.clarity.compiler.support import NeedsInterpreter
from btczs.vm.clarity.compiler.unit import Unit
from btczs.vm.clarity.runtime.contracts import Contract

_PARTS = (
    bridge,
    lower_allowances,
    lower_calls,
    lower_control,
    lower_numbers,
    lower_sequences,
    lower_state,
    lower_tuples,
    run_allowances,
)
lower_bridge.fill_up()


def compile_contract(contract: Contract, analysis: ContractAnalysis) -> CompiledContract:
    """The functions of a deployed contract, each compiled when it is first called."""
    return CompiledContract(Unit(contract, analysis))


def dump_source(contract: Contract, analysis: ContractAnalysis, function: str) -> str:
    """The Python of a function and of those it calls, each headed by its Clarity name.

    Raises `Unsupported` if the interpreter runs it.
    """
    unit = Unit(contract, analysis)
    unit.compile(function)
    parts = [f"# {each.info.name}\n{each.source}" for each in unit.compiled.values()]
    return "\n".join(parts)


__all__ = [
    "CompiledContract",
    "NeedsInterpreter",
    "Run",
    "Unsupported",
    "compile_contract",
    "dump_source",
]
