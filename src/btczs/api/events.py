"""Fan-out of chain events inside one process: bounded queues, and slow readers are told so."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import ClassVar

from btczs.api.backend import ChainEvent
from btczs.primitives import Unavailable


class SubscriberTooSlow(Unavailable):
    """A reader fell further behind than its queue is long, and was cut off. Field: `queue_max`."""

    code: ClassVar[str] = "subscriber_too_slow"

    def __init__(self, queue_max: int) -> None:
        super().__init__(f"more than {queue_max} events behind")
        self.queue_max = queue_max


class _Subscriber:
    __slots__ = ("overflowed", "queue", "queue_max")

    def __init__(self, queue_max: int) -> None:
        self.queue_max = queue_max
        # One place more than promised, so that the end mark (None) always fits.
        self.queue: asyncio.Queue[ChainEvent | None] = asyncio.Queue(queue_max + 1)
        self.overflowed = False

    async def read(self) -> AsyncIterator[ChainEvent]:
        while True:
            event = await self.queue.get()
            if event is None:
                if self.overflowed:
                    raise SubscriberTooSlow(self.queue_max)
                return
            yield event


class EventBus:
    """One writer, many readers, in one event loop. `publish` never waits."""

    def __init__(self) -> None:
        self._subscribers: set[_Subscriber] = set()

    @property
    def subscriber_count(self) -> int:
        return len(self._subscribers)

    def publish(self, event: ChainEvent) -> None:
        """Gives `event` to every reader; one that is too far behind is cut off instead."""
        for subscriber in tuple(self._subscribers):
            if subscriber.queue.qsize() < subscriber.queue_max:
                subscriber.queue.put_nowait(event)
            else:
                subscriber.overflowed = True
                self._end(subscriber)

    def close(self) -> None:
        """Ends every reader's iteration after what it has not read yet."""
        for subscriber in tuple(self._subscribers):
            self._end(subscriber)

    def _end(self, subscriber: _Subscriber) -> None:
        self._subscribers.discard(subscriber)
        subscriber.queue.put_nowait(None)

    @asynccontextmanager
    async def subscribe(self, queue_max: int) -> AsyncIterator[AsyncIterator[ChainEvent]]:
        subscriber = _Subscriber(queue_max)
        self._subscribers.add(subscriber)
        try:
            yield subscriber.read()
        finally:
            self._subscribers.discard(subscriber)
