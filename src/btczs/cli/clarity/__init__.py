"""`btczs clarity`: what writers of contracts use. No node is needed.

One module per command, loaded when it is used. `check` and `format` look at sources; `run`, `repl`
and `test` execute contracts on a simulated chain; `costs`, `abi`, `dump` and `docs` explain; `lsp` serves editors; and
`verify` looks for what breaks the rules that a contract states about itself.
"""

from importlib import import_module
from typing import Final

import click

COMMANDS: Final = {
    "check": "Find the mistakes in contracts.",
    "format": "Lay out contracts uniformly.",
    "run": "Deploy a contract and evaluate an expression.",
    "repl": "Try the language, line by line.",
    "test": "Run tests of contracts, with coverage and costs.",
    "verify": "Search for what breaks the rules of a contract.",
    "costs": "What a function costs.",
    "abi": "The interface of a contract as JSON.",
    "dump": "A function as compiled Python.",
    "docs": "Explain the words of the language.",
    "lsp": "Serve an editor (Language Server Protocol).",
}
"""The summary stands here so that `--help` loads none of them."""

_MODULES: Final = {"format": "layout", "test": "testing"}
"""Modules that are not called as their command, which would hide a module of Python."""


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = _MODULES.get(cmd_name, cmd_name)
        command = import_module(f"btczs.cli.clarity.{module}").command
        assert isinstance(command, click.Command), cmd_name
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_LazyGroup)
def command() -> None:
    """Write, test and examine Clarity contracts. Needs no node.

    \b
    Examples:
      btczs clarity check token.clar                     find mistakes
      btczs clarity run token.clar "(get-supply)"        deploy and evaluate
      btczs clarity repl                                 try the language
      btczs clarity test                                 run the tests beside the contracts
      btczs clarity docs map-get?                        explain a word
    """
