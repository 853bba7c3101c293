"""Do the deepest, longest and widest contracts take more time per kilobyte than plain ones?

And does a contract that is four times as long take more than four times as long? The shapes are
those of `clarity_shapes`; `tests/unit/vm/test_clarity_limits.py` counts their operations. The
baseline of each table is a source of many small functions.
"""

from benchmarks.clarity_shapes import HOSTILE, LIBRARY, SHAPES, of_bytes
from benchmarks.harness import Bar, Samples, Size, Table, medians, timed
from btczs.codec.clarity.values import ContractPrincipal, StandardPrincipal
from btczs.primitives import Hash20
from btczs.vm.clarity import ContractCache, Machine, Outcome
from btczs.vm.clarity.analysis import analyze
from btczs.vm.clarity.costs import UNLIMITED, CostMeter
from btczs.vm.clarity.errors import ClarityError
from btczs.vm.clarity.interpreter.loading import ContractStore
from btczs.vm.clarity.names import LATEST
from btczs.vm.clarity.reader import parse
from btczs.vm.clarity.runtime.memory import MemoryChain, MemoryState

ROUNDS = 3
BYTES = 24_000
PLAIN = "functions"
GROWTH_MIN = 0.4
"""Of the time per kilobyte of a quarter, over that of the whole. Linear is 1, quadratic 0.25; what
is not work on the source (collecting garbage, the processor's cache) moves it as well."""

_ALICE = StandardPrincipal(26, Hash20(b"\xaa" * 20))


def run(size: Size) -> list[Table]:
    whole = size.pick(BYTES, 4_000)
    reading: Samples = {}
    checking: Samples = {}
    deploying: Samples = {}
    quarter: Samples = {}
    for _ in range(size.pick(ROUNDS, 1)):
        for name, shape in SHAPES.items():
            source = of_bytes(shape, whole)
            kilobytes = max(1, len(source) // 1000)
            timed(reading, name, kilobytes, lambda: _read(source))  # noqa: B023
            timed(checking, name, kilobytes, lambda: _check(source))  # noqa: B023
            _time_deployment(deploying, name, source)
            _time_deployment(quarter, name, of_bytes(shape, whole // 4))
    worst = _worst_growth(medians(quarter), medians(deploying))
    bars = () if size.quick else (Bar(f"growth of {worst[0]}", worst[1], GROWTH_MIN),)
    title = f"contracts of {whole // 1000} kB"
    return [
        Table(f"reading, {title}", "kB", PLAIN, medians(reading)),
        Table(f"reading and checking, {title}", "kB", PLAIN, medians(checking)),
        Table(f"deploying, {title}", "kB", PLAIN, medians(deploying), bars=bars),
    ]


def _worst_growth(quarter: dict[str, float], whole: dict[str, float]) -> tuple[str, float]:
    """The shape whose time per kilobyte grows most; those that hit a limit stop growing there."""
    growth = {name: quarter[name] / whole[name] for name in whole if name not in HOSTILE}
    return min(growth.items(), key=lambda pair: pair[1])


def _time_deployment(samples: Samples, name: str, source: str) -> None:
    machine = _machine()
    kilobytes = max(1, len(source) // 1000)
    timed(samples, name, kilobytes, lambda: _deploy(machine, "shape", source))


def _machine() -> Machine:
    chain = MemoryChain()
    machine = Machine(MemoryState(chain), chain, cache=ContractCache())
    assert _deploy(machine, "library", LIBRARY).committed
    return machine


def _deploy(machine: Machine, name: str, source: str) -> Outcome:
    return machine.deploy(_contract(name), source, meter=CostMeter(UNLIMITED))


def _read(source: str) -> None:
    try:
        parse(_contract("shape"), source)
    except ClarityError:
        return  # one of the shapes is refused, and how long that takes counts too


def _check(source: str) -> None:
    chain = MemoryChain()
    state = MemoryState(chain)
    machine = Machine(state, chain)
    assert _deploy(machine, "library", LIBRARY).committed
    try:
        program = parse(_contract("shape"), source)
        contracts = ContractStore(state, ContractCache())
        analyze(program, LATEST, contracts, CostMeter(UNLIMITED))
    except ClarityError:
        return


def _contract(name: str) -> ContractPrincipal:
    return ContractPrincipal(_ALICE.version, _ALICE.hash20, name)
