"""Blocks of this chain, tenures, and the layer-1 blocks under them."""

import asyncio
import time
from typing import Any

from btczs.api.errors import NotFound
from btczs.api.handlers.lookup import find_block
from btczs.api.handlers.transactions import page
from btczs.api.jsontext import to_hex
from btczs.api.routing import Call
from btczs.api.shapes.blocks import (
    TXIDS_IN_LIST_MAX,
    render_block_v1,
    render_block_v2,
    render_l1_block,
)
from btczs.indexer.view import BlockRow, L1BlockRow

_HOUR_S = 3600


async def list_v1(call: Call) -> dict[str, Any]:
    args, backend = call.args, call.service.backend
    tip = backend.tip()
    with backend.index.view() as view:
        rows, total = view.blocks(args["limit"], args["offset"])
        return page(
            args, total, [render_block_v1(row, view, tip, TXIDS_IN_LIST_MAX) for row in rows]
        )


async def get_v1(call: Call) -> dict[str, Any]:
    backend = call.service.backend
    with backend.index.view() as view:
        return render_block_v1(find_block(view, call.args["block"]), view, backend.tip())


async def get_v1_by_l1_height(call: Call) -> dict[str, Any]:
    """The newest block made under that layer-1 block."""
    backend = call.service.backend
    with backend.index.view() as view:
        rows, _ = view.blocks_by_l1_height(call.args["burn_block_height"], 1, 0)
        return render_block_v1(_only(rows), view, backend.tip())


async def get_v1_by_l1_hash(call: Call) -> dict[str, Any]:
    backend = call.service.backend
    with backend.index.view() as view:
        rows, _ = view.blocks_by_l1_hash(call.args["burn_block_hash"], 1, 0)
        return render_block_v1(_only(rows), view, backend.tip())


async def list_v2(call: Call) -> dict[str, Any]:
    """Cursors are block ids: a cursor's page begins with that block."""
    args, backend = call.args, call.service.backend
    tip, limit = backend.tip(), args["limit"]
    with backend.index.view() as view:
        latest = view.latest_block()
        offset = args["offset"]
        if args["cursor"] is not None and latest is not None:
            offset += latest.height - find_block(view, args["cursor"]).height
        rows, total = view.blocks(limit, offset)
        older, _ = view.blocks(1, offset + limit)
        newer, _ = view.blocks(1, max(0, offset - limit))
    return {
        "limit": limit,
        "offset": args["offset"],
        "total": total,
        "next_cursor": to_hex(newer[0].block_id) if newer and offset > 0 else None,
        "prev_cursor": to_hex(older[0].block_id) if older and limit else None,
        "cursor": to_hex(rows[0].block_id) if rows else None,
        "results": [render_block_v2(row, tip) for row in rows],
    }


async def get_v2(call: Call) -> dict[str, Any]:
    backend = call.service.backend
    with backend.index.view() as view:
        return render_block_v2(find_block(view, call.args["block"]), backend.tip())


async def get_v2_by_time(call: Call) -> dict[str, Any]:
    """The newest block that is not younger than the time."""
    backend = call.service.backend
    with backend.index.view() as view:
        block = view.block_at_time(call.args["timestamp"])
    if block is None:
        raise NotFound("no block is that old")
    return render_block_v2(block, backend.tip())


async def get_average_times(call: Call) -> dict[str, int]:
    """Mean time between blocks in whole seconds; 0 where there were less than two."""
    now = int(time.time())
    spans = {"last_1h": 1, "last_24h": 24, "last_7d": 7 * 24, "last_30d": 30 * 24}

    def read() -> dict[str, int]:
        with call.service.backend.index.view() as view:
            return {
                name: view.block_time_ms_average(now - hours * _HOUR_S) // 1000
                for name, hours in spans.items()
            }

    return await asyncio.to_thread(read)


async def list_signatures(call: Call) -> dict[str, Any]:
    args, backend = call.args, call.service.backend
    with backend.index.view() as view:
        signatures = find_block(view, args["block"]).signatures
    shown = signatures[args["offset"] : args["offset"] + args["limit"]]
    return page(args, len(signatures), [to_hex(signature) for signature in shown])


async def list_of_tenure(call: Call) -> dict[str, Any]:
    args, backend = call.args, call.service.backend
    tip = backend.tip()
    with backend.index.view() as view:
        rows, total = view.blocks_by_tenure(args["tenure_height"], args["limit"], args["offset"])
    frame = page(args, total, [render_block_v2(row, tip) for row in rows])
    return {**frame, "next_cursor": None, "prev_cursor": None, "cursor": None}


async def list_l1(call: Call) -> dict[str, Any]:
    args, backend = call.args, call.service.backend

    def read() -> dict[str, Any]:
        with backend.index.view() as view:
            rows, total = view.l1_blocks(args["limit"], args["offset"])
            return page(args, total, [render_l1_block(row, view) for row in rows])

    return await asyncio.to_thread(read)


async def get_l1(call: Call) -> dict[str, Any]:
    with call.service.backend.index.view() as view:
        return render_l1_block(_find_l1(call), view)


async def list_of_l1(call: Call) -> dict[str, Any]:
    args, backend = call.args, call.service.backend
    tip = backend.tip()
    with backend.index.view() as view:
        l1_height = _find_l1(call).height
        rows, total = view.blocks_by_l1_height(l1_height, args["limit"], args["offset"])
    return page(args, total, [render_block_v2(row, tip) for row in rows])


def _find_l1(call: Call) -> L1BlockRow:
    ref = call.args["l1_block"]
    with call.service.backend.index.view() as view:
        if ref is None:
            latest = view.latest_block()
            ref = -1 if latest is None else latest.l1_height
        found = view.l1_block(ref if isinstance(ref, int) else ref.hex())
    if found is None:
        raise NotFound("no block of this chain was made under that layer-1 block")
    return found


def _only(rows: list[BlockRow]) -> BlockRow:
    if not rows:
        raise NotFound("no block of this chain was made under that layer-1 block")
    return rows[0]
