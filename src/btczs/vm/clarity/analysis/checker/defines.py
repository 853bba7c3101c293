"""Definitions: what they bind, and what their bodies and first values must be."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from btczs.codec.clarity.errors import UntypedValue
from btczs.codec.clarity.types import UINT, UNKNOWN, ValueType
from btczs.vm.clarity.analysis import errors
from btczs.vm.clarity.analysis.checker.arguments import name_in
from btczs.vm.clarity.analysis.checker.common import Common
from btczs.vm.clarity.analysis.checker.scope import Scope
from btczs.vm.clarity.analysis.database import get_trait
from btczs.vm.clarity.analysis.definitions import Definition
from btczs.vm.clarity.analysis.model import FunctionType
from btczs.vm.clarity.limits import PARAMETERS_MAX
from btczs.vm.clarity.reader.syntax import Atom, Expr
from btczs.vm.clarity.types.admission import concretize
from btczs.vm.clarity.types.methods import trait_type_size
from btczs.vm.clarity.types.parse import parse_named_types, parse_trait, parse_type

if TYPE_CHECKING:
    from btczs.vm.clarity.analysis.checker.checker import TypeChecker


def check_definition(checker: "TypeChecker", definition: Definition) -> None:
    """Checks a top-level definition and adds it to the analysis."""
    _CHECKS[definition.word](checker, definition)


def _bind(checker: "TypeChecker", name: str, *sizes: int) -> None:
    """Pays for a name that is bound to types of these sizes, and takes the memory for it."""
    checker.charges.step("analysis_bind_name", sum(sizes))
    checker.meter.add_memory(len(name) + sum(sizes))


def _name(definition: Definition) -> Atom:
    assert definition.name is not None, "the shape was looked at before"
    return definition.name


def _value(definition: Definition) -> Expr:
    assert definition.value is not None, "the shape was looked at before"
    return definition.value


def _constant(checker: "TypeChecker", definition: Definition) -> None:
    name = _name(definition)
    found = checker.check(_value(definition))
    _bind(checker, name.name, found.type_size)
    checker.names.take(name.name, name.span)
    checker.analysis.constants[name.name] = found


def _variable(checker: "TypeChecker", definition: Definition) -> None:
    name = _name(definition)
    held = _parse(definition.types[0], errors.DefineVariableBadSignature)
    checker.expect(_value(definition), held)
    _bind(checker, name.name, held.type_size)
    checker.names.take(name.name, name.span)
    checker.analysis.data_vars[name.name] = held


def _map(checker: "TypeChecker", definition: Definition) -> None:
    name = _name(definition)
    for described in definition.types:
        checker.types[described.id] = UNKNOWN
    key, value = [_parse(part, errors.BadMapTypeDefinition) for part in definition.types]
    _bind(checker, name.name, key.type_size, value.type_size)
    checker.names.take(name.name, name.span)
    checker.analysis.maps[name.name] = (key, value)


def _fungible_token(checker: "TypeChecker", definition: Definition) -> None:
    name = _name(definition)
    if definition.value is not None:
        checker.expect(definition.value, UINT)
    _bind(checker, name.name, UINT.type_size)
    checker.names.take(name.name, name.span)
    checker.analysis.fungible_tokens.add(name.name)


def _non_fungible_token(checker: "TypeChecker", definition: Definition) -> None:
    name = _name(definition)
    held = _parse(definition.types[0], errors.DefineNFTBadSignature)
    _bind(checker, name.name, held.type_size)
    checker.names.take(name.name, name.span)
    checker.analysis.non_fungible_tokens[name.name] = held


def _parse(described: Expr, kind: type[errors.StaticKind]) -> ValueType:
    """The type in a definition, free of cost. Raises `kind`, whatever is wrong with the type."""
    try:
        return parse_type(described)
    except UntypedValue as error:
        span = errors.static_error(error, described.span).span
        raise kind(span=span) from error


def _public(checker: "TypeChecker", definition: Definition) -> None:
    name, function = _check_function(checker, definition)
    if function.returns.kind != "response":
        raise errors.PublicFunctionMustReturnResponse(function.returns, span=name.span)
    checker.names.take(name.name, name.span)
    checker.analysis.public_functions[name.name] = function


def _private(checker: "TypeChecker", definition: Definition) -> None:
    name, function = _check_function(checker, definition)
    checker.names.take(name.name, name.span)
    checker.analysis.private_functions[name.name] = function


def _read_only(checker: "TypeChecker", definition: Definition) -> None:
    """Names of read-only functions are not kept as used: a second one fails when it is defined."""
    name, function = _check_function(checker, definition)
    checker.names.require_free(name.name, name.span)
    checker.analysis.read_only_functions[name.name] = function


def _check_function(checker: "TypeChecker", definition: Definition) -> tuple[Atom, FunctionType]:
    signature = definition.signature or ()
    if not signature:
        raise errors.RequiresAtLeastArguments(1, 0, span=definition.span)
    name, *pairs = signature
    if len(pairs) > PARAMETERS_MAX:
        raise errors.TooManyFunctionParameters(len(pairs), PARAMETERS_MAX, span=definition.span)
    word = name_in(name, errors.BadFunctionName)
    parameters = parse_named_types(pairs, "Eval")
    held = _bind_parameters(checker, pairs, parameters)
    returned = _check_function_body(checker, _value(definition), parameters)
    checker.meter.drop_memory(held)
    function = FunctionType(tuple(parameters), concretize(returned))
    _bind(checker, word, function.method.type_size)
    assert isinstance(name, Atom), "it was looked at above"
    checker.types[name.id] = function.returns
    return name, function


def _bind_parameters(
    checker: "TypeChecker",
    pairs: Sequence[Expr],
    parameters: Sequence[tuple[str, ValueType]],
) -> int:
    """Takes the memory for parameters; says how much."""
    held = 0
    for (name, parameter), pair in zip(parameters, pairs):
        checker.names.require_free(name, pair.span)
        memory = len(name) + parameter.type_size
        checker.meter.add_memory(memory)
        held += memory
    return held


def _check_function_body(
    checker: "TypeChecker", body: Expr, parameters: Sequence[tuple[str, ValueType]]
) -> ValueType:
    """The common type of the body and of every early return."""
    outer, checker.scope = checker.scope, Scope.of_function(parameters)
    checker.returns = Common(checker.unions)
    found = checker.check(body)
    early = checker.returns.result()
    try:
        checker.returns.add(found)
    except UntypedValue as error:
        raise errors.ReturnTypesMustMatch(early or UNKNOWN, found, span=body.span) from error
    returned = checker.returns.result()
    checker.scope, checker.returns = outer, None
    assert returned is not None, "the body has a type"
    return returned


def _trait(checker: "TypeChecker", definition: Definition) -> None:
    name = _name(definition)
    trait = parse_trait(definition.types[0], checker.version)
    _bind(checker, name.name, trait_type_size(trait))
    checker.names.define_trait(name.name, trait, name.span)
    checker.forget_traits()


def _use_trait(checker: "TypeChecker", definition: Definition) -> None:
    name, identifier = _name(definition), definition.trait
    assert identifier is not None, "the shape was looked at before"
    trait = get_trait(checker.contracts, identifier, definition.span)
    if trait is None:
        checker.charges.step("analysis_use_trait_entry", 1)
        raise errors.TraitReferenceUnknown(name.name, span=definition.span)
    size = trait_type_size(trait)
    checker.charges.step("analysis_use_trait_entry", size)
    _bind(checker, identifier.name, size)
    checker.names.use_trait(name.name, identifier, trait, name.span)
    checker.forget_traits()


def _impl_trait(checker: "TypeChecker", definition: Definition) -> None:
    assert definition.trait is not None, "the shape was looked at before"
    checker.meter.add_memory(len(definition.trait.name))
    checker.analysis.implemented_traits.add(definition.trait)


_CHECKS: Final[dict[str, Callable[["TypeChecker", Definition], None]]] = {
    "define-constant": _constant,
    "define-private": _private,
    "define-public": _public,
    "define-read-only": _read_only,
    "define-map": _map,
    "define-data-var": _variable,
    "define-fungible-token": _fungible_token,
    "define-non-fungible-token": _non_fungible_token,
    "define-trait": _trait,
    "use-trait": _use_trait,
    "impl-trait": _impl_trait,
}
