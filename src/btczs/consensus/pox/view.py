"""Layer 1 as layer 2 sees it: records in the authenticated state, and how to read them.

Everything is keyed by layer-1 height, so a rewind is the deletion of what stands above the fork
point; no other undo is needed.

| key | record |
|---|---|
| `l1/tip` | `L1Tip` |
| `l1/blk/` height u64 | `L1Block` |
| `l1/op/` height u64, index u32 | `AcceptedOperation` |
| `l1/ep/` epoch u64 | `Sortition` |
| `pox/rewards` | scripts of the reward set |
"""

import msgspec

from btczs.consensus.pox.epochs import is_prepare_phase
from btczs.consensus.pox.operations import (
    BURN_SCRIPT,
    BlockCommit,
    Operation,
    Pointer,
    change_index,
)
from btczs.consensus.pox.sortition import choose_reward_recipients
from btczs.networks import Network, Pox
from btczs.primitives import EpochNumber, Hash20, Hash32
from btczs.store.kv import Reader

TIP_KEY = b"l1/tip"
BLOCK_PREFIX = b"l1/blk/"
OPERATION_PREFIX = b"l1/op/"
SORTITION_PREFIX = b"l1/ep/"
REWARD_SET_KEY = b"pox/rewards"
INITIAL_HASH = Hash32(bytes(32))
"""Sortition hash and seed before the first epoch."""


class L1Tip(msgspec.Struct, frozen=True, array_like=True):
    height: int
    hash: bytes


class L1Block(msgspec.Struct, frozen=True, array_like=True):
    hash: bytes
    time: int
    sortition_hash: bytes
    """Mixed up to and including this block."""


class AcceptedOperation(msgspec.Struct, frozen=True, array_like=True):
    """An operation that counts. A commit that came one epoch late is `missed`."""

    txid: bytes
    spent_txid: bytes
    """Output that input 0 spends: links a commit to the one before."""
    spent_index: int
    operation: Operation
    amount: int
    """Zat paid by a commit; 0 for a key."""
    payout_count: int
    epoch: int
    """The epoch that it was meant for."""
    missed: bool
    anchored_height: int
    """Height of the layer-2 block that a commit names."""


class Winner(msgspec.Struct, frozen=True, array_like=True):
    """The commit that won, and the keys of its miner."""

    pointer: Pointer
    txid: bytes
    amount: int
    signing_key_hash: bytes
    vrf_public_key: bytes
    anchored_height: int


class Sortition(msgspec.Struct, frozen=True, array_like=True):
    """Outcome of one epoch."""

    epoch: int
    l1_height: int
    l1_hash: bytes
    l1_time: int
    sortition_hash: bytes
    operations_hash: bytes
    consensus_hash: bytes
    total_burn: int
    """Zat committed since the first epoch."""
    commits: int
    winner: Winner | None
    seed: bytes
    """VRF seed of the last winner, this epoch included."""
    tenure_epoch: int
    """Epoch of the last winner, this epoch included; -1 if there was none yet."""
    anchored_height: int
    """Highest layer-2 block that a winning commit has named, this epoch included."""


_decode_tip = msgspec.msgpack.Decoder(L1Tip).decode
_decode_block = msgspec.msgpack.Decoder(L1Block).decode
_decode_operation = msgspec.msgpack.Decoder(AcceptedOperation).decode
_decode_sortition = msgspec.msgpack.Decoder(Sortition).decode
_decode_scripts = msgspec.msgpack.Decoder(tuple[bytes, ...]).decode
encode_record = msgspec.msgpack.Encoder().encode


def block_key(height: int) -> bytes:
    return BLOCK_PREFIX + height.to_bytes(8, "big")


def operation_key(pointer: Pointer) -> bytes:
    return OPERATION_PREFIX + pointer.height.to_bytes(8, "big") + pointer.index.to_bytes(4, "big")


def sortition_key(epoch: int) -> bytes:
    return SORTITION_PREFIX + epoch.to_bytes(8, "big")


def get_l1_tip(state: Reader) -> L1Tip:
    """The newest layer-1 block that the state knows. The genesis wrote the first one."""
    raw = state.get(TIP_KEY)
    assert raw is not None, "the genesis writes the layer-1 anchor"
    return _decode_tip(raw)


def get_l1_block(state: Reader, height: int) -> L1Block | None:
    raw = state.get(block_key(height))
    return None if raw is None else _decode_block(raw)


def get_operation(state: Reader, pointer: Pointer) -> AcceptedOperation | None:
    if pointer.height >= 2**63:
        return None
    raw = state.get(operation_key(pointer))
    return None if raw is None else _decode_operation(raw)


def get_operations(state: Reader, first: int, last: int) -> list[tuple[Pointer, AcceptedOperation]]:
    """Accepted operations of the layer-1 heights `first` to `last`, in their order."""
    start, stop = operation_key(Pointer(first, 0)), operation_key(Pointer(last + 1, 0))
    found = []
    for key, raw in state.scan(start, stop):
        place = key[len(OPERATION_PREFIX) :]
        pointer = Pointer(int.from_bytes(place[:8], "big"), int.from_bytes(place[8:], "big"))
        found.append((pointer, _decode_operation(raw)))
    return found


def get_sortition(state: Reader, epoch: int) -> Sortition | None:
    if epoch < 0:
        return None
    raw = state.get(sortition_key(epoch))
    return None if raw is None else _decode_sortition(raw)


def get_last_sortition(state: Reader, pox: Pox) -> Sortition | None:
    """The newest epoch that has ended."""
    tip = get_l1_tip(state)
    epoch = (tip.height - pox.first_l1_height + 1) // pox.l1_blocks_per_epoch - 1
    return get_sortition(state, epoch)


def get_tenure(state: Reader, pox: Pox) -> Sortition | None:
    """The sortition whose winner may write blocks now: the newest that had one."""
    last = get_last_sortition(state, pox)
    return None if last is None else get_sortition(state, last.tenure_epoch)


def get_reward_set(state: Reader) -> tuple[bytes, ...]:
    raw = state.get(REWARD_SET_KEY)
    return () if raw is None else _decode_scripts(raw)


def get_payout_scripts(state: Reader, epoch: EpochNumber, pox: Pox) -> tuple[bytes, ...]:
    """The scripts that a commit of `epoch` must pay: two of the reward set, or the burn address."""
    reward_set = get_reward_set(state)
    if not reward_set or is_prepare_phase(epoch, pox):
        return (BURN_SCRIPT,)
    before = get_sortition(state, epoch - 1)
    mixed = INITIAL_HASH if before is None else Hash32(before.sortition_hash)
    chosen = [reward_set[i] for i in choose_reward_recipients(mixed, len(reward_set))]
    return tuple(chosen + [BURN_SCRIPT] * (2 - len(chosen)))


def get_anchored_height(state: Reader, network: Network, confirmations: int) -> int:
    """Highest layer-2 block named by a winning commit with so many layer-1 confirmations.

    0, the genesis, if there is none. A block with 1 confirmation is in the newest layer-1 block.
    """
    pox = network.pox
    deepest = get_l1_tip(state).height - confirmations + 1
    last = get_last_sortition(state, pox)
    if last is None:
        return 0
    epoch = min(last.epoch, (deepest - pox.first_l1_height) // pox.l1_blocks_per_epoch)
    newest = get_sortition(state, epoch)
    if newest is None:
        return 0
    if newest.winner is None or newest.winner.pointer.height <= deepest:
        return newest.anchored_height
    before = get_sortition(state, epoch - 1)
    return 0 if before is None else before.anchored_height


def previous_consensus_hashes(state: Reader, epoch: int) -> list[Hash20]:
    """Consensus hashes 1, 2, 4, 8, ... epochs before `epoch`, as far as there are any."""
    hashes, step = [], 1
    while epoch - step >= 0:
        record = get_sortition(state, epoch - step)
        assert record is not None, "epochs before the tip have a record"
        hashes.append(Hash20(record.consensus_hash))
        step *= 2
    return hashes


def is_linked(spender: AcceptedOperation, earlier: AcceptedOperation) -> bool:
    """Whether input 0 of `spender` spends the change of the commit `earlier`."""
    return (
        isinstance(earlier.operation, BlockCommit)
        and spender.spent_txid == earlier.txid
        and spender.spent_index == change_index(earlier.payout_count)
    )
