"""The embedded BitcoinZ node: chain, pool and miner behind one lock.

All methods may be called from any thread. A method that changes something returns when the change
is durable; if it raises `InvalidInput`, nothing changed but what it says. Should the storage fail,
the node stops answering (`NodeClosed`) rather than show what a restart would not find again.
"""

import threading
import time as system_time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from btczs.l1.params import L1Params
from btczs.l1.regtest import limits, queries
from btczs.l1.regtest.accept import accept_transaction, decode_loose_transaction
from btczs.l1.regtest.block import Block, decode_block
from btczs.l1.regtest.chain import BlockEntry
from btczs.l1.regtest.errors import (
    BlockRejected,
    NodeClosed,
    TransactionRejected,
    UnknownBlock,
)
from btczs.l1.regtest.mempool import Mempool, PoolCoins
from btczs.l1.regtest.miner import Miner
from btczs.l1.regtest.mining import BlockTemplate, create_template
from btczs.l1.regtest.pool_updates import reload_pool, update_pool
from btczs.l1.regtest.state import ChainChange, ChainState
from btczs.l1.regtest.storage import BlockStore
from btczs.l1.regtest.utxo import CoinView
from btczs.l1.regtest.views import AddressActivity, BlockRef, Found, Submitted, Utxo
from btczs.primitives import Hash32, InvalidInput, Zat
from btczs.primitives.units import hash_hex

Clock = Callable[[], int]
"""Seconds since 1970 UTC."""

ANYONE_CAN_SPEND = b"\x51"
"""OP_1: where blocks pay to if no miner script is configured."""


class RegtestNode:
    """A BitcoinZ regtest node without peers.

    `path` is the database file (None: in memory). `clock` bounds block times and stamps mined
    blocks. `standard=False` switches the standardness policy off, as the real node does on regtest.
    `seed` varies the blocks that are mined.
    """

    def __init__(
        self,
        params: L1Params,
        path: Path | None = None,
        *,
        clock: Clock | None = None,
        miner_script: bytes = ANYONE_CAN_SPEND,
        standard: bool = True,
        seed: bytes = b"",
    ) -> None:
        if (params.chain, params.network) != ("bitcoinz", "regtest"):
            raise InvalidInput("the embedded node serves the regtest network of BitcoinZ only")
        self.params = params
        self.miner_script = miner_script
        self.is_standard_required = standard
        self.pool = Mempool()
        self.pool_updates = 0
        """Counts changes of the pool (`longpollid`)."""
        self._clock = clock or (lambda: int(system_time.time()))
        self._mock_time: int | None = None
        self._miner = Miner(self, seed)
        self._lock = threading.RLock()
        self._closed = False
        self._store = BlockStore(path, identity=repr((params.network, params.activations)).encode())
        self.chain = ChainState(params, self._store)
        with self._changing():
            reload_pool(self, self._store)

    # --- reading ----------------------------------------------------------------------------------

    @property
    def tip_entry(self) -> BlockEntry:
        return self.chain.tip

    @property
    def coins(self) -> CoinView:
        return self.chain.coins

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Holds the lock, so that several reads see one state."""
        with self._lock:
            self._verify_open()
            yield

    def tip(self) -> BlockRef:
        with self.reading():
            return BlockRef(self.tip_entry.height, self.tip_entry.hash)

    def block_hash_at(self, height: int) -> Hash32:
        """Raises `UnknownBlock` for a height that the active chain does not have."""
        with self.reading():
            if not 0 <= height <= self.tip_entry.height:
                raise UnknownBlock(str(height))
            return self.chain.tree.active[height].hash

    def get_block_raw(self, block_hash: Hash32) -> bytes:
        """Any stored block, active or not. Raises `UnknownBlock`."""
        with self.reading():
            return self.chain.get_block(self.chain.get_entry(block_hash)).raw

    def find_transaction(self, txid: Hash32) -> Found | None:
        """Looks in the pool, then in the active chain."""
        with self.reading():
            return queries.find_transaction(self.chain, self.pool, txid)

    def pool_txids(self) -> list[Hash32]:
        """Ids of the waiting transactions, parents before children."""
        with self.reading():
            return [entry.txid for entry in self.pool.iterate()]

    def utxos_of(self, script: bytes) -> list[Utxo]:
        """Unspent outputs paying to `script`, oldest first."""
        with self.reading():
            return queries.list_utxos(self.chain, self.pool, script)

    def get_activity(self, script: bytes) -> list[AddressActivity]:
        """What the active chain did to an address, in order."""
        with self.reading():
            return queries.list_activity(self.chain, script)

    def get_pool_coins(self) -> CoinView:
        """The chain's coins with those the pool makes; hold the lock (`reading`) while using it."""
        return PoolCoins(self.coins, self.pool)

    def compute_stored_bytes(self) -> int:
        with self.reading():
            return self._store.compute_size()

    def get_warnings(self) -> str:
        """A text if something needs an operator, else the empty string."""
        with self.reading():
            if self.chain.is_deep_branch_waiting():
                return "Warning: a branch of more work forks off too deep and is not followed"
            return ""

    # --- time -------------------------------------------------------------------------------------

    def now(self) -> int:
        return self._clock() if self._mock_time is None else self._mock_time

    def set_mock_time(self, time: int) -> None:
        """Stops the clock at `time`; 0 lets it run again."""
        with self.reading():
            self._mock_time = time or None

    # --- changing ---------------------------------------------------------------------------------

    def submit_block(self, raw: bytes) -> Submitted:
        """Raises `BlockRejected` (also for a block known before), `DecodeError`."""
        block = decode_block(raw)
        with self._changing():
            change = self._process_block(block)
            is_connected = self.chain.tree.is_active(self.chain.get_entry(block.hash))
        if block.hash in change.failures:
            raise change.failures[block.hash]
        return Submitted(block.hash, is_connected)

    def submit_blocks(self, raws: list[bytes]) -> None:
        """Many blocks in one durable step, for loading a chain. Raises for the first refused one."""
        blocks = [decode_block(raw) for raw in raws]
        with self._changing():
            failure = self._process_until_failure(blocks)
        # Raised only here, so that the blocks before it are kept.
        if failure is not None:
            raise failure

    def _process_until_failure(self, blocks: list[Block]) -> BlockRejected | None:
        for block in blocks:
            try:
                change = self._process_block(block)
            except BlockRejected as error:
                return error
            if change.failures:
                return next(iter(change.failures.values()))
        return None

    def _process_block(self, block: Block) -> ChainChange:
        change = self.chain.process_block(block, self.now())
        update_pool(self, self._store, change)
        return change

    def submit_transaction(self, raw: bytes, *, allow_high_fees: bool = True) -> Hash32:
        """The txid, once the transaction is in the pool (submitting it again is success).

        Raises `TransactionRejected`, `DecodeError`.
        """
        tx = decode_loose_transaction(raw)
        with self._changing():
            if tx.txid in self.pool:
                return tx.txid
            if self.coins.get_outputs(tx.txid) is not None:
                raise TransactionRejected("txn-already-known")
            fee_max = None if allow_high_fees else Zat(limits.ABSURD_FEE_ZAT)
            now = self.now()
            entry = accept_transaction(self, tx, raw, time=now, fee_max=fee_max)
            self.pool.add(entry)
            self.pool_updates += 1
            self._store.put_pool(entry.txid, raw, now)
            return tx.txid

    def invalidate_block(self, block_hash: Hash32) -> None:
        """Raises `UnknownBlock`; genesis cannot be invalidated."""
        with self._changing():
            entry = self.chain.get_entry(block_hash)
            if entry is self.chain.tree.genesis:
                raise InvalidInput("the genesis block cannot be invalidated")
            update_pool(self, self._store, self.chain.invalidate(entry))

    def reconsider_block(self, block_hash: Hash32) -> None:
        with self._changing():
            change = self.chain.reconsider(self.chain.get_entry(block_hash))
            update_pool(self, self._store, change)

    # --- mining -----------------------------------------------------------------------------------

    def create_template(
        self, script: bytes | None = None, *, extra_nonce: int = 1
    ) -> BlockTemplate:
        """The next block, unproven. Solve it with `solve_template` and submit it."""
        with self.reading():
            return create_template(
                self.params,
                self.tip_entry,
                self.coins,
                self.pool,
                self.miner_script if script is None else script,
                self.now(),
                extra_nonce=extra_nonce,
            )

    def is_template_stale(self, template: BlockTemplate) -> bool:
        """Whether the tip moved on since (or the node ended). Takes no lock."""
        return self._closed or self.tip_entry is not template.previous

    def submit_if_new(self, block: Block) -> bool:
        """Submits a mined block; False if it is known, or not on the tip any more."""
        with self._lock:
            if self.tip_entry.hash != block.header.prev or self.chain.is_known(block.hash):
                return False
            return self.submit_block(block.raw).is_connected

    def verify_proposal(self, block: Block) -> None:
        """Whether the block would be valid on the tip, its proof of work aside.

        Raises `BlockRejected`.
        """
        with self.reading():
            self.chain.verify_proposal(block, self.now())

    def mine_block(self, script: bytes | None = None) -> Hash32:
        """Mines one block on the tip, paying to `script` or the configured one."""
        return self._miner.mine_block(script)

    def generate(self, count: int, script: bytes | None = None) -> list[Hash32]:
        """Mines `count` blocks one after the other; each is durable before the next begins."""
        return self._miner.generate(count, script)

    # --- end --------------------------------------------------------------------------------------

    def close(self) -> None:
        """Ends all use of the node; what it acknowledged is on disk already."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._store.close()

    def _verify_open(self) -> None:
        if self._closed:
            raise NodeClosed("the embedded node is closed")

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Lock and storage transaction around a change."""
        with self._lock:
            self._verify_open()
            try:
                with self._store.transaction():
                    yield
            except InvalidInput:
                raise
            except BaseException:
                # Memory may be ahead of the disk now.
                self.close()
                raise

    def __repr__(self) -> str:
        return f"RegtestNode({self.tip_entry.height}, {hash_hex(self.tip_entry.hash)[:16]}…)"
