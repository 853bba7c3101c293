"""Warnings point at what is suspicious, and at nothing else."""

import pytest

from btczs.vm.clarity.reader import SNIPPET, parse
from btczs.workbench.lints import find_warnings


def kinds(source: str) -> list[tuple[str, str]]:
    return [(w.kind, str(w.span)) for w in find_warnings(parse(SNIPPET, source))]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("(define-constant a 1)", [("unused", "1:18")]),
        ("(define-constant a 1) (print a)", []),
        ("(define-private (f) 1)", [("unused", "1:18")]),
        ("(define-private (f) 1) (f)", []),
        ("(define-public (f) (ok 1))", []),
        ("(define-public (f (a int)) (ok 1))", []),
        ("(define-private (f (a int)) 1) (f 2)", [("unused", "1:21")]),
        ("(define-data-var n int 0) (var-get n)", [("never-written", "1:18")]),
        ("(define-data-var n int 0) (var-set n 1)", [("never-read", "1:18")]),
        ("(define-data-var n int 0) (var-set n (var-get n))", []),
        ("(define-map m int int) (map-get? m 1)", [("never-written", "1:13")]),
        ("(define-map m int int) (map-insert m 1 1)", []),
        ("(define-map m int int)", [("unused", "1:13")]),
        ("(let ((a 1) (b a)) 2)", [("unused", "1:14")]),
        ("(let ((a 1) (b a)) b)", []),
        ("(let ((a 1)) (let ((c a)) c))", []),
        ("(begin (is-eq 1 2) 3)", [("ignored-condition", "1:8")]),
        ("(begin (asserts! (is-eq 1 2) 4) 3)", []),
        ("(begin 3 (is-eq 1 2))", []),
        ("(define-public (as-contract) (ok 1))", [("word-elsewhere", "1:17")]),
        ("(define-public (f (block-height int)) (ok 1))", [("word-elsewhere", "1:20")]),
        (
            "(define-public (f (Fee int)) (ok fee)) (define-constant fee 1)",
            [("look-alike", "1:20")],
        ),
        ("(define-public (f (a int)) (ok (let ((f-f 1)) f-f)))", []),
        ("(define-trait t ((f () (response int int)))) (define-public (f (x <t>)) (ok x))", []),
    ],
)
def test_warnings(source: str, expected: list[tuple[str, str]]) -> None:
    assert kinds(source) == expected


def test_half_written_definitions_do_no_harm() -> None:
    assert (
        kinds("(define-constant) (define-private) (let) (let 1 2 3) (define-map 1) (begin) ()")
        == []
    )
