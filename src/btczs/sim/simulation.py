"""The simulation: one node, many actors, one source of randomness, and no mercy.

`run` drives real code (chain, engine, mempool, store) over doubles of the world until so many
tenures have begun. Each step lets one actor do one thing; the checker looks after every decision.
"""

from collections import deque
from collections.abc import Callable
from random import Random

from btczs.ledger.rejections import ServerFailureDatabase
from btczs.node.chain.l1_source import is_split
from btczs.primitives import Hash32, Unavailable
from btczs.sim.builders import Builders, expect_refused_proposal, make_whole_update
from btczs.sim.invariants import Checker, InvariantBroken, get_waiting, require
from btczs.sim.layer1 import Layer1
from btczs.sim.miners import MinerOnL1
from btczs.sim.outcome import Outcome, SimulationFailed
from btczs.sim.process import Durable, Journal, Process
from btczs.sim.replay import Replica, check_undo
from btczs.sim.users import Users
from btczs.sim.world import START, World, make_world
from btczs.testing import Crash, Fault, MockClock

STEPS_PER_TENURE_MAX = 200
"""A run that takes longer is stuck: with good luck a tenure takes about 25 steps."""
DECISIONS_MAX = 50
"""More in a row, with nothing new from outside, would never end."""
UNDO_CHECK_STEPS = 150
EVENTS_KEPT = 40
ADDED_L1_BLOCKS_MIN, ADDED_L1_BLOCKS_MAX = 6, 80
"""Layer-1 blocks at the end, to bring home whatever still waits."""


def run(seed: int, tenures: int) -> Outcome:
    """Runs one seed. Raises `SimulationFailed`, whose cause says what is wrong."""
    simulation = Simulation(seed, tenures)
    try:
        return simulation.run()
    except Exception as error:
        failed = SimulationFailed(seed, tenures, simulation.steps, tuple(simulation.events))
        raise failed from error


class Simulation:
    """The state of a run."""

    def __init__(self, seed: int, tenures: int) -> None:
        assert tenures >= 1
        self.seed, self.tenures, self.steps = seed, tenures, 0
        self.events: deque[str] = deque(maxlen=EVENTS_KEPT)
        self.counts: dict[str, int] = {}
        self._rng = Random(seed)
        self._world: World = make_world()
        self._clock = MockClock(START)
        self._durable, self._journal = Durable(), Journal()
        self._users = Users(self._world, self._rng)
        self._miners = [
            MinerOnL1(self._world, place, self._rng) for place in range(len(self._world.miners))
        ]
        self._builders = Builders(self._world, self._miners, self._rng)
        self._layer1 = Layer1(self._world, self._rng)
        self.process = Process(self._world, self._durable, self._journal)
        self.checker = Checker(self._world, self._journal, self._users, self.process)
        self._replica = Replica(self._world)
        self._split_at: int | None = self._rng.randint(tenures // 4, tenures // 2)
        self._deep_at: int | None = self._rng.randint(
            tenures // 2, max(tenures // 2, 3 * tenures // 4)
        )

    def run(self) -> Outcome:
        while self.process.tenure < self.tenures:
            self.steps += 1
            require(self.steps <= STEPS_PER_TENURE_MAX * self.tenures + 500, "the run is stuck")
            self._step()
            if self.steps % UNDO_CHECK_STEPS == 0:
                self._check_history()
        self._finish()
        return self._make_outcome()

    # ---- one step ------------------------------------------------------------------------------

    def _step(self) -> None:
        actions: dict[Callable[[], None], int] = {
            self._act_user: 30,
            self._act_builder: 24,
            self._act_engine: 24,
            self._act_l1_block: 16,
            self._act_reorganisation: 2,
            self._act_fault: 3,
            self._act_restart: 1,
            self._act_signers: 2,
            self._act_attack: 2,
        }
        tenure = self.process.tenure
        if self._split_at is not None and tenure >= self._split_at and self._settle_quietly():
            self._split_and_heal()
        elif self._deep_at is not None and tenure >= self._deep_at and self._settle_quietly():
            self._go_deep()
        self._clock.advance(self._rng.randint(0, 15))
        action = self._rng.choices(list(actions), list(actions.values()))[0]
        self._attempt(action)

    def _attempt(self, action: Callable[[], None]) -> None:
        """One action. The node may die of it, or its disk may fail: both are part of life."""
        self._note(action.__name__.removeprefix("_act_"))
        try:
            action()
        except Crash:
            self._count("crashes")
            self._restart()
        except (Unavailable, ServerFailureDatabase):
            self._count("failed writes")
        self.checker.check(self.process)

    def _act_user(self) -> None:
        self._users.act(self.process, self._clock.now())

    def _act_builder(self) -> None:
        self._builders.act(self.process, self._clock.now())

    def _act_engine(self) -> None:
        self._decide()

    def _act_l1_block(self) -> None:
        for miner in self._miners:
            miner.act(self.process)
        self._layer1.mine()

    def _act_reorganisation(self) -> None:
        self._layer1.reorganise()

    def _act_fault(self) -> None:
        fault = self._rng.choice(list(Fault))
        self.process.kv.arm(fault, self._rng.randint(0, 4))

    def _act_restart(self) -> None:
        """Stops the node in good order and starts it again: nothing that waits is lost."""
        before = set(get_waiting(self.process))
        self._count("restarts")
        self._restart()
        require(set(get_waiting(self.process)) == before, "a restart lost what waits")

    def _act_signers(self) -> None:
        """Some signers fall asleep, others wake up."""
        for signer in self.process.signers:
            signer.is_awake = self._rng.randrange(4) > 0

    def _act_attack(self) -> None:
        self._builders.attack(self.process)

    # ---- the engine ----------------------------------------------------------------------------

    def _decide(self) -> bool:
        """One decision, and the check after it."""
        has_decided = self.process.step(self._clock.now())
        self.checker.check(self.process)
        return has_decided

    def _settle(self) -> None:
        """Decides until there is nothing to decide."""
        for _ in range(DECISIONS_MAX):
            if not self._decide():
                return
        raise InvariantBroken("the engine never comes to rest")

    def _settle_quietly(self) -> bool:
        """As `_settle`. False if the node died or its disk failed meanwhile: try again later."""
        crashes = self.counts.get("crashes", 0) + self.counts.get("failed writes", 0)
        self._attempt(self._settle)
        return crashes == self.counts.get("crashes", 0) + self.counts.get("failed writes", 0)

    def _restart(self) -> None:
        self.process.kv.close()
        self.process = Process(self._world, self._durable, self._journal)

    # ---- rare events ---------------------------------------------------------------------------

    def _go_deep(self) -> None:
        """The deepest reorganisation that is followed."""
        if self._layer1.reorganise_deep():
            self._deep_at = None
            self._note("deep reorganisation")
            if self._settle_quietly():
                self.checker.check_l1_view(self.process)

    def _split_and_heal(self) -> None:
        """A reorganisation that is too deep: reported, not followed; then layer 1 returns."""
        if not self._layer1.split():
            return
        self._split_at = None
        self._note("split")
        for _ in range(12):
            self._check_split()
            action = self._rng.choice([self._act_user, self._act_builder, self._act_l1_block])
            self._attempt(action)
            self._settle_quietly()
        self._check_split()
        self._layer1.heal()
        self._note("healed")
        if self._settle_quietly():
            self.checker.check_l1_view(self.process)

    def _check_split(self) -> None:
        undo_max = self._world.network.pox.l1_undo_blocks
        require(is_split(self.process.store, self._world.l1, undo_max), "the split is not reported")
        deep = make_whole_update(self.process, self._world.l1)
        expect_refused_proposal(self.process, deep, "a split that is followed")

    def _check_history(self) -> None:
        """Replays what was decided, and undoes and redoes the newest of it."""
        self._note("check of the history")
        self._replica.catch_up(self._journal, self.process.store.version)
        self._replica.compare(self.process, self._durable)
        depth = check_undo(self._world, self._durable, self._journal, self._rng)
        self.counts["versions undone and redone"] = (
            self.counts.get("versions undone and redone", 0) + depth
        )

    # ---- the end -------------------------------------------------------------------------------

    def _finish(self) -> None:
        """Good weather: whatever can be mined is mined, and the history is checked as a whole."""
        self._restart()
        for added in range(ADDED_L1_BLOCKS_MAX):
            self._clock.advance(10)
            self._act_l1_block()
            self._settle()
            self.checker.check_l1_view(self.process)
            self._act_builder()
            self._settle()
            if added >= ADDED_L1_BLOCKS_MIN and self._is_all_done():
                break
        require(self._is_all_done(), "what can be mined is not mined, or not signed")
        self._check_history()
        self.checker.count_outcomes(self.process)

    def _is_all_done(self) -> bool:
        tip = self.process.chain.tip
        waiting = self.process.mempool.select(self.process.store, 1 << 20, 1_000)
        return not waiting and tip.signed_height == tip.height

    def _make_outcome(self) -> Outcome:
        books = self.checker.books
        counts = {
            **self.counts,
            "transactions acknowledged": len(self._users.acknowledged),
            **{f"refused: {code}": n for code, n in sorted(self._users.refused.items())},
            "transactions mined": len(books.mined) - 2 * books.coinbases,
            "certificates": len(books.certificates),
            "equivocations": self._builders.equivocations,
            "tenures withheld": self._builders.withheld_tenures,
            "late commits": sum(m.late_commits for m in self._miners),
            **dict(sorted(books.dropped.items())),
        }
        for depth, count in sorted(self._layer1.reorganisations.items()):
            counts[f"reorganisations of {depth}"] = count
        return Outcome(
            self.seed,
            self.process.tenure,
            self.steps,
            self.process.store.version,
            self.process.chain.tip.height,
            Hash32(self.process.store.root).hex(),
            counts,
        )

    def _count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1
        self._note(what)

    def _note(self, what: str) -> None:
        self.events.append(f"step {self.steps}: {what}")
