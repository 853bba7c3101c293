"""Values with their types: made, sanitised, cast."""

import pytest
from clarity_type_strategies import ALICE, TOKEN, relatives, types, values_of
from hypothesis import given, settings
from hypothesis import strategies as st

from btczs.codec.clarity.decode import decode_value
from btczs.codec.clarity.encode import encode_value
from btczs.codec.clarity.errors import TypeTooDeep, UntypedValue, ValueTooLarge
from btczs.codec.clarity.types import (
    BOOL,
    INT,
    PRINCIPAL,
    TYPE_DEPTH_MAX,
    UINT,
    UNKNOWN,
    TraitIdentifier,
    ValueType,
    buffer_type,
    contract_type,
    infer_type,
    list_type,
    optional_type,
    response_type,
    trait_type,
)
from btczs.codec.clarity.values import (
    NONE,
    TRUE,
    BufferValue,
    ErrValue,
    IntValue,
    ListValue,
    OkValue,
    SomeValue,
    TupleValue,
    UIntValue,
    Value,
)
from btczs.vm.clarity.runtime.values import CallableContract, TypedList, TypedTuple
from btczs.vm.clarity.types import (
    admits,
    implicit_cast,
    least_supertype,
    literal_type_of,
    make_list,
    make_tuple_value,
    sanitize,
    size_of,
    type_of,
    typed_value,
)
from btczs.vm.clarity.types.errors import (
    DuplicateTupleField,
    EmptyTuplesNotAllowed,
    ListTypeMismatch,
    TypeMismatch,
    TypeMismatchValue,
)
from btczs.vm.clarity.types.parse import make_tuple_type
from btczs.vm.clarity.types.sanitize import list_with_type
from btczs.vm.clarity.types.typed import make_err, make_ok, make_some

TRAIT = TraitIdentifier(TOKEN, "transferable")
CALLABLE = CallableContract(TOKEN.version, TOKEN.hash20, TOKEN.name, TRAIT)


def tup(**fields: ValueType) -> ValueType:
    return make_tuple_type(list(fields.items()))


def tup_value(**fields: Value) -> TypedTuple:
    return make_tuple_value(fields.items())


typed = types.flatmap(lambda found: st.tuples(st.just(found), values_of(found)))
wider = types.flatmap(
    lambda found: st.tuples(relatives(found), values_of(found)).map(
        lambda pair: (least_supertype(pair[0], found), pair[1])
    )
)


@settings(deadline=None)
@given(typed)
def test_a_value_of_a_type_is_admitted_and_as_narrow_as_its_bytes(
    pair: tuple[ValueType, Value],
) -> None:
    value_type, value = pair
    assert admits(value_type, value)
    assert type_of(value) == infer_type(typed_bytes(value))
    assert size_of(value) <= value_type.size


def typed_bytes(value: Value) -> Value:
    return decode_value(encode_value(value), depth_max=TYPE_DEPTH_MAX)


@settings(deadline=None)
@given(typed)
def test_values_survive_the_wire(pair: tuple[ValueType, Value]) -> None:
    _, value = pair
    assert typed_value(typed_bytes(value)) == value


@settings(deadline=None)
@given(wider)
def test_sanitising_keeps_what_is_admitted(pair: tuple[ValueType, Value]) -> None:
    value_type, value = pair
    clean = sanitize(value_type, value)
    assert clean is not None
    assert admits(value_type, clean)
    assert encode_value(clean) == encode_value(value)


@settings(deadline=None)
@given(types.flatmap(lambda found: st.tuples(types, values_of(found))))
def test_sanitising_is_idempotent(pair: tuple[ValueType, Value]) -> None:
    value_type, value = pair
    clean = sanitize(value_type, value)
    if clean is None:
        assert not _fits(value_type, value)
    else:
        assert sanitize(value_type, clean) == clean
        assert admits(value_type, clean)


def _fits(value_type: ValueType, value: Value) -> bool:
    try:
        return admits(value_type, value)
    except UntypedValue:
        return False


def test_sanitising_drops_fields_that_are_not_expected() -> None:
    value = tup_value(a=IntValue(1), b=SomeValue(tup_value(c=TRUE, d=NONE)))
    clean = sanitize(tup(b=optional_type(tup(c=BOOL))), value)
    assert clean == tup_value(b=SomeValue(tup_value(c=TRUE)))
    assert sanitize(tup(a=INT, z=INT), value) is None


def test_sanitised_lists_take_the_type_of_their_items() -> None:
    long = TypedList((BufferValue(b"ab"),), list_type(9, buffer_type(7)))
    clean = sanitize(list_type(5, buffer_type(8)), long)
    assert isinstance(clean, TypedList)
    assert clean.type == list_type(1, buffer_type(2))


@pytest.mark.parametrize(
    ("expected", "value"),
    [
        (INT, UIntValue(1)),
        (INT, NONE),
        (INT, TypedList((), list_type(0, UNKNOWN))),
        (INT, tup_value(a=TRUE)),
        (INT, OkValue(TRUE)),
        (INT, ErrValue(TRUE)),
        (INT, SomeValue(TRUE)),
        (UNKNOWN, IntValue(1)),
        (PRINCIPAL, CALLABLE),
        (trait_type(TRAIT), TOKEN),
        (list_type(1, INT), make_list([IntValue(1), IntValue(2)])),
        (list_type(2, INT), make_list([TRUE])),
        (response_type(INT, UNKNOWN), ErrValue(TRUE)),
        (buffer_type(1), BufferValue(b"12")),
    ],
)
def test_what_cannot_be_sanitised(expected: ValueType, value: Value) -> None:
    assert sanitize(expected, value) is None


def test_the_first_tuple_decides_what_a_list_keeps() -> None:
    small, big = tup_value(a=IntValue(1)), tup_value(a=IntValue(2), b=TRUE)
    made = make_list([small, big])
    assert made.items == (small, tup_value(a=IntValue(2)))
    assert made.type == list_type(2, tup(a=INT))
    with pytest.raises(TypeMismatch):
        make_list([big, small])


def test_lists_of_a_given_type() -> None:
    assert list_with_type([IntValue(1)], list_type(4, INT)).type.length == 4
    with pytest.raises(ListTypeMismatch):
        list_with_type([TRUE], list_type(4, INT))
    with pytest.raises(ValueTooLarge):
        list_with_type([TRUE] * 2, list_type(1, BOOL))


def test_wrappers_refuse_what_would_be_too_large_or_too_deep() -> None:
    large = BufferValue(bytes(1_048_572))
    deep: Value = TRUE
    for _ in range(TYPE_DEPTH_MAX - 1):
        deep = make_some(deep)
    for make in (make_some, make_ok, make_err):
        with pytest.raises(ValueTooLarge):
            make(large)
        with pytest.raises(TypeTooDeep):
            make(deep)
        assert size_of(make(BufferValue(bytes(1_048_571)))) == 1_048_576


def test_tuples_have_fields_and_none_twice() -> None:
    with pytest.raises(EmptyTuplesNotAllowed):
        make_tuple_value([])
    with pytest.raises(DuplicateTupleField):
        make_tuple_value([("a", TRUE), ("a", TRUE)])
    assert make_tuple_value([("b", TRUE), ("a", NONE)]).fields == (("a", NONE), ("b", TRUE))


def test_types_of_contracts() -> None:
    assert type_of(TOKEN) == PRINCIPAL
    assert literal_type_of(TOKEN) == contract_type(TOKEN)
    assert literal_type_of(ALICE) == PRINCIPAL
    assert type_of(CALLABLE) == trait_type(TRAIT)
    anyone = CallableContract(TOKEN.version, TOKEN.hash20, TOKEN.name)
    assert type_of(anyone) == contract_type(TOKEN)
    assert admits(PRINCIPAL, anyone)


def test_values_from_the_wire_get_types() -> None:
    wire = ListValue((TupleValue((("a", NONE),)), TupleValue((("a", SomeValue(TRUE)),))))
    assert type_of(wire) == list_type(2, tup(a=optional_type(BOOL)))
    value = typed_value(SomeValue(wire))
    assert isinstance(value, SomeValue)
    assert isinstance(value.value, TypedList)
    assert type_of(value) == type_of(SomeValue(wire))
    assert isinstance(value.value.items[0], TypedTuple)


def test_contracts_are_cast_to_traits_wherever_the_parameter_says() -> None:
    wanted = trait_type(TRAIT)
    assert implicit_cast(wanted, TOKEN) == CALLABLE
    assert implicit_cast(wanted, ALICE) == ALICE
    assert implicit_cast(PRINCIPAL, TOKEN) == TOKEN
    assert implicit_cast(optional_type(wanted), SomeValue(TOKEN)) == SomeValue(CALLABLE)
    assert implicit_cast(optional_type(wanted), NONE) == NONE
    both = response_type(wanted, INT)
    assert implicit_cast(both, OkValue(TOKEN)) == OkValue(CALLABLE)
    assert implicit_cast(both, ErrValue(IntValue(1))) == ErrValue(IntValue(1))
    cast = implicit_cast(list_type(5, wanted), make_list([TOKEN]))
    assert cast == TypedList((CALLABLE,), list_type(1, wanted))
    cast = implicit_cast(tup(t=wanted), tup_value(t=TOKEN))
    assert cast == TypedTuple((("t", CALLABLE),), tup(t=wanted))


def test_a_trait_may_become_another() -> None:
    other = TraitIdentifier(TOKEN, "other")
    cast = implicit_cast(trait_type(other), CALLABLE)
    assert cast == CallableContract(TOKEN.version, TOKEN.hash20, TOKEN.name, other)


def test_a_cast_refuses_fields_that_the_parameter_does_not_have() -> None:
    with pytest.raises(TypeMismatchValue):
        implicit_cast(tup(a=UINT), tup_value(b=UIntValue(1)))
