"""Words that choose what is evaluated, bind names, or leave the function; and a few odd ones.

The functions mirror those of the same names in the interpreter, charge for charge.
"""

from collections.abc import Sequence

from btczs.vm.clarity.costs import UNLIMITED, CostMeter
from btczs.vm.clarity.estimation.ranges import NOTHING, Path, Range, charge
from btczs.vm.clarity.estimation.shapes import (
    NONE,
    UINT,
    UNKNOWN,
    Shape,
    join,
    response_shape,
    some_shape,
    tuple_shape,
)
from btczs.vm.clarity.estimation.walker import Node, Place, Walker, Word, owning
from btczs.vm.clarity.reader.syntax import Atom, Expr, Form
from btczs.vm.clarity.types.parse import parse_type


def _if(walker: Walker, path: Path, args: Sequence[Node], place: Place, _at: Expr) -> Shape:
    path.pay(charge("if"))
    walker.through(path, args[0], place, owned=False)
    (one, one_shape), (other, other_shape) = [walker.walk(arm, place) for arm in args[1:]]
    path.then_one_of([one, other])
    return join(one_shape, other_shape)


def _asserts(walker: Walker, path: Path, args: Sequence[Node], place: Place, _at: Expr) -> Shape:
    path.pay(charge("asserts"))
    condition = walker.through(path, args[0], place, owned=False)
    thrown, shape = walker.walk(args[1], place)
    path.leave_through(thrown)
    walker.leave(shape)
    if walker.is_borrowed(args[0], place):
        path.pay(owning(condition))
    return condition


def _and_or(cost: str) -> Word:
    def word(walker: Walker, path: Path, args: Sequence[Node], place: Place, at: Expr) -> Shape:
        path.pay(charge(cost, len(args)))
        walker.through(path, args[0], place, owned=False)
        for arg in args[1:]:
            path.then_perhaps(walker.walk(arg, place, owned=False)[0])
        return walker.static(at)

    return word


def _let(walker: Walker, path: Path, args: Sequence[Node], place: Place, _at: Expr) -> Shape:
    bindings, *body = args
    assert isinstance(bindings, Form), "analysis has seen to it"
    path.pay(charge("let", len(bindings.items)))
    inner = Place(place)
    for binding in bindings.items:
        name, bound = _pair(binding)
        inner.names[name] = (walker.through(path, bound, inner), True)
    for expr in body[:-1]:
        walker.through(path, expr, inner, owned=False)
    return walker.through(path, body[-1], inner)


def _match(walker: Walker, path: Path, args: Sequence[Node], place: Place, _at: Expr) -> Shape:
    value, *arms = args
    matched = walker.through(path, value, place)
    path.pay(charge("match"))
    is_response = matched.kind == "response"
    found = [_bound_arm(walker, matched.parts[0], arms[0], arms[1], place)]
    if is_response:
        found.append(_bound_arm(walker, matched.parts[1], arms[2], arms[3], place))
    else:
        found.append(walker.walk(arms[2], place))
    path.then_one_of([arm for arm, _ in found])
    return join(found[0][1], found[1][1])


def _bound_arm(
    walker: Walker, bound: Shape, name: Node, body: Node, place: Place
) -> tuple[Path, Shape]:
    assert isinstance(name, Atom), "analysis has seen to it"
    inner = Place(place)
    inner.names[name.name] = (bound, True)
    return walker.walk(body, inner)


def _unwrap(name: str) -> Word:
    """Takes a value out, or returns the second argument from the function."""

    def word(walker: Walker, path: Path, args: Sequence[Node], place: Place, at: Expr) -> Shape:
        (_, thrown), shape = walker.ruled(path, name, args, place, at)
        path.leave_perhaps()
        walker.leave(thrown)
        return shape

    return word


def _try(walker: Walker, path: Path, args: Sequence[Node], place: Place, at: Expr) -> Shape:
    (value,), shape = walker.ruled(path, "try!", args, place, at)
    path.leave_perhaps()
    walker.leave(NONE if value.kind == "optional" else response_shape(UNKNOWN, value.parts[1]))
    return shape


def _tuple(walker: Walker, path: Path, args: Sequence[Node], place: Place, _at: Expr) -> Shape:
    fields = []
    for arg in args:
        name, expr = _pair(arg)
        fields.append((name, walker.through(path, expr, place)))
    path.pay(charge("tuple_cons", len(fields)))
    return tuple_shape(fields)


def _get(walker: Walker, path: Path, args: Sequence[Node], place: Place, at: Expr) -> Shape:
    """Of `none` nothing is read, so nothing is paid."""
    name = args[0]
    assert isinstance(name, Atom), "analysis has seen to it"
    value = walker.through(path, args[1], place)
    is_optional = value.kind == "optional"
    held = value.parts[0] if is_optional else value
    if held.kind != "tuple":
        return walker.static(at)
    cost = charge("tuple_get", held.shortest, held.longest)
    path.pay(cost.or_nothing() if is_optional and value.low == NONE.low else cost)
    found = held.field(name.name)
    assert found is not None, "analysis has seen to it"
    return join(NONE, some_shape(found)) if is_optional else found


def _var_get(walker: Walker, path: Path, args: Sequence[Node], _place: Place, _at: Expr) -> Shape:
    stored = walker.shape_of(walker.analysis.data_vars[_name(args[0])])
    path.pay(charge("fetch_var", stored.low.encoded, stored.high.encoded))
    return stored


def _map_get(walker: Walker, path: Path, args: Sequence[Node], place: Place, _at: Expr) -> Shape:
    """By the key, and the entry as an optional if there is or was one."""
    key_type, value_type = walker.analysis.maps[_name(args[0])]
    key = walker.through(path, args[1], place, owned=False)
    stored = walker.shape_of(value_type)
    most = key.high.encoded + 1 + stored.high.encoded
    if key.is_mixed:
        # A key with fields too many is refused, and charged by its type.
        most = max(most, key_type.size + value_type.size)
    path.pay(charge("fetch_entry", key.low.encoded, most))
    return join(NONE, some_shape(stored))


def _from_consensus(
    walker: Walker, path: Path, args: Sequence[Node], place: Place, at: Expr
) -> Shape:
    declared = args[0]
    assert isinstance(declared, Form | Atom), "analysis has seen to it"
    meter = CostMeter(UNLIMITED)
    parse_type(declared, meter)
    path.pay(Range((0, 0, meter.runtime, 0, 0), (0, 0, meter.runtime, 0, 0)))
    return walker.ruled(path, "from-consensus-buff?", args, place, at)[1]


def _restrict_assets(
    walker: Walker, path: Path, args: Sequence[Node], place: Place, _at: Expr
) -> Shape:
    walker.through(path, args[0], place)
    return _guarded(walker, path, "restrict_assets", args[1:], place)


def _as_contract_guarded(
    walker: Walker, path: Path, args: Sequence[Node], place: Place, _at: Expr
) -> Shape:
    return _guarded(walker, path, "as_contract_safe", args, place)


def _guarded(walker: Walker, path: Path, cost: str, args: Sequence[Node], place: Place) -> Shape:
    """`(allowance …) body …`. If an allowance is broken, the body may have stopped anywhere, by
    an abort or an early return, and still the expression has a value."""
    listed, *body = args
    assert isinstance(listed, Form), "analysis has seen to it"
    path.pay(charge(cost, len(listed.items)))
    for allowance in listed.items:
        assert isinstance(allowance, Form), "analysis has seen to it"
        head, *parts = allowance.items
        for part in parts:
            is_kept = not (isinstance(head, Atom) and head.name == "with-stx")
            walker.through(path, part, place, owned=is_kept)
    guarded, shape = Path(), UNKNOWN
    for expr in body:
        shape = walker.through(guarded, expr, place)
    guarded.done = guarded.total().or_else(NOTHING)
    path.then(guarded)
    return response_shape(shape, UINT)


def _as_contract(
    walker: Walker, path: Path, args: Sequence[Node], place: Place, _at: Expr
) -> Shape:
    path.pay(charge("as_contract"))
    return walker.through(path, args[0], place)


def _name(node: Node) -> str:
    assert isinstance(node, Atom), "analysis has seen to it"
    return node.name


def _pair(node: Node) -> tuple[str, Expr]:
    """A name and an expression: a binding, or a field."""
    assert isinstance(node, Form), "analysis has seen to it"
    name, expr = node.items
    return _name(name), expr


CONTROL_WORDS: dict[str, Word] = {
    "if": _if,
    "asserts!": _asserts,
    "and": _and_or("and"),
    "or": _and_or("or"),
    "let": _let,
    "match": _match,
    "unwrap!": _unwrap("unwrap!"),
    "unwrap-err!": _unwrap("unwrap-err!"),
    "try!": _try,
    "tuple": _tuple,
    "get": _get,
    "var-get": _var_get,
    "map-get?": _map_get,
    "from-consensus-buff?": _from_consensus,
    "restrict-assets?": _restrict_assets,
    "as-contract?": _as_contract_guarded,
    "as-contract": _as_contract,
}
