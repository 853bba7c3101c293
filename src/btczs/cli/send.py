"""`btczs send`: a transfer, from building it to the state that is asked for."""

from typing import TYPE_CHECKING, Any

import click

from btczs.cli.names import default_account, resolve_address, unlock_account
from btczs.cli.options import Session, session_command
from btczs.cli.output import make_fields
from btczs.cli.style import render_state
from btczs.wallet.amounts import format_amount, parse_amount
from btczs.wallet.building import Signed, build_transfer, parse_recipient, set_fee, set_nonce, sign
from btczs.wallet.errors import TransactionFailed
from btczs.wallet.waiting import STATES, get_state

if TYPE_CHECKING:
    from btczs.wallet.accounts import Account
    from btczs.wallet.client import Client


@click.command()
@click.argument("amount")
@click.option("--from", "sender", metavar="NAME", help="Whose key signs.  [default: the wallet's first account]")  # fmt: skip
@click.option("--to", "recipient", required=True, metavar="WHO", help="An address or a name.")
@click.option("--memo", default="", help="Up to 34 bytes that everybody can read.")
@click.option("--fee", type=click.IntRange(0), metavar="BASE_UNITS", help="[default: the node's estimate]")  # fmt: skip
@click.option("--nonce", type=click.IntRange(0), help="[default: the next one]")
@click.option("--wait", type=click.Choice(("none", *STATES)), default="mined", show_default=True, help="Return once it is that far.")  # fmt: skip
@click.option("--timeout", "timeout_s", type=click.FloatRange(0), default=60.0, show_default=True, help="Longest wait in seconds.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Sign and show, but do not send.")
@session_command
def command(
    session: Session,
    amount: str,
    sender: str | None,
    recipient: str,
    memo: str,
    fee: int | None,
    nonce: int | None,
    wait: str,
    timeout_s: float,
    dry_run: bool,
) -> None:
    """Send AMOUNT coins: `1.5`, or `150000000u` in base units of 1e-8.

    Names are accounts of your wallet, or `account-0` to `account-9` on the devnet.

    \b
    Examples:
      btczs send --from account-0 --to account-1 1.5
      btczs send --to ST1JAHE8GEHB0MCBGR8J6W0AA7TJEE1XKFSD2Q80H 0.25 --memo lunch
      btczs send --from account-0 --to account-1 10 --wait final --timeout 600
      btczs send --from account-0 --to account-1 1 --dry-run --json
    """
    units = parse_amount(amount)
    to = resolve_address(session, recipient)
    account = unlock_account(session, sender or default_account(session))
    principal = parse_recipient(to.address, session.network)
    unsigned = build_transfer(account, principal, units, nonce=0, fee=fee or 0, memo=memo)

    async def work(client: "Client") -> tuple[Signed, dict[str, Any] | None]:
        if dry_run:
            return await _sign_only(client, unsigned, account, fee, nonce), None
        signed = await client.send(unsigned, account, fee=fee, nonce=nonce)
        if wait == "none":
            return signed, None
        session.out.progress(f"sent {signed.txid}; waiting until it is {wait}")
        return signed, await client.wait(signed.txid, wait, timeout_s)  # type: ignore[arg-type]

    signed, found = session.run(work)
    state = get_state(found) if found else ("not sent" if dry_run else "pending")
    paid = signed.tx.auth.payer.fee
    value = {
        "txid": signed.txid,
        "from": account.address,
        "to": to.address,
        "amount": str(units),
        "fee": str(paid),
        "nonce": signed.tx.auth.origin.nonce,
        "state": state,
        "block_height": found.get("block_height") if found else None,
        "raw": signed.raw.hex() if dry_run else None,
    }
    session.out.answer(
        value,
        make_fields(
            [
                ("transaction", signed.txid),
                ("from", f"{account.address}  {account.name}"),
                ("to", to.address + (f"  {to.name}" if to.name else "")),
                ("amount", format_amount(units, symbol=True, grouped=True)),
                ("fee", format_amount(paid, symbol=True)),
                ("nonce", value["nonce"]),
                ("state", state if dry_run else render_state(state)),
                ("block", value["block_height"]),
            ]
        ),
        *((signed.raw.hex(),) if dry_run else ()),
    )
    if found and str(found.get("tx_status", "success")).startswith("abort"):
        raise TransactionFailed(signed.txid, str(found["tx_status"]))


async def _sign_only(
    client: "Client", unsigned: Any, account: "Account", fee: int | None, nonce: int | None
) -> Signed:
    """Asks the node only for what was not given."""
    if fee is None:
        fee = await client.fee(unsigned)
    if nonce is None:
        nonce = (await client.nonces(account.address)).next
    return sign(set_nonce(set_fee(unsigned, fee), nonce), account)
