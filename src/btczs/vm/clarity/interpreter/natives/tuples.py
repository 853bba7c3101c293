"""Tuples: making, reading and merging them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from btczs.codec.clarity.errors import UntypedValue
from btczs.codec.clarity.types import tuple_type
from btczs.codec.clarity.values import NoneValue, SomeValue, TupleValue, Value
from btczs.vm.clarity.interpreter.natives.registry import native, special
from btczs.vm.clarity.reader.syntax import Atom, Expr, Form
from btczs.vm.clarity.runtime.consensus_buffers import serialized_sizes
from btczs.vm.clarity.runtime.errors import (
    Unreachable,
    check_argument_count,
    check_arguments_at_least,
    shown,
)
from btczs.vm.clarity.runtime.typing import as_runtime_error, make_tuple, type_of
from btczs.vm.clarity.runtime.values import TypedTuple

if TYPE_CHECKING:
    from btczs.vm.clarity.interpreter.environment import Environment


@special("tuple")
def tuple_(args: Sequence[Expr], env: "Environment") -> Value:
    check_arguments_at_least(1, args)
    fields: list[tuple[str, Value]] = []
    for pair in args:
        if not isinstance(pair, Form) or len(pair.items) != 2:
            raise Unreachable("a field is a name and a value", pair.span)
        name, expr = pair.items
        if not isinstance(name, Atom):
            raise Unreachable("a field begins with its name", name.span)
        fields.append((name.name, env.eval(expr)))
    env.charge("tuple_cons", len(fields))
    return make_tuple(fields)


@special("get")
def get(args: Sequence[Expr], env: "Environment") -> Value:
    """A field of a tuple; of an optional tuple, the optional field."""
    check_argument_count(2, args)
    name = args[0]
    if not isinstance(name, Atom):
        raise Unreachable("get needs the name of a field", name.span)
    value = env.eval(args[1])
    if isinstance(value, TupleValue):
        return _field(value, name, env)
    if isinstance(value, SomeValue) and isinstance(value.value, TupleValue):
        return SomeValue(_field(value.value, name, env))
    if isinstance(value, NoneValue):
        return value
    raise Unreachable(f"expected a tuple, found {shown(value)}")


def _field(value: TupleValue, name: Atom, env: "Environment") -> Value:
    env.charge("tuple_get", len(value.fields))
    found = value.get(name.name)
    if found is None:
        raise Unreachable(f"the tuple has no field {name.name}", name.span)
    return found


@native("merge", cost="tuple_merge", input=serialized_sizes, arity=2)
def merge(args: list[Value]) -> Value:
    """All fields of both; where both have one, that of the second. Types follow the values."""
    for value in args:
        if not isinstance(value, TupleValue):
            raise Unreachable(f"expected a tuple, found {shown(value)}")
    base, update = args
    assert isinstance(base, TupleValue)
    assert isinstance(update, TupleValue)
    base_type, update_type = type_of(base), type_of(update)
    values = dict(base.fields) | dict(update.fields)
    types = dict(zip(base_type.names, base_type.parts))
    types |= dict(zip(update_type.names, update_type.parts))
    names = tuple(sorted(types))
    try:
        merged = tuple_type(names, tuple([types[name] for name in names]))
    except UntypedValue as error:
        raise as_runtime_error(error) from error
    return TypedTuple(tuple([(name, values[name]) for name in names]), merged)
