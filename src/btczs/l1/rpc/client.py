"""The asyncio client of a node's JSON-RPC, with typed helpers for what we use.

The same for `bitcoinzd`, `bitcoind`, `litecoind` and our embedded node. Calls that only read are
repeated a bounded number of times if the node is unavailable; calls that change something never
are, since the first try may have worked.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import httpx

from btczs.l1.rpc import replies
from btczs.l1.rpc.auth import Credentials, split_url
from btczs.l1.rpc.errors import RpcBadReply, RpcUnavailable
from btczs.l1.rpc.transport import encode_request, exchange, get_result
from btczs.primitives import Hash32, InvalidInput, L1Height
from btczs.primitives.units import hash_hex

TIMEOUT_S = 30
RETRIES = 3
RETRY_DELAY_S = 0.1
RETRY_DELAY_S_MAX = 2.0
REPLY_BYTES_MAX = 32 * 1024 * 1024
"""A 4 MB block in hex is 8 MB; verbose forms are a few times longer."""
BATCH_CALLS_MAX = 100
REQUESTS_MAX = 8
"""In flight at once: half of the work queue of a node with default settings."""

IDEMPOTENT_METHODS = frozenset(
    [
        "createrawtransaction",
        "decoderawtransaction",
        "decodescript",
        "estimatefee",
        "estimatesmartfee",
        "getaddressbalance",
        "getaddressdeltas",
        "getaddressmempool",
        "getaddresstxids",
        "getaddressutxos",
        "getbestblockhash",
        "getblock",
        "getblockchaininfo",
        "getblockcount",
        "getblockhash",
        "getblockheader",
        "getblocksubsidy",
        "getblocktemplate",
        "getchaintips",
        "getconnectioncount",
        "getdifficulty",
        "getmempoolentry",
        "getmempoolinfo",
        "getmininginfo",
        "getnetworkinfo",
        "getrawmempool",
        "getrawtransaction",
        "gettxout",
        "gettxoutproof",
        "help",
        "listunspent",
        "testmempoolaccept",
        "uptime",
        "validateaddress",
        "verifychain",
        "verifymessage",
        "verifytxoutproof",
    ]
)


class L1Client:
    """One node. Use it inside one event loop and `aclose()` it, or `async with`.

    `url` may hold user and password; they are taken out of it at once and shown nowhere.
    """

    def __init__(
        self,
        url: str,
        user: str | None = None,
        password: str | None = None,
        *,
        cookie_path: Path | None = None,
        timeout_s: float = TIMEOUT_S,
        retries: int = RETRIES,
        retry_delay_s: float = RETRY_DELAY_S,
        reply_bytes_max: int = REPLY_BYTES_MAX,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._url, url_user, url_password = split_url(url)
        if user is None:
            user, password = url_user, url_password
        self._auth = Credentials(user, password, cookie_path)
        self._retries = retries
        self._retry_delay_s = retry_delay_s
        self._reply_bytes_max = reply_bytes_max
        self._next_id = 0
        self._slots = asyncio.Semaphore(REQUESTS_MAX)
        # The environment is not trusted: a proxy variable must not see what goes to the node.
        self._http = httpx.AsyncClient(timeout=timeout_s, transport=transport, trust_env=False)

    def __repr__(self) -> str:
        return f"L1Client({self._url})"

    async def __aenter__(self) -> "L1Client":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        await self._http.aclose()

    async def call(self, method: str, *params: Any) -> Any:
        """The result of one call: JSON values, with `Decimal` for numbers that have a point.

        Raises `RpcError` (the node refused), `RpcUnavailable`, `RpcUnauthorized`, `RpcBadReply`.
        """
        request_id = self._take_id()
        body = encode_request(request_id, method, params)

        async def attempt() -> Any:
            return get_result(method, request_id, await self._send(body))

        return await self._with_retries(attempt, method in IDEMPOTENT_METHODS)

    async def batch(self, calls: Sequence[tuple[Any, ...]]) -> list[Any]:
        """The results of many calls `(method, *params)`, in their order, few requests in all.

        Raises the error of the first call that failed.
        """
        results: list[Any] = []
        for start in range(0, len(calls), BATCH_CALLS_MAX):
            results += await self._batch(calls[start : start + BATCH_CALLS_MAX])
        return results

    async def _batch(self, calls: Sequence[tuple[Any, ...]]) -> list[Any]:
        ids = [self._take_id() for _ in calls]
        parts = [encode_request(i, call[0], tuple(call[1:])) for i, call in zip(ids, calls)]
        body = b"[" + b",".join(parts) + b"]"

        async def attempt() -> list[Any]:
            reply = await self._send(body)
            if isinstance(reply, dict):  # the batch as a whole was refused
                get_result("a batch", -1, reply)
            if not isinstance(reply, list) or len(reply) != len(calls):
                raise RpcBadReply("a batch", "not as many replies as calls")
            by_id = {item["id"]: item for item in reply if _has_int_id(item)}
            return [get_result(call[0], i, by_id.get(i)) for i, call in zip(ids, calls)]

        may_repeat = all(call[0] in IDEMPOTENT_METHODS for call in calls)
        results: list[Any] = await self._with_retries(attempt, may_repeat)
        return results

    def _take_id(self) -> int:
        self._next_id += 1
        return self._next_id

    async def _send(self, body: bytes) -> Any:
        async with self._slots:
            return await exchange(self._http, self._url, body, self._auth, self._reply_bytes_max)

    async def _with_retries(self, attempt: Callable[[], Awaitable[Any]], may_repeat: bool) -> Any:
        delay_s = self._retry_delay_s
        for _ in range(self._retries if may_repeat else 0):
            try:
                return await attempt()
            except RpcUnavailable:
                await asyncio.sleep(delay_s)
                delay_s = min(2 * delay_s, RETRY_DELAY_S_MAX)
        return await attempt()

    # The chain

    async def get_blockchain_info(self) -> replies.BlockchainInfo:
        method = "getblockchaininfo"
        return replies.read_blockchain_info(method, await self.call(method))

    async def get_block_count(self) -> L1Height:
        """Height of the node's tip."""
        return replies.read_height("getblockcount", await self.call("getblockcount"))

    async def get_best_block_hash(self) -> Hash32:
        return replies.read_hash("getbestblockhash", await self.call("getbestblockhash"))

    async def get_block_hash(self, height: int) -> Hash32:
        """Raises `RpcInvalidParameter` above the node's tip."""
        return replies.read_hash("getblockhash", await self.call("getblockhash", height))

    async def get_block_hashes(self, heights: Sequence[int]) -> list[Hash32]:
        """One batch. Raises `RpcInvalidParameter` if a height is above the node's tip."""
        found = await self.batch([("getblockhash", height) for height in heights])
        return [replies.read_hash("getblockhash", value) for value in found]

    async def get_block_raw(self, block_hash: Hash32) -> bytes:
        """The serialised block. Raises `RpcNotFound`."""
        reply = await self.call("getblock", hash_hex(block_hash), 0)
        return replies.read_bytes("getblock", reply, replies.BLOCK_BYTES_MAX)

    async def get_block_txids(self, block_hash: Hash32) -> tuple[Hash32, ...]:
        reply = replies.read_object(
            "getblock", await self.call("getblock", hash_hex(block_hash), 1)
        )
        return replies.read_hashes("getblock", reply.get("tx"))

    async def get_block_header_raw(self, block_hash: Hash32) -> bytes:
        """The serialised header, with the solution on BitcoinZ. Raises `RpcNotFound`."""
        reply = await self.call("getblockheader", hash_hex(block_hash), False)
        return replies.read_bytes("getblockheader", reply, replies.HEADER_BYTES_MAX)

    # Transactions

    async def get_raw_transaction(self, txid: Hash32, block_hash: Hash32 | None = None) -> bytes:
        """Raises `RpcNotFound`. A node without a transaction index knows only its mempool, unless
        `block_hash` says where to look."""
        where = () if block_hash is None else (hash_hex(block_hash),)
        reply = await self.call("getrawtransaction", hash_hex(txid), 0, *where)
        return replies.read_bytes("getrawtransaction", reply, replies.BLOCK_BYTES_MAX)

    async def send_raw_transaction(self, raw: bytes) -> Hash32:
        """Hand a transaction to the node: its txid. Never repeated by itself.

        Raises `RpcRejected`, `RpcUndecodable`, `RpcAlreadyKnown` (already in the chain).
        """
        reply = await self.call("sendrawtransaction", raw.hex())
        return replies.read_hash("sendrawtransaction", reply)

    async def get_raw_mempool(self) -> tuple[Hash32, ...]:
        return replies.read_hashes("getrawmempool", await self.call("getrawmempool"))

    async def get_tx_out(
        self, txid: Hash32, index: int, include_mempool: bool = True
    ) -> replies.UnspentOutput | None:
        """An output, None if it is spent or never was."""
        reply = await self.call("gettxout", hash_hex(txid), index, include_mempool)
        return replies.read_unspent_output("gettxout", reply)

    async def get_tx_outs(
        self, outpoints: Sequence[tuple[Hash32, int]]
    ) -> list[replies.UnspentOutput | None]:
        """`get_tx_out` of many outputs in one batch, the mempool in view."""
        calls = [("gettxout", hash_hex(txid), index, True) for txid, index in outpoints]
        return [replies.read_unspent_output("gettxout", r) for r in await self.batch(calls)]

    async def get_tx_out_proof(
        self, txids: Sequence[Hash32], block_hash: Hash32 | None = None
    ) -> bytes:
        """A partial Merkle tree for transactions of one block: see `btczs.l1.spv.partial`."""
        where = () if block_hash is None else (hash_hex(block_hash),)
        reply = await self.call("gettxoutproof", [hash_hex(txid) for txid in txids], *where)
        return replies.read_bytes("gettxoutproof", reply, replies.PROOF_BYTES_MAX)

    async def verify_tx_out_proof(self, proof: bytes) -> tuple[Hash32, ...]:
        """The node's opinion of a proof: the txids it proves."""
        reply = await self.call("verifytxoutproof", proof.hex())
        return replies.read_hashes("verifytxoutproof", reply)

    async def get_address_outputs(
        self, addresses: Sequence[str]
    ) -> tuple[replies.AddressOutput, ...]:
        """Unspent outputs of addresses; the node needs its address index (BitcoinZ insight)."""
        reply = await self.call("getaddressutxos", {"addresses": list(addresses)})
        return replies.read_address_outputs("getaddressutxos", reply)

    # Mining

    async def get_block_template(self) -> dict[str, Any]:
        reply = await self.call("getblocktemplate", {"rules": ["segwit", "mweb"]})
        return replies.read_object("getblocktemplate", reply)

    async def submit_block(self, raw: bytes) -> None:
        """Raises `BlockRefused` with the node's reason unless the block was accepted."""
        reply = await self.call("submitblock", raw.hex())
        if reply is not None:
            raise BlockRefused(replies.read_text("submitblock", reply))

    async def invalidate_block(self, block_hash: Hash32) -> None:
        await self.call("invalidateblock", hash_hex(block_hash))

    async def reconsider_block(self, block_hash: Hash32) -> None:
        await self.call("reconsiderblock", hash_hex(block_hash))


class BlockRefused(InvalidInput):
    """The node did not accept a block. Field: `reason` (such as `bad-txnmrklroot`)."""

    code = "l1_block_refused"

    def __init__(self, reason: str) -> None:
        super().__init__(f"the layer-1 node refused the block: {reason}")
        self.reason = reason


def _has_int_id(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("id"), int)
