"""Waiting for a transaction: told by the WebSocket when there is one, and asking in any case.

The answer to a question decides; a message from the WebSocket is only a reason to ask now.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from typing import Any, Final, Literal, Protocol, get_args
from urllib.parse import urlsplit, urlunsplit

import msgspec

from btczs.primitives import InvalidInput
from btczs.wallet.errors import NotFound, TransactionFailed, WaitTimeout
from btczs.wallet.transport import is_loopback

WaitState = Literal["pending", "mined", "signed", "anchored", "final"]
STATES: Final[tuple[str, ...]] = get_args(WaitState)

POLL_S: Final = 0.5
"""Between two questions while nobody tells us."""
POLL_CONNECTED_S: Final = 5.0
"""The same with a WebSocket: only against a message that was lost."""
CONNECT_TIMEOUT_S: Final = 3.0
MESSAGE_BYTES_MAX: Final = 16 * 1024 * 1024


class Source(Protocol):
    """What is needed of a client."""

    @property
    def url(self) -> str: ...

    async def transaction(self, txid: str) -> dict[str, Any]: ...


class News:
    """Set when there may be something new; `is_connected` while the WebSocket is open."""

    def __init__(self) -> None:
        self.event = asyncio.Event()
        self.is_connected = False

    async def wait(self, timeout_s: float) -> None:
        """Until there is news, at most `timeout_s` and at most until it is time to ask again."""
        pause_s = min(timeout_s, POLL_CONNECTED_S if self.is_connected else POLL_S)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause_s):
                await self.event.wait()
        self.event.clear()


async def wait_for_state(source: Source, txid: str, state: str, timeout_s: float) -> dict[str, Any]:
    """The transaction once it is at least `state`. Raises `TransactionFailed`, `WaitTimeout`."""
    if state not in STATES:
        raise InvalidInput(f"{state[:20]!r} is no state; there are: {', '.join(STATES)}")
    deadline = time.monotonic() + timeout_s
    last: str | None = None
    async with listen(source.url, txid) as news:
        while True:
            found = await _ask(source, txid)
            if found is not None:
                last = get_state(found)
                _raise_if_dropped(txid, found)
                if last in STATES and STATES.index(last) >= STATES.index(state):
                    return found
            left_s = deadline - time.monotonic()
            if left_s <= 0:
                raise WaitTimeout(txid, state, last, timeout_s)
            await news.wait(left_s)


async def _ask(source: Source, txid: str) -> dict[str, Any] | None:
    """None while the node does not know it: it may come by another way."""
    try:
        return await source.transaction(txid)
    except NotFound:
        return None


def get_state(transaction: dict[str, Any]) -> str:
    """`btczs_status`; for another Stacks API, pending or mined."""
    state = transaction.get("btczs_status")
    if isinstance(state, str):
        return state
    return "pending" if transaction.get("tx_status") == "pending" else "mined"


def _raise_if_dropped(txid: str, found: dict[str, Any]) -> None:
    status = str(found.get("tx_status", ""))
    if get_state(found) == "dropped" or status.startswith("dropped"):
        raise TransactionFailed(txid, status, str(found.get("btczs_drop_reason") or ""))


@contextlib.asynccontextmanager
async def listen(url: str, txid: str) -> AsyncIterator[News]:
    """Subscribes to `tx_update` in the background, for as long as the context lasts."""
    news = News()
    task = asyncio.create_task(_listen(make_ws_url(url), txid, news))
    try:
        yield news
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _listen(ws_url: str, txid: str, news: News) -> None:
    # Imported here: a script that never waits need not load it.
    from websockets.asyncio.client import connect
    from websockets.exceptions import WebSocketException

    request = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "subscribe",
        "params": {"event": "tx_update", "tx_id": "0x" + txid},
    }
    try:
        async with connect(
            ws_url,
            open_timeout=CONNECT_TIMEOUT_S,
            close_timeout=1,
            max_size=MESSAGE_BYTES_MAX,
            proxy=None if is_loopback(ws_url) else True,
        ) as socket:
            await socket.send(msgspec.json.encode(request).decode())
            async for _ in socket:  # the first message acknowledges: what was before is now seen
                news.is_connected = True
                news.event.set()
    except (OSError, TimeoutError, WebSocketException):
        news.is_connected = False  # asking goes on without it
    finally:
        news.is_connected = False


def make_ws_url(url: str) -> str:
    """`ws://host/extended/v1/ws` of `http://host`."""
    parts = urlsplit(url)
    scheme = "wss" if parts.scheme == "https" else "ws"
    return urlunsplit((scheme, parts.netloc, parts.path.rstrip("/") + "/extended/v1/ws", "", ""))
