"""The last pass: does the contract have every trait that it claims by `impl-trait`?"""

from btczs.codec.clarity.types import TraitIdentifier
from btczs.vm.clarity.analysis.database import ContractsView
from btczs.vm.clarity.analysis.errors import BadTraitImplementation, TraitReferenceUnknown
from btczs.vm.clarity.analysis.model import ContractAnalysis
from btczs.vm.clarity.types.methods import Trait, complies


def check_implemented_traits(analysis: ContractAnalysis, contracts: ContractsView) -> None:
    """Raises `TraitReferenceUnknown` or `BadTraitImplementation`.

    A trait is looked for among the deployed contracts, so a contract cannot claim one it defines
    itself. Costs nothing.
    """
    for trait_id in sorted(analysis.implemented_traits, key=trait_order):
        other = contracts.analysis_of(trait_id.contract)
        trait = None if other is None else other.defined_traits.get(trait_id.name)
        if trait is None:
            raise TraitReferenceUnknown(name=trait_id.name)
        check_compliance(analysis, trait_id, trait)


def check_compliance(analysis: ContractAnalysis, trait_id: TraitIdentifier, trait: Trait) -> None:
    """Whether the contract has all functions of `trait`, public or read-only, with types that suit.

    Raises `BadTraitImplementation`; `CouldNotDetermineType` of types for a function whose own
    types say too little.
    """
    for name, method in trait.items():
        public = analysis.public_functions.get(name)
        read_only = analysis.read_only_functions.get(name)
        function = public or read_only
        if function is None or (public and read_only) or not complies(method, function.method):
            raise BadTraitImplementation(trait=trait_id.name, method=name)


def trait_order(trait: TraitIdentifier) -> tuple[str, int, bytes, str]:
    """Traits in the order they are checked: by name, then by contract."""
    contract = trait.contract
    return (trait.name, contract.version, bytes(contract.hash20), contract.name)
