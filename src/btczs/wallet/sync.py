"""`SyncClient`: the client for scripts that know no `await`.

with SyncClient("http://127.0.0.1:3999") as client:
    sent = client.transfer(account, "ST...", "1.5")
    client.wait(sent.txid, "signed")
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, Self, TypeVar

import httpx

from btczs.networks import Network
from btczs.wallet.accounts import Account
from btczs.wallet.answers import AccountInfo, Balances, NodeInfo, Nonces
from btczs.wallet.building import Signed
from btczs.wallet.client import TIMEOUT_S, Client
from btczs.wallet.waiting import WaitState

T = TypeVar("T")


class SyncClient:
    """As `Client`, with an event loop of its own. Not for use inside a running event loop."""

    def __init__(
        self,
        url: str | None = None,
        network: Network | None = None,
        *,
        timeout_s: float = TIMEOUT_S,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._client = Client(url, network, timeout_s=timeout_s, transport=transport)
        self._runner = asyncio.Runner()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._run(self._client.close())
        self._runner.close()

    @property
    def url(self) -> str:
        return self._client.url

    @property
    def network(self) -> Network:
        return self._client.network

    def info(self) -> NodeInfo:
        return self._run(self._client.info())

    def account(self, address: str) -> AccountInfo:
        return self._run(self._client.account(address))

    def nonces(self, address: str) -> Nonces:
        return self._run(self._client.nonces(address))

    def balances(self, address: str) -> Balances:
        return self._run(self._client.balances(address))

    def transaction(self, txid: str) -> dict[str, Any]:
        return self._run(self._client.transaction(txid))

    def block(self, which: int | str = "latest") -> dict[str, Any]:
        return self._run(self._client.block(which))

    def submit(self, raw: bytes) -> str:
        return self._run(self._client.submit(raw))

    def transfer(
        self,
        account: Account,
        recipient: str,
        amount: int | str,
        memo: str | bytes = b"",
        fee: int | None = None,
        nonce: int | None = None,
    ) -> Signed:
        return self._run(self._client.transfer(account, recipient, amount, memo, fee, nonce))

    def faucet(self, address: str) -> str:
        return self._run(self._client.faucet(address))

    def wait(
        self, txid: str, state: WaitState = "mined", timeout_s: float = 60.0
    ) -> dict[str, Any]:
        return self._run(self._client.wait(txid, state, timeout_s))

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(work)
