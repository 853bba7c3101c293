"""`btczs tx`: transactions by id, and transactions that were never sent."""

import sys
from typing import Any

import click

from btczs.cli.options import Session, session_command
from btczs.cli.output import make_fields
from btczs.cli.style import format_time, render_state
from btczs.codec.clarity import principal_text
from btczs.ledger.transactions import (
    AuthError,
    ContractCall,
    SmartContract,
    TokenTransfer,
    Transaction,
    compute_txid,
    decode_transaction,
    verify_transaction,
)
from btczs.ledger.transactions.addresses import condition_address
from btczs.ledger.transactions.conditions import SponsoredAuth
from btczs.primitives import DecodeError
from btczs.wallet.amounts import format_amount
from btczs.wallet.building import decode_memo
from btczs.wallet.errors import TransactionFailed
from btczs.wallet.waiting import STATES, get_state

RAW_CHARS_MAX = 5 * 1024 * 1024
"""Hexadecimal of the largest transaction, and some."""


@click.group()
def command() -> None:
    """Show, await, decode or submit a transaction.

    A transaction is first pending, then mined, signed, anchored on layer 1 and at last final.

    \b
    Examples:
      btczs tx show 29d6bdbc02722e0fea444433ff1c48abf025fc7083a6603397f721e8b7b9f530
      btczs tx wait 29d6bdbc… --state final --timeout 600
      btczs send --from account-0 --to account-1 1 --dry-run --json | jq -r .raw | btczs tx decode -
    """


@command.command()
@click.argument("txid")
@session_command
def show(session: Session, txid: str) -> None:
    """A transaction and how far it has come. With --json, as the node's API shows it.

    \b
    Examples:
      btczs tx show 29d6bdbc02722e0fea444433ff1c48abf025fc7083a6603397f721e8b7b9f530
      btczs tx show 0x29d6bdbc… --json | jq -r .btczs_status
    """
    found = session.run(lambda client: client.transaction(txid))
    session.out.answer(found, make_fields(_rows(found)))


@command.command()
@click.argument("txid")
@click.option("--state", type=click.Choice(STATES), default="mined", show_default=True, help="Return once it is that far.")  # fmt: skip
@click.option("--timeout", "timeout_s", type=click.FloatRange(0), default=60.0, show_default=True, help="Longest wait in seconds.")  # fmt: skip
@session_command
def wait(session: Session, txid: str, state: str, timeout_s: float) -> None:
    """Wait until a transaction is mined, signed, anchored or final.

    Exit code 1 if it was dropped, failed in its block, or the time is over.

    \b
    Examples:
      btczs tx wait 29d6bdbc02722e0fea444433ff1c48abf025fc7083a6603397f721e8b7b9f530
      btczs tx wait 29d6bdbc… --state final --timeout 600 && echo done
    """
    found = session.run(
        lambda client: client.wait(txid, state, timeout_s)  # type: ignore[arg-type]
    )
    session.out.answer(found, make_fields(_rows(found)))
    if str(found.get("tx_status", "")).startswith("abort"):
        raise TransactionFailed(txid, str(found["tx_status"]))


@command.command()
@click.argument("raw")
@session_command
def decode(session: Session, raw: str) -> None:
    """Read RAW (hexadecimal, or - for standard input) without a node; says who signed it.

    \b
    Examples:
      btczs tx decode 8080000000040064a8b910…
      btczs tx decode - < transaction.hex
    """
    data = _read_raw(raw)
    tx = decode_transaction(data)
    try:
        verify_transaction(tx, data, session.network)
        signatures = "valid"
    except AuthError as error:
        signatures = f"{error.code}: {error}"
    value = _describe(tx, data) | {"signatures": signatures}
    session.out.answer(
        value, make_fields((key.replace("_", " "), shown) for key, shown in value.items())
    )


@command.command()
@click.argument("raw")
@session_command
def submit(session: Session, raw: str) -> None:
    """Send a signed transaction: RAW is hexadecimal, or - for standard input.

    \b
    Examples:
      btczs tx submit 8080000000040064a8b910…
      btczs tx submit - < transaction.hex
    """
    data = _read_raw(raw)
    decode_transaction(data)
    txid = session.run(lambda client: client.submit(data))
    session.out.answer({"txid": txid}, txid)


def _read_raw(text: str) -> bytes:
    if text == "-":
        text = sys.stdin.read(RAW_CHARS_MAX)
    try:
        return bytes.fromhex(text.strip().removeprefix("0x"))
    except ValueError as error:
        raise DecodeError(f"a transaction is given as hexadecimal: {error}") from error


def _rows(found: dict[str, Any]) -> list[tuple[str, Any]]:
    transfer = found.get("token_transfer") or {}
    status = str(found.get("tx_status", ""))
    is_shown = status not in ("success", "pending")
    return [
        ("transaction", str(found.get("tx_id", "")).removeprefix("0x")),
        ("state", render_state(get_state(found))),
        ("status", f"{status} {found.get('btczs_drop_reason') or ''}" if is_shown else None),
        ("kind", found.get("tx_type")),
        ("from", found.get("sender_address")),
        ("to", transfer.get("recipient_address")),
        ("amount", _coins(transfer.get("amount"))),
        ("memo", _memo(transfer.get("memo"))),
        ("fee", _coins(found.get("fee_rate"))),
        ("sponsor", found.get("sponsor_address")),
        ("nonce", found.get("nonce")),
        ("block", found.get("block_height")),
        ("time", format_time(found["block_time"]) if found.get("block_time") else None),
        ("layer 1", found.get("burn_block_height")),
    ]


def _coins(amount: Any) -> str | None:
    text = str(amount)
    is_amount = text.isascii() and text.isdigit() and len(text) <= 40
    return format_amount(int(text), symbol=True, grouped=True) if is_amount else None


def _memo(text: Any) -> str | None:
    try:
        return decode_memo(bytes.fromhex(str(text).removeprefix("0x"))) or None
    except ValueError:
        return None


def _describe(tx: Transaction, raw: bytes) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "txid": compute_txid(raw).hex(),
        "bytes": len(raw),
        "version": f"0x{tx.version:02x}",
        "chain_id": f"0x{tx.chain_id:08x}",
        "from": principal_text(condition_address(tx.auth.origin, tx.version)),
        "nonce": tx.auth.origin.nonce,
        "fee": str(tx.auth.payer.fee),
        "sponsor": None,
        "kind": type(tx.payload).__name__,
    }
    if isinstance(tx.auth, SponsoredAuth):
        shown["sponsor"] = principal_text(condition_address(tx.auth.sponsor, tx.version))
    match tx.payload:
        case TokenTransfer() as transfer:
            shown["to"] = principal_text(transfer.recipient)
            shown["amount"] = str(transfer.amount)
            shown["memo"] = decode_memo(transfer.memo)
        case ContractCall() as call:
            shown["contract"] = principal_text(call.contract)
            shown["function"] = call.function_name
        case SmartContract() as contract:
            shown["contract"] = f"{shown['from']}.{contract.name}"
        case _:
            pass
    return shown
