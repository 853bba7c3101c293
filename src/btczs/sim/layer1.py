"""What layer 1 does: blocks, congestion, reorganisations, and one that is too deep to follow."""

from random import Random

from btczs.l1.wire import Tx
from btczs.sim.world import World
from btczs.testing import Branch

DEPTH_MAX = 6
"""Ordinary reorganisations: layer 2 calls what is deeper than this final."""
LENGTH_CHANGES = (-1, 0, 1, 1, 1, 2)
"""New length less old; a shorter branch can have more work."""


class Layer1:
    """Drives `world.l1`."""

    def __init__(self, world: World, rng: Random) -> None:
        self._l1 = world.l1
        self._rng = rng
        self._undo_max = world.network.pox.l1_undo_blocks
        anchor = world.genesis.l1_anchor
        assert anchor is not None
        self._anchor_height = anchor.height
        self._before: Branch | None = None
        self.reorganisations: dict[int, int] = {}
        """How many of each depth."""

    @property
    def is_split(self) -> bool:
        """Whether it stands on the branch that is too deep to follow."""
        return self._before is not None

    def mine(self) -> None:
        self._l1.mine(1, self._include())

    def reorganise(self) -> None:
        """An ordinary reorganisation, of 1 to 6 blocks."""
        depth = self._rng.randint(1, DEPTH_MAX)
        if self._is_possible(depth):
            self._replace(depth, max(1, depth + self._rng.choice(LENGTH_CHANGES)))

    def reorganise_deep(self) -> bool:
        """Deeper than any ordinary one, and just followed. False: the chain is too young."""
        depth = self._rng.randint(DEPTH_MAX + 1, self._undo_max)
        if not self._is_possible(depth):
            return False
        self._replace(depth, depth + 1)
        return True

    def split(self) -> bool:
        """Deeper than what is followed; `heal` ends it. False: the chain is too young."""
        depth = self._undo_max + self._rng.randint(1, 4)
        if not self._is_possible(depth):
            return False
        before = self._l1.branch()
        self._replace(depth, depth + 1)
        self._before = before
        return True

    def heal(self) -> None:
        """The branch of before the split outgrows the other."""
        assert self._before is not None
        other = self._l1.height
        self._l1.switch(self._before)
        self._before = None
        self._l1.mine(max(1, other - self._l1.height + 1), self._include())

    def _is_possible(self, depth: int) -> bool:
        return self._before is None and self._l1.height - depth >= self._anchor_height

    def _replace(self, depth: int, length: int) -> None:
        lossy = self._rng.randrange(5) == 0
        lose = (lambda _: self._rng.randrange(2) == 0) if lossy else None
        self._l1.reorganise(depth, length, lose, self._include())
        self.reorganisations[depth] = self.reorganisations.get(depth, 0) + 1

    def _include(self) -> "Congestion":
        return Congestion(self._rng)


class Congestion:
    """Leaves one transaction in twelve for a later block."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng

    def __call__(self, _: Tx) -> bool:
        return self._rng.randrange(12) > 0
