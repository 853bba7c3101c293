"""What expressions mean and cost, to the unit."""

import sys

import pytest
from machine_world import World, text

from btczs.vm.clarity import BLOCK_LIMIT, CostMeter, ExecutionCost
from btczs.vm.clarity.costs import cost_function
from btczs.vm.clarity.errors import CostBalanceExceeded
from btczs.vm.clarity.machine import FRAMES_NEEDED
from btczs.vm.clarity.reader.syntax import Expr
from btczs.vm.clarity.runtime.contracts import Contract


def runtime(name: str, n: int = 0) -> int:
    return cost_function(name).runtime(n)


READING = 81
"""What reading an expression costs, besides 27 per byte, and sorting no definitions."""


def paid(source: str, version: int = 6) -> int:
    """Runtime of evaluating `source`, without reading it."""
    outcome = World().eval(None, source, version=version)
    assert outcome.error is None, outcome.error
    return outcome.cost.runtime - READING - 27 * len(source)


LOOKUP = 16


def test_a_literal_is_free() -> None:
    assert paid("u5") == 0


def test_a_plain_keyword_is_free() -> None:
    assert paid("tx-sender") == paid("none") == paid("true") == paid("current-contract") == 0


@pytest.mark.parametrize("name", ["burn-block-height", "stx-liquid-supply", "stacks-block-time"])
def test_a_keyword_of_the_chain_costs_a_read(name: str) -> None:
    cost = World().eval(None, name).cost
    assert (cost.read_count, cost.read_length) == (1, 2)
    assert paid(name) == runtime("fetch_var", 1)


def test_an_ordinary_function_pays_for_the_lookup_and_the_number_of_arguments() -> None:
    assert paid("(+ 1 2)") == LOOKUP + runtime("add", 2)


def test_a_name_that_is_only_looked_at_costs_by_depth() -> None:
    # `if` looks at its condition; the branch is a literal.
    let = LOOKUP + runtime("let", 1)
    assert paid("(let ((a true)) (if a 1 2))") == (
        let + LOOKUP + runtime("if") + runtime("lookup_variable_depth", 1)
    )


def test_a_name_that_is_kept_costs_by_depth_and_size() -> None:
    let = LOOKUP + runtime("let", 1)
    own = runtime("lookup_variable_depth", 1) + runtime("lookup_variable_size", 16)
    assert paid("(let ((a 1)) a)") == let + own
    assert paid("(let ((a 1)) (+ a 1))") == let + own + LOOKUP + runtime("add", 2)


def test_bindings_hold_memory_until_the_body_is_done() -> None:
    world = World()
    one = world.eval(None, "(let ((a 1)) 2)").memory_peak
    assert one == 16
    assert world.eval(None, "(+ (let ((a 1)) 2) (let ((b 1)) 2))").memory_peak == 32
    assert world.eval(None, "(let ((a 1) (b 1)) 2)").memory_peak == 32


def test_costs_are_due_up_to_the_failure() -> None:
    failed = World().eval(None, "(+ 1 (/ 1 0))")
    assert text(failed) == "DivisionByZero"
    source = "(+ 1 (/ 1 0))"
    assert failed.cost.runtime == READING + 27 * len(source) + 2 * LOOKUP + runtime("div", 2)


@pytest.mark.parametrize(
    ("form", "closing", "calls"),
    [
        ("(+ 1 ", ")", 1),
        ("(if true ", " 0)", 1),
        ("(begin ", ")", 1),
        ("(match none x 0 ", ")", 1),
        ("(default-to 0 (some ", "))", 2),
        ("(as-contract ", ")", 1),
        ("(let () ", ")", 1),
    ],
)
def test_128_calls_may_be_under_way_in_any_form(form: str, closing: str, calls: int) -> None:
    world, levels = World(), 128 // calls

    def nested(count: int) -> str:
        return form * count + "1" + closing * count

    at_limit = world.eval(None, nested(levels), version=3)
    assert at_limit.error is None, at_limit.error
    assert text(world.eval(None, nested(levels + 1), version=3)) == "MaxStackDepthReached"


def test_the_deepest_programs_leave_room_in_python() -> None:
    deepest = 0

    def observe(_expr: Expr, _contract: Contract) -> None:
        nonlocal deepest
        used, frame = 0, sys._getframe()
        while frame is not None:
            used, frame = used + 1, frame.f_back  # type: ignore[assignment]
        deepest = max(deepest, used)

    observe(None, None)  # type: ignore[arg-type]
    base = deepest
    world = World(observer=observe)
    chain = "".join(
        f"(define-public (f{i}) (f{i + 1}))" if i < 125 else "(define-public (f125) (ok 1))"
        for i in range(126)
    )
    world.deploy("chain", chain, analyse=False)
    assert text(world.call("chain", "f0")) == "(ok 1)"
    maps = "".join(
        f"(define-private (f{i} (x int)) (fold f{i + 1} (list 1) x))"
        if i < 60
        else "(define-private (f60 (x int)) x)"
        for i in range(61)
    ).replace("(x int)", "(y int) (x int)")
    maps = maps.replace("(define-private (f0 ", "(define-private (start ")
    world.deploy("maps", maps.replace("(y int) (x int)", "(x int) (z int)"), analyse=False)
    assert text(world.eval("maps", "(start 1 1)")) == "1"
    world.deploy("c0", "(define-public (f) (ok 1))")
    for i in range(1, 62):
        world.deploy(f"c{i}", f"(define-public (f) (contract-call? .c{i - 1} f))")
    assert text(world.call("c61", "f")) == "(ok 1)"
    matches = "(match none x 0 " * 127 + "1" + ")" * 127
    assert text(world.eval(None, matches)) == "1"
    assert deepest - base < FRAMES_NEEDED - 150


def test_a_machine_refuses_to_start_where_python_has_no_room() -> None:
    def down(levels: int) -> None:
        if levels:
            down(levels - 1)
        else:
            World().eval(None, "1")

    with pytest.raises(AssertionError, match="Python frames"):
        down(sys.getrecursionlimit() - FRAMES_NEEDED)


def test_an_observer_sees_every_expression_that_is_evaluated() -> None:
    seen: list[int] = []
    world = World(observer=lambda expr, _: seen.append(expr.id))
    world.eval(None, "(if true (+ 1 2) (- 5 burn-block-height))")
    # The whole, the condition, the sum and its two numbers; not the branch that is not taken.
    assert len(seen) == 5
    assert len(set(seen)) == 5


def test_a_limit_of_costs_ends_the_execution() -> None:
    world = World()
    limit = ExecutionCost(
        read_count=BLOCK_LIMIT.read_count,
        read_length=BLOCK_LIMIT.read_length,
        runtime=500,
        write_count=BLOCK_LIMIT.write_count,
        write_length=BLOCK_LIMIT.write_length,
    )
    outcome = world.eval(None, "(+ 1 (+ 2 (+ 3 4)))", meter=CostMeter(limit))
    assert isinstance(outcome.error, CostBalanceExceeded)
    assert outcome.cost.runtime > 500


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("nothing-here", "Unreachable"),
        ("(nothing-here)", "UndefinedFunction"),
        ("()", "Unreachable"),
        ("(1 2)", "Unreachable"),
        ("(if 1 2 3)", "TypeValueError"),
        ("(if true 1)", "IncorrectArgumentCount"),
        ("(asserts! 1 2)", "TypeValueError"),
        ("(asserts! false 2)", "AssertionFailed"),
        ("(let 1 2)", "Unreachable"),
        ("(let ((a 1) (a 2)) a)", "NameAlreadyUsed"),
        ("(let ((map 1)) 2)", "NameAlreadyUsed"),
        ("(let ((tx-sender 1)) 2)", "NameAlreadyUsed"),
        ("(let ((a)) 2)", "Unreachable"),
        ("(begin)", "Unreachable"),
        ("(contract-of tx-sender)", "Unreachable"),
        ("(contract-call? tx-sender f)", "ContractCallExpectName"),
        ("(contract-call? .nowhere f)", "NoSuchContract"),
        ("(as-contract 1)", "UndefinedFunction"),
        ("(at-block 0x00 1)", "UndefinedFunction"),
    ],
)
def test_what_analysis_would_refuse_stops_the_machine(source: str, kind: str) -> None:
    assert text(World().eval(None, source)) == kind


def test_words_exist_in_their_versions_only() -> None:
    world = World()
    assert text(world.eval(None, "(at-block 0x00 1)", version=4)) == "AtBlockUnavailable"
    assert text(world.eval(None, "(as-contract 1)", version=3)) == "1"
    assert text(world.eval(None, "stacks-block-time", version=3)) == "Unreachable"


@pytest.mark.parametrize("form", ["(+ 1 %s)", "(if true %s 0)", "(list %s)", "(let ((a %s)) 1)"])
@pytest.mark.parametrize("place", ["%s", "(define-public (f) %s)", "(define-map m int %s)"])
def test_a_deployment_has_room_too(form: str, place: str) -> None:
    head, tail = form.split("%s")
    used = 0
    frame = sys._getframe()
    while frame is not None:
        used, frame = used + 1, frame.f_back  # type: ignore[assignment]
    limit = sys.getrecursionlimit()
    for levels in (30, 65, 127, 131):
        source = place.replace("%s", head * levels + "1" + tail * levels)
        world = World()
        sys.setrecursionlimit(used + FRAMES_NEEDED + 10)
        try:
            world.machine.deploy(world.id("c"), source)
        finally:
            sys.setrecursionlimit(limit)
