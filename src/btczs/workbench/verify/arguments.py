"""Arguments that are likely to hurt: boundaries, small numbers, and what was seen in the state."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from btczs.codec.clarity.types import ValueType
from btczs.codec.clarity.values import (
    NONE,
    AsciiValue,
    BoolValue,
    BufferValue,
    ContractPrincipal,
    ErrValue,
    IntValue,
    ListValue,
    OkValue,
    Principal,
    SomeValue,
    StandardPrincipal,
    TupleValue,
    UIntValue,
    Utf8Value,
    Value,
)
from btczs.vm.clarity.reader.syntax import Expr, Form, Literal

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

UINT_MAX: Final = 2**128 - 1
INT_MAX: Final = 2**127 - 1
LENGTH_MAX: Final = 6
"""Items of lists, bytes of buffers: longer ones seldom find more."""
SEEN_MAX: Final = 64
"""Values of one kind that are remembered."""


class Seen:
    """Values that stand in the source or in the state, by kind, each once, in their order."""

    def __init__(self) -> None:
        self._values: dict[str, dict[Value, None]] = {}

    def add(self, value: Value) -> None:
        """The value and all values inside it."""
        pending = [value]
        while pending:
            value = pending.pop()
            match value:
                case OkValue(inner) | ErrValue(inner) | SomeValue(inner):
                    pending.append(inner)
                case ListValue(items):
                    pending.extend(items)
                case TupleValue(fields):
                    pending.extend(inner for _, inner in fields)
            known = self._values.setdefault(_kind(value), {})
            if len(known) < SEEN_MAX:
                known.setdefault(value)

    def add_literals(self, expressions: Iterable[Expr]) -> None:
        """The literals of a source."""
        pending = list(expressions)
        while pending:
            expr = pending.pop()
            if isinstance(expr, Form):
                pending.extend(expr.items)
            elif isinstance(expr, Literal):
                self.add(expr.value)

    def of(self, kind: str) -> list[Value]:
        return list(self._values.get(kind, ()))


def _kind(value: Value) -> str:
    match value:
        case IntValue():
            return "int"
        case UIntValue():
            return "uint"
        case BufferValue():
            return "buff"
        case AsciiValue():
            return "string-ascii"
        case Utf8Value():
            return "string-utf8"
        case StandardPrincipal() | ContractPrincipal():
            return "principal"
        case _:
            return "other"


def draw_value(draw: Any, kind: ValueType, seen: Seen, principals: list[Principal]) -> Value:
    """A value of type `kind`. `draw` takes a strategy of hypothesis and gives an example."""
    from hypothesis import strategies as st

    match kind.kind:
        case "uint":
            return UIntValue(draw(_numbers(seen, "uint", 0, UINT_MAX)))
        case "int":
            return IntValue(draw(_numbers(seen, "int", -INT_MAX - 1, INT_MAX)))
        case "bool":
            return BoolValue(draw(st.booleans()))
        case "principal" | "callable" | "union":
            found = [p for p in seen.of("principal") if p not in principals]
            return draw(st.sampled_from([*principals, *found]))  # type: ignore[no-any-return]
        case "buff" | "string-ascii" | "string-utf8":
            return draw(_texts(seen, kind))  # type: ignore[no-any-return]
        case "optional":
            if not draw(st.booleans()):
                return NONE
            return SomeValue(draw_value(draw, kind.parts[0], seen, principals))
        case "response":
            is_ok = draw(st.booleans())
            inner = draw_value(draw, kind.parts[0 if is_ok else 1], seen, principals)
            return OkValue(inner) if is_ok else ErrValue(inner)
        case "list":
            count = draw(st.integers(0, min(kind.length, LENGTH_MAX)))
            items = [draw_value(draw, kind.parts[0], seen, principals) for _ in range(count)]
            return ListValue(tuple(items))
        case "tuple":
            fields = [
                (name, draw_value(draw, part, seen, principals))
                for name, part in zip(kind.names, kind.parts)
            ]
            return TupleValue(tuple(sorted(fields, key=lambda field: field[0])))
        case _:
            return BoolValue(False)


def _numbers(seen: Seen, kind: str, least: int, most: int) -> "SearchStrategy[int]":
    from hypothesis import strategies as st

    known = {n for value in seen.of(kind) for n in _around(value)}
    known |= {0, 1, 2, 10, 100, 10**6, 2**64, most, most - 1, most // 2, least, -1}
    near = sorted((n for n in known if least <= n <= most), key=lambda n: (abs(n), n))
    ways = [st.integers(max(least, -10), 10), st.sampled_from(near), st.integers(least, most)]
    exact = [value.value for value in seen.of(kind) if isinstance(value, IntValue | UIntValue)]
    if exact:
        ways[1:1] = [st.sampled_from(exact)] * 2
    return st.one_of(ways)


def _around(value: Value) -> tuple[int, ...]:
    number = value.value if isinstance(value, IntValue | UIntValue) else 0
    return number - 1, number, number + 1


def _texts(seen: Seen, kind: ValueType) -> "SearchStrategy[Value]":
    from hypothesis import strategies as st

    longest = min(kind.length, LENGTH_MAX)
    fresh: SearchStrategy[Value]
    if kind.kind == "buff":
        fresh = st.builds(BufferValue, st.one_of(st.binary(max_size=longest), _full(kind.length)))
    elif kind.kind == "string-ascii":
        letters = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=longest)
        fresh = st.builds(AsciiValue, letters)
    else:
        letters = st.text(st.characters(codec="utf-8"), max_size=longest)
        fresh = st.builds(Utf8Value, letters)
    known = [value for value in seen.of(kind.kind) if _length(value) <= kind.length]
    return st.one_of(st.sampled_from(known), fresh) if known else fresh


def _full(length: int) -> "SearchStrategy[bytes]":
    """Buffers are often hashes: all of their length, or nothing, is asked for."""
    from hypothesis import strategies as st

    return st.sampled_from([bytes(length), b"\xff" * length]) if length <= 128 else st.just(b"")


def _length(value: Value) -> int:
    match value:
        case BufferValue(data):
            return len(data)
        case AsciiValue(text) | Utf8Value(text):
            return len(text)
        case _:
            return 0
