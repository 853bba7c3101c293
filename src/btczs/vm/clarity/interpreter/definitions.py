"""Definitions as the source states them: `(define-… )` forms read into small values.

Reading checks the form and the names and parses types; it evaluates nothing. `establish` (in
`deployment`) gives a definition its effect; `loading` reads the same forms again when a contract
comes back from the state.
"""

from collections.abc import Callable, Sequence

import msgspec

from btczs.codec.clarity.types import TraitIdentifier, ValueType
from btczs.vm.clarity.analysis.model import Access
from btczs.vm.clarity.costs import CostMeter
from btczs.vm.clarity.reader.syntax import Atom, Expr, Field, Form
from btczs.vm.clarity.runtime.contracts import Contract, UserFunction
from btczs.vm.clarity.runtime.errors import (
    IncorrectArgumentCount,
    NameAlreadyUsed,
    Unreachable,
    check_argument_count,
    check_arguments_at_least,
)
from btczs.vm.clarity.types.methods import Trait
from btczs.vm.clarity.types.parse import parse_named_types, parse_trait, parse_type


class ConstantDefinition(msgspec.Struct, frozen=True):
    name: str
    value: Expr


class FunctionDefinition(msgspec.Struct, frozen=True):
    function: UserFunction


class MapDefinition(msgspec.Struct, frozen=True):
    name: str
    key: ValueType
    value: ValueType


class VariableDefinition(msgspec.Struct, frozen=True):
    name: str
    type: ValueType
    initial: Expr


class FungibleTokenDefinition(msgspec.Struct, frozen=True):
    name: str
    supply_max: Expr | None


class NonFungibleTokenDefinition(msgspec.Struct, frozen=True):
    name: str
    identifier: ValueType


class TraitDefinition(msgspec.Struct, frozen=True):
    name: str
    methods: Trait


class TraitUse(msgspec.Struct, frozen=True):
    """`use-trait`: the reader has already put the trait where its name was used."""

    name: str


class TraitImplementation(msgspec.Struct, frozen=True):
    trait: TraitIdentifier


Definition = (
    ConstantDefinition
    | FunctionDefinition
    | MapDefinition
    | VariableDefinition
    | FungibleTokenDefinition
    | NonFungibleTokenDefinition
    | TraitDefinition
    | TraitUse
    | TraitImplementation
)


def read_definition(expr: Expr, contract: Contract, meter: CostMeter | None) -> Definition | None:
    """The definition that `expr` is, or None if it is an expression to evaluate.

    Types are charged to `meter`, if there is one. Raises `NameAlreadyUsed`,
    `IncorrectArgumentCount`, `Unreachable`, and as `parse_type`.
    """
    if not isinstance(expr, Form) or not expr.items or not isinstance(expr.items[0], Atom):
        return None
    read = _READERS.get(expr.items[0].name)
    return None if read is None else read(expr.items[1:], contract, meter)


def _constant(args: Sequence[Expr], contract: Contract, _meter: CostMeter | None) -> Definition:
    check_argument_count(2, args)
    return ConstantDefinition(_free_name(args[0], contract), args[1])


def _function(access: Access) -> "_Reader":
    def read(args: Sequence[Expr], contract: Contract, meter: CostMeter | None) -> Definition:
        check_argument_count(2, args)
        signature, body = args
        if not isinstance(signature, Form) or not signature.items:
            raise Unreachable("a function is defined by (name parameter …)", signature.span)
        name = _free_name(signature.items[0], contract)
        parameters = parse_named_types(signature.items[1:], "Eval", meter)
        for parameter, _ in parameters:
            _check_free(parameter, contract)
        return FunctionDefinition(
            UserFunction(contract.function_key(name), name, access, tuple(parameters), body)
        )

    return read


def _map(args: Sequence[Expr], contract: Contract, meter: CostMeter | None) -> Definition:
    check_argument_count(3, args)
    name = _free_name(args[0], contract)
    key = parse_type(args[1], meter)
    return MapDefinition(name, key, parse_type(args[2], meter))


def _variable(args: Sequence[Expr], contract: Contract, meter: CostMeter | None) -> Definition:
    check_argument_count(3, args)
    name = _free_name(args[0], contract)
    return VariableDefinition(name, parse_type(args[1], meter), args[2])


def _fungible(args: Sequence[Expr], contract: Contract, _meter: CostMeter | None) -> Definition:
    check_arguments_at_least(1, args)
    name = _name(args[0])
    if len(args) > 2:
        raise IncorrectArgumentCount.of(1, len(args))
    _check_free(name, contract)
    return FungibleTokenDefinition(name, args[1] if len(args) == 2 else None)


def _non_fungible(args: Sequence[Expr], contract: Contract, meter: CostMeter | None) -> Definition:
    check_argument_count(2, args)
    name = _free_name(args[0], contract)
    return NonFungibleTokenDefinition(name, parse_type(args[1], meter))


def _trait(args: Sequence[Expr], contract: Contract, meter: CostMeter | None) -> Definition:
    check_argument_count(2, args)
    name = _free_name(args[0], contract)
    return TraitDefinition(name, parse_trait(args[1], contract.version, meter))


def _use(args: Sequence[Expr], _contract: Contract, _meter: CostMeter | None) -> Definition:
    check_argument_count(2, args)
    name = _name(args[0])
    _field(args[1])
    return TraitUse(name)


def _implementation(
    args: Sequence[Expr], _contract: Contract, _meter: CostMeter | None
) -> Definition:
    check_argument_count(1, args)
    return TraitImplementation(_field(args[0]))


_Reader = Callable[[Sequence[Expr], Contract, CostMeter | None], Definition]

_READERS: dict[str, _Reader] = {
    "define-constant": _constant,
    "define-private": _function("private"),
    "define-public": _function("public"),
    "define-read-only": _function("read_only"),
    "define-map": _map,
    "define-data-var": _variable,
    "define-fungible-token": _fungible,
    "define-non-fungible-token": _non_fungible,
    "define-trait": _trait,
    "use-trait": _use,
    "impl-trait": _implementation,
}


def _name(expr: Expr) -> str:
    if not isinstance(expr, Atom):
        raise Unreachable("a definition starts with a name", expr.span)
    return expr.name


def _free_name(expr: Expr, contract: Contract) -> str:
    name = _name(expr)
    _check_free(name, contract)
    return name


def _check_free(name: str, contract: Contract) -> None:
    if contract.is_name_used(name):
        raise NameAlreadyUsed(f"the name {name} is already used", name=name)


def _field(expr: Expr) -> TraitIdentifier:
    if not isinstance(expr, Field):
        raise Unreachable("a trait is named by its contract and name", expr.span)
    return expr.trait
