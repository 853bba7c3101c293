"""The reader of contracts, fed with mutations of contracts: a tree or a typed error."""

# ruff: noqa: PT017  (either outcome of an input is right; an error must be typed)

import random

import pytest
from mutations import ROUNDS, bounded, make_random, mutate_text

from btczs.vm.clarity.errors import ParseError
from btczs.vm.clarity.reader import SNIPPET, diagnose, format_source, parse, print_expr
from btczs.vm.clarity.reader.lexer import lex

CASES = 400 * ROUNDS

SEEDS = (
    """;; a token
(impl-trait 'ST1PQHQKV0RJXZFY1DGX8MNSNYVE3VGZJSRTPGZGM.sip-010.ft)
(use-trait nft .names.nft-trait)
(define-trait shop ((buy (uint <nft>) (response bool uint))))
(define-map owners {id: uint, at: (buff 2)} {who: principal,})
(define-public (buy (id uint) (what <nft>)) ;; why
  (let ((x -12) (name u"a\\u{1f600}\\n") (raw 0x00fF))
    (asserts! (>= id u007) (err "no\\t\\"way\\""))
    (ok {a: 1, b: {c: (list 1 2 (+ x 3))}})))
""",
    "(a) {b: .c.d} <e> ;; f\n" * 3,
    "(" * 60 + "{a: " * 20 + "1" + "}" * 20 + ")" * 60,
    'u"\\u{10ffff}\\u{0}" "\\\\" 0x 0 u0 - <= <t> .x',
)
PIECES = (
    *"(){}:,.;<>-+=*/'\"\\u01x \t\n\r\f_?!$aZ",
    *(
        ";;",
        "0x",
        'u"',
        "\\u{",
        "\\u{d800}",
        "<=",
        "<t>",
        "u1",
        ".a.b",
        "'ST",
        "{a:",
        "é",
        "\ufffd",
    ),
    *("\ud800", "\0", "(use-trait t .a.b)", "(define-trait t ())", "a" * 129, "9" * 50, "(" * 140),
)


def mutate(rng: random.Random, source: str) -> str:
    """Changes of characters, of pieces of the language, and of the order of the text."""
    for _ in range(rng.choice((1, 1, 2, 5))):
        at = rng.randrange(len(source) + 1)
        match rng.randrange(5):
            case 0:
                source = mutate_text(rng, source.encode("utf-8", "replace").decode())
            case 1:
                source = source[:at] + source[at + rng.randrange(1, 9) :]
            case 2:
                end = at + rng.randrange(1, 40)
                source = source[:at] + source[at:end] * 2 + source[end:]
            case _:
                source = source[:at] + rng.choice(PIECES) + source[at + rng.randrange(3) :]
    return source


@pytest.mark.parametrize("seed", range(len(SEEDS)))
def test_only_parse_errors_leave_the_reader(seed: int) -> None:
    rng = make_random(f"clarity-reader-{seed}")
    read = refused = 0
    for number in range(CASES):
        source = mutate(rng, SEEDS[seed])
        with bounded(f"clarity-reader-{seed} case {number}"):
            found = diagnose(source)
            try:
                program = parse(SNIPPET, source)
            except ParseError as error:
                refused += 1
                assert found, "what is refused has a diagnosis"
                assert error.span is not None
                if source.isascii():
                    assert found[0].kind == error.kind
                continue
            read += 1
            assert not found
            assert "".join(lex(source)) == source
            formatted = format_source(source)
            assert format_source(formatted) == formatted
            again = parse(SNIPPET, formatted)
            assert again.node_count == program.node_count
            assert [print_expr(expr) for expr in again.expressions] == [
                print_expr(expr) for expr in program.expressions
            ]
    assert read > CASES // 100
    assert refused > CASES // 10
