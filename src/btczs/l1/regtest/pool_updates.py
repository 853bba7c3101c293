"""Keeping the pool in step with the chain, in memory and on disk.

A block that extends the chain takes its transactions, and what conflicts with them, out of the
pool. When blocks were undone, or the branch id of the next block changed, the whole pool is built
anew: first what the undone blocks contained, then what was in it, each asked only whether it is
valid in the next block.
"""

from typing import Protocol

from btczs.l1.bitcoinz.transaction import Transaction
from btczs.l1.params import L1Params
from btczs.l1.regtest.accept import Situation, accept_transaction, decode_loose_transaction
from btczs.l1.regtest.block import Block
from btczs.l1.regtest.errors import TransactionRejected
from btczs.l1.regtest.finality import is_expired
from btczs.l1.regtest.mempool import PoolEntry
from btczs.l1.regtest.state import ChainChange
from btczs.l1.regtest.storage import BlockStore
from btczs.l1.sighash import branch_id_at
from btczs.primitives import Hash32


class PoolOwner(Situation, Protocol):
    params: L1Params
    pool_updates: int

    def now(self) -> int: ...


def update_pool(owner: PoolOwner, store: BlockStore, change: ChainChange) -> None:
    """Brings the pool up to date after the chain changed."""
    if not change.disconnected and not change.connected:
        return
    owner.pool_updates += 1
    if change.disconnected or _is_branch_changed(owner):
        _rebuild(owner, store, change.disconnected)
        return
    removed: list[Hash32] = []
    for block in change.connected:
        removed += owner.pool.remove_for_block(block.transactions)
    next_height = owner.tip_entry.height + 1
    expired = [entry.txid for entry in owner.pool.iterate() if is_expired(entry.tx, next_height)]
    removed += owner.pool.remove_with_descendants(expired)
    store.delete_pool(removed)


def _is_branch_changed(owner: PoolOwner) -> bool:
    """Whether signatures made for the last block are void in the next one."""
    height = owner.tip_entry.height
    return branch_id_at(owner.params, height) != branch_id_at(owner.params, height + 1)


def _rebuild(owner: PoolOwner, store: BlockStore, undone: list[Block]) -> None:
    previous = owner.pool.clear()
    for block in reversed(undone):  # the lowest block first
        for tx, raw in zip(block.transactions[1:], block.raw_transactions[1:], strict=True):
            _readmit(owner, tx, raw, owner.now())
    for entry in previous:
        _readmit(owner, entry.tx, entry.raw, entry.time, entry)
    store.clear_pool()
    for entry in owner.pool.iterate():
        store.put_pool(entry.txid, entry.raw, entry.time)


def _readmit(
    owner: PoolOwner,
    tx: Transaction,
    raw: bytes,
    time: int,
    entry: PoolEntry | None = None,
) -> bool:
    """Adds the transaction again if the next block may contain it; says whether it did."""
    try:
        owner.pool.add(accept_transaction(owner, tx, raw, time=time, returning=entry, is_new=False))
    except TransactionRejected:
        return False
    return True


def reload_pool(owner: PoolOwner, store: BlockStore) -> None:
    """Fills the empty pool from disk at start; what is no longer valid is forgotten."""
    gone = []
    for raw, time in store.get_pool():
        tx = decode_loose_transaction(raw)
        if not _readmit(owner, tx, raw, time):
            gone.append(tx.txid)
    store.delete_pool(gone)
