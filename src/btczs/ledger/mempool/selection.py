"""What a miner puts into its next block: the best fee rates, in an order that executes.

Only the next transaction of an account can be taken, so the candidates are the heads of the
accounts, in a heap by fee rate; taking one makes the next of its accounts a candidate. The cost
grows with what is taken, not with what waits.
"""

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Final

from btczs.ledger.accounts import read_account_pair
from btczs.ledger.mempool.entry import Entry
from btczs.ledger.mempool.pool import HeapItem, Pool
from btczs.ledger.transactions.model import Authenticated
from btczs.store.kv import Reader

SIZE_MISSES_MAX: Final = 100
"""Candidates that do not fit before the block counts as full."""

TRANSACTION_BYTES_MIN: Final = 115
"""No transaction is smaller (4 to 5 bytes of frame, 103 of condition, the rest a payload)."""


def select(pool: Pool, reader: Reader, bytes_max: int, count_max: int) -> list[Authenticated]:
    """Transactions of at most `bytes_max` bytes that execute on `reader`'s state in this order.

    Coins received within the block are not counted on, so no choice depends on another account's.
    """
    accounts: dict[bytes, list[int]] = {}

    def view(key: bytes) -> list[int]:
        """[balance, nonce] of an account after what was taken."""
        found = accounts.get(key)
        if found is None:
            found = accounts[key] = list(read_account_pair(reader, key))
        return found

    chosen: list[Authenticated] = []
    surfaced: list[HeapItem] = []  # taken from the pool's heap; they go back at the end
    followers: list[HeapItem] = []
    left, misses = bytes_max, 0
    while len(chosen) < count_max and left >= TRANSACTION_BYTES_MIN and misses < SIZE_MISSES_MAX:
        entry = _pop_best(pool, surfaced, followers)
        if entry is None:
            break
        if not _is_ready(entry, view):
            continue
        if entry.size > left:
            misses += 1
            continue
        left -= entry.size
        chosen.append(entry.authenticated)
        for key, nonce in entry.slots():
            account = view(key)
            account[0] -= entry.cost(key)
            account[1] = nonce + 1
            follower = pool.queues[key].slots.get(nonce + 1)
            if follower is not None:
                heappush(followers, (-follower.rate, follower.seq, follower.txid))
    for item in surfaced:
        heappush(pool.heads, item)
    return chosen


def _pop_best(pool: Pool, surfaced: list[HeapItem], followers: list[HeapItem]) -> Entry | None:
    """The best candidate of both heaps; None if there is none left."""
    while pool.heads or followers:
        if followers and (not pool.heads or followers[0] <= pool.heads[0]):
            return pool.entries[heappop(followers)[2]]
        item = heappop(pool.heads)
        is_repeated = bool(surfaced) and surfaced[-1] == item  # equal items surface together
        if pool.is_current(item) and not is_repeated:
            surfaced.append(item)
            return pool.entries[item[2]]
    return None


def _is_ready(entry: Entry, view: Callable[[bytes], list[int]]) -> bool:
    """Whether nonces and balances of all its accounts allow `entry` now."""
    for key, nonce in entry.slots():
        balance, next_nonce = view(key)
        if next_nonce != nonce or balance < entry.cost(key):
            return False
    return True
