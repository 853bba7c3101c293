"""A node that exists only for the tests of the WebSocket: a real index, and events by hand."""

import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.testclient import TestClient, WebSocketTestSession

from btczs.api.backend import BlockAdded, MempoolAdded, MempoolDropped, StatusAdvanced, Tip
from btczs.api.events import EventBus
from btczs.api.options import ApiOptions
from btczs.api.websocket.endpoint import serve_websocket
from btczs.api.websocket.hub import Hub
from btczs.codec.clarity import principal_text
from btczs.indexer import Credit, Index, IndexedTransaction, IndexRecord
from btczs.ledger.accounts import Account
from btczs.ledger.devnet import DevnetKey, devnet_accounts
from btczs.ledger.events import TransferEvent, to_principal_bytes
from btczs.ledger.mempool import Dropped
from btczs.ledger.mempool.entry import make_entry
from btczs.ledger.receipts import RESULT_OK_TRUE, Receipt
from btczs.ledger.transactions import (
    decode_transaction,
    encode_transaction,
    make_token_transfer,
    sign_origin,
    sign_sponsor,
    verify_transaction,
)
from btczs.ledger.transactions.builders import single_sig
from btczs.ledger.transactions.signing import set_sponsor
from btczs.networks import load_network

NETWORK = load_network("devnet")
A, B, C, D = devnet_accounts()[:4]
FEE = 1000


def address(key: DevnetKey) -> str:
    return principal_text(key.principal)


def transfer(nonce: int, amount: int = 10, sponsor: DevnetKey | None = None) -> bytes:
    """From A to B; with `sponsor`, somebody else pays the fee."""
    origin = single_sig(A.public_key, nonce=nonce, fee=0 if sponsor else FEE)
    tx = make_token_transfer(NETWORK, origin, B.principal, amount, sponsored=sponsor is not None)
    tx = sign_origin(tx, A.secret)
    if sponsor is not None:
        tx = set_sponsor(tx, single_sig(sponsor.public_key, nonce=0, fee=FEE))
        tx = sign_sponsor(tx, sponsor.secret)
    return encode_transaction(tx)


def authenticate(raw: bytes) -> Any:
    return verify_transaction(decode_transaction(raw), raw, NETWORK)


def txid_of(raw: bytes) -> str:
    return "0x" + authenticate(raw).txid.hex()


class FakeBackend:
    """What the hub asks of a node."""

    def __init__(self, path: Path) -> None:
        self.network = NETWORK
        self.index = Index(path / "index.sqlite")
        self.bus = EventBus()
        self.entries: dict[bytes, Any] = {}
        self.dropped: dict[bytes, Dropped] = {}
        self.finality = StatusAdvanced(-1, -1, -1)  # type: ignore[arg-type]
        self.subscribe = self.bus.subscribe
        self.ids: list[bytes] = []

    def tip(self) -> Tip:
        zero, done = bytes(32), self.finality
        height = len(self.ids) - 1
        values = (height, zero, zero, bytes(20), 1, 0, 0, "00" * 32, bytes(20))
        return Tip(*values, done.signed, done.anchored, done.final, zero, zero)  # type: ignore[arg-type]

    def account(self, principal: Any) -> Account:
        del principal
        return Account(777, 3)  # type: ignore[arg-type]

    def mempool_entry(self, txid: bytes) -> Any:
        return self.entries.get(txid)

    def dropped_status(self, txid: bytes) -> Dropped | None:
        return self.dropped.get(txid)

    # ------------------------------------------------------------------ what happens

    def add_block(self, *raws: bytes, branch: int = 0, credits: tuple[Credit, ...] = ()) -> int:
        """Into the index, then told. Even heights begin a tenure."""
        height = len(self.ids)
        block_id = bytes([branch]) + height.to_bytes(31, "big")
        transactions = tuple(
            IndexedTransaction(raw, _receipt(raw, i)) for i, raw in enumerate(raws)
        )
        record = IndexRecord(
            height=height,
            block_id=block_id,
            block_hash=bytes([0x80 | branch]) + block_id[1:],
            parent_block_id=self.ids[-1] if self.ids else bytes(32),
            consensus_hash=bytes(20),
            tenure_height=height // 2,
            is_tenure_start=height % 2 == 0,
            timestamp=1_700_000_000 + height,
            miner=address(D),
            state_root=bytes(32),
            l1_height=100 + height // 2,
            l1_hash=f"{100 + height // 2:064x}",
            l1_time=1_700_000_000,
            transactions=transactions,
            credits=credits,
        )  # type: ignore[arg-type]
        self.index.apply(record)
        self.ids.append(block_id)
        self.bus.publish(BlockAdded(record))
        return height

    def roll_back(self, height: int) -> None:
        self.index.rollback_to(height)
        del self.ids[height + 1 :]

    def add_waiting(self, raw: bytes) -> None:
        tx = authenticate(raw)
        self.entries[tx.txid] = make_entry(1, tx, 1, 1_700_000_000)  # type: ignore[arg-type]
        self.bus.publish(MempoolAdded(tx.txid))

    def drop(self, raw: bytes, *, remember: bool = True) -> None:
        txid, status = authenticate(raw).txid, "dropped_stale_garbage_collect"
        self.entries.pop(txid, None)
        if remember:
            self.dropped[txid] = Dropped(txid, status, "too old", None, 1, 1_700_000_000, raw)  # type: ignore[arg-type]
        self.bus.publish(MempoolDropped(txid, status))

    def advance(self, signed: int, anchored: int = -1, final: int = -1) -> None:
        self.finality = StatusAdvanced(signed, anchored, final)  # type: ignore[arg-type]
        self.bus.publish(self.finality)


def _receipt(raw: bytes, index: int) -> Receipt:
    tx = authenticate(raw)
    sides = to_principal_bytes(tx.origin), to_principal_bytes(tx.tx.payload.recipient)
    event = TransferEvent(*sides, tx.tx.payload.amount, b"")
    return Receipt(tx.txid, index, "success", RESULT_OK_TRUE, (event,), tx.fee)  # type: ignore[arg-type]


class World:
    """A served hub. `do` runs a step inside the server's event loop."""

    def __init__(self, client: TestClient, backend: FakeBackend, hub: Hub) -> None:
        self.client, self.backend, self.hub = client, backend, hub

    def do(self, step: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        assert self.client.portal is not None
        return self.client.portal.call(lambda: step(*args, **kwargs))

    def connect(self) -> WebSocketTestSession:
        return self.client.websocket_connect("/extended/v1/ws")


@contextmanager
def make_world(path: Path, **options: Any) -> Iterator[World]:
    import asyncio

    backend = FakeBackend(path)
    chosen = msgspec.structs.replace(ApiOptions(), **options)
    hub = Hub(backend, chosen)  # type: ignore[arg-type]
    service = SimpleNamespace(hub=hub, backend=backend, options=chosen)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        del app
        task = asyncio.create_task(hub.run())
        await asyncio.sleep(0)
        yield
        backend.bus.close()
        await task

    async def endpoint(websocket: Any) -> None:
        await serve_websocket(websocket, service)  # type: ignore[arg-type]

    app = Starlette(routes=[WebSocketRoute("/extended/v1/ws", endpoint)], lifespan=lifespan)
    try:
        with TestClient(app) as client:
            yield World(client, backend, hub)
    finally:
        backend.index.close()


def ask(ws: WebSocketTestSession, method: str, request_id: Any = 1, **params: Any) -> Any:
    ws.send_json({"jsonrpc": "2.0", "id": request_id, "method": method, "params": params})
    return json.loads(ws.receive_text())


def subscribe(ws: WebSocketTestSession, event: str, **params: Any) -> Any:
    answer = ask(ws, "subscribe", event=event, **params)
    assert "result" in answer, answer
    return answer["result"]
