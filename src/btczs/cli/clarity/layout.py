"""`btczs clarity format`: one layout for all contracts."""

import difflib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from btczs.cli.clarity.common import clarity_path, tool_command
from btczs.cli.output import Output

if TYPE_CHECKING:
    from rich.text import Text


@click.command()
@click.argument("paths", nargs=-1, required=True, type=clarity_path)
@click.option("--check", "mode", flag_value="check", help="Only say which files would change.")
@click.option("--write", "mode", flag_value="write", help="Change the files.")
@click.option("--diff", "mode", flag_value="diff", help="Show what would change.")
@tool_command
def command(out: Output, paths: tuple[Path, ...], mode: str | None) -> None:
    """Lay out contracts uniformly; comments stay. Without an option, print the result.

    With --check and --diff the exit code is 1 if a file would change.

    \b
    Examples:
      btczs clarity format token.clar
      btczs clarity format --write contracts/
      btczs clarity format --check contracts/
    """
    from rich.text import Text

    from btczs.vm.clarity.reader.formatter import format_source
    from btczs.workbench.project import read_sources, write_source

    changed: list[str] = []
    shown: list[Text] = []
    files: list[dict[str, object]] = []
    for source in read_sources(paths):
        path = str(source.path)
        laid_out = format_source(source.source)
        is_changed = laid_out != source.source
        files.append({"file": path, "changed": is_changed, "text": laid_out})
        if mode is None:
            shown.append(Text(laid_out.rstrip("\n")))
        if not is_changed:
            continue
        changed.append(path)
        if mode == "write":
            write_source(source.path, laid_out)
            shown.append(Text(f"changed {path}"))
        elif mode == "check":
            shown.append(Text(f"would change {path}", "yellow"))
        elif mode == "diff":
            shown += _diff(path, source.source, laid_out)
    if mode in ("check", "write") and not changed:
        shown.append(Text(f"{len(files)} {'file is' if len(files) == 1 else 'files are'} laid out"))
    out.answer({"files": files, "changed": len(changed)}, *shown)
    if mode in ("check", "diff") and changed:
        raise click.exceptions.Exit(1)


def _diff(path: str, old: str, new: str) -> "list[Text]":
    from rich.text import Text

    looks = {"+": "green", "-": "red", "@": "cyan"}
    lines = difflib.unified_diff(
        old.splitlines(), new.splitlines(), f"{path} (now)", f"{path} (laid out)", lineterm=""
    )
    return [Text(line, looks.get(line[:1], "")) for line in lines]
