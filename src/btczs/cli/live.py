"""Showing a running devnet: the dashboard on a terminal, lines anywhere else."""

import asyncio
import contextlib
import json
import sys
import termios
import tty
from collections.abc import Callable, Iterator
from typing import Any, Final

import click
import msgspec
from rich.console import Console
from rich.live import Live
from rich.text import Text

from btczs.cli.dashboard import Page, render, render_accounts
from btczs.node.dashboard_view import DashboardView
from btczs.wallet.amounts import format_amount

REFRESH_S: Final = 0.5
LINES_POLL_S: Final = 0.25

PLAIN_WIDTH = 140
"""Of tables in a pipe or a file: wide enough for an address and a key."""


async def show_dashboard(get_view: Callable[[], DashboardView], stop: asyncio.Event) -> None:
    """Draws on the whole screen until `stop` is set, which the key `q` does too."""
    console = Console(highlight=False)
    keys = _Keys(stop)
    with Live(console=console, screen=True, auto_refresh=False) as shown, keys.listen():
        while not stop.is_set():
            width, height = console.size
            shown.update(render(get_view(), width, height, keys.page), refresh=True)
            await _pause((stop, keys.pressed), REFRESH_S)
            keys.pressed.clear()


class _Keys:
    """Single keys of the terminal; what they ask for."""

    def __init__(self, stop: asyncio.Event) -> None:
        self.page: Page = "main"
        self.pressed = asyncio.Event()
        self._stop = stop

    @contextlib.contextmanager
    def listen(self) -> Iterator[None]:
        """Keys come at once and are not echoed, for as long as the context lasts."""
        if not sys.stdin.isatty():
            yield
            return
        descriptor = sys.stdin.fileno()
        before = termios.tcgetattr(descriptor)
        loop = asyncio.get_running_loop()
        try:
            tty.setcbreak(descriptor)
            loop.add_reader(descriptor, lambda: self.handle(sys.stdin.read(1)))
            yield
        finally:
            loop.remove_reader(descriptor)
            termios.tcsetattr(descriptor, termios.TCSADRAIN, before)

    def handle(self, key: str) -> None:
        if key in ("q", "Q", ""):  # an empty text: the terminal is gone
            self._stop.set()
        elif key in ("a", "A"):
            self.page = "main" if self.page == "accounts" else "accounts"
        elif key in ("d", "D", "\x1b"):
            self.page = "main"
        self.pressed.set()


async def _pause(events: tuple[asyncio.Event, ...], seconds: float) -> None:
    """Until one of `events` is set, at most `seconds`."""
    waits = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waits:
            task.cancel()
        await asyncio.gather(*waits, return_exceptions=True)


# ---------------------------------------------------------------------- lines


async def show_lines(
    get_view: Callable[[], DashboardView], stop: asyncio.Event, *, as_json: bool = False
) -> None:
    """One line per thing that happens, until `stop` is set."""
    before = get_view()
    while not stop.is_set():
        await _pause((stop,), LINES_POLL_S)
        view = get_view()
        for event in compute_events(before, view):
            click.echo(json.dumps(event) if as_json else describe_event(event))
        before = view


def compute_events(before: DashboardView, view: DashboardView) -> list[dict[str, Any]]:
    """What happened between two views, in order: each with `event` and its fields."""
    events: list[dict[str, Any]] = []
    for l1 in _new(before.l1.blocks, view.l1.blocks):
        events.append({"event": "l1_block", **msgspec.to_builtins(l1)})
    if view.l1.height < before.l1.height:
        events.append({"event": "l1_rewind", "from": before.l1.height, "to": view.l1.height})
    for sortition in _new(before.sortitions, view.sortitions):
        events.append({"event": "sortition", **msgspec.to_builtins(sortition)})
    if view.tenure and (before.tenure is None or before.tenure.number != view.tenure.number):
        events.append({"event": "tenure", **msgspec.to_builtins(view.tenure)})
    known_blocks = {block.hash: block.state for block in before.blocks}
    for block in reversed(view.blocks):
        if known_blocks.get(block.hash) != block.state:
            name = "block_state" if block.hash in known_blocks else "block"
            events.append({"event": name, **msgspec.to_builtins(block)})
    known = {transaction.txid: transaction.state for transaction in before.transactions}
    for transaction in reversed(view.transactions):
        if known.get(transaction.txid) != transaction.state:
            events.append({"event": "transaction", **msgspec.to_builtins(transaction)})
    for problem in reversed(view.problems):
        if problem not in before.problems:
            events.append({"event": "problem", "message": problem})
    return events


def _new(before: tuple[Any, ...], now: tuple[Any, ...]) -> list[Any]:
    """What is in `now` only; both are newest first, the result is oldest first."""
    return [item for item in reversed(now) if item not in before]


def describe_event(event: dict[str, Any]) -> str:
    """An event as a line for people."""
    match event["event"]:
        case "l1_block":
            return f"layer 1   block {event['height']} {event['hash'][:16]} txs={event['tx_count']}"
        case "l1_rewind":
            return f"layer 1   rewound from {event['from']} to {event['to']}"
        case "sortition":
            winner = event["winner"] or "nobody"
            return (
                f"sortition epoch {event['epoch']} winner={winner} "
                f"commits={event['commit_count']} burned={event['burn_zat']} zat"
            )
        case "tenure":
            return f"tenure    {event['number']} by {event['miner']}"
        case "block" | "block_state":
            signatures = f"{event['signature_count']}/{event['signer_count']}"
            return (
                f"block     {event['height']} {event['hash'].removeprefix('0x')[:16]} "
                f"txs={event['tx_count']} signatures={signatures} {event['state']}"
            )
        case "transaction":
            what = event["kind"]
            if event["recipient"]:
                what = f"{format_amount(event['amount'])} BTCZS to {event['recipient']}"
            return f"tx        {event['txid'].removeprefix('0x')[:16]} {what} {event['state']}"
        case _:
            return f"problem   {event['message']}"


# ---------------------------------------------------------------------- at the start


def print_welcome(console: Console, view: DashboardView) -> None:
    """Endpoints, prefunded accounts, and what to try."""
    console.print(Text.assemble(("btczs ", "bold cyan"), (f"{view.network} is running", "bold")))
    for endpoint in view.endpoints:
        line = Text.assemble((f"  {endpoint.name:<13}", "dim"), (endpoint.url, "cyan"))
        if endpoint.hint:
            line.append(f"  {endpoint.hint}", "dim")
        console.print(line)
    console.print()
    width = console.width if console.is_terminal else PLAIN_WIDTH
    console.print(render_accounts(view, width), soft_wrap=not console.is_terminal, width=width)
    console.print()
    console.print("Try, in another terminal:", style="bold")
    for command in (
        "btczs account show account-0",
        "btczs send --from account-0 --to account-1 1.5",
        "btczs block show",
        "btczs send --help",
    ):
        console.print(Text(f"  {command}", "cyan"))
    console.print()


def to_json_line(name: str, view: DashboardView) -> str:
    """`{"event": name, ...}` with network, endpoints and accounts."""
    value = {
        "event": name,
        "network": view.network,
        "endpoints": [msgspec.to_builtins(endpoint) for endpoint in view.endpoints],
        "accounts": [
            {"name": account.name, "address": account.address, "development_secret": account.secret}
            for account in view.accounts
        ],
    }
    return json.dumps(value)
