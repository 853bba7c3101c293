"""What a text says: values, names, sugar, numbers and places of expressions."""

from typing import Any

import pytest
from hypothesis import given, settings
from reader_trees import HERE, programs, strip, walk

from btczs.codec.clarity.types import TraitIdentifier
from btczs.codec.clarity.values import (
    AsciiValue,
    BufferValue,
    ContractPrincipal,
    IntValue,
    StandardPrincipal,
    UIntValue,
    Utf8Value,
)
from btczs.primitives import Hash20
from btczs.vm.clarity.costs import CostMeter, ExecutionCost
from btczs.vm.clarity.errors import CostBalanceExceeded, ParseError
from btczs.vm.clarity.names import VERSIONS
from btczs.vm.clarity.reader import (
    SNIPPET,
    parse,
    parse_expressions,
    read_program,
    resolve_traits,
)
from btczs.vm.clarity.reader.lexer import lex
from btczs.vm.clarity.reader.syntax import Form, TraitReference

ADDRESS = "ST1PQHQKV0RJXZFY1DGX8MNSNYVE3VGZJSRTPGZGM"
ACCOUNT = StandardPrincipal(26, Hash20(bytes.fromhex("6d78de7b0625dfbfc16c3a8a5735f6dc3dc3f2ce")))


def contract(name: str) -> ContractPrincipal:
    return ContractPrincipal(HERE.version, HERE.hash20, name)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("12", IntValue(12)),
        ("-5", IntValue(-5)),
        ("-0", IntValue(0)),
        ("007", IntValue(7)),
        ("0" * 5000 + "7", IntValue(7)),
        (f"{(1 << 127) - 1}", IntValue((1 << 127) - 1)),
        (f"{-(1 << 127)}", IntValue(-(1 << 127))),
        ("u007", UIntValue(7)),
        (f"u{(1 << 128) - 1}", UIntValue((1 << 128) - 1)),
        ("0x", BufferValue(b"")),
        ("0xAbfF", BufferValue(b"\xab\xff")),
        ('""', AsciiValue("")),
        ('"a\\n\\t\\r\\\\\\"b"', AsciiValue('a\n\t\r\\"b')),
        ('"a\rb\f\t"', AsciiValue("a\rb\f\t")),
        ('u"\\0\\n\x01"', Utf8Value("\0\n\x01")),
        ('u"\\u{1F600}\\u{000041}\\u{0}\\u{d7ff}\\u{10ffff}"', Utf8Value("😀A\0\ud7ff\U0010ffff")),
        ('u"\\\\u{41}"', Utf8Value("\\u{41}")),
        ('"u{41}"', AsciiValue("u{41}")),
        (f"'{ADDRESS}", ACCOUNT),
        (f"'{ADDRESS}.a-b_c", ContractPrincipal(26, ACCOUNT.hash20, "a-b_c")),
        (".a", contract("a")),
        ("." + "a" * 40, contract("a" * 40)),
        (".a.b?", TraitIdentifier(contract("a"), "b?")),
        (f"'{ADDRESS}.a.b", TraitIdentifier(ContractPrincipal(26, ACCOUNT.hash20, "a"), "b")),
        ("u", "u"),
        ("u-1", "u-1"),
        ("int<=/*+!?_-", "int<=/*+!?_-"),
        ("a" * 128, "a" * 128),
        ("()", ("(",)),
        ("( a )", ("(", "a")),
        ("(+ - * / < > <= >=)", ("(", "+", "-", "*", "/", "<", ">", "<=", ">=")),
        ("(-)", ("(", "-")),
        ("{}", ("{", "tuple")),
        ("{a:1}", ("{", "tuple", ("(", "a", IntValue(1)))),
        ("{ a : 1 , }", ("{", "tuple", ("(", "a", IntValue(1)))),
        ("{a: {b: c}}", ("{", "tuple", ("(", "a", ("{", "tuple", ("(", "b", "c"))))),
        ("{(a): 1}", ("{", "tuple", ("(", ("(", "a"), IntValue(1)))),
        ("(a;;c\nb)", ("(", "a", "b")),
        ("(;;c\na ;;d\n)", ("(", "a")),
        ("{;;1\na;;2\n:;;3\nb;;4\n,;;5\n}", ("{", "tuple", ("(", "a", "b"))),
    ],
)
def test_one_expression(source: str, value: Any) -> None:
    (expr,) = parse(HERE, source).expressions
    assert strip(expr) == value


def test_expressions_beside_each_other_outside_of_brackets() -> None:
    found = parse(HERE, 'a(b)"c"{d:1}.e f.g;;h').expressions
    assert [strip(expr) for expr in found] == [
        "a",
        ("(", "b"),
        AsciiValue("c"),
        ("{", "tuple", ("(", "d", IntValue(1))),
        contract("e"),
        "f",
        contract("g"),
    ]


def test_nothing_is_a_program() -> None:
    for source in ("", " \n\t", ";; only this", ";;"):
        assert parse(HERE, source).node_count == 0


def test_places() -> None:
    source = "(a\n  {bc: .d.e} ;; f\n 'ST000000000000000000002AMW42H.g)"
    (form,) = parse(HERE, source).expressions
    assert [(type(expr).__name__, *place(expr)) for expr in walk((form,))] == [
        ("Form", 1, 1, 3, 34),
        ("Atom", 1, 2, 1, 2),
        ("Form", 2, 3, 2, 12),
        ("Atom", 2, 3, 2, 3),
        ("Form", 2, 4, 2, 11),
        ("Atom", 2, 4, 2, 5),
        ("Field", 2, 8, 2, 11),
        ("Literal", 3, 2, 3, 33),
    ]
    (comment,) = parse(HERE, source).comments
    assert (comment.text, str(comment.span), comment.span.end_column) == (";; f", "2:14", 17)


def place(expr: Any) -> tuple[int, int, int, int]:
    return expr.span.line, expr.span.column, expr.span.end_line, expr.span.end_column


@given(programs)
@settings(max_examples=150, deadline=None)
def test_numbers_run_through_the_tree(source: str) -> None:
    program = read_program(HERE, source)
    numbers = [expr.id for expr in walk(program.expressions)]
    assert numbers == list(range(1, program.node_count + 1))


@given(programs)
@settings(max_examples=150, deadline=None)
def test_words_joined_are_the_source(source: str) -> None:
    assert "".join(lex(source)) == source


@given(programs)
@settings(max_examples=100, deadline=None)
def test_a_leaf_stands_where_its_place_says(source: str) -> None:
    lines = source.split("\n")
    for expr in walk(read_program(HERE, source).expressions):
        span = expr.span
        if isinstance(expr, Form):
            assert lines[span.line - 1][span.column - 1] in "({" or not expr.braces
        elif strip(expr) != "tuple":
            word = lines[span.line - 1][span.column - 1 : span.end_column]
            assert strip(read_program(HERE, word).expressions[0]) == strip(expr)


def test_what_stood_between_the_brackets_is_kept_where_it_differs() -> None:
    plain, commented, braces = parse(HERE, "(a b) (a ;; c\n b) {a: ;; c\n b}").expressions
    assert isinstance(plain, Form)
    assert plain.written is None
    for form in (commented, braces):
        assert isinstance(form, Form)
        assert form.written is not None
    assert [strip(item) for item in commented.written] == ["a", (";", ";; c"), "b"]  # type: ignore
    assert [strip(item) for item in braces.written] == ["a", (";", ";; c"), "b"]  # type: ignore


def test_traits_are_resolved_whatever_their_order() -> None:
    source = (
        "(define-public (f (x <far>) (y <near>)) (ok <near>))"
        "(define-trait near ((g (<far> {a: <near>}) (response bool uint))))"
        "(use-trait ;; comment\n far .a.b)"
    )
    program = parse(HERE, source)
    near = TraitIdentifier(HERE, "near")
    far = TraitIdentifier(contract("a"), "b")
    found = [strip(reference) for reference in program.references]
    assert found == [
        ("<", "far", far, False),
        ("<", "near", near, True),
        ("<", "near", near, True),
        ("<", "far", far, False),
        ("<", "near", near, True),
    ]
    in_tree = [one for one in walk(program.expressions) if isinstance(one, TraitReference)]
    assert in_tree == list(program.references)


def test_the_name_of_a_stored_thing_is_no_use_of_a_trait() -> None:
    program = parse(HERE, "(use-trait t .a.b) (define-constant <t> 1) (f <t>)")
    assert len(program.references) == 2


def test_reading_without_resolving_leaves_traits_open() -> None:
    program = read_program(HERE, "<t>")
    with pytest.raises(ParseError, match="no trait is called t"):
        resolve_traits(program)


@pytest.mark.parametrize("version", VERSIONS)
def test_all_versions_read_alike(version: Any) -> None:
    assert strip(parse_expressions("(at-block 0x00 x)", version)[0])[1] == "at-block"


def test_snippets_belong_to_a_contract_of_nobody() -> None:
    (literal,) = parse_expressions(".a")
    assert strip(literal) == ContractPrincipal(SNIPPET.version, SNIPPET.hash20, "a")
    (literal,) = parse_expressions(".a", contract=HERE)
    assert strip(literal) == contract("a")


@pytest.mark.parametrize(("source", "size"), [("", 0), ("(a)", 3), (")", 1), ("é", 2)])
def test_reading_costs_by_the_bytes_of_the_source(source: str, size: int) -> None:
    meter = CostMeter()
    try:
        parse(HERE, source, 6, meter)
    except ParseError:
        assert source in (")", "é")
    assert meter.total() == ExecutionCost(runtime=27 * size + 81)


def test_costs_come_before_mistakes() -> None:
    meter = CostMeter(ExecutionCost(runtime=80))
    with pytest.raises(CostBalanceExceeded):
        parse(HERE, ")", 6, meter)
