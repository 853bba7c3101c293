"""The order of definitions, circles, and what sorting costs."""

import time

import pytest

from btczs.vm.clarity.analysis.errors import CircularReference
from btczs.vm.clarity.analysis.sorter import sort_definitions
from btczs.vm.clarity.costs import UNLIMITED, CostMeter, ExecutionCost
from btczs.vm.clarity.errors import CostBalanceExceeded
from btczs.vm.clarity.names import DEFINES
from btczs.vm.clarity.reader import SNIPPET, read_program
from btczs.vm.clarity.reader.syntax import Atom, Expr, Form


def order_of(source: str, meter: CostMeter | None = None) -> list[str]:
    program = read_program(SNIPPET, source)
    return [name_of(expr) for expr in sort_definitions(program, meter or CostMeter())]


def uses_of(source: str) -> int:
    meter = CostMeter(UNLIMITED)
    order_of(source, meter)
    uses, rest = divmod(meter.runtime - 72, 141)
    assert rest == 0
    return uses


def name_of(expr: Expr) -> str:
    """What a definition defines, or what another form applies."""
    assert isinstance(expr, Form)
    words = [part.items[0] if isinstance(part, Form) else part for part in expr.items[:2]]
    word = words[1] if words[0].name in DEFINES else words[0]
    assert isinstance(word, Atom)
    return word.name


def function_of(signature: str, body: str) -> str:
    return f"(define-private {signature} {body})"


def test_definitions_keep_the_order_of_the_source() -> None:
    assert order_of("(define-constant b 1) (define-constant a 2) (print b)") == ["b", "a", "print"]


def test_definitions_come_before_their_uses() -> None:
    source = "(define-constant a (+ b c)) (define-constant b c) (define-constant c 1)"
    assert order_of(source) == ["c", "b", "a"]
    assert order_of("(print a) (define-constant a 1)") == ["a", "print"]


@pytest.mark.parametrize(
    "use",
    [
        "(define-data-var use uint a)",
        "(define-map use {k: a} uint)",
        "(define-map use uint {k: a})",
        "(define-fungible-token use a)",
        "(define-constant use (let ((x a)) x))",
        "(define-constant use (let ((x 1)) a))",
        "(define-constant use {k: {l: a}})",
        "(define-constant use (tuple (k a)))",
        "(define-constant use (get k a))",
        "(define-constant use (contract-call? .other f a))",
        "(define-constant use (a))",
        "(define-constant use ((a)))",
        "(define-trait use ((f (a) (response bool bool))))",
        "(define-trait use ((f (<a>) (response bool bool))))",
        "(define-trait use ((f (uint) a)))",
        "(print a)",
    ],
)
def test_what_is_a_use(use: str) -> None:
    source = f"{use} (define-constant a 1)"
    assert order_of(source)[0] == "a"
    assert uses_of(source) == 1


@pytest.mark.parametrize(
    "no_use",
    [
        "(define-constant use {a: 1})",
        "(define-constant use (tuple (a 1)))",
        "(define-constant use (get a b))",
        "(define-constant use (contract-call? a a 1))",
        "(define-constant use (let ((a 1)) 1))",
        "(define-constant use (let (a) 1))",
        "(define-constant use (let ((a a a)) 1))",
        "(define-constant use (let ((x a))))",
        "(define-non-fungible-token use a)",
        "(define-fungible-token use a a)",
        "(define-private (use (a uint)) 1)",
        "(define-private (use) a a)",
        "(define-map use a)",
        "(define-trait use ((a () (response bool bool))))",
        "(define-trait use ((a)))",
        "(define-trait use a)",
        "(define-constant use 'S1G2081040G2081040G2081040G208105NK8PE5.a.a)",
    ],
)
def test_what_is_no_use(no_use: str) -> None:
    source = f"{no_use} (define-constant a 1)"
    assert uses_of(source) == 0


def test_functions_use_what_their_types_and_bodies_name() -> None:
    source = (
        "(define-private (use (x <a>)) (b x)) (define-private (b (y uint)) y) (use-trait a .c.a)"
    )
    program = read_program(SNIPPET, source)
    kinds = [expr.items[0].name for expr in sort_definitions(program, CostMeter())]
    assert kinds == ["use-trait", "define-private", "define-private"]
    assert uses_of(source) == 2


def test_the_last_definition_of_a_name_is_the_one_used() -> None:
    source = "(define-constant a 1) (define-constant use a) (define-constant a 2)"
    assert order_of(source) == ["a", "a", "use"]
    assert uses_of(source) == 1


@pytest.mark.parametrize(
    ("source", "names"),
    [
        (function_of("(a)", "(a)"), ("a",)),
        (function_of("(a)", "(b)") + function_of("(b)", "(a)"), ("a", "b")),
        # A local name counts as a use of the definition of that name.
        (function_of("(a)", "(let ((b 1)) b)") + function_of("(b)", "(a)"), ("a", "b")),
        ("(define-constant a a)", ("a",)),
        # Whatever needs a circle is reported with it.
        ("(define-constant z a) (define-constant a b) (define-constant b a)", ("a", "b", "z")),
    ],
)
def test_circles_are_refused(source: str, names: tuple[str, ...]) -> None:
    with pytest.raises(CircularReference) as caught:
        order_of(source)
    assert caught.value.names == names
    assert caught.value.span is not None


def test_sorting_is_paid_before_a_circle_is_reported() -> None:
    meter = CostMeter()
    with pytest.raises(CircularReference):
        order_of("(define-constant a a)", meter)
    assert meter.total() == ExecutionCost(runtime=72 + 141)
    with pytest.raises(CostBalanceExceeded):
        order_of("(define-constant a a)", CostMeter(ExecutionCost(runtime=72 + 140)))


def test_each_use_is_paid_also_of_the_same_name() -> None:
    assert uses_of("(define-constant a 1) (print (+ a a a))") == 3


@pytest.mark.parametrize(
    ("source", "first"),
    [
        # With a comment before its name a definition is not found, so its use stays where it is.
        ("(define-constant use a) (define-constant ;; c\n a 1)", "use"),
        ("(define-constant use a) ( ;; c\n define-constant a 1)", "use"),
        ("(define-constant use a) (define-private ;; c\n (a) 1)", "use"),
        ("(define-constant use a) (define-constant a ;; c\n 1)", "a"),
        # A pair with a comment in it is no pair.
        ("(define-constant use (let ((x ;; c\n a)) x)) (define-constant a 1)", "use"),
        ("(define-constant use (let ( ;; c\n (x a)) x)) (define-constant a 1)", "a"),
        # Keys and values are counted with the comments.
        ("(define-constant use {k: a ;; c\n}) (define-constant a 1)", "a"),
        ("(define-constant use { ;; c\n k: a}) (define-constant a 1)", "use"),
        ("(define-constant use { ;; c\n a: 1}) (define-constant a 1)", "a"),
        # Braces are no list of pairs, although they read as one later.
        ("(define-constant use (let {x: a} 1)) (define-constant a 1)", "use"),
    ],
)
def test_comments_and_braces_count_as_in_the_reference(source: str, first: str) -> None:
    assert order_of(source)[0] == first


def test_long_and_deep_programs_are_sorted_in_linear_time() -> None:
    count = 4000
    chain = "".join(f"(define-constant c{i} c{i + 1})" for i in range(count))
    fan = "(print (+ " + f"c{count} " * count + "))"
    deep = "(+ " * 130 + "1" + ")" * 130
    started = time.process_time()
    order = order_of(f"{chain}(define-constant c{count} 1){fan}{deep}", CostMeter(UNLIMITED))
    assert order[:2] == [f"c{count}", f"c{count - 1}"]
    assert time.process_time() - started < 5
