"""Lists, buffers and strings: making, measuring, searching and changing them.

A list keeps the type it was made with. `append` makes it one longer, `concat` adds both maxima,
`as-max-len?` lowers the maximum, `filter` and `replace-at?` leave it; `list`, `map` and `slice?`
take the narrowest type of what they make.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from btczs.codec.clarity.types import UINT, ValueType, ascii_type, buffer_type, utf8_type
from btczs.codec.clarity.values import (
    NONE,
    AsciiValue,
    BufferValue,
    ListValue,
    SomeValue,
    UIntValue,
    Utf8Value,
    Value,
)
from btczs.vm.clarity.errors import ClarityError
from btczs.vm.clarity.interpreter.natives.registry import native, special
from btczs.vm.clarity.reader.syntax import Expr, Literal
from btczs.vm.clarity.runtime.consensus_buffers import serialized_sizes
from btczs.vm.clarity.runtime.equality import index_of_equal
from btczs.vm.clarity.runtime.errors import (
    TypeError,
    TypeValueError,
    Unreachable,
    check_argument_count,
    check_arguments_at_least,
    shown,
)
from btczs.vm.clarity.runtime.typing import (
    admits,
    fit_items,
    known_or_common,
    least_supertype,
    make_list,
    make_list_type,
    make_some,
    size_of,
    type_of,
)
from btczs.vm.clarity.runtime.values import TypedList

if TYPE_CHECKING:
    from btczs.vm.clarity.interpreter.environment import Environment

SequenceValue = ListValue | BufferValue | AsciiValue | Utf8Value
SEQUENCES: Final = (ListValue, BufferValue, AsciiValue, Utf8Value)

_UNIT_TYPES: Final[dict[type, ValueType]] = {
    BufferValue: buffer_type(1),
    AsciiValue: ascii_type(1),
    Utf8Value: utf8_type(1),
}
_BYTES: Final = tuple(BufferValue(bytes((i,))) for i in range(256))
_INDEX_LIMIT: Final = 1 << 64


def sequence(value: Value) -> SequenceValue:
    """`value`, which must be a sequence. Raises `Unreachable`."""
    if not isinstance(value, SEQUENCES):
        raise Unreachable(f"expected a sequence, found {shown(value)}")
    return value


def length_of(value: SequenceValue) -> int:
    if isinstance(value, ListValue):
        return len(value.items)
    return len(value.data) if isinstance(value, BufferValue) else len(value.text)


def items_of(value: SequenceValue) -> Sequence[Value]:
    """The elements as values: of buffers and strings, those of length 1."""
    if isinstance(value, ListValue):
        return value.items
    if isinstance(value, BufferValue):
        return [_BYTES[byte] for byte in value.data]
    return [value.__class__(character) for character in value.text]


def item_type_of(value: SequenceValue) -> ValueType:
    """The type of the elements."""
    return _UNIT_TYPES.get(value.__class__) or type_of(value).parts[0]


@special("list")
def list_(args: Sequence[Expr], env: "Environment") -> Value:
    items = [env.eval(arg) for arg in args]
    env.charge("list_cons", sum(map(size_of, items)))
    return make_list(items)


@native("len", cost="len", arity=1)
def len_(args: list[Value]) -> Value:
    return UIntValue(length_of(sequence(args[0])))


@native("element-at", "element-at?", cost="element_at", arity=2)
def element_at(args: list[Value]) -> Value:
    value, index = sequence(args[0]), args[1]
    if not isinstance(index, UIntValue):
        raise TypeValueError.of(UINT, index)
    at = index.value
    if at >= length_of(value):
        return NONE
    if isinstance(value, ListValue):
        return make_some(value.items[at])
    if isinstance(value, BufferValue):
        return SomeValue(_BYTES[value.data[at]])
    return SomeValue(value.__class__(value.text[at]))


@native("index-of", "index-of?", cost="index_of", input=serialized_sizes, arity=2)
def index_of(args: list[Value]) -> Value:
    value, wanted = sequence(args[0]), args[1]
    if isinstance(value, ListValue):
        index = index_of_equal(value.items, wanted)
        return NONE if index is None else SomeValue(UIntValue(index))
    if value.__class__ is not wanted.__class__:
        raise TypeValueError.of(_UNIT_TYPES[value.__class__], wanted)
    if isinstance(value, BufferValue) and isinstance(wanted, BufferValue):
        found = value.data.find(wanted.data) if len(wanted.data) == 1 else -1
    else:
        assert isinstance(value, (AsciiValue, Utf8Value))
        assert isinstance(wanted, (AsciiValue, Utf8Value))
        found = value.text.find(wanted.text) if len(wanted.text) == 1 else -1
    return NONE if found < 0 else SomeValue(UIntValue(found))


@special("append")
def append(args: Sequence[Expr], env: "Environment") -> Value:
    check_argument_count(2, args)
    value = env.eval(args[0])
    if not isinstance(value, ListValue):
        raise Unreachable(f"append needs a list, found {shown(value)}")
    item, borrowed = env.eval_ref(args[1])
    list_type, item_type = type_of(value), type_of(item)
    old_type = list_type.parts[0]
    env.charge("append", max(old_type.size, item_type.size))
    item = env.own(item, borrowed)
    if old_type.kind == "unknown":
        return make_list([item])
    common = old_type if item_type == old_type else least_supertype(old_type, item_type)
    fitted = fit_items(common, (item,))
    made_type = make_list_type(list_type.length + 1, common)
    return TypedList((*value.items, *fitted), made_type)


@special("concat")
def concat(args: Sequence[Expr], env: "Environment") -> Value:
    check_arguments_at_least(2, args)
    values: list[SequenceValue] = []
    total = 0
    for arg in args:
        value = env.eval(arg)
        if not isinstance(value, SEQUENCES):
            env.charge("concat", 1)
        values.append(sequence(value))
        total += length_of(values[-1])
    env.charge("concat", total)
    first = values[0]
    for value in values:
        if _kind(value) is not _kind(first):
            found, wanted = type_of(value), type_of(first)
            message = f"concat of {wanted.kind} and {found.kind}"
            raise TypeError(message, expected=wanted, actual=found)
    if isinstance(first, ListValue):
        return _concat_lists(values)
    if isinstance(first, BufferValue):
        return BufferValue(b"".join([v.data for v in values if isinstance(v, BufferValue)]))
    texts = [v.text for v in values if isinstance(v, (AsciiValue, Utf8Value))]
    return first.__class__("".join(texts))


def _kind(value: SequenceValue) -> type:
    return ListValue if isinstance(value, ListValue) else value.__class__


def _concat_lists(values: Sequence[SequenceValue]) -> TypedList:
    """One after the other, as if each step made a list of its own."""
    made_type = type_of(values[0])
    items = list(items_of(values[0]))
    for value in values[1:]:
        other_type = type_of(value)
        item_type = known_or_common(made_type.parts[0], other_type.parts[0])
        items += fit_items(item_type, items_of(value))
        made_type = make_list_type(made_type.length + other_type.length, item_type)
    return TypedList(tuple(items), made_type)


@special("as-max-len?")
def as_max_len(args: Sequence[Expr], env: "Environment") -> Value:
    check_argument_count(2, args)
    value = env.eval(args[0])
    env.charge("as_max_len")
    limit = args[1]
    if not isinstance(limit, Literal) or not isinstance(limit.value, UIntValue):
        found = type_of(env.eval_ref(limit)[0])
        message = f"as-max-len? needs a uint written in the source, found {found.kind}"
        raise TypeError(message, expected=UINT, actual=found)
    length = limit.value.value
    if length_of(sequence(value)) > length:
        return NONE
    if isinstance(value, ListValue):
        list_type = type_of(value)
        if length <= list_type.length:
            value = TypedList(value.items, make_list_type(length, list_type.parts[0]))
    return make_some(value)


@special("slice?")
def slice_(args: Sequence[Expr], env: "Environment") -> Value:
    check_argument_count(3, args)
    value = env.eval(args[0])
    left, _ = env.eval_ref(args[1])
    right, _ = env.eval_ref(args[2])
    try:
        return _slice(value, left, right, env)
    except ClarityError:
        env.charge("slice")
        raise


def _slice(value: Value, left: Value, right: Value, env: "Environment") -> Value:
    if (
        not isinstance(value, SEQUENCES)
        or not isinstance(left, UIntValue)
        or not isinstance(right, UIntValue)
    ):
        raise Unreachable("slice? needs a sequence and two positions")
    start, end, length = left.value, right.value, length_of(value)
    if start >= length or end > length or end < start:
        return NONE
    env.charge("slice", (end - start) * item_type_of(value).size)
    if isinstance(value, ListValue):
        return make_some(make_list(value.items[start:end]))
    if isinstance(value, BufferValue):
        return make_some(BufferValue(value.data[start:end]))
    return make_some(value.__class__(value.text[start:end]))


@special("replace-at?")
def replace_at(args: Sequence[Expr], env: "Environment") -> Value:
    check_argument_count(3, args)
    value, borrowed = env.eval_ref(args[0])
    env.charge("replace_at", size_of(value))
    item_type = item_type_of(sequence(value))
    index, _ = env.eval_ref(args[1])
    item, item_borrowed = env.eval_ref(args[2])
    if item_type.kind != "unknown" and not admits(item_type, item):
        raise TypeValueError.of(item_type, item)
    if not isinstance(index, UIntValue):
        raise TypeValueError.of(UINT, index)
    at = index.value
    if at >= _INDEX_LIMIT:
        return NONE
    value = sequence(env.own(value, borrowed))
    if at >= length_of(value):
        return NONE
    item = env.own(item, item_borrowed)
    return make_some(_replaced(value, at, item))


def _replaced(value: SequenceValue, at: int, item: Value) -> Value:
    if isinstance(value, ListValue):
        items = (*value.items[:at], item, *value.items[at + 1 :])
        return TypedList(items, type_of(value))
    if length_of(sequence(item)) != 1:
        raise Unreachable("an element of a buffer or string has the length 1")
    if isinstance(value, BufferValue):
        assert isinstance(item, BufferValue)
        return BufferValue(value.data[:at] + item.data + value.data[at + 1 :])
    assert isinstance(item, (AsciiValue, Utf8Value))
    return value.__class__(value.text[:at] + item.text + value.text[at + 1 :])
