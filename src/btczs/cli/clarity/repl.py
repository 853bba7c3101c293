"""`btczs clarity repl`: the language line by line."""

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from btczs.cli.clarity.common import clarity_path, version_option
from btczs.cli.output import guard_errors, make_console

if TYPE_CHECKING:
    from btczs.cli.clarity.repl_commands import Repl
    from btczs.vm.clarity.names import ClarityVersion

HISTORY: Final = ".btczs/clarity_history"
HISTORY_LINES_MAX: Final = 2000
PROMPT, MORE = "clarity> ", "     ... "


@click.command()
@click.argument("paths", nargs=-1, type=clarity_path)
@version_option
def command(paths: tuple[Path, ...], version: "ClarityVersion | None") -> None:
    """Try the language on a simulated chain, with the contracts of PATHS deployed.

    Definitions stay; a definition of the same name replaces the old one. An input goes on over
    several lines until its brackets are closed. `::help` shows the commands.

    \b
    Examples:
      btczs clarity repl
      btczs clarity repl token.clar
      echo "(+ 1 2)" | btczs clarity repl
    """
    with guard_errors(False):
        from btczs.cli.clarity.repl_commands import Repl

        is_terminal = sys.stdin.isatty()
        repl = Repl(make_console(), version)
        if is_terminal:
            click.echo("Clarity on a simulated chain. ::help for commands, Ctrl-D to leave.")
        if paths:
            repl.load(paths)
        if is_terminal:
            with _history(repl.complete):
                failed = _converse(repl, _ask)
        else:
            failed = _converse(repl, _read)
        if failed and not is_terminal:
            raise click.exceptions.Exit(1)


def _converse(repl: "Repl", ask: Callable[[str], str | None]) -> bool:
    """Reads and answers until the end; whether anything failed."""
    from btczs.workbench.session import needs_more

    failed = False
    while not repl.finished:
        text = ask(PROMPT)
        if text is None:
            return failed
        while needs_more(text) and not text.startswith("::"):
            line = ask(MORE)
            if line is None:
                break
            text += "\n" + line
        if text.strip():
            failed = not repl.answer(text) or failed
    return failed


def _ask(prompt: str) -> str | None:
    try:
        return input(prompt)
    except EOFError:
        click.echo()
        return None
    except KeyboardInterrupt:
        click.echo()
        return ""


def _read(prompt: str) -> str | None:
    del prompt
    line = sys.stdin.readline()
    return line.rstrip("\n") if line else None


@contextlib.contextmanager
def _history(complete: Callable[[str, int], str | None]) -> Iterator[None]:
    """Arrow keys, completion, and a history that outlives the session."""
    try:
        import readline
    except ImportError:  # some builds of Python have none
        yield
        return
    path = Path.home() / HISTORY
    readline.set_completer(complete)
    readline.set_completer_delims(" ()\n{},'")
    readline.parse_and_bind("tab: complete")
    with contextlib.suppress(OSError):
        readline.read_history_file(path)
    try:
        yield
    finally:
        readline.set_history_length(HISTORY_LINES_MAX)
        with contextlib.suppress(OSError):
            path.parent.mkdir(mode=0o700, exist_ok=True)
            readline.write_history_file(path)
