"""The tree of known blocks, and which of its branches is active.

An entry is made for every block whose header and body were checked against its parent; whether its
inputs and scripts are valid is known only once it was connected (`validated`). The active chain is
the branch of most work among those not marked invalid; of two with the same work the one that was
seen first. Nothing here touches coins or disk.
"""

from collections.abc import Iterator

from btczs.l1.bitcoinz.header import Header
from btczs.l1.regtest.limits import MEDIAN_TIME_SPAN
from btczs.primitives import Hash32


class BlockEntry:
    """A known block. Identity is the object; `previous` is None for genesis only."""

    __slots__ = (
        "bits",
        "chain_work",
        "failed",
        "hash",
        "header",
        "height",
        "median_time",
        "previous",
        "sequence",
        "size",
        "time",
        "tx_count",
        "validated",
    )

    def __init__(
        self,
        *,
        block_hash: Hash32,
        header: Header,
        previous: "BlockEntry | None",
        work: int,
        size: int,
        tx_count: int,
        sequence: int,
    ) -> None:
        self.hash = block_hash
        self.header = header
        self.previous = previous
        self.height: int = 0 if previous is None else previous.height + 1
        self.chain_work: int = work + (0 if previous is None else previous.chain_work)
        self.time: int = header.time
        self.bits: int = header.bits
        self.size = size
        self.tx_count = tx_count
        self.sequence = sequence
        self.failed = False
        self.validated = False
        self.median_time: int = self._compute_median_time()

    def _compute_median_time(self) -> int:
        times = [self.time]
        entry = self.previous
        while entry is not None and len(times) < MEDIAN_TIME_SPAN:
            times.append(entry.time)
            entry = entry.previous
        times.sort()
        return times[len(times) // 2]

    def __repr__(self) -> str:
        return f"BlockEntry({self.height}, {self.hash[::-1].hex()[:16]}…)"


def compute_preference(entry: BlockEntry) -> tuple[int, int]:
    """The greater, the better: most work first, then the block that was seen first."""
    return (entry.chain_work, -entry.sequence)


class BlockTree:
    """All known blocks, the active chain, and the candidates for a better tip."""

    def __init__(self, genesis: BlockEntry) -> None:
        self.entries: dict[Hash32, BlockEntry] = {genesis.hash: genesis}
        self.active: list[BlockEntry] = [genesis]
        self._candidates: set[BlockEntry] = set()
        self._children: dict[BlockEntry, list[BlockEntry]] = {}
        genesis.validated = True

    @property
    def genesis(self) -> BlockEntry:
        return self.active[0]

    @property
    def tip(self) -> BlockEntry:
        return self.active[-1]

    def add(self, entry: BlockEntry) -> None:
        assert entry.hash not in self.entries
        assert entry.previous is not None
        self.entries[entry.hash] = entry
        self._children.setdefault(entry.previous, []).append(entry)
        if not entry.failed and compute_preference(entry) > compute_preference(self.tip):
            self._candidates.add(entry)

    def is_active(self, entry: BlockEntry) -> bool:
        return entry.height < len(self.active) and self.active[entry.height] is entry

    def get_next_active(self, entry: BlockEntry) -> BlockEntry | None:
        if not self.is_active(entry) or entry is self.tip:
            return None
        return self.active[entry.height + 1]

    def compute_fork(self, entry: BlockEntry) -> BlockEntry:
        """The last block that the branch of `entry` has in common with the active chain."""
        walk: BlockEntry | None = entry
        while walk is not None and not self.is_active(walk):
            walk = walk.previous
        assert walk is not None, "every branch starts at genesis"
        return walk

    def compute_path(self, fork: BlockEntry, entry: BlockEntry) -> list[BlockEntry]:
        """The blocks after `fork` up to `entry`, lowest first."""
        path = []
        walk: BlockEntry | None = entry
        while walk is not fork:
            assert walk is not None
            path.append(walk)
            walk = walk.previous
        path.reverse()
        return path

    def get_best(self, *, reorg_max: int) -> BlockEntry:
        """The tip that ought to be active.

        A branch that would undo more than `reorg_max` blocks is passed over, as the real node would
        stop rather than follow it.
        """
        tip_preference = compute_preference(self.tip)
        self._candidates = {
            entry for entry in self._candidates if compute_preference(entry) > tip_preference
        }
        for entry in sorted(self._candidates, key=compute_preference, reverse=True):
            if self.tip.height - self.compute_fork(entry).height <= reorg_max:
                return entry
        return self.tip

    def has_deep_candidate(self, *, reorg_max: int) -> bool:
        """Whether a branch of more work is passed over only because it forks off too deep."""
        best = compute_preference(self.get_best(reorg_max=reorg_max))
        return any(compute_preference(entry) > best for entry in self._candidates)

    def iterate_descendants(self, entry: BlockEntry) -> Iterator[BlockEntry]:
        """`entry` itself, then everything built on it."""
        waiting = [entry]
        while waiting:
            current = waiting.pop()
            yield current
            waiting.extend(self._children.get(current, ()))

    def mark_failed(self, entry: BlockEntry) -> list[BlockEntry]:
        """Marks `entry` and everything built on it invalid; gives the newly marked blocks."""
        marked = []
        for descendant in self.iterate_descendants(entry):
            assert not self.is_active(descendant), "disconnect before marking"
            self._candidates.discard(descendant)
            if not descendant.failed:
                descendant.failed = True
                marked.append(descendant)
        return marked

    def clear_failed(self, entry: BlockEntry) -> list[BlockEntry]:
        """Removes the marks from `entry`, everything built on it, and its ancestors."""
        cleared = [d for d in self.iterate_descendants(entry) if d.failed]
        walk = entry.previous
        while walk is not None:
            if walk.failed:
                cleared.append(walk)
            walk = walk.previous
        for current in cleared:
            current.failed = False
        return cleared

    def refresh_candidates(self) -> None:
        """Recomputes the candidates from all blocks (after marks changed or the tip went back)."""
        tip_preference = compute_preference(self.tip)
        self._candidates = {
            entry
            for entry in self.entries.values()
            if not entry.failed and compute_preference(entry) > tip_preference
        }

    def connect(self, entry: BlockEntry) -> None:
        assert entry.previous is self.tip
        self.active.append(entry)
        entry.validated = True

    def disconnect(self) -> BlockEntry:
        assert len(self.active) > 1, "genesis is never undone"
        return self.active.pop()

    def get_leaves(self) -> list[BlockEntry]:
        """The blocks that nothing is built on, and the active tip; highest first."""
        leaves = [e for e in self.entries.values() if not self._children.get(e) or e is self.tip]
        return sorted(leaves, key=lambda entry: (-entry.height, entry.sequence))
