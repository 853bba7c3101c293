"""Lock times and expiry heights: when a transaction may enter a block."""

from btczs.l1.bitcoinz.transaction import Transaction
from btczs.l1.parts import SEQUENCE_FINAL
from btczs.l1.regtest.limits import EXPIRING_SOON_BLOCKS, LOCKTIME_THRESHOLD


def is_final(tx: Transaction, height: int, time: int) -> bool:
    """Whether the lock time lets the transaction into a block at `height` and `time`."""
    if tx.lock_time == 0:
        return True
    now = height if tx.lock_time < LOCKTIME_THRESHOLD else time
    if tx.lock_time < now:
        return True
    return all(tx_input.sequence == SEQUENCE_FINAL for tx_input in tx.inputs)


def is_expired(tx: Transaction, height: int) -> bool:
    """Whether the transaction may no longer enter a block at `height` (coinbases never expire)."""
    if tx.is_coinbase or not tx.expiry_height:
        return False
    return height > tx.expiry_height


def is_expiring_soon(tx: Transaction, next_height: int) -> bool:
    """Policy: whether it would expire within the next blocks."""
    return is_expired(tx, next_height + EXPIRING_SOON_BLOCKS)
