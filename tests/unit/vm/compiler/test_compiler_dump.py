"""What a function becomes, to be read."""

import pytest
from compiler_world import deployed

from btczs.vm.clarity.compiler import Unsupported, dump_source

COUNTER = """
(define-data-var total uint u0)
(define-private (sum (n uint) (so-far uint)) (+ n so-far))
(define-public (add (n uint))
  (begin
    (asserts! (> n u0) (err u1))
    (ok (var-set total (fold sum (list n u1) (var-get total))))))
"""


def test_a_small_function() -> None:
    text = dump_source(*deployed(COUNTER), "add")
    assert text == EXPECTED


EXPECTED = ""


def test_what_is_not_compiled_is_refused() -> None:
    contract = deployed("(define-private (f (l (list 2 principal))) (ok l))")
    assert dump_source(*contract, "f").startswith("# f\ndef f0(x, s, r, a1):\n")
    with pytest.raises(Unsupported):
        dump_source(*deployed(REFUSED), "f")


REFUSED = "(define-private (f) (begin " + "(let ((a 1)) " * 120 + "a" + ")" * 120 + "))"
