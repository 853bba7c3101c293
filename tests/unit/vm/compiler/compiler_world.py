"""Contracts and the Python that their functions become."""

from collections.abc import Iterator
from random import Random

from tests.differential.clarity.generator import BALANCE, CONTRACT, Program, deployer_of
from tests.differential.tiers.campaign import program_of

from btczs.codec.clarity.values import ContractPrincipal, StandardPrincipal
from btczs.primitives import Hash20
from btczs.vm.clarity.analysis.model import ContractAnalysis
from btczs.vm.clarity.compiler.shapes import Unsupported
from btczs.vm.clarity.compiler.unit import Unit
from btczs.vm.clarity.costs import UNLIMITED, CostMeter
from btczs.vm.clarity.interpreter.loading import ContractStore
from btczs.vm.clarity.machine import Machine
from btczs.vm.clarity.names import LATEST, ClarityVersion
from btczs.vm.clarity.runtime.contracts import Contract, ContractCache
from btczs.vm.clarity.runtime.memory import MemoryChain, MemoryState

SENDER = StandardPrincipal(26, Hash20(b"\xcc" * 20))


def deployed(code: str, version: ClarityVersion = LATEST) -> tuple[Contract, ContractAnalysis]:
    """A contract called main, with what analysis knows of it."""
    found = _deployed(Program(id=1, version=version, code=code, setup=(), calls=()))
    assert found is not None, "the contract is refused"
    return found


def unit_of(code: str, version: ClarityVersion = LATEST) -> Unit:
    return Unit(*deployed(code, version))


def units_of_programs(count: int, first: int = 0) -> Iterator[Unit]:
    """The units of random programs, everything in them compiled that can be."""
    for seed in range(first, first + count):
        found = _deployed(program_of(seed))
        if found is not None:
            yield compile_all(Unit(*found))


def compile_all(unit: Unit) -> Unit:
    for name in unit.contract.functions:
        try:
            unit.compile(name)
        except Unsupported:
            continue
    return unit


def sources_of(unit: Unit) -> dict[str, str]:
    """The Python of each function, by its Clarity name."""
    return {name: each.source for name, each in unit.compiled.items()}


def _deployed(program: Program) -> tuple[Contract, ContractAnalysis] | None:
    state, cache = MemoryState(), ContractCache()
    deployer = deployer_of(program)
    state.mint(deployer, BALANCE)
    machine = Machine(state, MemoryChain(), cache=cache, tier="interpreter")

    def contract(name: str) -> ContractPrincipal:
        return ContractPrincipal(deployer.version, deployer.hash20, name)

    for setup in program.setup:
        machine.deploy(contract(setup.name), setup.code, setup.version, meter=CostMeter(UNLIMITED))
    main = contract(CONTRACT)
    if machine.deploy(main, program.code, program.version, meter=CostMeter(UNLIMITED)).error:
        return None
    found = ContractStore(state, cache).get(main)
    assert found is not None
    return found, machine.analysis(main)


def shuffled_words(rng: Random) -> list[str]:
    """Names that are words of Python, or of the code that is generated."""
    words = ["x", "m", "c", "s", "r", "a1", "t1", "v1", "i1", "e1", "n1", "f0", "lambda", "import",
             "class", "abort", "turns", "None", "True", "exec", "eval", "self", "k-0", "break",
             "while", "scoped", "bridge", "del", "yield", "async"]  # fmt: skip
    rng.shuffle(words)
    return words
