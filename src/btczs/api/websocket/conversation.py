"""What one client's frames do: methods, answers, and the replay that an answer may announce."""

import logging
import secrets
from typing import Any

from btczs.api.websocket.connection import Connection
from btczs.api.websocket.hub import Hub
from btczs.api.websocket.protocol import (
    Id,
    InternalError,
    InvalidRequest,
    MethodNotFound,
    Request,
    RpcError,
    decode_frame,
    encode_message,
    make_error,
    make_result,
)
from btczs.api.websocket.replay import compute_replay_start, replay_blocks
from btczs.api.websocket.subscriptions import BLOCK, Subscription, read_subscription

log = logging.getLogger("btczs.api.websocket")


class Conversation:
    """Carries out requests of one connection, in order."""

    def __init__(self, connection: Connection, hub: Hub) -> None:
        self._connection = connection
        self._hub = hub
        self._backend = hub.backend
        self._options = hub.options
        self._replay_from: int | None = None

    async def handle(self, raw: str | bytes) -> None:
        """Answers one frame, then replays what it asked for. Raises nothing for any input."""
        answer = self._answer_frame(raw)
        if answer is not None:
            self._hub.send(self._connection, encode_message(answer))
        if self._replay_from is not None:
            first, self._replay_from = self._replay_from, None
            timeout_s = self._options.ws_ping_timeout_s
            await replay_blocks(self._hub, self._backend, self._connection, first, timeout_s)

    def _answer_frame(self, raw: str | bytes) -> Any:
        try:
            frame = decode_frame(raw)
        except InvalidRequest as error:
            return make_error(error.id, error)
        except RpcError as error:
            return make_error(None, error)
        answers = [self._answer(item) for item in frame.items]
        given = [answer for answer in answers if answer is not None]
        if frame.is_batch:
            return given or None
        return given[0] if given else None

    def _answer(self, item: Request | InvalidRequest) -> dict[str, Any] | None:
        if isinstance(item, InvalidRequest):
            return make_error(item.id, item)
        answer = self._call(item.id, item)
        return None if item.is_notification else answer

    def _call(self, request_id: Id, request: Request) -> dict[str, Any]:
        try:
            if request.method == "subscribe":
                return make_result(request_id, self._subscribe(read_subscription(request.params)))
            if request.method == "unsubscribe":
                return make_result(request_id, self._unsubscribe(read_subscription(request.params)))
            raise MethodNotFound(request.method)
        except RpcError as error:
            return make_error(request_id, error)
        except Exception:  # supervised edge: a bug is answered and the node lives on
            error_id = secrets.token_hex(8)
            log.exception("error %s in %s", error_id, request.method)
            return make_error(request_id, InternalError(f"an error of this node ({error_id})"))

    def _subscribe(self, wanted: Subscription) -> dict[str, Any]:
        self._hub.subscribe(self._connection, wanted.topic)
        if wanted.since is None:
            return wanted.result
        first = compute_replay_start(wanted.since, self._backend.index.last_height())
        self._replay_from = first
        self._connection.begin_replay()
        return {**wanted.result, "replay_from": first}

    def _unsubscribe(self, wanted: Subscription) -> dict[str, Any]:
        self._hub.unsubscribe(self._connection, wanted.topic)
        if wanted.topic == BLOCK:
            self._replay_from = None
            self._connection.end_replay()
        return wanted.result
