"""Consensus rules of a single transaction that need no coins.

`verify_transaction` needs nothing else; `verify_transaction_at` also the height of the block that
is to contain it. Both raise `TransactionRejected` with the real node's reject string.

DEVIATION: the embedded node is transparent. It cannot check zero-knowledge proofs, so it refuses
every transaction with a shielded part (`shielded-unsupported`) instead of trusting it.
"""

from btczs.l1.bitcoinz.transaction import OVERWINTER_GROUP, SAPLING_GROUP, Transaction
from btczs.l1.params import L1Params
from btczs.l1.parts import NO_INDEX
from btczs.l1.regtest import limits
from btczs.l1.regtest.errors import TransactionRejected
from btczs.l1.regtest.finality import is_expired
from btczs.primitives.units import ZERO_HASH

COINBASE_SCRIPT_BYTES_MIN = 2
COINBASE_SCRIPT_BYTES_MAX = 100


def verify_transaction(params: L1Params, tx: Transaction, size: int) -> None:
    """Rules without context: version, sizes, amounts, duplicate inputs, coinbase shape."""
    _verify_version(tx)
    if tx.has_shielded:
        raise TransactionRejected("shielded-unsupported")
    if not tx.inputs:
        raise TransactionRejected("bad-txns-vin-empty")
    if not tx.outputs:
        raise TransactionRejected("bad-txns-vout-empty")
    if size > params.block_bytes_max:
        raise TransactionRejected("bad-txns-oversize")
    _verify_amounts(params, tx)
    places = {(tx_input.prev_txid, tx_input.prev_index) for tx_input in tx.inputs}
    if len(places) != len(tx.inputs):
        raise TransactionRejected("bad-txns-inputs-duplicate")
    if tx.is_coinbase:
        script_size = len(tx.inputs[0].script_sig)
        if not COINBASE_SCRIPT_BYTES_MIN <= script_size <= COINBASE_SCRIPT_BYTES_MAX:
            raise TransactionRejected("bad-cb-length")
    elif (ZERO_HASH, NO_INDEX) in places:
        raise TransactionRejected("bad-txns-prevout-null")


def _verify_version(tx: Transaction) -> None:
    if not tx.overwintered:
        if tx.version < 1:
            raise TransactionRejected("bad-txns-version-too-low")
        return
    if tx.version < 3:
        raise TransactionRejected("bad-tx-overwinter-version-too-low")
    if tx.group_id not in (OVERWINTER_GROUP, SAPLING_GROUP):
        raise TransactionRejected("bad-tx-version-group-id")
    if tx.expiry_height >= limits.EXPIRY_HEIGHT_THRESHOLD:
        raise TransactionRejected("bad-tx-expiry-height-too-high")


def _verify_amounts(params: L1Params, tx: Transaction) -> None:
    total = 0
    for output in tx.outputs:
        if output.value < 0:
            raise TransactionRejected("bad-txns-vout-negative")
        if output.value > params.money_max:
            raise TransactionRejected("bad-txns-vout-toolarge")
        total += output.value
        if total > params.money_max:
            raise TransactionRejected("bad-txns-txouttotal-toolarge")
    if tx.value_balance:
        raise TransactionRejected("bad-txns-valuebalance-nonzero")


def verify_transaction_at(params: L1Params, tx: Transaction, size: int, height: int) -> None:
    """Rules of the upgrade that is active at `height`: version and group id, expiry, size."""
    overwinter = params.is_active("overwinter", height)
    sapling = params.is_active("sapling", height)
    if not overwinter and tx.overwintered:
        raise TransactionRejected("tx-overwinter-not-active")
    if overwinter and not tx.overwintered:
        raise TransactionRejected("tx-overwintered-flag-not-set")
    if overwinter and is_expired(tx, height):
        raise TransactionRejected("tx-overwinter-expired")
    if sapling:
        if tx.group_id != SAPLING_GROUP:
            raise TransactionRejected("bad-sapling-tx-version-group-id")
        if tx.version < 4:
            raise TransactionRejected("bad-tx-sapling-version-too-low")
        if tx.version > 4:
            raise TransactionRejected("bad-tx-sapling-version-too-high")
        return
    if overwinter:
        if tx.version > 3:
            raise TransactionRejected("bad-tx-overwinter-version-too-high")
        if tx.group_id != OVERWINTER_GROUP:
            raise TransactionRejected("bad-overwinter-tx-version-group-id")
    if size > limits.TRANSACTION_BYTES_MAX_BEFORE_SAPLING:
        raise TransactionRejected("bad-txns-oversize")
