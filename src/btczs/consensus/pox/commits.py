"""Which operations count: a key register nearly always, a commit if it fits the chain.

A commit must be meant for this epoch (or the one before: then it is *missed*, and only keeps the
miner's chain of commits alive), use a registered key, name the winning commit before it, name a
layer-2 block that exists together with the seed of its tenure, and pay the right addresses.

DEVIATION: the source counts late commits by layer-1 blocks; here the unit is the epoch.
"""

from typing import Protocol

import msgspec

from btczs.consensus.pox.epochs import get_commit_modulus, get_epoch
from btczs.consensus.pox.operations import (
    GENESIS_POINTER,
    BlockCommit,
    InvalidOperation,
    KeyRegister,
    Pointer,
    get_payouts,
    parse_operation,
    verify_payouts,
)
from btczs.consensus.pox.view import (
    AcceptedOperation,
    get_operation,
    get_payout_scripts,
    get_sortition,
)
from btczs.l1.wire import Tx
from btczs.networks import Network
from btczs.primitives import EpochNumber, L1Height
from btczs.store.kv import Reader


class BlockRef(msgspec.Struct, frozen=True, array_like=True):
    """What a commit needs to know of the layer-2 block that it names."""

    height: int
    seed: bytes
    """SHA-512/256 of the VRF proof in the block's tenure; zeros for the genesis."""


class BlockIndex(Protocol):
    """Finds layer-2 blocks by id."""

    def get_block_ref(self, block_id: bytes) -> BlockRef | None: ...


def accept_operation(
    state: Reader, network: Network, index: BlockIndex, pointer: Pointer, tx: Tx
) -> AcceptedOperation:
    """The operation of `tx`, which stands at `pointer`, if it counts.

    `state` is the view before the block of `pointer`. Raises `InvalidOperation`.
    """
    operation = parse_operation(network.pox.magic, tx)
    epoch = get_epoch(L1Height(pointer.height), network.pox)
    spent = tx.inputs[0]
    if isinstance(operation, KeyRegister):
        return AcceptedOperation(
            tx.txid, spent.prev_txid, spent.prev_index, operation, 0, 0, epoch, False, 0
        )
    return _accept_commit(state, network, index, pointer, tx, operation, epoch)


def _accept_commit(
    state: Reader,
    network: Network,
    index: BlockIndex,
    pointer: Pointer,
    tx: Tx,
    commit: BlockCommit,
    epoch: EpochNumber,
) -> AcceptedOperation:
    missed = commit.modulus != get_commit_modulus(epoch, network.pox)
    if missed:
        epoch = EpochNumber(epoch - 1)
        if epoch < 0 or commit.modulus != get_commit_modulus(epoch, network.pox):
            raise InvalidOperation("the commit was meant for another epoch")
    _verify_key(state, pointer, commit)
    _verify_parent(state, network, commit, epoch)
    block = index.get_block_ref(commit.block_id)
    if block is None:
        raise InvalidOperation("the commit names a layer-2 block that does not exist")
    if block.seed != commit.seed:
        raise InvalidOperation("the seed is not that of the named block's tenure")
    scripts = get_payout_scripts(state, epoch, network.pox)
    payouts = get_payouts(tx, len(scripts))
    amount = verify_payouts(payouts, scripts)
    spent = tx.inputs[0]
    return AcceptedOperation(
        tx.txid,
        spent.prev_txid,
        spent.prev_index,
        commit,
        amount,
        len(payouts),
        epoch,
        missed,
        block.height,
    )


def _verify_key(state: Reader, pointer: Pointer, commit: BlockCommit) -> None:
    key = get_operation(state, commit.key)
    if key is None or not isinstance(key.operation, KeyRegister):
        raise InvalidOperation("the commit's key is not registered")
    if commit.key.height >= pointer.height:
        raise InvalidOperation("the commit's key must be registered in an earlier block")
    if len(key.operation.signing_key_hash) != 20:
        raise InvalidOperation("the registered key names no block-signing key")


def _verify_parent(state: Reader, network: Network, commit: BlockCommit, epoch: int) -> None:
    if commit.parent == GENESIS_POINTER:
        return
    parent_epoch = get_epoch(L1Height(commit.parent.height), network.pox)
    parent = get_sortition(state, parent_epoch)
    if (
        parent_epoch >= epoch
        or parent is None
        or parent.winner is None
        or parent.winner.pointer != commit.parent
    ):
        raise InvalidOperation("the parent is not a winning commit of an earlier epoch")
