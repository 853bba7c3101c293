"""Productions for `bool`."""

# Productions have one signature, whether or not they look at all of it.
# ruff: noqa: ARG001

from tests.differential.clarity.expressions.core import (
    Impossible,
    expression,
    map_write,
    produces,
    var_set,
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
    optional,
    random_shape,
    response,
    utf8_string,
)


@produces("bool", weight=2)
def _compare(scope: Scope, shape: Shape, depth: int) -> str:
    word = scope.rng.choice(("<", "<=", ">", ">="))
    kinds = [INT, UINT]
    if scope.version >= 2:
        kinds += [ascii_string(5), utf8_string(4), buff(2)]
    held = scope.rng.choice(kinds)
    return f"({word} {expression(scope, held, depth)} {expression(scope, held, depth)})"


@produces("bool", weight=2)
def _logic(scope: Scope, shape: Shape, depth: int) -> str:
    if scope.rng.random() < 0.25:
        return f"(not {expression(scope, BOOL, depth)})"
    word = scope.rng.choice(("and", "or"))
    arguments = [expression(scope, BOOL, depth) for _ in range(scope.rng.choice((1, 2, 3)))]
    return f"({word} {' '.join(arguments)})"


@produces("bool")
def _equal(scope: Scope, shape: Shape, depth: int) -> str:
    held = random_shape(scope.rng, 1)
    count = scope.rng.choice((2, 2, 3))
    return f"(is-eq {' '.join(expression(scope, held, depth) for _ in range(count))})"


@produces("bool")
def _is_kind(scope: Scope, shape: Shape, depth: int) -> str:
    inner = random_shape(scope.rng, 1, responses=False)
    if scope.rng.random() < 0.5:
        word = scope.rng.choice(("is-some", "is-none"))
        return f"({word} {expression(scope, optional(inner), depth)})"
    word = scope.rng.choice(("is-ok", "is-err"))
    return f"({word} {expression(scope, response(inner, UINT), depth)})"


@produces("bool")
def _bool_effect(scope: Scope, shape: Shape, depth: int) -> str:
    if scope.read_only:
        raise Impossible
    if scope.names.maps and scope.rng.random() < 0.6:
        return map_write(scope, depth)
    if scope.names.data_vars:
        return var_set(scope, depth)
    raise Impossible


@produces("bool")
def _signature(scope: Scope, shape: Shape, depth: int) -> str:
    message = expression(scope, buff(32), depth)
    key = expression(scope, buff(33), 0)
    words = ["secp256k1-verify"] + (["secp256r1-verify"] if scope.has("secp256r1-verify") else [])
    return f"({scope.rng.choice(words)} {message} {expression(scope, buff(64), 0)} {key})"


@produces("bool")
def _is_standard(scope: Scope, shape: Shape, depth: int) -> str:
    if not scope.has("is-standard"):
        raise Impossible
    return f"(is-standard {expression(scope, PRINCIPAL, depth)})"
