"""Productions for every type: conditions, bindings, matches, unwrapping, calls."""

# Productions have one signature, whether or not they look at all of it.

from tests.differential.clarity.expressions.core import (
    Impossible,
    expression,
    filled,
    for_every_type,
    statement,
    typed,
)
from tests.differential.clarity.scope import Scope
from tests.differential.clarity.shapes import (
    BOOL,
    UINT,
    Shape,
    list_of,
    optional,
    random_shape,
    response,
    tuple_of,
)


@for_every_type(weight=2)
def _if(scope: Scope, shape: Shape, depth: int) -> str:
    condition = expression(scope, BOOL, depth)
    return f"(if {condition} {expression(scope, shape, depth)} {expression(scope, shape, depth)})"


@for_every_type(weight=2)
def _let(scope: Scope, shape: Shape, depth: int) -> str:
    inner, bindings = scope, []
    for _ in range(scope.rng.choice((1, 1, 2))):
        bound = random_shape(scope.rng, 1)
        name = scope.fresh_name()
        bindings.append(f"({name} {typed(inner, bound, depth)})")
        inner = inner.with_local(name, bound)
    body = [statement(inner, depth - 1) for _ in range(scope.rng.choice((0, 0, 1)))]
    return f"(let ({' '.join(bindings)}) {' '.join([*body, expression(inner, shape, depth)])})"


@for_every_type()
def _begin(scope: Scope, shape: Shape, depth: int) -> str:
    return f"(begin {statement(scope, depth)} {expression(scope, shape, depth)})"


@for_every_type()
def _default_to(scope: Scope, shape: Shape, depth: int) -> str:
    fallback = expression(scope, shape, depth)
    return f"(default-to {fallback} {expression(scope, optional(shape), depth)})"


@for_every_type()
def _unwrap_panic(scope: Scope, shape: Shape, depth: int) -> str:
    if shape.kind == "response" or scope.rng.random() < 0.5:
        raise Impossible
    if scope.rng.random() < 0.3:
        return f"(unwrap-err-panic {typed(scope, response(BOOL, shape), depth)})"
    inner = optional(shape) if scope.rng.random() < 0.6 else response(shape, UINT)
    return f"(unwrap-panic {typed(scope, inner, depth)})"


@for_every_type(weight=2)
def _unwrap_or_return(scope: Scope, shape: Shape, depth: int) -> str:
    if scope.returns is None or scope.returns.kind != "response" or shape.kind == "response":
        raise Impossible
    error = scope.returns.parts[1]
    match scope.rng.randrange(4):
        case 0:
            return f"(try! {typed(scope, response(shape, error), depth)})"
        case 1:
            thrown = f"(err {expression(scope, error, 1)})"
            return f"(unwrap-err! {typed(scope, response(BOOL, shape), depth)} {thrown})"
    thrown = f"(err {expression(scope, error, 1)})"
    return f"(unwrap! {typed(scope, optional(shape), depth)} {thrown})"


@for_every_type(weight=2)
def _match(scope: Scope, shape: Shape, depth: int) -> str:
    name = scope.fresh_name()
    inner = random_shape(scope.rng, 1, responses=False)
    if scope.rng.random() < 0.5:
        some = expression(scope.with_local(name, inner), shape, depth)
        subject = typed(scope, optional(inner), depth)
        return f"(match {subject} {name} {some} {expression(scope, shape, depth)})"
    error_name = scope.fresh_name()
    ok = expression(scope.with_local(name, inner), shape, depth)
    err = expression(scope.with_local(error_name, UINT), shape, depth)
    return f"(match {typed(scope, response(inner, UINT), depth)} {name} {ok} {error_name} {err})"


@for_every_type()
def _get(scope: Scope, shape: Shape, depth: int) -> str:
    fields = {"x": shape, "y": random_shape(scope.rng, 0)}
    return f"(get x {expression(scope, tuple_of(**fields), depth)})"


@for_every_type()
def _element(scope: Scope, shape: Shape, depth: int) -> str:
    if shape.kind == "response":
        raise Impossible
    items = list_of(scope.rng.choice((1, 2, 3)), shape)
    word = "element-at?" if scope.has("element-at?") else "element-at"
    found = f"({word} {filled(scope, items, depth)} {expression(scope, UINT, min(depth, 1))})"
    return f"(default-to {expression(scope, shape, 1)} {found})"


@for_every_type(weight=2)
def _call(scope: Scope, shape: Shape, depth: int) -> str:
    functions = scope.callable_functions(shape)
    if not functions:
        raise Impossible
    function = scope.rng.choice(functions)
    arguments = [expression(scope, p, min(depth, 2)) for _, p in function.parameters]
    return f"({' '.join([function.name, *arguments])})"


@for_every_type()
def _foreign_call(scope: Scope, shape: Shape, depth: int) -> str:
    found = [
        (contract, function)
        for contract, functions in scope.names.foreign.items()
        for function in functions
        if function.returns == shape and not (scope.read_only and function.access == "public")
    ]
    if not found:
        raise Impossible
    contract, function = scope.rng.choice(found)
    arguments = [expression(scope, p, min(depth, 2)) for _, p in function.parameters]
    return f"({' '.join([f'contract-call? .{contract} {function.name}', *arguments])})"


@for_every_type()
def _trait_call(scope: Scope, shape: Shape, depth: int) -> str:
    found = [
        (name, method)
        for name, trait in scope.callable_parameters.items()
        for method in scope.names.traits[trait]
        if method.returns == shape
    ]
    if not found or scope.read_only:
        raise Impossible
    name, method = scope.rng.choice(found)
    arguments = [expression(scope, p, min(depth, 1)) for _, p in method.parameters]
    return f"({' '.join([f'contract-call? {name} {method.name}', *arguments])})"


@for_every_type()
def _print_value(scope: Scope, shape: Shape, depth: int) -> str:
    return f"(print {expression(scope, shape, depth)})"


@for_every_type()
def _as_contract(scope: Scope, shape: Shape, depth: int) -> str:
    if scope.read_only or not scope.has("as-contract"):
        raise Impossible
    return f"(as-contract {expression(scope, shape, depth)})"


@for_every_type()
def _fold_to(scope: Scope, shape: Shape, depth: int) -> str:
    helpers = [
        function
        for function in scope.names.functions[: scope.functions_before]
        if function.name.startswith("fold-") and function.returns == shape
    ]
    if not helpers:
        raise Impossible
    helper = scope.rng.choice(helpers)
    item = helper.parameters[0][1]
    start = expression(scope, shape, depth)
    return f"(fold {helper.name} {filled(scope, list_of(4, item), depth)} {start})"
