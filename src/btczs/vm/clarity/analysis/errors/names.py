"""Kinds about names and definitions: what does not exist, exists twice, or is defined badly."""

from btczs.codec.clarity.types import TraitIdentifier
from btczs.codec.clarity.values import ContractPrincipal
from btczs.vm.clarity.analysis.errors.base import StaticKind


class CircularReference(StaticKind):
    """Definitions that need each other; `names`: all on a circle or in need of one, sorted."""

    template = "definitions depend on themselves, or on some that do: {names}"
    names: tuple[str, ...]


class NameAlreadyUsed(StaticKind):
    template = "{name} is already the name of something else"
    name: str


class ReservedWord(StaticKind):
    template = "{name} is a word of the language and cannot be a name"
    name: str


class UndefinedVariable(StaticKind):
    template = "{name} is not defined here"
    name: str


class UnknownFunction(StaticKind):
    template = "there is no function {name}"
    name: str


class IllegalOrUnknownFunctionApplication(StaticKind):
    """`map`, `filter` and `fold` take a function by its name, and not every native one."""

    template = "{name} is no function that can be applied to the items of a list"
    name: str


class NoSuchDataVariable(StaticKind):
    template = "there is no data variable {name}; define-data-var makes one"
    name: str


class NoSuchMap(StaticKind):
    template = "there is no map {name}; define-map makes one"
    name: str


class NoSuchFT(StaticKind):
    template = "there is no fungible token {name}; define-fungible-token makes one"
    name: str


class NoSuchNFT(StaticKind):
    template = "there is no non-fungible token {name}; define-non-fungible-token makes one"
    name: str


class NoSuchContract(StaticKind):
    template = "there is no contract {contract}"
    contract: ContractPrincipal


class NoSuchPublicFunction(StaticKind):
    template = "the contract {contract} has no public or read-only function {function}"
    contract: ContractPrincipal
    function: str


class ContractAlreadyExists(StaticKind):
    template = "there is a contract {contract} already"
    contract: ContractPrincipal


class NoSuchBlockInfoProperty(StaticKind):
    template = "blocks have no property {name}; there are time, header-hash, vrf-seed and others"
    name: str


class NoSuchStacksBlockInfoProperty(StaticKind):
    template = "blocks have no property {name}; there are time, header-hash and id-header-hash"
    name: str


class NoSuchTenureInfoProperty(StaticKind):
    template = "tenures have no property {name}; there are time, vrf-seed, miner-address and others"
    name: str


class BadFunctionName(StaticKind):
    template = "a function is defined as (name (parameter type)...)"


class BadMapName(StaticKind):
    template = "a map is named here, by a plain name"


class BadTokenName(StaticKind):
    template = "a token is named here, by a plain name"


class DefineFunctionBadSignature(StaticKind):
    template = "a function is defined as (name (parameter type)...)"


class BadMapTypeDefinition(StaticKind):
    template = "a map is defined as (define-map name KEY-TYPE VALUE-TYPE)"


class DefineVariableBadSignature(StaticKind):
    template = "a data variable is defined as (define-data-var name TYPE initial-value)"


class DefineNFTBadSignature(StaticKind):
    template = "a token is defined as (define-non-fungible-token name TYPE)"


class TooManyFunctionParameters(StaticKind):
    template = "a function has at most {allowed} parameters, this one has {found}"
    found: int
    allowed: int


class NoSuchTrait(StaticKind):
    template = "the contract {contract} defines no trait {trait}"
    contract: ContractPrincipal
    trait: str


class TraitReferenceUnknown(StaticKind):
    template = "there is no trait {name} here; define-trait or use-trait makes one known"
    name: str


class TraitMethodUnknown(StaticKind):
    template = "the trait {trait} has no method {method}"
    trait: str
    method: str


class BadTraitImplementation(StaticKind):
    template = "the trait {trait} promises a function {method} that is missing or has other types"
    trait: str
    method: str


class IncompatibleTrait(StaticKind):
    template = "a contract with the trait {actual} need not have the trait {expected}"
    expected: TraitIdentifier
    actual: TraitIdentifier


class DefineTraitBadSignature(StaticKind):
    template = "a trait is defined as (define-trait name ((method (TYPE...) (response OK ERR))...))"


class DefineTraitDuplicateMethod(StaticKind):
    template = "the method {name} stands twice in this trait"
    name: str


class TraitTooManyMethods(StaticKind):
    template = "a trait has at most {allowed} methods, this one has {found}"
    found: int
    allowed: int


class ContractOfExpectsTrait(StaticKind):
    template = "contract-of takes the name of a trait parameter"


class ExpectedTraitIdentifier(StaticKind):
    template = "a trait of a contract is written .contract.trait or 'ADDRESS.contract.trait"


class UnexpectedTraitOrFieldReference(StaticKind):
    template = "a trait cannot be used as a value"


class TraitReferenceChainTooDeep(StaticKind):
    """Traits whose methods take traits whose methods take traits… Not includable in a block."""

    template = "these traits refer to one another in too long a chain"
