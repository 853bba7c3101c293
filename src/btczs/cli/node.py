"""`btczs node`: one node of a network, from a configuration file."""

import asyncio
from pathlib import Path

import click

from btczs.cli.output import guard_errors


@click.command()
@click.option("--config", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE", help="TOML: network, data folder, layer-1 node, roles.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Failures as JSON.")
@click.option("--log-level", type=click.Choice(("debug", "info", "warning", "error")), default="info", show_default=True)  # fmt: skip
def command(config: Path, as_json: bool, log_level: str) -> None:
    """Run a node from a configuration file, until Ctrl-C or SIGTERM.

    For a network on this machine alone, with nothing to configure, use `btczs devnet`.

    \b
    Examples:
      btczs node --config node.toml
      btczs node --config /etc/btczs/node.toml --log-level warning
    """
    with guard_errors(as_json):
        from btczs.cli.devnet import set_up_logging
        from btczs.node.run import run_node

        set_up_logging(log_level, None)
        asyncio.run(run_node(config))
