"""One step of a follower: a few verified blocks further, or back to the fork point.

Everything read from the node is checked, then stored in one transaction. A node's answers come one
by one, and its chain may change between two of them: `Moved` says so, and the step is tried again.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import TypeAlias

from btczs.l1 import wire
from btczs.l1.follower.errors import LyingNode, WrongChain
from btczs.l1.follower.model import Advanced, BlockRef, FollowerEvent, L1Facts, Rewound
from btczs.l1.follower.store import FollowerStore
from btczs.l1.follower.verify import (
    HeaderRecord,
    VerifiedBlock,
    verify_block,
    verify_single_header,
)
from btczs.l1.params import L1Params
from btczs.l1.rpc.source import L1Source
from btczs.l1.spv.context import get_context_blocks
from btczs.primitives import Hash32, L1Height
from btczs.primitives.units import ZERO_HASH

BLOCKS_PER_POLL = 16
"""One commit to disk for so many blocks; each is verified before any is stored."""
SELECTED_BYTES_PER_POLL = 8_000_000
"""An `Advanced` ends early once it holds this much: bounds the memory of one event."""
PREFETCH_BLOCKS = 2
"""Blocks on their way while one is verified."""
FORK_SEARCH_BLOCKS = 16
"""Hashes asked for at once when looking for the fork point."""

Select: TypeAlias = Callable[[wire.Tx], bool]


class Moved(Exception):
    """The node's chain changed while it was read: look again."""


class Stepper:
    """The steps of one follower, on one store. Not reentrant: `Follower` takes care of that."""

    def __init__(
        self,
        client: L1Source,
        params: L1Params,
        store: FollowerStore,
        start_height: L1Height,
        select: Select,
        blocks_per_poll: int,
    ) -> None:
        self._client = client
        self._params = params
        self._store = store
        self._start = start_height
        self._select = select
        self._blocks_per_poll = blocks_per_poll
        self._is_chain_checked = False

    async def step(self) -> FollowerEvent | None:
        """One step, stored; None if the view ends at the node's tip.

        Raises `LyingNode`, `WrongChain`, `Moved`, and what the client raises.
        """
        await self._check_chain()
        tip = self._store.tip()
        if tip is not None and await self._client.get_best_block_hash() == tip.hash:
            return None
        count = await self._client.get_block_count()
        if tip is None:
            if count < self._start:
                return None
            await self._load_context()
            return await self._advance(None, self._start, count)
        if count < tip.height or await self._client.get_block_hash(tip.height) != tip.hash:
            return await self._rewind(tip, count)
        if count == tip.height:
            return None  # the node left and came back between two questions
        return await self._advance(tip.hash, tip.height + 1, count)

    async def _check_chain(self) -> None:
        """Once: the node must be on our chain and network."""
        if not self._is_chain_checked:
            genesis = await self._client.get_block_hash(0)
            if genesis != self._params.genesis_hash:
                raise WrongChain(genesis, self._params.genesis_hash)
            self._is_chain_checked = True

    async def _load_context(self) -> None:
        """Store the headers just before the start, with which the first blocks are checked."""
        if self._start == 0:
            return
        last = self._store.header_at(self._start - 1)
        if last and last.hash == await self._client.get_block_hash(self._start - 1):
            return
        first = max(0, self._start - get_context_blocks(self._params))
        heights = range(first, self._start)
        hashes = await self._client.get_block_hashes(heights)
        records: dict[int, HeaderRecord] = {}
        prev: Hash32 | None = None

        def look_up(height: int) -> tuple[int, int] | None:
            record = records.get(height)
            return None if record is None else (record.time, record.bits)

        for height, block_hash in zip(heights, hashes, strict=True):
            raw = await self._client.get_block_header_raw(block_hash)
            try:
                records[height] = verify_single_header(
                    self._params, height, block_hash, prev, raw, look_up
                )
            except LyingNode:
                await self._raise_if_moved(first, hashes)
                raise
            prev = block_hash
        self._store.set_context(list(records.values()))

    async def _advance(self, on: Hash32 | None, start: int, count: int) -> Advanced:
        """Fetch, verify and store the blocks from `start`, as many as one event may hold."""
        heights = range(start, min(count, start + self._blocks_per_poll - 1) + 1)
        hashes = await self._client.get_block_hashes(heights)
        prev = self._hash_at(start - 1)
        added: list[tuple[HeaderRecord, L1Facts]] = []
        size = 0

        def look_up(height: int) -> tuple[int, int] | None:
            if height < start:
                return self._store.look_up(height)
            record = added[height - start][0]
            return record.time, record.bits

        blocks = self._fetch_blocks(hashes)
        try:
            async for raw in blocks:
                height, block_hash = heights[len(added)], hashes[len(added)]
                try:
                    block = verify_block(self._params, height, block_hash, prev, raw, look_up)
                except LyingNode:
                    await self._raise_if_moved(start, hashes)
                    raise
                facts = self._make_facts(block)
                added.append((block.record, facts))
                prev = block_hash
                size += sum(len(tx) for _, tx in facts.selected)
                if size > SELECTED_BYTES_PER_POLL:
                    break
        finally:
            await blocks.aclose()
        self._store.append(on, added)
        return Advanced(tuple(facts for _, facts in added))

    async def _fetch_blocks(self, hashes: Sequence[Hash32]) -> AsyncGenerator[bytes, None]:
        """Raw blocks in order; a few are on their way while one is looked at."""
        tasks: list[asyncio.Task[bytes]] = []
        try:
            for at in range(len(hashes)):
                for block_hash in hashes[at + len(tasks) : at + PREFETCH_BLOCKS + 1]:
                    tasks.append(asyncio.ensure_future(self._client.get_block_raw(block_hash)))
                raw = await tasks[0]
                del tasks[0]
                yield raw
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _make_facts(self, block: VerifiedBlock) -> L1Facts:
        record = block.record
        selected = tuple(
            (index, wire.encode_transaction(tx))
            for index, tx in enumerate(block.transactions)
            if self._select(tx)
        )
        return L1Facts(
            height=L1Height(record.height),
            hash=record.hash,
            header=record.raw,
            selected=selected,
            tx_count=len(block.transactions),
        )

    async def _rewind(self, tip: BlockRef, count: int) -> Rewound:
        """Forget the blocks the node no longer has, down to the last common one."""
        fork = await self._find_fork(tip, count)
        if fork is not None and fork.height == tip.height:
            raise Moved("the node came back to our branch")
        await self._verify_replacement(fork, count)
        if fork is not None and fork.height >= self._start - 1:
            self._store.rewind(tip.hash, fork.height)
            return Rewound(fork.height, fork.hash)
        below = self._start - 1
        below_hash = await self._client.get_block_hash(below) if count >= below else ZERO_HASH
        self._store.clear(tip.hash)
        return Rewound(L1Height(below), below_hash)

    async def _find_fork(self, tip: BlockRef, count: int) -> BlockRef | None:
        """The last stored block that the node still has; None if the fork is below all of them."""
        lowest = self._store.first_height()
        assert lowest is not None, "there is a tip, so there are headers"
        height = min(tip.height, count)
        while height >= lowest:
            heights = range(height, max(height - FORK_SEARCH_BLOCKS, lowest - 1), -1)
            for at, block_hash in zip(heights, await self._client.get_block_hashes(heights)):
                if self._hash_at(at) == block_hash:
                    return BlockRef(L1Height(at), block_hash)
            height = heights[-1] - 1
        return None

    async def _verify_replacement(self, fork: BlockRef | None, count: int) -> None:
        """Before anything is forgotten: the first block of the other branch must be a real one.

        A node that merely went back (its operator invalidated blocks) has none: it is believed.
        """
        height = self._start if fork is None else fork.height + 1
        if count < height:
            return
        block_hash = await self._client.get_block_hash(height)
        raw = await self._client.get_block_header_raw(block_hash)
        prev = None if fork is None else fork.hash
        look_up = _know_nothing if fork is None else self._store.look_up
        try:
            verify_single_header(self._params, height, block_hash, prev, raw, look_up)
        except LyingNode:
            await self._raise_if_moved(height, [block_hash])
            raise

    def _hash_at(self, height: int) -> Hash32 | None:
        record = self._store.header_at(height)
        return None if record is None else record.hash

    async def _raise_if_moved(self, first: int, hashes: Sequence[Hash32]) -> None:
        """A block that does not fit is a lie only if the node still claims the whole chain."""
        heights, claimed = list(range(first, first + len(hashes))), list(hashes)
        below = self._hash_at(first - 1)
        if below is not None:
            heights.append(first - 1)
            claimed.append(below)
        if await self._client.get_block_hashes(heights) != claimed:
            raise Moved("blocks were replaced while they were read")


def _know_nothing(_height: int) -> None:
    return None
