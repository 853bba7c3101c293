"""Compiled code and the interpreter give the same, in everything that can be seen.

Compared are value, kind of error, whether it stands, all five costs, events, moves and the state.
Where a limit of costs stops both, the totals may differ (such a call is in no block): there only
the kind is compared.
"""

import ast
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from tests.differential.clarity.campaign import program_of
from tests.differential.clarity.generator import BALANCE, CONTRACT, Program, deployer_of

from btczs.codec.clarity import decode_value
from btczs.codec.clarity.values import ContractPrincipal
from btczs.vm.clarity import CostMeter, Machine, Outcome
from btczs.vm.clarity.compiler import Unsupported
from btczs.vm.clarity.compiler.support import NAMESPACE
from btczs.vm.clarity.compiler.unit import Compiled, Unit
from btczs.vm.clarity.costs import UNLIMITED, ExecutionCost
from btczs.vm.clarity.interpreter.loading import ContractStore
from btczs.vm.clarity.machine import Tier
from btczs.vm.clarity.runtime.contracts import ContractCache
from btczs.vm.clarity.runtime.memory import MemoryChain, MemoryState

FIRST_SEED, PROGRAMS = 31_000, 250
SHARES = 7
"""A limit is so many sevenths of what a call costs."""


class Deployed:
    """A program on a machine of its own."""

    def __init__(self, program: Program, tier: Tier) -> None:
        self.program = program
        self.state = MemoryState()
        self.deployer = deployer_of(program)
        self.state.mint(self.deployer, BALANCE)
        self.machine = Machine(self.state, MemoryChain(is_regtest=False), tier=tier)
        for setup in program.setup:
            self.machine.deploy(
                self.contract(setup.name), setup.code, setup.version, meter=CostMeter(UNLIMITED)
            )
        self.main = self.contract(CONTRACT)
        outcome = self.machine.deploy(
            self.main, program.code, program.version, meter=CostMeter(UNLIMITED)
        )
        self.is_accepted = outcome.error is None

    def contract(self, name: str) -> ContractPrincipal:
        return ContractPrincipal(self.deployer.version, self.deployer.hash20, name)

    def call(self, number: int, limit: ExecutionCost = UNLIMITED) -> Outcome:
        call = self.program.calls[number]
        args = [decode_value(bytes.fromhex(arg)) for arg in call.args]
        do = self.machine.read if call.read else self.machine.call
        return do(self.main, call.fn, args, sender=self.deployer, meter=CostMeter(limit))

    def content(self) -> list[tuple[bytes, bytes]]:
        return list(self.state.scan_contract(self.main))


def seen(outcome: Outcome) -> tuple[Any, ...]:
    """All of an outcome that can be seen."""
    kind = None if outcome.error is None else outcome.error.kind
    moves = outcome.moves.current
    moved = (moves.stx_sent, moves.stx_burned, moves.tokens, moves.nfts)
    if kind == "CostBalanceExceeded":
        return (kind, outcome.committed)
    return (outcome.value, kind, outcome.committed, outcome.cost, outcome.events, moved)


@pytest.mark.parametrize("chunk", range(5))
def test_random_programs_give_the_same_in_both_tiers(chunk: int) -> None:
    share = PROGRAMS // 5
    first = FIRST_SEED + chunk * share
    for seed in range(first, first + share):
        program = program_of(seed)
        slow, fast = Deployed(program, "interpreter"), Deployed(program, "auto")
        assert slow.is_accepted == fast.is_accepted
        for number in range(len(program.calls) if slow.is_accepted else 0):
            expected = slow.call(number)
            assert seen(fast.call(number)) == seen(expected), f"seed {seed}, call {number}"
        assert slow.content() == fast.content(), f"seed {seed}"


@pytest.mark.parametrize("chunk", range(5))
def test_a_limit_stops_both_tiers_or_none(chunk: int) -> None:
    share = PROGRAMS // 5
    first = FIRST_SEED + chunk * share
    for seed in range(first, first + share):
        program = program_of(seed)
        slow, fast = Deployed(program, "interpreter"), Deployed(program, "auto")
        for number in range(len(program.calls) if slow.is_accepted else 0):
            with_all = Deployed(program, "interpreter").call(number).cost
            runtime = with_all.runtime * (seed % SHARES + 1) // SHARES
            limit = msgspec.structs.replace(UNLIMITED, runtime=runtime)
            expected = slow.call(number, limit)
            assert seen(fast.call(number, limit)) == seen(expected), f"seed {seed}, call {number}"


NASTY = r"""
(define-constant import u1)
(define-constant exec "@ #t1# c + \\ ' \" \n {x} %s")
(define-data-var lambda (string-ascii 40) "'; import os #")
(define-map x {m: int, self: bool} (buff 4))
(define-private (abort (c int) (m int)) (+ c m))
(define-private (f0 (a1 int)) (* a1 2))
(define-read-only (eval (def int)) (abort def (f0 def)))
(define-public (class (while (string-ascii 10)) (is uint))
  (let ((None 0x40) (pass (concat while "@")) (yield 0x0a5c27))
    (map-set x {m: 1, self: false} 0x40402740)
    (var-set lambda pass)
    (print {None: None, return: exec, x: yield})
    (ok (list (+ is import) (len pass)))))
(define-read-only (get-x) (map-get? x {m: 1, self: false}))
"""

NASTY_PROGRAM = Program(id=1, version=6, code=NASTY, setup=(), calls=())


def test_names_and_texts_of_a_contract_are_no_python() -> None:
    seen_by = []
    for tier in ("interpreter", "auto"):
        world = Deployed(NASTY_PROGRAM, tier)  # type: ignore[arg-type]
        assert world.is_accepted
        answers = [
            world.machine.evaluate(world.main, '(class "\'\\"@#" u2)', sender=world.deployer),
            world.machine.call(
                world.main, "class", [text("\n@'\\"), uint(2)], sender=world.deployer
            ),
            world.machine.read(world.main, "eval", [number(21)]),
            world.machine.read(world.main, "get-x", []),
        ]
        assert all(answer.error is None for answer in answers)
        seen_by.append([seen(answer) for answer in answers])
    assert seen_by[0] == seen_by[1]


def text(characters: str) -> Any:
    return decode_value(b"\x0d" + len(characters).to_bytes(4, "big") + characters.encode())


def uint(n: int) -> Any:
    return decode_value(b"\x01" + n.to_bytes(16, "big"))


def number(n: int) -> Any:
    return decode_value(b"\x00" + n.to_bytes(16, "big"))


# --- what generated code can reach ----------------------------------------------------------------

ATTRIBUTES = {
    # of a run and of what it stands on
    *("m", "get", "put", "chain", "sponsor", "execution", "state", "depth", "memory_max"),
    *("is_mainnet", "is_regtest", "chain_id", "tenure_height", "block_height", "l1_height"),
    *("block_time", "liquid_supply"),
    # of the meter
    *("runtime", "read_count", "read_length", "write_count", "write_length", "memory"),
    # of plain values
    *("append", "to_bytes", "digest", "__class__"),
}
"""All attributes that generated code uses."""

NODES_REFUSED = (ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal, ast.ClassDef, ast.Await)


def compiled_functions(program: Program) -> Iterator[tuple[Unit, Compiled]]:
    world = Deployed(program, "interpreter")
    if not world.is_accepted:
        return
    store = ContractStore(world.state, ContractCache())
    contract = store.get(world.main)
    assert contract is not None
    unit = Unit(contract, world.machine.analysis(world.main))
    for name in contract.functions:
        try:
            unit.compile(name)
        except Unsupported:
            continue
    for compiled in unit.compiled.values():
        yield unit, compiled


def assert_reaches_nothing_else(unit: Unit, compiled: Compiled) -> None:
    tree = ast.parse(compiled.source)
    made = {c.info.symbol for c in unit.compiled.values()}
    local = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and not is_read(n)}
    local |= {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}
    local |= {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}
    assert not (local & NAMESPACE.keys()), "a function of the runtime is replaced"
    for node in ast.walk(tree):
        assert not isinstance(node, NODES_REFUSED), compiled.source
        if isinstance(node, ast.Name):
            assert node.id != "__builtins__"
            known = local | NAMESPACE.keys() | unit.namespace.keys() | made
            assert node.id in known, f"{node.id} in\n{compiled.source}"
        if isinstance(node, ast.Attribute):
            assert node.attr in ATTRIBUTES, f"{node.attr} in\n{compiled.source}"
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert node.value.isascii()


def is_read(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Load)


def test_generated_code_reaches_the_runtime_and_nothing_else() -> None:
    assert NAMESPACE["__builtins__"] == {}
    count = 0
    for program in [NASTY_PROGRAM, *map(program_of, range(FIRST_SEED, FIRST_SEED + 120))]:
        for unit, compiled in compiled_functions(program):
            assert_reaches_nothing_else(unit, compiled)
            count += 1
    assert count > 100


@pytest.mark.parametrize(
    "body",
    [
        "import os",
        "return open('x')",
        "return x.get.__globals__",
        "global f0",
        "abort = 1",
        "return (lambda: __builtins__)()",
    ],
)
def test_the_look_at_generated_code_finds_what_reaches_out(body: str) -> None:
    unit, compiled = next(compiled_functions(NASTY_PROGRAM))
    wrong = msgspec.structs.replace(compiled, source=f"def f0(x):\n    {body}\n")
    with pytest.raises(AssertionError):
        assert_reaches_nothing_else(unit, wrong)


def test_compiling_twice_gives_the_same_text() -> None:
    for seed in range(FIRST_SEED, FIRST_SEED + 20):
        first = [c.source for _, c in compiled_functions(program_of(seed))]
        assert first == [c.source for _, c in compiled_functions(program_of(seed))]
