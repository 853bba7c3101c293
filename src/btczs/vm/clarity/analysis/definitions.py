"""The shapes of the eleven `define-` forms, before anything in them is understood."""

from collections.abc import Callable, Sequence

import msgspec

from btczs.codec.clarity.types import TraitIdentifier
from btczs.vm.clarity.analysis.errors import (
    DefineFunctionBadSignature,
    ExpectedName,
    ExpectedTraitIdentifier,
    IncorrectArgumentCount,
    RequiresAtLeastArguments,
)
from btczs.vm.clarity.reader.span import Span
from btczs.vm.clarity.reader.syntax import Atom, Expr, Field, Form


class Definition(msgspec.Struct, frozen=True):
    """A definition. Which fields are set depends on `word`.

    `name`: what is defined; functions have it in their `signature` instead, `impl-trait` has none.
    `types`: key and value of a map, the type of a variable or token, the methods of a trait.
    `value`: what is evaluated, or the body of a function.
    """

    word: str
    span: Span
    name: Atom | None = None
    signature: tuple[Expr, ...] | None = None
    types: tuple[Expr, ...] = ()
    value: Expr | None = None
    trait: TraitIdentifier | None = None


def parse_definition(expr: Expr) -> Definition | None:
    """The definition that a top-level expression is, None if it is none.

    Raises `IncorrectArgumentCount`, `RequiresAtLeastArguments`, `ExpectedName`,
    `DefineFunctionBadSignature` or `ExpectedTraitIdentifier`.
    """
    if not isinstance(expr, Form) or not expr.items or not isinstance(expr.items[0], Atom):
        return None
    word = expr.items[0].name
    parse = _PARSERS.get(word)
    return None if parse is None else parse(word, expr.items[1:], expr.span)


def _count(args: Sequence[Expr], expected: int, span: Span) -> None:
    if len(args) != expected:
        raise IncorrectArgumentCount(span=span, expected=expected, actual=len(args))


def _name(args: Sequence[Expr], span: Span) -> Atom:
    name = args[0]
    if not isinstance(name, Atom):
        raise ExpectedName(span=span)
    return name


def _parse_function(word: str, args: tuple[Expr, ...], span: Span) -> Definition:
    _count(args, 2, span)
    if not isinstance(args[0], Form):
        raise DefineFunctionBadSignature(span=span)
    return Definition(word, span, signature=args[0].items, value=args[1])


def _parse_constant(word: str, args: tuple[Expr, ...], span: Span) -> Definition:
    _count(args, 2, span)
    return Definition(word, span, name=_name(args, span), value=args[1])


def _parse_variable(word: str, args: tuple[Expr, ...], span: Span) -> Definition:
    _count(args, 3, span)
    return Definition(word, span, name=_name(args, span), types=(args[1],), value=args[2])


def _parse_map(word: str, args: tuple[Expr, ...], span: Span) -> Definition:
    _count(args, 3, span)
    return Definition(word, span, name=_name(args, span), types=args[1:])


def _parse_token(word: str, args: tuple[Expr, ...], span: Span) -> Definition:
    if not args:
        raise RequiresAtLeastArguments(span=span, expected=1, actual=0)
    name = _name(args, span)
    if len(args) > 2:
        raise IncorrectArgumentCount(span=span, expected=1, actual=len(args))
    return Definition(word, span, name=name, value=args[1] if len(args) == 2 else None)


def _parse_typed(word: str, args: tuple[Expr, ...], span: Span) -> Definition:
    _count(args, 2, span)
    return Definition(word, span, name=_name(args, span), types=(args[1],))


def _parse_use_trait(word: str, args: tuple[Expr, ...], span: Span) -> Definition:
    _count(args, 2, span)
    name, field = _name(args, span), args[1]
    if not isinstance(field, Field):
        raise ExpectedTraitIdentifier(span=span)
    return Definition(word, span, name=name, trait=field.trait)


def _parse_impl_trait(word: str, args: tuple[Expr, ...], span: Span) -> Definition:
    _count(args, 1, span)
    if not isinstance(args[0], Field):
        raise ExpectedTraitIdentifier(span=span)
    return Definition(word, span, trait=args[0].trait)


_PARSERS: dict[str, Callable[[str, tuple[Expr, ...], Span], Definition]] = {
    "define-constant": _parse_constant,
    "define-private": _parse_function,
    "define-public": _parse_function,
    "define-read-only": _parse_function,
    "define-map": _parse_map,
    "define-data-var": _parse_variable,
    "define-fungible-token": _parse_token,
    "define-non-fungible-token": _parse_typed,
    "define-trait": _parse_typed,
    "use-trait": _parse_use_trait,
    "impl-trait": _parse_impl_trait,
}
