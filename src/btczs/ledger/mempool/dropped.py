"""Memory of transactions that left the pool without being mined, so that the API can say why.

Bounded by count and bytes: the oldest are forgotten first.
"""

from typing import Final, Literal

import msgspec

from btczs.primitives import Hash32, TenureHeight, TimestampS

DropStatus = Literal[
    "dropped_replace_by_fee",
    "dropped_replace_across_fork",
    "dropped_too_expensive",
    "dropped_stale_garbage_collect",
    "dropped_problematic",
]
"""The statuses of the Stacks API. Here: replaced by a transaction with the same nonce and a higher
fee, or one that was mined; its nonce used on another branch of the chain; its account cannot pay;
too old, or outbid in a full pool; refused by the miner."""

DROPPED_MAX: Final = 10_000
DROPPED_BYTES_MAX: Final = 16 * 1024 * 1024
"""Enough for a user to ask within hours; more would make the mempool an archive."""


class Dropped(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """What became of a transaction. `reason` is for people; `status` is stable."""

    txid: Hash32
    status: DropStatus
    reason: str
    replaced_by: Hash32 | None
    tenure: TenureHeight
    """The tenure in which it was dropped."""
    received_at: TimestampS
    raw: bytes


class DroppedMemory:
    """The last dropped transactions by id, each under the sequence number of its record."""

    def __init__(self) -> None:
        self._records: dict[Hash32, tuple[int, Dropped]] = {}
        self._bytes_total = 0
        self.stale_seqs: list[int] = []
        """Records that are forgotten here but not yet in the store; the next write deletes them."""

    def __len__(self) -> int:
        return len(self._records)

    @property
    def bytes_total(self) -> int:
        return self._bytes_total

    def get(self, txid: Hash32) -> Dropped | None:
        found = self._records.get(txid)
        return found[1] if found else None

    def remember(self, seq: int, dropped: Dropped) -> None:
        """Adds a record, and forgets the oldest ones that are too many."""
        self.forget(dropped.txid)
        self._records[dropped.txid] = (seq, dropped)
        self._bytes_total += len(dropped.raw)
        while len(self._records) > DROPPED_MAX or self._bytes_total > DROPPED_BYTES_MAX:
            self.forget(next(iter(self._records)))

    def forget(self, txid: Hash32) -> None:
        """Removes the record of `txid`, if there is one."""
        found = self._records.pop(txid, None)
        if found is not None:
            self._bytes_total -= len(found[1].raw)
            self.stale_seqs.append(found[0])
