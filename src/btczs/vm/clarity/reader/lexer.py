"""Cutting a text into words: strictly, as consensus does, or collecting the mistakes."""

import re

from btczs.vm.clarity.errors import ParseError
from btczs.vm.clarity.reader.mistakes import explain, non_ascii
from btczs.vm.clarity.reader.words import WORD, split_words

MISTAKES_MAX = 100
"""After so many, a tolerant reading gives up: each costs a count of the lines before it."""

_NON_ASCII = re.compile(r"[^\x00-\x7f]")


def lex(source: str) -> list[str]:
    """The words of `source`, which joined give it back. Raises the first mistake."""
    foreign = None if source.isascii() else _NON_ASCII.search(source)
    text = source if foreign is None else source[: foreign.start()]
    words, start = split_words(text)
    if start >= 0:
        mistake = explain(text, start)
        if foreign is None or mistake.seen < len(text):
            raise mistake.error
    if foreign is not None:
        raise non_ascii(source, foreign.start())
    return words


def lex_tolerantly(source: str) -> tuple[list[str], list[ParseError]]:
    """The words of `source`, with fillers for those that are wrong, and what is wrong with them.

    At most `MISTAKES_MAX` mistakes; the words end there.
    """
    words: list[str] = []
    foreign = [match.start() for match in _NON_ASCII.finditer(source)][:MISTAKES_MAX]
    errors: list[ParseError] = [non_ascii(source, at) for at in foreign]
    text = _NON_ASCII.sub("x", source)  # said once; it goes on as if it were a letter
    start = 0
    while start < len(text) and len(errors) < MISTAKES_MAX:
        match = WORD.match(text, start)
        if match is None:
            mistake = explain(text, start)
            errors.append(mistake.error)
            word = mistake.instead
        else:
            word = match.group()
        words.append(word)
        start += len(word)
    return words, errors
