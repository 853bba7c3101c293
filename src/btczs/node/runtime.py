"""One node: everything opened in order, its loops supervised, everything closed in order.

Two loops keep a node going. One follows layer 1 and stores what it sees. The other decides: it lets
the engine take news and blocks, and after each change lets the miners of this process write on
layer 1. A loop that meets an unavailable world waits and goes on; any other error is ours, and
stops the node.
"""

import asyncio
import logging
import time
from pathlib import Path

import msgspec

from btczs.api import ApiServer, create_app
from btczs.api.events import EventBus
from btczs.consensus.pox.operations import is_operation
from btczs.consensus.pox.view import get_l1_tip
from btczs.engine import LocalEngine
from btczs.indexer import Index
from btczs.l1.follower import Follower
from btczs.l1.params import L1Params
from btczs.l1.rpc import L1Client
from btczs.l1.wire import Tx
from btczs.ledger.genesis import Genesis
from btczs.ledger.mempool import Mempool
from btczs.networks import Network
from btczs.node.backend import NodeBackend
from btczs.node.chain.application import BtczsChain
from btczs.node.chain.assembly import MinerSecrets
from btczs.node.miner import Miner, MinerSettings
from btczs.node.service import ChainService
from btczs.node.voters import LocalSigner, SigningRecord
from btczs.primitives import L1Height, TenureHeight, Unavailable
from btczs.store import StateStore
from btczs.store.lmdb import LmdbKV

log = logging.getLogger(__name__)

RETRY_DELAY_S = 1.0
L1_LEAD_BLOCKS_MAX = 500
"""Half of what the follower keeps."""
TICK_S = 0.25
"""The decider looks around at least this often, for blocks that wait for their interval."""


class NodeSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What a node is made of. Secrets are shown nowhere."""

    data: Path
    network: Network
    params: L1Params
    genesis: Genesis
    l1_url: str
    l1_user: str
    l1_password: str
    host: str = "127.0.0.1"
    rpc_port: int | None = None
    """None: not served; 0: any free port."""
    api_port: int | None = None
    miners: tuple[tuple[str, MinerSecrets], ...] = ()
    commit_amount_zat: int = 5_000
    signer_secrets: tuple[bytes, ...] = ()
    faucet_secret: bytes | None = None
    block_interval_ms: int = 1_000
    l1_poll_interval_s: float = 1.0

    def __repr__(self) -> str:
        return f"NodeSettings({self.network.name}, {self.data})"


class Node:
    """A running node: `start`, then `run` until it ends or is cancelled, then `stop`."""

    def __init__(self, settings: NodeSettings) -> None:
        self.settings = settings
        self.started_at = time.monotonic()
        self.l1_wake = asyncio.Event()
        """Set it when layer 1 may have changed: the follower looks at once."""
        self._chain_wake = asyncio.Event()
        self._open()

    def _open(self) -> None:
        s = self.settings
        anchor = s.genesis.l1_anchor
        start = L1Height(0) if anchor is None else anchor.height
        s.data.mkdir(parents=True, exist_ok=True)
        magic = s.network.pox.magic

        def select(tx: Tx) -> bool:
            return is_operation(magic, tx)

        store = StateStore(LmdbKV(s.data / "chain"), s.network.limits.undo_blocks)
        self.client = L1Client(s.l1_url, s.l1_user, s.l1_password)
        self.follower = Follower(self.client, s.params, s.data / "l1.sqlite", start, select)
        self.chain = BtczsChain(store, s.network, s.params, s.genesis, self.follower)
        self._mempool_kv = LmdbKV(s.data / "mempool")
        tenure = TenureHeight(self.chain.tip.tenure_height)
        mempool = Mempool(s.network, self._mempool_kv, store, tenure)
        self.index = Index(s.data / "index.sqlite")
        self.bus = EventBus()
        record = SigningRecord(s.data / "signed")
        signers = [LocalSigner(secret, record) for secret in s.signer_secrets]
        self.service = ChainService(
            self.chain,
            LocalEngine(self.chain, signers),
            mempool,
            self.index,
            self.bus.publish,
            [secrets for _, secrets in s.miners],
            s.block_interval_ms,
        )
        self.miners = [
            Miner(name, self.chain, self.client, secrets, MinerSettings(s.commit_amount_zat))
            for name, secrets in s.miners
        ]
        self.backend = NodeBackend(
            self.service,
            self.bus,
            self.client,
            self.follower,
            s.faucet_secret,
            self._chain_wake.set,
        )
        self.backend.problems = self.get_problems
        self.server: ApiServer | None = None

    async def start(self) -> None:
        """Serves the API. Raises `Unavailable` if a port is taken."""
        s = self.settings
        ports = [port for port in (s.api_port, s.rpc_port) if port is not None]
        if not ports:
            return
        self.server = ApiServer(create_app(self.backend), s.host, ports)
        await self.server.start()

    async def run(self) -> None:
        """Follows, decides and mines until cancelled. An error of ours ends it."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow(), name="follower")
            tasks.create_task(self._decide(), name="decider")

    async def stop(self) -> None:
        """Closes everything, in the order that nothing is missed."""
        if self.server is not None:
            await self.server.stop()
        self.bus.close()
        await self.client.aclose()
        self.follower.close()
        self.index.close()
        self._mempool_kv.close()
        self.chain.store.close()

    def get_problems(self) -> list[str]:
        """What an operator should know, in words; empty if all is well."""
        problems = [f"{miner.name}: {miner.problem}" for miner in self.miners if miner.problem]
        if not self.backend.l1_reachable:
            problems.append("the layer-1 node does not answer")
        return problems

    async def _follow(self) -> None:
        while True:
            try:
                event = await self.follower.poll()
                self.backend.l1_reachable = True
            except Unavailable as error:
                if self.backend.l1_reachable:
                    log.warning("layer 1: %s", error)
                self.backend.l1_reachable = False
                await asyncio.sleep(RETRY_DELAY_S)
                continue
            if event is not None:
                self._chain_wake.set()
                await self._let_chain_catch_up()
                continue
            await _wait(self.l1_wake, self.settings.l1_poll_interval_s)

    async def _let_chain_catch_up(self) -> None:
        """Layer-1 blocks are kept for a while only: the follower must not run ahead of the chain."""
        while True:
            tip, known = self.follower.tip(), get_l1_tip(self.chain.store).height
            if tip is None or tip.height - known < L1_LEAD_BLOCKS_MAX:
                return
            await asyncio.sleep(TICK_S)

    async def _decide(self) -> None:
        while True:
            try:
                if self.service.advance(time.time_ns() // 1_000_000):
                    await asyncio.sleep(0)  # others use the loop too
                    continue
                await asyncio.gather(*(miner.write_l1() for miner in self.miners))
            except Unavailable as error:
                log.warning("%s", error)
                await asyncio.sleep(RETRY_DELAY_S)
                continue
            await _wait(self._chain_wake, TICK_S)


async def _wait(event: asyncio.Event, timeout_s: float) -> None:
    """Until `event` is set, at most `timeout_s`; clears it."""
    try:
        async with asyncio.timeout(timeout_s):
            await event.wait()
    except TimeoutError:
        return
    finally:
        event.clear()
