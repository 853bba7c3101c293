"""Look-ups over chain and pool. The caller holds the node's lock."""

from btczs.l1.regtest.block import Block
from btczs.l1.regtest.chain import BlockEntry
from btczs.l1.regtest.mempool import Mempool
from btczs.l1.regtest.state import ChainState
from btczs.l1.regtest.utxo import Coin
from btczs.l1.regtest.views import AddressActivity, BlockRef, Found, Utxo
from btczs.primitives import Hash32


def find_transaction(chain: ChainState, pool: Mempool, txid: Hash32) -> Found | None:
    """In the pool, or in the active chain."""
    waiting = pool.get(txid)
    if waiting is not None:
        return Found(waiting.tx, waiting.raw, None)
    for block_hash in chain.store.get_transaction_blocks(txid):
        entry = chain.tree.entries[block_hash]
        if chain.tree.is_active(entry):
            return find_in_block(chain.get_block(entry), entry, txid)
    return None


def find_in_block(block: Block, entry: BlockEntry, txid: Hash32) -> Found | None:
    for tx, raw in zip(block.transactions, block.raw_transactions, strict=True):
        if tx.txid == txid:
            return Found(tx, raw, BlockRef(entry.height, entry.hash))
    return None


def list_utxos(chain: ChainState, pool: Mempool, script: bytes) -> list[Utxo]:
    """Unspent outputs paying to `script`, oldest first."""

    def describe(txid: Hash32, index: int, coin: Coin) -> Utxo:
        depth = chain.tip.height + 1 - coin.height
        return Utxo(
            txid=txid,
            index=index,
            value=coin.value,
            script=coin.script,
            height=coin.height,
            is_coinbase=coin.is_coinbase,
            is_mature=not coin.is_coinbase or depth >= chain.params.coinbase_maturity,
            is_spent_in_pool=pool.get_spender(txid, index) is not None,
        )

    return [describe(*found) for found in chain.coins.get_by_script(script)]


def list_activity(chain: ChainState, script: bytes) -> list[AddressActivity]:
    """What the active chain did to an address, in order."""
    entries = chain.tree.entries
    found = [
        AddressActivity(entries[a.block].height, a.tx_index, a.spends, a.txid, a.value)
        for a in chain.store.get_activity(script)
        if chain.tree.is_active(entries[a.block])
    ]
    return sorted(found, key=lambda activity: activity[:3])
