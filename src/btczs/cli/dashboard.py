"""The devnet's dashboard: a pure drawing of a `DashboardView` for a terminal of any size.

`render` fills the terminal; `render_accounts` lists the prefunded accounts with their secrets. What
does not fit is left out, the least important first; nothing here reads a clock or the node.
"""

from typing import Final, Literal

from rich.console import Group, RenderableType
from rich.layout import Layout
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from btczs.cli.style import (
    format_age,
    format_count,
    format_duration,
    render_state,
    shorten_address,
    shorten_hash,
)
from btczs.node.dashboard_view import DashboardView
from btczs.wallet.amounts import format_amount

Page = Literal["main", "accounts"]

HEIGHT_TALL: Final = 34
"""From here on there is room for accounts and endpoints below."""
WIDTH_WIDE: Final = 110
"""From here on tables show more columns."""
WIDTH_SECRETS: Final = 134
"""From here on a name, an address, a balance and a secret fit one line."""

KEYS: Final = "[b]a[/b] accounts  [b]q[/b] quit"
BORDER: Final = "grey42"


def render(view: DashboardView, width: int, height: int, page: Page = "main") -> RenderableType:
    """The whole screen."""
    root = Layout()
    if page == "accounts":
        root.split_column(
            Layout(_header(view, width), size=1),
            Layout(render_accounts(view, width)),
            Layout(_footer(view, width, "[b]d[/b] dashboard  [b]q[/b] quit"), size=1),
        )
        return root
    is_tall, is_wide = height >= HEIGHT_TALL, width >= WIDTH_WIDE
    top_height = 10 if is_tall else 7
    bottom_height = min(len(view.accounts), 10) + 3 if is_tall and view.accounts else 0
    footer_height = 2 if view.problems else 1
    middle_height = height - 1 - top_height - bottom_height - footer_height
    rows = [
        Layout(_header(view, width), size=1),
        Layout(name="top", size=top_height),
        Layout(name="middle", size=max(3, middle_height)),
    ]
    if bottom_height:
        rows.append(Layout(name="bottom", size=bottom_height))
    rows.append(Layout(_footer(view, width, KEYS), size=footer_height))
    root.split_column(*rows)
    root["top"].split_row(
        Layout(_panel(_l1(view, top_height - 4, is_wide), "layer 1 · BitcoinZ")),
        Layout(_panel(_tenure(view, top_height - 4, is_wide), "mining")),
    )
    lines = max(1, middle_height - 3)
    root["middle"].split_row(
        Layout(_panel(_blocks(view, lines, is_wide), "blocks"), ratio=9 if is_wide else 10),
        Layout(_panel(_transactions(view, lines, is_wide), "transactions"), ratio=11),
    )
    if bottom_height:
        root["bottom"].split_row(
            Layout(_panel(_balances(view, bottom_height - 3), "accounts"), ratio=7),
            Layout(_panel(_endpoints(view), "endpoints"), ratio=5),
        )
    return root


# ---------------------------------------------------------------------- the edges


def _header(view: DashboardView, width: int) -> RenderableType:
    grid = Table.grid(expand=True, padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(justify="right", no_wrap=True)
    left = Text.assemble(
        (" btczs ", "bold black on cyan"), " ", (view.network, "bold"), "  up ", ""
    )
    left.append(format_duration(view.uptime_s), "bold")
    if width >= WIDTH_WIDE:
        left.append(f"  signers {len(view.signers)}")
    waiting = view.mempool
    left.append("  mempool ")
    left.append(f"{waiting.count}", "bold yellow" if waiting.count else "bold")
    if waiting.size_bytes and width >= WIDTH_WIDE:
        left.append(f" ({format_count(waiting.size_bytes)} bytes)", "dim")
    right = Text(view.endpoints[0].url if view.endpoints else "", "underline cyan")
    grid.add_row(left, right)
    return grid


def _footer(view: DashboardView, width: int, keys: str) -> RenderableType:
    lines: list[RenderableType] = []
    if view.problems:
        lines.append(Text(f" ! {view.problems[0]}", "bold red", no_wrap=True, overflow="ellipsis"))
    grid = Table.grid(expand=True)
    grid.add_column(no_wrap=True, overflow="ellipsis")
    grid.add_column(justify="right", no_wrap=True)
    command = "btczs send --from account-0 --to account-1 1.5"
    hint = Text.assemble((" try: " if width >= WIDTH_WIDE else " ", "dim"), (command, "cyan"))
    grid.add_row(hint, Text.from_markup(keys + " ", style="dim"))
    lines.append(grid)
    return Group(*lines)


def _panel(content: RenderableType, title: str) -> Panel:
    return Panel(
        content,
        title=f"[b]{title}[/b]",
        title_align="left",
        border_style=BORDER,
        padding=(0, 1),
    )


# ---------------------------------------------------------------------- the panels


def _l1(view: DashboardView, lines: int, is_wide: bool) -> RenderableType:
    l1 = view.l1
    head = Text.assemble(("height ", "dim"), (f"{l1.height:,}", "bold"), no_wrap=True)
    if l1.next_block_s is not None:
        seconds = max(0, int(l1.next_block_s + 0.5))
        head.append("   next block ", "dim")
        head.append("now" if seconds == 0 else f"in {seconds} s", "bold")
    table = _table()
    table.add_column("height", justify="right")
    table.add_column("hash", ratio=1)
    table.add_column("txs", justify="right")
    table.add_column("age", justify="right", style="dim")
    for block in l1.blocks[:lines]:
        shown = shorten_hash(block.hash, 20 if is_wide else 10)
        age = format_age(view.time - block.time)
        table.add_row(f"{block.height}", shown, f"{block.tx_count}", age)
    return Group(head, table)


def _tenure(view: DashboardView, lines: int, is_wide: bool) -> RenderableType:
    tenure = view.tenure
    if tenure is None:
        head = Text("no tenure yet: waiting for the first sortition", "yellow", no_wrap=True)
    else:
        head = Text.assemble(
            ("tenure ", "dim"),
            (f"{tenure.number}", "bold"),
            ("  by ", "dim"),
            (tenure.miner, "bold green"),
            (f"  for {format_age(tenure.since_s)}", "dim"),
            no_wrap=True,
            overflow="ellipsis",
        )
        if is_wide:
            head.append(f"  {shorten_hash(tenure.consensus_hash, 10)}", "dim")
    table = _table()
    table.add_column("epoch", justify="right")
    if is_wide:
        table.add_column("L1", justify="right", style="dim")
    table.add_column("winner", ratio=1, no_wrap=True)
    table.add_column("commits", justify="right")
    table.add_column("burned", justify="right")
    for sortition in view.sortitions[:lines]:
        winner = Text(sortition.winner, "green") if sortition.winner else Text("nobody", "dim")
        row: list[str | Text] = [f"{sortition.epoch}"]
        if is_wide:
            row.append(f"{sortition.l1_height}")
        burned = f"{format_count(sortition.burn_zat)} zat"
        table.add_row(*row, winner, f"{sortition.commit_count}", burned)
    return Group(head, table)


def _blocks(view: DashboardView, lines: int, is_wide: bool) -> RenderableType:
    table = _table()
    table.add_column("height", justify="right")
    if is_wide:
        table.add_column("hash", style="dim")
    table.add_column("txs", justify="right")
    table.add_column("miner", ratio=1, no_wrap=True)
    table.add_column("sigs", justify="right")
    table.add_column("state", no_wrap=True)
    if is_wide:
        table.add_column("age", justify="right", style="dim")
    for block in view.blocks[:lines]:
        row: list[str | Text] = [f"{block.height}"]
        if is_wide:
            row.append(shorten_hash(block.hash, 8))
        row += [f"{block.tx_count}", Text(block.miner, "green", overflow="ellipsis")]
        row += [f"{block.signature_count}/{block.signer_count}", render_state(block.state)]
        if is_wide:
            row.append(format_age(view.time - block.time))
        table.add_row(*row)
    return table if view.blocks else Text("no block yet", "dim")


def _transactions(view: DashboardView, lines: int, is_wide: bool) -> RenderableType:
    if not view.transactions:
        return Text("none yet: send one with the command below", "dim")
    names = {account.address: account.name for account in view.accounts}
    size = 14 if is_wide else 9
    table = _table()
    if is_wide:
        table.add_column("id", style="dim")
    table.add_column("from → to", ratio=1, no_wrap=True)
    table.add_column("amount", justify="right", no_wrap=True)
    table.add_column("state", no_wrap=True)
    for transaction in view.transactions[:lines]:
        sender = _who(transaction.sender, names, size, is_wide)
        if transaction.recipient is None:
            what = Text.assemble(sender, (f" {transaction.kind}", "italic"), overflow="ellipsis")
            amount = ""
        else:
            recipient = _who(transaction.recipient, names, size, is_wide)
            what = Text(f"{sender} → {recipient}", overflow="ellipsis")
            amount = format_amount(transaction.amount, grouped=is_wide)
        row: list[str | Text] = [shorten_hash(transaction.txid, 8)] if is_wide else []
        row += [what, Text(amount, overflow="ellipsis"), render_state(transaction.state)]
        table.add_row(*row)
    return table


def _who(address: str, names: dict[str, str], size: int, is_wide: bool) -> str:
    """A name if there is one; on a narrow terminal `account-3` is `acc-3`."""
    name = names.get(address)
    if name is None:
        return shorten_address(address, size)
    return name if is_wide else name.replace("account-", "acc-")


def _balances(view: DashboardView, lines: int) -> RenderableType:
    table = _table()
    table.add_column("name", no_wrap=True)
    table.add_column("address", ratio=1, no_wrap=True, overflow="ellipsis")
    table.add_column("BTCZS", justify="right", no_wrap=True)
    for account in view.accounts[:lines]:
        balance = format_amount(account.balance, grouped=True)
        table.add_row(account.name, Text(account.address, "dim"), balance)
    return table


def _endpoints(view: DashboardView) -> RenderableType:
    table = _table(show_header=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(ratio=1)
    for endpoint in view.endpoints:
        text = Text(endpoint.url, "cyan")
        if endpoint.hint:
            text.append(f"  {endpoint.hint}", "dim")
        table.add_row(endpoint.name, text)
    return table


def render_accounts(view: DashboardView, width: int) -> RenderableType:
    """The prefunded accounts with their secrets, marked as what they are.

    With ten accounts it has 21 lines where a secret does not fit beside its address.
    """
    warning = Text("DEVELOPMENT ONLY: everybody knows these keys", "bold black on yellow")
    fits_one_line = width >= WIDTH_SECRETS
    table = _table(show_header=fits_one_line)
    table.add_column("name", no_wrap=True, style="bold")
    table.add_column("address", no_wrap=True)
    table.add_column("BTCZS", justify="right", no_wrap=True)
    if fits_one_line:
        table.add_column("secret (development only)", no_wrap=True, style="yellow")
    secrets = Table.grid(padding=(0, 2, 0, 0))
    secrets.add_column(style="bold", no_wrap=True)
    secrets.add_column(style="yellow", no_wrap=True)
    for account in view.accounts:
        balance = format_amount(account.balance, grouped=True)
        row = (account.name, account.address, balance)
        table.add_row(*row, *((account.secret,) if fits_one_line else ()))
        secrets.add_row(f"secret {account.name.rpartition('-')[2]}", account.secret)
    return Group(warning, table) if fits_one_line else Group(warning, table, secrets)


def _table(*, show_header: bool = True) -> Table:
    return Table(
        box=None,
        expand=True,
        padding=(0, 1, 0, 0),
        show_header=show_header,
        header_style="dim",
        pad_edge=False,
    )
