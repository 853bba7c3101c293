"""`/extended/v1/ws`: JSON-RPC 2.0 over a WebSocket, as the Stacks API's clients speak it.

A client subscribes to events of the chain and is then told of each. Topics of the Stacks API:
`block`, `microblock`, `mempool`, `tx_update`, `address_tx_update`, `address_balance_update`, and
`nft_event`, `nft_asset_event`, `nft_collection_event` (accepted; they never fire while there are no
contracts). Additions: the topic `transaction` (every transaction of every block), and the parameter
`since` of `block`, which first replays the blocks above that height (the newest 1000 at most; the
acknowledgement says in `replay_from` where it begins).

What fires when
- `block`: every block; `microblock` too if the block does not begin a tenure.
- `tx_update`: when the transaction enters the mempool, is mined, is dropped, and when its
  `btczs_status` advances (signed, anchored, final). What was before the subscription is not told.
- `address_tx_update`: the same except the advances, for sender, payer, recipient and whoever an
  event of the transaction names. `address_balance_update`: after each block that concerned it.

Invariants
- Every bound is in `ApiOptions` or named here: message size, batch size, subscriptions and waiting
  messages of a connection. A client that reads too slowly is disconnected with code 1013.
- The answer to a request comes before the first notification that it asked for.
- A client that stays connected has heard of everything; if the hub misses an event, all are closed.
- Whatever a frame holds, it is answered with a JSON-RPC error or the connection is closed by code.

Modules: `protocol` (frames, errors), `subscriptions` (parameters), `connection` (bounded queue),
`hub` (who hears what), `tracker` (states told), `notifications` (what they hear), `replay`
(`since`), `conversation` (methods), `endpoint` (the socket).
"""

from btczs.api.websocket.connection import Connection
from btczs.api.websocket.endpoint import make_endpoint, serve_websocket
from btczs.api.websocket.hub import Hub
from btczs.api.websocket.protocol import BATCH_MAX, RpcError
from btczs.api.websocket.subscriptions import Topic

__all__ = [
    "BATCH_MAX",
    "Connection",
    "Hub",
    "RpcError",
    "Topic",
    "make_endpoint",
    "serve_websocket",
]
