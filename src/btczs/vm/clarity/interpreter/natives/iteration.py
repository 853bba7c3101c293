"""`map`, `filter` and `fold`: a function applied to the elements of sequences."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from btczs.codec.clarity.values import AsciiValue, BufferValue, ListValue, Utf8Value, Value
from btczs.vm.clarity.interpreter.natives.logic import truth
from btczs.vm.clarity.interpreter.natives.registry import special
from btczs.vm.clarity.interpreter.natives.sequences import items_of, sequence
from btczs.vm.clarity.reader.syntax import Atom, Expr
from btczs.vm.clarity.runtime.errors import (
    Unreachable,
    check_argument_count,
    check_arguments_at_least,
)
from btczs.vm.clarity.runtime.typing import make_list, type_of
from btczs.vm.clarity.runtime.values import TypedList

if TYPE_CHECKING:
    from btczs.vm.clarity.interpreter.environment import Environment


def _function_name(expr: Expr) -> str:
    if not isinstance(expr, Atom):
        raise Unreachable("expected the name of a function", expr.span)
    return expr.name


@special("map")
def map_(args: Sequence[Expr], env: "Environment") -> Value:
    """Element by element, as far as the shortest sequence goes."""
    check_arguments_at_least(2, args)
    env.charge("map", len(args))
    function = env.lookup_function(_function_name(args[0]))
    rows = [items_of(sequence(env.eval(arg))) for arg in args[1:]]
    return make_list([env.apply(function, list(row)) for row in zip(*rows, strict=False)])


@special("filter")
def filter_(args: Sequence[Expr], env: "Environment") -> Value:
    """The elements that the function says true to; a list keeps its type."""
    check_argument_count(2, args)
    env.charge("filter")
    name = _function_name(args[0])
    value = env.eval(args[1])
    function = env.lookup_function(name)
    value = sequence(value)
    kept = [item for item in items_of(value) if truth(env.apply(function, [item]))]
    if isinstance(value, ListValue):
        return TypedList(tuple(kept), type_of(value))
    if isinstance(value, BufferValue):
        return BufferValue(b"".join([i.data for i in kept if isinstance(i, BufferValue)]))
    texts = [item.text for item in kept if isinstance(item, (AsciiValue, Utf8Value))]
    return value.__class__("".join(texts))


@special("fold")
def fold(args: Sequence[Expr], env: "Environment") -> Value:
    """The function gets an element and what came out of the elements before it."""
    check_argument_count(3, args)
    env.charge("fold")
    function = env.lookup_function(_function_name(args[0]))
    value = env.eval(args[1])
    result = env.eval(args[2])
    for item in items_of(sequence(value)):
        result = env.apply(function, [item, result])
    return result
