"""The devnet: layer 1, miners, signers and API in one process, on numbers everybody knows.

Layer 1 is the embedded node, started from a chain of 110 blocks whose coins are mature, and reached
over its JSON-RPC like a real one. Until the first layer-2 block it mines as soon as the miners have
written; then a block every `l1_block_time_s`.

DEVELOPMENT ONLY: every key here is public.
"""

import asyncio
import logging
import shutil
import time
from pathlib import Path

from btczs.crypto.hashes import sha256
from btczs.l1.follower import BlockRef
from btczs.l1.regtest import (
    RegtestNode,
    devnet_l1_script,
    devnet_l1_secret,
    devnet_params,
    load_bootstrap,
)
from btczs.l1.regtest.rpc import RpcServer
from btczs.ledger.devnet import devnet_accounts, devnet_genesis, devnet_signers
from btczs.networks import load_network
from btczs.node.chain.assembly import MinerSecrets
from btczs.node.dashboard_view import DashboardView
from btczs.node.devnet_genesis import anchor_genesis
from btczs.node.options import DevnetOptions
from btczs.node.run import run_until
from btczs.node.runtime import Node, NodeSettings
from btczs.primitives import InvalidInput, L1Height

log = logging.getLogger(__name__)

MINERS_MAX = 3
"""The bootstrap chain pays four keys: three miners, and the producer of blocks."""
PRODUCER = 3
FAUCET_ACCOUNT = 9
BOOTSTRAP_HEIGHT = L1Height(110)
RUSH_POLL_S = 0.01
RUSH_BLOCK_S_MAX = 1.0
"""Before the first layer-2 block, layer 1 waits for the miners no longer than this."""
BLOCK_INTERVAL_MS = 200
MARKER = ".btczs-devnet"
"""Marks a folder that `--reset` may delete."""


def devnet_miner(index: int) -> MinerSecrets:
    """Keys of the devnet's miner `index`. DEVELOPMENT ONLY."""
    return MinerSecrets(
        signing_secret=sha256(b"btczs devnet miner signing key %d" % index),
        vrf_secret=sha256(b"btczs devnet miner vrf key %d" % index),
        l1_secret=devnet_l1_secret(index),
    )


class Devnet:
    """A whole network in this process: `start`, then `run_until`, then `stop`."""

    def __init__(self, options: DevnetOptions) -> None:
        if not 1 <= options.miners <= MINERS_MAX:
            raise InvalidInput(f"the devnet has 1 to {MINERS_MAX} miners, not {options.miners}")
        self.options = options
        self.network = load_network("devnet")
        self.params = devnet_params()
        self.accounts = devnet_accounts()
        self.next_l1_block_at = 0.0
        """Monotonic time of the next layer-1 block."""

    async def start(self) -> None:
        """Opens and serves everything. Raises `Unavailable` if a port is taken."""
        options, l1 = self.options, self.network.btcz_connection
        data = _prepare_folder(options)
        self.l1_node = RegtestNode(
            self.params, data / "bitcoinz.sqlite", miner_script=devnet_l1_script(PRODUCER)
        )
        if self.l1_node.tip().height == 0:
            load_bootstrap(self.l1_node)
        self.l1_server = RpcServer(
            self.l1_node, l1.rpc_username, l1.rpc_password, port=options.l1_port
        )
        await self.l1_server.start()
        anchor = BlockRef(BOOTSTRAP_HEIGHT, self.l1_node.block_hash_at(BOOTSTRAP_HEIGHT))
        signers = devnet_signers()
        self.node = Node(
            NodeSettings(
                data=data / "node",
                network=self.network,
                params=self.params,
                genesis=anchor_genesis(devnet_genesis(), anchor),
                l1_url=self.l1_server.url,
                l1_user=l1.rpc_username,
                l1_password=l1.rpc_password,
                host=options.host,
                rpc_port=options.rpc_port,
                api_port=options.api_port,
                miners=tuple((f"miner-{i}", devnet_miner(i)) for i in range(options.miners)),
                commit_amount_zat=self.network.btczs_network.burn_fee_cap,
                signer_secrets=tuple(signer.secret for signer in signers),
                faucet_secret=self.accounts[FAUCET_ACCOUNT].secret,
                block_interval_ms=BLOCK_INTERVAL_MS,
            )
        )
        await self.node.start()

    async def run_until(self, stop: asyncio.Event) -> None:
        """Runs until `stop` is set. An error of ours ends it too, and is raised."""
        producer = asyncio.create_task(self._produce_l1(), name="layer 1")
        producer.add_done_callback(lambda _: stop.set())
        await run_until(self.node, stop)
        if producer.done():
            producer.result()
        producer.cancel()

    async def stop(self) -> None:
        await self.node.stop()
        await self.l1_server.stop()
        self.l1_node.close()

    def view(self) -> DashboardView:
        """What the dashboard shows, at this moment."""
        from btczs.node.devnet_view import make_view

        return make_view(self)

    async def _produce_l1(self) -> None:
        while True:
            if self.node.chain.tip.height == 0:
                await self._wait_for_miners()
            else:
                self.next_l1_block_at = time.monotonic() + self.options.l1_block_time_s
                await asyncio.sleep(self.options.l1_block_time_s)
            await asyncio.to_thread(self.l1_node.mine_block)
            self.node.l1_wake.set()

    async def _wait_for_miners(self) -> None:
        """Until every miner has an operation in the pool, or patience ends."""
        deadline = time.monotonic() + RUSH_BLOCK_S_MAX
        while time.monotonic() < deadline and self.node.chain.tip.height == 0:
            if len(self.l1_node.pool_txids()) >= self.options.miners:
                return
            await asyncio.sleep(RUSH_POLL_S)


def _prepare_folder(options: DevnetOptions) -> Path:
    """The devnet's folder, emptied if that was asked. Raises `InvalidInput` if it is not one."""
    data = Path(options.data)
    if options.reset and data.exists():
        if not (data / MARKER).exists():
            raise InvalidInput(
                f"{data} is not a devnet's folder: delete it yourself, or name another"
            )
        shutil.rmtree(data)
    data.mkdir(parents=True, exist_ok=True)
    (data / MARKER).touch()
    return data
