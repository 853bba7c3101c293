"""How commands answer: tables for people, JSON for scripts, one line for a failure."""

import contextlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import click

from btczs.primitives import BtczsError

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

PIPE_WIDTH: Final = 2000
"""Columns when the output is no terminal: tables in files and pipes are not folded."""

HINTS: Final = {
    "node_unreachable": "start a network with `btczs devnet`, or name a node with --api URL",
    "cannot_listen": "another program has this port: choose others with --api-port, --rpc-port, --l1-port",
    "keystore_missing": "make one with `btczs wallet new`, or `btczs wallet restore`",
    "keystore_exists": "choose another file with --keystore FILE",
    "wrong_password": "try again; scripts set BTCZS_PASSWORD",
    "wrong_network": "choose the network with --network NAME, the node with --api URL",
    "invalid_amount": "an amount is written as 1.5 (coins) or 150000000u (base units)",
    "invalid_address": "copy the whole address; every character counts",
    "invalid_account": "`btczs account list` shows the names known here",
    "not_found": "check the id and the node; what was just sent may need a moment",
    "wait_timeout": "it may still come: look with `btczs tx show TXID`, or use --timeout SECONDS",
    "fee_too_high": "look at the mempool, or name a fee with --fee BASE_UNITS",
    "invalid_mnemonic": "check the words against your backup, in their order",
    "invalid_network": "`btczs network list` shows the networks",
    "store_locked": "another node uses this folder: stop it, or choose another with --data DIR",
}
"""What to do next, by error code."""

REFUSAL_HINTS: Final = {
    "NotEnoughFunds": "the account has less than amount and fee: `btczs account show ACCOUNT`",
    "FeeTooLow": "leave --fee out to use the node's estimate, or name a higher one",
    "BadNonce": "leave --nonce out to use the next one",
    "ConflictingNonceInMempool": "another transaction waits with this nonce: pay a higher --fee "
    "to replace it, or leave --nonce out",
    "TooMuchChaining": "too many transactions of this account wait: let some be mined first",
    "TransferRecipientCannotEqualSender": "choose another recipient with --to",
}


class Output:
    """Standard output of one command. `as_json` decides between the two faces of an answer."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json

    def answer(self, value: Mapping[str, Any], *people: "RenderableType") -> None:
        """`value` as JSON, or `people` for people."""
        if self.as_json:
            click.echo(json.dumps(value, indent=2))
        else:
            console = make_console()
            for part in people:
                console.print(part, soft_wrap=isinstance(part, str), markup=False)

    def progress(self, text: str) -> None:
        """Something to read while waiting, on standard error; nothing with `--json`."""
        if not self.as_json:
            make_console(stderr=True).print(text, style="dim", markup=False, highlight=False)


def make_console(*, stderr: bool = False) -> "Console":
    """Writes to the stream as it is now, so that tests can catch it."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else PIPE_WIDTH
    return Console(file=stream, width=width, highlight=False, soft_wrap=False)


def make_fields(rows: Iterable[tuple[str, Any]]) -> "RenderableType":
    """Names on the left, values on the right. A value of None leaves its row out."""
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in rows:
        if value is not None:
            grid.add_row(name, value if isinstance(value, Text) else Text(str(value)))
    return grid


def make_table(headers: Iterable[str], rows: Iterable[Iterable[Any]]) -> "RenderableType":
    """A header beginning with `>` makes its column flush right."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    for header in headers:
        is_right = header.startswith(">")
        table.add_column(
            header.removeprefix(">"), justify="right" if is_right else "left", overflow="fold"
        )
    for row in rows:
        table.add_row(*(cell if isinstance(cell, Text) else Text(str(cell)) for cell in row))
    return table


@contextlib.contextmanager
def guard_errors(as_json: bool) -> Iterator[None]:
    """Shows a `BtczsError` in one line with its code, then what to do next; exit code 1."""
    try:
        yield
    except BtczsError as error:
        show_error(error, as_json)
        raise click.exceptions.Exit(1) from error
    except KeyboardInterrupt as error:
        click.echo("interrupted", err=True)
        raise click.exceptions.Exit(130) from error


def show_error(error: BtczsError, as_json: bool) -> None:
    """On standard error."""
    hint = get_hint(error)
    if as_json:
        shown = error.to_json() | ({"hint": hint} if hint else {})
        click.echo(json.dumps(shown, default=str), err=True)
        return
    from rich.text import Text

    console = make_console(stderr=True)
    line = Text.assemble(("error", "bold red"), (f" [{error.code}] ", "red"), (str(error), "red"))
    console.print(line, soft_wrap=True)
    if hint:
        console.print(Text(f"  next: {hint}", "dim"), soft_wrap=True)


def get_hint(error: BtczsError) -> str | None:
    """What to do next, if something can be said."""
    reason = getattr(error, "reason", None)
    if error.code == "refused" and isinstance(reason, str):
        return REFUSAL_HINTS.get(reason)
    return HINTS.get(error.code)
