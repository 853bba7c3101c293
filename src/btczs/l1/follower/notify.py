"""News of blocks over ZMQ, so that polling may be rare: a subscriber in a hundred lines.

Nodes publish `hashblock` where they are started with `-zmqpubhashblock=tcp://HOST:PORT`. Of ZMTP
3.0 (RFC 23) a subscriber needs little: a greeting, one READY command, one subscription, and frames
to read. What is published is not believed, it only wakes the follower.
"""

import asyncio
import logging
from urllib.parse import urlsplit

from btczs.primitives import DecodeError, InvalidInput

TOPIC = b"hashblock"
FRAME_BYTES_MAX = 4096
"""Parts of a `hashblock` message have 9, 32 and 4 bytes."""
HANDSHAKE_S_MAX = 10
RECONNECT_S = 5

_GREETING = b"\xff" + bytes(7) + b"\x01\x7f" + b"\x03\x00" + b"NULL".ljust(20, b"\0") + bytes(32)
_READY = b"\x05READY\x0bSocket-Type\x00\x00\x00\x03SUB"
_MORE, _LONG, _COMMAND = 1, 2, 4

_log = logging.getLogger("btczs.l1.follower")


async def wake_on_blocks(endpoint: str, wake: asyncio.Event) -> None:
    """Set `wake` for each block the node at `endpoint` (`tcp://HOST:PORT`) publishes. Runs until
    cancelled; reconnects, since polling goes on without it. Raises `InvalidInput` at once for a
    malformed endpoint.
    """
    host, port = _parse_endpoint(endpoint)
    while True:
        try:
            await _subscribe(host, port, wake)
        except (OSError, EOFError, TimeoutError, DecodeError) as error:
            _log.warning("no news from %s: %s", endpoint, error)
        wake.set()  # a block may have come while nobody listened
        await asyncio.sleep(RECONNECT_S)


async def _subscribe(host: str, port: int, wake: asyncio.Event) -> None:
    async with asyncio.timeout(HANDSHAKE_S_MAX):
        reader, writer = await asyncio.open_connection(host, port)
    try:
        async with asyncio.timeout(HANDSHAKE_S_MAX):
            writer.write(_GREETING)
            greeting = await reader.readexactly(len(_GREETING))
            if greeting[0] != 0xFF or greeting[9] != 0x7F or greeting[10] < 3:
                raise DecodeError("it does not speak ZMTP 3")
            if greeting[12:32] != _GREETING[12:32]:
                raise DecodeError("it asks for a security mechanism")
            writer.write(_make_frame(_COMMAND, _READY))
            flags, body = await _read_frame(reader)
            if not flags & _COMMAND or not body.startswith(b"\x05READY"):
                raise DecodeError("it is not ready for a subscriber")
            writer.write(_make_frame(0, b"\x01" + TOPIC))
            await writer.drain()
        while True:
            if await _read_message(reader) == TOPIC:
                wake.set()
    finally:
        writer.close()


async def _read_message(reader: asyncio.StreamReader) -> bytes:
    """The topic of the next message; empty for a command."""
    flags, topic = await _read_frame(reader)
    if flags & _COMMAND:
        return b""
    while flags & _MORE:
        flags, _ = await _read_frame(reader)
    return topic


async def _read_frame(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    flags = (await reader.readexactly(1))[0]
    size = int.from_bytes(await reader.readexactly(8 if flags & _LONG else 1), "big")
    if size > FRAME_BYTES_MAX:
        raise DecodeError(f"a frame of {size} bytes")
    return flags, await reader.readexactly(size)


def _make_frame(flags: int, body: bytes) -> bytes:
    return bytes((flags, len(body))) + body


def _parse_endpoint(endpoint: str) -> tuple[str, int]:
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if host is None or port is None or parts.scheme != "tcp":
        raise InvalidInput(f"{endpoint!r} is not of the form tcp://HOST:PORT")
    return host, port
