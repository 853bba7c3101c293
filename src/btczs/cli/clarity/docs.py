"""`btczs clarity docs`: every word of the language, with examples that are known to work."""

from typing import TYPE_CHECKING, Any

import click

from btczs.cli.clarity.common import tool_command
from btczs.cli.output import Output
from btczs.primitives.errors import InvalidInput

if TYPE_CHECKING:
    from rich.console import RenderableType

    from btczs.workbench.words import Word


class UnknownWord(InvalidInput):
    """There is no such word in the language."""

    code = "unknown_word"


@click.command()
@click.argument("name", required=False)
@tool_command
def command(out: Output, name: str | None) -> None:
    """Explain the word NAME: what it takes, gives and costs. Without NAME, list all words.

    \b
    Examples:
      btczs clarity docs
      btczs clarity docs map-get?
      btczs clarity docs --json tx-sender
    """
    from btczs.workbench.words import GROUPS, find_word, suggest_words

    if name is None:
        value = {
            "groups": [
                {"name": group.name, "title": group.title, "words": [w.name for w in group.words]}
                for group in GROUPS
            ]
        }
        out.answer(value, *_list())
        return
    word = find_word(name)
    if word is None:
        near = suggest_words(name)
        meant = f": did you mean {', '.join(near)}?" if near else ""
        raise UnknownWord(f"there is no word {name!r}{meant}")
    out.answer(_json(word), *show_word(word))


def _list() -> "list[RenderableType]":
    from rich.text import Text

    from btczs.workbench.words import GROUPS

    parts: list[RenderableType] = []
    for group in GROUPS:
        parts.append(Text(group.title, "bold"))
        line = Text("  ").join(Text(word.name, "blue", no_wrap=True) for word in group.words)
        parts.append(Text("  ").append_text(line))
        parts.append(Text(""))
    parts.append(Text("btczs clarity docs NAME explains one of them", "dim"))
    return parts


def _json(word: "Word") -> dict[str, Any]:
    from btczs.vm.clarity.costs.table import COSTS_5

    return {
        "name": word.name,
        "kind": word.kind,
        "signature": word.signature,
        "versions": list(word.versions),
        "takes": word.takes,
        "gives": word.gives,
        "costs": {name: COSTS_5[name] for name in word.costs},
        "text": word.text,
        "examples": [{"code": e.shown, "value": e.value, "error": e.error} for e in word.examples],
    }


def show_word(word: "Word") -> "list[RenderableType]":
    """A word in colours: signature, text, types, costs, examples."""
    from rich.text import Text

    from btczs.cli.clarity.highlight import highlight, indent
    from btczs.cli.output import make_fields
    from btczs.workbench.words import cost_text

    costs = [f"{name}: {cost_text(name)}" for name in word.costs]
    parts: list[RenderableType] = [
        Text.assemble((word.name, "bold"), (f"  {word.kind}, version {word.versions_text}", "dim")),
        Text(""),
    ]
    if word.kind != "keyword":
        parts += [indent(highlight(word.signature)), Text("")]
    parts += [
        Text(word.text),
        Text(""),
        make_fields(
            [
                ("takes", word.takes or None),
                ("gives", word.gives or None),
                ("costs", "\n".join(costs) or None),
            ]
        ),
        Text(""),
        Text("Examples" if len(word.examples) > 1 else "Example", "dim"),
    ]
    for example in word.examples:
        result = (
            Text()
            .append("=> ", "dim")
            .append_text(
                highlight(example.value)
                if example.value is not None
                else Text(example.result, "red")
            )
        )
        parts += [indent(highlight(example.shown)), indent(result), Text("")]
    return parts[:-1]
