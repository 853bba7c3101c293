"""A guide as a list of steps that can be executed: files to write, forms to replace, commands.

In the Markdown of a guide, a comment before a fenced block says what the block is:

    <!-- file: NAME -->            its text becomes the file NAME
    <!-- replace in: NAME -->      each definition in it replaces the one of its name in NAME
    <!-- exit: N -->               the last command of the `console` block ends with N, not with 0

A `console` block holds commands (`$ …`, goes on with `> …`) and, after each, all that it prints.
`…` on a line of its own stands for any lines, inside a line for any text. Blocks of other languages
without a comment are not executed.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from btczs.vm.clarity.reader import parse_expressions
from btczs.vm.clarity.reader.syntax import Atom, Expr, Form

COMMAND_S_MAX = 120
ANY = "…"

_BLOCK = re.compile(r"(?:^<!-- (?P<note>[^\n]*?) -->\n)?^```(?P<language>\w*)\n(?P<text>.*?)^```$",
                    re.DOTALL | re.MULTILINE)  # fmt: skip


class Block(NamedTuple):
    """A fenced block, the comment before it, and the line of the guide where its text begins."""

    language: str
    note: str
    text: str
    line: int


class Command(NamedTuple):
    """What is typed, and the lines that are printed."""

    text: str
    expected: list[str]
    exit_code: int
    line: int


def read_blocks(guide: str) -> Iterator[Block]:
    for found in _BLOCK.finditer(guide):
        line = guide[: found.start("text")].count("\n") + 1
        yield Block(found["language"], found["note"] or "", found["text"], line)


def read_commands(block: Block) -> Iterator[Command]:
    """The commands of a `console` block."""
    typed: list[str] = []
    expected: list[str] = []
    commands: list[tuple[int, list[str], list[str]]] = []
    for number, line in enumerate(block.text.splitlines(), block.line):
        if line.startswith("$ "):
            typed, expected = [line[2:]], []
            commands.append((number, typed, expected))
        elif line.startswith("> ") and not expected:
            typed.append(line[2:])
        else:
            assert commands, f"line {number}: output before any command"
            expected.append(line)
    last_code = int(block.note.removeprefix("exit:")) if block.note.startswith("exit:") else 0
    for index, (number, lines, output) in enumerate(commands):
        code = last_code if index == len(commands) - 1 else 0
        yield Command("\n".join(lines), output, code, number)


def matches(expected: list[str], printed: str) -> bool:
    """Whether what was printed is what the guide shows, up to spaces and empty lines at the ends."""
    pattern = ""
    for line in expected:
        if line == ANY:
            pattern += r"(?:[^\n]*\n)*?"
        else:
            parts = [re.escape(part.strip() if ANY in line else part) for part in line.split(ANY)]
            pattern += r"[^\n]*".join(parts).rstrip() + r"[ ]*\n"
    return re.fullmatch(rf"\n*{pattern}\n*", printed.rstrip() + "\n") is not None


def run(command: Command, folder: Path) -> None:
    """Executes a command and compares; fails with both outputs side by side."""
    bin_folder = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}"}
    for name in ("PYTEST_ADDOPTS", "PYTEST_CURRENT_TEST", "COLUMNS", "FORCE_COLOR"):
        environment.pop(name, None)
    done = subprocess.run(
        ["/bin/sh", "-c", command.text],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=COMMAND_S_MAX,
        check=False,
    )
    shown = f"line {command.line} of the guide: {command.text}\n--- it printed\n{done.stdout}"
    assert done.returncode == command.exit_code, f"{shown}{done.stderr}--- code {done.returncode}"
    wanted = "\n".join(command.expected)
    assert matches(command.expected, done.stdout), f"{shown}--- the guide shows\n{wanted}"


def replace_definitions(source: str, replacement: str) -> str:
    """`source` with each definition of `replacement` in place of the one of its name."""
    for new in parse_expressions(replacement):
        (old,) = [
            e for e in parse_expressions(source) if definition_name(e) == definition_name(new)
        ]
        begin, end = offset(source, old, first=True), offset(source, old, first=False)
        source = source[:begin] + text_of(replacement, new) + source[end:]
    return source


def definition_name(expr: Expr) -> str:
    """The name that a top-level form defines; empty if it is no definition."""
    if not isinstance(expr, Form) or len(expr.items) < 2:
        return ""
    named = expr.items[1]
    name = named.items[0] if isinstance(named, Form) else named
    return name.name if isinstance(name, Atom) else ""


def text_of(source: str, expr: Expr) -> str:
    return source[offset(source, expr, first=True) : offset(source, expr, first=False)]


def offset(source: str, expr: Expr, *, first: bool) -> int:
    """Where an expression begins, or where the text after it does."""
    span = expr.span
    line = span.line if first else span.end_line
    before = sum(len(each) + 1 for each in source.split("\n")[: line - 1])
    return before + (span.column - 1 if first else span.end_column)


def execute(guide: str, folder: Path) -> int:
    """Executes all steps of a guide in `folder`; how many commands there were."""
    count = 0
    for block in read_blocks(guide):
        kind, _, name = block.note.partition(": ")
        if kind == "file":
            (folder / name).write_text(block.text)
        elif kind == "replace in":
            source = (folder / name).read_text()
            (folder / name).write_text(replace_definitions(source, block.text))
        elif block.language == "console":
            for command in read_commands(block):
                run(command, folder)
                count += 1
    return count
