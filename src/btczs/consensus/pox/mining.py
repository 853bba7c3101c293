"""What a miner should write on layer 1 next. Pure: looks at the state, returns an operation.

First a key register, once. Then one commit in every epoch, which names the newest layer-2 block and
spends the change of the miner's commit before.
"""

import msgspec

from btczs.consensus.pox.commits import BlockRef
from btczs.consensus.pox.epochs import get_commit_modulus, get_epoch, get_epoch_start
from btczs.consensus.pox.operations import (
    COMMIT_MEMO,
    GENESIS_POINTER,
    BlockCommit,
    KeyRegister,
    Operation,
    Payout,
    Pointer,
)
from btczs.consensus.pox.view import (
    AcceptedOperation,
    get_l1_tip,
    get_operation,
    get_operations,
    get_payout_scripts,
    get_tenure,
)
from btczs.networks import Network
from btczs.primitives import EpochNumber, Hash32, L1Height
from btczs.store.kv import Reader


class MinerKeys(msgspec.Struct, frozen=True):
    """The public half of a miner."""

    vrf_public_key: bytes
    signing_key_hash: bytes


class Plan(msgspec.Struct, frozen=True):
    """An operation to broadcast now, so that it lands in `epoch`."""

    operation: Operation
    payouts: tuple[Payout, ...]
    epoch: EpochNumber
    linked: AcceptedOperation | None
    """The miner's newest commit on layer 1, whose change should be input 0."""


def find_key(state: Reader, network: Network, keys: MinerKeys) -> Pointer | None:
    """Where the miner's key is registered. Scans every accepted operation: keep the answer."""
    tip = get_l1_tip(state).height
    for pointer, accepted in get_operations(state, network.pox.first_l1_height, tip):
        if _is_own_key(accepted, keys):
            return pointer
    return None


def is_key_at(state: Reader, keys: MinerKeys, pointer: Pointer | None) -> bool:
    """Whether `pointer`, found earlier, still holds the miner's key (a reorganisation moves it)."""
    accepted = None if pointer is None else get_operation(state, pointer)
    return accepted is not None and _is_own_key(accepted, keys)


def _is_own_key(accepted: AcceptedOperation, keys: MinerKeys) -> bool:
    operation = accepted.operation
    return (
        isinstance(operation, KeyRegister)
        and operation.vrf_public_key == keys.vrf_public_key
        and operation.signing_key_hash == keys.signing_key_hash
    )


def plan_key_register(keys: MinerKeys) -> KeyRegister:
    return KeyRegister(keys.vrf_public_key, keys.signing_key_hash)


def plan_commit(
    state: Reader,
    network: Network,
    key: Pointer,
    tip_block_id: Hash32,
    tip_ref: BlockRef,
    amount: int,
) -> Plan | None:
    """The commit for the epoch of the next layer-1 block, or None if one of ours is there already.

    `amount` is the whole payment in zat; it is divided equally among the payouts.
    """
    pox = network.pox
    tip = get_l1_tip(state)
    height = L1Height(tip.height + 1)
    epoch = get_epoch(height, pox)
    if epoch < 0 or key.height >= height:
        return None
    own = _own_commits(state, network, key, epoch, tip.height)
    if any(op.epoch == epoch for op in own):
        return None
    scripts = get_payout_scripts(state, epoch, pox)
    payouts = tuple(Payout(script, amount // len(scripts)) for script in scripts)
    tenure = get_tenure(state, pox)
    parent = GENESIS_POINTER if tenure is None or tenure.winner is None else tenure.winner.pointer
    commit = BlockCommit(
        tip_block_id,
        tip_ref.seed,
        parent,
        key,
        COMMIT_MEMO,
        get_commit_modulus(epoch, pox),
    )
    return Plan(commit, payouts, epoch, own[-1] if own else None)


def _own_commits(
    state: Reader, network: Network, key: Pointer, epoch: EpochNumber, tip_height: int
) -> list[AcceptedOperation]:
    """The miner's commits within the window, oldest first."""
    window = network.pox.commit_window_epochs
    first = max(
        network.pox.first_l1_height,
        get_epoch_start(EpochNumber(max(0, epoch - window)), network.pox),
    )
    return [
        op
        for _, op in get_operations(state, first, tip_height)
        if isinstance(op.operation, BlockCommit) and op.operation.key == key
    ]
