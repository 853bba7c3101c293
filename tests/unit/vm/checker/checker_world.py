"""Contracts for tests of the type checker, and short ways to ask about them."""

from btczs.codec.clarity.values import ContractPrincipal
from btczs.primitives import Hash20
from btczs.vm.clarity.analysis.checker import check_types
from btczs.vm.clarity.analysis.model import ContractAnalysis
from btczs.vm.clarity.analysis.sorter import sort_definitions
from btczs.vm.clarity.costs import CostMeter, ExecutionCost
from btczs.vm.clarity.names import LATEST, ClarityVersion
from btczs.vm.clarity.reader import read_program, resolve_traits
from btczs.vm.clarity.types.text import type_text

NO_EXTENSIONS: frozenset[str] = frozenset()


def principal(name: str) -> ContractPrincipal:
    return ContractPrincipal(26, Hash20(b"\x07" * 20), name)


class World:
    """Contracts by name, all of one account; each sees those before it."""

    def __init__(self, *sources: tuple[str, str], version: ClarityVersion = LATEST) -> None:
        self.contracts: dict[ContractPrincipal, ContractAnalysis] = {}
        for name, source in sources:
            self.add(name, source, version)

    def analysis_of(self, contract: ContractPrincipal) -> ContractAnalysis | None:
        return self.contracts.get(contract)

    def add(self, name: str, source: str, version: ClarityVersion = LATEST) -> ContractAnalysis:
        analysis = self.check(source, version, name=name)
        self.contracts[analysis.contract] = analysis
        return analysis

    def check(
        self,
        source: str,
        version: ClarityVersion = LATEST,
        *,
        name: str = "main",
        extensions: frozenset[str] = NO_EXTENSIONS,
        meter: CostMeter | None = None,
    ) -> ContractAnalysis:
        """Checks types alone: neither writes in read-only functions nor claimed traits."""
        program = read_program(principal(name), source, version)
        analysis = ContractAnalysis(program.contract, version, program)
        analysis.order = sort_definitions(program, CostMeter())
        resolve_traits(program)
        check_types(analysis, self, meter or CostMeter(), extensions)
        return analysis

    def type_of(
        self,
        source: str,
        version: ClarityVersion = LATEST,
        extensions: frozenset[str] = NO_EXTENSIONS,
    ) -> str:
        """The type of the last expression, as one writes it."""
        analysis = self.check(source, version, extensions=extensions)
        last = analysis.program.expressions[-1]
        return type_text(analysis.types[last.id])

    def cost_of(self, source: str, version: ClarityVersion = LATEST) -> ExecutionCost:
        meter = CostMeter()
        self.check(source, version, meter=meter)
        return meter.total()


EMPTY = World()


def type_of(source: str, version: ClarityVersion = LATEST) -> str:
    """The type of an expression that needs no other contract."""
    return EMPTY.type_of(source, version)
