"""Optionals, responses, `match` and tuples."""

import pytest
from native_programs import answer, run, runtime_cost, text

from btczs.vm.clarity.errors import ClarityError
from btczs.vm.clarity.runtime.typing import type_of
from btczs.vm.clarity.types.text import type_text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("(some 1)", "(some 1)"),
        ("(ok none)", "(ok none)"),
        ("(err u1)", "(err u1)"),
        ("(some)", "IncorrectArgumentCount"),
        ("(is-some none)", "false"),
        ("(is-none none)", "true"),
        ("(is-ok (err 1))", "false"),
        ("(is-err (err 1))", "true"),
        ("(is-some (ok 1))", "Unreachable"),
        ("(is-ok none)", "Unreachable"),
        ("(unwrap-panic (some 1))", "1"),
        ("(unwrap-panic (ok 1))", "1"),
        ("(unwrap-panic none)", "UnwrapFailure"),
        ("(unwrap-panic (err 1))", "UnwrapFailure"),
        ("(unwrap-panic 1)", "Unreachable"),
        ("(unwrap-err-panic (err 1))", "1"),
        ("(unwrap-err-panic (ok 1))", "UnwrapFailure"),
        ("(unwrap-err-panic none)", "Unreachable"),
        ("(unwrap! (some 1) 2)", "1"),
        ("(unwrap! none 2)", "UnwrapFailed"),
        ("(unwrap! (some 1) (/ 1 0))", "DivisionByZero"),
        ("(unwrap-err! (err 1) 2)", "1"),
        ("(unwrap-err! (ok 1) 2)", "UnwrapFailed"),
        ("(try! (ok 1))", "1"),
        ("(try! (some 1))", "1"),
        ("(try! none)", "UnwrapFailed"),
        ("(default-to 5 (some 1))", "1"),
        ("(default-to 5 none)", "5"),
        ("(default-to (/ 1 0) (some 1))", "DivisionByZero"),
        ("(default-to 5 (ok 1))", "Unreachable"),
        ("(match (some 3) x (+ x 1) 0)", "4"),
        ("(match none x (/ 1 0) 0)", "0"),
        ("(match (if true none (some 1)) x (/ 1 0) 7)", "7"),
        ("(match (ok 3) v (+ v 1) e (/ e 0))", "4"),
        ("(match (err 3) v (/ v 0) e (+ e 1))", "4"),
        ("(match (ok 3) v 1)", "Unreachable"),
        ("(match (some 3) 1 1 1)", "Unreachable"),
        ("(match 1 a 1 2)", "Unreachable"),
        ("(match (some 1) map map 0)", "NameAlreadyUsed"),
        ("(let ((x 1)) (match (some 1) x x 0))", "NameAlreadyUsed"),
        ("(define-private (f) 1) (match (some 1) f f 0)", "NameAlreadyUsed"),
        ("(match (some 1) tx-sender 1 0)", "NameAlreadyUsed"),
    ],
)
def test_options(source, expected):
    assert answer(source) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("(unwrap! none (err 7))", "(err 7)"),
        ("(unwrap! (err 1) (err 7))", "(err 7)"),
        ("(try! (err 9))", "(err 9)"),
        ("(try! none)", "none"),
        ("(unwrap-err! (ok 1) (err 8))", "(err 8)"),
    ],
)
def test_early_returns_leave_the_function(body, expected):
    assert text(f"(define-private (f) (begin {body} (ok 1))) (f)") == expected


def test_wrapping_is_bounded_in_size_and_depth():
    nested = "(some " * 31 + "1" + ")" * 31
    assert type_of(run(nested)).depth == 32
    with pytest.raises(ClarityError) as caught:
        run(f"(some {nested})")
    assert caught.value.kind == "TypeSignatureTooDeep"
    doubled = "(let ((b 0x00)) " + "".join(
        f"(let ((b{i} (concat {p} {p}))) "
        for i, p in enumerate(["b", *[f"b{j}" for j in range(19)]])
    )
    with pytest.raises(ClarityError) as caught:
        run(doubled + "(some b19)" + ")" * 21)
    assert caught.value.kind == "ValueTooLarge"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{b: 1, a: 2}", "(tuple (a 2) (b 1))"),
        ("(tuple (a 1) (a 2))", "NameAlreadyUsed"),
        ("(tuple)", "Unreachable"),
        ("(tuple 1)", "Unreachable"),
        ("(tuple (a))", "Unreachable"),
        ("(tuple (1 2))", "Unreachable"),
        ("(get a {a: 5})", "5"),
        ("(get b {a: 5})", "Unreachable"),
        ("(get a (some {a: 5}))", "(some 5)"),
        ("(get a none)", "none"),
        ("(get a (some 5))", "Unreachable"),
        ("(get a 5)", "Unreachable"),
        ("(get 1 {a: 5})", "Unreachable"),
        ("(merge {a: 1, b: 2} {b: u3, c: 4})", "(tuple (a 1) (b u3) (c 4))"),
        ("(merge {a: 1} 5)", "Unreachable"),
        ("(merge {a: 1})", "IncorrectArgumentCount"),
    ],
)
def test_tuples(source, expected):
    assert answer(source) == expected


def test_merge_takes_the_types_of_both():
    merged = run("(merge {a: 1, b: 2} {b: (list 1), c: 0x01})")
    assert type_text(type_of(merged)) == "(tuple (a int) (b (list 1 int)) (c (buff 1)))"


def test_merge_of_two_large_tuples_is_refused():
    half = "a" * 600_000
    source = f'(merge {{a: "{half}"}} {{b: "{half}"}})'
    with pytest.raises(ClarityError) as caught:
        run(source)
    assert caught.value.kind == "ValueTooLarge"


def test_costs():
    lookup = 16
    assert runtime_cost("(some 1)") == lookup + 31
    assert runtime_cost("{a: 1, b: 2, c: 3, d: 4}") == lookup + 31 + 1
    assert runtime_cost("(get a {a: 1})") == lookup + 31 + lookup + 32
    assert runtime_cost("(get a none)") == lookup
    size = 5 + 1 + 1 + 17
    assert runtime_cost("(merge {a: 1} {b: 1})") == 3 * lookup + 2 * 31 + 32 + (2 * size >> 2)
