"""Small changes to a well-typed program: most are errors, and both sides must name the same one."""

import re
from collections.abc import Callable
from random import Random

import msgspec
from tests.differential.clarity.generator import Program

from btczs.vm.clarity.names import KEYWORDS, NATIVES, VERSIONS

_TOKEN = re.compile(r"\s+|;;[^\n]*|u?\"(?:\\.|[^\"\\])*\"|[(){},]|:(?=\s)|[^\s(){},\"]+")
_LIMITS = (
    "170141183460469231731687303715884105727", "170141183460469231731687303715884105728",
    "-170141183460469231731687303715884105728", "u340282366920938463463374607431768211455",
    "u340282366920938463463374607431768211456", "u0", "-0", "0x", "0x0", "0xfF", '""', 'u""',
    "(list)", "none", "(ok true)", "(err u1)", "u1048576", "(some none)", "{a: 1}", "tx-sender",
    "'ST1PQHQKV0RJXZFY1DGX8MNSNYVE3VGZJSRTPGZGM", ".helper", "true", "-", "007", "u", "_x", "0y",
)  # fmt: skip
_TYPES = (
    "int", "uint", "bool", "principal", "(buff 1)", "(buff 1048576)", "(buff 1048577)", "(list 2 int)",
    "(string-ascii 3)", "(string-utf8 262144)", "(optional int)", "(response int uint)", "{a: int}",
    "(list 65536 int)", "(tuple)", "unknown", "(list -1 int)", "(buff 0)",
)  # fmt: skip
NESTING_MAX = 140


def tokens_of(code: str) -> list[str]:
    """The text in pieces; joined they give it again."""
    pieces = _TOKEN.findall(code)
    assert "".join(pieces) == code, "a piece of the text is no token"
    return pieces


def mutate(program: Program, rng: Random) -> Program:
    """`program` with one to three changes."""
    tokens = tokens_of(program.code)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        rng.choice(_CHANGES)(tokens, rng)
    version = rng.choice(VERSIONS) if rng.random() < 0.05 else program.version
    setup = tuple(msgspec.structs.replace(s, version=version) for s in program.setup)
    return msgspec.structs.replace(program, code="".join(tokens), version=version, setup=setup)


def _places(tokens: list[str], wanted: Callable[[str], bool]) -> list[int]:
    # The first token stands there to make a contract of every program; it stays.
    return [i for i, token in enumerate(tokens) if i > 0 and wanted(token)]


def _is_word(token: str) -> bool:
    return re.fullmatch(r"[a-z*/<>=+-][^\s]*", token) is not None


def _is_atom(token: str) -> bool:
    return not token.isspace() and token not in "(){},:" and not token.startswith(";;")


def _group(tokens: list[str], start: int) -> int:
    """The index after the expression that starts at `start`."""
    depth = 0
    for i in range(start, len(tokens)):
        depth += (tokens[i] in "({") - (tokens[i] in ")}")
        if depth <= 0:
            return i + 1
    return len(tokens)


def _replace_atom(tokens: list[str], rng: Random) -> None:
    places = _places(tokens, _is_atom)
    if places:
        tokens[rng.choice(places)] = rng.choice(_LIMITS)


def _replace_native(tokens: list[str], rng: Random) -> None:
    places = _places(tokens, lambda token: token in NATIVES)
    if places:
        tokens[rng.choice(places)] = rng.choice(list(NATIVES))


def _replace_word(tokens: list[str], rng: Random) -> None:
    places = _places(tokens, _is_word)
    if len(places) > 1:
        to, source = rng.sample(places, 2)
        tokens[to] = tokens[source]


def _replace_by_reserved(tokens: list[str], rng: Random) -> None:
    places = _places(
        tokens, lambda token: re.fullmatch(r"(v|p|f|c|var|map|ft|nft)-?\d+", token) is not None
    )
    if places:
        name = tokens[rng.choice(places)]
        new = rng.choice([*KEYWORDS, *NATIVES, "x" * 128, "x" * 129, "int", "define-public"])
        everywhere = rng.random() < 0.5
        for i in places:
            if tokens[i] == name:
                tokens[i] = new
                if not everywhere:
                    break


def _replace_type(tokens: list[str], rng: Random) -> None:
    places = _places(tokens, lambda token: token in ("int", "uint", "bool", "principal"))
    if places:
        tokens[rng.choice(places)] = rng.choice(_TYPES)


def _drop_argument(tokens: list[str], rng: Random) -> None:
    places = _places(tokens, lambda token: _is_atom(token) or token in "({")
    if places:
        start = rng.choice(places)
        del tokens[start : _group(tokens, start)]


def _double_argument(tokens: list[str], rng: Random) -> None:
    places = _places(tokens, lambda token: _is_atom(token) or token in "({")
    if places:
        start = rng.choice(places)
        end = _group(tokens, start)
        if end - start < 200:
            tokens[end:end] = [" ", *tokens[start:end]]


def _swap_expressions(tokens: list[str], rng: Random) -> None:
    places = _places(tokens, lambda token: _is_atom(token) or token in "({")
    if len(places) < 2:
        return
    first, second = sorted(rng.sample(places, 2))
    first_end, second_end = _group(tokens, first), _group(tokens, second)
    if first_end <= second:
        left, right = tokens[first:first_end], tokens[second:second_end]
        tokens[second:second_end] = left
        tokens[first:first_end] = right


def _drop_token(tokens: list[str], rng: Random) -> None:
    places = _places(tokens, lambda _: True)
    if places:
        del tokens[rng.choice(places)]


def _wrap(tokens: list[str], rng: Random) -> None:
    places = _places(tokens, lambda token: _is_atom(token) or token == "(")
    if places:
        start = rng.choice(places)
        end = _group(tokens, start)
        word = rng.choice(
            (
                "some",
                "ok",
                "err",
                "list",
                "begin",
                "print",
                "not",
                "is-some",
                "unwrap-panic",
                "try!",
            )
        )
        count = rng.choice((1, 1, 1, 2, 10, 31, 32, 33, NESTING_MAX)) if end - start < 40 else 1
        tokens[end:end] = [")"] * count
        tokens[start:start] = [f"({word} "] * count


def _insert_text(tokens: list[str], rng: Random) -> None:
    texts = (
        ";; a comment\n",
        ";",
        "é",
        "\r\n",
        "<",
        "'",
        ".x",
        "<t>",
        "@",
        '"\\x"',
        'u"\\u{110000}"',
        ":",
        ",",
    )
    tokens.insert(rng.randrange(1, len(tokens) + 1), rng.choice(texts))


_CHANGES: list[Callable[[list[str], Random], None]] = [
    _replace_atom, _replace_atom, _replace_native, _replace_native, _replace_word, _replace_word,
    _replace_by_reserved, _replace_type, _drop_argument, _drop_argument, _double_argument,
    _double_argument, _swap_expressions, _drop_token, _wrap, _wrap, _insert_text,
]  # fmt: skip
