"""The deepest, longest and widest contracts: one function for each way in which a source can grow.

Each gives a source of about `n` repetitions, so its length is in proportion to `n`; `of_bytes`
finds the `n` for a wanted length. The tests count the operations that they take, the benchmark
measures the time.
"""

from collections.abc import Callable
from typing import Final

Shape = Callable[[int], str]

ADDRESS: Final = "ST000000000000000000002AMW42H"

LIBRARY: Final = """
(define-trait one ((go (uint) (response uint uint))))
(define-trait two ((go (uint) (response uint uint))))
(define-public (go (x uint)) (ok x))
(define-read-only (wide) {a: u1, b: u2, c: (list u1 u2)})
"""
"""A contract `library` that stands beside each of them."""

_DEEP: Final = 120
_TYPE_DEEP: Final = 30


def each(n: int, make: Callable[[int], str], between: str = "\n") -> str:
    """What `make` gives for 0 to n - 1, in a row."""
    return between.join([make(i) for i in range(n)])


def nested(opening: str, inside: str, closing: str = ")", levels: int = _DEEP) -> str:
    return opening * levels + inside + closing * levels


def _constants(value: str) -> Shape:
    """Constants of one deep value each."""
    return lambda n: each(1 + n // _DEEP, lambda i: f"(define-constant c{i} {value})")


def _function(inside: Shape) -> Shape:
    """One function of one long expression."""
    return lambda n: f"(define-public (run) (ok {inside(n)}))"


DEEP: Final[dict[str, Shape]] = {
    "deep sums": _constants(nested("(+ 1 ", "1")),
    "deep begins": _constants(nested("(begin ", "1")),
    "deep ifs": _constants(nested("(if true 1 ", "1")),
    "deep lets": _constants("".join(f"(let ((a{i} 1)) " for i in range(110)) + "1" + ")" * 110),
    "deep matches": _constants(
        "".join(f"(match (some 1) a{i} " for i in range(110)) + "1" + " 2)" * 110
    ),
    "deep tuples": _constants(nested("{a: ", "1", "}", _TYPE_DEEP)),
    "deep lists": _constants(nested("(list ", "1", ")", _TYPE_DEEP)),
    "deep options": _constants(nested("(some ", "1", ")", _TYPE_DEEP)),
    "deep types": lambda n: each(
        1 + n // 60, lambda i: f"(define-map m{i} {nested('(optional ', 'int', ')', 31)} int)"
    ),
    "deep tuple types": lambda n: each(
        1 + n // 60, lambda i: f"(define-map m{i} {nested('{a: ', 'int', '}', 31)} int)"
    ),
    "brackets that match nothing": lambda n: "(" * n,
}

LONG: Final[dict[str, Shape]] = {
    "long text": lambda n: f'(define-constant c "{"x" * n}")',
    "long utf-8 text": lambda n: f'(define-constant c u"{"x" * (n // 4)}")',
    "long escapes": lambda n: '(define-constant c u"' + "\\u{1f600}" * (n // 10) + '")',
    "long buffer": lambda n: f"(define-constant c 0x{'ab' * n})",
    "long comment": lambda n: f";; {'x' * n}\n(define-constant c 1)",
    "many comments": lambda n: ";; x\n" * n + "(define-constant c 1)",
    "spaces": lambda n: " " * n + "1",
    "lines": lambda n: "\n" * n + "1",
    "long names": lambda n: each(n // 20 + 1, lambda i: f"(define-constant {'x' * 120}{i} 1)"),
    "long numbers": lambda n: each(n // 20 + 1, lambda i: f"(define-constant c{i} u{'9' * 38})"),
}

WIDE: Final[dict[str, Shape]] = {
    "items": _function(lambda n: f"(list {'1 ' * n})"),
    "items of text": _function(
        lambda n: f"(list {each(n, lambda i: chr(34) + 'x' * (i % 40) + chr(34), ' ')})"
    ),
    "items of tuples": _function(
        lambda n: f"(list {each(n, lambda i: f'{{a: {i}, b: (some u{i})}}', ' ')})"
    ),
    "items of lists": _function(
        lambda n: f"(list {each(n, lambda i: '(list ' + '1 ' * (i % 7) + ')', ' ')})"
    ),
    "contracts": _function(lambda n: f"(list {each(n, lambda i: f'.c{i}', ' ')})"),
    "fields": lambda n: f"(define-constant c {{{each(n, lambda i: f'a{i}: 1', ', ')}}})",
    "field types": lambda n: f"(define-map m {{{each(n, lambda i: f'a{i}: int', ', ')}}} int)",
    "bindings": _function(lambda n: f"(let ({each(n, lambda i: f'(a{i} {i})', ' ')}) a0)"),
    "bindings of bindings": _function(
        lambda n: f"(let ((a0 1) {each(n, lambda i: f'(a{i + 1} (+ a{i} 1))', ' ')}) a{n})"
    ),
    "expressions": _function(lambda n: f"(begin {'(+ 1 2) ' * n} 1)"),
    "sum": _function(lambda n: f"(+ {'1 ' * n})"),
    "conditions": _function(lambda n: f"(and {'true ' * n})"),
    "joined": _function(lambda n: f"(concat {'0x00 ' * n} 0x)"),
    "equal": _function(lambda n: f"(is-eq {'1 ' * n})"),
    "asserts": _function(lambda n: f"(begin {'(asserts! true (err u1)) ' * n} 1)"),
    "tries": _function(lambda n: f"(begin {'(try! (if true (ok 1) (err u1))) ' * n} 1)"),
    "prints": _function(lambda n: f"(begin {each(n, lambda i: f'(print {i})', ' ')} 1)"),
    "calls of one function": lambda n: (
        f"(define-private (f (x int)) x)(define-public (run) (ok (+ {'(f 1) ' * n})))"
    ),
    "uses of a wide tuple": lambda n: (
        f"(define-constant w {{{each(n, lambda i: f'a{i}: 1', ', ')}}})"
        f"(define-public (run) (ok (+ {each(n, lambda i: f'(get a{i} w)', ' ')})))"
    ),
}

MANY: Final[dict[str, Shape]] = {
    "constants": lambda n: each(n, lambda i: f"(define-constant c{i} {i})"),
    "constants of constants": lambda n: (
        "(define-constant c0 1)" + each(n, lambda i: f"(define-constant c{i + 1} c{i})")
    ),
    "constants backwards": lambda n: (
        each(n, lambda i: f"(define-constant c{n - i} c{n - i - 1})") + "(define-constant c0 1)"
    ),
    "variables": lambda n: each(n, lambda i: f"(define-data-var v{i} uint u{i})"),
    "maps": lambda n: each(n, lambda i: f"(define-map m{i} {{a: int}} (list 5 uint))"),
    "tokens": lambda n: each(n, lambda i: f"(define-fungible-token t{i} u{i})"),
    "collectibles": lambda n: each(n, lambda i: f"(define-non-fungible-token t{i} uint)"),
    "functions": lambda n: each(n, lambda i: f"(define-public (f{i} (x int)) (ok (+ x {i})))"),
    "a chain of functions": lambda n: (
        "(define-private (f0) 1)" + each(n, lambda i: f"(define-private (f{i + 1}) (f{i}))")
    ),
    "a chain backwards": lambda n: (
        each(n, lambda i: f"(define-private (f{n - i}) (f{n - i - 1}))") + "(define-private (f0) 1)"
    ),
    "a chain of read-only functions": lambda n: (
        "(define-read-only (f0) 1)" + each(n, lambda i: f"(define-read-only (f{i + 1}) (f{i}))")
    ),
    "functions of many parameters": lambda n: each(
        1 + n // 256,
        lambda i: f"(define-private (f{i} {each(256, lambda k: f'(p{k} int)', ' ')}) p{i % 256})",
    ),
    "calls with many arguments": lambda n: each(
        1 + n // 512,
        lambda i: (
            f"(define-private (f{i} {each(256, lambda k: f'(p{k} int)', ' ')}) p0)"
            f"(define-private (g{i}) (f{i}{' 1' * 256}))"
        ),
    ),
    "traits": lambda n: each(n, lambda i: f"(define-trait t{i} ((f (int) (response int int))))"),
    "methods": lambda n: each(
        1 + n // 256,
        lambda i: (
            f"(define-trait t{i} ({each(256, lambda k: f'(f{k} (int) (response int int))', ' ')}))"
        ),
    ),
    "parameters of methods": lambda n: each(
        1 + n // 1000, lambda i: f"(define-trait t{i} ((f ({'int ' * 256}) (response int int))))"
    ),
    "imported traits": lambda n: each(n, lambda i: f"(use-trait t{i} .library.one)"),
    "claimed traits": lambda n: (
        "(define-public (go (x uint)) (ok x))" + each(n, lambda _: "(impl-trait .library.one)")
    ),
    "functions of traits": lambda n: (
        "(use-trait t .library.one)"
        + each(n, lambda i: f"(define-public (f{i} (x <t>)) (contract-call? x go u{i}))")
    ),
    "traits passed on": lambda n: (
        "(use-trait t .library.one)(use-trait u .library.two)"
        "(define-private (f (x <t>)) 1)"
        f"(define-public (g (x <u>)) (ok (+ {'(f x) ' * n})))"
    ),
    "contracts passed on": lambda n: (
        "(use-trait t .library.one)(define-private (f (x <t>)) 1)"
        f"(define-public (g) (ok (+ {'(f .library) ' * n})))"
    ),
    "calls of contracts": lambda n: each(
        n, lambda i: f"(define-public (f{i}) (contract-call? .library go u{i}))"
    ),
    "one wide result of many functions": lambda n: (
        f"(define-read-only (w) {{{each(n // 100 + 1, lambda i: f'a{i}: 1', ', ')}}})"
        + each(n, lambda i: f"(define-read-only (f{i}) (w))")
    ),
    "expressions at the top": lambda n: "(+ 1 2) " * n,
}

HOSTILE: Final[dict[str, Shape]] = {
    "lists of contracts that grow": _function(
        lambda n: (
            "(let ((l0 (list .a)) "
            + each(n, lambda i: f"(l{i + 1} (append l{i} .c{i}))", " ")
            + ") 1)"
        )
    ),
    "tuples that grow": _function(
        lambda n: (
            "(let ((w0 {a: 1}) "
            + each(n, lambda i: f"(w{i + 1} (merge w{i} {{x{i}: 1}}))", " ")
            + ") 1)"
        )
    ),
    "merges of a wide tuple": lambda n: (
        f"(define-constant w {{{each(n, lambda i: f'a{i}: 1', ', ')}}})"
        f"(define-public (run) (begin {each(n, lambda i: f'(merge w {{x{i}: 1}})', ' ')} (ok 1)))"
    ),
    "wide tuples passed on": lambda n: (
        f"(define-private (f (w {{{each(n, lambda i: f'a{i}: int', ', ')}}})) 1)"
        f"(define-constant w {{{each(n, lambda i: f'a{i}: 1', ', ')}}})"
        f"(define-public (run) (ok (+ {'(f w) ' * n})))"
    ),
    "lists of contracts compared": lambda n: (
        f"(define-constant x (list {each(n, lambda i: f'.c{i}', ' ')} .x))"
        f"(define-constant y (list {each(n, lambda i: f'.c{i}', ' ')} .y))"
        f"(define-public (run) (ok (is-eq {'x y ' * n})))"
    ),
    "lists of contracts as principals": lambda n: (
        f"(define-private (f (l (list {n + 1} principal))) 1)"
        f"(define-constant x (list {each(n, lambda i: f'.c{i}', ' ')} .x))"
        f"(define-public (run) (ok (+ {'(f x) ' * n})))"
    ),
    "a name that is used everywhere": lambda n: (
        "(define-private (f) 1)"
        f"(define-private (g) (+ {'(f) ' * n}))" + each(n, lambda i: f"(define-private (h{i}) (g))")
    ),
}

RUNS: Final[dict[str, Shape]] = {
    "fold": lambda n: (
        "(define-private (f (x int) (a int)) (+ x a))"
        f"(define-public (run) (ok (fold f (list {'1 ' * n}) 0)))"
    ),
    "fold that appends": lambda n: (
        f"(define-private (f (x int) (a (list {2 * n + 2} int)))"
        f" (unwrap-panic (as-max-len? (append a x) u{2 * n + 2})))"
        f"(define-public (run) (ok (len (fold f (list {'1 ' * n}) (list)))))"
    ),
    "map": lambda n: (
        "(define-private (f (x int)) (+ x 1))"
        f"(define-public (run) (ok (len (map f (list {'1 ' * n})))))"
    ),
    "filter": lambda n: (
        "(define-private (f (x int)) (> x 0))"
        f"(define-public (run) (ok (len (filter f (list {'1 ' * n})))))"
    ),
    "fold over a buffer": lambda n: (
        "(define-private (f (x (buff 1)) (a uint)) (+ a u1))"
        f"(define-public (run) (ok (fold f 0x{'ab' * n} u0)))"
    ),
    "entries of a map": lambda n: (
        "(define-map m int int)(define-private (f (x int)) (map-set m x x))"
        f"(define-public (run) (ok (len (map f (list {each(n, str, ' ')})))))"
    ),
}

SHAPES: Final[dict[str, Shape]] = {**DEEP, **LONG, **WIDE, **MANY, **HOSTILE, **RUNS}


def of_bytes(shape: Shape, size: int) -> str:
    """The source of a shape with about `size` bytes, not more than a few percent over."""
    n = 2000
    for _ in range(3):
        n = max(1, n * size // len(shape(n)))
    return shape(n)
