"""How deep brackets nest, and that work grows no faster than the text."""

from collections.abc import Callable

import pytest
from reader_trees import HERE

from btczs.vm.clarity.errors import ParseError
from btczs.vm.clarity.reader import diagnose, format_source, parse, print_expr
from btczs.vm.clarity.reader import parser as parser_module
from btczs.vm.clarity.reader.lexer import lex
from btczs.vm.clarity.reader.parser import parse_words
from btczs.vm.clarity.reader.words import split_words

LIST, TUPLE = ("(", ")"), ("{a:", "}")


def nest(*levels: tuple[str, str], inside: str = "1") -> str:
    return "".join(a for a, _ in levels) + inside + "".join(b for _, b in reversed(levels))


def kind_of(source: str) -> str | None:
    try:
        parse(HERE, source)
    except ParseError as error:
        return error.kind
    return None


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        (nest(*[LIST] * 132), None),
        (nest(*[LIST] * 133), "ExpressionStackDepthTooDeep"),
        (nest(*[LIST] * 134), "ExpressionStackDepthTooDeep"),
        (nest(*[LIST] * 135), "ExpressionStackDepthTooDeep"),
        (nest(*[TUPLE] * 67), None),
        (nest(*[TUPLE] * 68), "ExpressionStackDepthTooDeep"),
        (nest(*[LIST] * 131, TUPLE), None),
        (nest(*[LIST] * 132, TUPLE), "VaryExpressionStackDepthTooDeep"),
        (nest(*[LIST] * 132, inside="{}"), "VaryExpressionStackDepthTooDeep"),
        (nest(*[LIST] * 133, inside="{}"), "ExpressionStackDepthTooDeep"),
        (nest(TUPLE, *[LIST] * 131), None),
        (nest(TUPLE, *[LIST] * 132), "VaryExpressionStackDepthTooDeep"),
        (nest(*[TUPLE] * 66, *[LIST] * 2), None),
        (nest(*[TUPLE] * 66, *[LIST] * 3), "ExpressionStackDepthTooDeep"),
        # Beyond the parser's own bound the rest of the text is not looked at; before it, it is.
        ("(" * 133 + ")" * 133 + ")", "UnexpectedToken"),
        ("(" * 135 + ")", "ExpressionStackDepthTooDeep"),
        # Lists are judged before tuples, wherever they stand.
        (nest(*[LIST] * 132, TUPLE) + nest(*[LIST] * 133), "ExpressionStackDepthTooDeep"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_depth(source: str, kind: str | None) -> None:
    assert kind_of(source) == kind


def test_the_bound_is_a_field() -> None:
    with pytest.raises(ParseError) as caught:
        parse(HERE, "(" * 133 + ")" * 133)
    assert vars(caught.value)["max_depth"] == 128


def test_depth_closed_again_does_not_count() -> None:
    assert kind_of((nest(*[LIST] * 132) + " ") * 3 + "(" + "{} " * 500 + ")") is None


SHAPES: dict[str, Callable[[int], str]] = {
    "open": lambda n: "(" * n,
    "close": lambda n: ")" * n,
    "braces": lambda n: "{" * n,
    "pairs": lambda n: "()" * n,
    "tuples": lambda n: "{a:1}" * n,
    "wide tuple": lambda n: "{" + "a:1," * n + "}",
    "atoms": lambda n: "a " * n,
    "list": lambda n: "(" + "a " * n + ")",
    "bindings": lambda n: "(let (" + "(a 1) " * n + ") 1)",
    "comments": lambda n: ";;\n" * n,
    "comments inside": lambda n: "(a " + ";;\n" * n + ")",
    "comments in a tuple": lambda n: "{a:" + ";;\n" * n + "1}",
    "one comment": lambda n: ";" * 2 * n,
    "unterminated": lambda n: '"' + "a" * n,
    "unterminated escapes": lambda n: '"' + "\\n" * n,
    "escapes": lambda n: '"' + "\\n" * n + '"',
    "scalars": lambda n: 'u"' + "\\u{10ffff}" * n + '"',
    "zeros in a scalar": lambda n: 'u"\\u{' + "0" * n + '41}"',
    "digits": lambda n: "9" * n,
    "zeros": lambda n: "0" * n,
    "hex": lambda n: "0x" + "00" * n + "0",
    "address": lambda n: "'" + "S" * n,
    "name": lambda n: "a" * n + "$",
    "trait": lambda n: "<" + "a" * n,
    "symbols": lambda n: "$" * n,
    "foreign": lambda n: "é" * n,
    "returns": lambda n: "\r" * n,
    "spaces": lambda n: " " * n,
    "lines": lambda n: "\n" * n,
    "deep and wide": lambda n: ("(" * 130 + "a" + ")" * 130) * (n // 130),
    "deep and long": lambda n: "(" * 130 + "a " * n + ")" * 130,
    "uses": lambda n: "(use-trait a .b.c)" * n,
    "references": lambda n: "<a>" * n,
    "constants": lambda n: "(define-trait a ())" + "(define-map a <a>)" * n,
    "dots": lambda n: ".a" * n,
}


@pytest.mark.parametrize("shape", SHAPES)
def test_no_word_is_looked_at_twice(shape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Words are cut by possessive patterns; after that, every word is one step."""
    source = SHAPES[shape](3000)
    words, mistake = split_words(source)
    assert "".join(words) == (source if mistake < 0 else source[:mistake])
    steps: list[int] = []
    real = parser_module.Parsed

    def counting(*fields: object) -> object:
        steps.append(fields[-1])  # type: ignore[arg-type]
        return real(*fields)  # type: ignore[arg-type]

    monkeypatch.setattr(parser_module, "Parsed", counting)
    if mistake < 0 and source.isascii():
        errors: list[ParseError] = []
        parse_words(lex(source), HERE, errors.append)
        assert steps[0] <= len(words)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_large_source_is_read_and_formatted(shape: str) -> None:
    """100 kB of everything: a tree or a typed error, without recursion."""
    source = SHAPES[shape](100_000 * 1300 // len(SHAPES[shape](1300)))
    if kind_of(source) is not None:
        assert diagnose(source)
    else:
        formatted = format_source(source)
        assert len(formatted) < 100 * len(source) + 100


def test_the_deepest_program_is_printed_and_formatted() -> None:
    source = nest(*[LIST] * 131, inside="a" * 120)
    (expr,) = parse(HERE, source).expressions
    assert print_expr(expr) == source
    assert kind_of(format_source(source)) is None
