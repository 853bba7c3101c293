"""Types of values: sizes of the reference, least supertypes, refusals."""

import msgspec
import pytest
from clarity_strategies import values
from hypothesis import given

from btczs.codec.clarity import InvalidClarityValue, decode_value, encode_value
from btczs.codec.clarity.errors import TypeTooDeep, UntypedValue, ValueTooLarge
from btczs.codec.clarity.types import (
    BOOL,
    INT,
    PRINCIPAL,
    UINT,
    UNKNOWN,
    ValueType,
    infer_type,
    least_supertype,
    list_type,
    optional_type,
    response_type,
    tuple_type,
)
from btczs.codec.clarity.values import (
    NONE,
    TRUE,
    AsciiValue,
    BufferValue,
    ContractPrincipal,
    ErrValue,
    IntValue,
    ListValue,
    OkValue,
    SomeValue,
    StandardPrincipal,
    TupleValue,
    UIntValue,
    Utf8Value,
    Value,
    make_tuple,
)
from btczs.primitives import Hash20

HASH = Hash20(bytes(20))

SIZES: list[tuple[Value, int, int]] = [
    (IntValue(5), 16, 1),
    (UIntValue(5), 16, 1),
    (TRUE, 1, 1),
    (StandardPrincipal(22, HASH), 148, 1),
    (ContractPrincipal(22, HASH, "a"), 148, 1),
    (BufferValue(b"abc"), 7, 5),
    (AsciiValue("abc"), 7, 5),
    (Utf8Value("aé🦊"), 16, 5),
    (NONE, 2, 2),
    (SomeValue(IntValue(1)), 17, 2),
    (OkValue(IntValue(1)), 17, 3),
    (ErrValue(TRUE), 2, 3),
    (ListValue((IntValue(1), IntValue(2))), 2 * 16 + 6, 6),
    (ListValue(()), 6, 6),
    # 2 fields, names of 1 and 2 bytes: overhead 7, types 2, values 32
    (make_tuple(a=IntValue(1), bb=UIntValue(1)), 7 + 32 + 9, 9),
]


@pytest.mark.parametrize(("value", "size", "type_size"), SIZES)
def test_sizes(value: Value, size: int, type_size: int) -> None:
    found = infer_type(value)
    assert (found.size, found.type_size) == (size, type_size)


def test_a_list_has_the_type_that_admits_all_items() -> None:
    value = ListValue(
        (OkValue(BufferValue(b"a")), ErrValue(TRUE), OkValue(BufferValue(b"abc")), ErrValue(TRUE))
    )
    found = infer_type(value)
    buffer = infer_type(BufferValue(b"abc"))
    assert found == list_type(4, response_type(buffer, BOOL))


def test_nested_empty_lists_take_the_type_of_the_others() -> None:
    empty, full = ListValue(()), ListValue((UIntValue(1), UIntValue(2)))
    for items in ((empty, full), (full, empty)):
        assert infer_type(ListValue(items)) == list_type(2, list_type(2, UINT))


@given(values)
def test_a_type_is_its_own_supertype_and_unknown_changes_nothing(value: Value) -> None:
    found = infer_type(value)
    assert least_supertype(found, infer_type(value)) == found
    assert least_supertype(found, UNKNOWN) == found
    assert least_supertype(UNKNOWN, found) == found


@given(values, values)
def test_the_supertype_does_not_depend_on_the_order(a: Value, b: Value) -> None:
    """But for tuples, where the first one says which fields there are."""
    found = []
    for x, y in ((infer_type(a), infer_type(b)), (infer_type(b), infer_type(a))):
        try:
            both = least_supertype(x, y)
        except UntypedValue:
            continue
        assert both.size >= x.size
        assert least_supertype(both, x) == least_supertype(both, y) == both
        found.append(both)
    assert len(set(found)) <= 1


def test_of_two_tuples_the_fields_of_the_first_count() -> None:
    small, large = make_tuple(a=IntValue(1)), make_tuple(a=IntValue(2), b=TRUE)
    items = ListValue((small, large))
    assert infer_type(items) == list_type(2, infer_type(small))
    assert decode_value(encode_value(items)) == items
    nested = ListValue((SomeValue(ListValue((small,))), SomeValue(ListValue((large, large)))))
    assert infer_type(nested) == list_type(2, optional_type(list_type(2, infer_type(small))))
    for refused in (ListValue((large, small)), ListValue((small, make_tuple(b=TRUE)))):
        with pytest.raises(UntypedValue):
            infer_type(refused)
        with pytest.raises(InvalidClarityValue):
            decode_value(encode_value(refused))


def test_what_is_too_deep_and_too_large_is_too_deep_only_as_a_list_or_tuple() -> None:
    inner = INT
    for _ in range(31):
        inner = optional_type(inner)
    inner = msgspec.structs.replace(inner, size=1_048_576)
    for make in (lambda: list_type(2, inner), lambda: tuple_type(("a",), (inner,))):
        with pytest.raises(TypeTooDeep):
            make()
    for make in (lambda: optional_type(inner), lambda: response_type(inner, INT)):
        with pytest.raises(ValueTooLarge):
            make()


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (INT, UINT),
        (INT, BOOL),
        (PRINCIPAL, infer_type(BufferValue(b""))),
        (infer_type(AsciiValue("")), infer_type(Utf8Value(""))),
        (optional_type(INT), INT),
        (optional_type(INT), optional_type(BOOL)),
        (response_type(INT, INT), response_type(INT, BOOL)),
        (list_type(1, INT), list_type(1, BOOL)),
        (tuple_type(("a",), (INT,)), tuple_type(("b",), (INT,))),
        (tuple_type(("a", "b"), (INT, INT)), tuple_type(("a",), (INT,))),
    ],
)
def test_types_without_a_common_one(a: ValueType, b: ValueType) -> None:
    with pytest.raises(UntypedValue):
        least_supertype(a, b)


def test_the_largest_values() -> None:
    most = 1_048_576
    assert infer_type(BufferValue(bytes(most))).length == most
    with pytest.raises(UntypedValue):
        infer_type(BufferValue(bytes(most + 1)))
    infer_type(SomeValue(BufferValue(bytes(most - 5))))
    with pytest.raises(UntypedValue):
        infer_type(SomeValue(BufferValue(bytes(most - 4))))
    list_type((most - 6) // 148, PRINCIPAL)
    with pytest.raises(UntypedValue):
        list_type((most - 6) // 148 + 1, PRINCIPAL)


def test_a_tuple_without_fields_has_no_type() -> None:
    with pytest.raises(UntypedValue):
        infer_type(TupleValue(()))


def test_types_nest_at_most_32_levels() -> None:
    found = INT
    for _ in range(31):
        found = optional_type(found)
    assert found.depth == 32
    with pytest.raises(UntypedValue):
        optional_type(found)
