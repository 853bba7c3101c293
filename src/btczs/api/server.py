"""Serving the application with uvicorn, on one port or several, inside the caller's event loop."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

import uvicorn
from starlette.applications import Starlette

from btczs.api.options import ApiOptions
from btczs.primitives import InvalidInput, Unavailable

LOOPBACK: Final = "127.0.0.1"

BACKLOG: Final = 512
"""Connections that wait to be accepted."""

SHUTDOWN_S: Final = 5
"""How long open requests may still take when the server stops."""

KEEP_ALIVE_S: Final = 15

HTTP_CONCURRENT_MAX: Final = 1000
"""Connections and requests beside the WebSockets; beyond, 503 at once."""


class CannotListen(Unavailable):
    """A port cannot be opened. Fields: `host`, `port`."""

    code: ClassVar[str] = "cannot_listen"

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(f"{host}:{port}: {reason}")
        self.host, self.port = host, port


class _Server(uvicorn.Server):
    """Leaves the process's signals alone: the node decides what ends it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class ApiServer:
    """A running server. `start` returns when it accepts connections, `stop` when it has ended."""

    def __init__(
        self, app: Starlette, host: str = LOOPBACK, ports: int | Sequence[int] = 0
    ) -> None:
        """One port or several. Port 0 lets the system choose; see `ports` after `start`."""
        self._host = host
        self._wanted = (ports,) if isinstance(ports, int) else tuple(ports)
        if not self._wanted:
            raise InvalidInput("a server needs a port")
        self._ports: tuple[int, ...] = ()
        self._sockets: list[socket.socket] = []
        self._task: asyncio.Task[None] | None = None
        options: ApiOptions = app.state.service.options
        self._server = _Server(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                server_header=False,
                lifespan="on",
                proxy_headers=False,  # a client must not choose the address it is limited by
                limit_concurrency=HTTP_CONCURRENT_MAX + options.ws_connections_max,
                backlog=BACKLOG,
                timeout_keep_alive=KEEP_ALIVE_S,
                timeout_graceful_shutdown=SHUTDOWN_S,
                ws="websockets-sansio",
                ws_max_size=options.ws_message_bytes_max,
                ws_ping_interval=options.ws_ping_interval_s,
                ws_ping_timeout=options.ws_ping_timeout_s,
                ws_per_message_deflate=False,
            )
        )

    @property
    def ports(self) -> tuple[int, ...]:
        """The ports it listens on, in the order asked for; empty before `start`."""
        return self._ports

    @property
    def port(self) -> int:
        """The first of `ports`."""
        return self._ports[0]

    @property
    def url(self) -> str:
        """Of the first port, without a slash at the end."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self.port}"

    async def start(self) -> None:
        """Raises `CannotListen`."""
        try:
            for port in self._wanted:
                self._sockets.append(_listen(self._host, port))
        except CannotListen:
            self._close_sockets()
            raise
        self._ports = tuple(opened.getsockname()[1] for opened in self._sockets)
        self._task = asyncio.create_task(self._server.serve(self._sockets), name="api server")
        while not self._server.started:
            if self._task.done():
                self._close_sockets()
                await self._task  # raises what went wrong
                raise CannotListen(self._host, self._wanted[0], "the server ended at its start")
            await asyncio.sleep(0.01)

    async def wait(self) -> None:
        """Returns when the server has ended."""
        if self._task is not None:
            await self._task

    async def stop(self) -> None:
        """Ends it: no new connections, open requests get some seconds."""
        self._server.should_exit = True
        await self.wait()
        self._close_sockets()

    def _close_sockets(self) -> None:
        for opened in self._sockets:
            opened.close()


async def serve(app: Starlette, host: str = LOOPBACK, ports: Sequence[int] = (20443, 3999)) -> None:
    """Serves `app` on all `ports` until cancelled. The default is the specification's two ports.

    Raises `CannotListen`.
    """
    server = ApiServer(app, host, ports)
    await server.start()
    try:
        await server.wait()
    finally:
        await server.stop()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Inherited by accepted connections; without it a reply waits 40 ms for the client's ACK.
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        opened.bind((host, port))
        opened.setblocking(False)
    except OSError as error:
        opened.close()
        raise CannotListen(host, port, error.strerror or str(error)) from error
    return opened
