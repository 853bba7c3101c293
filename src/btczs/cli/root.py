"""The group `btczs`: a table of commands, each loaded only when it is used."""

from importlib import import_module
from typing import Final

import click

from btczs import __version__

COMMANDS: Final = {
    "devnet": "Run a whole network on this machine.",
    "node": "Run a node from a configuration file.",
    "wallet": "Make, restore and use an encrypted wallet.",
    "account": "Show balances and nonces.",
    "send": "Send coins.",
    "tx": "Show, await, decode or submit a transaction.",
    "block": "Show blocks.",
    "l1": "Look at layer 1: blocks, proofs, addresses.",
    "network": "Show the rules of a network.",
    "clarity": "Write, test and examine contracts.",
}
"""Each is `command` in the module of its name. The summary stands here so that `--help` loads
none of them."""


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"btczs.cli.{cmd_name}").command
        assert isinstance(command, click.Command), cmd_name
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96},
)
@click.version_option(__version__, prog_name="btczs")
def main() -> None:
    """BTCZS: a layer 2 for BitcoinZ.

    \b
    Examples:
      btczs devnet                                         run a network on this machine
      btczs account show account-0                         a prefunded account of the devnet
      btczs send --from account-0 --to account-1 1.5       send 1.5 BTCZS
      btczs wallet new                                     a wallet of your own
      btczs COMMAND --help                                 everything about a command
    """
