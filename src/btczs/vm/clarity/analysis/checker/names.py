"""The names that a contract defines, as far as analysis has come.

Definitions are checked in the order of their uses, so a name is known here from its definition on.
Clarity 1 knows traits by their plain names, whichever contract they are from; later versions by
contract and name.
"""

from btczs.codec.clarity.types import TraitIdentifier
from btczs.codec.clarity.values import ContractPrincipal
from btczs.vm.clarity.analysis import errors
from btczs.vm.clarity.analysis.model import ContractAnalysis, FunctionType, Trait
from btczs.vm.clarity.reader.span import Span

_RESERVED_SINCE_3 = "block-height"
"""The only reserved word that analysis itself refuses as a name; the others fail at run time."""


class ContractNames:
    """What the contract defines; functions, constants and the like stand in its analysis."""

    def __init__(self, analysis: ContractAnalysis) -> None:
        self.analysis = analysis
        self._used: set[str] = set()
        self._traits: dict[str | TraitIdentifier, Trait] = {}

    def require_free(self, name: str, span: Span) -> None:
        """Raises `ReservedWord`, or `NameAlreadyUsed` if the contract has defined `name`."""
        if name == _RESERVED_SINCE_3 and self.analysis.version >= 3:
            raise errors.ReservedWord(name, span=span)
        if name in self._used:
            raise errors.NameAlreadyUsed(name, span=span)

    def take(self, name: str, span: Span) -> None:
        """From here on `name` is used. Raises as `require_free`."""
        self.require_free(name, span)
        self._used.add(name)

    def function(self, name: str) -> FunctionType | None:
        """A function defined so far; where two have one name, a public one comes first."""
        analysis = self.analysis
        return (
            analysis.public_functions.get(name)
            or analysis.private_functions.get(name)
            or analysis.read_only_functions.get(name)
        )

    def define_trait(self, name: str, trait: Trait, span: Span) -> None:
        """A trait of this contract. Raises as `require_free`, from Clarity 3 on."""
        if self.analysis.version >= 3:
            self.require_free(name, span)
        self._used.add(name)
        self._put(TraitIdentifier(self.analysis.contract, name), trait)
        self.analysis.defined_traits[name] = trait

    def use_trait(self, alias: str, identifier: TraitIdentifier, trait: Trait, span: Span) -> None:
        """A trait of another contract. Raises as `require_free`, from Clarity 3 on."""
        version = self.analysis.version
        if version >= 3:
            self.require_free(alias, span)
        self._used.add(alias if version >= 2 else identifier.name)
        self._put(identifier, trait)
        self.analysis.used_traits[alias] = identifier
        if version == 1:  # Clarity 1 makes what it uses its own
            self.analysis.defined_traits[identifier.name] = trait

    @property
    def contract(self) -> ContractPrincipal:
        """The contract that is checked."""
        return self.analysis.contract

    def get_trait(self, trait: TraitIdentifier) -> Trait | None:
        """A trait that the contract has defined or imported so far."""
        return self._traits.get(trait.name if self.analysis.version == 1 else trait)

    def _put(self, identifier: TraitIdentifier, trait: Trait) -> None:
        self._traits[identifier.name if self.analysis.version == 1 else identifier] = trait
