"""Balances and nonces of an address."""

from typing import Any

from btczs.api.jsontext import to_int
from btczs.indexer.view import AddressTotalsRow
from btczs.ledger.accounts import Account
from btczs.ledger.mempool import NoncesView


def render_stx_balance(account: Account, totals: AddressTotalsRow) -> dict[str, Any]:
    """The `stx` object. The balance is the state's; totals are the index's.

    Nothing can be locked before stacking exists, so the lock fields say "none".
    """
    return {
        "balance": str(account.balance),
        "total_sent": str(totals.sent),
        "total_received": str(totals.received),
        "total_fees_sent": str(totals.fees),
        "total_miner_rewards_received": str(totals.rewards),
        "lock_tx_id": "",
        "locked": "0",
        "lock_height": 0,
        "burnchain_lock_height": 0,
        "burnchain_unlock_height": 0,
    }


def add_pending(shown: dict[str, Any], inbound: int, outbound: int) -> dict[str, Any]:
    """`shown` with what waits in the mempool."""
    balance = int(shown["balance"])
    return {
        **shown,
        "estimated_balance": str(max(0, balance + inbound - outbound)),
        "pending_balance_inbound": str(inbound),
        "pending_balance_outbound": str(outbound),
    }


def render_nonces(view: NoncesView) -> dict[str, Any]:
    return {
        "last_mempool_tx_nonce": to_int(view.waiting[-1]) if view.waiting else None,
        "last_executed_tx_nonce": (
            None if view.last_executed is None else to_int(view.last_executed)
        ),
        "possible_next_nonce": to_int(view.possible_next),
        "detected_missing_nonces": [to_int(nonce) for nonce in reversed(view.missing)],
        "detected_mempool_nonces": [to_int(nonce) for nonce in reversed(view.waiting)],
    }
