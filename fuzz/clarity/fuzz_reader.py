"""Target: the reader. A text gives a tree or a `ParseError`; its layout keeps the tree."""

from collections.abc import Sequence
from typing import Any

from btczs.vm.clarity.costs import CostMeter
from btczs.vm.clarity.errors import ParseError
from btczs.vm.clarity.reader import SNIPPET, Diagnostic, diagnose, format_source, parse, print_expr
from btczs.vm.clarity.reader import read_program as read
from btczs.vm.clarity.reader.lexer import lex
from btczs.vm.clarity.reader.syntax import Atom, Expr, Field, Form, Literal, TraitReference
from fuzz.clarity.texts import to_text


def check(data: bytes) -> None:
    """Raises if the reader breaks a promise on `data`."""
    source = to_text(data)
    found = diagnose(source)
    try:
        program = parse(SNIPPET, source, meter=CostMeter())
    except ParseError as error:
        _check_refusal(source, error, found)
        return
    assert not found, "what is accepted has no diagnosis"
    assert "".join(lex(source)) == source, "words join to the text"
    tree = shapes(program.expressions)
    ids = sorted(number for number, _ in _walk(program.expressions))
    assert ids == list(range(1, program.node_count + 1)), "expressions are numbered"

    formatted = format_source(source)
    again = read(SNIPPET, formatted)
    assert shapes(again.expressions) == tree, "the layout keeps the tree"
    comments = [comment.text.rstrip() for comment in program.comments]
    assert [comment.text for comment in again.comments] == comments, "and the comments"
    assert format_source(formatted) == formatted, "and is stable"
    for expr in program.expressions:
        printed = read(SNIPPET, print_expr(expr)).expressions
        assert shapes(printed) == shapes((expr,)), "what is printed reads as the same"


def _check_refusal(source: str, error: ParseError, found: Sequence[Diagnostic]) -> None:
    assert found, "what is refused has a diagnosis"
    assert error.span is not None, "a mistake has a place"
    if source.isascii():
        assert found[0].kind == error.kind, (found[0].kind, error.kind)


def shapes(expressions: tuple[Expr, ...]) -> list[Any]:
    """The trees as flat lists, without places: brackets, then what they hold."""
    return [shape for _, shape in _walk(expressions)]


def _walk(expressions: tuple[Expr, ...]) -> list[tuple[int, Any]]:
    """Every expression by its number. Without recursion: trees may be as deep as the limit."""
    found: list[tuple[int, Any]] = []
    open_: list[Expr] = list(reversed(expressions))
    while open_:
        expr = open_.pop()
        found.append((expr.id, _shape(expr)))
        if isinstance(expr, Form):
            open_.extend(reversed(expr.items))
    return found


def _shape(expr: Expr) -> Any:
    match expr:
        case Form():
            return "form", len(expr.items), expr.braces
        case Literal():
            return "literal", expr.value
        case Atom():
            return "atom", expr.name
        case Field():
            return "field", expr.trait
        case TraitReference():
            return "trait", expr.name
