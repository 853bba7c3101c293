"""What the pool does after a block or a rollback: nothing waits that cannot be mined any more."""

from collections.abc import Iterable, Sequence

from btczs.ledger.accounts import account_key, read_account_pair
from btczs.ledger.mempool.changes import Changes
from btczs.ledger.mempool.pool import AccountQueue
from btczs.ledger.transactions.model import Authenticated
from btczs.networks import Limits
from btczs.primitives import Hash32
from btczs.store.kv import Reader


def remove_mined(changes: Changes, mined: Sequence[Authenticated], reader: Reader) -> None:
    """Takes out what was mined, and drops what its accounts cannot send any more."""
    used: dict[tuple[bytes, int], Hash32] = {}
    for authenticated in mined:
        txid = authenticated.txid
        used[account_key(authenticated.origin), authenticated.origin_nonce] = txid
        used[account_key(authenticated.payer), authenticated.payer_nonce] = txid
        entry = changes.pool.entries.get(txid)
        if entry is not None:
            changes.remove(entry)
    refresh_accounts(changes, dict.fromkeys(key for key, _ in used), reader, used)


def refresh_accounts(
    changes: Changes,
    keys: Iterable[bytes],
    reader: Reader,
    used: dict[tuple[bytes, int], Hash32] | None = None,
) -> None:
    """Compares what waits of these accounts with the state: nonces, then what they can pay.

    `used` says which mined transaction took a nonce, if that is known.
    """
    for key in keys:
        if key not in changes.pool.queues:
            continue
        balance, nonce = read_account_pair(reader, key)
        queue = changes.get_queue(key, nonce)
        _drop_used(changes, queue, used or {})
        _drop_unpayable(changes, queue, balance)


def drop_aged(changes: Changes, limits: Limits) -> None:
    """Drops what has waited for more than `limits.mempool_age_tenures_max` tenures."""
    oldest = changes.tenure - limits.mempool_age_tenures_max
    by_tenure = changes.pool.by_tenure
    aged = [tenure for tenure in by_tenure if tenure < oldest]
    for entry in [entry for tenure in aged for entry in by_tenure[tenure].values()]:
        changes.drop(
            entry,
            "dropped_stale_garbage_collect",
            f"it waited for more than {limits.mempool_age_tenures_max} tenures",
        )


def _drop_used(
    changes: Changes, queue: AccountQueue, used: dict[tuple[bytes, int], Hash32]
) -> None:
    for nonce, entry in sorted(queue.slots.items(), key=lambda item: item[0]):
        if nonce >= queue.nonce:
            break
        winner = used.get((queue.key, nonce))
        if winner is not None:
            changes.drop(
                entry, "dropped_replace_by_fee", "another one with its nonce was mined", winner
            )
        else:
            changes.drop(
                entry, "dropped_replace_across_fork", "its nonce was used on another branch"
            )


def _drop_unpayable(changes: Changes, queue: AccountQueue, balance: int) -> None:
    """Drops the last ones first: what comes before them still has its turn."""
    for nonce in sorted(queue.slots, reverse=True):
        if queue.cost <= balance:
            break
        changes.drop(
            queue.slots[nonce], "dropped_too_expensive", "its account can no longer pay for it"
        )
