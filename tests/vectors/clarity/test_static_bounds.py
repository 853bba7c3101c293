"""The programs of the vectors cost what their static bounds say.

Only the programs are taken from the files, not what they should give. What stands at the top level
of a program becomes the body of a function, which is then called; whatever analysis refuses or
execution stops is not judged. Chains of transactions (snapshots) are replayed, and every call that
succeeds is held against the bounds of its function.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from reference_values import Unreadable
from test_consensus_snapshots import _CALL as CALL
from test_consensus_snapshots import Replay, _epoch_of
from test_core_tests import version_of
from vector_files import cases
from worlds import TRANSIENT, World, zero_chain

from btczs.codec.clarity.values import ContractPrincipal
from btczs.vm.clarity import CostMeter, Outcome
from btczs.vm.clarity.analysis.model import ContractAnalysis
from btczs.vm.clarity.costs import UNLIMITED, ExecutionCost
from btczs.vm.clarity.errors import ClarityError
from btczs.vm.clarity.estimation import Estimator
from btczs.vm.clarity.names import DEFINES, ClarityVersion
from btczs.vm.clarity.reader import parse
from btczs.vm.clarity.reader.span import Span
from btczs.vm.clarity.reader.syntax import Atom, Expr, Form

BALANCE = 1_000_000_000
CONTRACT, PROBE = "probe", "static-bounds-probe"
DIMENSIONS = ExecutionCost.__struct_fields__


class Contracts:
    """The deployed contracts of a world, analysed."""

    def __init__(self, world: World) -> None:
        self._world = world

    def analysis_of(self, contract: ContractPrincipal) -> ContractAnalysis | None:
        try:
            return self._world.machine.analysis(contract)
        except ClarityError:
            return None


def outside(world: World, name: str, function: str, outcome: Outcome) -> list[str]:
    """The dimensions in which a successful call left its bounds."""
    contracts = Contracts(world)
    analysis = contracts.analysis_of(world.contract(name))
    if analysis is None or outcome.error is not None:
        return []
    bounds = Estimator(contracts).bound(analysis, function)
    found = []
    for dimension in DIMENSIONS:
        least, cost, most = [
            getattr(c, dimension) for c in (bounds.minimum, outcome.cost, bounds.maximum)
        ]
        if cost < least or (bounds.is_closed and cost > most):
            found.append(f"{function}: {dimension} {cost} is not in {least}..{most}")
    return found


def probe_of(world: World, code: str, version: ClarityVersion) -> str | None:
    """The program with its top level as a function; None if it cannot be read or has none."""
    try:
        program = parse(world.contract(CONTRACT), code, version, CostMeter(UNLIMITED))
    except ClarityError:
        return None
    lines = code.split("\n")
    definitions = [_text(lines, e.span) for e in program.expressions if _is_definition(e)]
    bodies = [_text(lines, e.span) for e in program.expressions if not _is_definition(e)]
    if not bodies:
        return None
    bindings = " ".join(f"(probe-{number} {body})" for number, body in enumerate(bodies))
    function = f"(define-public ({PROBE}) (let ({bindings}) (ok true)))"
    return "\n".join([*definitions, function])


def _is_definition(expr: Expr) -> bool:
    head = expr.items[0] if isinstance(expr, Form) and expr.items else None
    return isinstance(head, Atom) and head.name in DEFINES


def _text(lines: list[str], span: Span) -> str:
    """The part of the source at `span`."""
    taken = lines[span.line - 1 : span.end_line]
    taken[-1] = taken[-1][: span.end_column]
    taken[0] = taken[0][span.column - 1 :]
    return "\n".join(taken)


def _core() -> Iterator[tuple[str, ClarityVersion]]:
    for case in cases("clarity/core_tests.json"):
        if case["kind"] == "exec":
            yield case["code"], version_of(case)


def _cross() -> Iterator[tuple[str, ClarityVersion]]:
    for case in cases("clarity/wasm_crosscheck.json"):
        yield case["code"], version_of(case)


def _docs() -> Iterator[tuple[str, ClarityVersion]]:
    for entry in cases("clarity/docs_examples.json"):
        program = ""
        for segment in entry["segments"]:
            program += segment["code"]
            yield program, entry["run_version"]


def _traps() -> Iterator[tuple[str, ClarityVersion]]:
    for case in cases("clarity/trap_vectors.json"):
        yield case["code"], case["clarity_version"]


@pytest.mark.parametrize("programs", [_core, _cross, _docs, _traps])
def test_programs(programs: Callable[[], Iterator[tuple[str, ClarityVersion]]]) -> None:
    judged, mismatches, is_empty = 0, [], True
    for code, version in programs():
        is_empty = False
        world = World(zero_chain(), {TRANSIENT: BALANCE})
        probe = probe_of(world, code, version)
        if probe is None or world.deploy(CONTRACT, probe, version).error is not None:
            continue
        outcome = world.call(CONTRACT, PROBE, [])
        judged += outcome.error is None
        mismatches += [f"{found} in\n{probe}" for found in outside(world, CONTRACT, PROBE, outcome)]
    if is_empty:
        pytest.skip("vectors absent: no programs in the folder named by BTCZS_VECTORS")
    assert judged, "no program was judged"
    assert not mismatches, "\n\n".join(mismatches)


@pytest.mark.parametrize(
    "entry",
    cases("clarity/consensus_snapshots.json"),
    ids=lambda entry: f"{entry['module']}-{entry['test']}",
)
def test_calls_of_snapshots(request: pytest.FixtureRequest, entry: dict[str, Any]) -> None:
    """Transactions are executed as they stand; what they give is the matter of other tests."""
    if not isinstance(entry.get("contract_code"), str):
        pytest.skip("the contract is not in the file")
    if isinstance(entry.get("setup_contracts"), dict):
        pytest.skip("the set-up is not in the file")
    texts = [tx["tx"] for block in entry["blocks"] for tx in block.get("txs", ())]
    if not any(map(CALL.match, texts)):
        pytest.skip("nothing is called")
    replay, mismatches = Replay(entry, request), []
    replay._set_up(min(_epoch_of(block) for block in entry["blocks"]))
    for text in texts:
        try:
            outcome = replay.execute(text, CostMeter())
        except Unreadable as unreadable:
            pytest.skip(f"arguments that cannot be read ({unreadable})")
        call = CALL.match(text)
        if call is not None and outcome is not None:
            mismatches += outside(replay.world, call[2], call[3], outcome)
    assert not mismatches, "\n".join(mismatches)
