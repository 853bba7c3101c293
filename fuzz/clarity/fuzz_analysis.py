"""Target: analysis, and the interpreter behind it.

A text that parses is analysed in every version of the language; only typed errors may come out.
What analysis accepts is deployed and its functions are called: that gives an `Outcome`, always, and
a deployment says exactly what analysis said.
"""

import json

from btczs.vm.clarity.analysis import ContractAnalysis, analyze, contract_interface
from btczs.vm.clarity.costs import BLOCK_LIMIT, CostMeter, ExecutionCost
from btczs.vm.clarity.errors import ClarityError, LimitExceeded, ParseError, StaticError
from btczs.vm.clarity.machine import Machine
from btczs.vm.clarity.names import VERSIONS, ClarityVersion
from btczs.vm.clarity.outcome import Outcome
from btczs.vm.clarity.reader import parse, read_program
from fuzz.clarity.texts import to_text
from fuzz.clarity.world import ALICE, FUZZED, World, values_of

CALLS_MAX = 6
EXECUTION_LIMIT = ExecutionCost(2_000, 10_000_000, 60_000_000, 2_000, 2_000_000)
"""A small part of a block: execution at the limit of a block takes its time, and may."""

_WORLD = World()


def check(data: bytes) -> None:
    """Raises if analysis or execution breaks a promise on `data`."""
    source = to_text(data)
    try:
        parse(FUZZED, source)
    except ParseError:
        return
    accepted: list[ClarityVersion] = []
    for version in VERSIONS:
        meter = CostMeter()
        refused = _analyse(source, version, meter)
        if refused is None:
            accepted.append(version)
        if version in (1, VERSIONS[-1]) or (refused is None and version == accepted[0]):
            _deploy(source, version, refused, meter)


def _analyse(source: str, version: ClarityVersion, meter: CostMeter) -> ClarityError | None:
    """Why `source` is refused, if it is."""
    try:
        program = read_program(FUZZED, source, version, meter)
        analysis = analyze(program, version, _WORLD, meter)
    except (ParseError, StaticError, LimitExceeded) as error:
        return error
    json.dumps(contract_interface(analysis))
    return None


def _deploy(
    source: str, version: ClarityVersion, refused: ClarityError | None, analysed: CostMeter
) -> None:
    mark = _WORLD.state.checkpoint()
    try:
        # A cache of its own: contracts that are undone must not be remembered.
        machine = Machine(_WORLD.state, _WORLD.chain, tier="interpreter")
        meter = CostMeter(BLOCK_LIMIT if refused is not None else _with_room(analysed))
        outcome = machine.deploy(FUZZED, source, version, meter=meter)
        _check_outcome(outcome)
        if refused is not None:
            assert outcome.error is not None, "analysis refuses, a deployment does not"
            assert str(refused), "an error has a message"
            assert outcome.error.kind == refused.kind, (outcome.error.kind, refused.kind)
            assert outcome.cost == analysed.total(), "a refusal costs what analysis cost"
        else:
            assert not isinstance(outcome.error, (ParseError, StaticError)), outcome.error
            if outcome.error is None:
                _call_functions(machine, machine.analysis(FUZZED))
    finally:
        _WORLD.state.revert(mark)


def _with_room(analysed: CostMeter) -> ExecutionCost:
    """What analysis took and a little for execution."""
    spent, more = analysed.total(), EXECUTION_LIMIT
    return ExecutionCost(
        read_count=spent.read_count + more.read_count,
        read_length=spent.read_length + more.read_length,
        runtime=spent.runtime + more.runtime,
        write_count=spent.write_count + more.write_count,
        write_length=spent.write_length + more.write_length,
    )


def _call_functions(machine: Machine, analysis: ContractAnalysis) -> None:
    functions = {**analysis.public_functions, **analysis.read_only_functions}
    for number, (name, function) in enumerate(list(functions.items())[:CALLS_MAX]):
        args = values_of(function.method.parameters, number)
        meter = CostMeter(EXECUTION_LIMIT)
        outcome = machine.call(FUZZED, name, args, sender=ALICE, meter=meter)
        _check_outcome(outcome)
        assert not isinstance(outcome.error, (ParseError, StaticError)), outcome.error
    for name in list(analysis.read_only_functions)[:CALLS_MAX]:
        args = values_of(analysis.read_only_functions[name].method.parameters, 1)
        _check_outcome(machine.read(FUZZED, name, args, meter=CostMeter(EXECUTION_LIMIT)))


def _check_outcome(outcome: Outcome) -> None:
    assert isinstance(outcome, Outcome)
    if outcome.error is not None:
        assert not outcome.committed, "what failed does not stand"
        assert outcome.value is None, "an error is no value"
