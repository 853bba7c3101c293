"""Values that a solver reasons about: integers and truths as terms, compounds of them as Python.

Integers are mathematical integers; what 128 bits cannot hold is an abort, which `symbolic` states
where it can happen. So terms stay linear wherever the program is.
"""

import importlib
from typing import Any, Final, Literal, TypeAlias

import msgspec

from btczs.codec.clarity.types import ValueType
from btczs.codec.clarity.values import (
    BoolValue,
    ErrValue,
    IntValue,
    ListValue,
    NoneValue,
    OkValue,
    SomeValue,
    TupleValue,
    UIntValue,
    Value,
)

BOUNDS: Final = {"uint": (0, 2**128 - 1), "int": (-(2**127), 2**127 - 1)}


class NotInSubset(Exception):
    """The rule uses what cannot be translated; the text says what."""


def solver() -> Any:
    """The module `z3`, which is loaded only where it is needed and has no types."""
    return importlib.import_module("z3")


class Number(msgspec.Struct, frozen=True, eq=False):
    kind: Literal["int", "uint"]
    term: Any


class Truth(msgspec.Struct, frozen=True, eq=False):
    term: Any


class Maybe(msgspec.Struct, frozen=True, eq=False):
    """`inner` is None where no value is ever inside."""

    is_some: Any
    inner: "Symbol | None"


class Reply(msgspec.Struct, frozen=True, eq=False):
    """A response; a side is None where it is never taken."""

    is_ok: Any
    ok: "Symbol | None"
    err: "Symbol | None"


class Fields(msgspec.Struct, frozen=True, eq=False):
    fields: "dict[str, Symbol]"


class Items(msgspec.Struct, frozen=True, eq=False):
    """A list of known length."""

    items: "tuple[Symbol, ...]"


Symbol: TypeAlias = Number | Truth | Maybe | Reply | Fields | Items


def literal_symbol(value: Value) -> Symbol:
    """A known value. Raises `NotInSubset`."""
    z3 = solver()
    match value:
        case IntValue(number):
            return Number("int", z3.IntVal(number))
        case UIntValue(number):
            return Number("uint", z3.IntVal(number))
        case BoolValue(truth):
            return Truth(z3.BoolVal(truth))
        case NoneValue():
            return Maybe(z3.BoolVal(False), None)
        case SomeValue(inner):
            return Maybe(z3.BoolVal(True), literal_symbol(inner))
        case OkValue(inner):
            return Reply(z3.BoolVal(True), literal_symbol(inner), None)
        case ErrValue(inner):
            return Reply(z3.BoolVal(False), None, literal_symbol(inner))
        case TupleValue(fields):
            return Fields({name: literal_symbol(inner) for name, inner in fields})
        case ListValue(items):
            return Items(tuple([literal_symbol(item) for item in items]))
        case _:
            raise NotInSubset("texts, buffers and principals are not translated")


def free_symbol(name: str, kind: ValueType) -> tuple[Symbol, list[Any]]:
    """Any value of a type, and what is known of it. Raises `NotInSubset`."""
    z3 = solver()
    match kind.kind:
        case "int" | "uint":
            term = z3.Int(name)
            least, most = BOUNDS[kind.kind]
            return Number(kind.kind, term), [term >= least, term <= most]
        case "bool":
            return Truth(z3.Bool(name)), []
        case "optional":
            inner, known = free_symbol(f"{name}.some", kind.parts[0])
            return Maybe(z3.Bool(f"{name}.is-some"), inner), known
        case "response":
            ok, known = free_symbol(f"{name}.ok", kind.parts[0])
            err, more = free_symbol(f"{name}.err", kind.parts[1])
            return Reply(z3.Bool(f"{name}.is-ok"), ok, err), [*known, *more]
        case "tuple":
            fields, known = {}, []
            for field, part in zip(kind.names, kind.parts):
                fields[field], more = free_symbol(f"{name}.{field}", part)
                known += more
            return Fields(fields), known
        case _:
            raise NotInSubset(f"{name} is a {kind.kind}, which is not translated")


def fill(symbol: Symbol, kind: ValueType) -> Symbol:
    """Gives sides that are never taken a value of their declared type; which one does not matter."""
    match symbol:
        case Maybe(is_some, inner) if kind.kind == "optional":
            return Maybe(is_some, _fill_side(inner, kind.parts[0]))
        case Reply(is_ok, ok, err) if kind.kind == "response":
            ok, err = _fill_side(ok, kind.parts[0]), _fill_side(err, kind.parts[1])
            return Reply(is_ok, ok, err)
        case _:
            return symbol


def _fill_side(side: Symbol | None, kind: ValueType) -> Symbol | None:
    if side is not None:
        return fill(side, kind)
    try:
        return free_symbol("never-taken", kind)[0]
    except NotInSubset:
        return None


def concrete_value(symbol: Symbol, model: Any) -> Value:
    """The value that a model of the solver gives to a symbol."""
    z3 = solver()

    def truth(term: Any) -> bool:
        return bool(z3.is_true(model.eval(term, model_completion=True)))

    match symbol:
        case Number(kind, term):
            number = model.eval(term, model_completion=True).as_long()
            return IntValue(number) if kind == "int" else UIntValue(number)
        case Truth(term):
            return BoolValue(truth(term))
        case Maybe(is_some, inner):
            if inner is None or not truth(is_some):
                return NoneValue()
            return SomeValue(concrete_value(inner, model))
        case Reply(is_ok, ok, err):
            is_taken = truth(is_ok)
            side = ok if is_taken else err
            assert side is not None, "a side that is taken has a value"
            inner_value = concrete_value(side, model)
            return OkValue(inner_value) if is_taken else ErrValue(inner_value)
        case Fields(fields):
            return TupleValue(
                tuple(sorted((name, concrete_value(s, model)) for name, s in fields.items()))
            )
        case Items(items):
            return ListValue(tuple([concrete_value(item, model) for item in items]))


def merge(condition: Any, a: Symbol | None, b: Symbol | None) -> Symbol | None:
    """`a` where the condition holds, else `b`. None is a value that is never asked for."""
    if a is None or b is None or a is b:
        return b if a is None else a
    z3 = solver()
    match a, b:
        case Number(kind, x), Number(_, y):
            return Number(kind, z3.If(condition, x, y))
        case Truth(x), Truth(y):
            return Truth(z3.If(condition, x, y))
        case Maybe(x, inner), Maybe(y, other):
            return Maybe(z3.If(condition, x, y), merge(condition, inner, other))
        case Reply(x, ok, err), Reply(y, ok2, err2):
            return Reply(
                z3.If(condition, x, y), merge(condition, ok, ok2), merge(condition, err, err2)
            )
        case Fields(fields), Fields(others):
            merged = {name: merge(condition, fields[name], others[name]) for name in fields}
            return Fields({name: part for name, part in merged.items() if part is not None})
        case Items(items), Items(others2) if len(items) == len(others2):
            pairs = [merge(condition, x, y) for x, y in zip(items, others2)]
            return Items(tuple([part for part in pairs if part is not None]))
    raise NotInSubset("lists of different lengths come together")


def equal(a: Symbol | None, b: Symbol | None) -> Any:
    """Whether two values of one type are equal, as a term."""
    z3 = solver()
    if a is None or b is None:
        return z3.BoolVal(True)  # a side that is never taken cannot tell them apart
    match a, b:
        case Number(_, x), Number(_, y):
            return x == y
        case Truth(x), Truth(y):
            return x == y
        case Maybe(x, inner), Maybe(y, other):
            return z3.And(x == y, z3.Implies(x, equal(inner, other)))
        case Reply(x, ok, err), Reply(y, ok2, err2):
            return z3.And(
                x == y,
                z3.Implies(x, equal(ok, ok2)),
                z3.Implies(z3.Not(x), equal(err, err2)),
            )
        case Fields(fields), Fields(others):
            return z3.And(*[equal(fields[name], others[name]) for name in fields])
        case Items(items), Items(others2):
            if len(items) != len(others2):
                return z3.BoolVal(False)
            return z3.And(*[equal(x, y) for x, y in zip(items, others2)])
    raise NotInSubset("values of different types are compared")
