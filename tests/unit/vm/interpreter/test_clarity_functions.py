"""Functions of contracts: early returns, nested transactions, arguments."""

import pytest
from machine_world import World, text

from btczs.codec.clarity.values import ListValue, TupleValue, UIntValue
from btczs.vm.clarity.runtime.events import PrintEvent


def test_a_function_returns_early_from_itself_only() -> None:
    world = World()
    world.deploy(
        "c",
        """
        (define-private (odd (x int)) (begin (asserts! (is-eq (mod x 2) 1) 0) x))
        (define-private (inside (x (optional int))) (+ 1 (unwrap! x 100)))
        (define-public (all) (ok {a: (odd 2), b: (odd 3), c: (inside none), d: (inside (some 1))}))
        """,
    )
    assert text(world.call("c", "all")) == "(ok (tuple (a 0) (b 3) (c 100) (d 2)))"


def test_memory_is_given_back_on_early_returns() -> None:
    world = World(tier="interpreter")
    world.deploy(
        "c",
        """
        (define-private (leave (x int))
          (let ((y x)) (+ 1 2 (begin (asserts! false 9) 4))))
        (define-public (often) (ok (+ (leave 1) (leave 2) (leave 3) (leave 4))))
        (define-public (once) (ok (+ (leave 1))))
        """,
        analyse=False,
    )
    often, once = world.call("c", "often"), world.call("c", "once")
    assert text(often) == "(ok 36)"
    # Only the results of the three calls before are held in addition.
    assert often.memory_peak == once.memory_peak + 3 * 16


SCOPES = """
(define-data-var v int 0)
(define-private (note (x int)) (begin (var-set v x) (print x)))
(define-public (keep (x int)) (begin (note x) (ok x)))
(define-public (undo (x int)) (begin (note x) (err x)))
(define-read-only (peek) (begin (print "seen") (var-get v)))
(define-public (both) (begin (keep 1) (undo 2) (peek) (ok (var-get v))))
(define-public (outer-fails) (begin (keep 5) (err (var-get v))))
(define-private (through) (undo 7))
(define-public (privately) (begin (through) (ok (var-get v))))
(define-public (breaks) (begin (note 8) (ok (/ 1 0))))
"""


@pytest.fixture
def scopes() -> World:
    world = World()
    world.deploy("c", SCOPES, analyse=False)
    return world


def printed(outcome: object) -> list[str]:
    events = outcome.events  # type: ignore[attr-defined]
    return [repr(event.value.value) for event in events if isinstance(event, PrintEvent)]


def test_each_public_call_is_a_nested_transaction(scopes: World) -> None:
    outcome = scopes.call("c", "both")
    assert text(outcome) == "(ok 1)"
    assert outcome.committed
    assert printed(outcome) == ["1"]  # neither of the call that failed nor of the read-only one
    assert text(scopes.eval("c", "(var-get v)")) == "1"


def test_a_private_function_has_no_boundary(scopes: World) -> None:
    assert text(scopes.call("c", "privately")) == "(ok 0)"  # `undo` inside is one, however


def test_err_undoes_everything_and_costs_stay_due(scopes: World) -> None:
    outcome = scopes.call("c", "outer-fails")
    assert text(outcome) == "(err 5)"
    assert not outcome.committed
    assert outcome.events == ()
    assert outcome.cost.write_count == 1
    assert text(scopes.eval("c", "(var-get v)")) == "0"


def test_an_abort_undoes_everything(scopes: World) -> None:
    outcome = scopes.call("c", "breaks")
    assert text(outcome) == "DivisionByZero"
    assert (outcome.committed, outcome.events) == (False, ())
    assert text(scopes.eval("c", "(var-get v)")) == "0"


def test_a_read_only_function_cannot_write() -> None:
    world = World()
    world.deploy(
        "c",
        """
        (define-data-var v int 0)
        (define-private (write) (var-set v 1))
        (define-read-only (sneak) (write))
        (define-public (try) (begin (sneak) (ok 1)))
        """,
        analyse=False,
    )
    assert text(world.read("c", "sneak")) == "Unreachable"
    assert text(world.call("c", "try")) == "Unreachable"


def test_only_functions_for_the_outside_can_be_called(scopes: World) -> None:
    assert text(scopes.call("c", "note", "1")) == "NoSuchPublicFunction"
    assert text(scopes.call("c", "nothing")) == "UndefinedFunction"
    assert text(scopes.call("d", "keep", "1")) == "NoSuchContract"
    assert text(scopes.read("c", "keep", "1")) == "Unreachable"


def test_a_read_only_function_can_be_called_and_changes_nothing(scopes: World) -> None:
    outcome = scopes.call("c", "peek")
    assert text(outcome) == "0"
    assert not outcome.committed


def test_a_public_function_returns_a_response() -> None:
    world = World()
    world.deploy(
        "c",
        "(define-data-var v int 0) (define-public (f) (begin (var-set v 1) 5))",
        analyse=False,
    )
    assert text(world.call("c", "f")) == "Unreachable"
    assert text(world.eval("c", "(var-get v)")) == "0"


@pytest.mark.parametrize(
    ("args", "kind"),
    [
        ((), "IncorrectArgumentCount"),
        (("1", "2"), "IncorrectArgumentCount"),
        (("u1",), "TypeValueError"),
        (("none",), "(ok 3)"),
    ],
)
def test_arguments_are_checked(args: tuple[str, ...], kind: str) -> None:
    world = World()
    world.deploy("c", "(define-public (f (x int)) (ok 3))")
    if args == ("none",):
        args = ("3",)
    assert text(world.call("c", "f", *args)) == kind


def test_arguments_take_the_declared_type_and_the_size_they_have() -> None:
    world = World()
    world.deploy(
        "c",
        """
        (define-public (f (l (list 10 uint)) (t {a: uint}))
          (ok {size: (len l), all: (append l u9), a: (get a t)}))
        """,
    )
    values = ListValue((UIntValue(1), UIntValue(2)))
    outcome = world.call("c", "f", values, TupleValue((("a", UIntValue(7)),)))
    assert text(outcome) == "(ok (tuple (a u7) (all (list u1 u2 u9)) (size u2)))"
    more = TupleValue((("a", UIntValue(7)), ("b", UIntValue(8))))
    assert text(world.call("c", "f", values, more)) == "TypeValueError"


def test_two_parameters_of_one_name_are_told_when_the_function_is_called() -> None:
    for version in (1, 6):
        world = World()
        world.deploy("c", "(define-public (f (x int) (x int)) (ok x))", version, analyse=False)
        assert text(world.call("c", "f", "1", "2")) == "NameAlreadyUsed"


def test_a_function_does_not_call_itself_even_without_analysis() -> None:
    world = World()
    assert world.refuse("c", "(define-private (f) (f)) (f)", analyse=False) == "CircularReference"


def test_functions_of_higher_order_check_calls_as_any() -> None:
    world = World()
    world.deploy(
        "c",
        """
        (define-private (add (x int) (y int)) (+ x y))
        (define-private (positive (x int)) (> x 0))
        (define-public (f) (ok {
          m: (map add (list 1 2 3) (list 10 20)),
          r: (filter positive (list 1 -2 3)),
          s: (fold add (list 1 2 3) 0),
          b: (fold and (list true true) true),
          g: (map > (list 1 5) (list 2 2)) }))
        """,
    )
    assert text(world.call("c", "f")) == (
        "(ok (tuple (b true) (g (list false true)) (m (list 11 22)) (r (list 1 3)) (s 6)))"
    )
