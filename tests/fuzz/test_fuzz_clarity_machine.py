"""The machine, fed with mutations of contracts and with any arguments: an `Outcome` and no traces.

What is deployed is called, as a transaction and as a reader. Whatever happens inside, nothing is
raised; what did not succeed left the state as it was; a meter has its memory back.
"""

# ruff: noqa: B023  (functions that are made in a loop are called in the same round)

import random
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from mutations import ROUNDS, bounded, make_random, mutate_text

from btczs.codec.clarity.types import ValueType
from btczs.codec.clarity.values import (
    FALSE,
    NONE,
    TRUE,
    AsciiValue,
    BufferValue,
    ContractPrincipal,
    ErrValue,
    IntValue,
    ListValue,
    OkValue,
    SomeValue,
    StandardPrincipal,
    TupleValue,
    UIntValue,
    Utf8Value,
    Value,
)
from btczs.primitives import Hash20
from btczs.vm.clarity import ContractCache, Machine, Outcome
from btczs.vm.clarity.costs import BLOCK_LIMIT, CostMeter, ExecutionCost
from btczs.vm.clarity.interpreter.loading import ContractStore
from btczs.vm.clarity.machine import Tier
from btczs.vm.clarity.names import LATEST, ClarityVersion
from btczs.vm.clarity.runtime.memory import MemoryChain, MemoryState

PROJECT = Path(__file__).parents[2]
if str(PROJECT) not in sys.path:
    sys.path.insert(0, str(PROJECT))

from fuzz.clarity.mutate import NUMBERS, Programs  # noqa: E402

CASES = 60 * ROUNDS
SOURCE_BYTES_MAX = 20_000
FOLDER = PROJECT / "tests/unit/vm/costs/contracts"
NAMES = (
    *("auction", "caller", "dao", "escrow", "lists", "nft", "registry", "token", "toolbox"),
    *("traits", "traits_v1", "tuples", "vault"),
)
SOURCES = {name: (FOLDER / f"{name}.clar").read_text() for name in NAMES}
PROGRAMS = Programs(list(SOURCES.values()))
ALICE = StandardPrincipal(26, Hash20(b"\xaa" * 20))
BOB = StandardPrincipal(26, Hash20(b"\xbb" * 20))
LIMITS = (
    *(BLOCK_LIMIT,) * 6,
    ExecutionCost(1_000, 1_000_000, 3_000_000, 1_000, 1_000_000),
    ExecutionCost(5, 500_000, 40_000, 3, 5_000),
)


def contract(name: str) -> ContractPrincipal:
    return ContractPrincipal(ALICE.version, ALICE.hash20, name)


class World:
    """A machine whose every use is watched."""

    def __init__(self, tier: Tier) -> None:
        self.chain = MemoryChain()
        self.state = MemoryState(self.chain)
        self.machine = Machine(self.state, self.chain, cache=ContractCache(), tier=tier)
        for account in (ALICE, BOB):
            self.state.mint(account, 1_000_000)
        waiting = dict(SOURCES)
        while waiting:  # a contract stands after those that it names
            done = [name for name in waiting if self._deploy_seed(name)]
            assert done, f"the seeds {sorted(waiting)} cannot be deployed"
            for name in done:
                del waiting[name]

    def _deploy_seed(self, name: str) -> bool:
        version: ClarityVersion = 1 if name.endswith("v1") else LATEST
        return self.machine.deploy(contract(name), SOURCES[name], version).committed

    def watch(self, rng: random.Random, use: Callable[[CostMeter], Outcome]) -> Outcome:
        """What `use` comes to. Nothing may leak out of it."""
        meter = CostMeter(rng.choice(LIMITS), rng.choice((*(100_000_000,) * 6, 100_000, 900)))
        before = self.state.changes()
        outcome = use(meter)
        assert isinstance(outcome, Outcome)
        assert meter.memory == 0
        assert outcome.cost == meter.total()
        if outcome.error is not None:
            assert not outcome.committed
            assert outcome.value is None
        if not outcome.committed:
            assert self.state.changes() == before
            assert not outcome.events
        return outcome


_WORD = re.compile(r"[^\s(){},:\"]+")


def mutate(rng: random.Random, source: str) -> str:
    """Mostly a program again: another word or number somewhere. Else anything."""
    kind = rng.randrange(12)
    if kind == 0:
        return mutate_text(rng, source)
    if kind <= 3:
        return PROGRAMS.mutate(source, rng, SOURCE_BYTES_MAX)
    words = list(_WORD.finditer(source))
    for _ in range(rng.choice((1, 1, 2))):
        old, new = rng.choice(words), rng.choice(words).group()
        if old.group()[-1].isdigit():
            new = rng.choice(NUMBERS)
        source = source[: old.start()] + new + source[old.end() :]
        words = list(_WORD.finditer(source))
    return source


def any_value(rng: random.Random, depth: int = 0) -> Value:
    """A value of any type, those included that no type has."""
    leaves: list[Value] = [
        *(IntValue(rng.choice((0, -1, 2**127 - 1))), UIntValue(rng.choice((0, 7, 2**128 - 1)))),
        *(TRUE, FALSE, NONE, BufferValue(rng.randbytes(rng.choice((0, 1, 32, 600))))),
        *(AsciiValue("a" * rng.randrange(9)), Utf8Value("é" * rng.randrange(9)), ALICE, BOB),
        contract(rng.choice([*SOURCES, "nowhere"])),
    ]
    inner = [any_value(rng, depth + 1) for _ in range(rng.randrange(3))] if depth < 4 else []
    if not inner:
        return rng.choice(leaves)
    wrap = rng.choice((SomeValue, OkValue, ErrValue))
    made: list[Value] = [
        ListValue(tuple(inner)),
        ListValue((inner[0],) * rng.choice((1, 50))),
        TupleValue(tuple(zip("abc", inner))),
        wrap(inner[0]),
    ]
    value = rng.choice(made)
    for _ in range(rng.choice((0, 0, 0, 40))):
        value = SomeValue(value)
    return value


def value_of(rng: random.Random, wanted: ValueType) -> Value:
    """A value of the type `wanted`."""
    length = rng.choice((0, 1, min(wanted.length, 40)))
    length = min(length, wanted.length)
    match wanted.kind:
        case "int":
            return IntValue(rng.choice((0, 1, -1, 5, 2**127 - 1, -(2**127))))
        case "uint":
            return UIntValue(rng.choice((0, 1, 2, 5, 100, 2**128 - 1)))
        case "bool":
            return rng.choice((TRUE, FALSE))
        case "buff":
            return BufferValue(rng.randbytes(length))
        case "string-ascii":
            return AsciiValue("x" * length)
        case "string-utf8":
            return Utf8Value("\U0001f600" * length)
        case "list":
            return ListValue(tuple([value_of(rng, wanted.parts[0]) for _ in range(length)]))
        case "tuple":
            parts = [value_of(rng, part) for part in wanted.parts]
            return TupleValue(tuple(zip(wanted.names, parts)))
        case "optional":
            return rng.choice((NONE, SomeValue(value_of(rng, wanted.parts[0]))))
        case "response":
            ok, err = wanted.parts
            return rng.choice((OkValue(value_of(rng, ok)), ErrValue(value_of(rng, err))))
    return rng.choice((ALICE, BOB, contract(rng.choice(list(SOURCES)))))


def arguments(rng: random.Random, parameters: tuple[tuple[str, ValueType], ...]) -> list[Value]:
    args = [
        any_value(rng) if rng.randrange(12) == 0 else value_of(rng, wanted)
        for _, wanted in parameters
    ]
    match rng.randrange(20):
        case 0:
            args.append(any_value(rng))
        case 1 if args:
            args.pop()
    return args


def use_functions(world: World, rng: random.Random, name: str) -> list[bool]:
    """Calls some functions of a contract; which calls succeeded."""
    held = world.machine._contracts.get(contract(name))
    assert held is not None
    functions = [pair for pair in held.functions.items() if pair[1].access != "private"]
    succeeded = []
    for function, declared in rng.sample(functions, min(6, len(functions))):
        args = arguments(rng, declared.parameters)
        sender = rng.choice((ALICE, BOB))
        at = contract(name)
        read = world.watch(
            rng,
            lambda m: world.machine.read(at, function, args, sender=sender, meter=m),
        )
        assert not read.committed
        call = world.watch(
            rng,
            lambda m: world.machine.call(at, function, args, sender=sender, meter=m),
        )
        succeeded.append(call.committed)
    return succeeded


@pytest.mark.parametrize("tier", ["interpreter", "auto"])
@pytest.mark.parametrize("seed", SOURCES)
def test_only_outcomes_leave_the_machine(seed: str, tier: Tier) -> None:
    rng = make_random(f"clarity-machine-{seed}")
    world = World(tier)
    deployed = refused = 0
    calls: list[bool] = []
    for number in range(CASES):
        source = mutate(rng, SOURCES[seed])
        name = f"m{number}"
        analyse = rng.randrange(3) != 0
        with bounded(f"clarity-machine-{seed} case {number}"):
            outcome = world.watch(
                rng,
                lambda m: world.machine.deploy(
                    contract(name),
                    source,
                    meter=m,
                    analyse=analyse,
                ),
            )
            if not outcome.committed:
                refused += 1
                assert world.machine._contracts.head(contract(name)) is None
                continue
            deployed += 1
            if rng.randrange(3) == 0:
                world.machine._contracts = ContractStore(world.state, ContractCache())
            calls += use_functions(world, rng, name)
        if number % 20 == 0:
            world.chain.advance_blocks(rng.randrange(1, 4))
    assert deployed > CASES // 20
    assert refused > CASES // 10
    assert calls or seed.startswith("traits")


@pytest.mark.parametrize("tier", ["interpreter", "auto"])
def test_contracts_as_they_are_take_any_arguments(tier: Tier) -> None:
    rng = make_random("clarity-machine-arguments")
    world = World(tier)
    calls: list[bool] = []
    for number in range(4 * CASES):
        name = rng.choice(list(SOURCES))
        with bounded(f"clarity-machine-arguments case {number}"):
            calls += use_functions(world, rng, name)
            for function in ("nothing", "", "\0"):
                at = contract(name)
                lost = world.watch(
                    rng,
                    lambda m: world.machine.call(
                        at, function, [any_value(rng)], sender=BOB, meter=m
                    ),
                )
                assert lost.error is not None
    assert calls.count(True) > len(calls) // 20
    assert calls.count(False) > len(calls) // 20
