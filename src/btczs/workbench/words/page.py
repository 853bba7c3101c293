"""The page `docs/reference/clarity-words.md`: all words in Markdown."""

import re
from collections.abc import Iterable
from typing import Final

from btczs.vm.clarity.costs.table import COSTS_5
from btczs.workbench.words.model import Group, Word

DIMENSIONS: Final = ("runtime", "read_count", "read_length", "write_count", "write_length")
_LINEAR: Final = re.compile(r"lin\((.+), (\d+), (\d+)\)")


def make_page(groups: Iterable[Group], note: str) -> str:
    """The whole page. `note` stands below its title."""
    groups = tuple(groups)
    count = sum(len(group.words) for group in groups)
    lines = [
        "# Words of Clarity",
        "",
        note,
        "",
        f"All {count} words: native functions, keywords and definitions. `btczs clarity docs NAME`",
        "shows the same in a terminal. Every example is executed by the tests. Costs name lines of",
        "the cost table.",
        "",
    ]
    lines += [f"- [{group.title}](#{_anchor(group.title)})" for group in groups]
    for group in groups:
        lines += ["", f"## {group.title}"]
        for word in group.words:
            lines += ["", *_word_lines(word)]
    return "\n".join(lines) + "\n"


def _word_lines(word: Word) -> list[str]:
    lines = [f"### `{word.name}`", ""]
    if word.kind != "keyword":
        lines += ["```clarity", word.signature, "```", ""]
    lines += [word.text, "", f"- versions: {word.versions_text}"]
    if word.takes:
        lines.append(f"- takes: {word.takes}")
    if word.gives:
        lines.append(f"- gives: `{word.gives}`")
    if word.costs:
        lines += [f"- cost: `{name}`: {cost_text(name)}" for name in word.costs]
    for example in word.examples:
        lines += ["", "```clarity", example.shown, f";; => {example.result}", "```"]
    return lines


def cost_text(name: str) -> str:
    """A line of the cost table in words: `runtime 44, read_count 1, read_length n + 1`."""
    formulas = [formula.strip() for formula in COSTS_5[name].split(";")]
    shown = [f"{d} {_formula(f)}" for d, f in zip(DIMENSIONS, formulas) if f != "0"]
    return ", ".join(shown)


def _formula(text: str) -> str:
    found = _LINEAR.fullmatch(text)
    if found is None:
        return text
    variable, factor, base = found.groups()
    variable = f"({variable})" if " " in variable and factor != "1" else variable
    return f"{variable if factor == '1' else f'{factor} {variable}'} + {base}"


def _anchor(title: str) -> str:
    kept = "".join(c for c in title.lower() if c.isalnum() or c in " -")
    return kept.replace(" ", "-")
