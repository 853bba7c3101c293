"""Random expressions of a wanted type: the heart of the generator.

`expression(scope, shape, depth)` gives the source text of an expression whose type `shape` admits.
Each kind of type has its own productions (`PRODUCTIONS`); some work for every type (`_GENERAL`).
A production may raise `Impossible`: then another one is taken.
"""

from collections.abc import Callable

from tests.differential.clarity.scope import Scope
from tests.differential.clarity.shapes import (
    BOOL,
    PRINCIPAL,
    Shape,
    random_shape,
    random_value,
    source_of,
)


class Impossible(Exception):
    """This production has nothing to give here."""


Production = Callable[[Scope, Shape, int], str]
"""`(scope, type, depth)`: the text of an expression of that type, or `Impossible`."""

Special = Callable[[Scope, int], str]

GENERAL: list[Production] = []
PRODUCTIONS: dict[str, list[Production]] = {}
SPECIALS: list[Special] = []


def for_every_type(*, weight: int = 1) -> Callable[[Production], Production]:
    """Registers a production that works for every type."""

    def register(production: Production) -> Production:
        GENERAL.extend([production] * weight)
        return production

    return register


def produces(*kinds: str, weight: int = 1) -> Callable[[Production], Production]:
    """Registers a production for some kinds of type."""

    def register(production: Production) -> Production:
        for kind in kinds:
            PRODUCTIONS.setdefault(kind, []).extend([production] * weight)
        return production

    return register


def special(since: int) -> Callable[[Special], Special]:
    """Registers a native whose type is its own: it is printed. `since`: first Clarity version."""

    def register(text: Special) -> Special:
        def guarded(scope: Scope, depth: int) -> str:
            if scope.version < since:
                raise Impossible
            return text(scope, min(depth, 2))

        SPECIALS.append(guarded)
        return text

    return register


def expression(scope: Scope, shape: Shape, depth: int) -> str:
    """An expression of type `shape`, at most about `depth` levels deep."""
    rng = scope.rng
    if shape.kind == "contract":
        return _contract(scope, shape)
    if depth <= 0 or not scope.spend():
        return _leaf(scope, shape)
    for _ in range(6):
        productions = GENERAL if rng.random() < 0.4 else PRODUCTIONS.get(shape.kind, GENERAL)
        try:
            return rng.choice(productions)(scope, shape, depth - 1)
        except Impossible:
            continue
    return _leaf(scope, shape)


def _contract(scope: Scope, shape: Shape) -> str:
    """A parameter with the trait, or the name of a contract that has it."""
    held = [name for name, trait in scope.callable_parameters.items() if trait == shape.names[0]]
    return scope.rng.choice([*held, *(f".{name}" for name in scope.names.foreign)])


def _leaf(scope: Scope, shape: Shape) -> str:
    rng = scope.rng
    names = [name for name, held in scope.locals.items() if held == shape]
    names += [name for name, held in scope.names.constants.items() if held == shape]
    if names and rng.random() < 0.7:
        return rng.choice(names)
    variables = [name for name, held in scope.names.data_vars.items() if held == shape]
    if variables and rng.random() < 0.4:
        return f"(var-get {rng.choice(variables)})"
    if shape == PRINCIPAL and rng.random() < 0.5:
        words = ["tx-sender", "contract-caller"]
        return rng.choice(words + (["current-contract"] if scope.version >= 4 else []))
    return source_of(random_value(rng, shape))


def statement(scope: Scope, depth: int) -> str:
    """An expression for its effect; its value may be dropped."""
    rng = scope.rng
    names = scope.names
    choices: list[Callable[[], str]] = [lambda: _print(scope, depth)] * 2
    if not scope.read_only:
        if names.data_vars:
            choices.append(lambda: var_set(scope, depth))
        if names.maps:
            choices += [lambda: map_write(scope, depth)] * 2
    if scope.returns is not None and scope.returns.kind == "response":
        choices.append(lambda: _asserts(scope, depth))
    try:
        return rng.choice(choices)()
    except Impossible:
        return "true"


def _print(scope: Scope, depth: int) -> str:
    if scope.rng.random() < 0.4:
        special = scope.rng.choice(SPECIALS)
        try:
            return f"(print {{r: {special(scope, depth)}}})"
        except Impossible:
            pass
    shape = random_shape(scope.rng, 2, responses=False)  # a response may not be dropped
    return f"(print {expression(scope, shape, depth)})"


def var_set(scope: Scope, depth: int) -> str:
    name, shape = scope.rng.choice(list(scope.names.data_vars.items()))
    return f"(var-set {name} {expression(scope, shape, depth)})"


def map_write(scope: Scope, depth: int) -> str:
    name, (key, value) = scope.rng.choice(list(scope.names.maps.items()))
    key_text = expression(scope, key, min(depth, 1))
    if scope.rng.random() < 0.2:
        return f"(map-delete {name} {key_text})"
    word = scope.rng.choice(("map-set", "map-insert"))
    return f"({word} {name} {key_text} {expression(scope, value, depth)})"


def _asserts(scope: Scope, depth: int) -> str:
    assert scope.returns is not None
    thrown = f"(err {expression(scope, scope.returns.parts[1], min(depth, 1))})"
    return f"(asserts! {expression(scope, BOOL, depth)} {thrown})"


def typed(scope: Scope, shape: Shape, depth: int) -> str:
    """An expression whose type leaves nothing open, so that what uses it can be checked."""
    if shape.kind == "response":
        ok, err = shape.parts
        condition = expression(scope, BOOL, min(depth, 1))
        return (
            f"(if {condition} (ok {expression(scope, ok, depth)})"
            f" (err {expression(scope, err, depth)}))"
        )
    if shape.kind == "optional":
        inner = expression(scope, shape.parts[0], depth)
        if scope.rng.random() < 0.5:
            return f"(if {expression(scope, BOOL, min(depth, 1))} (some {inner}) none)"
        return f"(some {inner})"
    return expression(scope, shape, depth)


def filled(scope: Scope, shape: Shape, depth: int) -> str:
    """A list with at least one item: of an empty one the type of the items is open."""
    count = scope.rng.randint(1, min(shape.length, 3))
    items = [expression(scope, shape.parts[0], depth - 1) for _ in range(count)]
    return f"(list {' '.join(items)})"
