"""Productions for optionals, responses and tuples, with the natives of tokens and allowances."""

# Productions have one signature, whether or not they look at all of it.

from tests.differential.clarity.expressions.core import (
    Impossible,
    expression,
    filled,
    produces,
    statement,
    typed,
)
from tests.differential.clarity.scope import Scope
from tests.differential.clarity.shapes import (
    BOOL,
    INT,
    PRINCIPAL,
    UINT,
    Shape,
    buff,
    list_of,
    optional,
    response,
    tuple_of,
)


@produces("optional", weight=2)
def _some(scope: Scope, shape: Shape, depth: int) -> str:
    return f"(some {expression(scope, shape.parts[0], depth)})"


@produces("optional", weight=2)
def _optional_found(scope: Scope, shape: Shape, depth: int) -> str:
    inner = shape.parts[0]
    match scope.rng.randrange(4):
        case 0:
            found = [n for n, (_, value) in scope.names.maps.items() if value == inner]
            if not found:
                raise Impossible
            name = scope.rng.choice(found)
            key = expression(scope, scope.names.maps[name][0], min(depth, 1))
            return f"(map-get? {name} {key})"
        case 1 if inner == UINT:
            word = "index-of?" if scope.has("index-of?") else "index-of"
            item = scope.rng.choice((INT, BOOL, PRINCIPAL))
            return f"({word} {filled(scope, list_of(4, item), depth)} {expression(scope, item, 1)})"
        case 2 if inner == PRINCIPAL and scope.names.non_fungible_tokens:
            name, held = scope.rng.choice(list(scope.names.non_fungible_tokens.items()))
            return f"(nft-get-owner? {name} {expression(scope, held, min(depth, 1))})"
        case 3 if scope.has("to-consensus-buff?") and inner.kind != "response":
            value = expression(scope, inner, depth)
            packed = f"(unwrap-panic (to-consensus-buff? {value}))"
            return f"(from-consensus-buff? {inner} {packed})"
    raise Impossible


@produces("optional")
def _get_inside(scope: Scope, shape: Shape, depth: int) -> str:
    fields = {"x": shape.parts[0], "y": BOOL}
    return f"(get x {typed(scope, optional(tuple_of(**fields)), depth)})"


@produces("response", weight=2)
def _response(scope: Scope, shape: Shape, depth: int) -> str:
    return typed(scope, shape, depth)


@produces("response", weight=2)
def _token_response(scope: Scope, shape: Shape, depth: int) -> str:
    if scope.read_only or shape != response(BOOL, UINT):
        raise Impossible
    rng, names = scope.rng, scope.names
    who = [expression(scope, PRINCIPAL, min(depth, 1)) for _ in range(2)]
    amount = expression(scope, UINT, min(depth, 2))
    choices = [
        f"(stx-transfer? {amount} tx-sender {who[0]})",
        f"(stx-burn? {amount} {rng.choice(('tx-sender', who[1]))})",
    ]
    if scope.has("stx-transfer-memo?"):
        choices.append(
            f"(stx-transfer-memo? {amount} tx-sender {who[0]} {expression(scope, buff(20), 0)})"
        )
    if names.fungible_tokens:
        token = rng.choice(names.fungible_tokens)
        choices += [
            f"(ft-mint? {token} {amount} {who[0]})",
            f"(ft-transfer? {token} {amount} {who[0]} {who[1]})",
            f"(ft-burn? {token} {amount} {who[0]})",
        ]
    if names.non_fungible_tokens:
        token, held = rng.choice(list(names.non_fungible_tokens.items()))
        identifier = expression(scope, held, min(depth, 1))
        choices += [
            f"(nft-mint? {token} {identifier} {who[0]})",
            f"(nft-transfer? {token} {identifier} {who[0]} {who[1]})",
            f"(nft-burn? {token} {identifier} {who[0]})",
        ]
    return rng.choice(choices)


@produces("response")
def _guarded(scope: Scope, shape: Shape, depth: int) -> str:
    """`restrict-assets?` and `as-contract?`: `(response T uint)` of a body under allowances."""
    if scope.read_only or not scope.has("restrict-assets?") or shape.parts[1] != UINT:
        raise Impossible
    if shape.parts[0].kind == "response":
        raise Impossible
    allowances = [_allowance(scope, depth) for _ in range(scope.rng.choice((0, 1, 1, 2)))]
    inner = scope.copy()
    effect = statement(inner, depth)
    returns = scope.returns
    if returns is not None and returns.kind == "response" and returns.parts[1] == UINT:
        effect = f"(try! {_token_response(inner, response(BOOL, UINT), depth)})"
    body = f"{effect} {expression(inner, shape.parts[0], depth)}"
    if scope.rng.random() < 0.5:
        if scope.rng.random() < 0.2:
            allowances = ["(with-all-assets-unsafe)"]
        return f"(as-contract? ({' '.join(allowances)}) {body})"
    owner = scope.rng.choice(("tx-sender", expression(scope, PRINCIPAL, 0)))
    return f"(restrict-assets? {owner} ({' '.join(allowances)}) {body})"


def _allowance(scope: Scope, depth: int) -> str:
    amount = expression(scope, UINT, min(depth, 1))
    choices = [f"(with-stx {amount})"]
    names = scope.names
    if names.fungible_tokens:
        token = scope.rng.choice([*names.fungible_tokens, "*"])
        choices.append(f'(with-ft current-contract "{token}" {amount})')
    if names.non_fungible_tokens:
        token, held = scope.rng.choice(list(names.non_fungible_tokens.items()))
        identifiers = filled(scope, list_of(2, held), 1)
        choices.append(f'(with-nft current-contract "{token}" {identifiers})')
    if scope.has("with-stacking"):
        choices.append(f"(with-stacking {amount})")
    return scope.rng.choice(choices)


@produces("tuple", weight=2)
def _tuple(scope: Scope, shape: Shape, depth: int) -> str:
    fields = list(zip(shape.names, shape.parts))
    scope.rng.shuffle(fields)
    if scope.rng.random() < 0.5:
        return "{" + ", ".join(f"{n}: {expression(scope, p, depth)}" for n, p in fields) + "}"
    return "(tuple " + " ".join(f"({n} {expression(scope, p, depth)})" for n, p in fields) + ")"


@produces("tuple")
def _merge(scope: Scope, shape: Shape, depth: int) -> str:
    fields = list(zip(shape.names, shape.parts))
    cut = scope.rng.randint(1, len(fields))
    right = tuple_of(**dict(fields[:cut]))
    return f"(merge {_tuple(scope, shape, depth)} {expression(scope, right, depth)})"
