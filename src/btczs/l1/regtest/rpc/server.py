"""A listening socket for the RPC, on loopback only."""

import asyncio
import contextlib
import ipaddress
import socket
from collections.abc import Iterator

import uvicorn

from btczs.l1.regtest.node import RegtestNode
from btczs.l1.regtest.rpc.app import create_rpc_app
from btczs.primitives import InvalidInput, Unavailable

STARTED_POLL_S = 0.005
STOP_TIMEOUT_S = 5
CONCURRENT_MAX = 200


class _QuietServer(uvicorn.Server):
    """A server inside a larger program, which handles the signals itself."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class RpcServer:
    """Serves a node's RPC from `start` to `stop`, both called in one event loop.

    `port` 0 lets the system choose; the property `port` then tells which.
    """

    def __init__(
        self,
        node: RegtestNode,
        user: str,
        password: str,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        if host != "localhost" and not _is_loopback(host):
            raise InvalidInput(f"the embedded node is served on loopback only, not on {host}")
        self._host = host
        self._port = port
        self._socket: socket.socket | None = None
        self._task: asyncio.Task[None] | None = None
        config = uvicorn.Config(
            create_rpc_app(node, user, password),
            log_level="warning",
            access_log=False,
            lifespan="off",
            ws="none",
            server_header=False,
            timeout_graceful_shutdown=STOP_TIMEOUT_S,
            limit_concurrency=CONCURRENT_MAX,
        )
        self._server = _QuietServer(config)

    @property
    def port(self) -> int:
        return self._port

    @property
    def url(self) -> str:
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}/"

    async def start(self) -> None:
        """Returns once connections are accepted. Raises `Unavailable` if the port is taken."""
        try:
            self._socket = socket.create_server((self._host, self._port), family=self._family())
        except OSError as error:
            message = f"port {self._port} of {self._host} cannot be served: {error.strerror}"
            raise Unavailable(message) from error
        # Inherited by accepted connections; without it a reply waits 40 ms for the client's ACK.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._port = self._socket.getsockname()[1]
        self._task = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        # uvicorn has a flag, not an event.
        while not self._server.started and not self._task.done():  # noqa: ASYNC110
            await asyncio.sleep(STARTED_POLL_S)
        if self._task.done():
            self._task.result()

    async def stop(self) -> None:
        """Finishes the calls under way (bounded), then closes the socket."""
        if self._task is not None:
            self._server.should_exit = True
            await self._task
            self._task = None
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _family(self) -> socket.AddressFamily:
        return socket.AF_INET6 if ":" in self._host else socket.AF_INET


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
