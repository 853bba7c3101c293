"""Other contracts, as the analysis of one contract sees them.

Calls and traits across contracts are checked against what analysis learned about the other
contract when it was deployed. Looking it up costs by the size of what was looked up; where that is
charged, and whether before or after something is found missing, follows the reference
implementation.
"""

from typing import Protocol

from btczs.codec.clarity.types import TraitIdentifier
from btczs.codec.clarity.values import ContractPrincipal
from btczs.vm.clarity.analysis.errors import NoSuchContract, NoSuchPublicFunction, NoSuchTrait
from btczs.vm.clarity.analysis.model import ContractAnalysis
from btczs.vm.clarity.costs import CostMeter, ExecutionCost, cost_function
from btczs.vm.clarity.reader.span import Span
from btczs.vm.clarity.types.methods import FunctionType, Trait, trait_type_size


class ContractsView(Protocol):
    """The contracts that are deployed."""

    def analysis_of(self, contract: ContractPrincipal) -> ContractAnalysis | None: ...


class OwnTraits(Protocol):
    """The traits that the contract under analysis has defined or imported so far."""

    @property
    def contract(self) -> ContractPrincipal: ...
    def get_trait(self, trait: TraitIdentifier) -> Trait | None: ...


class NoContracts:
    """A world without other contracts."""

    def analysis_of(self, _contract: ContractPrincipal) -> ContractAnalysis | None:
        return None


def get_contract(
    contracts: ContractsView, contract: ContractPrincipal, span: Span | None = None
) -> ContractAnalysis:
    """The analysis of `contract`. Free. Raises `NoSuchContract`."""
    found = contracts.analysis_of(contract)
    if found is None:
        raise NoSuchContract(span=span, contract=contract)
    return found


def fetch_contract(
    contracts: ContractsView, contract: ContractPrincipal, meter: CostMeter
) -> ContractAnalysis:
    """The analysis of `contract`, paid by the number of its functions. Raises `NoSuchContract`."""
    found = contracts.analysis_of(contract)
    if found is None:
        meter.charge("analysis_fetch_contract_entry", 1)
        raise NoSuchContract(contract=contract)
    functions = len(found.public_functions) + len(found.read_only_functions)
    meter.charge("analysis_fetch_contract_entry", functions)
    return found


def fetch_function(
    contracts: ContractsView,
    contract: ContractPrincipal,
    name: str,
    meter: CostMeter,
    span: Span | None = None,
) -> FunctionType:
    """The public or read-only function that `contract-call?` names, paid by the size of its types.

    Raises `NoSuchContract` or `NoSuchPublicFunction`; what is missing costs nothing.
    """
    found = get_contract(contracts, contract, span)
    function = found.public_functions.get(name) or found.read_only_functions.get(name)
    if function is None:
        raise NoSuchPublicFunction(span=span, contract=contract, function=name)
    meter.charge("analysis_get_function_entry", function.method.type_size)
    return function


def has_read_only_function(
    contracts: ContractsView, contract: ContractPrincipal, name: str, span: Span | None = None
) -> bool:
    """Whether `contract` has a read-only function `name`. Free. Raises `NoSuchContract`."""
    return name in get_contract(contracts, contract, span).read_only_functions


def get_trait(
    contracts: ContractsView, trait: TraitIdentifier, span: Span | None = None
) -> Trait | None:
    """A trait of another contract, None if that does not define it. Free.

    Raises `NoSuchContract`.
    """
    return get_contract(contracts, trait.contract, span).defined_traits.get(trait.name)


def fetch_trait(
    contracts: ContractsView, own: OwnTraits | None, trait: TraitIdentifier, meter: CostMeter
) -> Trait:
    """A trait, paid by the size of its types; one of `own` costs time but no reading.

    Raises `NoSuchContract` or `NoSuchTrait`, paid as if the trait had the size 1.
    """
    if own is not None:
        known = own.get_trait(trait)
        if known is not None:
            time = cost_function("analysis_use_trait_entry").runtime(trait_type_size(known))
            meter.add(ExecutionCost(runtime=time))
            return known
        if own.contract == trait.contract:
            raise NoSuchTrait(contract=trait.contract, trait=trait.name)
    other = contracts.analysis_of(trait.contract)
    found = None if other is None else other.defined_traits.get(trait.name)
    if found is not None:
        meter.charge("analysis_use_trait_entry", trait_type_size(found))
        return found
    meter.charge("analysis_use_trait_entry", 1)
    if other is None:
        raise NoSuchContract(contract=trait.contract)
    raise NoSuchTrait(contract=trait.contract, trait=trait.name)
