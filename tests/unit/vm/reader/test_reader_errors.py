"""Every reason to refuse a text: its kind, its place, and which of two comes first."""

import inspect
from typing import Any

import pytest
from reader_trees import HERE

from btczs.vm.clarity.errors import ParseError
from btczs.vm.clarity.reader import Diagnostic, diagnose, errors, parse

LEXER: list[tuple[str, str, tuple[int, int, int, int]]] = [
    ("12a3 b", "InvalidCharInt", (1, 3, 1, 4)),
    ("-1x", "InvalidCharInt", (1, 3, 1, 3)),
    ("0y", "InvalidCharInt", (1, 2, 1, 2)),
    ('1"x"', "InvalidCharInt", (1, 2, 1, 4)),
    ("-0x10", "InvalidCharInt", (1, 3, 1, 5)),
    ("u1a", "InvalidCharUint", (1, 3, 1, 3)),
    ("0x1g", "InvalidCharBuffer", (1, 4, 1, 4)),
    ("0x12gg", "InvalidCharBuffer", (1, 5, 1, 6)),
    ("abc#d", "InvalidCharIdent", (1, 4, 1, 5)),
    ("u'", "InvalidCharIdent", (1, 2, 1, 2)),
    ("<ab?>", "InvalidCharTraitIdent", (1, 4, 1, 5)),
    ("'STa", "InvalidCharPrincipal", (1, 4, 1, 4)),
    ("'I", "InvalidCharPrincipal", (1, 2, 1, 2)),
    ("(0x123)", "InvalidBufferLength", (1, 2, 1, 6)),
    ('"a\\xb"', "UnknownEscapeChar", (1, 3, 1, 4)),
    ('u"a\\xb"', "UnknownEscapeChar", (1, 4, 1, 5)),
    ('"a\\', "UnknownEscapeChar", (1, 3, 1, 4)),
    ('u"\\u{4g}"', "IllegalCharUTF8Encoding", (1, 7, 1, 7)),
    ('u"\\u{4\n}"', "IllegalCharUTF8Encoding", (1, 7, 1, 7)),
    ('u"\\u{41"', "UnterminatedUTF8Encoding", (1, 8, 1, 8)),
    ('u"\\u{41', "UnterminatedUTF8Encoding", (1, 8, 1, 8)),
    ('u"\\u{}"', "EmptyUTF8Encoding", (1, 5, 1, 6)),
    ('u"\\u41"', "InvalidUTF8Encoding", (1, 5, 1, 5)),
    ('u"\\u{110000}"', "InvalidUTF8Encoding", (1, 3, 1, 12)),
    ('u"\\u{dfff}"', "InvalidUTF8Encoding", (1, 3, 1, 10)),
    ('u"\\u{fffffffff}"', "InvalidUTF8Encoding", (1, 3, 1, 15)),
    ("a\n; comment", "SingleSemiColon", (2, 1, 2, 1)),
    (";", "SingleSemiColon", (1, 1, 1, 1)),
    ("\n  _a", "UnknownSymbol", (2, 3, 2, 3)),
    ("(= 1 2)", "UnknownSymbol", (1, 2, 1, 2)),
    ("a \f b", "UnknownSymbol", (1, 3, 1, 3)),
    ("a \x0b b", "UnknownSymbol", (1, 3, 1, 3)),
    ("\x00", "UnknownSymbol", (1, 1, 1, 1)),
    ("[a]", "UnknownSymbol", (1, 1, 1, 1)),
    ("a é", "NonASCIIChar", (1, 3, 1, 3)),
    (";; é", "NonASCIIChar", (1, 4, 1, 4)),
    ('u"é"', "NonASCIIChar", (1, 3, 1, 3)),
    ("a\u00a0b", "NonASCIIChar", (1, 2, 1, 2)),
    ("\ufffd", "NonASCIIChar", (1, 1, 1, 1)),
    ("a\r\nb", "UnsupportedLineEnding", (1, 2, 1, 2)),
    (";; a\r\n", "UnsupportedLineEnding", (1, 5, 1, 5)),
    ("(+1 2)", "ExpectedSeparator", (1, 3, 1, 3)),
    ("--1", "ExpectedSeparator", (1, 2, 1, 2)),
    ("<=x", "ExpectedSeparator", (1, 3, 1, 3)),
    (">=x", "ExpectedSeparator", (1, 3, 1, 3)),
    ("<1", "ExpectedSeparator", (1, 2, 1, 2)),
    ("(*", "ExpectedClosing", (1, 3, 1, 3)),
    ('"ab', "ExpectedClosing", (1, 4, 1, 4)),
    ('"ab\n"', "ExpectedClosing", (1, 4, 1, 4)),
    ('u"ab\n"', "ExpectedClosing", (1, 5, 1, 5)),
    ("(<ab )", "ExpectedClosing", (1, 5, 1, 5)),
]
BRACKETS: list[tuple[str, str, tuple[int, int, int, int]]] = [
    ("(a\n(b)", "ExpectedClosing", (2, 4, 2, 4)),
    ("{a: 1", "ExpectedClosing", (1, 6, 1, 6)),
    ("{a: 1,", "ExpectedClosing", (1, 7, 1, 7)),
    ("{", "ExpectedClosing", (1, 2, 1, 2)),
    (")", "UnexpectedToken", (1, 1, 1, 1)),
    ("(a })", "UnexpectedToken", (1, 4, 1, 4)),
    ("(a, b)", "UnexpectedToken", (1, 3, 1, 3)),
    ("a: b", "UnexpectedToken", (1, 2, 1, 2)),
    ("{,}", "UnexpectedToken", (1, 2, 1, 2)),
    ("{a: 1,,}", "UnexpectedToken", (1, 7, 1, 7)),
    ("{a: }", "UnexpectedToken", (1, 5, 1, 5)),
    ("{a: :", "UnexpectedToken", (1, 5, 1, 5)),
    ("{)", "UnexpectedToken", (1, 2, 1, 2)),
    ("(a(b))", "ExpectedWhitespace", (1, 3, 1, 5)),
    ('("a""b")', "ExpectedWhitespace", (1, 5, 1, 7)),
    ("(a.b)", "ExpectedWhitespace", (1, 3, 1, 4)),
    ("(a {a: 1}b)", "ExpectedWhitespace", (1, 10, 1, 10)),
    ("{a 1}", "TupleColonExpectedv2", (1, 4, 1, 4)),
    ("{a}", "TupleColonExpectedv2", (1, 3, 1, 3)),
    ("{a", "TupleColonExpectedv2", (1, 3, 1, 3)),
    ("{a: 1 b: 2}", "TupleCommaExpectedv2", (1, 7, 1, 7)),
    ("{a: 1)", "TupleCommaExpectedv2", (1, 6, 1, 6)),
    ("{a: ", "TupleValueExpected", (1, 5, 1, 5)),
    (f"{1 << 127}", "FailedParsingIntValue", (1, 1, 1, 39)),
    (f"{-(1 << 127) - 1}", "FailedParsingIntValue", (1, 1, 1, 40)),
    ("9" * 9000, "FailedParsingIntValue", (1, 1, 1, 9000)),
    (f"u{1 << 128}", "FailedParsingUIntValue", (1, 1, 1, 40)),
    ('"\\0"', "IllegalASCIIString", (1, 1, 1, 4)),
    ('"\x01"', "IllegalASCIIString", (1, 1, 1, 3)),
    ('"' + "a" * 1_048_577 + '"', "IllegalASCIIString", (1, 1, 1, 1_048_579)),
    ("0x" + "00" * 1_048_577, "InvalidBuffer", (1, 1, 1, 2_097_156)),
    ("'", "InvalidPrincipalLiteral", (1, 1, 1, 1)),
    ("'SP3", "InvalidPrincipalLiteral", (1, 1, 1, 4)),
    ("'ST1PQHQKV0RJXZFY1DGX8MNSNYVE3VGZJSRTPGZGN.a", "InvalidPrincipalLiteral", (1, 1, 1, 42)),
    (".", "ExpectedContractIdentifier", (1, 1, 1, 1)),
    (". a", "ExpectedContractIdentifier", (1, 1, 1, 1)),
    (".1", "ExpectedContractIdentifier", (1, 1, 1, 1)),
    (".u1", "ExpectedContractIdentifier", (1, 1, 1, 1)),
    ('.u"a"', "ExpectedContractIdentifier", (1, 1, 1, 1)),
    (".(a)", "ExpectedContractIdentifier", (1, 1, 1, 1)),
    (".a.", "ExpectedTraitIdentifier", (1, 1, 1, 3)),
    (".a.1", "ExpectedTraitIdentifier", (1, 1, 1, 3)),
    (".a. b", "ExpectedTraitIdentifier", (1, 1, 1, 3)),
    ("." + "a" * 41, "ContractNameTooLong", (1, 1, 1, 42)),
    (".a!", "IllegalContractName", (1, 1, 1, 3)),
    ("." + "a" * 40 + "!", "ContractNameTooLong", (1, 1, 1, 42)),
    ("a" * 129, "NameTooLong", (1, 1, 1, 129)),
    ("<" + "a" * 129 + ">", "NameTooLong", (1, 1, 1, 131)),
    (".a." + "a" * 129, "NameTooLong", (1, 1, 1, 132)),
]
TRAITS = [
    ("(define-public (f (x <t>)) (ok 1))", "TraitReferenceUnknown", (1, 22, 1, 24)),
    ("<t>", "TraitReferenceUnknown", (1, 1, 1, 3)),
    ("(define-constant c <t>)", "TraitReferenceNotAllowed", (1, 20, 1, 22)),
    ("(use-trait t .a.b) (define-data-var v <t> 1)", "TraitReferenceNotAllowed", (1, 39, 1, 41)),
    ("(define-map m {a: <t>} int)", "TraitReferenceNotAllowed", (1, 19, 1, 21)),
    ("(define-non-fungible-token n (a <t>))", "TraitReferenceNotAllowed", (1, 33, 1, 35)),
    ("(define-fungible-token n <t>)", "TraitReferenceNotAllowed", (1, 26, 1, 28)),
    ("(define-trait t ()) (define-trait t ())", "NameAlreadyUsed", (1, 35, 1, 35)),
    ("(define-trait t ()) (use-trait t .a.b)", "NameAlreadyUsed", (1, 32, 1, 32)),
    ("(use-trait t .a.b) (use-trait t 1)", "NameAlreadyUsed", (1, 31, 1, 31)),
    ("(define-trait)", "DefineTraitBadSignature", (1, 1, 1, 14)),
    ("(define-trait t {a: b})", "DefineTraitBadSignature", (1, 1, 1, 23)),
    ("(define-trait 1 ())", "DefineTraitBadSignature", (1, 1, 1, 19)),
    ("(define-trait t () ())", "DefineTraitBadSignature", (1, 1, 1, 22)),
    ("(use-trait t)", "ImportTraitBadSignature", (1, 1, 1, 13)),
    ("(use-trait t .a)", "ImportTraitBadSignature", (1, 1, 1, 16)),
    ("(use-trait (t) .a.b)", "ImportTraitBadSignature", (1, 1, 1, 20)),
    ("(impl-trait)", "ImplTraitBadSignature", (1, 1, 1, 12)),
    ("(impl-trait .a)", "ImplTraitBadSignature", (1, 1, 1, 15)),
    ("(impl-trait .a.b .a.b)", "ImplTraitBadSignature", (1, 1, 1, 22)),
]
DEPTH = ["ExpressionStackDepthTooDeep", "VaryExpressionStackDepthTooDeep"]


def refused(source: str) -> ParseError:
    with pytest.raises(ParseError) as caught:
        parse(HERE, source)
    return caught.value


def cases(of: list[Any]) -> Any:
    return pytest.mark.parametrize(("source", "kind", "span"), of, ids=lambda x: str(x)[:40])


@cases(LEXER[:46] + LEXER[47:])
def test_characters_that_form_no_word(source: str, kind: str, span: Any) -> None:
    error = refused(source)
    assert error.kind == kind
    assert getattr(error, "outer_kind", None) == "Lexer"
    assert error.span is not None
    assert (error.span.line, error.span.column) == span[:2]
    assert (error.span.end_line, error.span.end_column) == span[2:]
    assert str(error)


@cases(BRACKETS + TRAITS)
def test_words_in_the_wrong_place(source: str, kind: str, span: Any) -> None:
    error = refused(source)
    assert error.kind == kind
    assert getattr(error, "outer_kind", None) is None
    assert error.span is not None
    assert (error.span.line, error.span.column) == span[:2]
    assert (error.span.end_line, error.span.end_column) == span[2:]
    assert len(str(error)) < 300


def test_every_kind_has_a_case() -> None:
    kinds = {
        name
        for name, cls in inspect.getmembers(errors, inspect.isclass)
        if cls.__module__ == errors.__name__ and name != "LexerError"
    }
    assert kinds == {case[1] for case in (*LEXER, *BRACKETS, *TRAITS)} | set(DEPTH)


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        (") 12a", "InvalidCharInt"),  # words before brackets
        ("12a )", "InvalidCharInt"),
        ("_ é", "UnknownSymbol"),
        ("é _", "NonASCIIChar"),
        ("_é", "UnknownSymbol"),  # known before the next character is looked at
        ("a#é", "NonASCIIChar"),  # known when the word has ended
        ("+é", "NonASCIIChar"),
        ("1é", "NonASCIIChar"),
        ('"\\xé"', "UnknownEscapeChar"),
        ('"\\é"', "NonASCIIChar"),
        ('u"\\u{}é"', "EmptyUTF8Encoding"),
        ('u"\\u{d800}é"', "NonASCIIChar"),
        ('u"\\u{d800}aé"', "InvalidUTF8Encoding"),
        ('"abc é', "NonASCIIChar"),
        ('"abc\né', "ExpectedClosing"),
        (";é", "NonASCIIChar"),
        ("; é", "SingleSemiColon"),
        ("0x1é", "NonASCIIChar"),
        ("0x1 é", "InvalidBufferLength"),
        ("(a(b 99999999999999999999999999999999999999999))", "FailedParsingIntValue"),
        ("{a 99999999999999999999999999999999999999999}", "TupleColonExpectedv2"),
        ("(define-constant c <t>) )", "UnexpectedToken"),
    ],
)
def test_the_first_of_two_mistakes(source: str, kind: str) -> None:
    assert refused(source).kind == kind


def test_a_missing_bracket_says_where_it_was_opened() -> None:
    error: Any = refused("(a\n (b {c: 1}")
    assert error.closing == ")"
    assert str(error.opened) == "2:2"
    string: Any = refused('(a "b')
    assert string.closing == '"'
    assert str(string.opened) == "1:4"


def test_fields_name_what_is_wrong() -> None:
    unknown: Any = refused("<t>")
    assert unknown.name == "t"
    symbol: Any = refused("$")
    assert symbol.character == "$"
    token: Any = refused("(a, b)")
    assert token.token == ","


def test_diagnose_begins_with_the_mistake_that_parse_raises() -> None:
    for source, kind, _ in [*LEXER[:34], *LEXER[39:46], *BRACKETS, *TRAITS]:
        found = diagnose(source)
        assert found[0].level == "error"
        assert found[0].kind == kind, source
        assert found[0].message == str(refused(source))


def test_diagnose_goes_on_after_mistakes() -> None:
    source = '(a 12x "b\\q")\n(define-map m {a int, b: uint)\n{c: é}\n(x $ u340282366920938463463374607431768211456'
    kinds = [found.kind for found in diagnose(source) if found.level == "error"]
    assert kinds == [
        "NonASCIIChar",
        "InvalidCharInt",
        "UnknownEscapeChar",
        "UnknownSymbol",
        "TupleColonExpectedv2",
        "TupleCommaExpectedv2",
        "FailedParsingUIntValue",
        "ExpectedClosing",
    ]


def test_diagnose_explains_with_notes() -> None:
    error, note = diagnose("(a")
    assert (error.level, error.kind) == ("error", "ExpectedClosing")
    assert isinstance(note, Diagnostic)
    assert (note.level, str(note.span)) == ("note", "1:1")


def test_diagnose_collects_mistakes_about_traits() -> None:
    found = diagnose("(use-trait a 1)(define-constant b <x>)(impl-trait 2)")
    assert [one.kind for one in found] == [
        "ImportTraitBadSignature",
        "TraitReferenceNotAllowed",
        "ImplTraitBadSignature",
        "TraitReferenceUnknown",
    ]


@pytest.mark.parametrize("source", ["$" * 5000, "é" * 5000, ")" * 5000, "<a>" * 5000, "{a " * 5000])
def test_diagnose_gives_up_after_enough_mistakes(source: str) -> None:
    assert 1 < len([one for one in diagnose(source) if one.level == "error"]) <= 100
