"""`btczs account`: balances and nonces."""

import asyncio
from typing import TYPE_CHECKING, Any

import click

from btczs.cli.names import Named, list_accounts, resolve_address
from btczs.cli.options import Session, session_command
from btczs.cli.output import make_fields, make_table
from btczs.wallet.amounts import format_amount
from btczs.wallet.errors import NodeUnreachable

if TYPE_CHECKING:
    from btczs.wallet.client import Client


@click.group()
def command() -> None:
    """Show balances and nonces.

    \b
    Examples:
      btczs account list
      btczs account show account-0
      btczs account balance ST1JAHE8GEHB0MCBGR8J6W0AA7TJEE1XKFSD2Q80H
    """


@command.command("list")
@click.option("--balances/--no-balances", default=True, help="Ask the node for balances.")
@session_command
def list_(session: Session, balances: bool) -> None:
    """All accounts that have a name here: the devnet's and your wallet's.

    \b
    Examples:
      btczs account list
      btczs account list --no-balances        works without a node
      btczs account list --network testnet --json
    """
    named = list_accounts(session)
    amounts: list[int | None] = [None] * len(named)
    if balances:
        try:
            amounts = list(session.run(lambda client: _fetch_balances(client, named)))
        except NodeUnreachable as error:
            session.out.progress(f"without balances: {error}")
    rows = [
        {"name": who.name, "address": who.address, "source": who.source, "balance": _text(amount)}
        for who, amount in zip(named, amounts)
    ]
    shown = [
        (who.name, who.address, who.source, "" if amount is None else _coins(amount))
        for who, amount in zip(named, amounts)
    ]
    table = make_table(("name", "address", "keys", ">BTCZS"), shown)
    empty = "No accounts yet: make a wallet with `btczs wallet new`."
    session.out.answer({"accounts": rows}, table if rows else empty)


@command.command()
@click.argument("who")
@session_command
def show(session: Session, who: str) -> None:
    """Balance, totals and nonces of WHO: an address or a name.

    \b
    Examples:
      btczs account show account-0
      btczs account show ST1JAHE8GEHB0MCBGR8J6W0AA7TJEE1XKFSD2Q80H --json
    """
    named = resolve_address(session, who)

    async def fetch(client: "Client") -> Any:
        return await asyncio.gather(
            client.account(named.address),
            client.nonces(named.address),
            client.balances(named.address),
        )

    account, nonces, totals = session.run(fetch)
    session.out.answer(
        {
            "address": named.address,
            "name": named.name,
            "balance": str(account.balance),
            "estimated_balance": str(totals.estimated),
            "locked": str(account.locked),
            "nonce": account.nonce,
            "next_nonce": nonces.next,
            "missing_nonces": list(nonces.missing),
            "total_sent": str(totals.total_sent),
            "total_received": str(totals.total_received),
            "total_fees": str(totals.total_fees),
            "total_rewards": str(totals.total_rewards),
        },
        make_fields(
            [
                ("account", named.name),
                ("address", named.address),
                ("balance", _coins(account.balance, symbol=True)),
                (
                    "expected",
                    None
                    if totals.estimated == account.balance
                    else f"{_coins(totals.estimated, symbol=True)} once all that waits is mined",
                ),
                ("locked", _coins(account.locked, symbol=True) if account.locked else None),
                ("nonce", _nonce_text(account.nonce, nonces.next)),
                (
                    "missing",
                    ", ".join(map(str, nonces.missing)) + " (later ones wait for these)"
                    if nonces.missing
                    else None,
                ),
                ("received", _coins(totals.total_received, symbol=True)),
                ("sent", _coins(totals.total_sent, symbol=True)),
                ("fees", _coins(totals.total_fees, symbol=True)),
            ]
        ),
    )


@command.command()
@click.argument("who")
@session_command
def balance(session: Session, who: str) -> None:
    """Only the balance of WHO, an address or a name.

    \b
    Examples:
      btczs account balance account-0
      btczs account balance account-0 --json      in base units, as text
    """
    named = resolve_address(session, who)
    account = session.run(lambda client: client.account(named.address))
    session.out.answer(
        {"address": named.address, "balance": str(account.balance)},
        _coins(account.balance, symbol=True),
    )


@command.command()
@click.argument("who")
@session_command
def nonce(session: Session, who: str) -> None:
    """The next nonce of WHO, with transactions that wait counted.

    \b
    Examples:
      btczs account nonce account-0
      btczs send --nonce $(btczs account nonce account-0) --from account-0 --to account-1 1
    """
    named = resolve_address(session, who)
    nonces = session.run(lambda client: client.nonces(named.address))
    session.out.answer(
        {
            "address": named.address,
            "next_nonce": nonces.next,
            "missing_nonces": list(nonces.missing),
        },
        str(nonces.next),
    )


async def _fetch_balances(client: "Client", named: list[Named]) -> list[int]:
    accounts = await asyncio.gather(*(client.account(who.address) for who in named))
    return [account.balance for account in accounts]


def _coins(amount: int, *, symbol: bool = False) -> str:
    return format_amount(amount, symbol=symbol, grouped=True)


def _text(amount: int | None) -> str | None:
    return None if amount is None else str(amount)


def _nonce_text(mined: int, following: int) -> str:
    waiting = following - mined
    return str(mined) if waiting <= 0 else f"{mined}  ({waiting} waiting, next is {following})"
