"""One client: its topics and the bounded queue of messages that wait for it."""

import asyncio
from collections import deque
from collections.abc import Iterable
from typing import Final

from btczs.api.websocket.subscriptions import Topic

QUEUE_BYTES_MAX: Final = 16 * 1024 * 1024
"""Characters that wait for one connection, beside the bound on messages. One message always fits."""

GOING_AWAY: Final = 1001
TOO_BIG: Final = 1009
INTERNAL: Final = 1011
TRY_AGAIN: Final = 1013
"""Close codes of RFC 6455 and the IANA registry."""


class Connection:
    """Filled by the hub and the reader, emptied by the writer; all in one event loop."""

    def __init__(self, queue_max: int) -> None:
        self.queue_max = max(1, queue_max)
        self.topics: set[Topic] = set()
        self.close_code: int | None = None
        self.close_reason = ""
        self.closed = asyncio.Event()
        self._waiting: deque[str] = deque()
        self._size = 0
        self._filled = asyncio.Event()
        self._drained = asyncio.Event()
        self._replaying = False
        self._replayed: set[bytes] = set()

    # ------------------------------------------------------------------ the queue

    @property
    def is_empty(self) -> bool:
        return not self._waiting

    def push(self, text: str) -> bool:
        """Queues a message. False, and the connection is closing, if there is no room."""
        if self.close_code is not None:
            return True  # nobody will read it, and it was reported already
        if self._waiting and (
            len(self._waiting) >= self.queue_max or self._size + len(text) > QUEUE_BYTES_MAX
        ):
            self.close(TRY_AGAIN, "reads too slowly")
            return False
        self._waiting.append(text)
        self._size += len(text)
        self._filled.set()
        return True

    async def next(self) -> str:
        """The oldest message; waits for one."""
        while not self._waiting:
            self._filled.clear()
            await self._filled.wait()
        text = self._waiting.popleft()
        self._size -= len(text)
        self._drained.set()
        return text

    async def wait_half_empty(self, timeout_s: float) -> None:
        """Returns when at most half of the queue is taken. Raises `TimeoutError`."""
        async with asyncio.timeout(timeout_s):
            while len(self._waiting) > self.queue_max // 2 or self._size > QUEUE_BYTES_MAX // 2:
                self._drained.clear()
                await self._drained.wait()

    def close(self, code: int, reason: str) -> None:
        """Asks the endpoint to end the connection. The first call decides the code."""
        if self.close_code is None:
            self.close_code, self.close_reason = code, reason
            self._waiting.clear()
            self._size = 0
            self.closed.set()

    # ------------------------------------------------------------------ replayed blocks

    def begin_replay(self) -> None:
        """From now on live blocks are left to the replay."""
        self._replaying = True
        self._replayed.clear()

    def end_replay(self, block_ids: Iterable[bytes] = ()) -> None:
        """Live blocks again. Events of the replayed `block_ids` may still be on their way."""
        self._replaying = False
        self._replayed = set(block_ids)

    def wants_block(self, block_id: bytes) -> bool:
        """Whether a live block is news to this client. Ask once per block event."""
        if self._replaying:
            return False
        if block_id in self._replayed:
            self._replayed.discard(block_id)
            return False
        self._replayed.clear()  # events come in order: the rest of the replayed ones came before
        return True
