"""Common types, and what a type admits."""

import pytest
from clarity_type_strategies import TOKEN, relatives, types
from hypothesis import given, settings
from hypothesis import strategies as st

from btczs.codec.clarity.errors import UntypedValue, ValueTooLarge
from btczs.codec.clarity.types import (
    BOOL,
    INT,
    PRINCIPAL,
    UINT,
    UNKNOWN,
    TraitIdentifier,
    ValueType,
    buffer_type,
    contract_type,
    list_type,
    optional_type,
    response_type,
    trait_type,
    union_type,
)
from btczs.codec.clarity.values import ContractPrincipal
from btczs.primitives import Hash20
from btczs.vm.clarity.types import (
    TypeMismatch,
    admits_type,
    concretize,
    least_supertype,
    parent_list_type,
    type_text,
)
from btczs.vm.clarity.types.errors import CouldNotDetermineType, SupertypeTooLarge
from btczs.vm.clarity.types.parse import make_tuple_type

OTHER = ContractPrincipal(26, Hash20(b"\x01" * 20), "other")
TRAIT = TraitIdentifier(TOKEN, "transferable")
token, other, trait = contract_type(TOKEN), contract_type(OTHER), trait_type(TRAIT)


def tup(**fields: ValueType) -> ValueType:
    return make_tuple_type(list(fields.items()))


related = types.flatmap(lambda found: st.tuples(relatives(found), relatives(found)))


@settings(deadline=None)
@given(types)
def test_a_type_is_the_common_type_of_itself(value_type: ValueType) -> None:
    assert least_supertype(value_type, value_type) == value_type


@settings(deadline=None)
@given(related)
def test_common_type_of_relatives_commutes_and_admits_both(
    pair: tuple[ValueType, ValueType],
) -> None:
    a, b = pair
    common = least_supertype(a, b)
    assert common == least_supertype(b, a)
    assert admits_type(common, a)
    assert admits_type(common, b)
    assert least_supertype(common, a) == common


@settings(deadline=None)
@given(types, types)
def test_common_type_of_anything_admits_the_first_or_is_an_error(
    a: ValueType, b: ValueType
) -> None:
    try:
        common = least_supertype(a, b)
    except UntypedValue:
        return
    assert admits_type(common, a)


@settings(deadline=None)
@given(related)
def test_only_the_greater_of_relatives_admits_the_other(pair: tuple[ValueType, ValueType]) -> None:
    a, b = pair
    if admits_type(a, b) and "(list 0" not in type_text(a) + type_text(b):
        assert least_supertype(a, b) == a


@pytest.mark.parametrize(
    ("a", "b", "common"),
    [
        (UNKNOWN, INT, INT),
        (INT, UNKNOWN, INT),
        (buffer_type(3), buffer_type(5), buffer_type(5)),
        (optional_type(UNKNOWN), optional_type(INT), optional_type(INT)),
        (response_type(INT, UNKNOWN), response_type(UNKNOWN, BOOL), response_type(INT, BOOL)),
        (list_type(0, UNKNOWN), list_type(3, INT), list_type(3, INT)),
        (list_type(0, BOOL), list_type(3, INT), list_type(3, INT)),
        (tup(a=INT), tup(a=INT, b=BOOL), tup(a=INT)),
        (token, token, token),
        (token, other, union_type((other, token))),
        (trait, token, union_type((token, trait))),
        (union_type((other, token)), trait, union_type((other, token, trait))),
        (union_type((other, token)), PRINCIPAL, PRINCIPAL),
        (PRINCIPAL, token, PRINCIPAL),
    ],
)
def test_common_types(a: ValueType, b: ValueType, common: ValueType) -> None:
    assert least_supertype(a, b) == common


@pytest.mark.parametrize(
    ("a", "b", "error"),
    [
        (INT, UINT, TypeMismatch),
        (tup(a=INT, b=BOOL), tup(a=INT), TypeMismatch),
        (list_type(2, INT), list_type(3, BOOL), TypeMismatch),
        (PRINCIPAL, trait, TypeMismatch),
        (PRINCIPAL, INT, TypeMismatch),
        (INT, token, TypeMismatch),
        (union_type((token, trait)), PRINCIPAL, TypeMismatch),
        (list_type(1, buffer_type(1_000_000)), list_type(2, buffer_type(9)), SupertypeTooLarge),
        (
            tup(a=buffer_type(500_000), b=buffer_type(1)),
            tup(a=buffer_type(1), b=buffer_type(600_000)),
            SupertypeTooLarge,
        ),
        (
            optional_type(list_type(1, buffer_type(1_000_000))),
            optional_type(list_type(2, buffer_type(9))),
            SupertypeTooLarge,
        ),
    ],
)
def test_what_has_no_common_type(a: ValueType, b: ValueType, error: type[UntypedValue]) -> None:
    with pytest.raises(error):
        least_supertype(a, b)


def test_items_of_a_list_are_joined_from_left_to_right() -> None:
    assert parent_list_type([]) == list_type(0, UNKNOWN)
    assert parent_list_type([tup(a=INT), tup(a=INT, b=BOOL)]) == list_type(2, tup(a=INT))
    with pytest.raises(ValueTooLarge):
        parent_list_type([buffer_type(600_000)] * 2)


@pytest.mark.parametrize(
    ("expected", "actual", "is_admitted"),
    [
        (INT, INT, True),
        (INT, UINT, False),
        (buffer_type(3), buffer_type(4), False),
        (buffer_type(4), buffer_type(3), True),
        (list_type(3, INT), list_type(0, BOOL), True),
        (list_type(3, INT), list_type(4, INT), False),
        (list_type(3, UNKNOWN), list_type(0, UNKNOWN), True),
        (optional_type(INT), optional_type(UNKNOWN), True),
        (optional_type(UNKNOWN), optional_type(UNKNOWN), True),
        (response_type(INT, BOOL), response_type(INT, UNKNOWN), True),
        (response_type(INT, BOOL), response_type(UNKNOWN, BOOL), True),
        (response_type(INT, BOOL), response_type(UNKNOWN, INT), False),
        (response_type(UNKNOWN, BOOL), response_type(INT, INT), False),
        (tup(a=INT), tup(a=INT, b=BOOL), False),
        (tup(a=INT, b=BOOL), tup(a=INT), False),
        (tup(a=list_type(2, INT)), tup(a=list_type(1, INT)), True),
        (PRINCIPAL, token, True),
        (PRINCIPAL, trait, False),
        (PRINCIPAL, union_type((other, token)), True),
        (PRINCIPAL, union_type((token, trait)), False),
        (trait, trait, True),
        (trait, token, False),
        (trait, PRINCIPAL, False),
        (token, token, False),
        (UNKNOWN, union_type((token, trait)), False),
    ],
)
def test_admission(expected: ValueType, actual: ValueType, is_admitted: bool) -> None:
    assert admits_type(expected, actual) is is_admitted


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        (UNKNOWN, INT),
        (UNKNOWN, token),
        (optional_type(UNKNOWN), optional_type(INT)),
        (response_type(UNKNOWN, BOOL), response_type(INT, BOOL)),
    ],
)
def test_nothing_is_known_to_fit_an_unknown_type(expected: ValueType, actual: ValueType) -> None:
    with pytest.raises(CouldNotDetermineType):
        admits_type(expected, actual)


def test_contracts_become_principals() -> None:
    assert concretize(token) == PRINCIPAL
    assert concretize(union_type((other, token))) == PRINCIPAL
    assert concretize(trait) == trait
    with pytest.raises(TypeMismatch):
        concretize(union_type((token, trait)))
