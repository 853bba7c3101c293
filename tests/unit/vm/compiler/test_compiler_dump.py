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


EXPECTED = """\
# sum
def f0(x, s, r, a1, a2):
    m = x.m
    t3 = a1 + a2
    if t3 > 340282366920938463463374607431768211455: abort(m, overflow, 115, 0, 0, 0, 0)
    m.runtime += 115
    return t3

# add
def f1(x, s, r, a1):
    m = x.m
    c = 0
    if not ((a1 > 0)):
        m.runtime += c + 262
        return (False, 1)
    t2 = [a1, 1]
    t3 = x.get(key_1)
    t4 = from_bytes(t3) - 340282366920938463463374607431768211456
    t5 = t4
    n8 = len(t2)
    i7 = iter(t2)
    m.read_count += 1
    m.read_length += len(t3) + 1
    for e6 in i7:
        t10 = e6 + t5
        if t10 > 340282366920938463463374607431768211455: abort(m, overflow, c + 246 + 454 + 246 * turns(i7, n8), 0, 0, 0, 0)
        t5 = t10
    c += 246 * n8
    t11 = (t5 + 340282366920938463463374607431768211456).to_bytes(17)
    x.put(key_1, t11)
    m.runtime += c + 561
    m.read_count += 1
    m.write_count += 1
    m.write_length += 18
    m.memory += 17
    return (True, True)
"""


def test_what_is_not_compiled_is_refused() -> None:
    contract = deployed("(define-private (f (l (list 2 principal))) (ok l))")
    assert dump_source(*contract, "f").startswith("# f\ndef f0(x, s, r, a1):\n")
    nested = "".join([f"(if (> a u{i}) " for i in range(100)]) + "a" + " u1)" * 100
    with pytest.raises(Unsupported):
        dump_source(*deployed(f"(define-public (f (a uint)) (ok {nested}))"), "f")
