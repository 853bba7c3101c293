"""Deploying: the top level, its value, its names, what it leaves and what it is charged."""

import pytest
from machine_world import World, text

from btczs.vm.clarity.costs import cost_function
from btczs.vm.clarity.errors import MemoryBalanceExceeded as LimitOfMemory
from btczs.vm.clarity.errors import RuntimeCheck, StaticError


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("(+ 3 4) (define-private (foo) 42)", "7"),
        ("1 2 3", "3"),
        ("(define-constant a 1)", "nothing"),
        ("", "nothing"),
        ("a (define-constant a 5)", "5"),
    ],
)
def test_the_value_is_that_of_the_last_expression(source: str, value: str) -> None:
    assert text(World().deploy("c", source)) == value


@pytest.mark.parametrize(
    "source",
    [
        "(define-private (map) 1)",
        "(define-constant tx-sender 1)",
        "(define-data-var none int 1)",
        "(define-map ok int int)",
        "(define-fungible-token fold)",
        "(define-non-fungible-token let int)",
        "(define-private (f (begin int)) 1)",
        "(define-read-only (f) 1) (define-read-only (f) 2)",
    ],
)
def test_reserved_and_double_names_fail_when_they_are_executed(source: str) -> None:
    outcome = World().machine.deploy(World().id("c"), source)
    assert text(outcome) == "NameAlreadyUsed"
    assert isinstance(outcome.error, RuntimeCheck)


@pytest.mark.parametrize("kind", ["int", "uint", "principal", "define-map", "if-not"])
def test_words_of_types_and_definitions_are_free_names(kind: str) -> None:
    assert text(World().deploy("c", f"(define-constant {kind} 5) {kind}", analyse=False)) == "5"


@pytest.mark.parametrize("body", ["(asserts! false 1)", "(try! (err 1))", "(unwrap! none 1)"])
def test_an_early_return_at_the_top_ends_the_deployment(body: str) -> None:
    world = World()
    kind = world.refuse("c", f"(define-data-var v int 1) {body}", analyse=False)
    assert kind in ("AssertionFailed", "UnwrapFailed")
    assert text(world.eval("c", "1")) == "NoSuchContract"


def test_a_failed_deployment_leaves_nothing() -> None:
    world = World()
    before = world.state.checkpoint()
    assert world.refuse("c", "(define-data-var v int 1) (print 1) (/ 1 0)") == "DivisionByZero"
    assert world.state.checkpoint() == before
    assert dict(world.state.scan_contract(world.id("c"))) == {}
    assert text(world.deploy("c", "(define-data-var v int 2) (var-get v)")) == "2"


def test_a_contract_cannot_be_replaced() -> None:
    world = World()
    world.deploy("c", "(define-public (f) (ok 1))")
    assert world.refuse("c", "(define-public (f) (ok 2))") == "Unreachable"
    assert text(world.call("c", "f")) == "(ok 1)"


def test_the_top_level_runs_as_the_publisher() -> None:
    world = World()
    assert text(world.deploy("c", "(is-eq tx-sender contract-caller)")) == "true"
    issuer = world.deploy("d", "tx-sender").value
    assert issuer == world.id("d").issuer


def test_analysis_refuses_before_anything_runs() -> None:
    world = World()
    outcome = world.machine.deploy(world.id("c"), "(print 1) (+ 1 u1)")
    assert isinstance(outcome.error, StaticError)
    assert outcome.events == ()
    assert outcome.cost.runtime > 0
    assert outcome.cost.write_count == 1  # storing the analysis was charged, the contract was not


def test_definitions_are_charged_when_they_are_executed() -> None:
    def cost(source: str) -> int:
        outcome = World().deploy("c", source, analyse=False)
        plain = cost_function("ast_parse").runtime(len(source))
        plain += cost_function("contract_storage").runtime(len(source))
        return outcome.cost.runtime - plain - cost_function("ast_cycle_detection").runtime(0)

    def runtime(name: str, n: int = 0) -> int:
        return cost_function(name).runtime(n)

    step = runtime("type_parse_step")
    assert cost("(define-constant a 1)") == runtime("bind_name")
    assert cost("(define-private (f (x int)) x)") == step + runtime("bind_name")
    assert cost("(define-map m int bool)") == 2 * step + runtime("create_map", 17)
    assert cost("(define-data-var v uint u1)") == step + runtime("create_var", 16)
    assert cost("(define-fungible-token t)") == runtime("create_ft")
    assert cost("(define-fungible-token t u5)") == runtime("create_ft")
    assert cost("(define-non-fungible-token t uint)") == step + runtime("create_nft", 16)
    assert cost("(define-trait t ((f (int) (response int int))))") == 4 * step


def test_too_much_memory_while_it_runs_is_not_too_much_for_analysis() -> None:
    world = World()
    big = " ".join(f"(v{i} b)" for i in range(120))
    source = f"(define-constant b 0x{'00' * 900_000}) (let ({big}) 1)"
    outcome = world.machine.deploy(world.id("c"), source, analyse=False)
    assert text(outcome) == "MemoryBalanceExceeded"
    assert isinstance(outcome.error, RuntimeCheck)
    assert not isinstance(outcome.error, LimitOfMemory)
    assert outcome.memory_peak > 100_000_000


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("(define-constant a)", "IncorrectArgumentCount"),
        ("(define-constant 1 2)", "Unreachable"),
        ("(define-private f 2)", "Unreachable"),
        ("(define-private () 2)", "Unreachable"),
        ("(define-private (f x) 2)", "Unreachable"),
        ("(define-data-var v int u1)", "TypeValueError"),
        ("(define-data-var v nothing 1)", "Unreachable"),
        ("(define-fungible-token t 1)", "TypeValueError"),
        ("(define-fungible-token t u1 u2)", "IncorrectArgumentCount"),
        ("(define-trait t 1)", "Unreachable"),
        ("(use-trait t 1)", "Unreachable"),
        ("(impl-trait 1)", "Unreachable"),
    ],
)
def test_malformed_definitions_are_refused_without_analysis(source: str, kind: str) -> None:
    outcome = World().machine.deploy(World().id("c"), source, analyse=False)
    assert text(outcome) == kind or outcome.error.__class__.__module__.endswith("reader.errors")
