"""A devnet that is killed at any moment goes on: nothing acknowledged is gone."""

import random
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from devnet_process import DevnetProcess

from btczs.codec.clarity import principal_text
from btczs.codec.clarity.values import StandardPrincipal
from btczs.crypto.hashes import hash160, sha256
from btczs.crypto.secp256k1 import compute_public_key
from btczs.ledger.devnet import DevnetKey, devnet_accounts
from btczs.ledger.transactions import compute_txid, encode_transaction
from btczs.ledger.transactions.builders import make_token_transfer, single_sig
from btczs.ledger.transactions.signing import sign_origin
from btczs.networks import load_network

pytestmark = pytest.mark.e2e

NETWORK = load_network("devnet")
FEE = NETWORK.fees.token_transfer
ROUNDS = 6
ALIVE_S_MAX = 2.5
START_S_MAX = 1.2
"""A round may also kill the devnet within this time of its start, before it listens."""
SENDERS = 4
SETTLE_S_MAX = 30.0
REQUEST_S_MAX = 10.0
L1_BLOCK_TIME_S = 0.5
RECIPIENT = StandardPrincipal(
    NETWORK.address_version_single, hash160(compute_public_key(sha256(b"recipient of kill -9")))
)


class Sender:
    """An account that sends one transfer after the other, and again what nobody acknowledged."""

    def __init__(self, key: DevnetKey) -> None:
        self.key = key
        self.nonce = 0
        self.acknowledged: dict[str, int] = {}
        """Amounts by transaction id."""
        self._raw = b""
        self._amount = 0

    def submit_next(self, client: httpx.Client) -> None:
        """Sends the next transfer, or the last one again. Raises `httpx.TransportError`."""
        if not self._raw:
            self._amount = self.nonce + 1
            origin = single_sig(self.key.public_key, nonce=self.nonce, fee=FEE)
            tx = make_token_transfer(NETWORK, origin, RECIPIENT, self._amount)
            self._raw = encode_transaction(sign_origin(tx, self.key.secret))
        txid = compute_txid(self._raw).hex()
        answer = client.post(
            "/v2/transactions",
            content=self._raw,
            headers={"content-type": "application/octet-stream"},
        )
        shown = answer.json()
        if answer.status_code == 200:
            assert shown == txid
        elif shown["reason"] == "TooMuchChaining":
            time.sleep(0.05)
            return
        else:
            # It was taken in and mined, and the kill came before the answer.
            assert shown["reason"] == "BadNonce", shown
            assert get_transaction(client, txid)["tx_status"] == "success", shown
        self.acknowledged[txid] = self._amount
        self.nonce += 1
        self._raw = b""


class Watch:
    """What was seen of the chain: it must still be so after each restart."""

    def __init__(self) -> None:
        self.l2_hashes: dict[int, str] = {}
        self.l1_hashes: dict[int, str] = {}

    def look(self, client: httpx.Client) -> None:
        info = get_json(client, "/v2/info")
        height, l1_height = info["stacks_tip_height"], info["burn_block_height"]
        assert height >= max(self.l2_hashes, default=0), "the chain went back"
        assert l1_height >= max(self.l1_hashes, default=0), "layer 1 went back"
        seen = self.l2_hashes.setdefault(height, info["stacks_tip"])
        assert seen == info["stacks_tip"], f"another block {height}"
        if l1_height not in self.l1_hashes:
            self.l1_hashes[l1_height] = get_l1_hash(client, l1_height)

    def verify_all(self, client: httpx.Client) -> None:
        """Every block that was seen stands where it stood."""
        for height, block_hash in self.l2_hashes.items():
            if height:  # the genesis is no block
                block = get_json(client, f"/extended/v2/blocks/{height}")
                assert block["hash"] == "0x" + block_hash, f"another block {height}"
        for height, block_hash in self.l1_hashes.items():
            assert get_l1_hash(client, height) == block_hash, f"another layer-1 block {height}"


def get_json(client: httpx.Client, path: str) -> dict[str, Any]:
    answer = client.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
    shown: dict[str, Any] = answer.json()
    return shown


def get_transaction(client: httpx.Client, txid: str) -> dict[str, Any]:
    return get_json(client, f"/extended/v1/tx/0x{txid}")


def get_l1_hash(client: httpx.Client, height: int) -> str:
    shown: str = get_json(client, f"/v2/btcz/block/{height}")["hash"]
    return shown


def get_balance(client: httpx.Client, address: str) -> int:
    account = get_json(client, f"/v2/accounts/{address}?proof=0")
    return int(account["balance"], 16)


@pytest.fixture
def devnet(tmp_path: Path) -> Iterator[DevnetProcess]:
    process = DevnetProcess(tmp_path / "devnet", l1_block_time_s=L1_BLOCK_TIME_S)
    yield process
    process.kill()


def kill_while_sending(
    devnet: DevnetProcess, senders: list[Sender], watch: Watch, delay_s: float
) -> None:
    """Sends until SIGKILL ends the devnet, `delay_s` from now."""
    client = httpx.Client(base_url=devnet.url, timeout=REQUEST_S_MAX)
    killer = threading.Timer(delay_s, devnet.kill)
    killer.start()
    try:
        watch.look(client)
        watch.verify_all(client)
        while True:
            for sender in senders:
                sender.submit_next(client)
            watch.look(client)
    except (httpx.NetworkError, httpx.RemoteProtocolError):
        killer.join()  # the connection stays open: its end lingers while the ports are taken anew
    finally:
        killer.cancel()
    assert devnet.exit_code == -signal.SIGKILL, f"it ended by itself\n{devnet.get_log_tail()}"


def verify_known(devnet: DevnetProcess, senders: list[Sender]) -> None:
    """Of each sender, the newest transfers that may have waited at the kill are still there."""
    with httpx.Client(base_url=devnet.url, timeout=REQUEST_S_MAX) as client:
        for sender in senders:
            for txid in list(sender.acknowledged)[-NETWORK.limits.mempool_chaining_max :]:
                status = get_transaction(client, txid)["tx_status"]
                assert status in {"pending", "success"}, f"{txid} is {status}"


def submit_one(client: httpx.Client, sender: Sender) -> None:
    """Sends until one more is acknowledged: there is room as soon as a block is mined."""
    deadline = time.monotonic() + SETTLE_S_MAX
    before = sender.nonce
    while sender.nonce == before:
        assert time.monotonic() < deadline, "the chain takes nothing any more"
        sender.submit_next(client)


def wait_until_mined(client: httpx.Client, senders: list[Sender]) -> None:
    """Until every acknowledged transfer is mined. One that is lost or fails is an error at once."""
    deadline = time.monotonic() + SETTLE_S_MAX
    waiting = [txid for sender in senders for txid in sender.acknowledged]
    while waiting:
        statuses = {txid: get_transaction(client, txid)["tx_status"] for txid in waiting}
        assert set(statuses.values()) <= {"pending", "success"}, statuses
        waiting = [txid for txid, status in statuses.items() if status == "pending"]
        assert time.monotonic() < deadline, f"{len(waiting)} acknowledged transfers still wait"
        time.sleep(0.2)


@pytest.mark.parametrize("seed", [20250113])
def test_a_killed_devnet_continues_and_loses_nothing(devnet: DevnetProcess, seed: int) -> None:
    rng = random.Random(seed)
    senders = [Sender(key) for key in devnet_accounts()[:SENDERS]]
    watch = Watch()

    devnet.start()
    for round_number in range(ROUNDS):
        kill_while_sending(devnet, senders, watch, rng.uniform(0.2, ALIVE_S_MAX))
        if round_number % 2:
            devnet.launch()
            time.sleep(rng.uniform(0.0, START_S_MAX))
            devnet.kill()
        devnet.start()
        verify_known(devnet, senders)

    with httpx.Client(base_url=devnet.url, timeout=REQUEST_S_MAX) as client:
        watch.look(client)
        watch.verify_all(client)
        l1_height = max(watch.l1_hashes)
        for sender in senders:
            submit_one(client, sender)  # again, if the last kill cut it off
        wait_until_mined(client, senders)
        while max(watch.l1_hashes) < l1_height + 2:
            time.sleep(L1_BLOCK_TIME_S)
            watch.look(client)
        verify_balances(client, senders)
    assert sum(len(sender.acknowledged) for sender in senders) > ROUNDS * SENDERS
    assert devnet.stop() == 0


def verify_balances(client: httpx.Client, senders: list[Sender]) -> None:
    """Everything acknowledged was carried out once, and nothing else."""
    received = sum(sum(sender.acknowledged.values()) for sender in senders)
    assert get_balance(client, principal_text(RECIPIENT)) == received
    for sender in senders:
        spent = sum(sender.acknowledged.values()) + FEE * len(sender.acknowledged)
        assert get_balance(client, sender.key.address) == 10_000_000_000_000 - spent
