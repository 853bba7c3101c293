"""Who hears what: one task per application turns chain events into messages of connections.

The hub reads the node's events from one bounded queue and never waits for a client. It lets other
tasks run between messages, so that a long block does not overflow the queue of a client that reads.
If the hub itself misses events, or fails over one, every client is disconnected: whoever stays
connected has heard everything.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable
from typing import Final

import msgspec

from btczs.api.backend import (
    Backend,
    BlockAdded,
    ChainEvent,
    MempoolAdded,
    MempoolDropped,
    StatusAdvanced,
    Tip,
)
from btczs.api.events import SubscriberTooSlow
from btczs.api.options import ApiOptions
from btczs.api.websocket.connection import GOING_AWAY, INTERNAL, TRY_AGAIN, Connection
from btczs.api.websocket.notifications import (
    Message,
    Wanted,
    make_block_messages,
    make_dropped_messages,
    make_mempool_messages,
    make_status_message,
)
from btczs.api.websocket.protocol import TooManySubscriptions
from btczs.api.websocket.subscriptions import BLOCK, Topic, tx_topic
from btczs.api.websocket.tracker import StatusTracker
from btczs.primitives import Unavailable

log = logging.getLogger("btczs.api.websocket")

EVENTS_WAITING_MAX: Final = 16_384
"""Chain events that wait for the hub: some seconds of the fullest mempool."""

BURST_MAX: Final = 16
"""Messages between two moments in which writers run."""


class TooManyConnections(Unavailable):
    """The node serves as many WebSockets as it may. Field: `connections_max`."""

    code = "too_many_connections"

    def __init__(self, connections_max: int) -> None:
        super().__init__(f"at most {connections_max} WebSockets")
        self.connections_max = connections_max


class Hub:
    """Connections and their subscriptions. All methods run in the one event loop."""

    def __init__(self, backend: Backend, options: ApiOptions) -> None:
        self.backend = backend
        self.options = options
        self._connections: set[Connection] = set()
        self._subscribers: dict[Topic, dict[Connection, None]] = {}
        self._topics_per_event: Counter[str] = Counter()
        self._tracker = StatusTracker()
        self._finality: StatusAdvanced | None = None
        self.slow_disconnected = 0
        """Clients that were disconnected because they read too slowly, since the start."""

    @property
    def connection_count(self) -> int:
        return len(self._connections)

    @property
    def topic_count(self) -> int:
        """Different topics that have subscribers."""
        return len(self._subscribers)

    # ------------------------------------------------------------------ connections

    def connect(self) -> Connection:
        """A new client. Raises `TooManyConnections`."""
        if len(self._connections) >= self.options.ws_connections_max:
            raise TooManyConnections(self.options.ws_connections_max)
        connection = Connection(self.options.ws_queue_max)
        self._connections.add(connection)
        return connection

    def disconnect(self, connection: Connection) -> None:
        """Forgets the client and its subscriptions. Harmless if that is done."""
        for topic in tuple(connection.topics):
            self.unsubscribe(connection, topic)
        self._connections.discard(connection)

    def send(self, connection: Connection, text: str) -> None:
        """Queues a message; a client without room for it is disconnected and counted."""
        if not connection.push(text):
            self.slow_disconnected += 1
            self.disconnect(connection)

    def close_slow(self, connection: Connection) -> None:
        """Disconnects a client that has not read for too long."""
        if connection.close_code is None:
            connection.close(TRY_AGAIN, "reads too slowly")
            self.slow_disconnected += 1
        self.disconnect(connection)

    def close_all(self, code: int, reason: str) -> None:
        for connection in tuple(self._connections):
            connection.close(code, reason)
            self.disconnect(connection)

    # ------------------------------------------------------------------ subscriptions

    def subscribe(self, connection: Connection, topic: Topic) -> None:
        """Harmless if subscribed. Raises `TooManySubscriptions`."""
        if topic in connection.topics:
            return
        if len(connection.topics) >= self.options.ws_subscriptions_max:
            raise TooManySubscriptions(self.options.ws_subscriptions_max)
        if topic not in self._subscribers:
            if topic.event == "tx_update":
                self._track(bytes.fromhex(topic.key[2:]))
            self._subscribers[topic] = {}
            self._topics_per_event[topic.event] += 1
        self._subscribers[topic][connection] = None
        connection.topics.add(topic)

    def unsubscribe(self, connection: Connection, topic: Topic) -> None:
        """Harmless if not subscribed."""
        if topic not in connection.topics:
            return
        connection.topics.discard(topic)
        subscribers = self._subscribers[topic]
        del subscribers[connection]
        if not subscribers:
            del self._subscribers[topic]
            self._topics_per_event[topic.event] -= 1
            if topic.event == "tx_update":
                self._tracker.discard(bytes.fromhex(topic.key[2:]))

    def _track(self, txid: bytes) -> None:
        with self.backend.index.view() as view:
            row = view.transaction(txid)
        if row is not None:
            self._tracker.put(txid, row.height, self.tip())

    def tip(self) -> Tip:
        """The tip, with finality as far as clients have been told of it."""
        tip = self.backend.tip()
        told = self._finality
        if told is None:
            return tip
        return msgspec.structs.replace(
            tip,
            signed_height=told.signed,
            anchored_height=told.anchored,
            final_height=told.final,
        )

    # ------------------------------------------------------------------ events

    async def run(self) -> None:
        """Until the node ends its events, or the task is cancelled. Then all are disconnected."""
        try:
            while True:
                try:
                    await self._follow()
                    return
                except SubscriberTooSlow:
                    log.warning("missed events of the chain: disconnecting all clients")
                    self.close_all(TRY_AGAIN, "this node was too busy")
        finally:
            self.close_all(GOING_AWAY, "the node is stopping")

    async def _follow(self) -> None:
        async with self.backend.subscribe(EVENTS_WAITING_MAX) as events:
            self._finality = None
            async for event in events:
                try:
                    await self._tell(event)
                except Exception:  # supervised edge: see the module's docstring
                    log.exception("could not tell of %s", type(event).__name__)
                    self.close_all(INTERNAL, "an error of this node")
                await asyncio.sleep(0)

    async def _tell(self, event: ChainEvent) -> None:
        if isinstance(event, StatusAdvanced):
            self._finality = event
        if not self._subscribers:
            return
        if isinstance(event, BlockAdded):
            messages = make_block_messages(self.backend, event, self.tip(), self._wanted())
            self._track_block(event)
            await self._deliver(messages, event.record.block_id)
        elif isinstance(event, StatusAdvanced):
            await self._deliver(self._status_messages())
        elif isinstance(event, MempoolAdded):
            await self._deliver(make_mempool_messages(self.backend, event, self._wanted()))
        else:
            assert isinstance(event, MempoolDropped), f"an unknown event: {event!r}"
            await self._deliver(make_dropped_messages(self.backend, event, self._wanted()))

    def _wanted(self) -> Wanted:
        count = self._topics_per_event
        return Wanted(
            self._subscribers,
            any_tx=count["tx_update"] > 0,
            any_address_tx=count["address_tx_update"] > 0,
            any_balance=count["address_balance_update"] > 0,
        )

    def _track_block(self, event: BlockAdded) -> None:
        record = event.record
        self._tracker.undo_from(record.height)
        if self._topics_per_event["tx_update"]:
            tip = self.tip()
            for item in record.transactions:
                if tx_topic(item.receipt.txid) in self._subscribers:
                    self._tracker.put(item.receipt.txid, record.height, tip)

    def _status_messages(self) -> list[Message]:
        tip = self.tip()
        advanced = self._tracker.advance(tip)
        with self.backend.index.view() as view:
            found = [make_status_message(txid, view, tip) for txid in advanced]
        return [message for message in found if message is not None]

    async def _deliver(self, messages: Iterable[Message], block_id: bytes = b"") -> None:
        burst = 0
        for topic, text in messages:
            for connection in tuple(self._subscribers.get(topic, ())):
                if topic == BLOCK and not connection.wants_block(block_id):
                    continue
                self.send(connection, text)
            burst += 1
            if burst % BURST_MAX == 0:
                await asyncio.sleep(0)
