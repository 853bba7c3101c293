"""A node for the tests of the HTTP API: real state, execution, mempool, index and signatures.

Only consensus is missing: `mine` makes a block of whatever waits, and `finality` is set by hand.
"""

import time
from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import msgspec

from btczs.api.app import create_app
from btczs.api.backend import (
    BlockAdded,
    ChainEvent,
    FaucetDisabled,
    L1NotFound,
    MempoolAdded,
    MempoolSize,
    PoxView,
    Tip,
)
from btczs.api.events import EventBus
from btczs.api.options import ApiOptions
from btczs.codec.clarity import principal_text
from btczs.codec.clarity.values import Principal
from btczs.crypto.hashes import sha256
from btczs.indexer import Credit, Index, IndexedTransaction, IndexRecord
from btczs.l1.params import L1Params, get_params
from btczs.ledger.accounts import Account, account_key, get_account, put_account
from btczs.ledger.blocks import BlockHeader, block_hash, block_id
from btczs.ledger.devnet import DevnetKey, devnet_accounts
from btczs.ledger.events import MintEvent
from btczs.ledger.execution import ExecutionContext, apply_transaction
from btczs.ledger.mempool import Dropped, Entry, Mempool, NoncesView
from btczs.ledger.supply import Supply, get_supply, put_supply
from btczs.ledger.tenures import apply_tenure_start
from btczs.ledger.transactions import (
    Authenticated,
    Transaction,
    decode_transaction,
    encode_transaction,
    make_token_transfer,
    sign_origin,
    sign_sponsor,
    verify_transaction,
)
from btczs.ledger.transactions.builders import make_transaction, multi_sig, single_sig
from btczs.ledger.transactions.payloads import NakamotoCoinbase, TenureChange
from btczs.ledger.transactions.signing import set_sponsor
from btczs.networks import load_network
from btczs.primitives import (
    BaseUnits,
    ChainHeight,
    Hash20,
    Hash32,
    L1Height,
    TenureHeight,
    TimestampS,
)
from btczs.store import MemoryKV, Overlay, StateStore, encode_state_proof

NETWORK = load_network("devnet")
A, B, C, D, MINER = devnet_accounts()[:5]
BALANCE = 10_000_000
FEE = 1000
COINBASE = 100_000
TIME = 1_736_726_400
NO_HASH = Hash32(bytes(32))


def transfer(
    sender: DevnetKey,
    nonce: int,
    to: Principal = B.principal,
    amount: int = 10,
    *,
    fee: int = FEE,
    memo: bytes = b"",
    sponsor: DevnetKey | None = None,
    sponsor_nonce: int = 0,
) -> bytes:
    """A signed transfer."""
    origin = single_sig(sender.public_key, nonce=nonce, fee=0 if sponsor else fee)
    tx = make_token_transfer(NETWORK, origin, to, amount, memo, sponsored=sponsor is not None)
    tx = sign_origin(tx, sender.secret)
    if sponsor is not None:
        tx = set_sponsor(tx, single_sig(sponsor.public_key, nonce=sponsor_nonce, fee=fee))
        tx = sign_sponsor(tx, sponsor.secret)
    return encode_transaction(tx)


def multi_condition(nonce: int = 0, fee: int = FEE) -> Any:
    """2 of 3, in sequence."""
    keys = [key.public_key for key in (A, B, C)]
    return multi_sig(keys, 2, nonce=nonce, fee=fee, hash_mode=1)


def multi_transfer(nonce: int, to: Principal = B.principal, amount: int = 10) -> bytes:
    tx = make_token_transfer(NETWORK, multi_condition(nonce), to, amount)
    return encode_transaction(sign_origin(sign_origin(tx, A.secret), B.secret))


def authenticated(raw: bytes) -> Authenticated:
    return verify_transaction(decode_transaction(raw), raw, NETWORK)


class FakeNode:
    """Implements `api.backend.Backend`."""

    def __init__(self, path: Path, funded: Iterable[Principal] = ()) -> None:
        self.network = NETWORK
        self.l1_params: L1Params = get_params("bitcoinz", "regtest")
        self.index = Index(path / "index.sqlite")
        self.bus = EventBus()
        self.faucet_key: DevnetKey | None = D
        self.signed = self.anchored = self.final = 0
        self.now = TIME
        self.tenure = 0
        self._store = StateStore(MemoryKV(), undo_max=2)
        overlay = Overlay(self._store)
        owners = [*(key.principal for key in (A, B, C, D)), *funded]
        for owner in owners:
            put_account(overlay, owner, Account(BaseUnits(BALANCE), 0))
        put_supply(overlay, Supply(BaseUnits(BALANCE * len(owners)), BaseUnits(0)))
        credits = tuple(Credit(principal_text(o), BaseUnits(BALANCE), False) for o in owners)
        self._last = self._commit(overlay, 0, (), (), credits, starts_tenure=True)
        self.genesis_id = self._last.block_id
        self.mempool = Mempool(NETWORK, MemoryKV(), self._store, TenureHeight(0))
        self.mine(new_tenure=True)

    # ------------------------------------------------------------------ the chain

    def add(self, raw: bytes) -> Hash32:
        """As a client's POST would."""
        return self.submit(raw)

    def mine(self, *raws: bytes, new_tenure: bool = False) -> IndexRecord:
        """A block of `raws`, or of what waits; a new tenure also has its two transactions."""
        height = self._last.height + 1
        overlay = Overlay(self._store)
        opening: list[Authenticated] = []
        receipts: list[Any] = []
        credits: tuple[Credit, ...] = ()
        if new_tenure:
            self.tenure += 1
            opening = self._tenure_transactions()
        ctx = ExecutionContext(
            NETWORK,
            ChainHeight(height),
            TenureHeight(self.tenure),
            TimestampS(self.now),
            L1Height(200 + self.tenure),
        )
        if new_tenure:
            start = apply_tenure_start(overlay, ctx, BaseUnits(COINBASE), MINER.principal, opening)
            receipts.extend(start.receipts)
            credits = tuple(Credit.of_mint(e) for e in start.events if isinstance(e, MintEvent))
        body = [authenticated(raw) for raw in raws] or self.mempool.select(
            self._store, 1 << 24, 1000
        )
        for index, item in enumerate(body, len(receipts)):
            receipts.append(apply_transaction(overlay, item, ctx, index))
        mined = [*opening, *body]
        self._last = self._commit(
            overlay, height, mined, receipts, credits, starts_tenure=new_tenure
        )
        self.mempool.apply_block(self._store, mined, TenureHeight(self.tenure))
        self.bus.publish(BlockAdded(self._last))
        return self._last

    def _tenure_transactions(self) -> list[Authenticated]:
        nonce = get_account(self._store, MINER.principal).nonce
        change = TenureChange(
            Hash20(b"\x01" * 20),
            Hash20(b"\x02" * 20),
            Hash20(b"\x03" * 20),
            self._last.block_id,
            1,
            0,
            Hash20(b"\x04" * 20),
        )
        coinbase = NakamotoCoinbase(bytes(32), None, bytes(80))
        made = []
        for offset, payload in enumerate((change, coinbase)):
            origin = single_sig(MINER.public_key, nonce=nonce + offset, fee=0)
            tx: Transaction = make_transaction(NETWORK, origin, payload)
            made.append(authenticated(encode_transaction(sign_origin(tx, MINER.secret))))
        return made

    def _commit(
        self,
        overlay: Overlay,
        height: int,
        mined: Iterable[Authenticated],
        receipts: Iterable[Any],
        credits: tuple[Credit, ...],
        *,
        starts_tenure: bool,
    ) -> IndexRecord:
        root = self._store.commit(height, overlay.changes())
        parent = self._last if height else None
        self.now += 30
        header = BlockHeader(
            0,
            ChainHeight(height),
            0,
            Hash20(bytes([self.tenure]) * 20),
            parent.block_id if parent else NO_HASH,
            NO_HASH,
            root,
            TimestampS(self.now),
        )
        l1_height = 200 + self.tenure
        record = IndexRecord(
            height=ChainHeight(height),
            block_id=block_id(header),
            block_hash=block_hash(header),
            parent_block_id=header.parent_block_id,
            consensus_hash=header.consensus_hash,
            tenure_height=TenureHeight(self.tenure),
            is_tenure_start=starts_tenure,
            timestamp=header.timestamp,
            miner=principal_text(MINER.principal),
            state_root=root,
            l1_height=L1Height(l1_height),
            l1_hash=sha256(b"l1 %d" % l1_height).hex(),
            l1_time=TimestampS(TIME + 150 * l1_height),
            transactions=tuple(
                IndexedTransaction(tx.raw, receipt)
                for tx, receipt in zip(mined, receipts, strict=True)
            ),
            parent_block_hash=parent.block_hash if parent else NO_HASH,
            miner_txid="ab" * 32 if height else "",
            signatures=(bytes(65), b"\x01" * 65) if height else (),
            credits=credits,
        )
        self.index.apply(record)
        return record

    def close(self) -> None:
        self.index.close()

    # ------------------------------------------------------------------ Backend

    def tip(self) -> Tip:
        last = self._last
        return Tip(
            last.height,
            last.block_hash,
            last.block_id,
            last.consensus_hash,
            last.tenure_height,
            last.timestamp,
            last.l1_height,
            last.l1_hash,
            b"\x09" * 20,
            ChainHeight(self.signed),
            ChainHeight(self.anchored),
            ChainHeight(self.final),
            self._store.root,
            self.genesis_id,
        )

    def account(self, principal: Principal) -> Account:
        return get_account(self._store, principal)

    def prove_account(self, principal: Principal) -> bytes | None:
        return encode_state_proof(self._store.prove(account_key(principal)))

    def nonces(self, principal: Principal) -> NoncesView:
        return self.mempool.nonces(principal, self._store)

    def submit(self, raw: bytes) -> Hash32:
        admitted = self.mempool.admit(
            raw, self._store, TimestampS(int(time.time())), TenureHeight(self.tenure)
        )
        self.bus.publish(MempoolAdded(admitted.txid))
        return admitted.txid

    def mempool_entry(self, txid: Hash32) -> Entry | None:
        return self.mempool.get(txid)

    def mempool_entries(self, address: Principal | None = None) -> Iterable[Entry]:
        return self.mempool.entries(address)

    def mempool_size(self) -> MempoolSize:
        return MempoolSize(len(self.mempool), self.mempool.bytes_total)

    def dropped_status(self, txid: Hash32) -> Dropped | None:
        return self.mempool.get_dropped(txid)

    def supply(self) -> Supply:
        return get_supply(self._store)

    def pox(self) -> PoxView:
        return PoxView(L1Height(200 + self.tenure), L1Height(120), 0, 2100, 100, L1Height(2220))

    def health(self) -> dict[str, Any]:
        return {"is_synced": True, "l1_reachable": True, "problems": []}

    def subscribe(self, queue_max: int) -> AbstractAsyncContextManager[AsyncIterator[ChainEvent]]:
        return self.bus.subscribe(queue_max)

    async def l1_block(self, height: L1Height) -> dict[str, Any]:
        if height > 300:
            raise L1NotFound(f"layer 1 has no block at height {height}")
        return {"height": height, "hash": sha256(b"l1 %d" % height).hex()}

    async def l1_tx_proof(self, txid: str) -> dict[str, Any]:
        if txid != "cd" * 32:
            raise L1NotFound(f"layer 1 has no transaction {txid}")
        return {"tx_id": txid, "merkle_proof": []}

    async def l1_mempool(self) -> list[str]:
        return ["ef" * 32]

    async def faucet(self, principal: Principal, amount: BaseUnits) -> Hash32:
        if self.faucet_key is None:
            raise FaucetDisabled("this node has no faucet")
        nonce = self.nonces(self.faucet_key.principal).possible_next
        return self.submit(transfer(self.faucet_key, nonce, principal, min(amount, 1000)))


def make_app(node: FakeNode, **options: Any) -> Any:
    return create_app(node, msgspec.structs.replace(ApiOptions(), **options))
