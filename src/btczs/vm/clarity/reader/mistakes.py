"""What is wrong with a word: the slow way through the few characters that form none.

`explain(source, start)` is called where the one regular expression of `words.py` found no word. It
finds the kind that the reference implementation reports, and where reading can go on for tools that
want to see every mistake. A character outside of ASCII is a mistake as soon as it is seen, one
character ahead; `seen` tells how far reading had got when the mistake was noticed.
"""

import re

import msgspec

from btczs.vm.clarity.errors import ParseError
from btczs.vm.clarity.reader.errors import (
    EmptyUTF8Encoding,
    ExpectedClosing,
    ExpectedSeparator,
    IllegalCharUTF8Encoding,
    InvalidBufferLength,
    InvalidCharBuffer,
    InvalidCharIdent,
    InvalidCharInt,
    InvalidCharPrincipal,
    InvalidCharTraitIdent,
    InvalidCharUint,
    InvalidUTF8Encoding,
    LexerError,
    NonASCIIChar,
    SingleSemiColon,
    UnknownEscapeChar,
    UnknownSymbol,
    UnsupportedLineEnding,
    UnterminatedUTF8Encoding,
)
from btczs.vm.clarity.reader.words import (
    ASCII_TEXT,
    BAD,
    DIGITS,
    LETTERS,
    NOT_SEPARATOR,
    UTF8_TEXT,
    span_at,
)

_REST_OF_WORD = re.compile(f"{NOT_SEPARATOR}*+")
_REST_OF_STRING = re.compile(rf'[^"\n]*+{NOT_SEPARATOR}*+')
_REST_OF_LINE = re.compile(r"[^\n\r]*+")
_ASCII_TEXT = re.compile(ASCII_TEXT)
_UTF8_TEXT = re.compile(UTF8_TEXT)
_HEX = re.compile(r"[0-9a-fA-F]*+")


class Mistake(msgspec.Struct, frozen=True):
    """An error, how far reading had got, and what to read instead (from the same start)."""

    error: ParseError
    seen: int
    instead: str


def explain(source: str, start: int) -> Mistake:
    """Why no word begins at `start`. `source` is ASCII; its end counts as a separator."""
    first = source[start]
    after = source[start + 1 : start + 2]
    if first in LETTERS and not (first == "u" and after and after in DIGITS + '"'):
        return _bad_character(source, start, _NAME, InvalidCharIdent, "a name")
    if first == "u":
        if after == '"':
            return _string(source, start, start + 2, _UTF8_TEXT)
        return _bad_character(source, start, _UINT, InvalidCharUint, "an unsigned number")
    if first == "0" and after == "x":
        return _buffer(source, start)
    if first in DIGITS or (first == "-" and after and after in DIGITS):
        return _bad_character(source, start, _INT, InvalidCharInt, "a number")
    if first in "+-*/<>":
        return _operator(source, start, after)
    if first == "'":
        return _bad_character(source, start, _PRINCIPAL, InvalidCharPrincipal, "an address")
    if first == '"':
        return _string(source, start, start + 1, _ASCII_TEXT)
    if first == ";":
        error: ParseError = SingleSemiColon(
            "a comment begins with two semicolons", span_at(source, start, start + 1)
        )
        rest = _end(_REST_OF_LINE, source, start)
        return Mistake(error, start + 1, " " * (rest - start))
    if first == "\r":
        error = UnsupportedLineEnding(
            "a carriage return; lines end with a line feed alone (is the editor in CRLF mode?)",
            span_at(source, start, start + 1),
        )
        return Mistake(error, start, " ")
    error = UnknownSymbol(
        f"nothing begins with {first!r}", span_at(source, start, start + 1), character=first
    )
    return Mistake(error, start, BAD)


def non_ascii(source: str, at: int) -> NonASCIIChar:
    """The error about the character at `at`."""
    character = source[at]
    return NonASCIIChar(
        f'{character!r} is not ASCII; write it as \\u{{{ord(character):x}}} in a string u"…"',
        span_at(source, at, at + 1),
        character=character,
    )


_NAME = re.compile(r"[a-zA-Z0-9_\-!?+<>=/*]*+")
_UINT = re.compile(r"u[0-9]*+")
_INT = re.compile(r"-?[0-9]*+")
_PRINCIPAL = re.compile(r"'[0-9A-HJKMNP-TV-Z]*+")
_TRAIT = re.compile(r"<[a-zA-Z0-9_\-]*+")


def _end(pattern: re.Pattern[str], source: str, start: int) -> int:
    match = pattern.match(source, start)
    return start if match is None else match.end()


def _bad_character(
    source: str, start: int, good: re.Pattern[str], kind: type[LexerError], what: str
) -> Mistake:
    """The first character that does not go with `good`; the word ends at the next separator."""
    return _wrong_at(source, start, _end(good, source, start), kind, what)


def _wrong_at(source: str, start: int, at: int, kind: type[LexerError], what: str) -> Mistake:
    end = _end(_REST_OF_WORD, source, at)
    character = source[at]
    message = f"{character!r} in {what}"
    error = kind(message, span_at(source, at, end), character=character)
    return Mistake(error, end, BAD * (end - start))


def _buffer(source: str, start: int) -> Mistake:
    at = _end(_HEX, source, start + 2)
    digits = at - start - 2
    if at == _end(_REST_OF_WORD, source, at):
        error = InvalidBufferLength(
            f"a buffer has two digits per byte, not {digits} in all",
            span_at(source, start, at),
            digits=digits,
        )
        return Mistake(error, at, BAD * (at - start))
    return _wrong_at(source, start, at, InvalidCharBuffer, "a buffer")


def _operator(source: str, start: int, after: str) -> Mistake:
    """An operator that touches the next word, or `<name` without its end."""
    if source[start] == "<" and after and after in LETTERS:
        at = _end(_TRAIT, source, start)
        if at != _end(_REST_OF_WORD, source, at):
            return _wrong_at(source, start, at, InvalidCharTraitIdent, "the name of a trait")
        return _unclosed(source, start, at, ">")
    length = 2 if source[start] in "<>" and after == "=" else 1
    at = start + length
    error = ExpectedSeparator(
        f"write a space after {source[start:at]!r}",
        span_at(source, at, at + 1),
        character=source[at],
    )
    return Mistake(error, at, source[start:at])


def _unclosed(source: str, start: int, at: int, closing: str) -> Mistake:
    error = ExpectedClosing(
        f"{closing!r} is missing",
        span_at(source, at, at + 1),
        closing=closing,
        opened=span_at(source, start, start + 1),
        outer_kind=LexerError.outer_kind,
    )
    return Mistake(error, at, BAD * (at - start))


def _string(source: str, start: int, text: int, good: re.Pattern[str]) -> Mistake:
    at = _end(good, source, text)
    if source[at : at + 1] != "\\":
        return _unclosed(source, start, at, '"')
    if good is _UTF8_TEXT and source[at + 1 : at + 2] == "u":
        error, seen = _encoding(source, at)
    else:
        character = source[at + 1 : at + 2]
        error = UnknownEscapeChar(
            f'{character!r} after a backslash; there are \\n \\t \\r \\0 \\" and \\\\',
            span_at(source, at, at + 2),
            character=character,
        )
        seen = at + 1
    end = _end(_REST_OF_STRING, source, seen)
    return Mistake(error, seen, BAD * (end - start))


def _encoding(source: str, at: int) -> tuple[ParseError, int]:
    """What is wrong with the `\\u{…}` at `at`, and how far reading had got."""
    brace = at + 2
    if source[brace : brace + 1] != "{":
        message = "\\u is followed by a number in braces, as in \\u{1f600}"
        return InvalidUTF8Encoding(message, span_at(source, brace, brace + 1)), brace
    end = _end(_HEX, source, brace + 1)
    character = source[end : end + 1]
    if character == "}":
        if end == brace + 1:
            span = span_at(source, brace, end + 1)
            return EmptyUTF8Encoding("the number in \\u{} is missing", span), end
        message = "no Unicode character has this number"
        return InvalidUTF8Encoding(message, span_at(source, at, end + 1)), end + 1
    span = span_at(source, end, end + 1)
    if character in ('"', ""):
        return UnterminatedUTF8Encoding("'}' is missing after \\u{", span), end
    message = f"{character!r} is no hexadecimal digit"
    return IllegalCharUTF8Encoding(message, span, character=character), end
