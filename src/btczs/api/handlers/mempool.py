"""The mempool: what waits."""

import time
from itertools import islice
from typing import Any, Final

from btczs.api.backend import Backend
from btczs.api.fees import percentile
from btczs.api.handlers.transactions import page
from btczs.api.jsontext import to_int
from btczs.api.routing import Call
from btczs.api.shapes.transactions import render_pending
from btczs.codec.clarity import Principal, principal_text
from btczs.indexer.extract import get_kind, get_recipient_text
from btczs.ledger.mempool import Entry

SAMPLE_MAX: Final = 2000
"""Waiting transactions that the statistics look at, the newest first."""

ADDRESS_ENTRIES_MAX: Final = 10_000
"""Waiting transactions of one address that are counted."""

KINDS: Final = ("token_transfer", "smart_contract", "contract_call", "poison_microblock")
PERCENTS: Final = (25, 50, 75, 95)


async def list_mempool(call: Call) -> dict[str, Any]:
    args, backend = call.args, call.service.backend
    wanted = [
        args[name]
        for name in ("address", "sender_address", "recipient_address")
        if args[name] is not None
    ]
    if not wanted:
        start = args["offset"]
        entries = list(islice(backend.mempool_entries(), start, start + args["limit"]))
        return page(args, backend.mempool_size().count, [render_pending(e) for e in entries])
    found = [
        entry
        for entry in islice(backend.mempool_entries(wanted[0]), ADDRESS_ENTRIES_MAX)
        if _matches(entry, args)
    ]
    return _page_of(args, found)


async def list_of_address(call: Call) -> dict[str, Any]:
    principal = call.args["principal"]
    entries = call.service.backend.mempool_entries(principal)
    return _page_of(call.args, list(islice(entries, ADDRESS_ENTRIES_MAX)))


async def get_stats(call: Call) -> dict[str, Any]:
    """Percentiles by type. `btczs_sample` says how many were looked at, `btczs_total` wait."""
    backend = call.service.backend
    now = int(time.time())
    counts = dict.fromkeys(KINDS, 0)
    fees: dict[str, list[int]] = {kind: [] for kind in KINDS}
    ages: dict[str, list[int]] = {kind: [] for kind in KINDS}
    sizes: dict[str, list[int]] = {kind: [] for kind in KINDS}
    for entry in islice(backend.mempool_entries(), SAMPLE_MAX):
        kind = get_kind(entry.authenticated.tx)
        counts[kind] += 1
        fees[kind].append(entry.fee)
        ages[kind].append(max(0, now - entry.received_at))
        sizes[kind].append(entry.size)
    return {
        "tx_type_counts": counts,
        "tx_simple_fee_averages": _percentiles(fees),
        "tx_ages": _percentiles(ages),
        "tx_byte_sizes": _percentiles(sizes),
        "btczs_sample": sum(counts.values()),
        "btczs_total": backend.mempool_size().count,
    }


def sum_pending(backend: Backend, principal: Principal) -> tuple[int, int] | None:
    """What waits to come in and to go out (fees included); None if it is too much to add up."""
    entries = list(islice(backend.mempool_entries(principal), ADDRESS_ENTRIES_MAX + 1))
    if len(entries) > ADDRESS_ENTRIES_MAX:
        return None
    address = principal_text(principal)
    inbound = outbound = 0
    for entry in entries:
        tx = entry.authenticated
        amount = getattr(tx.tx.payload, "amount", 0)
        if get_recipient_text(tx.tx.payload) == address:
            inbound += amount
        if tx.origin == principal:
            outbound += amount
        if tx.payer == principal:
            outbound += tx.fee
    return inbound, outbound


def _page_of(args: dict[str, Any], entries: list[Entry]) -> dict[str, Any]:
    start = args["offset"]
    shown = [render_pending(entry) for entry in entries[start : start + args["limit"]]]
    return page(args, len(entries), shown)


def _matches(entry: Entry, args: dict[str, Any]) -> bool:
    tx = entry.authenticated
    sender, recipient, address = (
        args["sender_address"],
        args["recipient_address"],
        args["address"],
    )
    named = get_recipient_text(tx.tx.payload)
    if sender is not None and tx.origin != sender:
        return False
    if recipient is not None and named != principal_text(recipient):
        return False
    if address is not None:
        return address in (tx.origin, tx.payer) or named == principal_text(address)
    return True


def _percentiles(samples: dict[str, list[int]]) -> dict[str, dict[str, int | str | None]]:
    return {
        kind: {
            f"p{percent}": to_int(percentile(sorted(values), percent)) if values else None
            for percent in PERCENTS
        }
        for kind, values in samples.items()
    }
