"""Unmodified `@stacks/transactions` 7 and 6 send money on a devnet, and read it back."""

import json
import shutil
import subprocess
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
from btczs.networks import load_network

JS = Path(__file__).parent / "js"
SCRIPT_S_MAX = 90
GENESIS_BALANCE = 10_000_000_000_000
MULTISIGS = (("sequential", 1), ("non-sequential", 5))
"""Names, and the hash modes that SIP-005 and SIP-027 give them."""


def find_what_is_missing() -> str | None:
    if shutil.which("node") is None:
        return "node is absent: install Node.js 20 or newer"
    if not (JS / "node_modules/@stacks/transactions").is_dir():
        return "tests/e2e/js/node_modules is absent: run `make js` (needs npm)"
    return None


MISSING = find_what_is_missing()
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.xdist_group("js clients"),
    pytest.mark.skipif(MISSING is not None, reason=str(MISSING)),
]


@pytest.fixture(scope="module")
def devnet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DevnetProcess]:
    with DevnetProcess(tmp_path_factory.mktemp("js") / "devnet") as process:
        yield process


def run_script(devnet: DevnetProcess, name: str, *arguments: str) -> list[dict[str, Any]]:
    """What the script printed."""
    done = subprocess.run(
        ["node", name, *arguments],
        cwd=JS,
        capture_output=True,
        text=True,
        timeout=SCRIPT_S_MAX,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr}\n{devnet.get_log_tail()}"
    return [json.loads(line) for line in done.stdout.splitlines()]


def js_secret(secret: bytes) -> str:
    """As the library takes it: hexadecimal, and 01 for a compressed public key."""
    return secret.hex() + "01"


def make_address(label: str) -> str:
    """An address nobody has used."""
    public_key = compute_public_key(sha256(label.encode()))
    network = load_network("devnet")
    return principal_text(StandardPrincipal(network.address_version_single, hash160(public_key)))


def get_account(devnet: DevnetProcess, address: str) -> tuple[int, int]:
    """Balance and nonce in the state."""
    answer = httpx.get(f"{devnet.url}/v2/accounts/{address}", params={"proof": 0}).json()
    return int(answer["balance"], 16), answer["nonce"]


def by_name(events: list[dict[str, Any]], kind: str) -> dict[str, dict[str, Any]]:
    return {event["name"]: event for event in events if event["event"] == kind}


@pytest.mark.parametrize(("version", "first_account"), [("7", 1), ("6", 3)])
def test_the_library_sends_every_kind_and_reads_it_back(
    devnet: DevnetProcess, version: str, first_account: int
) -> None:
    sender, sponsor = devnet_accounts()[first_account : first_account + 2]
    recipient = make_address(f"recipient of {version}")
    settings = {
        "sender": js_secret(sender.secret),
        "sponsor": js_secret(sponsor.secret),
        "recipient": recipient,
        "multisigs": [
            {
                "name": name,
                "sequential": mode == 1,
                "secrets": [js_secret(sha256(f"{version} {name} {i}".encode())) for i in range(3)],
            }
            for name, mode in MULTISIGS
        ],
    }
    events = run_script(devnet, "scenario.mjs", devnet.url, version, json.dumps(settings))
    sent, confirmed, read = (by_name(events, kind) for kind in ("sent", "confirmed", "read"))

    verify_all_mined(sent, confirmed)
    verify_forms(sent, confirmed)
    verify_balances(devnet, sender, sponsor, recipient, sent, confirmed)
    verify_reads(devnet, read, len(sent))
    (refused,) = (event for event in events if event["event"] == "refused")
    assert refused["reason"] == "NotEnoughFunds"
    assert int(refused["reason_data"]["actual"], 16) == get_account(devnet, sender.address)[0]
    (fees,) = (event for event in events if event["event"] == "fees")
    least = load_network("devnet").fees.token_transfer
    assert int(fees["estimate"]) == int(confirmed["transfer"]["tx"]["fee_rate"]) == least
    assert least <= int(fees["by_rate"]) < 2 * least


def verify_all_mined(sent: dict[str, dict[str, Any]], confirmed: dict[str, dict[str, Any]]) -> None:
    assert len(sent) == 2 + len(MULTISIGS) * 3
    assert sent.keys() == confirmed.keys()
    for name, event in confirmed.items():
        tx = event["tx"]
        assert tx["tx_id"] == "0x" + sent[name]["txid"]
        assert tx["tx_status"] == "success", name
        assert tx["btczs_status"] in {"signed", "anchored", "final"}, name
        assert tx["tx_result"] == {"hex": "0x0703", "repr": "(ok true)"}
        assert tx["token_transfer"]["amount"] == sent[name]["amount"]


def verify_forms(sent: dict[str, dict[str, Any]], confirmed: dict[str, dict[str, Any]]) -> None:
    """Each transaction is of the kind that its name says."""
    assert sent["transfer"]["hash_mode"] == 0
    assert confirmed["transfer"]["tx"]["sponsored"] is False
    assert confirmed["sponsored"]["tx"]["sponsored"] is True
    for name, mode in MULTISIGS:
        for index in range(2):
            assert sent[f"{name} {index}"]["hash_mode"] == mode
            tx = confirmed[f"{name} {index}"]["tx"]
            assert tx["sender_address"] == sent[f"{name} {index}"]["address"]
            assert tx["nonce"] == index


def verify_balances(
    devnet: DevnetProcess,
    sender: DevnetKey,
    sponsor: DevnetKey,
    recipient: str,
    sent: dict[str, dict[str, Any]],
    confirmed: dict[str, dict[str, Any]],
) -> None:
    """Every amount and fee left one account, and every amount reached another."""
    change = dict.fromkeys((sender.address, sponsor.address, recipient), 0)
    for name, event in sent.items():
        tx = confirmed[name]["tx"]
        amount, fee = int(event["amount"]), int(tx["fee_rate"])
        origin, target = tx["sender_address"], tx["token_transfer"]["recipient_address"]
        payer = tx["sponsor_address"] if tx["sponsored"] else origin
        change[origin] = change.get(origin, 0) - amount
        change[payer] -= fee
        change[target] = change.get(target, 0) + amount
    assert confirmed["sponsored"]["tx"]["sponsor_address"] == sponsor.address
    assert change[sponsor.address] < 0
    assert len(change) == 3 + len(MULTISIGS)
    for address, delta in change.items():
        before = GENESIS_BALANCE if address in (sender.address, sponsor.address) else 0
        assert get_account(devnet, address)[0] == before + delta, address


def verify_reads(devnet: DevnetProcess, read: dict[str, dict[str, Any]], count: int) -> None:
    """What the library read is what the state says."""
    for who in ("sender", "sponsor"):
        assert read[f"{who} before"]["balance"] == str(GENESIS_BALANCE)
        assert read[f"{who} before"]["nonce"] == "0"
    assert read["sender after"]["nonce"] == str(count - 2 * len(MULTISIGS))
    assert read["sponsor after"]["nonce"] == "1"
    for name, event in read.items():
        if name.endswith(" after"):
            balance, nonce = get_account(devnet, event["address"])
            assert (event["balance"], event["nonce"]) == (str(balance), str(nonce)), name


def test_a_websocket_tells_how_a_transaction_advances(devnet: DevnetProcess) -> None:
    sender = devnet_accounts()[5]
    recipient = make_address("recipient of the follower")
    messages = run_script(devnet, "follow.mjs", devnet.url, js_secret(sender.secret), recipient)
    (txid,) = (m["params"]["txid"] for m in messages if m["method"] == "sent")
    updates = [m["params"] for m in messages if m["method"] == "tx_update"]
    assert {update["tx_id"] for update in updates} == {txid}
    assert [update["tx_status"] for update in updates][:2] == ["pending", "success"]
    assert updates[-1]["btczs_status"] == "signed"
    balances = [m["params"] for m in messages if m["method"] == "address_balance_update"]
    assert balances[-1]["address"] == recipient
    assert balances[-1]["balance"] == "4242"
    waiting = [m["params"]["tx_id"] for m in messages if m["method"] == "mempool"]
    assert txid in waiting
    assert any(m["method"] == "block" and txid in m["params"]["txs"] for m in messages)
