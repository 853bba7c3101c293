"""A node from its configuration file, over a layer 1 that is reached by RPC; and a devnet."""

import asyncio
import functools
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from btczs.crypto.hashes import hash160
from btczs.l1.regtest import (
    RegtestNode,
    devnet_l1_script,
    devnet_params,
    load_bootstrap,
)
from btczs.l1.regtest.rpc import RpcServer
from btczs.l1.script.templates import p2pkh
from btczs.networks import load_network
from btczs.node.config import InvalidConfig, load_settings
from btczs.node.devnet import Devnet
from btczs.node.options import DevnetOptions
from btczs.node.run import run_until
from btczs.node.runtime import Node
from btczs.primitives import InvalidInput
from btczs.primitives.units import hash_hex
from btczs.wallet.keystore import Keystore
from btczs.wallet.wallet import Wallet

PATIENCE_S = 60


def in_own_process(test: Callable[[Path], None]) -> Callable[[Path], None]:
    """Runs a test in a new Python: a node lives in a process of its own, without the heap of
    thousands of other tests, beside which it makes no blocks in time."""

    @functools.wraps(test)
    def run(tmp_path: Path) -> None:
        if os.environ.get("BTCZS_TEST_PROCESS") == test.__name__:
            test(tmp_path)
            return
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
        done = subprocess.run(
            [*command, f"{__file__}::{test.__name__}"],
            env={**os.environ, "BTCZS_TEST_PROCESS": test.__name__},
            capture_output=True,
            text=True,
            timeout=4 * PATIENCE_S,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    return run


PASSWORD = "test"
ENVIRONMENT = {"BTCZS_PASSWORD": PASSWORD, "BTCZS_L1_PASSWORD": "l1-password"}


def write_config(folder: Path, l1_port: int, anchor_hash: str) -> bytes:
    """A whole network's configuration; returns the script that owns the miner's coins."""
    network = load_network("devnet")
    miner, signer = Wallet.generate(network), Wallet.generate(network)
    Keystore.create(folder / "miner.json", miner, PASSWORD)
    Keystore.create(folder / "signer.json", signer, PASSWORD, count=4)
    signers = "".join(
        f'[[signers]]\nname = "s{i}"\npublic_key = "{a.public_key.hex()}"\nweight = 1\n'
        for i, a in enumerate(signer.accounts(4))
    )
    (folder / "genesis.toml").write_text(
        'network = "devnet"\ntimestamp = 1736726400\n'
        f'[l1_anchor]\nheight = 110\nhash = "{anchor_hash}"\n'
        f'[[accounts]]\nprincipal = "{signer.account(0).address}"\namount = 1000\n{signers}'
    )
    (folder / "node.toml").write_text(
        'network = "devnet"\ndata = "data"\ngenesis = "genesis.toml"\nblock_interval_ms = 10\n'
        f'[l1]\nrpc_port = {l1_port}\nrpc_username = "u"\n'
        "[api]\napi_port = 0\n"
        '[miner]\nkeystore = "miner.json"\n[signer]\nkeystore = "signer.json"\n'
    )
    return p2pkh(hash160(miner.l1_account(0).public_key))


@pytest.mark.slow
@in_own_process
def test_a_node_mines_and_signs_from_its_configuration(tmp_path: Path) -> None:
    async def scenario() -> None:
        l1 = RegtestNode(devnet_params(), miner_script=devnet_l1_script(3))
        load_bootstrap(l1)
        server = RpcServer(l1, "u", ENVIRONMENT["BTCZS_L1_PASSWORD"])
        await server.start()
        anchor = hash_hex(l1.block_hash_at(110))
        script = write_config(tmp_path, server.port, anchor)
        node = Node(load_settings(tmp_path / "node.toml", ENVIRONMENT))
        await node.start()
        stop = asyncio.Event()
        running = asyncio.create_task(run_until(node, stop))
        await asyncio.to_thread(l1.generate, 101, script)
        for _ in range(200):
            if node.chain.tip.signed_height >= 1:
                break
            await asyncio.to_thread(l1.generate, 1, script)
            node.l1_wake.set()
            await asyncio.sleep(0.05)
        assert node.server is not None
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{node.server.port}") as http:
            info = (await http.get("/v2/info")).json()
        stop.set()
        await running
        await node.stop()
        await server.stop()
        l1.close()
        assert node.chain.tip.signed_height >= 1
        assert info["stacks_tip_height"] >= 1

    asyncio.run(asyncio.wait_for(scenario(), PATIENCE_S))


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('data = "data"', "dat = 1", "file"),
        ("[miner]\nkeystore", "[miner]\nkeystor", "miner"),
        ('genesis = "genesis.toml"', 'genesis = "absent.toml"', "genesis"),
        ("block_interval_ms = 10", "block_interval_ms = 'x'", "block_interval_ms"),
    ],
)
def test_a_wrong_configuration_is_refused_by_field(
    tmp_path: Path, old: str, new: str, field: str
) -> None:
    write_config(tmp_path, 1, "00" * 32)
    path = tmp_path / "node.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(InvalidConfig) as caught:
        load_settings(path, ENVIRONMENT)
    assert caught.value.field == field


def test_a_keystore_is_not_opened_without_a_password(tmp_path: Path) -> None:
    write_config(tmp_path, 1, "00" * 32)
    with pytest.raises(InvalidConfig, match="BTCZS_PASSWORD"):
        load_settings(tmp_path / "node.toml", {})


@in_own_process
def test_a_devnet_starts_continues_and_is_reset(tmp_path: Path) -> None:
    options = DevnetOptions(
        data=tmp_path / "devnet", l1_block_time_s=0.05, api_port=0, rpc_port=None, l1_port=0
    )

    async def run(options: DevnetOptions, height: int) -> int:
        devnet = Devnet(options)
        await devnet.start()
        first = devnet.node.chain.tip.height
        stop = asyncio.Event()
        running = asyncio.create_task(devnet.run_until(stop))
        while devnet.node.chain.tip.signed_height < height:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        view = devnet.view()
        assert view.blocks[0].height >= height
        assert view.tenure is not None
        stop.set()
        await running
        await devnet.stop()
        return first

    async def scenario() -> None:
        assert await run(options, 3) == 0
        assert await run(options, 6) >= 3
        reset = DevnetOptions(**{**to_dict(options), "reset": True})
        assert await run(reset, 1) == 0

    asyncio.run(asyncio.wait_for(scenario(), PATIENCE_S))


def to_dict(options: DevnetOptions) -> dict[str, object]:
    return {field: getattr(options, field) for field in options.__struct_fields__}


def test_reset_never_deletes_a_folder_that_is_no_devnet(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("mine")
    options = DevnetOptions(data=tmp_path, reset=True, api_port=0, rpc_port=None, l1_port=0)
    with pytest.raises(InvalidInput, match="not a devnet"):
        asyncio.run(Devnet(options).start())
    assert (tmp_path / "precious").read_text() == "mine"
