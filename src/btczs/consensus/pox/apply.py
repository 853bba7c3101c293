"""What an `L1Update` does to the state: rewind, then take block after block, then hold sortitions."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from btczs.consensus.pox.commits import BlockIndex, accept_operation
from btczs.consensus.pox.epochs import get_epoch, is_epoch_end, is_prepare_phase
from btczs.consensus.pox.l1_update import L1BlockFacts, L1Update
from btczs.consensus.pox.operations import BlockCommit, InvalidOperation, KeyRegister, Pointer
from btczs.consensus.pox.sortition import (
    MISSED_COMMIT_VALUE,
    Candidate,
    choose_winner,
    compute_consensus_hash,
    compute_operations_hash,
    mix_sortition_hash,
)
from btczs.consensus.pox.view import (
    INITIAL_HASH,
    REWARD_SET_KEY,
    TIP_KEY,
    AcceptedOperation,
    L1Block,
    L1Tip,
    Sortition,
    Winner,
    block_key,
    encode_record,
    get_l1_block,
    get_l1_tip,
    get_operation,
    get_operations,
    get_sortition,
    is_linked,
    operation_key,
    previous_consensus_hashes,
    sortition_key,
)
from btczs.l1.params import L1Params
from btczs.l1.wire import decode_header, decode_transaction
from btczs.networks import Network
from btczs.primitives import DecodeError, EpochNumber, Hash20, Hash32, InvalidInput, L1Height
from btczs.store.overlay import Overlay

LinkedOperation = tuple[Pointer, AcceptedOperation]


class InvalidL1Update(InvalidInput):
    """The update does not continue the layer-1 view. Field: `reason`."""

    code: ClassVar[str] = "invalid_l1_update"

    def __init__(self, reason: str) -> None:
        super().__init__(f"layer-1 update refused: {reason}")
        self.reason = reason


class RefusedOperation(msgspec.Struct, frozen=True):
    """An operation with our magic that does not count, and why."""

    pointer: Pointer
    txid: bytes
    reason: str


class L1Outcome(msgspec.Struct, frozen=True):
    """What an update has brought, for events and logs."""

    rewound: int
    """Number of layer-1 blocks taken back."""
    sortitions: tuple[Sortition, ...]
    refused: tuple[RefusedOperation, ...]


def initialise_l1_view(
    state: Overlay, height: L1Height, block_hash: Hash32, reward_set: Sequence[bytes]
) -> None:
    """Writes the anchor: the layer-1 block on which layer 2 begins."""
    state.put(TIP_KEY, encode_record(L1Tip(height, block_hash)))
    state.put(block_key(height), encode_record(L1Block(block_hash, 0, INITIAL_HASH)))
    if reward_set:
        state.put(REWARD_SET_KEY, encode_record(tuple(reward_set)))


def apply_l1_update(
    state: Overlay, network: Network, params: L1Params, index: BlockIndex, update: L1Update
) -> L1Outcome:
    """Applies the update. Raises `InvalidL1Update`; `state` may then be half changed: discard it."""
    rewound = _rewind(state, network, update)
    sortitions: list[Sortition] = []
    refused: list[RefusedOperation] = []
    height, tip_hash = update.fork_height, update.fork_hash
    for facts in update.blocks:
        height = L1Height(height + 1)
        tip_hash = _apply_block(state, network, params, index, height, tip_hash, facts, refused)
        epoch = get_epoch(height, network.pox)
        if epoch >= 0 and is_epoch_end(height, epoch, network.pox):
            sortitions.append(_hold_sortition(state, network, epoch, height))
    state.put(TIP_KEY, encode_record(L1Tip(height, tip_hash)))
    return L1Outcome(rewound, tuple(sortitions), tuple(refused))


def _rewind(state: Overlay, network: Network, update: L1Update) -> int:
    tip = get_l1_tip(state)
    depth = tip.height - update.fork_height
    if depth < 0:
        raise InvalidL1Update(f"it starts at height {update.fork_height}, above our {tip.height}")
    if depth > network.pox.l1_undo_blocks:
        raise InvalidL1Update(f"a reorganisation of {depth} blocks is too deep to follow")
    known = get_l1_block(state, update.fork_height)
    if known is None or known.hash != update.fork_hash:
        raise InvalidL1Update("its fork point is not a block that we know")
    if not update.blocks and depth == 0:
        raise InvalidL1Update("it changes nothing")
    for height in range(update.fork_height + 1, tip.height + 1):
        state.delete(block_key(height))
        epoch = get_epoch(L1Height(height), network.pox)
        if epoch >= 0 and is_epoch_end(L1Height(height), epoch, network.pox):
            state.delete(sortition_key(epoch))
    for pointer, _ in get_operations(state, update.fork_height + 1, tip.height):
        state.delete(operation_key(pointer))
    return depth


def _apply_block(
    state: Overlay,
    network: Network,
    params: L1Params,
    index: BlockIndex,
    height: L1Height,
    parent_hash: Hash32,
    facts: L1BlockFacts,
    refused: list[RefusedOperation],
) -> Hash32:
    try:
        header = decode_header(params, facts.header)
    except DecodeError as error:
        raise InvalidL1Update(f"the header at height {height} is malformed: {error}") from error
    if header.prev != parent_hash:
        raise InvalidL1Update(f"the header at height {height} does not follow the one before")
    before = get_l1_block(state, height - 1)
    mixed = INITIAL_HASH if before is None else Hash32(before.sortition_hash)
    if height >= network.pox.first_l1_height:
        mixed = mix_sortition_hash(mixed, header.hash)
        _apply_operations(state, network, params, index, height, facts, refused)
    state.put(block_key(height), encode_record(L1Block(header.hash, header.time, mixed)))
    return header.hash


def _apply_operations(
    state: Overlay,
    network: Network,
    params: L1Params,
    index: BlockIndex,
    height: L1Height,
    facts: L1BlockFacts,
    refused: list[RefusedOperation],
) -> None:
    last = -1
    for place, raw in facts.operations:
        if place <= last or place >= 2**16:
            raise InvalidL1Update("operations are out of order")
        last = place
        try:
            tx = decode_transaction(params, raw)
        except DecodeError as error:
            raise InvalidL1Update(f"an operation is not a transaction: {error}") from error
        pointer = Pointer(height, place)
        try:
            accepted = accept_operation(state, network, index, pointer, tx)
        except InvalidOperation as error:
            refused.append(RefusedOperation(pointer, tx.txid, error.reason))
            continue
        state.put(operation_key(pointer), encode_record(accepted))


def _hold_sortition(
    state: Overlay, network: Network, epoch: EpochNumber, height: L1Height
) -> Sortition:
    pox = network.pox
    block = get_l1_block(state, height)
    assert block is not None
    first = height - pox.l1_blocks_per_epoch + 1
    operations = get_operations(state, first, height)
    commits = [(p, op) for p, op in operations if _is_candidate(op, epoch)]
    window = 1 if is_prepare_phase(epoch, pox) else pox.commit_window_epochs
    candidates = _collect_candidates(state, network, epoch, height, commits, window)
    before = get_sortition(state, epoch - 1)
    last_seed = INITIAL_HASH if before is None else Hash32(before.seed)
    won = None
    if candidates:
        frequency_min = min(pox.commit_frequency_min, window)
        won = choose_winner(candidates, Hash32(block.sortition_hash), last_seed, frequency_min)
    winner = None if won is None else _make_winner(state, *commits[won.index])
    operations_hash = compute_operations_hash([Hash32(op.txid) for _, op in operations])
    burn = sum(op.amount for _, op in commits)
    total_burn = burn + (0 if before is None else before.total_burn)
    consensus_hash = compute_consensus_hash(
        Hash32(block.hash), operations_hash, total_burn, previous_consensus_hashes(state, epoch)
    )
    seed: bytes = last_seed
    if won is not None:
        commit = commits[won.index][1].operation
        assert isinstance(commit, BlockCommit)
        seed = commit.seed
    tenure_epoch = epoch if winner else (-1 if before is None else before.tenure_epoch)
    anchored_height = max(
        0 if before is None else before.anchored_height,
        0 if winner is None else winner.anchored_height,
    )
    sortition = Sortition(
        epoch,
        height,
        block.hash,
        block.time,
        block.sortition_hash,
        operations_hash,
        Hash20(consensus_hash),
        total_burn,
        len(commits),
        winner,
        seed,
        tenure_epoch,
        anchored_height,
    )
    state.put(sortition_key(epoch), encode_record(sortition))
    return sortition


def _is_candidate(op: AcceptedOperation, epoch: int) -> bool:
    return isinstance(op.operation, BlockCommit) and not op.missed and op.epoch == epoch


def _make_winner(state: Overlay, pointer: Pointer, commit: AcceptedOperation) -> Winner:
    assert isinstance(commit.operation, BlockCommit)
    key = get_operation(state, commit.operation.key)
    assert key is not None
    assert isinstance(key.operation, KeyRegister)
    return Winner(
        pointer,
        commit.txid,
        commit.amount,
        key.operation.signing_key_hash,
        key.operation.vrf_public_key,
        commit.anchored_height,
    )


def _collect_candidates(
    state: Overlay,
    network: Network,
    epoch: int,
    height: int,
    commits: Sequence[LinkedOperation],
    window: int,
) -> list[Candidate]:
    """Each commit with the amounts of its linked commits over the window, newest first."""
    pox = network.pox
    oldest = max(pox.first_l1_height, height - window * pox.l1_blocks_per_epoch + 1)
    by_epoch: dict[int, list[AcceptedOperation]] = {}
    for _, op in get_operations(state, oldest, height):
        if isinstance(op.operation, BlockCommit):
            by_epoch.setdefault(op.epoch, []).append(op)
    candidates = []
    for place, (_, commit) in enumerate(commits):
        amounts, frequency, newest = [commit.amount], 1, commit
        for back in range(1, window):
            linked = next(
                (op for op in by_epoch.get(epoch - back, ()) if is_linked(newest, op)), None
            )
            if linked is None:
                amounts.append(MISSED_COMMIT_VALUE)
                continue
            amounts.append(MISSED_COMMIT_VALUE if linked.missed else linked.amount)
            frequency += 1
            newest = linked
        candidates.append(Candidate(place, tuple(amounts), frequency))
    return candidates
