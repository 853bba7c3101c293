"""The socket: one task reads, one writes, and whatever ends first ends the connection.

Pings are the server's (`ws_ping_interval_s` and `ws_ping_timeout_s` of the options).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

from starlette.websockets import WebSocket, WebSocketDisconnect

from btczs.api.websocket.connection import INTERNAL, TOO_BIG, TRY_AGAIN, Connection
from btczs.api.websocket.conversation import Conversation
from btczs.api.websocket.hub import Hub, TooManyConnections

if TYPE_CHECKING:  # the service holds the hub of this package
    from btczs.api.service import ApiService

log = logging.getLogger("btczs.api.websocket")

CLOSE_TIMEOUT_S: Final = 5


async def serve_websocket(websocket: WebSocket, service: "ApiService") -> None:
    """Serves one client until it leaves or is disconnected."""
    await _serve(websocket, service.hub)


def make_endpoint(hub: Hub) -> Callable[[WebSocket], Awaitable[None]]:
    """The same as an endpoint of a Starlette route."""

    async def endpoint(websocket: WebSocket) -> None:
        await _serve(websocket, hub)

    return endpoint


async def _serve(websocket: WebSocket, hub: Hub) -> None:
    try:
        await websocket.accept()
    except WebSocketDisconnect:
        return
    try:
        connection = hub.connect()
    except TooManyConnections as error:
        await _close(websocket, TRY_AGAIN, str(error))
        return
    try:
        await _run(websocket, connection, hub)
    finally:
        hub.disconnect(connection)
    if connection.close_code is not None:
        await _close(websocket, connection.close_code, connection.close_reason)


async def _run(websocket: WebSocket, connection: Connection, hub: Hub) -> None:
    tasks = {
        asyncio.create_task(_read(websocket, connection, hub)),
        asyncio.create_task(_write(websocket, connection)),
        asyncio.create_task(_wait_closed(connection)),
    }
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    for task in tasks:
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a WebSocket task failed", exc_info=error)
            connection.close(INTERNAL, "an error of this node")


async def _read(websocket: WebSocket, connection: Connection, hub: Hub) -> None:
    conversation = Conversation(connection, hub)
    while connection.close_code is None:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            return
        raw = message.get("text")
        if raw is None:
            raw = message.get("bytes") or b""
        if _count_bytes(raw) > hub.options.ws_message_bytes_max:
            connection.close(TOO_BIG, "the message is too long")
            return
        await conversation.handle(raw)


async def _write(websocket: WebSocket, connection: Connection) -> None:
    try:
        while True:
            await websocket.send_text(await connection.next())
    except WebSocketDisconnect:
        return


async def _wait_closed(connection: Connection) -> None:
    await connection.closed.wait()


def _count_bytes(raw: str | bytes) -> int:
    return len(raw) if isinstance(raw, bytes) else len(raw.encode("utf-8", "surrogatepass"))


async def _close(websocket: WebSocket, code: int, reason: str) -> None:
    """Sends the close frame, if the client still takes one."""
    try:
        async with asyncio.timeout(CLOSE_TIMEOUT_S):
            await websocket.close(code, reason)
    except (TimeoutError, WebSocketDisconnect) as error:
        log.debug("closed without a close frame: %s", type(error).__name__)
