"""What analysis learns about a contract."""

from typing import Literal

import msgspec

from btczs.codec.clarity.types import TraitIdentifier, ValueType
from btczs.codec.clarity.values import ContractPrincipal
from btczs.vm.clarity.names import ClarityVersion
from btczs.vm.clarity.reader.syntax import Expr, Program
from btczs.vm.clarity.types.methods import FunctionType, MethodType, Trait

__all__ = ["Access", "ContractAnalysis", "FunctionType", "MethodType", "Trait"]


Access = Literal["public", "private", "read_only"]


class ContractAnalysis(msgspec.Struct, eq=False):
    """The contract as other contracts, clients and the evaluators see it.

    `order` holds the top-level expressions so that definitions stand before their uses; `types`
    the type of each expression by its `id`, where the checker gave it one.
    """

    contract: ContractPrincipal
    version: ClarityVersion
    program: Program
    order: tuple[Expr, ...] = ()
    types: dict[int, ValueType] = msgspec.field(default_factory=dict)
    public_functions: dict[str, FunctionType] = msgspec.field(default_factory=dict)
    read_only_functions: dict[str, FunctionType] = msgspec.field(default_factory=dict)
    private_functions: dict[str, FunctionType] = msgspec.field(default_factory=dict)
    constants: dict[str, ValueType] = msgspec.field(default_factory=dict)
    data_vars: dict[str, ValueType] = msgspec.field(default_factory=dict)
    maps: dict[str, tuple[ValueType, ValueType]] = msgspec.field(default_factory=dict)
    fungible_tokens: set[str] = msgspec.field(default_factory=set)
    non_fungible_tokens: dict[str, ValueType] = msgspec.field(default_factory=dict)
    defined_traits: dict[str, Trait] = msgspec.field(default_factory=dict)
    used_traits: dict[str, TraitIdentifier] = msgspec.field(default_factory=dict)
    implemented_traits: set[TraitIdentifier] = msgspec.field(default_factory=set)

    def function(self, name: str) -> FunctionType | None:
        """A function of any access by its name."""
        return (
            self.public_functions.get(name)
            or self.read_only_functions.get(name)
            or self.private_functions.get(name)
        )
