"""The ZMQ subscriber against a publisher in a few lines, honest and not."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from btczs.l1.follower import wake_on_blocks
from btczs.l1.follower.notify import TOPIC
from btczs.primitives import InvalidInput

GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x01NULL" + bytes(16) + b"\x01" + bytes(31)
READY = b"\x05READY\x0bSocket-Type\x00\x00\x00\x03PUB"

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def frame(flags: int, body: bytes) -> bytes:
    if len(body) < 256:
        return bytes((flags, len(body))) + body
    return bytes((flags | 2,)) + len(body).to_bytes(8, "big") + body


async def shake_hands(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    """The publisher's side of the handshake; returns the topic subscribed to."""
    writer.write(GREETING)
    greeting = await reader.readexactly(64)
    assert greeting[:1] == b"\xff"
    assert greeting[9:16] == b"\x7f\x03\x00NULL"
    writer.write(frame(4, READY))
    flags, size = await reader.readexactly(2)
    assert flags == 4
    assert b"Socket-Type\x00\x00\x00\x03SUB" in await reader.readexactly(size)
    flags, size = await reader.readexactly(2)
    assert flags == 0
    subscription = await reader.readexactly(size)
    assert subscription[:1] == b"\x01"
    return subscription[1:]


def count_wakes(serve: Serve, until: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """Serve one subscriber; how often it woke, at least `until` times."""
    monkeypatch.setattr("btczs.l1.follower.notify.RECONNECT_S", 0.01)

    async def run() -> int:
        wake = asyncio.Event()
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        task = asyncio.create_task(wake_on_blocks(f"tcp://127.0.0.1:{port}", wake))
        woken = 0
        async with asyncio.timeout(10):
            while woken < until:
                await wake.wait()
                wake.clear()
                woken += 1
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        server.close()
        return woken

    return asyncio.run(run())


def test_a_published_block_wakes(monkeypatch: pytest.MonkeyPatch) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await shake_hands(reader, writer) == TOPIC
        for number in range(3):
            writer.write(frame(1, TOPIC) + frame(1, bytes(32)) + frame(0, bytes((number, 0, 0, 0))))
            await writer.drain()
            await asyncio.sleep(0.05)
        await asyncio.sleep(10)

    assert count_wakes(serve, 3, monkeypatch) == 3


@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n" + bytes(64),
        GREETING[:12] + b"CURVE".ljust(20, b"\0") + bytes(32),
        GREETING + frame(0, b"hello"),
        GREETING + frame(4, READY) + b"\x02" + (2**60).to_bytes(8, "big"),
        GREETING[:5],
        b"",
    ],
    ids=["http", "curve", "not ready", "huge frame", "short greeting", "silence"],
)
def test_a_false_publisher_is_left_and_tried_again(
    reply: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    connections = 0

    async def serve(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        writer.write(reply)
        await writer.drain()
        writer.close()

    count_wakes(serve, 2, monkeypatch)
    assert connections >= 2


@pytest.mark.parametrize(
    "endpoint", ["", "127.0.0.1:5", "http://a:1", "tcp://a", "tcp://a:99999", "tcp://[:1"]
)
def test_a_malformed_endpoint_is_refused(endpoint: str) -> None:
    with pytest.raises(InvalidInput):
        asyncio.run(wake_on_blocks(endpoint, asyncio.Event()))


def test_the_publisher_of_libzmq_wakes() -> None:
    """The other side of the protocol as the nodes have it, where its Python binding is there."""
    zmq = pytest.importorskip("zmq", reason="pyzmq is absent: no real publisher to subscribe to")

    async def run() -> None:
        context = zmq.Context()
        publisher = context.socket(zmq.PUB)
        port = publisher.bind_to_random_port("tcp://127.0.0.1")
        wake = asyncio.Event()
        task = asyncio.create_task(wake_on_blocks(f"tcp://127.0.0.1:{port}", wake))
        async with asyncio.timeout(10):
            while not wake.is_set():
                publisher.send_multipart([TOPIC, bytes(32), bytes(4)])
                await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        context.destroy(linger=0)

    asyncio.run(run())
