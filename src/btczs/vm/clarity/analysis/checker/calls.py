"""Calls of other contracts: `contract-call?` and `contract-of`."""

from typing import TYPE_CHECKING

from btczs.codec.clarity.types import PRINCIPAL, UNKNOWN, ValueType, contract_type
from btczs.codec.clarity.values import ContractPrincipal
from btczs.vm.clarity.analysis import errors
from btczs.vm.clarity.analysis.checker.arguments import at_least, exactly, name_in
from btczs.vm.clarity.analysis.database import fetch_function
from btczs.vm.clarity.analysis.model import MethodType
from btczs.vm.clarity.reader.syntax import Atom, Expr, Form, Literal

if TYPE_CHECKING:
    from btczs.vm.clarity.analysis.checker.checker import TypeChecker


def check_contract_call(checker: "TypeChecker", form: Form) -> ValueType:
    """`(contract-call? contract function argument...)`

    The contract is named in the source, or by a constant (from Clarity 2 on), and must exist; or
    it is a local name with a trait, and the trait tells its functions.
    """
    args = at_least(form, 2)
    called, function = args[0], args[1]
    name = name_in(function, errors.ContractCallExpectName)
    checker.types[function.id] = UNKNOWN
    method = _method(checker, called, name, function)
    if len(args) - 2 != len(method.parameters):
        expected, actual = len(method.parameters), len(args) - 2
        raise errors.IncorrectArgumentCount(expected, actual, span=form.span)
    for arg, parameter in zip(args[2:], method.parameters):
        checker.expect(arg, parameter)
    return method.returns


def _method(checker: "TypeChecker", called: Expr, name: str, function: Expr) -> MethodType:
    if isinstance(called, Literal) and isinstance(called.value, ContractPrincipal):
        checker.types[called.id] = contract_type(called.value)
        return _named_method(checker, called.value, name, function)
    if not isinstance(called, Atom):
        raise errors.ContractCallExpectName(span=called.span)
    constant = checker.analysis.constants.get(called.name) if checker.version >= 2 else None
    if constant is None:
        return _trait_method(checker, called, name, function)
    if constant.kind != "callable" or constant.contract is None:
        raise errors.ExpectedCallableType(constant, span=called.span)
    checker.types[called.id] = constant
    return _named_method(checker, constant.contract, name, function)


def _named_method(
    checker: "TypeChecker", contract: ContractPrincipal, name: str, at: Expr
) -> MethodType:
    return fetch_function(checker.contracts, contract, name, checker.meter, at.span).method


def _trait_method(checker: "TypeChecker", called: Atom, name: str, at: Expr) -> MethodType:
    held = checker.scope.traits.get(called.name)
    if held is None or held.trait is None:
        raise errors.TraitReferenceUnknown(called.name, span=called.span)
    checker.types[called.id] = held
    checker.charges.step("analysis_lookup_function")
    trait = checker.names.get_trait(held.trait)
    if trait is None:
        raise errors.TraitReferenceUnknown(held.trait.name, span=called.span)
    method = trait.get(name)
    if method is None:
        raise errors.TraitMethodUnknown(held.trait.name, name, span=at.span)
    checker.charges.step("analysis_lookup_function_types", method.type_size)
    return method


def check_contract_of(checker: "TypeChecker", form: Form) -> ValueType:
    """`(contract-of name)`: the principal of a contract that is known by its trait."""
    (arg,) = exactly(form, 1)
    name = name_in(arg, errors.ContractOfExpectsTrait)
    held = checker.scope.traits.get(name)
    if held is None or held.trait is None:
        raise errors.TraitReferenceUnknown(name, span=arg.span)
    checker.types[arg.id] = held
    checker.charges.step("contract_of", 1)
    if checker.names.get_trait(held.trait) is None:
        raise errors.TraitReferenceUnknown(held.trait.name, span=arg.span)
    return PRINCIPAL
