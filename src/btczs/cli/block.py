"""`btczs block`: layer-2 blocks."""

from typing import TYPE_CHECKING, Any

import click

from btczs.cli.options import Session, session_command
from btczs.cli.output import make_fields, make_table
from btczs.cli.style import format_age, format_time, render_state, shorten_address, shorten_hash
from btczs.wallet.amounts import format_amount

if TYPE_CHECKING:
    from btczs.wallet.client import Client

TRANSACTIONS_MAX = 20


@click.group()
def command() -> None:
    """Show blocks.

    \b
    Examples:
      btczs block show                 the latest
      btczs block show 42
      btczs block list --limit 5
    """


@command.command()
@click.argument("which", default="latest")
@session_command
def show(session: Session, which: str) -> None:
    """A block: WHICH is a height, a hash, or `latest`.

    \b
    Examples:
      btczs block show
      btczs block show 42 --json | jq .tx_count
      btczs block show 0x0b1d…
    """

    async def fetch(client: "Client") -> tuple[dict[str, Any], dict[str, Any]]:
        block = await client.block(which)
        return block, await client.block_transactions(str(block.get("hash")), TRANSACTIONS_MAX)

    block, page = session.run(fetch)
    results = [tx for tx in page.get("results", ()) if isinstance(tx, dict)]
    fields = make_fields(
        [
            ("block", block.get("height")),
            ("state", render_state(str(block.get("btczs_status", "mined")))),
            ("hash", block.get("hash")),
            ("id", block.get("index_block_hash")),
            ("parent", block.get("parent_block_hash")),
            ("time", format_time(_number(block.get("block_time")))),
            ("tenure", block.get("tenure_height")),
            ("miner", block.get("btczs_miner")),
            ("state root", block.get("btczs_state_root")),
            ("layer 1", f"{block.get('burn_block_height')}  {block.get('burn_block_hash')}"),
            ("transactions", block.get("tx_count")),
        ]
    )
    rows = [_transaction_row(tx) for tx in results]
    table = make_table(("transaction", "kind", "from", "to", ">amount"), rows)
    session.out.answer(
        block | {"transactions": [tx.get("tx_id") for tx in results]},
        fields,
        *(("", table) if rows else ()),
    )


@command.command("list")
@click.option("--limit", type=click.IntRange(1, 30), default=10, show_default=True)
@click.option("--offset", type=click.IntRange(0), default=0, help="Leave out that many of the newest.")  # fmt: skip
@session_command
def list_(session: Session, limit: int, offset: int) -> None:
    """The newest blocks first.

    \b
    Examples:
      btczs block list
      btczs block list --limit 5 --offset 100 --json
    """
    page = session.run(lambda client: client.blocks(limit, offset))
    blocks = [block for block in page.get("results", ()) if isinstance(block, dict)]
    newest = max((_number(block.get("block_time")) for block in blocks), default=0)
    rows = [
        (
            block.get("height"),
            shorten_hash(str(block.get("hash")), 18),
            block.get("tx_count"),
            block.get("tenure_height"),
            shorten_address(str(block.get("btczs_miner") or ""), 16),
            block.get("burn_block_height"),
            render_state(str(block.get("btczs_status", "mined"))),
            format_age(newest - _number(block.get("block_time"))),
        )
        for block in blocks
    ]
    headers = (">height", "hash", ">txs", ">tenure", "miner", ">layer 1", "state", ">before")
    session.out.answer(
        {"total": page.get("total"), "limit": limit, "offset": offset, "blocks": blocks},
        make_table(headers, rows),
    )


def _transaction_row(tx: dict[str, Any]) -> tuple[str, ...]:
    transfer = tx.get("token_transfer") or {}
    amount = str(transfer.get("amount", ""))
    return (
        shorten_hash(str(tx.get("tx_id")), 18),
        str(tx.get("tx_type")),
        shorten_address(str(tx.get("sender_address")), 16),
        shorten_address(str(transfer.get("recipient_address", "")), 16),
        format_amount(int(amount), grouped=True) if amount.isdigit() and len(amount) < 40 else "",
    )


def _number(value: Any) -> int:
    return value if isinstance(value, int) and 0 <= value < 2**40 else 0
