"""A devnet in full swing, as its dashboard sees it."""

import hashlib

from btczs.ledger.devnet import devnet_accounts, devnet_signers
from btczs.node.dashboard_view import (
    AccountView,
    BlockView,
    DashboardView,
    EndpointView,
    L1BlockView,
    L1View,
    MempoolView,
    SignerView,
    SortitionView,
    TenureView,
    TransactionView,
)

NOW = 1_736_727_000
COIN = 100_000_000
STATES = ("pending", "mined", "signed", "signed", "anchored", "final")


def fake_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def make_view(*, problems: tuple[str, ...] = (), blocks: int = 12) -> DashboardView:
    accounts = devnet_accounts()
    addresses = [account.address for account in accounts]
    return DashboardView(
        network="devnet",
        time=NOW,
        uptime_s=192,
        l1=L1View(
            height=1152,
            hash=fake_hash("l1 1152"),
            next_block_s=2.2,
            blocks=tuple(
                L1BlockView(1152 - i, fake_hash(f"l1 {1152 - i}"), NOW - 3 * i, 2 + i % 2)
                for i in range(8)
            ),
        ),
        tenure=TenureView(57, "miner-1", fake_hash("consensus")[:40], 65),
        sortitions=tuple(
            SortitionView(60 - i, 1152 - i, None if i == 3 else f"miner-{i % 2}", 2, 25_000)
            for i in range(8)
        ),
        mempool=MempoolView(17, 3_060),
        blocks=tuple(
            BlockView(
                903 - i,
                fake_hash(f"b{i}"),
                i % 5,
                NOW - 2 * i,
                f"miner-{i % 2}",
                4,
                4,
                STATES[min(5, 1 + i // 2)],
            )
            for i in range(blocks)
        ),
        transactions=tuple(
            TransactionView(
                fake_hash(f"t{i}"),
                "token_transfer" if i != 4 else "tenure_change",
                addresses[i % 10],
                None
                if i == 4
                else addresses[(i + 1) % 10]
                if i != 2
                else "ST2FE1HW09YB9BCGSKREQWZ2TCQRJV7B6NVPMKAT9",
                0 if i == 4 else (i + 1) * COIN // 2 * 10 ** (i % 4),
                "dropped" if i == 5 else STATES[min(5, i // 2)],
            )
            for i in range(12)
        ),
        signers=tuple(SignerView(signer.name, 1) for signer in devnet_signers()),
        accounts=tuple(
            AccountView(a.name, a.address, a.secret.hex(), 100_000 * COIN) for a in accounts
        ),
        endpoints=(
            EndpointView("API", "http://127.0.0.1:3999"),
            EndpointView("WebSocket", "ws://127.0.0.1:3999/extended/v1/ws"),
            EndpointView("L1 RPC", "http://127.0.0.1:11979", "user btczrpc"),
        ),
        problems=problems,
    )
