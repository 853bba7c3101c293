"""The follower: one node's best chain, verified, persisted, and rewound when it reorganises."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeAlias

from btczs.l1.follower.errors import NotFollowed, TransactionAbsent
from btczs.l1.follower.model import BlockRef, FollowerEvent, L1Facts
from btczs.l1.follower.step import BLOCKS_PER_POLL, Moved, Select, Stepper
from btczs.l1.follower.store import FollowerStore
from btczs.l1.follower.verify import verify_block
from btczs.l1.params import L1Params
from btczs.l1.rpc.errors import RpcInvalidParameter, RpcNotFound, RpcUnavailable
from btczs.l1.rpc.source import L1Source
from btczs.l1.spv.branch import MerkleProof, build_merkle_proof
from btczs.primitives import Hash32, L1Height, Unavailable

KEEP_BLOCKS = 1000
"""Facts of so many blocks are kept: more than any reorganisation a BitcoinZ node follows (99)."""
ATTEMPTS_MAX = 3
"""A node whose chain changes during each of so many readings is left alone until the next poll."""
POLL_INTERVAL_S = 2.0
POLL_INTERVAL_S_MAX = 30.0

_log = logging.getLogger("btczs.l1.follower")

OnEvent: TypeAlias = Callable[[FollowerEvent], Awaitable[None]]


class Follower:
    """A reorganisation-safe view of layer 1 from `start_height` on, in the file `path`.

    `select` says which transactions' bytes are kept; it must stay the same for the life of the
    file. Events tell of changes already stored: after a restart, compare `tip()` with what was
    processed last, since the process may have died between storing and processing.

    Raises `WrongStore` if the file belongs to another chain or start. Not for several threads.
    """

    def __init__(
        self,
        client: L1Source,
        params: L1Params,
        path: Path,
        start_height: L1Height,
        select: Select,
        keep_blocks: int = KEEP_BLOCKS,
        *,
        blocks_per_poll: int = BLOCKS_PER_POLL,
    ) -> None:
        assert start_height >= 0
        assert keep_blocks > 0
        assert blocks_per_poll > 0
        self._client = client
        self._params = params
        self._store = FollowerStore(path, params, start_height, keep_blocks)
        self._stepper = Stepper(client, params, self._store, start_height, select, blocks_per_poll)
        self._polling = asyncio.Lock()

    def close(self) -> None:
        self._store.close()

    # What is known, without asking the node

    def tip(self) -> BlockRef | None:
        """The newest verified block, None before the first."""
        return self._store.tip()

    def hash_at(self, height: int) -> Hash32 | None:
        """Hash of the block of the best chain at `height`, None where not known."""
        record = self._store.header_at(height)
        return None if record is None else record.hash

    def header_at(self, height: int) -> bytes | None:
        """The raw header at `height`; headers are never pruned."""
        record = self._store.header_at(height)
        return None if record is None else record.raw

    def height_of(self, block_hash: Hash32) -> L1Height | None:
        """Height of a block of the best chain, None if it is not in it."""
        return self._store.height_of(block_hash)

    def facts_at(self, height: int) -> L1Facts:
        """Raises `NotFollowed`: not reached, before the start, or pruned."""
        return self._store.facts_at(height)

    def confirmations(self, height: int) -> int:
        """1 for the tip, 2 for its parent; 0 above the tip or if nothing is followed yet."""
        tip = self._store.tip()
        return 0 if tip is None or height < 0 else max(0, tip.height - height + 1)

    # Asking the node

    async def poll(self) -> FollowerEvent | None:
        """One step towards the node's best chain, stored before it returns; None: there already.

        Raises `LyingNode` or `WrongChain` (nothing was stored), `Unavailable` (try later), or an
        `RpcError` for a node that cannot serve us (a pruned one).
        """
        async with self._polling:
            for _ in range(ATTEMPTS_MAX):
                try:
                    return await self._stepper.step()
                except (Moved, RpcInvalidParameter, RpcNotFound) as error:
                    _log.debug("the node's chain moved: %s", error)
            raise RpcUnavailable("its best chain changes while it is read")

    async def run(
        self,
        on_event: OnEvent,
        wake: asyncio.Event | None = None,
        *,
        interval_s: float = POLL_INTERVAL_S,
    ) -> None:
        """Poll for ever, giving each event to `on_event`: at least every `interval_s`, and whenever
        `wake` is set (see `notify`). An unavailable node is polled ever more rarely; all other
        errors end the loop.
        """
        delay_s = interval_s
        while True:
            try:
                event = await self.poll()
                delay_s = interval_s
            except Unavailable as error:
                _log.warning("%s", error)
                event = None
                delay_s = min(2 * delay_s, POLL_INTERVAL_S_MAX)
            if event is not None:
                await on_event(event)
                continue
            await _sleep(delay_s, wake)

    async def fetch_transaction_proof(self, height: int, txid: Hash32) -> MerkleProof:
        """A proof that `txid` is in the block at `height`, made from the node's block.

        Raises `NotFollowed`, `TransactionAbsent`, `LyingNode`, or the client's errors.
        """
        record = self._store.header_at(height)
        if record is None:
            raise NotFollowed(height, "it is not followed")
        raw = await self._client.get_block_raw(record.hash)
        block = verify_block(self._params, height, record.hash, None, raw, self._store.look_up)
        txids = [tx.txid for tx in block.transactions]
        if txid not in txids:
            raise TransactionAbsent(height, txid)
        return build_merkle_proof(record.raw, txids, txids.index(txid))


async def _sleep(delay_s: float, wake: asyncio.Event | None) -> None:
    if wake is None:
        await asyncio.sleep(delay_s)
        return
    try:
        async with asyncio.timeout(delay_s):
            await wake.wait()
    except TimeoutError:
        return
    wake.clear()
