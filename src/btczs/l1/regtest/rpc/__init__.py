"""The JSON-RPC of the embedded node: the methods, shapes and error codes of `bitcoinzd` v2.2.0.

Methods are data (`table.METHODS`): name, parameters with types, a function, a help text. `shapes`
writes transactions, headers and blocks as the real node does, key by key; amounts are written
exactly, with eight decimals. `dispatch` knows the protocol (single calls and batches), `app` HTTP
(password, size limits), `server` a listening socket on loopback.

Extensions over the real node are marked EXTENSION in their help: `generatetoaddress`.
Invariants: bad input gives an error object, never a crash; a call sees one consistent state.
"""

from btczs.l1.regtest.rpc.app import create_rpc_app
from btczs.l1.regtest.rpc.server import RpcServer

__all__ = ["RpcServer", "create_rpc_app"]
