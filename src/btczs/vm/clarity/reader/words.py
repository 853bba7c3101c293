"""The words of the language: a text cut into strings by one regular expression.

`split_words(source)` gives every word, white space and comments included, so that joining them
gives the source back: positions are running sums of lengths, and the formatter sees what the
author wrote. The first character of a word tells what it is.

The expression matches exactly the words that are valid where they stand. Its last alternative
takes the whole rest of the text: then that rest begins with a mistake, which `mistakes.py`
explains. Quantifiers are possessive, so the time is linear in the text.

Source: rules of epoch 4.0 (the reference implementation's second parser).
"""

import re

from btczs.vm.clarity.reader.span import Span

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "0123456789"
WHITE_SPACE = " \t\n"
"""Carriage returns are a mistake."""

BAD = "?"
"""Stands for each character of a word that could not be read. No word begins with it."""

NOT_SEPARATOR = r"[^ \t\n\f\r(){},:.;]"
_END = f"(?!{NOT_SEPARATOR})"

ESCAPE = r'\\["\\ntr0]'
_SCALAR = (  # the number of a Unicode character: at most 10ffff, and no surrogate
    r"(?:0*+(?:[0-9a-fA-F]{1,3}|[1-9abcefABCEF][0-9a-fA-F]{3}|[dD][0-7][0-9a-fA-F]{2}"
    r"|[1-9a-fA-F][0-9a-fA-F]{4}|10[0-9a-fA-F]{4})|0++)"
)
ASCII_TEXT = rf'[^"\\\n]*+(?:{ESCAPE}[^"\\\n]*+)*+'
UTF8_TEXT = rf'[^"\\\n]*+(?:(?:{ESCAPE}|\\u\{{{_SCALAR}\}})[^"\\\n]*+)*+'

WORD = re.compile(
    r"[ \t\n]++"
    rf"|(?!u[0-9])[a-zA-Z][a-zA-Z0-9_\-!?+<>=/*]*+{_END}"
    r"|[(){}:,.]"
    rf"|(?:-?[0-9]++|u[0-9]++|0x(?:[0-9a-fA-F]{{2}})*+|'[0-9A-HJKMNP-TV-Z]*+){_END}"
    rf'|"{ASCII_TEXT}"|u"{UTF8_TEXT}"'
    r"|;;[^\n\r]*+"
    rf"|[-+*/<>]{_END}|[<>]={_END}"
    r"|<[a-zA-Z][a-zA-Z0-9_\-]*+>"
)
_WORD_OR_REST = re.compile(WORD.pattern + r"|[\s\S]++")


def split_words(source: str) -> tuple[list[str], int]:
    """The words of `source`, and the offset of the first mistake (-1: none).

    With a mistake, the words are those before it. `source` is ASCII.
    """
    words = _WORD_OR_REST.findall(source)
    if words and WORD.match(words[-1]) is None:
        rest = words.pop()
        return words, len(source) - len(rest)
    return words, -1


def is_name(word: str) -> bool:
    """Whether `word` is a name and not a number or string that begins with `u`."""
    return word[:1] in _LETTER_SET and not (word[0] == "u" and word[1:2] in _AFTER_U)


_LETTER_SET = frozenset(LETTERS)
_AFTER_U = frozenset(DIGITS + '"')


def span_at(source: str, start: int, end: int) -> Span:
    """The place of `source[start:end]`, at least one character. Costs a count of the lines."""
    last = max(start, end - 1)
    line = source.count("\n", 0, start) + 1
    end_line = line + source.count("\n", start, last)
    column = start - source.rfind("\n", 0, start)
    return Span(line, column, end_line, last - source.rfind("\n", 0, last))
