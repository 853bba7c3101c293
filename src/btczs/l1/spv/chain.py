"""The best chain among verified headers: what an SPV client believes.

`HeaderChain` is a pure structure: `add` takes one header, checks it in the context of its parent,
and keeps it if it extends the best chain or one of a few side branches. The best tip is the one
with the most cumulative work, the first seen among equals. Memory is bounded: a number of headers
of the best chain, a number of side branches, and a depth below which nothing can be reorganised.
"""

from collections.abc import Sequence

import msgspec

from btczs.l1 import wire
from btczs.l1.params import L1Params
from btczs.l1.pow import compute_work
from btczs.l1.spv.branch import MerkleProof, ProvenTransaction, verify_merkle_proof
from btczs.l1.spv.context import verify_header
from btczs.l1.spv.errors import (
    ForkTooDeep,
    NotInChain,
    TooManyBranches,
    UnknownParent,
    WrongAnchor,
)
from btczs.primitives import Hash32, L1Height, TimestampS

REORG_DEPTH_MAX = 144
"""Where the chain's nodes have no bound of their own: deeper forks need a new anchor."""
SIDE_BRANCHES_MAX = 8
KEEP_MAX = 10_000
"""Headers of the best chain in memory (about 5 MB); more than a difficulty period."""


class ChainHeader(msgspec.Struct, frozen=True):
    """A verified header. `work` is cumulative from the anchor; `raw` is as on the wire."""

    height: L1Height
    hash: Hash32
    prev: Hash32
    work: int
    time: int
    bits: int
    merkle_root: Hash32
    raw: bytes


class HeaderAdded(msgspec.Struct, frozen=True):
    """What `add` did. `is_new`: not known before. `fork`: the last common header, if the best
    chain was reorganised."""

    header: ChainHeader
    is_new: bool
    is_best: bool
    fork: ChainHeader | None


class HeaderChain:
    """Headers from an anchor on. `trusted` are consecutive raw headers beginning at `start`.

    The trusted headers are not verified beyond their links (genesis blocks of BitcoinZ have no
    valid proof of work); give the genesis header, or a checkpoint and at least 23 headers before it
    so that the difficulty rule has its context. Raises `WrongAnchor`.
    """

    def __init__(
        self,
        params: L1Params,
        start: L1Height,
        trusted: Sequence[bytes],
        *,
        reorg_depth_max: int | None = None,
        side_branches_max: int = SIDE_BRANCHES_MAX,
        keep_max: int = KEEP_MAX,
    ) -> None:
        self._params = params
        self._depth_max = reorg_depth_max or params.reorg_blocks_max or REORG_DEPTH_MAX
        assert 0 < self._depth_max < keep_max
        assert side_branches_max > 0
        self._branches_max = side_branches_max
        self._keep_max = keep_max
        self._known: dict[Hash32, ChainHeader] = {}
        self._children: dict[Hash32, int] = {}
        self._side_tips: dict[Hash32, ChainHeader] = {}
        self._best: list[ChainHeader] = []
        self._anchor(start, trusted)

    @property
    def tip(self) -> ChainHeader:
        return self._best[-1]

    def at(self, height: int) -> ChainHeader | None:
        """The header of the best chain at `height`, None outside of what is kept."""
        position = height - self._best[0].height
        return self._best[position] if 0 <= position < len(self._best) else None

    def get(self, block_hash: Hash32) -> ChainHeader | None:
        """A known header, of the best chain or of a side branch."""
        return self._known.get(block_hash)

    def confirmations(self, block_hash: Hash32) -> int:
        """1 for the tip, 2 for its parent; 0 if the block is not in the kept best chain."""
        header = self._known.get(block_hash)
        return self.tip.height - header.height + 1 if header and self._is_best(header) else 0

    def fork_point(self, block_hash: Hash32) -> ChainHeader | None:
        """The last header of the best chain that `block_hash` descends from (or is)."""
        header = self._known.get(block_hash)
        while header is not None and not self._is_best(header):
            header = self._known.get(header.prev)
        return header

    @property
    def side_headers(self) -> int:
        """How many headers of side branches are kept."""
        return len(self._known) - len(self._best)

    def add(self, raw: bytes, *, now: TimestampS | None = None) -> HeaderAdded:
        """Verify one header and keep it. A known header is accepted without effect.

        Raises `InvalidHeader` subclasses, `DecodeError`, or the error of `verify_pow`; nothing has
        changed then.
        """
        decoded = wire.decode_header(self._params, raw)
        known = self._known.get(decoded.hash)
        if known is not None:
            return HeaderAdded(known, False, self._is_best(known), None)
        parent = self._known.get(decoded.prev)
        fork = self.fork_point(decoded.prev)
        if parent is None or fork is None:
            raise UnknownParent(decoded.prev)
        if self.tip.height - fork.height > self._depth_max:
            raise ForkTooDeep(self.tip.height - fork.height, self._depth_max)
        branch = self._collect_branch(parent)
        height = L1Height(parent.height + 1)
        verify_header(self._params, decoded, height, lambda at: self._look_up(branch, at), now=now)
        header = _make_header(height, parent.work, decoded, raw)
        if header.work <= self.tip.work:
            self._make_room(header)
        return self._insert(header, parent, fork)

    def _anchor(self, start: L1Height, trusted: Sequence[bytes]) -> None:
        if not trusted or start < 0:
            raise WrongAnchor("at least one header is needed")
        work = 0
        for offset, raw in enumerate(trusted):
            decoded = wire.decode_header(self._params, raw)
            if self._best and decoded.prev != self.tip.hash:
                raise WrongAnchor(f"header {offset} does not follow the one before it")
            if start + offset == 0 and decoded.hash != self._params.genesis_hash:
                raise WrongAnchor("it begins with another genesis block")
            header = _make_header(L1Height(start + offset), work, decoded, raw)
            if self._best:
                self._children[decoded.prev] = 1
            work = header.work
            self._best.append(header)
            self._known[header.hash] = header

    def _is_best(self, header: ChainHeader) -> bool:
        found = self.at(header.height)
        return found is not None and found.hash == header.hash

    def _collect_branch(self, tip: ChainHeader) -> dict[int, ChainHeader]:
        """The part of `tip`'s branch that is not in the best chain, by height."""
        branch = {}
        header = tip
        while not self._is_best(header):
            branch[int(header.height)] = header
            header = self._known[header.prev]
        return branch

    def _look_up(self, branch: dict[int, ChainHeader], height: int) -> tuple[int, int] | None:
        header = branch.get(height) or self.at(height)
        return None if header is None else (header.time, header.bits)

    def _make_room(self, header: ChainHeader) -> None:
        """Before `header` becomes a side tip: drop the lightest branch if there are too many."""
        if header.prev in self._side_tips:
            if self.side_headers >= self._branches_max * 2 * self._depth_max:
                raise TooManyBranches(self._branches_max)
            return
        if len(self._side_tips) < self._branches_max:
            return
        lightest = min(self._side_tips.values(), key=lambda tip: tip.work)
        if lightest.work >= header.work:
            raise TooManyBranches(self._branches_max)
        self._drop_branch(lightest)

    def _insert(self, header: ChainHeader, parent: ChainHeader, fork: ChainHeader) -> HeaderAdded:
        old_tip = self.tip
        self._known[header.hash] = header
        self._children[parent.hash] = self._children.get(parent.hash, 0) + 1
        self._side_tips.pop(parent.hash, None)
        if header.work <= old_tip.work:
            self._side_tips[header.hash] = header
            return HeaderAdded(header, True, False, None)
        branch = self._collect_branch(header)
        del self._best[fork.height - self._best[0].height + 1 :]
        self._best.extend(branch[height] for height in sorted(branch))
        if fork.hash != old_tip.hash:
            self._side_tips[old_tip.hash] = old_tip
        self._prune()
        return HeaderAdded(header, True, True, fork if fork.hash != old_tip.hash else None)

    def _prune(self) -> None:
        """Forget side branches that can no longer win, and the oldest of the best chain."""
        for tip in list(self._side_tips.values()):
            fork = self.fork_point(tip.hash)
            if fork is None or self.tip.height - fork.height > self._depth_max:
                self._drop_branch(tip)
        while len(self._side_tips) > self._branches_max:
            self._drop_branch(min(self._side_tips.values(), key=lambda tip: tip.work))
        surplus = len(self._best) - self._keep_max
        for header in self._best[: max(surplus, 0)]:
            self._known.pop(header.hash, None)
            self._children.pop(header.hash, None)
        if surplus > 0:
            del self._best[:surplus]

    def _drop_branch(self, tip: ChainHeader) -> None:
        """Forget a side tip and its ancestors up to the next one that has another child."""
        del self._side_tips[tip.hash]
        header: ChainHeader | None = tip
        while (
            header is not None and not self._is_best(header) and not self._children.get(header.hash)
        ):
            del self._known[header.hash]
            self._children.pop(header.hash, None)
            if header.prev in self._children:
                self._children[header.prev] -= 1
            header = self._known.get(header.prev)


def verify_in_chain(
    params: L1Params,
    chain: HeaderChain,
    proof: MerkleProof,
    raw_tx: bytes,
    confirmations_min: int,
) -> ProvenTransaction:
    """The transaction, proven to be in the best chain with at least `confirmations_min` blocks.

    Raises `InvalidMerkleProof` subclasses (`NotInChain` for the header), or `DecodeError`.
    """
    assert confirmations_min >= 1
    proven = verify_merkle_proof(params, proof, raw_tx)
    confirmations = chain.confirmations(proven.block_hash)
    if confirmations < confirmations_min:
        raise NotInChain(proven.block_hash, confirmations, confirmations_min)
    return proven


def _make_header(height: L1Height, work: int, decoded: wire.Header, raw: bytes) -> ChainHeader:
    return ChainHeader(
        height=height,
        hash=decoded.hash,
        prev=decoded.prev,
        work=work + compute_work(decoded.bits),
        time=decoded.time,
        bits=decoded.bits,
        merkle_root=decoded.merkle_root,
        raw=bytes(raw),
    )
