"""How small and how large the values of an expression can be.

Costs follow the type that a value has at run time, its encoded size, its length and its number of
fields. A shape bounds all of these from both sides. It is close to a static type but is not one:
`(if c {a: u1} {a: u1, b: u2})` has the type `{a: uint}`, yet what it gives may hold two fields,
and costs by them. So a shape knows every field there may be.

Lower bounds are numbers only. Upper bounds follow from the parts, as sizes of types do.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from btczs.codec.clarity.names import CONTRACT_NAME_LENGTH_MAX
from btczs.codec.clarity.types import VALUE_SIZE_MAX, ValueType
from btczs.codec.clarity.values import ContractPrincipal, Value
from btczs.vm.clarity.types.typed import type_of
from btczs.vm.clarity.types.unions import first_trait

SIZE_MAX: Final = VALUE_SIZE_MAX + 4
"""No value counts more: the longest buffer and the four bytes of its length."""

_PRINCIPAL_SIZE: Final = 148
_TRAIT_SIZE: Final = 276
_PRINCIPAL_BYTES: Final = (22, 23 + CONTRACT_NAME_LENGTH_MAX)
_BYTES_OF_A_CHARACTER: Final = {"buff": 1, "string-ascii": 1, "string-utf8": 4}


class Measure(msgspec.Struct, frozen=True):
    """Sizes of one value: by its run-time type, of that type itself, and encoded."""

    size: int
    type_size: int
    encoded: int

    def least(self, other: "Measure") -> "Measure":
        return Measure(
            min(self.size, other.size),
            min(self.type_size, other.type_size),
            min(self.encoded, other.encoded),
        )


class Shape(msgspec.Struct, frozen=True, eq=False):
    """Values between `low` and `high`.

    `shortest` and `longest` bound the length of a sequence and the number of fields of a tuple.
    `parts` and `names` are as in `ValueType`, with all the fields there may be. `is_mixed`: some
    values have fields that others have not, and would lose them in a list.
    """

    kind: str
    low: Measure
    high: Measure
    shortest: int = 0
    longest: int = 0
    parts: "tuple[Shape, ...]" = ()
    names: tuple[str, ...] = ()
    is_mixed: bool = False

    def field(self, name: str) -> "Shape | None":
        return self.parts[self.names.index(name)] if name in self.names else None


def _exact(kind: str, size: int, encoded: int) -> Shape:
    measure = Measure(size, 1, encoded)
    return Shape(kind, measure, measure)


UNKNOWN: Final = _exact("unknown", 1, 0)
INT: Final = _exact("int", 16, 17)
UINT: Final = _exact("uint", 16, 17)
BOOL: Final = _exact("bool", 1, 1)
PRINCIPAL: Final = Shape(
    "principal",
    Measure(_PRINCIPAL_SIZE, 1, _PRINCIPAL_BYTES[0]),
    Measure(_PRINCIPAL_SIZE, 1, _PRINCIPAL_BYTES[1]),
)
TRAIT: Final = Shape("callable", PRINCIPAL.low, Measure(_TRAIT_SIZE, 1, _PRINCIPAL_BYTES[1]))
NONE: Final = Shape("optional", Measure(2, 2, 1), Measure(2, 2, 1), parts=(UNKNOWN,))

_SCALARS: Final = {
    "unknown": UNKNOWN,
    "int": INT,
    "uint": UINT,
    "bool": BOOL,
    "principal": PRINCIPAL,
}


def text_shape(kind: str, shortest: int, longest: int) -> Shape:
    """A buffer or string: of so many bytes or characters."""
    each = _BYTES_OF_A_CHARACTER[kind]
    size = 4 if kind == "string-utf8" else 1
    low = Measure(4 + size * shortest, 5, 5 + shortest)
    return Shape(kind, low, Measure(4 + size * longest, 5, 5 + each * longest), shortest, longest)


def list_shape(shortest: int, longest: int, item: Shape) -> Shape:
    """A list of so many items. An empty one may know nothing of their type."""
    least = UNKNOWN.low if item.is_mixed or not shortest else item.low
    type_low = 5 + least.type_size
    low = Measure(type_low + shortest * least.size, type_low, 5 + shortest * least.encoded)
    return _raised(Shape("list", low, low, shortest, longest, (item,)))


def tuple_shape(fields: Sequence[tuple[str, Shape]]) -> Shape:
    """A tuple of just these fields, in any order."""
    ordered = sorted(fields, key=lambda field: field[0])
    names = tuple([name for name, _ in ordered])
    parts = tuple([part for _, part in ordered])
    low = _tuple_measure(names, [part.low for part in parts])
    return _raised(Shape("tuple", low, low, len(names), len(names), parts, names))


def some_shape(inner: Shape) -> Shape:
    """`(some inner)`, which is not `none`."""
    low = Measure(1 + inner.low.size, 1 + inner.low.type_size, 1 + inner.low.encoded)
    return _raised(Shape("optional", low, low, parts=(inner,)))


def response_shape(ok: Shape, err: Shape) -> Shape:
    """`(ok …)` or `(err …)`; a side that is `UNKNOWN` does not come."""
    sides = [side for side in (ok, err) if side.kind != "unknown"] or [UNKNOWN]
    low = Measure(
        1 + min(side.low.size for side in sides),
        2 + min(side.low.type_size for side in sides),
        1 + min(side.low.encoded for side in sides),
    )
    return _raised(Shape("response", low, low, parts=(ok, err)))


def shape_of_type(declared: ValueType) -> Shape:
    """Any value of a type."""
    kind = declared.kind
    scalar = _SCALARS.get(kind)
    if scalar is not None:
        return scalar
    if kind in _BYTES_OF_A_CHARACTER:
        return text_shape(kind, 0, declared.length)
    if kind in ("callable", "union"):
        return PRINCIPAL if first_trait(declared) is None else TRAIT
    parts = [shape_of_type(part) for part in declared.parts]
    if kind == "list":
        return list_shape(0, declared.length, parts[0])
    if kind == "tuple":
        return tuple_shape(list(zip(declared.names, parts)))
    if kind == "response":
        return response_shape(parts[0], parts[1])
    return join(NONE, some_shape(parts[0])) if parts[0].kind != "unknown" else NONE


def shape_of_literal(value: Value) -> Shape:
    """A value written in the source."""
    found = type_of(value)
    if found.kind in _BYTES_OF_A_CHARACTER:
        return text_shape(found.kind, found.length, found.length)
    if isinstance(value, ContractPrincipal):
        measure = Measure(_PRINCIPAL_SIZE, 1, 23 + len(value.name))
        return Shape("principal", measure, measure)
    return shape_of_type(found)


def join(a: Shape, b: Shape) -> Shape:
    """One or the other. Also the common type of both, where a list is made of them."""
    if a is b or b.kind == "unknown":
        return a
    if a.kind == "unknown":
        return b
    if a.kind != b.kind:
        assert {a.kind, b.kind} == {"principal", "callable"}, "analysis lets nothing else meet"
        return TRAIT if TRAIT.high.size in (a.high.size, b.high.size) else PRINCIPAL
    low = a.low.least(b.low)
    shortest, longest = min(a.shortest, b.shortest), max(a.longest, b.longest)
    names, parts = a.names, _join_parts(a, b)
    if a.names != b.names:
        names = tuple(sorted({*a.names, *b.names}))
        longest = len(names)
    if not parts:
        high = a.high if a.high.size > b.high.size else b.high
        high = msgspec.structs.replace(high, encoded=max(a.high.encoded, b.high.encoded))
        return Shape(a.kind, low, high, shortest, longest)
    is_mixed = a.names != b.names
    return _raised(Shape(a.kind, low, low, shortest, longest, parts, names, is_mixed))


def _join_parts(a: Shape, b: Shape) -> tuple[Shape, ...]:
    if a.names == b.names:
        return tuple([join(x, y) for x, y in zip(a.parts, b.parts)])
    fields = dict(zip(a.names, a.parts))
    for name, part in zip(b.names, b.parts):
        fields[name] = join(fields[name], part) if name in fields else part
    return tuple([fields[name] for name in sorted(fields)])


def _tuple_measure(names: tuple[str, ...], parts: Sequence[Measure]) -> Measure:
    letters = sum(map(len, names))
    overhead = 2 * len(names) + letters
    type_size = overhead + sum([part.type_size for part in parts])
    encoded = 5 + len(names) + letters + sum([part.encoded for part in parts])
    return Measure(overhead + type_size + sum([part.size for part in parts]), type_size, encoded)


def _raised(shape: Shape) -> Shape:
    """The shape with the upper bounds that follow from its parts."""
    highs = [part.high for part in shape.parts]
    first = highs[0]
    match shape.kind:
        case "list":
            type_size = 5 + first.type_size
            size = type_size + shape.longest * first.size
            high = Measure(size, type_size, 5 + shape.longest * first.encoded)
        case "tuple":
            high = _tuple_measure(shape.names, highs)
        case "optional":
            high = Measure(1 + first.size, 1 + first.type_size, 1 + first.encoded)
        case _:
            ok, err = highs
            high = Measure(
                1 + max(ok.size, err.size),
                1 + ok.type_size + err.type_size,
                1 + max(ok.encoded, err.encoded),
            )
    if high.size > SIZE_MAX:
        high = msgspec.structs.replace(high, size=SIZE_MAX)
    is_mixed = shape.is_mixed or any(part.is_mixed for part in shape.parts)
    return msgspec.structs.replace(shape, high=high, is_mixed=is_mixed)


__all__ = [
    "BOOL", "INT", "NONE", "PRINCIPAL", "SIZE_MAX", "TRAIT", "UINT", "UNKNOWN", "Measure", "Shape",
    "join", "list_shape", "response_shape", "shape_of_literal", "shape_of_type", "some_shape",
    "text_shape", "tuple_shape",
]  # fmt: skip
