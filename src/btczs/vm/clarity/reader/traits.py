"""What `<name>` stands for: the traits that a contract defines or imports.

Source: rules of epoch 4.0. The forms are read as they stand, before any type is known, so mistakes
in them are errors of reading.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from btczs.codec.clarity.types import TraitIdentifier
from btczs.codec.clarity.values import ContractPrincipal
from btczs.vm.clarity.errors import ParseError
from btczs.vm.clarity.reader.errors import (
    DefineTraitBadSignature,
    ImplTraitBadSignature,
    ImportTraitBadSignature,
    NameAlreadyUsed,
    TraitReferenceNotAllowed,
    TraitReferenceUnknown,
)
from btczs.vm.clarity.reader.syntax import Atom, Expr, Field, Form, Program, TraitReference

_STORED = frozenset(
    {
        "define-constant",
        "define-map",
        "define-data-var",
        "define-fungible-token",
        "define-non-fungible-token",
    }
)


def resolve_traits(program: Program) -> Program:
    """Fills in what every `<name>` of `program` stands for, and returns it.

    Raises `TraitReferenceUnknown`, `TraitReferenceNotAllowed`, `NameAlreadyUsed` and the three
    `…BadSignature`.
    """
    for error in trait_errors(program.contract, program.expressions, program.references):
        raise error
    return program


def trait_errors(
    contract: ContractPrincipal, expressions: Sequence[Expr], references: Sequence[TraitReference]
) -> Iterator[ParseError]:
    """Resolves `references`, and what went wrong with it."""
    traits: dict[str, tuple[TraitIdentifier, bool]] = {}
    ids = [reference.id for reference in references]
    for index, expr in enumerate(expressions):
        if not isinstance(expr, Form) or expr.braces or not expr.items:
            continue
        head, *arguments = expr.items
        if not isinstance(head, Atom):
            continue
        if head.name == "define-trait":
            yield from _define(expr, arguments, contract, traits)
        elif head.name == "use-trait":
            yield from _use(expr, arguments, traits)
        elif head.name == "impl-trait":
            if len(arguments) != 1 or not isinstance(arguments[0], Field):
                message = "write (impl-trait .contract.trait)"
                yield ImplTraitBadSignature(message, expr.span)
        elif head.name in _STORED and len(arguments) > 1:
            end = expressions[index + 1].id if index + 1 < len(expressions) else None
            first = bisect_left(ids, arguments[1].id)
            if first < len(ids) and (end is None or ids[first] < end):
                message = f"<{references[first].name}> cannot be stored"
                yield TraitReferenceNotAllowed(message, references[first].span)
    for reference in references:
        found = traits.get(reference.name)
        if found is None:
            message = f"no trait is called {reference.name} here; define-trait or use-trait it"
            yield TraitReferenceUnknown(message, reference.span, name=reference.name)
        else:
            reference.trait, reference.defined_here = found


def _define(
    form: Form,
    arguments: list[Expr],
    contract: ContractPrincipal,
    traits: dict[str, tuple[TraitIdentifier, bool]],
) -> Iterator[ParseError]:
    match arguments:
        case [Atom(name=name), Form(braces=False)]:
            if name in traits:
                yield _already_used(name, arguments[0])
            traits[name] = (TraitIdentifier(contract, name), True)
        case _:
            message = "write (define-trait name ((function (types…) response)…))"
            yield DefineTraitBadSignature(message, form.span)


def _use(
    form: Form, arguments: list[Expr], traits: dict[str, tuple[TraitIdentifier, bool]]
) -> Iterator[ParseError]:
    if len(arguments) != 2 or not isinstance(arguments[0], Atom):
        yield ImportTraitBadSignature("write (use-trait name .contract.trait)", form.span)
        return
    name, trait = arguments[0].name, arguments[1]
    if name in traits:
        yield _already_used(name, arguments[0])
    if isinstance(trait, Field):
        traits[name] = (trait.trait, False)
    else:
        yield ImportTraitBadSignature("write (use-trait name .contract.trait)", form.span)


def _already_used(name: str, where: Expr) -> ParseError:
    return NameAlreadyUsed(f"there is a trait called {name} already", where.span, name=name)
