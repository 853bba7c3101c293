"""Random, well-typed programs: contracts of every version with calls to make on them."""

from random import Random

import msgspec
from tests.differential.clarity.expressions import expression, statement
from tests.differential.clarity.scope import Function, Names, Scope
from tests.differential.clarity.shapes import (
    BOOL,
    INT,
    UINT,
    Shape,
    contract_with,
    random_shape,
    random_value,
    response,
    tuple_of,
)

from btczs.codec.clarity import encode_value
from btczs.codec.clarity.values import ContractPrincipal, StandardPrincipal, Value
from btczs.primitives import Hash20
from btczs.vm.clarity.names import VERSIONS, ClarityVersion

CONTRACT = "main"
HELPER = "helper"
TESTNET_VERSION = 26
BALANCE = 1_000_000
"""What the deployer owns, in base units."""
EXPRESSIONS_MAX = 120
DEPTH = 4


class Call(msgspec.Struct, frozen=True):
    """A call from outside. `args` are consensus bytes in hex."""

    fn: str
    args: tuple[str, ...]
    read: bool


class Setup(msgspec.Struct, frozen=True):
    """A contract that stands before the program."""

    name: str
    code: str
    version: ClarityVersion


class Program(msgspec.Struct, frozen=True):
    """What both sides run. `id` makes the deployer."""

    id: int
    version: ClarityVersion
    code: str
    setup: tuple[Setup, ...]
    calls: tuple[Call, ...]


_HELPER_FUNCTIONS = (
    Function("double", "public", (("x", UINT),), response(UINT, UINT)),
    Function("fails", "public", (("x", INT),), response(INT, UINT)),
    Function("store", "public", (("x", UINT),), response(BOOL, UINT)),
    Function("stored", "read-only", (), UINT),
    Function("who", "read-only", (), tuple_of(a=Shape("principal"), b=Shape("principal"))),
)
_HELPER_CODE = """
(define-trait doubler ((double (uint) (response uint uint)) (store (uint) (response bool uint))))
(define-data-var held uint u7)
(define-public (double (x uint)) (begin (print x) (ok (+ x x))))
(define-public (fails (x int)) (begin (var-set held u9) (if (> x 5) (ok x) (err u77))))
(define-public (store (x uint)) (ok (var-set held x)))
(define-read-only (stored) (var-get held))
(define-read-only (who) {a: tx-sender, b: contract-caller})
"""
_TRAIT = tuple(function for function in _HELPER_FUNCTIONS if function.name in ("double", "store"))


def generate(seed: int) -> Program:
    """The program of `seed`."""
    rng = Random(seed)
    version = rng.choice(VERSIONS)
    names = Names(version)
    has_helper = rng.random() < 0.4
    if has_helper:
        names.foreign[HELPER] = _HELPER_FUNCTIONS
    budget = [EXPRESSIONS_MAX, 0]
    scope = Scope(rng, names, budget)
    parts = ["0"]  # a program of one expression would not count as a contract on the other side
    if has_helper and rng.random() < 0.6:
        names.traits["doubler"] = _TRAIT
        parts.append(f"(use-trait doubler .{HELPER}.doubler)")
    parts += _state(scope)
    parts += _helpers(scope)
    parts += [_function(scope) for _ in range(rng.randint(1, 4))]
    scope.functions_before = len(names.functions)
    parts += [_top_level(scope) for _ in range(rng.randint(0, 2))]
    if rng.random() < 0.2:
        _shuffle_definitions(rng, parts)
    helper = Setup(HELPER, _HELPER_CODE, version)
    return Program(
        id=seed,
        version=version,
        code="\n".join(parts),
        setup=(helper,) if has_helper else (),
        calls=tuple(_calls(rng, names, seed)),
    )


def _shuffle_definitions(rng: Random, parts: list[str]) -> None:
    """Definitions may stand after their uses."""
    definitions = [part for part in parts if part.startswith("(define-")]
    rest = [part for part in parts if not part.startswith("(define-")]
    rng.shuffle(definitions)
    parts[:] = rest[:1] + definitions + rest[1:]


def _state(scope: Scope) -> list[str]:
    """Constants, variables, maps and tokens."""
    rng, names = scope.rng, scope.names
    parts = []
    for _ in range(rng.randint(0, 2)):
        shape = random_shape(rng, 1, responses=False)
        name = scope.fresh_name("c")
        parts.append(f"(define-constant {name} {_declared(scope, shape)})")
        # Its type is that of the expression, which is narrower than `shape`.
        if shape.kind in ("int", "uint", "bool", "principal"):
            names.constants[name] = shape
    for _ in range(rng.randint(0, 2)):
        shape = random_shape(rng, 2, responses=False)
        name = scope.fresh_name("var")
        parts.append(f"(define-data-var {name} {shape} {expression(scope, shape, 1)})")
        names.data_vars[name] = shape
    for _ in range(rng.randint(0, 2)):
        key, value = (random_shape(rng, 1, responses=False) for _ in range(2))
        name = scope.fresh_name("map")
        parts.append(f"(define-map {name} {key} {value})")
        names.maps[name] = (key, value)
    if rng.random() < 0.4:
        name = scope.fresh_name("ft")
        limit = f" u{rng.randrange(10**4)}" if rng.random() < 0.4 else ""
        parts.append(f"(define-fungible-token {name}{limit})")
        names.fungible_tokens.append(name)
    if rng.random() < 0.4:
        shape = random_shape(rng, 1, responses=False)
        name = scope.fresh_name("nft")
        parts.append(f"(define-non-fungible-token {name} {shape})")
        names.non_fungible_tokens[name] = shape
    return parts


def _declared(scope: Scope, shape: Shape) -> str:
    return expression(scope, shape, 2)


def _helpers(scope: Scope) -> list[str]:
    """Functions for `map`, `fold` and `filter`."""
    rng = scope.rng
    parts = []
    item, acc = random_shape(rng, 1, responses=False), random_shape(rng, 1, responses=False)
    shapes: list[tuple[str, tuple[Shape, ...], Shape]] = []
    if rng.random() < 0.5:
        shapes.append(("fold", (item, acc), acc))
    if rng.random() < 0.5:
        inputs = (item, INT) if rng.random() < 0.4 else (item,)
        shapes.append(("map", inputs, rng.choice((INT, UINT, BOOL, acc))))
    if rng.random() < 0.5:
        shapes.append(("filter", (rng.choice((INT, UINT, item)),), BOOL))
    for word, inputs, output in shapes:
        parts.append(_define(scope, "private", word + "-", inputs, output, depth=2))
    return parts


def _function(scope: Scope) -> str:
    rng = scope.rng
    access = rng.choice(("public", "public", "private", "read-only"))
    output = random_shape(rng, 2)
    if access == "public" or rng.random() < 0.3:
        output = response(
            random_shape(rng, 1, responses=False), rng.choice((UINT, UINT, INT, BOOL))
        )
    inputs = tuple(random_shape(rng, 1) for _ in range(rng.choice((0, 1, 1, 2, 3))))
    return _define(scope, access, "f", inputs, output, depth=DEPTH)


def _define(
    scope: Scope, access: str, prefix: str, inputs: tuple[Shape, ...], output: Shape, depth: int
) -> str:
    rng, names = scope.rng, scope.names
    inner = scope.copy()
    inner.returns = output
    inner.read_only = access == "read-only"
    inner.functions_before = len(names.functions)
    inner.budget = [min(EXPRESSIONS_MAX // 3, max(scope.budget[0], 8)), scope.budget[1]]
    name = inner.fresh_name(prefix)
    parameters = [(inner.fresh_name("p"), shape) for shape in inputs]
    inner.locals = dict(parameters)
    if prefix == "f" and access == "public" and names.traits and rng.random() < 0.5:
        contract = inner.fresh_name("p")
        inner.callable_parameters[contract] = "doubler"
        parameters.append((contract, contract_with("doubler")))
    texts = [f"({parameter} {shape})" for parameter, shape in parameters]
    body = expression(inner, output, depth)
    if output.kind == "response" and rng.random() < 0.8:
        body = _whole_response(inner, output, depth)
    if rng.random() < 0.5:
        body = f"(begin {statement(inner, depth - 1)} {body})"
    scope.budget[0] -= EXPRESSIONS_MAX // 4
    scope.budget[1] = inner.budget[1]
    names.functions.append(Function(name, access, tuple(parameters), output))
    return f"(define-{access} ({' '.join([name, *texts])})\n  {body})"


def _whole_response(scope: Scope, output: Shape, depth: int) -> str:
    """A response of which both sides are known."""
    ok, err = output.parts
    condition = expression(scope, BOOL, 2)
    return (
        f"(if {condition} (ok {expression(scope, ok, depth)})"
        f" (err {expression(scope, err, depth - 2)}))"
    )


def _top_level(scope: Scope) -> str:
    scope.budget[0] = max(scope.budget[0], 20)
    if scope.rng.random() < 0.5:
        return statement(scope, 3)
    return expression(scope, random_shape(scope.rng, 2, responses=False), 3)


def _calls(rng: Random, names: Names, seed: int) -> list[Call]:
    calls = []
    outside = [f for f in names.functions if f.access != "private"]
    for _ in range(rng.randint(1, 4) if outside else 0):
        function = rng.choice(outside)
        args = tuple(
            encode_value(_argument(rng, shape, seed)).hex() for _, shape in function.parameters
        )
        calls.append(Call(function.name, args, function.access == "read-only"))
    return calls


def _argument(rng: Random, shape: Shape, seed: int) -> Value:
    if shape.kind != "contract":
        return random_value(rng, shape)
    name = HELPER if rng.random() < 0.9 else rng.choice((CONTRACT, "nobody"))
    return ContractPrincipal(TESTNET_VERSION, _hash_of(seed), name)


def _hash_of(seed: int) -> Hash20:
    return Hash20(seed.to_bytes(20, "big"))


def deployer_of(program: Program) -> StandardPrincipal:
    """The account that deploys and calls: its own for every program, so that nothing is shared."""
    return StandardPrincipal(TESTNET_VERSION, _hash_of(program.id))
