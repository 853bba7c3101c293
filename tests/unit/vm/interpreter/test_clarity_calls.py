"""Calls between contracts: authority, traits, and what is checked when."""

import pytest
from machine_world import ALICE, BOB, World, text

from btczs.codec.clarity.principals import principal_text

TRAIT = "(define-trait counter ((count (uint) (response uint uint))))"
USER = """
(use-trait counter .traits.counter)
(define-public (ask (c <counter>)) (contract-call? c count u1))
(define-public (who (c <counter>)) (ok (contract-of c)))
(define-public (each (all (list 3 <counter>))) (ok (map ask-one all)))
(define-private (ask-one (c <counter>)) (contract-call? c count u2))
(define-public (maybe (c (optional <counter>)))
  (match c found (contract-call? found count u3) (err u404)))
"""


@pytest.fixture
def traits() -> World:
    world = World()
    world.deploy("traits", TRAIT)
    world.deploy("user", USER)
    world.deploy(
        "good",
        "(impl-trait .traits.counter) (define-public (count (n uint)) (ok (+ n u1)))",
    )
    world.deploy("quiet", "(define-public (count (n uint)) (ok (* n u10)))")
    return world


def test_the_callee_sees_the_caller_and_the_sender() -> None:
    world = World()
    world.deploy("a", "(define-public (who) (ok {s: tx-sender, c: contract-caller}))")
    world.deploy(
        "b",
        """
        (define-public (plain) (contract-call? .a who))
        (define-public (own) (ok {s: tx-sender, c: contract-caller}))
        (define-public (as-me) (as-contract (contract-call? .a who)))
        (define-public (only-me) (as-contract (ok {s: tx-sender, c: contract-caller})))
        """,
        3,
    )
    alice, bob = principal_text(ALICE), principal_text(BOB)
    assert text(world.call("a", "who")) == f"(ok (tuple (c '{bob}) (s '{bob})))"
    assert text(world.call("b", "own")) == f"(ok (tuple (c '{bob}) (s '{bob})))"
    assert text(world.call("b", "plain")) == f"(ok (tuple (c '{alice}.b) (s '{bob})))"
    for function in ("as-me", "only-me"):
        assert text(world.call("b", function)) == f"(ok (tuple (c '{alice}.b) (s '{alice}.b)))"


def test_the_sponsor_is_known_everywhere() -> None:
    world = World()
    world.deploy("a", "(define-public (f) (ok tx-sponsor?))")
    world.deploy("b", "(define-public (f) (contract-call? .a f))")
    outcome = world.machine.call(world.id("b"), "f", [], sender=BOB, sponsor=ALICE)
    assert text(outcome) == f"(ok (some '{principal_text(ALICE)}))"
    assert text(world.call("b", "f")) == "(ok none)"


def test_a_contract_is_called_through_a_trait(traits: World) -> None:
    assert text(traits.call("user", "ask", ".good")) == "(ok u2)"
    assert text(traits.call("user", "ask", ".quiet")) == "(ok u10)"  # has it, does not say so


def test_a_trait_may_stand_inside_a_parameter(traits: World) -> None:
    from btczs.codec.clarity.values import ListValue, SomeValue

    both = ListValue((traits.id("good"), traits.id("quiet")))
    assert text(traits.call("user", "each", both)) == "(ok (list (ok u3) (ok u20)))"
    assert text(traits.call("user", "maybe", SomeValue(traits.id("good")))) == "(ok u4)"
    assert text(traits.call("user", "maybe", SomeValue(BOB))) == "TypeValueError"


def test_contract_of_gives_the_principal(traits: World) -> None:
    assert text(traits.call("user", "who", ".good")) == f"(ok '{principal_text(ALICE)}.good)"
    assert text(traits.call("user", "who", ".nobody")) == "NoSuchContract"


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("(define-public (other) (ok u1))", "BadTraitImplementation"),
        ("(define-public (count (n int)) (ok u1))", "BadTraitImplementation"),
        ("(define-public (count) (ok u1))", "BadTraitImplementation"),
        ("(define-public (count (n uint)) (ok 1))", "ReturnTypesMustMatch"),
        ("(define-private (count (n uint)) (ok u1))", "NoSuchPublicFunction"),
        ("(define-read-only (count (n uint)) (ok n))", "(ok u1)"),
        ("(define-public (count (n uint)) (if (> n u5) (err false) (ok n)))", "(ok u1)"),
    ],
)
def test_a_contract_that_does_not_name_the_trait_is_checked_at_the_call(
    traits: World, source: str, kind: str
) -> None:
    traits.deploy("odd", source)
    assert text(traits.call("user", "ask", ".odd")) == kind


def test_a_principal_is_no_contract_for_a_trait(traits: World) -> None:
    assert text(traits.call("user", "ask", f"'{principal_text(BOB)}")) == "TypeValueError"
    assert text(traits.call("user", "ask", ".missing")) == "NoSuchContract"


def test_a_contract_does_not_reach_itself_through_a_trait(traits: World) -> None:
    assert text(traits.call("user", "ask", ".user")) == "CircularReference"


def test_a_function_under_way_cannot_be_entered_again_from_another_contract(
    traits: World,
) -> None:
    traits.deploy(
        "loop", "(define-public (count (n uint)) (contract-call? .user ask .loop2))", analyse=False
    )
    assert text(traits.call("user", "ask", ".loop")) == "CircularReference"


def test_a_trait_call_is_refused_where_everything_is_read_only(traits: World) -> None:
    traits.deploy(
        "reader",
        """
        (use-trait counter .traits.counter)
        (define-read-only (ask (c <counter>)) (contract-call? c count u1))
        """,
        analyse=False,
    )
    assert text(traits.read("reader", "ask", ".quiet")) == "Unreachable"
    assert text(traits.read("reader", "ask", ".good")) == "(ok u2)"  # trusted: it names the trait


def test_version_1_knows_trait_parameters_as_names_only(traits: World) -> None:
    traits.deploy(
        "old",
        """
        (use-trait counter .traits.counter)
        (define-public (ask (c <counter>)) (contract-call? c count u1))
        (define-public (pass-on (c <counter>)) (ask c))
        """,
        1,
    )
    assert text(traits.call("old", "ask", ".good")) == "(ok u2)"
    assert text(traits.call("old", "pass-on", ".quiet")) == "(ok u10)"
    assert text(traits.eval("old", "(ask .good)")) == "(ok u2)"


def test_a_constant_can_be_called_but_not_while_it_is_deployed() -> None:
    world = World()
    world.deploy("a", "(define-public (f) (ok 1))")
    world.deploy("b", "(define-constant target .a) (define-public (g) (contract-call? target f))")
    assert text(world.call("b", "g")) == "(ok 1)"
    source = "(define-constant target .a) (contract-call? target f)"
    assert world.refuse("c", source, analyse=False) == "ContractCallExpectName"
    old = "(define-constant target .a) (define-public (g) (contract-call? target f))"
    world.deploy("d", old, 1, analyse=False)
    assert text(world.call("d", "g")) == "ContractCallExpectName"


def test_a_failed_call_undoes_the_callee_only() -> None:
    world = World()
    world.deploy(
        "a",
        """
        (define-data-var v int 0)
        (define-public (set (x int)) (begin (print x) (var-set v x) (if (> x 9) (err x) (ok x))))
        (define-read-only (get-v) (var-get v))
        """,
    )
    world.deploy(
        "b",
        """
        (define-public (f) (begin
          (is-ok (contract-call? .a set 1))
          (is-ok (contract-call? .a set 10))
          (ok (contract-call? .a get-v))))
        """,
    )
    outcome = world.call("b", "f")
    assert text(outcome) == "(ok 1)"
    assert len(outcome.events) == 1


def test_loading_is_charged_by_source_and_constants_each_time() -> None:
    world = World()
    callee = "(define-constant c 0x00112233) (define-public (f) (ok 1))"
    world.deploy("a", callee)
    caller = "(define-public (f) (ok (list (contract-call? .a f) (contract-call? .a f))))"
    world.deploy("b", caller)
    cost = world.call("b", "f").cost
    assert cost.read_count == 9
    assert cost.read_length == (len(caller) + 1) + 2 * (len(callee) + 8 + 1)
