"""Seconds from `make devnet` to the first transfer that is accepted, and mined and signed.

Run it in a fresh clone for the time with installation, and again for the time without. It uses a
folder and ports of its own.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
API_PORT, RPC_PORT, L1_PORT = 16_999, 16_443, 16_979
API = f"http://127.0.0.1:{API_PORT}"
PATIENCE_S = 300

SIGN = """
import sys
from btczs.ledger.devnet import devnet_accounts
from btczs.ledger.transactions import encode_transaction, make_token_transfer, sign_origin
from btczs.ledger.transactions.builders import single_sig
from btczs.networks import load_network
sender, recipient = devnet_accounts()[:2]
condition = single_sig(sender.public_key, nonce=0, fee=1000)
tx = make_token_transfer(load_network("devnet"), condition, recipient.principal, 12345)
sys.stdout.write(encode_transaction(sign_origin(tx, sender.secret)).hex())
"""


def fetch(path: str, body: bytes | None = None) -> Any:
    request = urllib.request.Request(API + path, data=body)
    if body is not None:
        request.add_header("content-type", "application/octet-stream")
    with urllib.request.urlopen(request, timeout=5) as answer:
        return json.load(answer)


def wait_for_first_block(deadline: float) -> None:
    while time.monotonic() < deadline:
        try:
            if fetch("/v2/info")["stacks_tip_height"] >= 1:
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    sys.exit(f"no block within {PATIENCE_S} s")


def main() -> None:
    installed = (ROOT / ".venv" / ".core-installed").exists()
    with tempfile.TemporaryDirectory() as folder:
        start = time.monotonic()
        args = f"--plain --data {folder}/devnet --api-port {API_PORT} --rpc-port {RPC_PORT}"
        devnet = subprocess.Popen(
            ["make", "devnet", f"ARGS={args} --l1-port {L1_PORT}"],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            wait_for_first_block(start + PATIENCE_S)
            ready = time.monotonic() - start
            python = ROOT / ".venv" / "bin" / "python"
            signed = subprocess.run([python, "-c", SIGN], capture_output=True, check=True)
            txid = fetch("/v2/transactions", bytes.fromhex(signed.stdout.decode()))
            accepted = time.monotonic() - start
            while fetch(f"/extended/v1/tx/0x{txid}")["btczs_status"] in ("pending", "mined"):
                time.sleep(0.02)
            done = time.monotonic() - start
        finally:
            os.killpg(devnet.pid, signal.SIGTERM)
            devnet.wait()
    how = "installed before" if installed else "installation included"
    print(
        f"{how}: first block {ready:.1f} s, transfer accepted {accepted:.1f} s, signed {done:.1f} s"
    )


if __name__ == "__main__":
    main()
