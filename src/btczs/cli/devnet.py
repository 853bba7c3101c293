"""`btczs devnet`: a whole network in one process, and its dashboard."""

import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import click

from btczs.cli.output import guard_errors, make_console
from btczs.node.options import DevnetOptions

if TYPE_CHECKING:
    from btczs.node.dashboard_view import DashboardView

PORT = click.IntRange(0, 65535)
LOG_LEVELS: Final = ("debug", "info", "warning", "error")


class RunningDevnet(Protocol):
    """What is needed of `btczs.node.devnet.Devnet`."""

    async def start(self) -> None: ...

    def view(self) -> "DashboardView": ...

    async def run_until(self, stop: asyncio.Event) -> None: ...

    async def stop(self) -> None: ...


@click.command()
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), default=Path(".btczs/devnet"), show_default=True, metavar="DIR", help="Where the chain is kept; it continues from there.")  # fmt: skip
@click.option("--reset", is_flag=True, help="Begin a new chain: deletes what is in DIR.")
@click.option("--l1-block-time", "l1_block_time_s", type=click.FloatRange(0.05, 3600), default=3.0, show_default=True, metavar="SECONDS", help="Between two blocks of layer 1.")  # fmt: skip
@click.option("--miners", type=click.IntRange(1, 3), default=2, show_default=True, help="How many compete.")  # fmt: skip
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen. Everybody who reaches it can spend the prefunded accounts.")  # fmt: skip
@click.option("--api-port", type=PORT, help="[default: 3999]")
@click.option("--rpc-port", type=PORT, help="[default: 20443]")
@click.option("--l1-port", type=PORT, help="JSON-RPC of the embedded layer 1.  [default: 11979]")
@click.option("--plain", is_flag=True, help="Log lines instead of the dashboard (as without a terminal).")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="As --plain, with one JSON object per line.")
@click.option("--log-level", type=click.Choice(LOG_LEVELS), default="warning", show_default=True)
def command(
    data: Path,
    reset: bool,
    l1_block_time_s: float,
    miners: int,
    host: str,
    api_port: int | None,
    rpc_port: int | None,
    l1_port: int | None,
    plain: bool,
    as_json: bool,
    log_level: str,
) -> None:
    """Run a whole network on this machine: a BitcoinZ layer 1, miners, signers, and the API.

    The dashboard shows it live; `a` lists the prefunded accounts, `q` or Ctrl-C stops everything.
    Nothing is lost: the next start continues. Use another terminal to play:

    \b
      btczs account list
      btczs send --from account-0 --to account-1 1.5

    \b
    Examples:
      btczs devnet
      btczs devnet --reset --l1-block-time 1 --miners 3
      btczs devnet --data /tmp/second --api-port 4999 --rpc-port 21443 --l1-port 12979
      btczs devnet --plain > devnet.txt
    """
    ports = {"api_port": api_port, "rpc_port": rpc_port, "l1_port": l1_port}
    options = DevnetOptions(
        data=data,
        reset=reset,
        l1_block_time_s=l1_block_time_s,
        miners=miners,
        host=host,
        **{name: port for name, port in ports.items() if port is not None},
    )
    is_live = not plain and not as_json and sys.stdout.isatty()
    with guard_errors(as_json):
        from btczs.node.devnet import Devnet

        set_up_logging(log_level, data.with_name(data.name + ".log") if is_live else None)
        asyncio.run(run(Devnet(options), is_live=is_live, as_json=as_json))


async def run(devnet: RunningDevnet, *, is_live: bool, as_json: bool = False) -> None:
    """Starts `devnet` and shows it until Ctrl-C, SIGTERM, `q`, or until it fails."""
    from btczs.cli import live

    stop = asyncio.Event()
    with stop_on_signals(stop):
        await devnet.start()
        try:
            view = devnet.view()
            if as_json:
                click.echo(live.to_json_line("started", view))
            else:
                live.print_welcome(make_console(), view)
            working = asyncio.create_task(devnet.run_until(stop))
            if is_live:
                showing = asyncio.create_task(live.show_dashboard(devnet.view, stop))
            else:
                showing = asyncio.create_task(live.show_lines(devnet.view, stop, as_json=as_json))
            await asyncio.wait((working, showing), return_when=asyncio.FIRST_COMPLETED)
            stop.set()
            await asyncio.gather(working, showing)
        finally:
            await devnet.stop()
    if not as_json:
        click.echo("stopped; the next `btczs devnet` continues here", err=True)


@contextlib.contextmanager
def stop_on_signals(stop: asyncio.Event) -> Iterator[None]:
    """Ctrl-C and SIGTERM set `stop`, so that everything ends in its order."""
    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)
    for number in signals:
        loop.add_signal_handler(number, stop.set)
    try:
        yield
    finally:
        for number in signals:
            loop.remove_signal_handler(number)


def set_up_logging(level: str, path: Path | None) -> None:
    """To standard error, or to a file while the dashboard owns the screen."""
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(
        level=level.upper(),
        format="%(asctime)s %(levelname)-7s %(name)s: %(message)s",
        filename=path,
        force=True,
    )
