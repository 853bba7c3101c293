"""Whether an expression may stand where a type is expected, traits looked through (Clarity 2 on).

A trait is compatible with another if it has all its methods with compatible types, and those may
be traits again. So this walks a graph of traits, 32 steps deep at most; every step pays for the
traits it looks up. What was found about two traits at some depth is remembered with its cost: the
walk pays the same as if it were made again, but takes no time.
"""

import msgspec

from btczs.codec.clarity.errors import UntypedValue
from btczs.codec.clarity.types import TYPE_DEPTH_MAX, TraitIdentifier, ValueType
from btczs.codec.clarity.values import ContractPrincipal
from btczs.vm.clarity.analysis.database import (
    ContractsView,
    OwnTraits,
    fetch_contract,
    fetch_trait,
)
from btczs.vm.clarity.analysis.errors import (
    IncompatibleTrait,
    StaticKind,
    TraitReferenceChainTooDeep,
    TypeError,
    TypeSignatureTooDeep,
)
from btczs.vm.clarity.analysis.traits import check_compliance
from btczs.vm.clarity.costs import CostMeter, ExecutionCost
from btczs.vm.clarity.types.admission import admits_type
from btczs.vm.clarity.types.methods import MethodType, Trait

_Pair = tuple[TraitIdentifier, TraitIdentifier, int]


class Compatibility:
    """Checks for one contract under analysis. `own`: its traits, None outside of an analysis.

    Whoever changes a trait that was looked up already makes a new one: definitions stand before
    their uses, so that does not occur within one analysis of Clarity 2 and later.
    """

    def __init__(
        self, contracts: ContractsView, meter: CostMeter, own: OwnTraits | None = None
    ) -> None:
        self._contracts = contracts
        self._meter = meter
        self._own = own
        self._known: dict[_Pair, tuple[ExecutionCost, StaticKind | None]] = {}
        self._traits: dict[TraitIdentifier, tuple[Trait, ExecutionCost]] = {}
        self._passed: dict[tuple[int, int], tuple[ValueType, ValueType]] = {}
        self._compliance: dict[
            tuple[ContractPrincipal, TraitIdentifier], StaticKind | UntypedValue | None
        ] = {}

    def admit(self, actual: ValueType, expected: ValueType) -> None:
        """As `check`, for an expression in its place. Two types that passed once, free of cost, are
        not walked through again: a wide tuple may be passed on in every other word of a source."""
        key = (id(actual), id(expected))
        if key in self._passed:
            return
        before = self._meter.runtime
        self.check(actual, expected)
        if self._meter.runtime == before and actual.parts:
            self._passed[key] = (actual, expected)  # held, lest other types take their ids

    def check(self, actual: ValueType, expected: ValueType, depth: int = 1) -> None:
        """Returns if `actual` may stand where `expected` does.

        Raises `StaticError`: `TypeError`, `IncompatibleTrait`, `BadTraitImplementation`,
        `NoSuchContract`, `NoSuchTrait`, `TypeSignatureTooDeep`, `TraitReferenceChainTooDeep`; and
        `CouldNotDetermineType` of types, `LimitExceeded`.
        """
        if depth > TYPE_DEPTH_MAX:
            raise TypeSignatureTooDeep
        kinds = (actual.kind, expected.kind)
        if expected.trait is not None and actual.kind in ("callable", "union"):
            self._check_callable(actual, expected, depth)
        elif kinds in (("optional", "optional"), ("response", "response")):
            for found, wanted in zip(actual.parts, expected.parts):
                self.check(found, wanted, depth + 1)
        elif kinds == ("list", "list"):
            if actual.length > expected.length:
                raise TypeError(expected=expected, actual=actual)
            self.check(actual.parts[0], expected.parts[0], depth + 1)
        elif kinds == ("tuple", "tuple"):
            self._check_tuple(actual, expected, depth)
        elif actual.kind != "unknown" and not admits_type(expected, actual):
            raise TypeError(expected=expected, actual=actual)

    def check_trait(
        self,
        actual_id: TraitIdentifier,
        actual: Trait,
        expected_id: TraitIdentifier,
        expected: Trait,
        depth: int,
    ) -> None:
        """Returns if every contract with the trait `actual` also has `expected`. Raises as
        `check`."""
        if depth > TYPE_DEPTH_MAX:
            raise TraitReferenceChainTooDeep
        if actual_id == expected_id:
            return
        for name, method in expected.items():
            own = actual.get(name)
            if own is None or not self._is_compatible(own, method, depth):
                raise IncompatibleTrait(expected=expected_id, actual=actual_id)

    def _check_tuple(self, actual: ValueType, expected: ValueType, depth: int) -> None:
        found = dict(zip(actual.names, actual.parts))
        if len(found) != len(expected.names):
            raise TypeError(expected=expected, actual=actual)
        for name, wanted in zip(expected.names, expected.parts):
            if name not in found:
                raise TypeError(expected=expected, actual=actual)
            self.check(found[name], wanted, depth + 1)

    def _check_callable(self, actual: ValueType, expected: ValueType, depth: int) -> None:
        assert expected.trait is not None, "the caller has looked"
        if actual.kind == "union":
            for member in actual.parts:
                self.check(member, expected, depth + 1)
        elif actual.trait is not None:
            if actual.trait != expected.trait:
                self._check_traits(actual.trait, expected.trait, depth)
        else:
            assert actual.contract is not None, "a callable has a trait or a contract"
            self._check_contract(actual.contract, expected.trait)

    def _check_contract(self, contract: ContractPrincipal, expected_id: TraitIdentifier) -> None:
        found = fetch_contract(self._contracts, contract, self._meter)
        expected = self._fetch_trait(expected_id)
        key = (contract, expected_id)
        if key not in self._compliance:
            failure: StaticKind | UntypedValue | None = None
            try:
                check_compliance(found, expected_id, expected)
            except (StaticKind, UntypedValue) as error:
                failure = error
            self._compliance[key] = failure
        known = self._compliance[key]
        if known is not None:
            raise known

    def _fetch_trait(self, trait_id: TraitIdentifier) -> Trait:
        """The trait, paid for each time. Raises `NoSuchContract` or `NoSuchTrait`."""
        known = self._traits.get(trait_id)
        if known is not None:
            trait, cost = known
            self._meter.add(cost)
            return trait
        before = self._meter.total()
        trait = fetch_trait(self._contracts, self._own, trait_id, self._meter)
        self._traits[trait_id] = (trait, _difference(self._meter.total(), before))
        return trait

    def _check_traits(
        self, actual_id: TraitIdentifier, expected_id: TraitIdentifier, depth: int
    ) -> None:
        key = (actual_id, expected_id, depth)
        if key not in self._known:
            before = self._meter.total()
            failure = self._walk(actual_id, expected_id, depth)
            self._known[key] = (_difference(self._meter.total(), before), failure)
        else:
            cost, failure = self._known[key]
            self._meter.add(cost)
        if failure is not None:
            raise failure

    def _walk(
        self, actual_id: TraitIdentifier, expected_id: TraitIdentifier, depth: int
    ) -> StaticKind | None:
        try:
            actual = self._fetch_trait(actual_id)
            expected = self._fetch_trait(expected_id)
            self.check_trait(actual_id, actual, expected_id, expected, depth)
        except StaticKind as error:
            return error
        return None

    def _is_compatible(self, actual: MethodType, expected: MethodType, depth: int) -> bool:
        if len(actual.parameters) != len(expected.parameters):
            return False
        found = (*actual.parameters, actual.returns)
        wanted = (*expected.parameters, expected.returns)
        try:
            for part, promised in zip(found, wanted):
                self.check(part, promised, depth + 1)
        except TypeSignatureTooDeep as error:
            raise TraitReferenceChainTooDeep from error
        except TraitReferenceChainTooDeep:
            raise
        except (StaticKind, UntypedValue):
            return False
        return True


def _difference(after: ExecutionCost, before: ExecutionCost) -> ExecutionCost:
    pairs = zip(msgspec.structs.astuple(after), msgspec.structs.astuple(before))
    return ExecutionCost(*[now - then for now, then in pairs])
