"""Productions for buffers, strings and lists."""

# Productions have one signature, whether or not they look at all of it.

from tests.differential.clarity.expressions.core import (
    Impossible,
    expression,
    filled,
    produces,
)
from tests.differential.clarity.scope import Scope
from tests.differential.clarity.shapes import (
    BOOL,
    INT,
    UINT,
    Shape,
    buff,
    list_of,
)


@produces("buff", "string-ascii", "string-utf8", "list")
def _concat(scope: Scope, shape: Shape, depth: int) -> str:
    if shape.length < 2:
        raise Impossible
    first = scope.rng.randint(1, shape.length - 1)
    halves = (first, shape.length - first)
    texts = [_part(scope, shape, length, depth) for length in halves]
    return f"(concat {' '.join(texts)})"


def _part(scope: Scope, shape: Shape, length: int, depth: int) -> str:
    part = Shape(shape.kind, length, shape.parts)
    return filled(scope, part, depth) if shape.kind == "list" else expression(scope, part, depth)


@produces("buff", "string-ascii", "string-utf8", "list")
def _slice(scope: Scope, shape: Shape, depth: int) -> str:
    if not scope.has("slice?"):
        raise Impossible
    start, end = (expression(scope, UINT, min(depth, 1)) for _ in range(2))
    sliced = f"(slice? {_part(scope, shape, shape.length, depth)} {start} {end})"
    return f"(default-to {expression(scope, shape, 1)} {sliced})"


@produces("buff", "string-ascii", "string-utf8", "list")
def _as_max_len(scope: Scope, shape: Shape, depth: int) -> str:
    longer = Shape(shape.kind, shape.length + scope.rng.choice((0, 1, 3)), shape.parts)
    text = _part(scope, longer, longer.length, depth)
    limited = f"(as-max-len? {text} u{shape.length})"
    return f"(default-to {expression(scope, shape, 1)} {limited})"


@produces("buff", "string-ascii", "string-utf8", "list")
def _replace_at(scope: Scope, shape: Shape, depth: int) -> str:
    if not scope.has("replace-at?"):
        raise Impossible
    item = shape.parts[0] if shape.kind == "list" else Shape(shape.kind, 1)
    text = f"(replace-at? {_part(scope, shape, shape.length, depth)}"
    text += f" {expression(scope, UINT, min(depth, 1))} {expression(scope, item, depth)})"
    return f"(default-to {expression(scope, shape, 1)} {text})"


@produces("buff", weight=2)
def _hash(scope: Scope, shape: Shape, depth: int) -> str:
    words = {20: ["hash160"], 32: ["sha256", "keccak256", "sha512/256"], 64: ["sha512"]}
    if shape.length not in words:
        raise Impossible
    held = scope.rng.choice((INT, UINT, buff(20), buff(33)))
    return f"({scope.rng.choice(words[shape.length])} {expression(scope, held, depth)})"


@produces("string-ascii", "string-utf8")
def _number_text(scope: Scope, shape: Shape, depth: int) -> str:
    if shape.length < 40 or not scope.has("int-to-ascii"):
        raise Impossible
    word = "int-to-ascii" if shape.kind == "string-ascii" else "int-to-utf8"
    return f"({word} {expression(scope, scope.rng.choice((INT, UINT)), depth)})"


@produces("list", weight=2)
def _list_literal(scope: Scope, shape: Shape, depth: int) -> str:
    return filled(scope, shape, depth)


@produces("list")
def _append(scope: Scope, shape: Shape, depth: int) -> str:
    if shape.length < 2:
        raise Impossible
    shorter = list_of(shape.length - 1, shape.parts[0])
    return f"(append {filled(scope, shorter, depth)} {expression(scope, shape.parts[0], depth)})"


@produces("list", weight=2)
def _map(scope: Scope, shape: Shape, depth: int) -> str:
    item = shape.parts[0]
    natives = {
        "int": ["+", "-", "*", "mod"], "uint": ["+", "*", "mod"], "bool": ["not", "<", "is-eq"]
    }  # fmt: skip
    helpers = [
        function
        for function in scope.names.functions[: scope.functions_before]
        if function.name.startswith("map-") and function.returns == item
    ]
    if helpers and scope.rng.random() < 0.6:
        helper = scope.rng.choice(helpers)
        lists = [filled(scope, list_of(shape.length, p), depth) for _, p in helper.parameters]
        return f"(map {helper.name} {' '.join(lists)})"
    if item.kind not in natives:
        raise Impossible
    word = scope.rng.choice(natives[item.kind])
    held = {"not": BOOL, "<": INT, "is-eq": INT}.get(word, item)
    count = 1 if word == "not" else 2
    lists = [filled(scope, list_of(shape.length, held), depth) for _ in range(count)]
    return f"(map {word} {' '.join(lists)})"


@produces("list")
def _filter(scope: Scope, shape: Shape, depth: int) -> str:
    if shape.parts[0] == BOOL:
        return f"(filter not {filled(scope, shape, depth)})"
    helpers = [
        function
        for function in scope.names.functions[: scope.functions_before]
        if function.name.startswith("filter-") and function.parameters[0][1] == shape.parts[0]
    ]
    if not helpers:
        raise Impossible
    return f"(filter {scope.rng.choice(helpers).name} {filled(scope, shape, depth)})"
