"""The API of a node: HTTP and WebSocket, as unmodified Stacks libraries and wallets expect them.

`create_app(backend)` makes a Starlette application of a `Backend`, the Protocol that the node
implements. Routes are a table (`routes`): method, path, handler, parameters. From it come the
application, the checks of every parameter, and the OpenAPI document at `/openapi.json`.

Reading order: `backend` (what is needed of a node), `routes`, `handlers/` (one function per
operation), `shapes/` (JSON of the Stacks API), `websocket/` (push), `edge` (CORS, rate limits),
`server` (uvicorn).

Invariants
- Whatever a client sends, the answer is JSON with a stable `error` code, never a traceback. An
  error of our own is 500 with an id that the log has too.
- Every body, page, queue and connection count has a bound (`options`, `params`).
- Amounts are strings, integers over 2^53 too; hashes have 0x where the Stacks API has it.
- `tx_status` is Stacks' own; `btczs_status` adds pending, mined, signed, anchored, final.

Names are imported when first used, so that programs which only need one of them start fast.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from btczs.api.app import create_app
    from btczs.api.backend import Backend, Tip
    from btczs.api.events import EventBus
    from btczs.api.options import ApiOptions
    from btczs.api.server import ApiServer, CannotListen, serve

_MODULES = {
    "ApiOptions": "options",
    "ApiServer": "server",
    "Backend": "backend",
    "CannotListen": "server",
    "EventBus": "events",
    "Tip": "backend",
    "create_app": "app",
    "serve": "server",
}

__all__ = [
    "ApiOptions",
    "ApiServer",
    "Backend",
    "CannotListen",
    "EventBus",
    "Tip",
    "create_app",
    "serve",
]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _MODULES:
        raise AttributeError(name)
    return getattr(import_module(f"btczs.api.{_MODULES[name]}"), name)
