"""Bounds of the functions of contracts, and of calls from outside.

Functions are walked in the order that analysis gave the definitions, so what a function calls is
known before it, and no function is walked twice. Contracts that are called by name come before
their callers, without recursion: a chain of contracts may be long.
"""

from collections.abc import Iterator
from typing import Protocol

import msgspec

from btczs.codec.clarity.values import ContractPrincipal
from btczs.vm.clarity.analysis.model import ContractAnalysis
from btczs.vm.clarity.costs import ExecutionCost
from btczs.vm.clarity.estimation.calls import CALL_WORDS
from btczs.vm.clarity.estimation.control import CONTROL_WORDS
from btczs.vm.clarity.estimation.iteration import ITERATION_WORDS
from btczs.vm.clarity.estimation.ranges import Range, charge
from btczs.vm.clarity.estimation.shapes import PRINCIPAL, UNKNOWN, join
from btczs.vm.clarity.estimation.walker import (
    Called,
    FunctionBounds,
    Place,
    Walker,
    application,
)
from btczs.vm.clarity.estimation.walker import OpenCall as OpenCall
from btczs.vm.clarity.reader.syntax import Atom, Expr, Form
from btczs.vm.clarity.types.methods import FunctionType

WORDS = {**CONTROL_WORDS, **ITERATION_WORDS, **CALL_WORDS}
_FUNCTIONS = ("define-public", "define-read-only", "define-private")


class WholeContracts(Protocol):
    """Deployed contracts with their programs; None for one that is not known."""

    def analysis_of(self, contract: ContractPrincipal, /) -> ContractAnalysis | None: ...


class CostBounds(msgspec.Struct, frozen=True):
    """What a successful call costs, in each dimension at least and at most.

    With `open_calls`, `maximum` is without what the functions called there do: which contract
    that is depends on the arguments. `minimum` holds in any case.
    """

    minimum: ExecutionCost
    maximum: ExecutionCost
    open_calls: tuple[OpenCall, ...] = ()

    @property
    def is_closed(self) -> bool:
        """Whether nothing can cost more than `maximum`."""
        return not self.open_calls


class _Bounds(msgspec.Struct):
    """A contract: what loading it costs, and its functions."""

    load: Range
    functions: dict[str, FunctionBounds]


class Estimator:
    """Finds bounds; remembers those of each contract. `contracts` None: there are no others."""

    def __init__(self, contracts: WholeContracts | None = None) -> None:
        self._contracts = contracts
        self._known: dict[ContractPrincipal, _Bounds | None] = {}

    def bound(self, analysis: ContractAnalysis, function: str) -> CostBounds:
        """The bounds of a call of `function` from outside, with any arguments.

        A private function cannot be called so: then the bounds of a call from within, without
        what its arguments cost. Raises `KeyError` if there is no such function.
        """
        contract = self._prepare(analysis)
        found = contract.functions[function]
        cost = application(len(found.parameters), found.parameters).plus(found.body)
        if function not in analysis.private_functions:
            cost = contract.load.plus(cost)
        return CostBounds(cost.minimum(), cost.maximum(), found.open_calls)

    def find(self, target: ContractPrincipal, function: str) -> Called | None:
        """A function of another contract, if that is known."""
        contract = self._known.get(target)
        return None if contract is None else Called(contract.load, contract.functions[function])

    def _prepare(self, analysis: ContractAnalysis) -> _Bounds:
        """The bounds of a contract, after those of all contracts that it calls by name."""
        pending = [(analysis, _targets(analysis))]
        while pending:
            current, targets = pending[-1]
            if current.contract in self._known:
                pending.pop()
                continue
            for target in targets:
                if target not in self._known:
                    other = self._whole(target)
                    if other is None:
                        self._known[target] = None
                    else:
                        pending.append((other, _targets(other)))
                        break
            else:
                pending.pop()
                self._known[current.contract] = self._walk(current)
        found = self._known[analysis.contract]
        assert found is not None, "its analysis was given"
        return found

    def _whole(self, contract: ContractPrincipal) -> ContractAnalysis | None:
        """Its analysis. One without a program is only an interface, which tells nothing here."""
        if self._contracts is None:
            return None
        found = self._contracts.analysis_of(contract)
        return found if found is not None and found.order else None

    def _walk(self, analysis: ContractAnalysis) -> _Bounds:
        walker = Walker(analysis, self, WORDS)
        least = most = len(analysis.program.source)
        for expr in analysis.order:
            if not isinstance(expr, Form) or not isinstance(expr.items[0], Atom):
                continue
            match expr.items[0].name, expr.items[1:]:
                case ("define-constant", (Atom(name), value)):
                    _, shape = walker.walk(value, Place())
                    walker.constants[name] = shape
                    least, most = least + shape.low.size, most + shape.high.size
                case (word, (Form(signature), body)) if word in _FUNCTIONS:
                    head = signature[0]
                    assert isinstance(head, Atom), "analysis has seen to it"
                    walker.functions[head.name] = _function(walker, head.name, body)
        return _Bounds(charge("load_contract", least, most), walker.functions)


def static_bound(
    analysis: ContractAnalysis, function: str, contracts: WholeContracts | None = None
) -> CostBounds:
    """The bounds of a call of one function; an `Estimator` serves for many. Raises `KeyError`."""
    return Estimator(contracts).bound(analysis, function)


def _function(walker: Walker, name: str, body: Expr) -> FunctionBounds:
    known = walker.analysis.function(name)
    assert isinstance(known, FunctionType), "analysis knows every function"
    place = Place()
    parameters = []
    for parameter, declared in known.parameters:
        shape, is_borrowed = walker.shape_of(declared), True
        parameters.append(shape)
        if walker.version == 1 and declared.trait is not None:
            shape, is_borrowed = PRINCIPAL, False  # there, it is a name but no variable
        place.names[parameter] = (shape, is_borrowed)
    walker.returned, walker.open_calls = UNKNOWN, {}
    path, shape = walker.walk(body, place)
    returns = join(shape, walker.returned)
    return FunctionBounds(name, tuple(parameters), path.total(), returns, tuple(walker.open_calls))


def _targets(analysis: ContractAnalysis) -> Iterator[ContractPrincipal]:
    """The contracts that are called by name."""
    pending: list[Expr] = list(analysis.order)
    while pending:
        expr = pending.pop()
        if not isinstance(expr, Form):
            continue
        pending += expr.items
        match expr.items:
            case (Atom("contract-call?"), reference, *_):
                found = analysis.types.get(reference.id)
                if found is not None and found.contract is not None:
                    yield found.contract
