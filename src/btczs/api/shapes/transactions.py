"""Transactions: mined, waiting and dropped.

`tx_status` is what Stacks clients know (`success`, `abort_…`, `pending`, `dropped_…`);
`btczs_status` says how far a transaction has come: pending, mined, signed, anchored, final.
"""

from typing import Any, Final

from btczs.api.backend import Tip
from btczs.api.jsontext import to_0x, to_hex, to_int, to_iso
from btczs.api.shapes.events import get_event_kind, render_event, render_transfer
from btczs.api.shapes.payloads import (
    ANCHOR_MODES,
    POST_CONDITION_MODES,
    render_payload,
    render_post_condition,
    render_value,
)
from btczs.codec.clarity import decode_value, principal_text
from btczs.finality.states import TransactionState, compute_state
from btczs.indexer.view import AddressTransactionRow, BlockRow, IndexView, TransactionRow
from btczs.ledger.mempool import Dropped, Entry
from btczs.ledger.transactions import Transaction, decode_transaction
from btczs.ledger.transactions.addresses import condition_address
from btczs.ledger.transactions.conditions import SponsoredAuth

NO_MICROBLOCK: Final = {
    "is_unanchored": False,
    "microblock_hash": "0x",
    "microblock_sequence": 2**31 - 1,
    "microblock_canonical": True,
}
"""What Stacks answers for a transaction that stands in a block itself."""

EVENTS_MAX: Final = 100
"""Most events shown with one transaction; `event_offset` pages through the rest."""


def state_at(height: int | None, tip: Tip) -> TransactionState:
    """How far something mined at `height` has come."""
    return compute_state(
        None if height is None else type(tip.height)(height),
        tip.signed_height,
        tip.anchored_height,
        tip.final_height,
    )


class Renderer:
    """Shows transactions of one index snapshot under one tip; looks each block up once."""

    def __init__(self, view: IndexView, tip: Tip) -> None:
        self._view = view
        self._tip = tip
        self._blocks: dict[int, BlockRow | None] = {}

    def mined(
        self, row: TransactionRow, *, event_limit: int = 0, event_offset: int = 0
    ) -> dict[str, Any]:
        """A mined transaction with up to `event_limit` of its events."""
        block = self._block(row.height)
        assert block is not None, "the index holds the block of every transaction in it"
        parent = self._block(row.height - 1)
        parent_l1_time = block.l1_time if parent is None else parent.l1_time
        tx = decode_transaction(row.raw)
        receipt = row.receipt
        last = min(event_offset + event_limit, len(receipt.events))
        return {
            **render_common(tx, row.txid),
            "block_hash": to_hex(block.block_hash),
            "block_height": block.height,
            "block_time": block.timestamp,
            "block_time_iso": to_iso(block.timestamp),
            "burn_block_time": block.l1_time,
            "burn_block_height": block.l1_height,
            "burn_block_time_iso": to_iso(block.l1_time),
            "parent_burn_block_time": parent_l1_time,
            "parent_burn_block_time_iso": to_iso(parent_l1_time),
            "parent_block_hash": to_hex(block.parent_block_hash),
            "canonical": True,
            "tx_index": row.tx_index,
            "tx_status": receipt.status,
            "tx_result": render_value(decode_value(receipt.result)),
            **NO_MICROBLOCK,
            "execution_cost_read_count": to_int(receipt.cost.read_count),
            "execution_cost_read_length": to_int(receipt.cost.read_length),
            "execution_cost_runtime": to_int(receipt.cost.runtime),
            "execution_cost_write_count": to_int(receipt.cost.write_count),
            "execution_cost_write_length": to_int(receipt.cost.write_length),
            "vm_error": None,
            "event_count": len(receipt.events),
            "events": [
                render_event(receipt.events[i], i, row.txid) for i in range(event_offset, last)
            ],
            "btczs_status": state_at(row.height, self._tip).value,
        }

    def with_transfers(self, item: AddressTransactionRow) -> dict[str, Any]:
        """As `transactions_with_transfers` (v1) shows a transaction of an address."""
        return {
            "tx": self.mined(item.transaction),
            "stx_sent": str(item.sent + item.fee),
            "stx_received": str(item.received + item.reward),
            "stx_transfers": [
                render_transfer(event) for event in item.transaction.receipt.events[:EVENTS_MAX]
            ],
            "ft_transfers": [],
            "nft_transfers": [],
        }

    def with_counts(self, item: AddressTransactionRow) -> dict[str, Any]:
        """As `/extended/v2/addresses/…/transactions` shows it."""
        counts = {"transfer": 0, "mint": 0, "burn": 0}
        for event in item.transaction.receipt.events:
            counts[get_event_kind(event)] += 1
        none = {"transfer": 0, "mint": 0, "burn": 0}
        return {
            "tx": self.mined(item.transaction),
            "stx_sent": str(item.sent + item.fee),
            "stx_received": str(item.received + item.reward),
            "events": {"stx": counts, "ft": none, "nft": none},
        }

    def _block(self, height: int) -> BlockRow | None:
        if height not in self._blocks:
            self._blocks[height] = self._view.block_by_height(height)
        return self._blocks[height]


def render_pending(entry: Entry) -> dict[str, Any]:
    """A transaction that waits."""
    return {
        **render_common(entry.authenticated.tx, entry.txid),
        **_mempool_fields("pending", None, entry.received_at),
    }


def render_dropped(dropped: Dropped) -> dict[str, Any]:
    """A transaction that left the mempool without being mined."""
    return {
        **render_common(decode_transaction(dropped.raw), dropped.txid),
        **_mempool_fields(dropped.status, dropped.replaced_by, dropped.received_at),
        "btczs_drop_reason": dropped.reason,
    }


def _mempool_fields(status: str, replaced_by: bytes | None, received_at: int) -> dict[str, Any]:
    return {
        "tx_status": status,
        "replaced_by_tx_id": None if replaced_by is None else to_hex(replaced_by),
        "receipt_time": received_at,
        "receipt_time_iso": to_iso(received_at),
        "btczs_status": TransactionState.PENDING.value if status == "pending" else "dropped",
    }


def render_common(tx: Transaction, txid: bytes) -> dict[str, Any]:
    """The fields that every transaction has, wherever it is."""
    origin = tx.auth.origin
    sender = principal_text(condition_address(origin, tx.version))
    shown: dict[str, Any] = {
        "tx_id": to_0x(txid.hex()),
        "nonce": to_int(origin.nonce),
        "fee_rate": str(tx.auth.payer.fee),
        "sender_address": sender,
        "sponsored": False,
        "post_condition_mode": POST_CONDITION_MODES[tx.post_condition_mode],
        "post_conditions": [render_post_condition(c) for c in tx.post_conditions],
        "anchor_mode": ANCHOR_MODES[tx.anchor_mode],
        **render_payload(tx.payload, sender),
    }
    if isinstance(tx.auth, SponsoredAuth):
        sponsor = tx.auth.sponsor
        shown["sponsored"] = True
        shown["sponsor_nonce"] = to_int(sponsor.nonce)
        shown["sponsor_address"] = principal_text(condition_address(sponsor, tx.version))
    return shown
