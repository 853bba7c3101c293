"""The node as the API sees it: `api.backend.Backend` over a `ChainService`."""

import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from decimal import Decimal
from typing import Any

from btczs.api.backend import (
    ChainEvent,
    FaucetDisabled,
    FaucetEmpty,
    L1NotFound,
    MempoolSize,
    PoxView,
    Tip,
)
from btczs.api.events import EventBus
from btczs.codec.clarity.values import Principal, StandardPrincipal
from btczs.consensus.pox.epochs import get_epoch, get_epoch_start, get_reward_cycle
from btczs.consensus.pox.view import get_l1_tip, get_last_sortition
from btczs.crypto.hashes import hash160
from btczs.crypto.secp256k1 import compute_public_key
from btczs.indexer import Index
from btczs.l1.follower import Follower
from btczs.l1.params import L1Params
from btczs.l1.rpc import L1Client, RpcError, RpcInvalidParameter, RpcNotFound
from btczs.ledger.accounts import Account, account_key, get_account
from btczs.ledger.blocks import block_id, decode_block
from btczs.ledger.mempool import Dropped, Entry, NoncesView
from btczs.ledger.rejections import NotEnoughFunds
from btczs.ledger.supply import Supply, get_supply
from btczs.ledger.transactions import encode_transaction, make_token_transfer, sign_origin
from btczs.ledger.transactions.builders import single_sig
from btczs.networks import Network
from btczs.node.chain.l1_source import is_split
from btczs.node.service import ChainService
from btczs.primitives import (
    BaseUnits,
    ChainHeight,
    EpochNumber,
    Hash20,
    Hash32,
    L1Height,
    TenureHeight,
    TimestampS,
)
from btczs.primitives.units import hash_from_hex, hash_hex
from btczs.store import encode_state_proof

L1_MEMPOOL_SHOWN_MAX = 500
NO_CONSENSUS_HASH = bytes(20)


class NodeBackend:
    """Answers from the committed state, the mempool, the index and the layer-1 node."""

    def __init__(
        self,
        service: ChainService,
        bus: EventBus,
        client: L1Client,
        follower: Follower,
        faucet_secret: bytes | None,
        wake: Callable[[], None],
    ) -> None:
        """`wake` tells the node that a transaction waits."""
        self.service = service
        self._chain = service.chain
        self._bus = bus
        self._client = client
        self._follower = follower
        self._faucet_secret = faucet_secret
        self._wake = wake
        self.l1_reachable = True
        genesis = self._chain.tables.get_block_bytes(0)
        assert genesis is not None, "the genesis block is in the store"
        self._genesis_block_id = block_id(decode_block(genesis).header)
        self.problems: Callable[[], list[str]] = list

    @property
    def network(self) -> Network:
        return self._chain.network

    @property
    def l1_params(self) -> L1Params:
        return self._chain.params

    @property
    def index(self) -> Index:
        return self.service.index

    def tip(self) -> Tip:
        chain, tip, statuses = self._chain, self._chain.tip, self.service.statuses
        l1 = get_l1_tip(chain.store)
        sortition = get_last_sortition(chain.store, chain.network.pox)
        return Tip(
            ChainHeight(tip.height),
            Hash32(tip.block_hash),
            Hash32(tip.block_id),
            tip.consensus_hash,
            TenureHeight(tip.tenure_height),
            TimestampS(tip.timestamp),
            L1Height(l1.height),
            hash_hex(l1.hash),
            sortition.consensus_hash if sortition else NO_CONSENSUS_HASH,
            statuses.signed,
            statuses.anchored,
            statuses.final,
            chain.store.root,
            self._genesis_block_id,
        )

    def account(self, principal: Principal) -> Account:
        return get_account(self._chain.store, principal)

    def prove_account(self, principal: Principal) -> bytes | None:
        return encode_state_proof(self._chain.store.prove(account_key(principal)))

    def nonces(self, principal: Principal) -> NoncesView:
        return self.service.mempool.nonces(principal, self._chain.store)

    def submit(self, raw: bytes) -> Hash32:
        txid = self.service.submit(raw, _now())
        self._wake()
        return txid

    def mempool_entry(self, txid: Hash32) -> Entry | None:
        return self.service.mempool.get(txid)

    def mempool_entries(self, address: Principal | None = None) -> Iterator[Entry]:
        return self.service.mempool.entries(address)

    def mempool_size(self) -> MempoolSize:
        mempool = self.service.mempool
        return MempoolSize(len(mempool), mempool.bytes_total)

    def dropped_status(self, txid: Hash32) -> Dropped | None:
        return self.service.mempool.get_dropped(txid)

    def supply(self) -> Supply:
        return get_supply(self._chain.store)

    def pox(self) -> PoxView:
        pox = self.network.pox
        height = L1Height(get_l1_tip(self._chain.store).height)
        cycle = get_reward_cycle(EpochNumber(max(0, get_epoch(height, pox))), pox)
        next_epoch = EpochNumber((cycle + 1) * pox.reward_cycle_epochs)
        return PoxView(
            height,
            L1Height(pox.first_l1_height),
            cycle,
            pox.reward_cycle_epochs * pox.l1_blocks_per_epoch,
            pox.prepare_phase_epochs * pox.l1_blocks_per_epoch,
            get_epoch_start(next_epoch, pox),
        )

    def health(self) -> dict[str, Any]:
        l1_tip = self._follower.tip()
        known = get_l1_tip(self._chain.store).height
        split = is_split(self._chain.store, self._follower, self.network.pox.l1_undo_blocks)
        deep = self.service.deepest_reorganisation >= self.network.btcz_connection.min_confirmations
        return {
            "is_synced": l1_tip is not None and known >= l1_tip.height and not split,
            "l1_reachable": self.l1_reachable,
            "l1_split": split,
            "l1_reorganisation_beyond_finality": deep,
            "l1_height": known,
            "height": self._chain.tip.height,
            "signed_height": self._chain.tip.signed_height,
            "mempool": len(self.service.mempool),
            "problems": self.problems(),
        }

    def subscribe(self, queue_max: int) -> AbstractAsyncContextManager[AsyncIterator[ChainEvent]]:
        return self._bus.subscribe(queue_max)

    async def l1_block(self, height: L1Height) -> dict[str, Any]:
        try:
            found = await self._client.get_block_hash(height)
            block = await self._client.call("getblock", hash_hex(found), 1)
        except (RpcInvalidParameter, RpcNotFound) as error:
            raise L1NotFound(f"layer 1 has no block at height {height}") from error
        shown: dict[str, Any] = _plain(block)
        return shown

    async def l1_tx_proof(self, txid: str) -> dict[str, Any]:
        try:
            found = await self._client.call("getrawtransaction", txid, 1)
        except (RpcNotFound, RpcInvalidParameter) as error:
            raise L1NotFound(f"layer 1 has no transaction {txid}") from error
        block_hash = found.get("blockhash")
        height = None if block_hash is None else self._follower.height_of(hash_from_hex(block_hash))
        if height is None:
            raise L1NotFound(f"transaction {txid} is in no followed block yet")
        try:
            proof = await self._follower.fetch_transaction_proof(height, hash_from_hex(txid))
        except RpcError as error:
            raise L1NotFound(f"no proof of {txid}: {error}") from error
        return {
            "tx_id": txid,
            "tx": found["hex"],
            "block_hash": block_hash,
            "block_height": height,
            "confirmations": self._follower.confirmations(height),
            "block_header": proof.header.hex(),
            "tx_index": proof.index,
            "tx_count": proof.count,
            "merkle_proof": [sibling.hex() for sibling in proof.siblings],
        }

    async def l1_mempool(self) -> list[str]:
        txids = await self._client.get_raw_mempool()
        return [hash_hex(txid) for txid in txids[:L1_MEMPOOL_SHOWN_MAX]]

    async def faucet(self, principal: Principal, amount: BaseUnits) -> Hash32:
        if self._faucet_secret is None or self.network.is_mainnet:
            raise FaucetDisabled("this node has no faucet")
        key = compute_public_key(self._faucet_secret)
        own = StandardPrincipal(self.network.address_version_single, Hash20(hash160(key)))
        nonce = self.service.mempool.nonces(own, self._chain.store).possible_next
        condition = single_sig(key, nonce=nonce, fee=BaseUnits(self.network.fees.token_transfer))
        tx = make_token_transfer(self.network, condition, principal, amount, b"faucet")
        try:
            return self.submit(encode_transaction(sign_origin(tx, self._faucet_secret)))
        except NotEnoughFunds as error:
            raise FaucetEmpty(str(error)) from error


def _now() -> TimestampS:
    return TimestampS(int(time.time()))


def _plain(value: Any) -> Any:
    """JSON values without `Decimal`: such numbers become text, exactly."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value
