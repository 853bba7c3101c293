"""Talking to a layer-1 node: Core-style JSON-RPC over HTTP.

`L1Client` serves `bitcoinzd`, `bitcoind`, `litecoind` and the embedded node alike. `call` and
`batch` take any method; typed helpers (`get_block_raw`, `send_raw_transaction` ...) turn replies
into our types with every length checked.

Invariants
    - User and password, or the content of the cookie file, appear in no `repr`, log or error.
    - No reply is longer than `reply_bytes_max`; no wait is longer than `timeout_s` per step and
      `retries` repetitions; at most 8 requests are in flight, at most 100 calls in a batch.
    - Only calls that change nothing are repeated.
    - No float: numbers with a point arrive as `Decimal`, amounts as integers of 1e-8 coin.
    - Failures are types: `RpcError` (the node said no, with its code), `RpcUnavailable` (try
      later), `RpcUnauthorized` (the settings are wrong), `RpcBadReply` (not a reply to the call).

What the node says is not believed here; `btczs.l1.follower` and `btczs.l1.spv` verify it.
Source: bitcoin RPC conventions; a node's methods differ, see `IDEMPOTENT_METHODS` for those known.
"""

from btczs.l1.rpc.client import BlockRefused, L1Client
from btczs.l1.rpc.errors import (
    RpcAlreadyKnown,
    RpcBadReply,
    RpcError,
    RpcInvalidParameter,
    RpcMethodNotFound,
    RpcNotFound,
    RpcRejected,
    RpcUnauthorized,
    RpcUnavailable,
    RpcUndecodable,
    RpcWarmingUp,
)
from btczs.l1.rpc.replies import AddressOutput, BlockchainInfo, UnspentOutput
from btczs.l1.rpc.source import L1Source

__all__ = [
    "AddressOutput",
    "BlockRefused",
    "BlockchainInfo",
    "L1Client",
    "L1Source",
    "RpcAlreadyKnown",
    "RpcBadReply",
    "RpcError",
    "RpcInvalidParameter",
    "RpcMethodNotFound",
    "RpcNotFound",
    "RpcRejected",
    "RpcUnauthorized",
    "RpcUnavailable",
    "RpcUndecodable",
    "RpcWarmingUp",
    "UnspentOutput",
]
