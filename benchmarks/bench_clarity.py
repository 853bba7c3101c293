"""Clarity programs in compiled code, beside the reference interpreter in WebAssembly and the floor.

One call is measured from the machine's door to its outcome: arguments, all five costs, memory
bounds, scopes, the state's overlay with its undo journal, the result as a value of the wire. The
reference is `@stacks/clarinet-sdk` in Node with costs tracked; its times are CPU times, and so are
ours. The floor is the program written by hand in Python, without costs (`clarity_floors`).

The rounds are interleaved: reference, ours, floor, and again.
"""

import json
import statistics
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from shutil import which

from benchmarks.clarity_floors import FLOORS, prepare
from benchmarks.clarity_programs import PROGRAMS, VERSION, Program
from benchmarks.harness import Bar, Samples, Size, Table
from btczs.codec.clarity import repr_value
from btczs.codec.clarity.values import ContractPrincipal, StandardPrincipal
from btczs.primitives import Hash20
from btczs.store.memory import MemoryKV
from btczs.store.overlay import Overlay
from btczs.vm.clarity import Machine
from btczs.vm.clarity.machine import Tier
from btczs.vm.clarity.runtime.memory import MemoryChain, MemoryState

NODE = Path(__file__).resolve().parents[1] / "tests/differential/clarity/node"
SENDER = StandardPrincipal(26, Hash20(b"\x03" * 20))
CONTRACT = ContractPrincipal(26, SENDER.hash20, "bench")

OURS, INTERPRETER, FLOOR = "compiled code", "our interpreter", "floor: by hand, no costs"
REFERENCE = "@stacks/clarinet-sdk (WebAssembly)"

RATIOS_MIN = {
    "token transfer": 200.0,
    "fold of 1000": 30.0,
    "fold of 100 x 100": 30.0,
    "500 chained sha256": 7.0,
    "tuples and lists": 25.0,
}
"""How many times faster than the reference compiled code has to be."""

FLOOR_RATIO_MIN = 1 / 3
"""Of the floor's speed."""

ROUND_S = 0.05
"""CPU seconds that one round of a program takes, about."""


def run(size: Size) -> list[Table]:
    groups, rounds = size.pick(3, 1), size.pick(5, 2)
    samples: dict[str, Samples] = {program.name: {} for program in PROGRAMS}
    works = {program.name: _prepare(program) for program in PROGRAMS}
    has_node = which("node") is not None and (NODE / "node_modules").is_dir()
    for _ in range(groups):
        if has_node:
            _measure_reference(samples, rounds)
        for _ in range(rounds):
            for name, variants in works.items():
                for variant, (call, count) in variants.items():
                    _add(samples[name], variant, call, count)
    tables = [_table(program, samples[program.name]) for program in PROGRAMS]
    return [*tables, _deployment(size)]


def _prepare(program: Program) -> dict[str, tuple[Callable[[], object], int]]:
    """What is measured of a program: name -> a call, and how many make a round."""
    state = Overlay(MemoryKV())
    prepare(state)
    floor = FLOORS[program.name]
    found: dict[str, Callable[[], object]] = {
        OURS: _machine_call(program, "auto"),
        INTERPRETER: _machine_call(program, "interpreter"),
        FLOOR: lambda: floor(state),
    }
    return {name: (call, _calls_per_round(call)) for name, call in found.items()}


def _machine_call(program: Program, tier: Tier) -> Callable[[], object]:
    state = MemoryState()
    machine = Machine(state, MemoryChain(), tier=tier)
    deployed = machine.deploy(CONTRACT, program.source, VERSION)
    assert deployed.error is None, deployed.error
    for function in program.setup:
        assert machine.call(CONTRACT, function, [], sender=SENDER).committed
    state.settle()

    def call() -> object:
        return machine.call(CONTRACT, program.function, [], sender=SENDER)

    outcome = machine.call(CONTRACT, program.function, [], sender=SENDER)
    assert outcome.value is not None, outcome.error
    assert repr_value(outcome.value) == program.expected, "fast and wrong does not count"
    return call


def _calls_per_round(call: Callable[[], object]) -> int:
    started, count = time.process_time(), 0
    while time.process_time() - started < ROUND_S:
        call()
        count += 1
    return count


def _add(samples: Samples, name: str, call: Callable[[], object], count: int) -> None:
    started = time.process_time()
    for _ in range(count):
        call()
    samples.setdefault(name, []).append((time.process_time() - started) / count * 1e6)


def _measure_reference(samples: dict[str, Samples], rounds: int) -> None:
    """One process of the reference: `rounds` samples of each program."""
    programs = [
        {
            "name": program.name,
            "source": program.source,
            "version": VERSION,
            "function": program.function,
            "setup": program.setup,
            "calls": 20 if program.calls_inside <= 1 else 3,
        }
        for program in PROGRAMS
    ]
    request = json.dumps({"rounds": rounds, "programs": programs})
    answer = subprocess.run(
        ["node", "benchmark.mjs"],
        cwd=NODE,
        input=request,
        capture_output=True,
        text=True,
        check=True,
    )
    for line in answer.stdout.splitlines():
        data = json.loads(line)
        samples[data["name"]].setdefault(REFERENCE, []).extend(data["cpu_us"])


def _table(program: Program, samples: Samples) -> Table:
    rows = {name: statistics.median(values) for name, values in samples.items()}
    bars = [Bar("speed, of the floor's", rows[FLOOR] / rows[OURS], FLOOR_RATIO_MIN)]
    notes = [f"one call makes {program.calls_inside} steps"]
    if REFERENCE in rows:
        least = RATIOS_MIN.get(program.name)
        ratio = rows[REFERENCE] / rows[OURS]
        if least is not None:
            bars.append(Bar("times as fast as the reference", ratio, least))
        else:
            notes.append(f"{ratio:.0f} times as fast as the reference")
    else:
        notes.append("the reference is not installed: see tests/differential/clarity/node")
    return Table(program.name, "call", FLOOR, rows, tuple(notes), tuple(bars))


def _deployment(size: Size) -> Table:
    """Time to deploy and to compile, per 1,000 lines of a contract of ordinary code."""
    functions = size.pick(300, 30)
    source = "\n".join(_ordinary_function(index) for index in range(functions))
    thousands = source.count("\n") / 1000
    samples: Samples = {}
    for _ in range(size.pick(7, 2)):
        machine = Machine(MemoryState(), MemoryChain())
        _add(samples, "deploy: read, sort, check, store", _deploying(machine, source), 1)
        _add(samples, "compile every function, once", _compiling(machine, functions), 1)
    rows = {name: statistics.median(values) / thousands for name, values in samples.items()}
    notes = (f"a contract of {thousands * 1000:.0f} lines, {len(source)} bytes",)
    return Table("deployment", "1,000 lines", "deploy: read, sort, check, store", rows, notes)


def _deploying(machine: Machine, source: str) -> Callable[[], object]:
    def deploy() -> object:
        outcome = machine.deploy(CONTRACT, source, VERSION)
        assert outcome.error is None, outcome.error
        return outcome

    return deploy


def _compiling(machine: Machine, functions: int) -> Callable[[], object]:
    def first_calls() -> object:
        for index in range(functions):
            assert machine.read(CONTRACT, f"read-{index}", []).error is None
        return None

    return first_calls


def _ordinary_function(index: int) -> str:
    return f"""
(define-map store-{index}
  {{owner: principal, id: uint}}
  {{amount: uint, memo: (string-ascii 20), parent: (optional uint)}})
(define-private (limit-{index} (amount uint) (factor uint))
  (if (> amount u1000)
    (/ (* amount factor) u100)
    (+ amount factor)))
(define-read-only (read-{index})
  (let ((entry (map-get? store-{index} {{owner: tx-sender, id: u{index}}}))
        (amount (match entry found (get amount found) u7)))
    (asserts! (< amount u100000) (err u{index}))
    (ok {{amount: (limit-{index} amount u3), known: (is-some entry)}})))
(define-public (write-{index} (id uint) (amount uint))
  (let ((key {{owner: tx-sender, id: id}}))
    (asserts! (is-none (map-get? store-{index} key)) (err u1))
    (try! (read-{index}))
    (map-set store-{index} key {{amount: amount, memo: "fresh", parent: none}})
    (print {{event: "write", id: id, amount: (limit-{index} amount u5)}})
    (ok true)))"""
