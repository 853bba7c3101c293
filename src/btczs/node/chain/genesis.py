"""The first state and the first block, from a genesis document."""

from btczs.consensus.pox.apply import initialise_l1_view
from btczs.consensus.pox.commits import BlockRef
from btczs.finality.signatures import Signer, SignerSet, make_signer_set
from btczs.indexer.records import Credit, IndexRecord, encode_record
from btczs.l1.address import address_script, decode_l1_address
from btczs.l1.params import L1Params
from btczs.ledger.blocks import Block, BlockHeader, block_hash, block_id, encode_block
from btczs.ledger.genesis import Genesis, InvalidGenesis, apply_genesis
from btczs.networks import Network
from btczs.node.chain.signers import SIGNERS_KEY, encode_signer_set
from btczs.node.chain.tables import (
    TIP_KEY,
    ChainTip,
    block_id_key,
    block_key,
    encode_row,
    outbox_key,
)
from btczs.primitives import ChainHeight, Hash20, Hash32, TenureHeight, TimestampS
from btczs.primitives.units import hash_hex
from btczs.store import Overlay, StateStore

NO_HASH = bytes(32)


def make_genesis_signers(genesis: Genesis, network: Network) -> SignerSet:
    signers = tuple(Signer(s.key, s.weight, s.name) for s in genesis.signers)
    return make_signer_set(signers, network.signers.threshold_permille)


def make_genesis_block(genesis: Genesis, state_root: Hash32) -> Block:
    """The block at height 0: no miner, no transactions, no parent."""
    header = BlockHeader(
        version=0,
        chain_length=ChainHeight(0),
        burn_spent=0,
        consensus_hash=Hash20(bytes(20)),
        parent_block_id=Hash32(NO_HASH),
        tx_merkle_root=Hash32(NO_HASH),
        state_root=state_root,
        timestamp=TimestampS(genesis.timestamp),
        miner_signature=bytes(65),
    )
    return Block(header, ())


def initialise_chain(
    store: StateStore, network: Network, params: L1Params, genesis: Genesis
) -> ChainTip:
    """Writes version 0 of an empty store: the genesis state and block. Returns the tip.

    Raises `InvalidGenesis`.
    """
    overlay = Overlay(store)
    apply_genesis(overlay, genesis)
    rewards = [address_script(decode_l1_address(params, a)) for a in genesis.reward_addresses]
    if genesis.l1_anchor is None:
        raise InvalidGenesis("l1_anchor", "a chain begins on a layer-1 block: name it")
    anchor_height, anchor_hash = genesis.l1_anchor.height, genesis.l1_anchor.block_hash
    initialise_l1_view(overlay, anchor_height, anchor_hash, rewards)
    overlay.put(SIGNERS_KEY, encode_signer_set(make_genesis_signers(genesis, network)))
    prepared = store.prepare(overlay.changes())
    block = make_genesis_block(genesis, prepared.root)
    tip = ChainTip(
        height=0,
        block_hash=block_hash(block.header),
        block_id=block_id(block.header),
        consensus_hash=block.header.consensus_hash,
        timestamp=block.header.timestamp,
        tenure_height=0,
        tenure_blocks=1,
        seed=NO_HASH,
        signed_height=0,
    )
    record = IndexRecord(
        height=ChainHeight(0),
        block_id=Hash32(tip.block_id),
        block_hash=Hash32(tip.block_hash),
        parent_block_id=Hash32(NO_HASH),
        consensus_hash=tip.consensus_hash,
        tenure_height=TenureHeight(0),
        is_tenure_start=True,
        timestamp=block.header.timestamp,
        miner="",
        state_root=prepared.root,
        l1_height=anchor_height,
        l1_hash=hash_hex(anchor_hash),
        l1_time=block.header.timestamp,
        transactions=(),
        credits=tuple(Credit(a.principal, a.amount, False) for a in genesis.accounts),
    )
    side = {
        TIP_KEY: encode_row(tip),
        block_id_key(tip.block_id): encode_row(BlockRef(0, tip.seed)),
        block_key(0): encode_block(block),
        outbox_key(0): encode_record(record),
    }
    store.commit(0, prepared, side)
    return tip
