"""Who may write the next block, and how a tenure begins.

The newest sortition with a winner makes the current tenure; its winner writes blocks until the next
one. The first block of a tenure opens with a tenure change and a coinbase, both signed by the
miner; the coinbase carries the VRF proof that the winner owes, over the sortition hash of the
tenure, and names who is rewarded.

After a reorganisation of layer 1 another tenure may be current. Blocks stay where they are: the new
tenure simply begins on top of them, and the coinbase of an epoch is paid once.
"""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from btczs.codec.clarity.values import Principal, StandardPrincipal
from btczs.consensus.pox.view import Sortition, Winner, get_last_sortition, get_tenure
from btczs.crypto.errors import InvalidProof
from btczs.crypto.hashes import hash160, sha512_256
from btczs.crypto.vrf import vrf_verify
from btczs.ledger.blocks import BlockHeader, recover_miner
from btczs.ledger.blocks.header import ONE_SLOT_PAID
from btczs.ledger.emission import compute_accrued
from btczs.ledger.supply import get_supply
from btczs.ledger.transactions import Authenticated
from btczs.ledger.transactions.payloads import (
    CAUSE_BLOCK_FOUND,
    NakamotoCoinbase,
    TenureChange,
)
from btczs.networks import Network
from btczs.primitives import BaseUnits, EpochNumber, Hash20, Hash32, InvalidInput
from btczs.store.kv import Reader
from btczs.store.overlay import Overlay

PAID_EPOCH_KEY = b"pox/paid"
"""Highest epoch whose coinbase has been paid (u64)."""


class InvalidBlock(InvalidInput):
    """A block that breaks a rule of the chain. Field: `reason`."""

    code: ClassVar[str] = "invalid_block"

    def __init__(self, reason: str) -> None:
        super().__init__(f"block refused: {reason}")
        self.reason = reason


class Parent(msgspec.Struct, frozen=True):
    """The block that the next one builds on."""

    height: int
    block_id: Hash32
    consensus_hash: Hash20
    timestamp: int
    tenure_blocks: int


class TenureOpening(msgspec.Struct, frozen=True):
    """What the first block of a tenure brings."""

    recipient: Principal
    coinbase: BaseUnits
    seed: Hash32
    """Seed that the next commits must name."""


def compute_seed(proof: bytes) -> Hash32:
    """VRF seed: SHA-512/256 of the proof."""
    return sha512_256(proof)


def get_elected(state: Reader, network: Network) -> tuple[Sortition, Winner]:
    """The current tenure's sortition and its winner. Raises `InvalidBlock` if nobody is elected."""
    tenure = get_tenure(state, network.pox)
    if tenure is None or tenure.winner is None:
        raise InvalidBlock("no miner has been elected yet")
    return tenure, tenure.winner


def verify_header(
    state: Reader, network: Network, parent: Parent, header: BlockHeader
) -> tuple[Sortition, Winner]:
    """Checks everything in a header that needs no execution. Raises `InvalidBlock`.

    DEVIATION: a block may have the same second as its parent (the reference wants a later one), so
    that a busy tenure can make more than one block per second.
    """
    tenure, winner = get_elected(state, network)
    if header.version != 0:
        raise InvalidBlock(f"version {header.version} is not known")
    if header.chain_length != parent.height + 1:
        raise InvalidBlock(f"height {header.chain_length} does not follow {parent.height}")
    if header.parent_block_id != parent.block_id:
        raise InvalidBlock("it does not build on the newest block")
    if header.consensus_hash != tenure.consensus_hash:
        raise InvalidBlock("it belongs to a tenure that is not the current one")
    if header.burn_spent != tenure.total_burn:
        raise InvalidBlock("burn_spent is not what was committed up to its sortition")
    if header.timestamp < parent.timestamp:
        raise InvalidBlock("its time is before its parent's")
    if header.signer_signatures:
        raise InvalidBlock("signer signatures travel in certificates")
    if header.pox_treatment != ONE_SLOT_PAID:
        raise InvalidBlock("PoX treatment is not in use")
    if hash160(recover_miner(header)) != winner.signing_key_hash:
        raise InvalidBlock("it is not signed by the elected miner")
    return tenure, winner


def is_tenure_start(parent: Parent, tenure: Sortition) -> bool:
    return parent.consensus_hash != tenure.consensus_hash


def verify_tenure_start(
    state: Reader,
    network: Network,
    parent: Parent,
    tenure: Sortition,
    winner: Winner,
    transactions: Sequence[Authenticated],
) -> TenureOpening:
    """Checks the first two transactions of a tenure. Raises `InvalidBlock`."""
    if len(transactions) < 2:
        raise InvalidBlock("a tenure begins with a tenure change and a coinbase")
    change, coinbase = (t.tx.payload for t in transactions[:2])
    if change != expect_tenure_change(state, network, parent, tenure, winner):
        raise InvalidBlock("the first transaction is not the tenure change that is due")
    if not isinstance(coinbase, NakamotoCoinbase):
        raise InvalidBlock("the second transaction is not a coinbase")
    miner = StandardPrincipal(network.address_version_single, Hash20(winner.signing_key_hash))
    for transaction in transactions[:2]:
        if transaction.origin != miner or transaction.is_sponsored or transaction.fee != 0:
            raise InvalidBlock("tenure change and coinbase are signed by the miner, without a fee")
    try:
        vrf_verify(winner.vrf_public_key, tenure.sortition_hash, coinbase.vrf_proof)
    except InvalidProof as error:
        raise InvalidBlock("the VRF proof does not prove this sortition") from error
    return TenureOpening(
        coinbase.recipient or miner,
        compute_tenure_coinbase(state, network, tenure),
        compute_seed(coinbase.vrf_proof),
    )


def expect_tenure_change(
    state: Reader, network: Network, parent: Parent, tenure: Sortition, winner: Winner
) -> TenureChange:
    """The tenure change that must open the tenure on `parent`."""
    last = get_last_sortition(state, network.pox)
    assert last is not None
    return TenureChange(
        consensus_hash=Hash20(tenure.consensus_hash),
        prev_consensus_hash=parent.consensus_hash,
        burn_view=Hash20(last.consensus_hash),
        prev_block_id=parent.block_id,
        prev_blocks=parent.tenure_blocks,
        cause=CAUSE_BLOCK_FOUND,
        pubkey_hash=Hash20(winner.signing_key_hash),
    )


def verify_no_tenure_start(transactions: Sequence[Authenticated]) -> None:
    """Raises `InvalidBlock` if one of the transactions belongs at a tenure's beginning only."""
    for transaction in transactions:
        if isinstance(transaction.tx.payload, TenureChange | NakamotoCoinbase):
            raise InvalidBlock("a tenure change or coinbase stands where no tenure begins")


def get_paid_epoch(state: Reader) -> int:
    """Highest epoch whose coinbase has been paid; -1 if none."""
    raw = state.get(PAID_EPOCH_KEY)
    return -1 if raw is None else int.from_bytes(raw, "big")


def compute_tenure_coinbase(state: Reader, network: Network, tenure: Sortition) -> BaseUnits:
    """Coinbase of the tenure, with that of the epochs before it that had no winner.

    0 if this epoch was paid before: the tenure was re-elected after a reorganisation.
    """
    first = EpochNumber(get_paid_epoch(state) + 1)
    issued = get_supply(state).issued
    return compute_accrued(first, EpochNumber(tenure.epoch), issued, network.token)


def record_paid_epoch(state: Overlay, tenure: Sortition) -> None:
    """Remembers that epochs up to this tenure's are paid."""
    if tenure.epoch > get_paid_epoch(state):
        state.put(PAID_EPOCH_KEY, tenure.epoch.to_bytes(8, "big"))
