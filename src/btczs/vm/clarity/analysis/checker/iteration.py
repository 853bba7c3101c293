"""`map`, `filter`, `fold`: forms that take a function by its name.

The function is one of the contract, or a native that is a function in the narrow sense. It is
compared with the types of the items, not with expressions, so contracts are not cast to traits.
"""

from typing import TYPE_CHECKING

from btczs.codec.clarity.errors import UntypedValue
from btczs.codec.clarity.types import BOOL, ValueType, list_type
from btczs.vm.clarity.analysis import errors
from btczs.vm.clarity.analysis.checker.arguments import at_least, exactly, name_in
from btczs.vm.clarity.analysis.checker.sequences import U32_MAX, item_type
from btczs.vm.clarity.analysis.checker.signatures import Fixed, Signature
from btczs.vm.clarity.reader.syntax import Expr, Form

if TYPE_CHECKING:
    from btczs.vm.clarity.analysis.checker.checker import TypeChecker


def check_map(checker: "TypeChecker", form: Form) -> ValueType:
    """`(map function sequence...)`: as many results as the shortest sequence has items."""
    args = at_least(form, 2)
    function = _function(checker, args[0])
    checker.charges.step("analysis_iterable_func", len(args))
    shortest = U32_MAX
    items: list[ValueType] = []
    for arg in args[1:]:
        sequence = checker.check(arg)
        items.append(item_type(sequence, arg))
        shortest = min(shortest, sequence.length)
    result = function.judge(checker.charges, items, args[1:], form.span)
    checker.types[args[0].id] = result
    try:
        return list_type(shortest, result)
    except UntypedValue as error:
        raise errors.ConstructedListTooLarge(span=form.span) from error


def check_filter(checker: "TypeChecker", form: Form) -> ValueType:
    """`(filter function sequence)`"""
    name, arg = exactly(form, 2)
    function = _function(checker, name)
    checker.charges.step("analysis_iterable_func")
    sequence = checker.check(arg)
    item = item_type(sequence, arg)
    result = function.apply(checker.charges, (item,), (arg,), form.span)
    if result.kind != "bool":
        raise errors.TypeError(BOOL, result, span=name.span)
    checker.types[name.id] = result
    return sequence


def check_fold(checker: "TypeChecker", form: Form) -> ValueType:
    """`(fold function sequence initial)`: the function takes an item and the result so far."""
    name, arg, initial = exactly(form, 3)
    function = _function(checker, name)
    checker.charges.step("analysis_iterable_func")
    item = item_type(checker.check(arg), arg)
    start = checker.check(initial)
    first = function.apply(checker.charges, (item, start), (arg, initial), form.span)
    again = function.apply(checker.charges, (item, first), (arg, name), form.span)
    checker.types[name.id] = again
    return again


def _function(checker: "TypeChecker", expr: Expr) -> Signature:
    """The function that `expr` names. Raises `IllegalOrUnknownFunctionApplication`."""
    name = name_in(expr, errors.NonFunctionApplication)
    checker.charges.step("analysis_lookup_function")
    native = checker.natives.get(name)
    if isinstance(native, Signature):
        return native
    function = None if native is not None else checker.names.function(name)
    if function is None:
        raise errors.IllegalOrUnknownFunctionApplication(name, span=expr.span)
    return Fixed(function.method.parameters, function.returns)
