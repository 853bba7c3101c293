"""The deepest, longest and widest contracts take operations in proportion to their size.

Operations are calls of functions, Python's own included: the same on every machine, so a loop
inside a loop shows up without a clock. `benchmarks/bench_clarity_limits.py` has the times.
"""

import contextlib
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from btczs.codec.clarity.values import ContractPrincipal, StandardPrincipal
from btczs.primitives import Hash20
from btczs.vm.clarity import ContractCache, Machine, Outcome
from btczs.vm.clarity.analysis.checker import checker as checker_module
from btczs.vm.clarity.analysis.checker import tuples as tuples_module
from btczs.vm.clarity.costs import UNLIMITED, CostMeter
from btczs.vm.clarity.errors import ClarityError, MemoryBalanceExceeded, ParseError
from btczs.vm.clarity.interpreter.loading import ContractStore
from btczs.vm.clarity.machine import Tier
from btczs.vm.clarity.reader import parse
from btczs.vm.clarity.runtime.memory import MemoryChain, MemoryState

PROJECT = Path(__file__).parents[3]
if str(PROJECT) not in sys.path:
    sys.path.insert(0, str(PROJECT))

from benchmarks.clarity_shapes import HOSTILE, LIBRARY, SHAPES, of_bytes  # noqa: E402

SMALL_BYTES, LARGE_BYTES = 3_000, 6_000
SLACK = 1.15
"""Twice the size, 2.3 times the operations: what does not depend on the size only helps."""

ALICE = StandardPrincipal(26, Hash20(b"\xaa" * 20))
RUNNABLE = [name for name, shape in SHAPES.items() if "define-public (run)" in shape(5)]
LINEAR = [name for name in SHAPES if name not in HOSTILE]


def contract(name: str) -> ContractPrincipal:
    return ContractPrincipal(ALICE.version, ALICE.hash20, name)


class World:
    """A machine with the library that shapes refer to, and the contract of a shape."""

    def __init__(self, tier: Tier = "interpreter") -> None:
        chain = MemoryChain()
        self.state = MemoryState(chain)
        self.machine = Machine(self.state, chain, cache=ContractCache(), tier=tier)
        self._succeed(self.machine.deploy(contract("library"), LIBRARY))

    def deploy(self, source: str) -> Outcome:
        meter = CostMeter(UNLIMITED)
        return self.machine.deploy(contract("shape"), source, meter=meter)

    def run(self) -> Outcome:
        meter = CostMeter(UNLIMITED)
        return self.machine.call(contract("shape"), "run", [], sender=ALICE, meter=meter)

    def forget(self) -> None:
        """Contracts come from the state again."""
        self.machine._contracts = ContractStore(self.state, ContractCache())

    @staticmethod
    def _succeed(outcome: Outcome) -> None:
        assert outcome.error is None, outcome.error


def count_operations(work: Callable[[], object]) -> int:
    """Calls of functions, of those written in C as well, that `work` takes."""
    count = 0

    def watch(_frame: object, event: str, _arg: object) -> None:
        nonlocal count
        if event in ("call", "c_call"):
            count += 1

    sys.setprofile(watch)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def peak_memory(work: Callable[[], object]) -> int:
    """Bytes that `work` holds at most, in addition."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def sources(name: str) -> tuple[str, str]:
    return of_bytes(SHAPES[name], SMALL_BYTES), of_bytes(SHAPES[name], LARGE_BYTES)


def read(source: str) -> None:
    with contextlib.suppress(ParseError):  # one shape is refused, and that takes operations too
        parse(contract("shape"), source)


def check_growth(small: float, large: float, growth: float) -> None:
    assert large <= SLACK * growth * small + 500, f"{large / small:.2f} times for {growth:.2f}"


@pytest.mark.parametrize("name", SHAPES)
def test_reading_takes_operations_in_proportion(name: str) -> None:
    small, large = sources(name)
    check_growth(
        count_operations(lambda: read(small)),
        count_operations(lambda: read(large)),
        len(large) / len(small),
    )


@pytest.mark.parametrize("name", SHAPES)
def test_deploying_takes_operations_in_proportion(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading, analysis and execution of the top level. Limits that stop the hostile shapes are
    lowered, since 6 kB of them do not reach the real ones."""
    monkeypatch.setattr(checker_module, "UNION_WORK_MAX", 2_000)
    monkeypatch.setattr(tuples_module, "MERGED_FIELDS_MAX", 2_000)
    small, large = sources(name)
    World().deploy(small)  # what is cached by its content is in the caches now
    found = []
    for source in (small, large):
        world, outcomes = World(), []
        found.append(count_operations(lambda: outcomes.append(world.deploy(source))))  # noqa: B023
        (outcome,) = outcomes
        is_refused = name in LIMITED or name == "brackets that match nothing"
        assert (outcome.error is not None) == is_refused, outcome.error
    check_growth(found[0], found[1], len(large) / len(small))


LIMITED = (
    "lists of contracts that grow",
    "lists of contracts compared",
    "tuples that grow",
    "merges of a wide tuple",
)


@pytest.mark.parametrize("name", LIMITED)
def test_types_that_cost_nothing_have_a_limit(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    source = of_bytes(SHAPES[name], LARGE_BYTES)
    assert World().deploy(source).error is None
    monkeypatch.setattr(checker_module, "UNION_WORK_MAX", 2_000)
    monkeypatch.setattr(tuples_module, "MERGED_FIELDS_MAX", 2_000)
    error = World().deploy(source).error
    assert isinstance(error, MemoryBalanceExceeded)


def test_the_longest_list_of_contracts_is_far_from_the_limit() -> None:
    names = " ".join(f"'{'ST000000000000000000002AMW42H'}.c{i}" for i in range(7084))
    source = f"(define-constant all (list {names}))(define-read-only (f) (len all))"
    world = World()
    assert world.deploy(source).error is None


@pytest.mark.parametrize("name", SHAPES)
def test_loading_takes_operations_in_proportion(name: str) -> None:
    """Getting a contract back from the state."""
    small, large = sources(name)
    found = []
    for source in (small, large):
        world = World()
        if world.deploy(source).error is not None:
            return
        world.forget()
        found.append(count_operations(lambda: world.machine.source(contract("shape"))))  # noqa: B023
    check_growth(found[0], found[1], len(large) / len(small))


@pytest.mark.parametrize("name", RUNNABLE)
@pytest.mark.parametrize("tier", ["interpreter", "auto"])
def test_running_takes_operations_in_proportion(name: str, tier: Tier) -> None:
    """In proportion to the source, or where a loop is paid for, to the cost."""
    small, large = sources(name)
    found: list[int] = []
    costs: list[int] = []
    for source in (small, large):
        world = World(tier)
        assert world.deploy(source).error is None
        outcomes: list[Outcome] = []
        found.append(count_operations(lambda: outcomes.append(world.run())))  # noqa: B023
        assert outcomes[0].error is None
        costs.append(outcomes[0].cost.runtime)
    check_growth(found[0], found[1], max(len(large) / len(small), costs[1] / costs[0]))


@pytest.mark.slow
@pytest.mark.parametrize("name", LINEAR)
def test_memory_is_in_proportion(name: str) -> None:
    small, large = sources(name)
    World().deploy(small)
    found = []
    for source in (small, large):
        world = World()
        found.append(peak_memory(lambda: world.deploy(source)))  # noqa: B023
    # Tables in memory grow by doubling, so not even twice the size is three times the memory.
    assert found[1] <= 1.4 * len(large) / len(small) * found[0] + 50_000


@pytest.mark.parametrize("name", SHAPES)
def test_a_source_that_ends_too_early_is_refused(name: str) -> None:
    """A shape cut in the middle."""
    source = of_bytes(SHAPES[name], 4 * SMALL_BYTES)
    error = World().deploy(source[: len(source) * 2 // 3] + "\n((").error
    assert isinstance(error, ClarityError)
