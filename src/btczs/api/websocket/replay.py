"""`since`: the blocks that a client missed, from the index, and then the live ones without a gap.

The replay waits for the client. While it runs, live blocks are left to it; it ends in the moment in
which the index holds nothing above the last block sent, so none falls between. If the chain takes
another branch meanwhile, the replay goes back to the fork and sends the blocks of the new branch.
"""

from typing import Final

from btczs.api.backend import Backend
from btczs.api.websocket.connection import Connection
from btczs.api.websocket.hub import Hub
from btczs.api.websocket.notifications import make_block_message
from btczs.indexer import IndexView
from btczs.primitives import ChainHeight

REPLAY_BLOCKS_MAX: Final = 1000
"""Older blocks are not replayed; the acknowledgement says where the replay begins."""

CHUNK: Final = 20
FORK_DEPTH_MAX: Final = 100
"""Blocks below the first one that are watched too: a fork under them during a replay is followed."""


def compute_replay_start(since: int, last_height: int | None) -> int:
    """Height of the first block that a replay sends, or of the next block if there is none."""
    if last_height is None:
        return 0
    return max(min(since, last_height) + 1, last_height + 1 - REPLAY_BLOCKS_MAX, 0)


async def replay_blocks(
    hub: Hub, backend: Backend, connection: Connection, first_height: int, timeout_s: float
) -> None:
    """Sends the blocks from `first_height` and turns live blocks on.

    A client that leaves its queue more than half full for `timeout_s` is disconnected.
    """
    cursor = first_height - 1
    sent = _known_below(backend, first_height)
    while connection.close_code is None:
        with backend.index.view() as view:
            cursor = _step_back(view, sent, cursor)
            texts = []
            for height in range(cursor + 1, cursor + 1 + CHUNK):
                block = view.block_by_height(ChainHeight(height))
                if block is None:
                    break
                texts.append((height, block.block_id, make_block_message(block, view, hub.tip())))
        if not texts:
            connection.end_replay(sent.values())
            return
        for height, block_id, message in texts:
            try:
                await connection.wait_half_empty(timeout_s)
            except TimeoutError:
                hub.close_slow(connection)
                return
            hub.send(connection, message.text)
            sent[height] = block_id
            cursor = height


def _known_below(backend: Backend, height: int) -> dict[int, bytes]:
    with backend.index.view() as view:
        below = range(max(0, height - FORK_DEPTH_MAX), height)
        blocks = [view.block_by_height(ChainHeight(h)) for h in below]
    return {block.height: block.block_id for block in blocks if block is not None}


def _step_back(view: IndexView, sent: dict[int, bytes], cursor: int) -> int:
    """The last height whose block the client has as the index has it."""
    while cursor in sent:
        block = view.block_by_height(ChainHeight(cursor))
        if block is not None and block.block_id == sent[cursor]:
            break
        del sent[cursor]
        cursor -= 1
    return cursor
