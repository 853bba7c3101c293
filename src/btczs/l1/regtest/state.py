"""The chain: stored blocks, the active branch, and the unspent outputs at its tip.

`process_block` takes one block in and activates the best branch, undoing and connecting blocks as
needed. Callers hold the node's lock and a storage transaction around every change; the pool is
their matter, and the `ChainChange` they get says what happened.
"""

from collections.abc import Iterable

from btczs.crypto.merkle import bitcoin_merkle_root
from btczs.l1.address import script_address
from btczs.l1.params import L1Params
from btczs.l1.pow import compute_work
from btczs.l1.regtest.block import Block, Header, decode_block
from btczs.l1.regtest.block_rules import (
    verify_block,
    verify_block_at,
    verify_body,
    verify_header_at,
)
from btczs.l1.regtest.chain import BlockEntry, BlockTree
from btczs.l1.regtest.connect import connect_block
from btczs.l1.regtest.errors import BlockRejected, CorruptStorage, UnknownBlock
from btczs.l1.regtest.genesis import make_genesis_block
from btczs.l1.regtest.storage import Activity, BlockStore
from btczs.l1.regtest.utxo import (
    CoinOverlay,
    Undo,
    UtxoSet,
    decode_undo,
    encode_undo,
    undo_block,
)
from btczs.primitives import DecodeError, Hash32
from btczs.primitives.units import hash_hex

REFUSED_BLOCKS_MAX = 1000
"""Remembered hashes of blocks that were refused for their body."""


class ChainChange:
    """What an activation did: blocks undone (highest first) and connected (lowest first).

    `failures` are the blocks that turned out invalid when they were to be connected.
    """

    __slots__ = ("connected", "disconnected", "failures")

    def __init__(self) -> None:
        self.disconnected: list[Block] = []
        self.connected: list[Block] = []
        self.failures: dict[Hash32, BlockRejected] = {}


class ChainState:
    def __init__(self, params: L1Params, store: BlockStore) -> None:
        self.params = params
        self.coins = UtxoSet()
        self.store = store
        self._sequence = 0
        self._refused: dict[Hash32, str] = {}
        assert params.reorg_blocks_max is not None, "the embedded node serves BitcoinZ only"
        self._reorg_max = params.reorg_blocks_max
        self._genesis = make_genesis_block(params)
        self.tree = BlockTree(
            self._make_entry(self._genesis.header, None, size=len(self._genesis.raw), tx_count=1)
        )
        self._load()

    def _make_entry(
        self, header: Header, previous: BlockEntry | None, *, size: int, tx_count: int
    ) -> BlockEntry:
        return BlockEntry(
            block_hash=header.hash,
            header=header,
            previous=previous,
            work=compute_work(header.bits),
            size=size,
            tx_count=tx_count,
            sequence=self._sequence,
        )

    @property
    def tip(self) -> BlockEntry:
        return self.tree.tip

    def is_known(self, block_hash: Hash32) -> bool:
        return block_hash in self.tree.entries or block_hash in self._refused

    def get_entry(self, block_hash: Hash32) -> BlockEntry:
        entry = self.tree.entries.get(block_hash)
        if entry is None:
            raise UnknownBlock(hash_hex(block_hash))
        return entry

    def get_block(self, entry: BlockEntry) -> Block:
        if entry is self.tree.genesis:
            return self._genesis
        raw = self.store.get_block(entry.hash)
        if raw is None:
            raise UnknownBlock(hash_hex(entry.hash))
        return decode_block(raw)

    # --- taking a block in ------------------------------------------------------------------------

    def process_block(self, block: Block, now: int) -> ChainChange:
        """Checks and stores `block`, then activates the best branch.

        Raises `BlockRejected` before anything changed; a block that proves invalid only when it is
        connected is in `failures` of the result, as other changes may have happened by then.
        """
        self._verify_unknown(block.hash)
        verify_block(self.params, block)
        previous = self.tree.entries.get(block.header.prev)
        if previous is None or previous.failed:
            raise BlockRejected("bad-prevblk")
        verify_header_at(self.params, block.header, previous, now)
        try:
            verify_block_at(self.params, block, previous.height + 1)
        except BlockRejected as error:
            self._remember_refused(block.hash, error.reason)
            raise
        self._sequence += 1
        entry = self._make_entry(
            block.header, previous, size=len(block.raw), tx_count=len(block.transactions)
        )
        txids = [tx.txid for tx in block.transactions]
        self.store.put_block(entry.sequence, entry.hash, block.raw, txids)
        self.tree.add(entry)
        return self.activate_best(block)

    def verify_proposal(self, block: Block, now: int) -> None:
        """Everything but the proof of work of a block on the tip. Raises `BlockRejected`."""
        self._verify_unknown(block.hash)
        if block.header.prev != self.tip.hash:
            raise BlockRejected("inconclusive-not-best-prevblk")
        height = self.tip.height + 1
        verify_header_at(self.params, block.header, self.tip, now)
        verify_body(self.params, block)
        verify_block_at(self.params, block, height)
        connect_block(self.params, block, height, CoinOverlay(self.coins))

    def _verify_unknown(self, block_hash: Hash32) -> None:
        if block_hash in self._refused:
            raise BlockRejected("duplicate-invalid", self._refused[block_hash])
        entry = self.tree.entries.get(block_hash)
        if entry is None:
            return
        if entry.failed:
            raise BlockRejected("duplicate-invalid")
        raise BlockRejected("duplicate" if entry.validated else "duplicate-inconclusive")

    def _remember_refused(self, block_hash: Hash32, reason: str) -> None:
        if len(self._refused) >= REFUSED_BLOCKS_MAX:
            del self._refused[next(iter(self._refused))]
        self._refused[block_hash] = reason

    # --- activation -------------------------------------------------------------------------------

    def activate_best(self, fresh: Block | None = None) -> ChainChange:
        """Makes the best branch active. `fresh` saves reading a block that was just given."""
        change = ChainChange()
        while (best := self.tree.get_best(reorg_max=self._reorg_max)) is not self.tip:
            fork = self.tree.compute_fork(best)
            while self.tip is not fork:
                change.disconnected.append(self._disconnect_tip())
            for entry in self.tree.compute_path(fork, best):
                is_fresh = fresh is not None and fresh.hash == entry.hash
                block = fresh if fresh is not None and is_fresh else self.get_block(entry)
                try:
                    self._connect(entry, block)
                except BlockRejected as error:
                    change.failures[entry.hash] = error
                    failed = self.tree.mark_failed(entry)
                    self.store.put_failed([e.hash for e in failed], failed=True)
                    self.tree.refresh_candidates()
                    break
                change.connected.append(block)
        return change

    def _connect(self, entry: BlockEntry, block: Block) -> None:
        view = CoinOverlay(self.coins)
        connected = connect_block(
            self.params, block, entry.height, view, with_scripts=not entry.validated
        )
        view.merge_into(self.coins)
        if not entry.validated:
            activity = list(_collect_activity(block, connected.undo))
            self.store.put_undo(entry.hash, encode_undo(connected.undo), activity)
        self.tree.connect(entry)

    def _disconnect_tip(self) -> Block:
        entry = self.tip
        block = self.get_block(entry)
        raw_undo = self.store.get_undo(entry.hash)
        assert raw_undo is not None, "a connected block has an undo record"
        view = CoinOverlay(self.coins)
        undo_block(view, block.transactions, entry.height, decode_undo(raw_undo))
        view.merge_into(self.coins)
        self.tree.disconnect()
        return block

    def is_deep_branch_waiting(self) -> bool:
        """Whether a branch of more work is not followed, as it would undo too many blocks."""
        return self.tree.has_deep_candidate(reorg_max=self._reorg_max)

    def invalidate(self, entry: BlockEntry) -> ChainChange:
        """Marks a block and what is built on it invalid, leaves them, activates what is best then."""
        undone = []
        while self.tree.is_active(entry):
            undone.append(self._disconnect_tip())
        failed = self.tree.mark_failed(entry)
        self.store.put_failed([e.hash for e in failed], failed=True)
        self.tree.refresh_candidates()
        change = self.activate_best()
        change.disconnected[:0] = undone
        return change

    def reconsider(self, entry: BlockEntry) -> ChainChange:
        """Takes such marks back."""
        cleared = self.tree.clear_failed(entry)
        self.store.put_failed([e.hash for e in cleared], failed=False)
        self.tree.refresh_candidates()
        return self.activate_best()

    # --- start ------------------------------------------------------------------------------------

    def _load(self) -> None:
        """Links the stored blocks again and connects the best branch."""
        for stored in self.store.iterate_blocks():
            block = _decode_stored(stored.raw, stored.hash)
            previous = self.tree.entries.get(block.header.prev)
            if previous is None:
                raise CorruptStorage(f"block {hash_hex(stored.hash)} is stored without its parent")
            self._sequence = stored.sequence
            entry = self._make_entry(
                block.header, previous, size=len(stored.raw), tx_count=len(block.transactions)
            )
            entry.failed = stored.failed
            entry.validated = stored.validated
            self.tree.add(entry)
        with self.store.transaction():
            self.activate_best()


def _decode_stored(raw: bytes, block_hash: Hash32) -> Block:
    try:
        block = decode_block(raw)
    except DecodeError as error:
        raise CorruptStorage(f"block {hash_hex(block_hash)} cannot be read: {error}") from error
    root, _ = bitcoin_merkle_root([tx.txid for tx in block.transactions])
    if block.hash != block_hash or block.header.merkle_root != root:
        raise CorruptStorage(f"block {hash_hex(block_hash)} was altered on disk")
    return block


def _collect_activity(block: Block, undo: Undo) -> Iterable[Activity]:
    """What the block does to each address."""
    for tx_index, tx in enumerate(block.transactions):
        spent = undo[tx_index - 1] if tx_index else []
        for index, coin in enumerate(spent):
            if script_address(coin.script) is not None:
                yield Activity(coin.script, block.hash, tx_index, True, index, tx.txid, -coin.value)
        for index, output in enumerate(tx.outputs):
            if script_address(output.script) is not None:
                yield Activity(
                    output.script, block.hash, tx_index, False, index, tx.txid, output.value
                )
