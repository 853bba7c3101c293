"""Whether a loose transaction enters the pool: consensus of the next block, then policy.

The checks run in the real node's order, so that a transaction with several faults is refused for
the same one. There is no replacement: who spends first, stays.
"""

from collections.abc import Mapping
from typing import Protocol

from btczs.codec.stream import Reader
from btczs.l1.bitcoinz.transaction import Transaction, read_transaction
from btczs.l1.params import L1Params
from btczs.l1.regtest import limits
from btczs.l1.regtest.chain import BlockEntry
from btczs.l1.regtest.errors import RejectCode, TransactionRejected
from btczs.l1.regtest.finality import is_expiring_soon, is_final
from btczs.l1.regtest.inputs import compute_fee, verify_scripts, verify_scripts_by_policy
from btczs.l1.regtest.mempool import Mempool, PoolCoins, PoolEntry
from btczs.l1.regtest.sigops import count_all_sigops
from btczs.l1.regtest.standard import verify_standard_inputs, verify_standard_transaction
from btczs.l1.regtest.transaction_rules import verify_transaction, verify_transaction_at
from btczs.l1.regtest.utxo import Coin, CoinView, Outputs
from btczs.l1.sighash import branch_id_at
from btczs.primitives import DecodeError, Hash32, Zat


class Situation(Protocol):
    """What acceptance depends on: the chain at its tip, and the pool."""

    params: L1Params
    pool: Mempool

    @property
    def tip_entry(self) -> BlockEntry: ...
    @property
    def coins(self) -> CoinView: ...
    @property
    def is_standard_required(self) -> bool: ...


def compute_relay_fee_min(size: int) -> Zat:
    """The fee below which a transaction of `size` bytes is not relayed."""
    fee = limits.RELAY_FEE_ZAT_PER_KB * size // 1000 or limits.RELAY_FEE_ZAT_PER_KB
    return Zat(min(fee, limits.RELAY_FEE_ZAT_MAX))


def decode_loose_transaction(raw: bytes) -> Transaction:
    """Raises `DecodeError`. Each transaction has one encoding only."""
    if len(raw) > limits.BLOCK_DECODE_BYTES_MAX:
        raise DecodeError(f"a transaction has at most {limits.BLOCK_DECODE_BYTES_MAX} bytes")
    reader = Reader(raw)
    tx = read_transaction(reader)
    reader.finish()
    return tx


def accept_transaction(
    situation: Situation,
    tx: Transaction,
    raw: bytes,
    *,
    time: int,
    fee_max: Zat | None = None,
    is_new: bool = True,
    returning: PoolEntry | None = None,
) -> PoolEntry:
    """The entry for the pool; the caller adds it. Raises `TransactionRejected`.

    Of a transaction that was accepted before (not `is_new`) only what the rules of the next block
    demand is asked. `returning` is its entry if it was in the pool: its scripts are not run again
    under the branch id they passed with.
    """
    params, pool, tip = situation.params, situation.pool, situation.tip_entry
    height = tip.height + 1
    branch_id = branch_id_at(params, height)
    verify_transaction(params, tx, len(raw))
    verify_transaction_at(params, tx, len(raw), height)
    if is_new and is_expiring_soon(tx, height):
        raise TransactionRejected("tx-expiring-soon")
    if tx.is_coinbase:
        raise TransactionRejected("coinbase")
    if is_new and situation.is_standard_required:
        verify_standard_transaction(params, tx, height)
    if not is_final(tx, height, tip.median_time):
        raise TransactionRejected("non-final", RejectCode.NONSTANDARD)
    coins = _collect_coins(situation, tx)
    if is_new and situation.is_standard_required:
        verify_standard_inputs(tx, coins)
    sigops = count_all_sigops(tx, coins)
    if sigops > limits.TRANSACTION_SIGOPS_MAX:
        detail = f"{sigops} > {limits.TRANSACTION_SIGOPS_MAX}"
        raise TransactionRejected("bad-txns-too-many-sigops", RejectCode.NONSTANDARD, detail)
    fee = compute_fee(params, tx, coins, height)
    if is_new:
        _verify_fee_policy(len(raw), fee, fee_max)
    _verify_pool_limits(pool, tx, len(raw), is_new)
    if returning is None or returning.branch_id != branch_id:
        if is_new:
            verify_scripts_by_policy(params, tx, coins, height)
        verify_scripts(params, tx, coins, height)
    return PoolEntry(
        tx=tx,
        raw=raw,
        fee=fee,
        sigops=sigops,
        time=time,
        height=tip.height,
        branch_id=branch_id,
    )


def _collect_coins(situation: Situation, tx: Transaction) -> list[Coin]:
    """The coins the inputs spend, from chain and pool. Raises if one is missing or taken."""
    pool = situation.pool
    if tx.txid in pool:
        raise TransactionRejected("txn-already-in-mempool", RejectCode.ALREADY_KNOWN)
    for tx_input in tx.inputs:
        if pool.get_spender(tx_input.prev_txid, tx_input.prev_index) is not None:
            raise TransactionRejected("txn-mempool-conflict", RejectCode.CONFLICT)
    view = PoolCoins(situation.coins, pool)
    if view.get_outputs(tx.txid) is not None:
        raise TransactionRejected("txn-already-known", RejectCode.ALREADY_KNOWN)
    coins = []
    outputs_of = {i.prev_txid: view.get_outputs(i.prev_txid) for i in tx.inputs}
    if None in outputs_of.values():
        raise TransactionRejected("Missing inputs", RejectCode.NONE)
    for tx_input in tx.inputs:
        coin = _get(outputs_of, tx_input.prev_txid, tx_input.prev_index)
        if coin is None:
            raise TransactionRejected("bad-txns-inputs-spent", RejectCode.DUPLICATE)
        coins.append(coin)
    return coins


def _get(outputs_of: Mapping[Hash32, Outputs | None], txid: Hash32, index: int) -> Coin | None:
    outputs = outputs_of[txid]
    return None if outputs is None else outputs.get(index)


def _verify_fee_policy(size: int, fee: Zat, fee_max: Zat | None) -> None:
    fee_min = compute_relay_fee_min(size)
    if fee < fee_min:
        detail = f"{fee} < {fee_min}"
        raise TransactionRejected("min relay fee not met", RejectCode.INSUFFICIENT_FEE, detail)
    if fee_max is not None and fee > fee_max:
        raise TransactionRejected("absurdly-high-fee", RejectCode.HIGH_FEE, f"{fee} > {fee_max}")


def _verify_pool_limits(pool: Mempool, tx: Transaction, size: int, is_new: bool) -> None:
    if is_new and not pool.is_within_chain_limits(size, pool.compute_parents(tx)):
        raise TransactionRejected("too-long-mempool-chain", RejectCode.NONSTANDARD)
    # DEVIATION: the real node accepts the newcomer and evicts at random (ZIP-401); here what was
    # acknowledged stays, and a full pool refuses.
    if not pool.has_room(size):
        raise TransactionRejected("mempool full", RejectCode.INSUFFICIENT_FEE)
