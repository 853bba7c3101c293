"""Transactions by id, by block and in lists."""

import asyncio
from typing import Any, Final

from btczs.api.errors import BadParameter, NotFound
from btczs.api.handlers.lookup import find_block
from btczs.api.jsontext import to_hex
from btczs.api.routing import Call
from btczs.api.shapes.events import render_event
from btczs.api.shapes.transactions import Renderer, render_dropped, render_pending
from btczs.codec.clarity import principal_text
from btczs.indexer.view import TransactionFilter, TransactionRow
from btczs.primitives import Hash32

FILTERED_OFFSET_MAX: Final = 10_000
"""How deep a list with a filter can be paged: such a page is not one key range."""


async def list_transactions(call: Call) -> dict[str, Any]:
    """Mined transactions, the newest first."""
    args = call.args
    backend = call.service.backend
    sender, recipient = args["from_address"], args["to_address"]
    only = TransactionFilter(
        kinds=args["type"],
        sender=None if sender is None else principal_text(sender),
        recipient=None if recipient is None else principal_text(recipient),
        time_min=args["start_time"],
        time_max=args["end_time"],
    )

    if only != TransactionFilter() and args["offset"] > FILTERED_OFFSET_MAX:
        raise BadParameter("offset", f"is at most {FILTERED_OFFSET_MAX} with a filter")
    tip = backend.tip()  # here: the state belongs to the event loop's thread

    def read() -> dict[str, Any]:
        with backend.index.view() as view:
            rows, total = view.transactions(args["limit"], args["offset"], only)
            return page(args, total, render_rows(Renderer(view, tip), rows))

    # With a filter this may count many rows: other requests need not wait for it.
    return await asyncio.to_thread(read)


async def get_transaction(call: Call) -> dict[str, Any]:
    args = call.args
    found = find_transaction(call, args["tx_id"], args["event_limit"], args["event_offset"])
    if found is None:
        raise NotFound(f"could not find transaction by ID {to_hex(args['tx_id'])}")
    return found


async def get_many(call: Call) -> dict[str, Any]:
    """Several by id: `{id: {found, result}}`."""
    shown: dict[str, Any] = {}
    for txid in call.args["tx_id"]:
        text = to_hex(txid)
        found = find_transaction(call, txid, call.args["event_limit"], call.args["event_offset"])
        if found is None:
            shown[text] = {"found": False, "result": {"tx_id": text}}
        else:
            shown[text] = {"found": True, "result": found}
    return shown


async def get_raw(call: Call) -> dict[str, str]:
    raw = find_raw(call, call.args["tx_id"])
    if raw is None:
        raise NotFound(f"could not find transaction by ID {to_hex(call.args['tx_id'])}")
    return {"raw_tx": to_hex(raw)}


async def get_unconfirmed(call: Call) -> dict[str, str]:
    """The node's own form: only while the transaction waits."""
    entry = call.service.backend.mempool_entry(call.args["tx_id"])
    if entry is None:
        raise NotFound("no such transaction waits in the mempool")
    return {"tx": entry.raw.hex(), "status": "Mempool"}


async def list_of_block(call: Call) -> dict[str, Any]:
    """Transactions of one block, in its order."""
    args, backend = call.args, call.service.backend
    with backend.index.view() as view:
        block = find_block(view, args["block"])
        rows, total = view.transactions_of_block(block, args["limit"], args["offset"])
        return page(args, total, render_rows(Renderer(view, backend.tip()), rows))


async def list_events(call: Call) -> dict[str, Any]:
    """Events of one transaction, or of one address."""
    args, backend = call.args, call.service.backend
    limit, offset = args["limit"], args["offset"]
    with backend.index.view() as view:
        if args["tx_id"] is not None:
            row = view.transaction(args["tx_id"])
            events = [] if row is None else _events_of(row, limit, offset)
        elif args["address"] is not None:
            items, _ = view.events_of_address(principal_text(args["address"]), limit, offset)
            events = [
                render_event(
                    item.transaction.receipt.events[item.event_index],
                    item.event_index,
                    item.transaction.txid,
                )
                for item in items
            ]
        else:
            raise BadParameter("tx_id", "tx_id or address is required")
    return {"limit": limit, "offset": offset, "events": events}


# ---------------------------------------------------------------------- shared


def find_transaction(
    call: Call, txid: Hash32, event_limit: int, event_offset: int
) -> dict[str, Any] | None:
    """The transaction, wherever it is: mined, waiting, dropped, or None."""
    backend = call.service.backend
    entry = backend.mempool_entry(txid)
    with backend.index.view() as view:
        row = view.transaction(txid)
        if row is not None:
            renderer = Renderer(view, backend.tip())
            return renderer.mined(row, event_limit=event_limit, event_offset=event_offset)
    if entry is not None:
        return render_pending(entry)
    dropped = backend.dropped_status(txid)
    return None if dropped is None else render_dropped(dropped)


def find_raw(call: Call, txid: Hash32) -> bytes | None:
    """The bytes of a transaction, wherever it is."""
    backend = call.service.backend
    waiting = backend.mempool_entry(txid)
    if waiting is not None:
        return waiting.raw
    with backend.index.view() as view:
        row = view.transaction(txid)
    if row is not None:
        return row.raw
    dropped = backend.dropped_status(txid)
    return None if dropped is None else dropped.raw


def page(args: dict[str, Any], total: int, results: list[Any]) -> dict[str, Any]:
    """The frame of every list."""
    return {"limit": args["limit"], "offset": args["offset"], "total": total, "results": results}


def render_rows(renderer: Renderer, rows: list[TransactionRow]) -> list[dict[str, Any]]:
    return [renderer.mined(row) for row in rows]


def _events_of(row: TransactionRow, limit: int, offset: int) -> list[dict[str, Any]]:
    last = min(offset + limit, len(row.receipt.events))
    return [render_event(row.receipt.events[i], i, row.txid) for i in range(offset, last)]
