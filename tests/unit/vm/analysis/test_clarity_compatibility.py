"""Traits: claims of contracts, traits that stand for others, and what finding out costs."""

import time

import pytest

from btczs.codec.clarity.types import (
    BOOL,
    INT,
    PRINCIPAL,
    UINT,
    UNKNOWN,
    TraitIdentifier,
    ValueType,
    contract_type,
    list_type,
    optional_type,
    response_type,
    trait_type,
    union_type,
)
from btczs.codec.clarity.values import ContractPrincipal
from btczs.vm.clarity.analysis import errors
from btczs.vm.clarity.analysis.compatibility import Compatibility
from btczs.vm.clarity.analysis.database import (
    fetch_function,
    fetch_trait,
    get_trait,
    has_read_only_function,
)
from btczs.vm.clarity.analysis.model import ContractAnalysis, FunctionType, MethodType, Trait
from btczs.vm.clarity.analysis.traits import check_compliance, check_implemented_traits
from btczs.vm.clarity.costs import UNLIMITED, CostMeter, ExecutionCost
from btczs.vm.clarity.errors import CostBalanceExceeded
from btczs.vm.clarity.reader import SNIPPET, parse
from btczs.vm.clarity.types.errors import CouldNotDetermineType
from btczs.vm.clarity.types.parse import make_tuple_type

OK = response_type(UINT, BOOL)


def contract(name: str) -> ContractPrincipal:
    return ContractPrincipal(SNIPPET.version, SNIPPET.hash20, name)


def trait_id(name: str, where: str = "traits") -> TraitIdentifier:
    return TraitIdentifier(contract(where), name)


def trait(name: str) -> ValueType:
    return trait_type(trait_id(name))


class World:
    """Deployed contracts."""

    def __init__(self, **traits: Trait) -> None:
        self.contracts: dict[ContractPrincipal, ContractAnalysis] = {}
        self.add("traits").defined_traits.update(traits)

    def add(self, name: str) -> ContractAnalysis:
        where = contract(name)
        self.contracts[where] = ContractAnalysis(where, 6, parse(where, "1"))
        return self.contracts[where]

    def analysis_of(self, contract: ContractPrincipal) -> ContractAnalysis | None:
        return self.contracts.get(contract)


class Own:
    """The traits of the contract under analysis."""

    def __init__(self, **traits: Trait) -> None:
        self.contract = contract("own")
        self._traits = {trait_id(name, "own"): found for name, found in traits.items()}

    def get_trait(self, trait: TraitIdentifier) -> Trait | None:
        return self._traits.get(trait)


def method(*parameters: ValueType, returns: ValueType = OK) -> MethodType:
    return MethodType(parameters, returns)


def checker(world: World, meter: CostMeter | None = None, own: Own | None = None) -> Compatibility:
    return Compatibility(world, meter or CostMeter(UNLIMITED), own)


SMALL = {"f": method(UINT)}
BIG = {"f": method(UINT), "g": method()}


def test_a_trait_with_more_methods_stands_for_one_with_fewer() -> None:
    check = checker(World(small=SMALL, big=BIG)).check
    check(trait("big"), trait("small"))
    with pytest.raises(errors.IncompatibleTrait) as caught:
        check(trait("small"), trait("big"))
    assert caught.value.expected == trait_id("big")
    assert caught.value.actual == trait_id("small")


@pytest.mark.parametrize("wrap", [optional_type, lambda part: list_type(2, part)])
def test_traits_are_looked_for_in_compound_types(wrap) -> None:
    check = checker(World(small=SMALL, big=BIG)).check
    check(wrap(trait("big")), wrap(trait("small")))
    with pytest.raises(errors.IncompatibleTrait):
        check(wrap(trait("small")), wrap(trait("big")))


def test_contracts_stand_for_the_traits_they_have() -> None:
    world = World(small=SMALL, big=BIG)
    token = world.add("token")
    token.read_only_functions["f"] = FunctionType((("x", UINT),), response_type(UINT, UNKNOWN))
    check = checker(world).check
    check(contract_type(contract("token")), trait("small"))
    check(contract_type(contract("token")), PRINCIPAL)
    with pytest.raises(errors.BadTraitImplementation):
        check(contract_type(contract("token")), trait("big"))
    with pytest.raises(errors.NoSuchContract):
        check(contract_type(contract("nobody")), trait("small"))
    with pytest.raises(errors.NoSuchTrait):
        check(contract_type(contract("token")), trait("nothing"))
    union = union_type((contract_type(contract("token")), trait("big")))
    check(union, trait("small"))
    with pytest.raises(errors.TypeError):
        check(union, PRINCIPAL)


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (INT, UINT),
        (PRINCIPAL, trait("small")),
        (list_type(3, UINT), list_type(2, UINT)),
        (list_type(0, UINT), list_type(2, INT)),  # unlike plain admission
        (make_tuple_type([("a", INT)]), make_tuple_type([("b", INT)])),
        (make_tuple_type([("a", INT)]), make_tuple_type([("a", INT), ("b", INT)])),
    ],
)
def test_what_does_not_fit(actual: ValueType, expected: ValueType) -> None:
    with pytest.raises(errors.TypeError) as caught:
        checker(World()).check(actual, expected)
    assert caught.value.actual == actual or actual.kind == "list"


def test_unknown_parts_fit_anything_but_nothing_fits_them() -> None:
    check = checker(World()).check
    check(response_type(INT, UNKNOWN), response_type(INT, UINT))
    check(list_type(0, UNKNOWN), list_type(4, INT))
    with pytest.raises(CouldNotDetermineType):
        check(response_type(INT, UINT), response_type(INT, UNKNOWN))


def test_parameters_of_methods_may_be_traits_again() -> None:
    world = World(
        small=SMALL,
        big=BIG,
        takes_big={"h": method(trait("big"))},
        takes_small={"h": method(trait("small"))},
    )
    check = checker(world).check
    check(trait("takes_big"), trait("takes_small"))
    with pytest.raises(errors.IncompatibleTrait):
        check(trait("takes_small"), trait("takes_big"))


def test_lookups_are_paid_by_size_and_own_traits_read_nothing() -> None:
    meter = CostMeter(UNLIMITED)
    size = sum(part.type_size for part in SMALL.values())
    assert size == 1 + 3
    fetch_trait(World(small=SMALL), None, trait_id("small"), meter)
    assert meter.total() == ExecutionCost(1, size + 1, 9 * size + 698, 0, size + 1)
    meter = CostMeter(UNLIMITED)
    fetch_trait(World(), Own(small=SMALL), trait_id("small", "own"), meter)
    assert meter.total() == ExecutionCost(runtime=9 * size + 698)


def test_missing_traits_are_paid_unless_they_would_be_own() -> None:
    meter = CostMeter(UNLIMITED)
    with pytest.raises(errors.NoSuchTrait):
        fetch_trait(World(), Own(), trait_id("small", "own"), meter)
    assert meter.total() == ExecutionCost()
    for where, kind in (("traits", errors.NoSuchTrait), ("nowhere", errors.NoSuchContract)):
        meter = CostMeter(UNLIMITED)
        with pytest.raises(kind):
            fetch_trait(World(), Own(), trait_id("small", where), meter)
        assert meter.total() == ExecutionCost(1, 2, 707, 0, 2)


def test_functions_are_paid_by_the_size_of_their_types() -> None:
    world = World()
    token = world.add("token")
    token.public_functions["f"] = FunctionType((("x", UINT), ("y", BOOL)), OK)
    token.read_only_functions["g"] = FunctionType((), INT)
    meter = CostMeter(UNLIMITED)
    assert fetch_function(world, token.contract, "f", meter).returns == OK
    assert meter.total() == ExecutionCost(1, 6, 78 * 5 + 1307, 0, 0)
    with pytest.raises(errors.NoSuchPublicFunction):
        fetch_function(world, token.contract, "h", meter)
    with pytest.raises(errors.NoSuchContract):
        fetch_function(world, contract("nobody"), "f", meter)
    assert meter.read_count == 1
    assert has_read_only_function(world, token.contract, "g")
    assert not has_read_only_function(world, token.contract, "f")
    assert get_trait(world, trait_id("small")) is None


def test_a_contract_is_paid_by_its_functions_and_also_if_missing() -> None:
    world = World(small=SMALL)
    token = world.add("token")
    token.public_functions["f"] = FunctionType((("x", UINT),), OK)
    meter = CostMeter(UNLIMITED)
    checker(world, meter).check(contract_type(token.contract), trait("small"))
    assert meter.total() == ExecutionCost(2, 2 + 5, 1517 + 698 + 36, 0, 5)
    meter = CostMeter(UNLIMITED)
    with pytest.raises(errors.NoSuchContract):
        checker(world, meter).check(contract_type(contract("nobody")), trait("small"))
    assert meter.total() == ExecutionCost(1, 2, 1517, 0, 0)


def chain(name: str, links: int, width: int = 1) -> dict[str, Trait]:
    """Traits whose method takes the next one, `width` times."""
    traits: dict[str, Trait] = {}
    for index in range(links):
        traits[f"{name}{index}"] = {"f": method(*[trait(f"{name}{index + 1}")] * width)}
    traits[f"{name}{links}"] = {"f": method()}
    return traits


def test_chains_of_traits_end_somewhere() -> None:
    checker(World(**chain("a", 28), **chain("b", 28))).check(trait("a0"), trait("b0"))
    with pytest.raises(errors.TraitReferenceChainTooDeep):
        checker(World(**chain("a", 40), **chain("b", 40))).check(trait("a0"), trait("b0"))
    deep = optional_type(optional_type(trait("b29")))
    world = World(**chain("a", 29), **chain("b", 29), x={"f": method(deep)})
    assert isinstance(checker(world).check(trait("a3"), trait("b3")), type(None))


def test_a_wide_graph_of_traits_costs_much_but_takes_little_time() -> None:
    world = World(**chain("a", 25, 2), **chain("b", 25, 2))
    meter = CostMeter(UNLIMITED)
    started = time.process_time()
    checker(world, meter).check(trait("a0"), trait("b0"))
    assert time.process_time() - started < 1
    lookups = 2 * (2**26 - 1)
    assert meter.read_count == lookups


def test_what_is_remembered_costs_the_same_again() -> None:
    world = World(**chain("a", 3, 2), **chain("b", 3, 2))
    meter = CostMeter(UNLIMITED)
    check = checker(world, meter).check
    check(trait("a0"), trait("b0"))
    once = meter.total()
    check(trait("a0"), trait("b0"))
    assert meter.total() == ExecutionCost(
        2 * once.read_count, 2 * once.read_length, 2 * once.runtime, 0, 2 * once.write_length
    )


def test_costs_beyond_the_limit_are_not_taken_for_incompatibility() -> None:
    world = World(**chain("a", 3), **chain("b", 3))
    with pytest.raises(CostBalanceExceeded):
        checker(world, CostMeter(ExecutionCost(9, 999, 5000, 0, 999))).check(
            trait("a0"), trait("b0")
        )


def claiming(*names: str) -> ContractAnalysis:
    analysis = ContractAnalysis(contract("own"), 6, parse(contract("own"), "1"))
    analysis.implemented_traits.update(trait_id(name) for name in names)
    analysis.public_functions["f"] = FunctionType((("x", UINT),), OK)
    return analysis


def test_claims_are_checked() -> None:
    world = World(small=SMALL, big=BIG)
    check_implemented_traits(claiming("small"), world)
    with pytest.raises(errors.BadTraitImplementation) as caught:
        check_implemented_traits(claiming("small", "big"), world)
    assert (caught.value.trait, caught.value.method) == ("big", "g")
    with pytest.raises(errors.TraitReferenceUnknown):
        check_implemented_traits(claiming("nothing"), world)


def test_traits_of_ones_own_cannot_be_claimed() -> None:
    analysis = claiming()
    analysis.defined_traits["small"] = dict(SMALL)
    analysis.implemented_traits.add(trait_id("small", "own"))
    with pytest.raises(errors.TraitReferenceUnknown):
        check_implemented_traits(analysis, World())


@pytest.mark.parametrize(
    ("parameters", "returns", "is_compliant"),
    [
        ((UINT,), OK, True),
        ((UINT,), response_type(UINT, UNKNOWN), True),
        ((INT,), OK, False),
        ((), OK, False),
        ((UINT, UINT), OK, False),
        ((UINT,), UINT, False),
        ((UINT,), response_type(INT, BOOL), False),
    ],
)
def test_compliance(
    parameters: tuple[ValueType, ...], returns: ValueType, is_compliant: bool
) -> None:
    analysis = claiming()
    named = tuple((f"p{index}", part) for index, part in enumerate(parameters))
    analysis.public_functions["f"] = FunctionType(named, returns)
    if is_compliant:
        check_compliance(analysis, trait_id("small"), SMALL)
    else:
        with pytest.raises(errors.BadTraitImplementation):
            check_compliance(analysis, trait_id("small"), SMALL)


def test_parameters_may_admit_more_and_results_less_than_promised() -> None:
    analysis = claiming()
    promised = {"f": method(list_type(2, UINT), returns=response_type(list_type(4, UINT), BOOL))}
    analysis.public_functions["f"] = FunctionType(
        (("x", list_type(3, UINT)),), response_type(list_type(1, UINT), BOOL)
    )
    check_compliance(analysis, trait_id("t"), promised)
    narrow = {"f": method(list_type(4, UINT), returns=OK)}
    with pytest.raises(errors.BadTraitImplementation):
        check_compliance(analysis, trait_id("t"), narrow)
