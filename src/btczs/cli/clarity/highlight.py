"""Clarity in colours, for terminals."""

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.text import Text

_TOKENS: Final = re.compile(
    r"""(?P<comment>;;[^\n]*)
    |(?P<string>u?"(?:\\.|[^"\\])*"?)
    |(?P<principal>'[A-Z0-9]+(?:\.[\w-]+)*|\.[a-zA-Z][\w.-]*)
    |(?P<number>\b(?:0x[0-9a-fA-F]*|u?\d+)\b|-\d+)
    |(?P<trait><[a-zA-Z][^\s<>]*>)
    |(?P<word>[a-zA-Z+*/<>=-][^\s(){},:;"]*)""",
    re.VERBOSE,
)

_LOOKS: Final = {
    "comment": "dim italic",
    "string": "green",
    "principal": "magenta",
    "number": "cyan",
    "trait": "magenta",
}


def highlight(source: str) -> "Text":
    """The source as coloured text."""
    from rich.text import Text

    from btczs.vm.clarity.names import DEFINES, KEYWORDS, NATIVES

    text = Text(source)
    for found in _TOKENS.finditer(source):
        kind = found.lastgroup or ""
        look = _LOOKS.get(kind)
        if kind == "word":
            name = found[0]
            if name in DEFINES:
                look = "bold blue"
            elif name in NATIVES:
                look = "blue"
            elif name in KEYWORDS:
                look = "yellow"
        if look:
            text.stylize(look, found.start(), found.end())
    return text


def indent(text: "Text", columns: int = 2) -> "Text":
    """Every line moved to the right. Unlike padding, it adds nothing at the ends of lines."""
    from rich.text import Text

    margin = " " * columns
    return Text("\n").join(Text(margin).append_text(line) for line in text.split("\n"))
