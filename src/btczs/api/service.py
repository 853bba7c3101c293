"""What handlers share: the node, the options, and the little state the API itself has."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

from btczs.api.backend import Backend
from btczs.api.options import ApiOptions
from btczs.api.ratelimit import TokenBuckets
from btczs.api.websocket.hub import Hub

log = logging.getLogger("btczs.api")


class ApiService:
    """One per application."""

    def __init__(self, backend: Backend, options: ApiOptions) -> None:
        self.backend = backend
        self.options = options
        self.hub = Hub(backend, options)
        self._hub_task: asyncio.Task[None] | None = None
        self._users = 0
        self.faucet_buckets = TokenBuckets(
            max(1, options.faucet_requests_per_hour), 3600, options.faucet_requests_burst
        )

    @property
    def transaction_body_max(self) -> int:
        """Bytes of a request that carries a transaction: hexadecimal, and JSON around it."""
        return 2 * self.backend.network.limits.transaction_bytes_max + 4096

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Pushes events inside the `with`. May be entered by several servers of one event loop.

        The first to come starts the hub, the last to go stops it.
        """
        self._users += 1
        if self._hub_task is None:
            self._hub_task = asyncio.create_task(self.hub.run(), name="api-hub")
        try:
            yield
        finally:
            self._users -= 1
            if self._users == 0:
                task, self._hub_task = self._hub_task, None
                task.cancel()
                await asyncio.wait([task])
                if not task.cancelled() and (error := task.exception()) is not None:
                    log.error("the hub of the WebSockets failed", exc_info=error)
