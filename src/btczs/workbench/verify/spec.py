"""Rules about a contract, read from its comments or from a file beside it."""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final, Literal

import msgspec

from btczs.primitives.errors import InvalidInput
from btczs.vm.clarity.errors import ParseError
from btczs.vm.clarity.reader import parse_expressions
from btczs.vm.clarity.reader.syntax import Program

RuleKind = Literal["invariant", "prove", "never-aborts"]

_START: Final = re.compile(r"@(invariant|prove|never-aborts)\b\s*(.*)", re.DOTALL)
_HEAD: Final = re.compile(
    r"([a-zA-Z][\w!?-]*)\s*((?:\([^()]*(?:\([^()]*\)[^()]*)*\)\s*)*):\s*(.*)", re.DOTALL
)
SUFFIX: Final = ".invariants"
LINES_MAX: Final = 40
"""A rule that is not complete after so many lines has an open bracket."""


class InvalidRule(InvalidInput):
    """A rule is not written as one."""

    code = "invalid_rule"


class Rule(msgspec.Struct, frozen=True):
    """`parameters` is Clarity text, `(a uint) (b int)`; empty for invariants."""

    kind: RuleKind
    name: str
    parameters: str
    expression: str
    line: int
    """Where it stands, from 1."""
    file: str


def read_rules(program: Program, path: Path) -> list[Rule]:
    """The rules in the comments of a contract and in `NAME.invariants`. Raises `InvalidRule`."""
    comments = [(c.span.line, c.text.lstrip(";").strip()) for c in program.comments]
    rules = list(_rules(comments, str(path)))
    beside = path.with_suffix(SUFFIX)
    if beside.is_file():
        lines = enumerate(beside.read_text("utf-8", "replace").splitlines(), 1)
        rules += _rules([(n, text.strip().lstrip(";").strip()) for n, text in lines], str(beside))
    seen: set[str] = set()
    for rule in rules:
        if rule.name in seen:
            raise InvalidRule(f"{rule.file}:{rule.line}: a rule {rule.name} stands there before")
        seen.add(rule.name)
    return rules


def _rules(lines: Iterable[tuple[int, str]], file: str) -> Iterator[Rule]:
    """A rule goes on over the next lines while brackets are open."""
    text, start, count = "", 0, 0
    for number, line in lines:
        if not text:
            if not line.startswith(("@invariant", "@prove", "@never-aborts")):
                continue
            text, start, count = line, number, 1
        else:
            text, count = f"{text} {line}", count + 1
        if _is_complete(text):
            yield _rule(text, start, file)
            text = ""
        elif count >= LINES_MAX:
            break
    if text:
        raise InvalidRule(f"{file}:{start}: a bracket of this rule is never closed")


def _is_complete(text: str) -> bool:
    return text.count("(") <= text.count(")") and not text.rstrip().endswith(":")


def _rule(text: str, line: int, file: str) -> Rule:
    started = _START.match(text)
    found = _HEAD.fullmatch(started[2].strip()) if started else None
    if started is None or found is None:
        raise InvalidRule(f"{file}:{line}: write `@invariant NAME: EXPRESSION`")
    kind, (name, parameters, expression) = started[1], found.groups()
    if kind == "invariant" and parameters.strip():
        raise InvalidRule(f"{file}:{line}: an invariant has no parameters")
    plain = replace_helpers(expression, lambda *_: "true")
    try:
        count = len(parse_expressions(plain))
    except ParseError as error:
        raise InvalidRule(f"{file}:{line}: rule {name}: {error}") from error
    if count != 1:
        raise InvalidRule(f"{file}:{line}: rule {name} is not one expression")
    if kind != "invariant" and plain != expression:
        raise InvalidRule(f"{file}:{line}: rule {name}: only invariants know @sum and @prev")
    assert kind in ("invariant", "prove", "never-aborts")
    return Rule(kind, name, parameters.strip(), expression.strip(), line, file)  # type: ignore[arg-type]


HELPERS: Final = ("sum", "count", "prev")
_HELPER: Final = re.compile(r"@(\w+)\(")


def replace_helpers(text: str, value_of: Callable[[str, str], str]) -> str:
    """`text` with each `@name(…)` replaced by what `value_of(name, inside)` says.

    Raises `InvalidRule` for other names and open brackets.
    """
    out: list[str] = []
    place = 0
    while (found := _HELPER.search(text, place)) is not None:
        if found[1] not in HELPERS:
            raise InvalidRule(f"there is no @{found[1]}; there are @sum, @count and @prev")
        end, depth = found.end(), 1
        while depth and end < len(text):
            depth += {"(": 1, ")": -1}.get(text[end], 0)
            end += 1
        if depth:
            raise InvalidRule(f"the bracket of @{found[1]} is never closed")
        out += [
            text[place : found.start()],
            value_of(found[1], text[found.end() : end - 1].strip()),
        ]
        place = end
    return "".join([*out, text[place:]])
