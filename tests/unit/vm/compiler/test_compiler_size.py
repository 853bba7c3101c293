"""Compiling is linear in the program, whatever the program does; and what it cannot do, it refuses."""

import sys
import threading
import warnings
from collections.abc import Callable

import pytest
from compiler_world import compile_all, sources_of, unit_of, units_of_programs

from btczs.vm.clarity.compiler import Unsupported
from btczs.vm.clarity.compiler.unit import Unit

LINEAR = 2.2
"""Twice the program may give so many times the lines."""


def sums(count: int) -> str:
    """Many statements."""
    return f"(define-public (f (a uint)) (ok (+ {'(+ a u1) ' * count})))"


def bindings(count: int) -> str:
    """A let with many names, each made of the one before."""
    made = " ".join([f"(b{i} (+ b{i - 1} (mod b{i - 1} u3)))" for i in range(1, count)])
    return f"(define-public (f (a uint)) (let ((b0 a) {made}) (ok b{count - 1})))"


def asserts(count: int) -> str:
    texts = " ".join([f"(asserts! (> a u{i}) (err u{i}))" for i in range(count)])
    return f"(define-public (f (a uint)) (begin {texts} (ok a)))"


def conditions(count: int) -> str:
    return f"(define-public (f (a uint)) (ok (and {'(> a u1) ' * count})))"


def loops(count: int) -> str:
    step = "(define-private (step (a uint) (b uint)) (+ a b))"
    folds = "(fold step (list a u1 u2) a) " * count
    return f"{step} (define-public (f (a uint)) (ok (+ {folds})))"


def calls(count: int) -> str:
    """A function that is inlined many times."""
    helper = "(define-private (g (a uint)) (if (> a u5) (+ a u1) (* a u2)))"
    return f"{helper} (define-public (f (a uint)) (ok (+ {'(g a) ' * count})))"


def chain(count: int) -> str:
    """Each function calls the one before it twice: inlined without end, exponential."""
    parts = ["(define-private (g0 (a uint)) (+ a u1))"]
    parts += [f"(define-private (g{i} (a uint)) (+ (g{i - 1} a) (g{i - 1} (+ a u1))))"
              for i in range(1, count)]  # fmt: skip
    return f"{' '.join(parts)} (define-public (f (a uint)) (ok (g{count - 1} a)))"


def nested_folds(count: int) -> str:
    """Each step folds with the step before it, twice."""
    parts = ["(define-private (g0 (a uint) (b uint)) (+ a b))"]
    parts += [
        f"(define-private (g{i} (a uint) (b uint))"
        f" (+ (fold g{i - 1} (list a b) a) (fold g{i - 1} (list b a) b)))"
        for i in range(1, count)
    ]
    return f"{' '.join(parts)} (define-public (f (a uint)) (ok (g{count - 1} a a)))"


def lines(code: str) -> int:
    """Lines of Python, of all functions together."""
    unit = compile_all(unit_of(code))
    return sum(source.count("\n") for source in sources_of(unit).values())


@pytest.mark.parametrize(
    ("make", "count"),
    [
        (sums, 100),
        (bindings, 60),
        (asserts, 60),
        (conditions, 12),
        (loops, 30),
        (calls, 40),
        (chain, 20),
        (nested_folds, 12),
    ],
)
def test_code_is_linear(make: Callable[[int], str], count: int) -> None:
    once, twice = lines(make(count)), lines(make(2 * count))
    assert 0 < once < twice <= LINEAR * once + 40


def nested(word: str, depth: int) -> str:
    text = {"some": "(some ", "not": "(not ", "plus": "(+ u1 ", "list": "(list "}[word] * depth
    return f"(define-public (f (a uint) (b bool)) (ok (is-eq {text}{'b' if word == 'not' else 'a'}{')' * depth} {text}{'b' if word == 'not' else 'a'}{')' * depth})))"


def deep(word: str, depth: int) -> str:
    """Branches or bindings inside one another."""
    heads = {
        "if": ("(if (> a u{}) ", " u1)"),
        "let": ("(let ((v{} a)) ", ")"),
        "match": ("(match (some a) v{} ", " u1)"),
        "begin": ("(begin (print u{}) ", ")"),
        "and": ("(and (> a u{}) ", ")"),
    }
    before, after = heads[word]
    inner = "".join([before.format(i) for i in range(depth)])
    last = "true" if word == "and" else "a"
    return f"(define-public (f (a uint)) (ok {inner}{last}{after * depth}))"


@pytest.mark.parametrize("depth", [10, 30, 50, 100, 120])
@pytest.mark.parametrize("word", ["if", "let", "match", "begin", "and"])
def test_deep_programs_are_compiled_or_left(word: str, depth: int) -> None:
    _compiled_or_refused(unit_of(deep(word, depth)), must=depth <= 10)


@pytest.mark.parametrize(
    ("word", "depth"), [("some", 28), ("not", 100), ("plus", 100), ("list", 28)]
)
def test_deep_values_are_compiled_or_left(word: str, depth: int) -> None:
    _compiled_or_refused(unit_of(nested(word, depth)), must=False)


def _compiled_or_refused(unit: Unit, *, must: bool) -> None:
    try:
        unit.compile("f")
    except Unsupported:
        assert not must
        assert unit._refused["f"]


def test_little_stack_is_a_reason_to_refuse() -> None:
    """Compiling that runs out of Python frames leaves the function to the interpreter."""
    unit = unit_of(deep("let", 100))
    results: list[str] = []

    def run() -> None:
        before = sys.getrecursionlimit()
        sys.setrecursionlimit(120)
        try:
            unit.compile("f")
        except Unsupported as refusal:
            results.append(str(refusal))
        finally:
            sys.setrecursionlimit(before)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert len(results) == 1
    assert "recursion" in results[0] or "Recursion" in results[0]


def test_python_has_nothing_to_say_about_the_code() -> None:
    """Such as `is` with a literal: a warning would reach the log of a node."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for unit in units_of_programs(24, 1300):
            assert all("SyntaxWarning" not in reason for reason in unit._refused.values())
        for value in ("1", "u1", "0x27", "0x2722", "true", "(+ 1 2)", "(/ 6 2)", "(mod 7 2)",
                      "(not true)", "(bit-not 5)", "(ok 1)", "{a: 1}", "(list 1)", "none",
                      "(bit-shift-left u1 u3)", '"a"', "tx-sender", "(is-eq 1 1)"):  # fmt: skip
            code = f"""
(define-public (f) (ok (is-some (some {value}))))
(define-public (g) (ok (is-none (if (is-none (some {value})) none (some {value})))))
(define-public (h) (begin (unwrap-panic (some (is-eq {value} {value}))) (ok (default-to true none))))
(define-public (i) (ok (match (some {value}) v (is-eq v {value}) false)))
"""
            unit = compile_all(unit_of(code))
            assert len(unit.compiled) == 4, unit._refused
