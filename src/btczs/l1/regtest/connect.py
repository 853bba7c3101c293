"""Connecting a block: does it spend only what exists, and is everything it claims signed and paid?

Works on an overlay, so a refusal leaves nothing behind. The result is what undoing the block and
indexing it need.
"""

from typing import NamedTuple

from btczs.l1.bitcoinz.transaction import Transaction
from btczs.l1.params import L1Params
from btczs.l1.regtest import limits
from btczs.l1.regtest.block import Block
from btczs.l1.regtest.errors import BlockRejected, TransactionRejected
from btczs.l1.regtest.inputs import compute_fee, verify_scripts
from btczs.l1.regtest.sigops import count_all_sigops, count_legacy_sigops
from btczs.l1.regtest.utxo import Coin, CoinOverlay, Undo, apply_transaction, get_coin
from btczs.primitives import Hash32, Zat

EMPTY_SAPLING_ROOT = Hash32(
    bytes.fromhex("3e49b5f954aa9d3545bc6c37744661eea48d7c34e3000d82b7f0010c30f4c2fb")[::-1]
)
"""Root of the tree of shielded outputs while there are none."""


class Connected(NamedTuple):
    """What a block spent, and the fees it paid."""

    undo: Undo
    fees: Zat


def connect_block(
    params: L1Params, block: Block, height: int, view: CoinOverlay, *, with_scripts: bool = True
) -> Connected:
    """Applies the block to `view`. Raises `BlockRejected`; the view is then to be thrown away.

    `with_scripts=False` is for a block whose scripts this node has verified before.
    """
    for tx in block.transactions:
        if view.get_outputs(tx.txid) is not None:
            raise BlockRejected("bad-txns-BIP30")
    undo: Undo = []
    fees = 0
    sigops = 0
    for tx in block.transactions:
        if tx.is_coinbase:
            sigops += count_legacy_sigops(tx)
            apply_transaction(view, tx, height)
        else:
            coins = _get_coins(view, tx)
            sigops += count_all_sigops(tx, coins)
            fees += _verify_spend(params, tx, coins, height, with_scripts)
            undo.append(apply_transaction(view, tx, height))
        if sigops > limits.BLOCK_SIGOPS_MAX:
            raise BlockRejected("bad-blk-sigops")
    # The tree of shielded outputs stays empty, as no transaction can add to it.
    if params.is_active("sapling", height) and block.header.reserved != EMPTY_SAPLING_ROOT:
        raise BlockRejected("bad-sapling-root-in-block")
    limit = params.compute_subsidy(height) + fees
    claimed = sum(output.value for output in block.transactions[0].outputs)
    if claimed > limit:
        raise BlockRejected("bad-cb-amount", f"{claimed} > {limit}")
    return Connected(undo, Zat(fees))


def _get_coins(view: CoinOverlay, tx: Transaction) -> list[Coin]:
    coins = []
    for tx_input in tx.inputs:
        coin = get_coin(view, tx_input.prev_txid, tx_input.prev_index)
        if coin is None:
            raise BlockRejected("bad-txns-inputs-missingorspent")
        coins.append(coin)
    return coins


def _verify_spend(
    params: L1Params, tx: Transaction, coins: list[Coin], height: int, with_scripts: bool
) -> Zat:
    try:
        fee = compute_fee(params, tx, coins, height)
        if with_scripts:
            verify_scripts(params, tx, coins, height)
    except TransactionRejected as error:
        raise BlockRejected(error.reason, error.detail) from error
    return fee
