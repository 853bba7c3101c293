"""Unions of contracts: their order, that equal ones are one object, and the limit of the work."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from btczs.codec.clarity.types import (
    PRINCIPAL,
    TraitIdentifier,
    ValueType,
    contract_type,
    list_type,
    trait_type,
    union_type,
)
from btczs.codec.clarity.values import ContractPrincipal
from btczs.primitives import Hash20
from btczs.vm.clarity.errors import MemoryBalanceExceeded
from btczs.vm.clarity.types.errors import TypeMismatch
from btczs.vm.clarity.types.supertype import least_supertype
from btczs.vm.clarity.types.unions import Unions, callable_key, callable_members, first_trait


def contract(name: str) -> ContractPrincipal:
    return ContractPrincipal(26, Hash20(b"\x07" * 20), name)


CONTRACTS = [contract_type(contract(name)) for name in "abcdef"]
TRAITS = [trait_type(TraitIdentifier(contract("t"), name)) for name in "xy"]
MEMBERS = st.sampled_from([*CONTRACTS, *TRAITS])


def join_all(unions: Unions, members: list[ValueType]) -> ValueType:
    found = members[0]
    for member in members[1:]:
        found = unions.join(found, member)
    return found


@given(st.lists(MEMBERS, min_size=1, max_size=12), st.randoms())
def test_a_union_is_the_set_of_its_members(members: list[ValueType], rng: Random) -> None:
    unions = Unions()
    found = join_all(unions, members)
    assert set(callable_members(found)) == set(members)
    keys = [callable_key(member) for member in callable_members(found)]
    assert keys == sorted(keys)
    shuffled = rng.sample(members, len(members))
    assert join_all(unions, shuffled) == found
    if found.kind == "union":
        assert join_all(unions, shuffled) is found
        assert found == union_type(found.parts)


@given(st.lists(MEMBERS, min_size=1, max_size=6), st.lists(MEMBERS, min_size=1, max_size=6))
def test_two_unions_become_one(a: list[ValueType], b: list[ValueType]) -> None:
    unions = Unions()
    both = unions.join(join_all(unions, a), join_all(unions, b))
    assert both == join_all(Unions(), [*a, *b])
    assert (first_trait(both) is not None) == any(member.trait for member in (*a, *b))


def test_a_union_without_traits_is_a_principal_where_one_is_wanted() -> None:
    plain, mixed = Unions().join(*CONTRACTS[:2]), Unions().join(CONTRACTS[0], TRAITS[0])
    assert least_supertype(plain, PRINCIPAL) is PRINCIPAL
    assert least_supertype(PRINCIPAL, plain) is PRINCIPAL
    with pytest.raises(TypeMismatch):
        least_supertype(mixed, PRINCIPAL)
    with pytest.raises(TypeMismatch):
        least_supertype(plain, list_type(1, PRINCIPAL))


def test_work_is_limited_wherever_the_union_stands() -> None:
    unions = Unions(work_max=20)
    small = list_type(1, CONTRACTS[0])
    for member in CONTRACTS[1:]:
        small = least_supertype(small, list_type(1, member), unions)  # 2 + 3 + 4 + 5 + 6 members
    assert len(small.parts[0].parts) == 6
    assert least_supertype(small, list_type(1, CONTRACTS[3]), unions).parts[0] is small.parts[0]
    with pytest.raises(MemoryBalanceExceeded) as caught:
        least_supertype(small, list_type(1, TRAITS[0]), unions)
    assert vars(caught.value)["limit"] == 20
