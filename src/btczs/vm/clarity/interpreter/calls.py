"""Calls between contracts: `contract-call?`, `contract-of` and `as-contract`.

The contract is named in the source, or by a constant, or it came as an argument for a trait. In
the last case nobody has checked that it has the trait, unless it declares so (`impl-trait`): then
the function must exist with fitting parameters, and what it returns must be what the trait
promises.

The called function sees the calling contract as `contract-caller` and the same `tx-sender`. Values
are made to fit on the way in and out, so no list or tuple keeps a type its new owner does not know.
"""

from collections.abc import Sequence

from btczs.codec.clarity.principals import principal_text
from btczs.codec.clarity.types import ValueType
from btczs.codec.clarity.values import ContractPrincipal, Value
from btczs.vm.clarity.interpreter.environment import Environment
from btczs.vm.clarity.interpreter.functions import call_function
from btczs.vm.clarity.interpreter.natives.registry import special
from btczs.vm.clarity.reader.syntax import Atom, Expr, Literal
from btczs.vm.clarity.runtime.contracts import Contract, UserFunction
from btczs.vm.clarity.runtime.errors import (
    BadTraitImplementation,
    CircularReference,
    ContractCallExpectName,
    CouldNotDetermineType,
    NoSuchContract,
    NoSuchPublicFunction,
    ReturnTypesMustMatch,
    TraitMethodUnknown,
    TraitReferenceUnknown,
    TypeValueError,
    UndefinedFunction,
    Unreachable,
    check_argument_count,
    check_arguments_at_least,
)
from btczs.vm.clarity.runtime.values import CallableContract
from btczs.vm.clarity.types.admission import admits_type
from btczs.vm.clarity.types.methods import parameters_comply
from btczs.vm.clarity.types.sanitize import sanitize
from btczs.vm.clarity.types.text import type_text
from btczs.vm.clarity.types.typed import type_of

AS_CONTRACT_MEMORY = 1
"""Bytes that `as-contract` holds while its body is evaluated."""


@special("contract-call?")
def contract_call(args: Sequence[Expr], env: Environment) -> Value:
    """(contract-call? contract function arg …)"""
    check_arguments_at_least(2, args)
    env.charge("contract_call")
    name = args[1]
    if not isinstance(name, Atom):
        raise Unreachable("contract-call? names a function", name.span)
    values = []
    for arg in args[2:]:
        values.append(env.eval(arg))
    target = _target(args[0], env)
    promised = check_trait(target, name.name, env) if target.trait is not None else None
    called = ContractPrincipal(target.version, target.hash20, target.name)
    result = call_contract(env, env.contract.id, called, name.name, values)
    result_type = type_of(result)
    fitted = sanitize(result_type, result)
    if fitted is None:
        raise CouldNotDetermineType("the result of the call has no type")
    if promised is not None and not admits_type(promised, type_of(fitted)):
        raise ReturnTypesMustMatch(
            f"the trait promises {type_text(promised)}, the call gave {type_text(result_type)}"
        )
    return fitted


def call_contract(
    env: Environment,
    caller: ContractPrincipal | None,
    contract: ContractPrincipal,
    name: str,
    args: Sequence[Value],
    *,
    read_only: bool = False,
) -> Value:
    """Calls a public or read-only function of another contract.

    `caller` None: a transaction calls, `contract-caller` is the one of `env`. `read_only`: a
    public function is refused.
    """
    called = env.contract_at(contract)
    if called is None:
        raise _no_such_contract(contract)
    execution, meter = env.execution, env.meter
    size = called.load_size
    meter.charge("load_contract", size)
    meter.add_memory(size)
    try:
        function = _outside_function(called, name, read_only)
        values = [_fit_argument(arg) for arg in args]
        if function.key in execution.running:
            raise CircularReference(f"{function.key} is called while it runs")
        execution.depth += 1
        try:
            inner = env.in_contract(called, env.caller if caller is None else caller)
            return call_function(function, values, inner)
        finally:
            execution.depth -= 1
    finally:
        meter.drop_memory(size)


@special("contract-of")
def contract_of(args: Sequence[Expr], env: Environment) -> Value:
    """(contract-of trait-parameter): the contract that came for a trait, as a principal."""
    check_argument_count(1, args)
    env.charge("contract_of")
    reference = args[0]
    found = env.locals.lookup_callable(reference.name) if isinstance(reference, Atom) else None
    if found is None:
        raise Unreachable("contract-of asks for a trait parameter", reference.span)
    contract = ContractPrincipal(found.version, found.hash20, found.name)
    if env.contract_at(contract) is None:
        raise _no_such_contract(contract)
    return contract


@special("as-contract")
def as_contract(args: Sequence[Expr], env: Environment) -> Value:
    """(as-contract expr): with the contract itself as `tx-sender` and `contract-caller`."""
    check_argument_count(1, args)
    env.charge("as_contract")
    env.meter.add_memory(AS_CONTRACT_MEMORY)
    try:
        value, borrowed = env.as_principal(env.contract.id).eval_ref(args[0])
    finally:
        env.meter.drop_memory(AS_CONTRACT_MEMORY)
    return env.own(value, borrowed)


def _target(reference: Expr, env: Environment) -> CallableContract:
    """The contract that is called, with the trait it is called through, if any."""
    if isinstance(reference, Literal) and isinstance(reference.value, ContractPrincipal):
        return _callable(reference.value)
    if isinstance(reference, Atom):
        constant = env.contract.constants.get(reference.name)
        if (
            env.version >= 2
            and not env.contract.deploying
            and constant.__class__ is ContractPrincipal
        ):
            assert isinstance(constant, ContractPrincipal)
            return _callable(constant)
        found = env.locals.lookup_callable(reference.name)
        if found is not None:
            return found
    raise ContractCallExpectName("contract-call? needs a contract", reference.span)


def check_trait(target: CallableContract, name: str, env: Environment) -> ValueType | None:
    """Checks that `target` can be called through its trait.

    Gives the type that the trait promises, if the result still has to be checked.
    """
    contract = ContractPrincipal(target.version, target.hash20, target.name)
    if contract == env.contract.id:
        raise CircularReference(f"{contract.name} calls itself through a trait")
    called = env.contract_at(contract)
    if called is None:
        raise _no_such_contract(contract)
    trait = target.trait
    assert trait is not None
    if trait in called.implemented_traits:
        return None
    definer = env.contract_at(trait.contract)
    if definer is None:
        raise _no_such_contract(trait.contract)
    function = called.functions.get(name)
    if function is None:
        raise _bad_implementation(trait.name, name)
    if env.read_only:
        raise Unreachable("a call through a trait may write, here everything is read-only")
    if not function.is_callable_from_outside:
        raise _no_such_function(contract, name)
    methods = definer.defined_traits.get(trait.name)
    if methods is None:
        raise TraitReferenceUnknown(f"there is no trait {trait.name}", name=trait.name)
    method = methods.get(name)
    if method is None:
        raise TraitMethodUnknown(
            f"{trait.name} has no method {name}", trait=trait.name, method=name
        )
    if not parameters_comply(method, tuple([declared for _, declared in function.parameters])):
        raise _bad_implementation(trait.name, name)
    return method.returns


def _outside_function(called: Contract, name: str, read_only: bool) -> UserFunction:
    function = called.functions.get(name)
    if function is None:
        raise UndefinedFunction(f"{called.id.name} has no function {name}", name=name)
    if not function.is_callable_from_outside:
        raise _no_such_function(called.id, name)
    if read_only and function.access != "read_only":
        raise Unreachable(f"{name} is not read-only")
    return function


def _fit_argument(arg: Value) -> Value:
    declared = type_of(arg)
    fitted = sanitize(declared, arg)
    if fitted is None:
        raise TypeValueError.of(declared, arg)
    return fitted


def _callable(contract: ContractPrincipal) -> CallableContract:
    return CallableContract(contract.version, contract.hash20, contract.name)


def _no_such_contract(contract: ContractPrincipal) -> NoSuchContract:
    text = principal_text(contract)
    return NoSuchContract(f"there is no contract {text}", contract=text)


def _no_such_function(contract: ContractPrincipal, name: str) -> NoSuchPublicFunction:
    text = principal_text(contract)
    return NoSuchPublicFunction(f"{text} has no public {name}", contract=text, function=name)


def _bad_implementation(trait: str, method: str) -> BadTraitImplementation:
    return BadTraitImplementation(
        f"{method} is not as {trait} promises", trait=trait, method=method
    )
