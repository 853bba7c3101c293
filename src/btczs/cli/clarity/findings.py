"""Findings as people see them: where, what, and the line with a caret below.

error[TypeError] an int was given where a uint is expected
  token.clar:12:10
   12 | (+ total 1)
      |          ^
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from rich.text import Text

    from btczs.vm.clarity.reader import Span
    from btczs.workbench.diagnose import Finding

LOOKS: Final = {"error": "bold red", "warning": "bold yellow", "note": "bold cyan"}
WIDTH_MAX: Final = 110
"""Columns of source that are shown; a longer line is cut around the place."""


def finding_json(finding: "Finding") -> dict[str, Any]:
    """Stable keys; the position counts from 1, the end is included."""
    span = finding.span
    return {
        "file": str(finding.file.path),
        "contract": finding.file.name,
        "level": finding.level,
        "kind": finding.kind,
        "message": finding.message,
        "line": span.line if span else None,
        "column": span.column if span else None,
        "end_line": span.end_line if span else None,
        "end_column": span.end_column if span else None,
    }


def render_finding(finding: "Finding", path: str) -> "Text":
    """The block shown above, in colours."""
    from rich.text import Text

    look = LOOKS[finding.level]
    text = Text()
    text.append(finding.level, look)
    text.append(f"[{finding.kind}] ", look)
    text.append(_printable(finding.message), "bold")
    span = finding.span
    if span is None:
        return text.append(f"\n  {path}", "dim")
    text.append("\n  ").append(f"{path}:{span}", "cyan")
    lines = finding.file.source.split("\n")
    if 0 < span.line <= len(lines):
        text.append_text(render_excerpt(lines[span.line - 1], span, look))
    return text


def render_excerpt(line: str, span: "Span", look: str) -> "Text":
    """The line with its number, and carets below the place."""
    from rich.text import Text

    from btczs.cli.clarity.highlight import highlight

    start = span.column - 1
    end = span.end_column if span.end_line == span.line else len(line)
    end = max(start + 1, min(end, len(line)))
    cut = max(0, start - WIDTH_MAX // 2) if len(line) > WIDTH_MAX else 0
    shown = line[cut : cut + WIDTH_MAX].expandtabs(1)
    carets = max(1, min(end - start, WIDTH_MAX - (start - cut)))
    number = f"{span.line:>5} | "
    source = highlight(_printable(shown))
    if cut:
        source = Text().append("…", "dim").append_text(source[1:])
    if len(line) > cut + WIDTH_MAX:
        source = source[:-1].append("…", "dim")
    return (
        Text()
        .append("\n" + number, "dim")
        .append_text(source)
        .append("\n" + " " * (len(number) - 2) + "| ", "dim")
        .append(" " * (start - cut) + "^" * carets, look)
    )


def _printable(text: str) -> str:
    """Control characters cannot take over the terminal."""
    return "".join(c if c.isprintable() else "·" for c in text)


def summary_text(errors: int, warnings: int, files: int) -> "Text":
    """`2 errors, 1 warning in 3 files`."""
    from rich.text import Text

    if not errors and not warnings:
        return Text(f"no mistakes in {_count(files, 'file')}", "green")
    parts = [_count(errors, "error")] if errors else []
    parts += [_count(warnings, "warning")] if warnings else []
    look = "red" if errors else "yellow"
    return Text(f"{', '.join(parts)} in {_count(files, 'file')}", look)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def join_blocks(blocks: "Iterable[Text]") -> "list[Text]":
    """With an empty line between two."""
    from rich.text import Text

    out: list[Text] = []
    for block in blocks:
        out += [block, Text("")]
    return out
