"""Every word of the language explained: what `btczs clarity docs` and the reference page show.

- `GROUPS`: all words, by what they are about.
- `find_word`: one word. `suggest_words`: what was perhaps meant.
- `make_page`: the page `clarity-words.md`.

Every example is executed by a test, so that no text can promise what the language does not do.
"""

import difflib
from typing import Final

from btczs.workbench.words import (
    arithmetic,
    contracts,
    control,
    crypto,
    names,
    sequences,
    storage,
)
from btczs.workbench.words.model import Example, Group, Word
from btczs.workbench.words.page import cost_text, make_page

GROUPS: Final[tuple[Group, ...]] = (
    names.DEFINITIONS,
    control.CONTROL,
    control.OPTIONS,
    arithmetic.ARITHMETIC,
    arithmetic.BITS,
    arithmetic.COMPARISON,
    sequences.SEQUENCES,
    sequences.TUPLES,
    storage.STORAGE,
    storage.TOKENS,
    storage.COINS,
    contracts.CONTRACTS,
    contracts.ALLOWANCES,
    crypto.PRINCIPALS,
    crypto.CONVERSIONS,
    crypto.CRYPTO,
    contracts.CHAIN,
    names.KEYWORDS,
)

WORDS: Final[dict[str, Word]] = {word.name: word for group in GROUPS for word in group.words}

__all__ = [
    "GROUPS",
    "WORDS",
    "Example",
    "Group",
    "Word",
    "cost_text",
    "find_word",
    "make_page",
    "suggest_words",
]


def find_word(name: str) -> Word | None:
    """The word of this name."""
    return WORDS.get(name)


def suggest_words(name: str, count: int = 5) -> list[str]:
    """Words that look like `name`, or hold it, the likeliest first."""
    wanted = name.lower().strip("()")
    near = difflib.get_close_matches(wanted, WORDS, n=count, cutoff=0.6)
    holding = [word for word in WORDS if len(wanted) > 1 and wanted in word]
    return list(dict.fromkeys([*near, *holding]))[:count]
