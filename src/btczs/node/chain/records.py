"""What follows from an executed block: the new tip, and the record that the index reads."""

from btczs.codec.clarity import principal_text
from btczs.codec.clarity.values import StandardPrincipal
from btczs.consensus.pox.view import get_l1_block, get_l1_tip
from btczs.indexer.records import Credit, IndexedTransaction, IndexRecord
from btczs.ledger.blocks import Block, block_hash, block_id
from btczs.ledger.events import MintEvent
from btczs.networks import Network
from btczs.node.chain.execution import Executed
from btczs.node.chain.tables import ChainTip
from btczs.primitives import Hash20, Hash32, L1Height, TimestampS
from btczs.primitives.units import hash_hex
from btczs.store.kv import Reader


def advance_tip(tip: ChainTip, block: Block, executed: Executed) -> ChainTip:
    """The tip after `block`, whose parent is the block of `tip`."""
    header, opening = block.header, executed.plan.opening
    return ChainTip(
        height=header.chain_length,
        block_hash=block_hash(header),
        block_id=block_id(header),
        consensus_hash=header.consensus_hash,
        timestamp=header.timestamp,
        tenure_height=executed.plan.tenure_height,
        tenure_blocks=1 if opening is not None else tip.tenure_blocks + 1,
        seed=tip.seed if opening is None else opening.seed,
        signed_height=tip.signed_height,
    )


def make_index_record(
    state: Reader, network: Network, parent: ChainTip, block: Block, executed: Executed
) -> IndexRecord:
    """The record of a block on `parent`; `state` shows the layer 1 that the block saw."""
    header = block.header
    l1_tip = get_l1_tip(state)
    l1_block = get_l1_block(state, l1_tip.height)
    assert l1_block is not None, "the tip of layer 1 has a record"
    winner = executed.plan.tenure.winner
    assert winner is not None, "a block belongs to a tenure with a winner"
    miner = StandardPrincipal(network.address_version_single, Hash20(winner.signing_key_hash))
    return IndexRecord(
        height=header.chain_length,
        block_id=block_id(header),
        block_hash=block_hash(header),
        parent_block_id=header.parent_block_id,
        consensus_hash=header.consensus_hash,
        tenure_height=executed.plan.tenure_height,
        is_tenure_start=executed.plan.opening is not None,
        timestamp=header.timestamp,
        miner=principal_text(miner),
        state_root=header.state_root,
        l1_height=L1Height(l1_tip.height),
        l1_hash=hash_hex(l1_tip.hash),
        l1_time=TimestampS(l1_block.time),
        transactions=tuple(
            IndexedTransaction(t.raw, r)
            for t, r in zip(executed.transactions, executed.receipts, strict=True)
        ),
        parent_block_hash=Hash32(parent.block_hash),
        miner_txid=hash_hex(winner.txid),
        credits=tuple(
            Credit.of_mint(event) for event in executed.matured if isinstance(event, MintEvent)
        ),
    )
