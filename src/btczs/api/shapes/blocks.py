"""Blocks, layer-1 blocks, and blocks inside a tenure as the "microblocks" that clients know."""

from typing import Any, Final

from btczs.api.backend import Tip
from btczs.api.jsontext import to_0x, to_hex, to_int, to_iso
from btczs.api.shapes.transactions import state_at
from btczs.indexer.view import BlockRow, IndexView, L1BlockRow

TXIDS_MAX: Final = 10_000
"""Transaction ids shown in one block of version 1; `tx_count` tells the true number."""

TXIDS_IN_LIST_MAX: Final = 500
"""The same, for each block of a list."""

L1_BLOCK_HASHES_MAX: Final = 1000


def render_block_v1(
    block: BlockRow, view: IndexView, tip: Tip, txids_max: int = TXIDS_MAX
) -> dict[str, Any]:
    """The shape of `/extended/v1/block`, with transaction ids."""
    return {
        **_common(block, tip),
        "txs": [to_hex(txid) for txid in view.txids_of_block(block, txids_max)],
        "parent_microblock_hash": "0x",
        "parent_microblock_sequence": 0,
        "microblocks_accepted": [],
        "microblocks_streamed": [],
        "microblock_tx_count": {},
    }


def render_block_v2(block: BlockRow, tip: Tip) -> dict[str, Any]:
    """The shape of `/extended/v2/blocks`."""
    return {**_common(block, tip), "parent_index_block_hash": to_hex(block.parent_block_id)}


def render_microblock(block: BlockRow, view: IndexView) -> dict[str, Any]:
    """A block that does not begin a tenure, in the shape of a Stacks microblock."""
    parent = view.block_by_height(block.height - 1)
    opening = view.tenure_start(block.tenure_height)
    sequence = block.height - opening.height - 1 if opening else 0
    parent_l1 = parent or block
    return {
        "canonical": True,
        "microblock_canonical": True,
        "microblock_hash": to_hex(block.block_hash),
        "microblock_sequence": sequence,
        "microblock_parent_hash": to_hex(block.parent_block_hash),
        "block_height": block.height,
        "parent_block_height": block.height - 1,
        "parent_block_hash": to_hex(block.parent_block_hash),
        "parent_burn_block_hash": to_0x(parent_l1.l1_hash),
        "parent_burn_block_time": parent_l1.l1_time,
        "parent_burn_block_time_iso": to_iso(parent_l1.l1_time),
        "parent_burn_block_height": parent_l1.l1_height,
        "block_hash": to_hex(block.block_hash),
        "txs": [to_hex(txid) for txid in view.txids_of_block(block, TXIDS_MAX)],
    }


def render_l1_block(block: L1BlockRow, view: IndexView) -> dict[str, Any]:
    """The shape of `/extended/v2/burn-blocks`; the average time is in whole seconds."""
    hashes = view.block_hashes_of_l1(block.height, L1_BLOCK_HASHES_MAX)
    span = view.time_span_of_l1(block.height)
    return {
        "burn_block_time": block.time,
        "burn_block_time_iso": to_iso(block.time),
        "burn_block_hash": to_0x(block.hash),
        "burn_block_height": block.height,
        "stacks_blocks": [to_hex(block_hash) for block_hash in hashes],
        "avg_block_time": span // (block.block_count - 1) if block.block_count > 1 else 0,
        "total_tx_count": block.tx_count,
    }


def _common(block: BlockRow, tip: Tip) -> dict[str, Any]:
    cost = block.cost
    return {
        "canonical": True,
        "height": block.height,
        "hash": to_hex(block.block_hash),
        "block_time": block.timestamp,
        "block_time_iso": to_iso(block.timestamp),
        "tenure_height": block.tenure_height,
        "index_block_hash": to_hex(block.block_id),
        "parent_block_hash": to_hex(block.parent_block_hash),
        "burn_block_time": block.l1_time,
        "burn_block_time_iso": to_iso(block.l1_time),
        "burn_block_hash": to_0x(block.l1_hash),
        "burn_block_height": block.l1_height,
        "miner_txid": to_0x(block.miner_txid),
        "tx_count": block.tx_count,
        "execution_cost_read_count": to_int(cost.read_count),
        "execution_cost_read_length": to_int(cost.read_length),
        "execution_cost_runtime": to_int(cost.runtime),
        "execution_cost_write_count": to_int(cost.write_count),
        "execution_cost_write_length": to_int(cost.write_length),
        "btczs_status": state_at(block.height, tip).value,
        "btczs_miner": block.miner,
        "btczs_state_root": to_hex(block.state_root),
        "btczs_is_tenure_start": block.is_tenure_start,
    }
