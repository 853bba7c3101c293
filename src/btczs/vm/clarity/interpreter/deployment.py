"""Deploying: the top level of a contract, definition by definition.

Expressions between the definitions are evaluated as they stand, with the publisher as `tx-sender`
and `contract-caller`; the last of them gives the value of the whole. Nothing catches an early
return here: `(asserts! false …)` at the top level ends the deployment.
"""

from collections.abc import Iterable

from btczs.codec.clarity.encode import encode_value
from btczs.codec.clarity.types import UINT
from btczs.codec.clarity.values import Principal, UIntValue, Value
from btczs.crypto.hashes import sha512_256
from btczs.vm.clarity.interpreter.definitions import (
    ConstantDefinition,
    Definition,
    FunctionDefinition,
    FungibleTokenDefinition,
    MapDefinition,
    NonFungibleTokenDefinition,
    TraitDefinition,
    TraitImplementation,
    TraitUse,
    VariableDefinition,
    read_definition,
)
from btczs.vm.clarity.interpreter.environment import Environment
from btczs.vm.clarity.interpreter.execution import Execution
from btczs.vm.clarity.interpreter.locals import LocalContext
from btczs.vm.clarity.reader.syntax import Expr
from btczs.vm.clarity.runtime import storage
from btczs.vm.clarity.runtime.contracts import Contract
from btczs.vm.clarity.runtime.errors import CouldNotDetermineType, TypeValueError
from btczs.vm.clarity.runtime.typing import size_of
from btczs.vm.clarity.types.admission import admits
from btczs.vm.clarity.types.sanitize import sanitize
from btczs.vm.clarity.types.typed import type_of


def initialize(
    contract: Contract, order: Iterable[Expr], execution: Execution, sponsor: Principal | None
) -> Value | None:
    """Executes the top level of `contract`, in `order`; fills `contract`.

    Charges what storing the source costs. Gives the value of the last expression that is no
    definition, None if there is none.
    """
    meter = execution.meter
    meter.charge("contract_storage", len(contract.source))
    digest = sha512_256(contract.source.encode("ascii"))
    storage.put_contract_hash(execution.state, contract.id, digest)
    meter.add_memory(len(contract.source))
    publisher = contract.id.issuer
    env = Environment(execution, contract, publisher, publisher, sponsor, LocalContext())
    contract.deploying = True
    value = None
    try:
        for expr in order:
            definition = read_definition(expr, contract, meter)
            if definition is None:
                value = env.eval(expr)
            else:
                establish(definition, env)
    finally:
        contract.deploying = False
        meter.drop_memory(len(contract.source) + contract.data_size)
    _settle_constants(contract)
    return value


def establish(definition: Definition, env: Environment) -> None:
    """Gives a definition its effect in the contract of `env`."""
    match definition:
        case ConstantDefinition():
            _establish_constant(definition, env)
        case FunctionDefinition(function):
            env.charge("bind_name")
            env.contract.functions[function.name] = function
        case MapDefinition(name, key, value):
            env.charge("create_map", key.size + value.size)
            env.meter.add_memory(key.type_size)
            env.meter.add_memory(value.type_size)
            env.contract.maps[name] = (key, value)
        case VariableDefinition():
            _establish_variable(definition, env)
        case FungibleTokenDefinition():
            _establish_token(definition, env)
        case NonFungibleTokenDefinition(name, identifier):
            env.charge("create_nft", identifier.size)
            env.meter.add_memory(identifier.type_size)
            env.contract.non_fungible_tokens[name] = identifier
        case TraitDefinition(name, methods):
            env.contract.defined_traits[name] = methods
        case TraitImplementation(trait):
            env.contract.implemented_traits.add(trait)
        case TraitUse():
            pass


def _establish_constant(definition: ConstantDefinition, env: Environment) -> None:
    value = env.eval(definition.value)
    env.charge("bind_name")
    size = size_of(value)
    env.contract.data_size += size
    env.meter.add_memory(size)
    env.contract.constants[definition.name] = value


def _establish_variable(definition: VariableDefinition, env: Environment) -> None:
    declared = definition.type
    value = env.eval(definition.initial)
    env.charge("create_var", declared.size)
    env.meter.add_memory(declared.type_size)
    env.meter.add_memory(size_of(value))
    if not admits(declared, value):
        raise TypeValueError.of(declared, value)
    env.contract.data_vars[definition.name] = declared
    stored = encode_value(_settled(value))
    storage.put_var(env.state, env.contract.id, definition.name, stored)


def _establish_token(definition: FungibleTokenDefinition, env: Environment) -> None:
    supply_max = None
    if definition.supply_max is not None:
        value, _ = env.eval_ref(definition.supply_max)
        if not isinstance(value, UIntValue):
            raise TypeValueError.of(UINT, value)
        supply_max = value.value
    env.charge("create_ft")
    env.meter.add_memory(UINT.type_size)
    env.contract.fungible_tokens[definition.name] = supply_max
    storage.create_ft(env.state, env.contract.id, definition.name)


def _settle_constants(contract: Contract) -> None:
    """Constants take the type of their content, as they will when the contract is loaded."""
    for name, value in contract.constants.items():
        contract.constants[name] = _settled(value)


def _settled(value: Value) -> Value:
    settled = sanitize(type_of(value), value)
    if settled is None:
        raise CouldNotDetermineType("a value has no type of its own")
    return settled
