"""Helpers of the reader's tests: trees without places, and random programs."""

import random
from typing import Any

from hypothesis import strategies as st

from btczs.codec.clarity.values import ContractPrincipal
from btczs.primitives import Hash20
from btczs.vm.clarity.reader import read_program
from btczs.vm.clarity.reader.syntax import (
    Atom,
    Comment,
    Expr,
    Field,
    Form,
    Literal,
    TraitReference,
)

HERE = ContractPrincipal(26, Hash20(bytes(range(20))), "here")


def strip(expr: Expr | Comment) -> Any:
    """The expression without places and numbers."""
    match expr:
        case Atom(name=name):
            return name
        case Literal(value=value):
            return value
        case Form(items=items, braces=braces):
            return ("{" if braces else "(", *map(strip, items))
        case TraitReference(name=name, trait=trait, defined_here=defined_here):
            return ("<", name, trait, defined_here)
        case Field(trait=trait):
            return trait
        case Comment(text=text):
            return (";", text.rstrip())


def shape(source: str) -> Any:
    """Everything about `source` that formatting must keep: tree, numbers, places of comments."""
    program = read_program(HERE, source)

    def one(expr: Expr | Comment) -> Any:
        if isinstance(expr, Form):
            written = None if expr.written is None else [one(item) for item in expr.written]
            return (expr.id, expr.braces, [one(item) for item in expr.items], written)
        return strip(expr) if isinstance(expr, Comment) else (expr.id, strip(expr))

    comments = [comment.text.rstrip() for comment in program.comments]
    return [one(expr) for expr in program.expressions], comments, program.node_count


def walk(exprs: tuple[Expr, ...]) -> list[Expr]:
    """All expressions, parents first."""
    found: list[Expr] = []
    pending = list(reversed(exprs))
    while pending:
        expr = pending.pop()
        found.append(expr)
        if isinstance(expr, Form):
            pending.extend(reversed(expr.items))
    return found


NAMES = [
    *("let", "begin", "if", "list", "tuple", "map-set", "define-public", "define-map", "match"),
    *("+", "-", "<", ">=", "define-trait", "contract-call?", "u", "x-y?", "a!", "Z9_*/<=>"),
    *("ok", "some-quite-long-name-that-takes-room"),
]
SPACES = [" ", "  ", "\n", "\n\n\n", "\t", " ;; why\n", "\n;; own line  \n", ";;x\n"]
ASCII = "".join(map(chr, range(32, 127))).replace('"', "").replace("\\", "")


def random_leaf(rng: random.Random) -> str:
    """A word that is an expression."""
    match rng.randrange(9):
        case 0:
            return str(rng.randrange(-(1 << 127), 1 << 127) >> rng.randrange(128))
        case 1:
            return f"u{rng.randrange(1 << 128) >> rng.randrange(129)}"
        case 2:
            return "0x" + rng.randbytes(rng.choice((0, 1, 2, 40))).hex()
        case 3:
            return '"' + "".join(rng.choices(ASCII, k=rng.choice((0, 3, 70)))) + '"'
        case 4:
            points = [
                rng.choice((0, 0x41, 0xD7FF, 0xE000, 0x10FFFF)) for _ in range(rng.randrange(4))
            ]
            return 'u"' + "".join(f"\\u{{{point:x}}}" for point in points) + '\\n"'
        case 5:
            return rng.choice((".a", ".b-c.d?", ".a.b", "<t>", "<trait-of-something>"))
        case _:
            return rng.choice(NAMES)


def random_expression(rng: random.Random, depth: int) -> str:
    """An expression with white space and comments wherever they may be."""

    def gap() -> str:
        return rng.choice(SPACES) if rng.randrange(3) == 0 else ""

    kind = rng.randrange(4) if depth else 0
    if kind == 0:
        return random_leaf(rng)
    inside = [random_expression(rng, depth - 1) for _ in range(rng.randrange(6))]
    if kind == 1:
        pairs = [f"{gap()}{rng.choice(NAMES)}{gap()}:{gap()}{one}{gap()}" for one in inside]
        return "{" + ",".join(pairs) + ("," + gap() if pairs and rng.randrange(2) else "") + "}"
    spaces = [*rng.choices(SPACES, k=max(0, len(inside) - 1)), gap()]
    return "(" + gap() + "".join(one + space for one, space in zip(inside, spaces)) + ")"


def random_program(seed: int) -> str:
    rng = random.Random(seed)
    count = rng.choice((0, 1, 1, 2, 5))
    expressions = [random_expression(rng, rng.randrange(7)) for _ in range(count)]
    return "".join(rng.choice(SPACES) + one + rng.choice(SPACES) for one in expressions)


programs = st.integers(0, 1 << 32).map(random_program)
