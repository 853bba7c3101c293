"""Asset events, as `events` of transactions and as lists of an address."""

from typing import Any

from btczs.api.jsontext import to_hex
from btczs.indexer.extract import event_principal_text
from btczs.ledger.events import BurnEvent, Event, MintEvent, TransferEvent


def render_event(event: Event, event_index: int, txid: bytes) -> dict[str, Any]:
    """A `stx_asset` event."""
    return {
        "event_index": event_index,
        "event_type": "stx_asset",
        "tx_id": to_hex(txid),
        "asset": _asset(event),
    }


def render_transfer(event: Event) -> dict[str, Any]:
    """An entry of `stx_transfers`: the missing side of a mint or a burn is left out."""
    asset = _asset(event)
    return {key: asset[key] for key in ("amount", "sender", "recipient") if asset[key]}


def get_event_kind(event: Event) -> str:
    """`transfer`, `mint` or `burn`."""
    kind = _asset(event)["asset_event_type"]
    assert isinstance(kind, str)
    return kind


def _asset(event: Event) -> dict[str, Any]:
    if isinstance(event, TransferEvent):
        return {
            "asset_event_type": "transfer",
            "sender": event_principal_text(event.sender),
            "recipient": event_principal_text(event.recipient),
            "amount": str(event.amount),
            "memo": to_hex(event.memo),
        }
    if isinstance(event, MintEvent):
        return {
            "asset_event_type": "mint",
            "sender": "",
            "recipient": event_principal_text(event.recipient),
            "amount": str(event.amount),
        }
    if isinstance(event, BurnEvent):
        return {
            "asset_event_type": "burn",
            "sender": event_principal_text(event.sender),
            "recipient": "",
            "amount": str(event.amount),
        }
    raise AssertionError(f"an event of unknown type: {type(event)!r}")
