"""Productions for `int` and `uint`."""

# Productions have one signature, whether or not they look at all of it.
# ruff: noqa: ARG001

from tests.differential.clarity.expressions.core import (
    Impossible,
    expression,
    produces,
)
from tests.differential.clarity.scope import Scope
from tests.differential.clarity.shapes import (
    BOOL,
    INT,
    PRINCIPAL,
    UINT,
    Shape,
    ascii_string,
    buff,
    list_of,
    random_value,
    source_of,
    utf8_string,
)


@produces("int", "uint", weight=3)
def _arithmetic(scope: Scope, shape: Shape, depth: int) -> str:
    rng = scope.rng
    word = rng.choice(("+", "-", "*", "/", "+", "-", "mod", "pow", "xor", "log2", "sqrti"))
    count = {"log2": 1, "sqrti": 1, "mod": 2, "pow": 2, "xor": 2}.get(
        word, rng.choice((1, 2, 2, 3))
    )
    if word == "pow":
        exponent = source_of(random_value(rng, shape)) if rng.random() < 0.2 else "2"
        exponent = exponent if exponent != "2" or shape == INT else "u2"
        return f"(pow {expression(scope, shape, depth)} {exponent})"
    if word in ("-", "log2", "sqrti") and shape == UINT and rng.random() < 0.7:
        return f"(- (+ u1000000 {expression(scope, UINT, depth)}) {expression(scope, UINT, 1)})"
    arguments = [expression(scope, shape, depth) for _ in range(count)]
    return f"({word} {' '.join(arguments)})"


@produces("int", "uint")
def _bits(scope: Scope, shape: Shape, depth: int) -> str:
    if not scope.has("bit-and"):
        raise Impossible
    word = scope.rng.choice(("bit-and", "bit-or", "bit-xor", "bit-not", "shift"))
    one = expression(scope, shape, depth)
    if word == "bit-not":
        return f"(bit-not {one})"
    if word == "shift":
        direction = scope.rng.choice(("left", "right"))
        return f"(bit-shift-{direction} {one} {expression(scope, UINT, min(depth, 1))})"
    return f"({word} {one} {expression(scope, shape, depth)})"


@produces("int", "uint")
def _to_int(scope: Scope, shape: Shape, depth: int) -> str:
    if shape == INT:
        return f"(to-int {expression(scope, UINT, depth)})"
    return f"(to-uint {expression(scope, INT, depth)})"


@produces("int", "uint")
def _from_bytes(scope: Scope, shape: Shape, depth: int) -> str:
    order = scope.rng.choice(("le", "be"))
    if not scope.has("buff-to-int-le"):
        raise Impossible
    return f"(buff-to-{shape.kind}-{order} {expression(scope, buff(2), depth)})"


@produces("int", "uint")
def _from_text(scope: Scope, shape: Shape, depth: int) -> str:
    if not scope.has("string-to-int?"):
        raise Impossible
    text = expression(scope, scope.rng.choice((ascii_string(5), utf8_string(4))), depth)
    if scope.rng.random() < 0.7:
        text = scope.rng.choice(('"12"', '"-7"', '"+5"', '"0012"', 'u"42"', '"x"', '""', '"-0"'))
    return f"(default-to {expression(scope, shape, 1)} (string-to-{shape.kind}? {text}))"


@produces("uint")
def _length(scope: Scope, shape: Shape, depth: int) -> str:
    return f"(len {expression(scope, _sequence(scope), depth)})"


def _sequence(scope: Scope) -> Shape:
    return scope.rng.choice(
        (buff(20), ascii_string(12), utf8_string(4), list_of(3, INT), list_of(5, BOOL))
    )


@produces("uint")
def _token_number(scope: Scope, shape: Shape, depth: int) -> str:
    tokens = scope.names.fungible_tokens
    if tokens and scope.rng.random() < 0.6:
        token = scope.rng.choice(tokens)
        if scope.rng.random() < 0.4:
            return f"(ft-get-supply {token})"
        return f"(ft-get-balance {token} {expression(scope, PRINCIPAL, min(depth, 1))})"
    if scope.has("stx-account") and scope.rng.random() < 0.4:
        return f"(get unlocked (stx-account {expression(scope, PRINCIPAL, 0)}))"
    return f"(stx-get-balance {expression(scope, PRINCIPAL, min(depth, 1))})"
