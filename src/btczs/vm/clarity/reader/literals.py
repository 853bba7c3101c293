"""Literal values out of their words: numbers, buffers, strings. Linear in the length of the word."""

import re

from btczs.codec.clarity.types import VALUE_SIZE_MAX
from btczs.codec.clarity.values import AsciiValue, BufferValue, IntValue, UIntValue, Utf8Value
from btczs.vm.clarity.reader.errors import (
    FailedParsingIntValue,
    FailedParsingUIntValue,
    IllegalASCIIString,
    InvalidBuffer,
)
from btczs.vm.clarity.reader.span import Span

_DIGITS_MAX = 39  # of a number of 128 bits; beyond, Python's conversion is quadratic
_SHOWN = 60

_ESCAPES = {
    "\\\\": "\\", '\\"': '"', "\\n": "\n", "\\t": "\t", "\\r": "\r", "\\0": "\0",
}  # fmt: skip
_ESCAPE = re.compile(r"\\(?:u\{[0-9a-fA-F]++\}|.)")
_PRINTABLE = re.compile(r"[\t\n\f\r -~]*+")


def shorten(text: str) -> str:
    """`text` for a message: its beginning, if it is long."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(text)} characters)"


def int_literal(word: str, span: Span) -> IntValue:
    """`12`, `-3`. Raises `FailedParsingIntValue`."""
    digits = word.lstrip("-").lstrip("0")
    if len(digits) <= _DIGITS_MAX:
        number = int(digits or "0")
        number = -number if word[0] == "-" else number
        if -(1 << 127) <= number < 1 << 127:
            return IntValue(number)
    raise FailedParsingIntValue(
        f"{shorten(word)} does not fit an int of 128 bits", span, text=shorten(word)
    )


def uint_literal(word: str, span: Span) -> UIntValue:
    """`u12`. Raises `FailedParsingUIntValue`."""
    digits = word[1:].lstrip("0")
    if len(digits) <= _DIGITS_MAX:
        number = int(digits or "0")
        if number < 1 << 128:
            return UIntValue(number)
    raise FailedParsingUIntValue(
        f"{shorten(word)} does not fit a uint of 128 bits", span, text=shorten(word)
    )


def buffer_literal(word: str, span: Span) -> BufferValue:
    """`0x00ff`. Raises `InvalidBuffer`."""
    size = len(word) // 2 - 1
    if size > VALUE_SIZE_MAX:
        raise InvalidBuffer(f"{size} bytes are too many, {VALUE_SIZE_MAX} is the most", span)
    return BufferValue(bytes.fromhex(word[2:]))


def ascii_literal(word: str, span: Span) -> AsciiValue:
    """`"text"`. Raises `IllegalASCIIString`.

    A value holds printable characters and white space only, so `\\0` can be written but not read.
    """
    text = _unescape(word[1:-1])
    if len(text) > VALUE_SIZE_MAX:
        message = f"{len(text)} characters are too many, {VALUE_SIZE_MAX} is the most"
        raise IllegalASCIIString(message, span)
    if _PRINTABLE.fullmatch(text) is None:
        raise IllegalASCIIString("a control character other than \\n, \\t, \\r", span)
    return AsciiValue(text)


def utf8_literal(word: str) -> Utf8Value:
    """`u"text"`. Its length is not judged here: types do that."""
    return Utf8Value(_unescape(word[2:-1]))


def _unescape(text: str) -> str:
    return _ESCAPE.sub(_unescape_one, text) if "\\" in text else text


def _unescape_one(match: re.Match[str]) -> str:
    escape = match.group()
    plain = _ESCAPES.get(escape)
    return chr(int(escape[3:-1].lstrip("0") or "0", 16)) if plain is None else plain
