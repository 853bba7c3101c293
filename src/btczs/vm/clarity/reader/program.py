"""Entry points of the reader: a whole contract, single expressions, and every mistake of a text."""

from contextlib import suppress
from itertools import islice
from typing import Literal as OneOf

import msgspec

from btczs.codec.clarity.values import ContractPrincipal
from btczs.primitives import Hash20
from btczs.vm.clarity.costs import CostMeter
from btczs.vm.clarity.errors import ParseError
from btczs.vm.clarity.names import LATEST, ClarityVersion
from btczs.vm.clarity.reader.lexer import MISTAKES_MAX, lex, lex_tolerantly
from btczs.vm.clarity.reader.parser import Parsed, parse_words
from btczs.vm.clarity.reader.span import Span
from btczs.vm.clarity.reader.syntax import Expr, Program
from btczs.vm.clarity.reader.traits import resolve_traits, trait_errors

SNIPPET = ContractPrincipal(1, Hash20(b"\x01" * 20), "__transient")
"""The contract that expressions belong to when nobody says: of no real account."""


def parse(
    contract: ContractPrincipal,
    source: str,
    version: ClarityVersion = LATEST,
    meter: CostMeter | None = None,
) -> Program:
    """The program that `source` is: `read_program`, then `resolve_traits`."""
    return resolve_traits(read_program(contract, source, version, meter))


def read_program(
    contract: ContractPrincipal,
    source: str,
    version: ClarityVersion = LATEST,
    meter: CostMeter | None = None,
) -> Program:
    """As `parse`, but what `<name>` stands for is left open.

    Sorting definitions comes between the two when a contract is deployed, and charges: so that a
    refused contract pays what it should, the deployment calls them one by one. All versions of the
    language are read alike.

    Charges `ast_parse` before anything else. Raises `ParseError`.
    """
    del version
    if meter is not None:
        meter.charge("ast_parse", _byte_length(source))
    parsed = parse_words(lex(source), contract, _raise)
    return _program(contract, source, parsed)


def parse_expressions(
    source: str, version: ClarityVersion = LATEST, contract: ContractPrincipal = SNIPPET
) -> tuple[Expr, ...]:
    """The expressions of a snippet, as if it stood in `contract`. Raises `ParseError`."""
    return parse(contract, source, version).expressions


class Diagnostic(msgspec.Struct, frozen=True):
    """A mistake, or (level "note") a place that explains the mistake before it."""

    level: OneOf["error", "note"]
    kind: str
    message: str
    span: Span | None


def diagnose(
    source: str, version: ClarityVersion = LATEST, contract: ContractPrincipal = SNIPPET
) -> tuple[Diagnostic, ...]:
    """Every mistake in `source`, up to `MISTAKES_MAX`. Nothing: `parse` takes the text.

    Unless there are characters outside of ASCII, the first mistake is the one that `parse` raises.
    """
    del version
    words, errors = lex_tolerantly(source)

    def collect(error: ParseError) -> None:
        if len(errors) >= MISTAKES_MAX:
            raise _EnoughMistakes
        errors.append(error)

    with suppress(_EnoughMistakes):
        parsed = parse_words(words, contract, collect)
        if not errors:
            traits = trait_errors(contract, parsed.expressions, parsed.references)
            errors.extend(islice(traits, MISTAKES_MAX))
    found: list[Diagnostic] = []
    for error in errors:
        found.append(Diagnostic("error", error.kind, str(error), error.span))
        opened = getattr(error, "opened", None)
        if opened is not None:
            found.append(Diagnostic("note", "NoteToMatchThis", "what is not closed", opened))
    return tuple(found)


class _EnoughMistakes(Exception):
    """A tolerant reading gives up."""


def _program(contract: ContractPrincipal, source: str, parsed: Parsed) -> Program:
    return Program(
        contract,
        source,
        parsed.expressions,
        parsed.comments,
        parsed.node_count,
        parsed.references,
    )


def _byte_length(source: str) -> int:
    return len(source) if source.isascii() else len(source.encode("utf-8", "surrogatepass"))


def _raise(error: ParseError) -> None:
    raise error
