"""Types as a source writes them: `(list 3 uint)`, `{a: (optional <token>)}`, `(buff 20)`.

Reading a type costs `type_parse_step` for each of its parts, where a meter is given: execution
pays, analysis does not. A part is charged before it is looked at.

Python calls nest two or three levels for a level of the source.
"""

from collections.abc import Callable, Sequence

from btczs.codec.clarity.errors import UntypedValue, ValueTooLarge
from btczs.codec.clarity.types import (
    BOOL,
    INT,
    PRINCIPAL,
    UINT,
    VALUE_SIZE_MAX,
    ValueType,
    ascii_type,
    buffer_type,
    list_type,
    optional_type,
    response_type,
    trait_type,
    tuple_type,
    utf8_type,
)
from btczs.codec.clarity.values import IntValue
from btczs.vm.clarity.costs import CostMeter
from btczs.vm.clarity.limits import PARAMETERS_MAX, TRAIT_METHODS_MAX
from btczs.vm.clarity.names import ClarityVersion
from btczs.vm.clarity.reader.span import Span
from btczs.vm.clarity.reader.syntax import Atom, Expr, Form, Literal, TraitReference
from btczs.vm.clarity.types.errors import (
    BadSyntaxBinding,
    DefineTraitBadSignature,
    DefineTraitDuplicateMethod,
    DuplicateTupleField,
    EmptyTuplesNotAllowed,
    InvalidTypeDescription,
    TooManyFunctionParameters,
    TraitTooManyMethods,
    UnknownTypeName,
    ValueOutOfBounds,
)
from btczs.vm.clarity.types.methods import MethodType, Trait

U32_MAX = 2**32 - 1

_ATOMS = {"int": INT, "uint": UINT, "bool": BOOL, "principal": PRINCIPAL}


def parse_type(expr: Expr, meter: CostMeter | None = None) -> ValueType:
    """The type that `expr` describes.

    Raises `InvalidTypeDescription`, `UnknownTypeName`, `BadSyntaxBinding`, `DuplicateTupleField`,
    `EmptyTuplesNotAllowed`, `ValueOutOfBounds`, `ValueTooLarge` or `TypeTooDeep`: all of them
    `UntypedValue`. And `LimitExceeded`, with a meter.
    """
    if meter is not None:
        meter.charge("type_parse_step")
    if isinstance(expr, Atom):
        known = _ATOMS.get(expr.name)
        if known is None:
            raise UnknownTypeName(expr.name, expr.span)
        return known
    if isinstance(expr, TraitReference):
        return trait_type(expr.trait)
    if not isinstance(expr, Form) or not expr.items:
        raise InvalidTypeDescription("this is no type", expr.span)
    head = expr.items[0]
    parse = _COMPOUNDS.get(head.name) if isinstance(head, Atom) else None
    if parse is None:
        raise InvalidTypeDescription("this is no type", expr.span)
    return parse(expr.items[1:], expr.span, meter)


def parse_named_types(
    pairs: Sequence[Expr], construct: str, meter: CostMeter | None = None
) -> list[tuple[str, ValueType]]:
    """`(name type)` pairs: the parameters of a function (`Eval`), the fields of a tuple
    (`TupleCons`).

    All pairs are looked at before the first type is read. Raises as `parse_type`.
    """
    shaped: list[tuple[Expr, Expr]] = []
    for index, pair in enumerate(pairs):
        if not isinstance(pair, Form):
            raise BadSyntaxBinding(construct, "NotList", index, pair.span)
        if len(pair.items) != 2:
            raise BadSyntaxBinding(construct, "InvalidLength", index, pair.span)
        shaped.append((pair.items[0], pair.items[1]))
    named: list[tuple[str, ValueType]] = []
    for index, (name, described) in enumerate(shaped):
        if not isinstance(name, Atom):
            raise BadSyntaxBinding(construct, "NotAtom", index, name.span)
        named.append((name.name, parse_type(described, meter)))
    return named


def make_tuple_type(fields: Sequence[tuple[str, ValueType]]) -> ValueType:
    """The tuple type with `fields` in any order.

    Raises `EmptyTuplesNotAllowed`, `DuplicateTupleField`, `ValueTooLarge` or `TypeTooDeep`.
    """
    if not fields:
        raise EmptyTuplesNotAllowed
    by_name: dict[str, ValueType] = {}
    for name, part in fields:
        if name in by_name:
            raise DuplicateTupleField(name)
        by_name[name] = part
    names = tuple(sorted(by_name))
    return tuple_type(names, tuple([by_name[name] for name in names]))


def parse_trait(methods: Expr, version: ClarityVersion, meter: CostMeter | None = None) -> Trait:
    """The methods of a `define-trait`, by name in the order of their names.

    `methods` is the list `((name (types...) (response ok err)) ...)`. In Clarity 1 the last of
    several methods with one name counts.

    Raises `DefineTraitBadSignature`, `DefineTraitDuplicateMethod`, `TraitTooManyMethods`,
    `TooManyFunctionParameters`, and as `parse_type` for the types of parameters.
    """
    if not isinstance(methods, Form):
        raise DefineTraitBadSignature("a trait is a list of methods", methods.span)
    if len(methods.items) > TRAIT_METHODS_MAX:
        raise TraitTooManyMethods(len(methods.items), TRAIT_METHODS_MAX, methods.span)
    trait: Trait = {}
    for method in methods.items:
        name, signature = _parse_method(method, meter)
        if name in trait and version >= 2:
            raise DefineTraitDuplicateMethod(name, method.span)
        trait[name] = signature
    return dict(sorted(trait.items()))


def _parse_method(method: Expr, meter: CostMeter | None) -> tuple[str, MethodType]:
    if not isinstance(method, Form):
        raise DefineTraitBadSignature("a method is a list in brackets", method.span)
    if len(method.items) != 3:
        raise InvalidTypeDescription(
            "a method is its name, its parameters, its result", method.span
        )
    name, parameters, returns = method.items
    if not isinstance(name, Atom):
        raise DefineTraitBadSignature("a method begins with its name", name.span)
    if not isinstance(parameters, Form):
        raise DefineTraitBadSignature("the parameters are a list of types", parameters.span)
    if len(parameters.items) > PARAMETERS_MAX:
        found = len(parameters.items)
        raise TooManyFunctionParameters(found, PARAMETERS_MAX, parameters.span)
    types = tuple([parse_type(parameter, meter) for parameter in parameters.items])
    try:
        returned = parse_type(returns, meter)
    except UntypedValue as error:
        raise DefineTraitBadSignature(f"the result is no type: {error}", returns.span) from error
    if returned.kind != "response":
        raise DefineTraitBadSignature("a method returns a response", returns.span)
    return name.name, MethodType(types, returned)


def _expect(args: Sequence[Expr], count: int, span: Span, form: str) -> None:
    if len(args) != count:
        raise InvalidTypeDescription(f"this type is written {form}", span)


def _length(expr: Expr, form: str) -> int:
    if isinstance(expr, Literal) and isinstance(expr.value, IntValue):
        return expr.value.value
    raise InvalidTypeDescription(f"this type is written {form}", expr.span)


def _parse_list(args: Sequence[Expr], span: Span, meter: CostMeter | None) -> ValueType:
    form = "(list LENGTH TYPE)"
    _expect(args, 2, span, form)
    length = _length(args[0], form)
    item = parse_type(args[1], meter)
    if not 0 <= length <= U32_MAX:
        raise ValueTooLarge("a list cannot be so long")
    return list_type(length, item)


def _parse_tuple(args: Sequence[Expr], _span: Span, meter: CostMeter | None) -> ValueType:
    return make_tuple_type(parse_named_types(args, "TupleCons", meter))


def _parse_optional(args: Sequence[Expr], span: Span, meter: CostMeter | None) -> ValueType:
    _expect(args, 1, span, "(optional TYPE)")
    return optional_type(parse_type(args[0], meter))


def _parse_response(args: Sequence[Expr], span: Span, meter: CostMeter | None) -> ValueType:
    _expect(args, 2, span, "(response OK-TYPE ERR-TYPE)")
    ok = parse_type(args[0], meter)
    return response_type(ok, parse_type(args[1], meter))


def _sequence_parser(
    word: str, make: Callable[[int], ValueType], length_max: int
) -> Callable[[Sequence[Expr], Span, CostMeter | None], ValueType]:
    form = f"({word} LENGTH)"

    def parse(args: Sequence[Expr], span: Span, _meter: CostMeter | None) -> ValueType:
        _expect(args, 1, span, form)
        length = _length(args[0], form)
        if length > length_max:
            raise ValueTooLarge(f"a {word} has a length of at most {length_max}")
        if length < 0:
            raise ValueOutOfBounds("a length cannot be negative", args[0].span)
        return make(length)

    return parse


_COMPOUNDS: dict[str, Callable[[Sequence[Expr], Span, CostMeter | None], ValueType]] = {
    "list": _parse_list,
    "tuple": _parse_tuple,
    "optional": _parse_optional,
    "response": _parse_response,
    "buff": _sequence_parser("buff", buffer_type, VALUE_SIZE_MAX),
    "string-ascii": _sequence_parser("string-ascii", ascii_type, VALUE_SIZE_MAX),
    "string-utf8": _sequence_parser("string-utf8", utf8_type, VALUE_SIZE_MAX // 4),
}
