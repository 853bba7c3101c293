"""Lists, buffers and strings: making them, and what works on each kind of them.

Items of a buffer or a string are sequences of length one.
"""

from typing import TYPE_CHECKING, Final

from btczs.codec.clarity.errors import UntypedValue
from btczs.codec.clarity.types import (
    UINT,
    VALUE_SIZE_MAX,
    ValueType,
    ascii_type,
    buffer_type,
    list_type,
    optional_type,
    utf8_type,
)
from btczs.codec.clarity.values import UIntValue
from btczs.vm.clarity.analysis import errors
from btczs.vm.clarity.analysis.checker.arguments import at_least, exactly
from btczs.vm.clarity.analysis.checker.common import Common
from btczs.vm.clarity.reader.syntax import Expr, Form, Literal
from btczs.vm.clarity.types.supertype import EMPTY_LIST, least_supertype

if TYPE_CHECKING:
    from btczs.vm.clarity.analysis.checker.checker import TypeChecker

U32_MAX: Final = 2**32 - 1

_STRINGS: Final = {
    "buff": buffer_type,
    "string-ascii": ascii_type,
    "string-utf8": utf8_type,
}
_UNITS: Final = {kind: make(1) for kind, make in _STRINGS.items()}


def item_type(sequence: ValueType, at: Expr) -> ValueType:
    """The type of what a sequence holds. Raises `ExpectedSequence`."""
    if sequence.kind == "list":
        return sequence.parts[0]
    unit = _UNITS.get(sequence.kind)
    if unit is None:
        raise errors.ExpectedSequence(sequence, span=at.span)
    return unit


def of_length(sequence: ValueType, length: int) -> ValueType:
    """A sequence of the same kind with another greatest length. Raises `UntypedValue`."""
    if sequence.kind == "list":
        return list_type(length, sequence.parts[0])
    return _STRINGS[sequence.kind](length)


def check_list(checker: "TypeChecker", form: Form) -> ValueType:
    """`(list item...)`. When the items so far are too large for a value, the rest is still checked."""
    args = form.items[1:]
    common = Common(checker.unions)
    found = [checker.check(arg) for arg in args]
    for item in found:
        checker.charges.step("analysis_list_items_check", item.type_size)
    if sum([item.size for item in found]) > VALUE_SIZE_MAX:
        raise errors.ValueTooLarge(span=form.span)
    for item, arg in zip(found, args):
        try:
            common.add(item)
        except UntypedValue as error:
            raise errors.static_error(error, arg.span) from error
    shared = common.result()
    return EMPTY_LIST if shared is None else list_type(len(found), shared)


def check_append(checker: "TypeChecker", form: Form) -> ValueType:
    """`(append list item)`"""
    onto, item = exactly(form, 2)
    checker.charges.step("analysis_iterable_func")
    base = checker.check(onto)
    if base.kind != "list":
        raise errors.ExpectedListApplication(span=onto.span)
    added = checker.check(item)
    held = base.parts[0]
    checker.charges.type_check(held, added)
    shared = least_supertype(held, added, checker.unions)
    return list_type(_length(base.length + 1, form), shared)


def check_concat(checker: "TypeChecker", form: Form) -> ValueType:
    """`(concat a b)`; from Clarity 6 on, of two or more."""
    args = at_least(form, 2) if checker.version >= 6 else exactly(form, 2)
    joined = checker.check(args[0])
    second = checker.check(args[1])
    checker.charges.step("analysis_iterable_func")
    checker.charges.type_check(joined, second)
    joined = _join(checker, joined, second, form, args[1])
    for arg in args[2:]:
        found = checker.check(arg)
        checker.charges.type_check(joined, found)
        joined = _join(checker, joined, found, form, arg)
    return joined


def _join(
    checker: "TypeChecker", left: ValueType, right: ValueType, form: Form, at: Expr
) -> ValueType:
    for side in (left, right):
        if side.kind != "list" and side.kind not in _STRINGS:
            raise errors.ExpectedSequence(left, span=form.span)
    if left.kind != right.kind:
        raise errors.TypeError(left, right, span=at.span)
    length = left.length + right.length
    if left.kind == "list":
        shared = least_supertype(left.parts[0], right.parts[0], checker.unions)
        return list_type(_length(length, form), shared)
    return of_length(left, _length(length, form))


def _length(length: int, form: Form) -> int:
    if length > U32_MAX:
        raise errors.MaxLengthOverflow(span=form.span)
    return length


def check_as_max_len(checker: "TypeChecker", form: Form) -> ValueType:
    """`(as-max-len? sequence length)`: the length is a literal, for it becomes part of the type."""
    sequence, length = exactly(form, 2)
    if not (isinstance(length, Literal) and isinstance(length.value, UIntValue)):
        raise errors.TypeError(UINT, checker.check(length), span=length.span)
    checker.charges.annotate(UINT)
    checker.types[length.id] = UINT
    wanted = length.value.value
    if wanted > U32_MAX:
        raise errors.MaxLengthOverflow(span=length.span)
    found = checker.check(sequence)
    checker.charges.step("analysis_iterable_func")
    item_type(found, sequence)
    inner = of_length(found, wanted)
    # Not `optional_type`: the greatest sequence fits here, though an optional of it would not.
    return ValueType(
        "optional", 0, (inner,), (), 1 + inner.size, 1 + inner.type_size, 1 + inner.depth
    )


def check_len(checker: "TypeChecker", form: Form) -> ValueType:
    """`(len sequence)`"""
    (sequence,) = exactly(form, 1)
    found = checker.check(sequence)
    checker.charges.step("analysis_iterable_func")
    item_type(found, sequence)
    return UINT


def check_element_at(checker: "TypeChecker", form: Form) -> ValueType:
    """`(element-at? sequence index)`: the index is checked first."""
    sequence, index = exactly(form, 2)
    checker.expect(index, UINT)
    found = checker.check(sequence)
    checker.charges.step("analysis_iterable_func")
    return optional_type(item_type(found, sequence))


def check_index_of(checker: "TypeChecker", form: Form) -> ValueType:
    """`(index-of? sequence item)`"""
    sequence, item = exactly(form, 2)
    checker.charges.step("analysis_iterable_func")
    found = checker.check(sequence)
    checker.expect(item, item_type(found, sequence))
    return optional_type(UINT)


def check_slice(checker: "TypeChecker", form: Form) -> ValueType:
    """`(slice? sequence left right)`"""
    sequence, left, right = exactly(form, 3)
    checker.charges.step("analysis_iterable_func")
    found = checker.check(sequence)
    item_type(found, sequence)
    result = optional_type(found)
    checker.expect(left, UINT)
    checker.expect(right, UINT)
    return result


def check_replace_at(checker: "TypeChecker", form: Form) -> ValueType:
    """`(replace-at? sequence index item)`"""
    sequence, index, item = exactly(form, 3)
    checker.charges.step("analysis_iterable_func")
    found = checker.check(sequence)
    held = item_type(found, sequence)
    checker.expect(index, UINT)
    checker.expect(item, held)
    return optional_type(found)
