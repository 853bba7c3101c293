"""Miners with good and bad habits, on layer 1: they register, commit, are late, and lose commits."""

from random import Random
from typing import Any

import msgspec

from btczs.consensus.pox.commits import BlockRef
from btczs.consensus.pox.epochs import get_epoch
from btczs.consensus.pox.l1_transactions import (
    Coin,
    FeePolicy,
    InsufficientL1Funds,
    build_operation,
)
from btczs.consensus.pox.mining import (
    MinerKeys,
    Plan,
    find_key,
    is_key_at,
    plan_commit,
    plan_key_register,
)
from btczs.consensus.pox.operations import (
    BlockCommit,
    Operation,
    Payout,
    Pointer,
    change_index,
)
from btczs.node.chain.assembly import MinerSecrets
from btczs.primitives import EpochNumber, Hash32, L1Height
from btczs.sim.process import Process
from btczs.sim.world import World, get_l1_script
from btczs.testing import TransactionRefused

AMOUNT_MIN, AMOUNT_MAX = 2_000, 20_000


class Habits(msgspec.Struct, frozen=True):
    """How often, in thousandths, a miner does something that a good one would not."""

    late: int = 0
    """Its commit reaches layer 1 in the epoch after the one it was meant for."""
    lost: int = 0
    """Its commit never reaches layer 1."""
    broken: int = 0
    """Its commit breaks a rule of its form."""
    withholding: int = 0
    """Elected, it writes no block in the whole tenure."""
    equivocating: int = 0
    """It signs two blocks of the same height and submits both."""


HABITS = (
    Habits(),
    Habits(late=350),
    Habits(lost=250, broken=250),
    Habits(late=100, withholding=300, equivocating=500),
)


class MinerOnL1:
    """What a miner writes on layer 1. Its memory outlives every process of the node."""

    def __init__(self, world: World, place: int, rng: Random) -> None:
        self.secrets: MinerSecrets = world.miners[place]
        self.habits = HABITS[place % len(HABITS)]
        self.keys = MinerKeys(self.secrets.vrf_public_key, self.secrets.signing_key_hash)
        self.late_commits = 0
        self._world = world
        self._rng = rng
        self._script = get_l1_script(self.secrets)
        self._key: Pointer | None = None
        self._key_txid: Hash32 | None = None
        self._planned: set[EpochNumber] = set()
        self._held: tuple[EpochNumber, bytes] | None = None

    def act(self, process: Process) -> None:
        """Writes the operation that is due, in its manner."""
        self._release()
        if not self._find_own_key(process):
            self._register()
            return
        plan = self._plan(process)
        if plan is None or plan.epoch in self._planned:
            return
        self._planned.add(plan.epoch)
        habits, dice = self.habits, self._rng.randrange(1000)
        if dice < habits.broken:
            self._send(self._break(plan.operation), plan.payouts, None)
        elif dice < habits.broken + habits.lost:
            self._build(plan.operation, plan.payouts, _linked(plan))
        elif dice < habits.broken + habits.lost + habits.late:
            raw = self._build(plan.operation, plan.payouts, _linked(plan))
            self._held = None if raw is None else (plan.epoch, raw)
        else:
            self._send(plan.operation, plan.payouts, _linked(plan))

    def _release(self) -> None:
        """Sends the commit that is held back, once its epoch has passed."""
        if self._held is None or self._next_epoch() <= self._held[0]:
            return
        raw, self._held = self._held[1], None
        if self._submit(raw):
            self.late_commits += 1

    def _next_epoch(self) -> EpochNumber:
        return get_epoch(L1Height(self._world.l1.height + 1), self._world.network.pox)

    def _find_own_key(self, process: Process) -> bool:
        if not is_key_at(process.store, self.keys, self._key):
            self._key = find_key(process.store, self._world.network, self.keys)
        return self._key is not None

    def _register(self) -> None:
        if self._key_txid is None or self._key_txid not in self._world.l1.pool:
            raw = self._build(plan_key_register(self.keys), (), None)
            if raw is not None and self._submit(raw):
                self._key_txid = next(reversed(self._world.l1.pool))

    def _plan(self, process: Process) -> Plan | None:
        assert self._key is not None
        chain = process.chain
        ref = chain.tables.get_block_ref(chain.tip.block_id)
        assert isinstance(ref, BlockRef), "the tip is in the index of blocks"
        amount = self._rng.randint(AMOUNT_MIN, AMOUNT_MAX)
        block_id = Hash32(chain.tip.block_id)
        return plan_commit(process.store, self._world.network, self._key, block_id, ref, amount)

    def _break(self, operation: Operation) -> Operation:
        assert isinstance(operation, BlockCommit)
        kinds: list[dict[str, Any]] = [
            {"block_id": bytes(32)},
            {"seed": bytes([7]) * 32},
            {"parent": Pointer(operation.parent.height + 1, 9)},
            {"key": Pointer(operation.key.height, operation.key.index + 1)},
            {"modulus": (operation.modulus + 2) % 5},
        ]
        return msgspec.structs.replace(operation, **self._rng.choice(kinds))

    def _send(
        self,
        operation: Operation,
        payouts: tuple[Payout, ...],
        linked: tuple[Hash32, int] | None,
    ) -> None:
        raw = self._build(operation, payouts, linked)
        if raw is not None:
            self._submit(raw)

    def _submit(self, raw: bytes) -> bool:
        try:
            self._world.l1.submit(raw)
        except TransactionRefused:
            return False  # a reorganisation or another commit took its coins: it is lost
        return True

    def _build(
        self,
        operation: Operation,
        payouts: tuple[Payout, ...],
        linked: tuple[Hash32, int] | None,
    ) -> bytes | None:
        coins = [
            Coin(u.txid, u.index, u.value, u.script)
            for u in self._world.l1.unspent_of(self._script)
        ]
        first = next((c for c in coins if (c.txid, c.index) == linked), None)
        try:
            return build_operation(
                self._world.params,
                self._world.network.pox.magic,
                operation,
                payouts,
                coins,
                first,
                self.secrets.l1_secret,
                L1Height(self._world.l1.height + 1),
                FeePolicy(),
            ).raw
        except InsufficientL1Funds:
            return None


def _linked(plan: Plan) -> tuple[Hash32, int] | None:
    if plan.linked is None:
        return None
    return Hash32(plan.linked.txid), change_index(plan.linked.payout_count)
