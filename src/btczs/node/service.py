"""The chain as a running thing: mempool in front, engine in the middle, index and events behind.

Everything that changes the chain happens here, in one thread, in bounded steps. A commit is followed
by the mempool, then by the index; both can be rebuilt from the store, so a crash between the three
is mended at the next start (`catch_up`).
"""

import logging
from collections.abc import Callable, Sequence

from btczs.api.backend import BlockAdded, ChainEvent, MempoolAdded, MempoolDropped, StatusAdvanced
from btczs.consensus.pox.tenure import InvalidBlock
from btczs.consensus.pox.view import get_anchored_height
from btczs.engine import LocalEngine
from btczs.finality import Certificate
from btczs.indexer import Index
from btczs.indexer.records import decode_record
from btczs.ledger.mempool import Dropped, Mempool
from btczs.node.chain.application import BtczsChain, Decided
from btczs.node.chain.assembly import MinerSecrets, assemble_block, is_elected, must_open_tenure
from btczs.primitives import ChainHeight, Hash32, TenureHeight, TimestampS

log = logging.getLogger(__name__)

STEPS_PER_ADVANCE_MAX = 16
"""After so many heights the caller gets its thread back, to serve others."""
TRANSACTIONS_PER_BLOCK_MAX = 20_000

Publish = Callable[[ChainEvent], None]


class ChainService:
    """Drives one chain. Not thread-safe: one event loop owns it."""

    def __init__(
        self,
        chain: BtczsChain,
        engine: LocalEngine,
        mempool: Mempool,
        index: Index,
        publish: Publish,
        miners: Sequence[MinerSecrets],
        block_interval_ms: int,
    ) -> None:
        """`block_interval_ms`: a tenure makes no more than one block in this time."""
        self.chain = chain
        self.engine = engine
        self.mempool = mempool
        self.index = index
        self.deepest_reorganisation = 0
        """Layer-1 blocks taken back at once, at most, since the start."""
        self._publish = publish
        self._miners = miners
        self._block_interval_ms = block_interval_ms
        self._last_block_ms = 0
        self._statuses = self._compute_statuses()
        self.catch_up()

    @property
    def tenure_height(self) -> TenureHeight:
        return TenureHeight(self.chain.tip.tenure_height)

    @property
    def statuses(self) -> StatusAdvanced:
        """Heights of the newest signed, anchored and final blocks."""
        return self._statuses

    def catch_up(self) -> None:
        """Brings the index to the chain's tip, from the outbox."""
        tip = self.chain.tip.height
        last = self.index.last_height()
        if last is not None and last > tip:
            self.index.rollback_to(tip)
        for height in range(0 if last is None else last + 1, tip + 1):
            raw = self.chain.tables.get_record_bytes(ChainHeight(height))
            assert raw is not None, "every block has its record in the outbox"
            self.index.apply(decode_record(raw))
            certificate = self.chain.tables.get_certificate(height)
            if certificate is not None:
                self._index_certificate(certificate)

    def submit(self, raw: bytes, now: TimestampS) -> Hash32:
        """Takes a transaction into the mempool, durably. Raises a `TransactionRejected`."""
        admitted = self.mempool.admit(raw, self.chain.store, now, self.tenure_height)
        if not admitted.already:
            entry = self.mempool.get(admitted.txid)
            if entry is not None:
                self.chain.senders.put(entry.authenticated)
            if admitted.replaced is not None:
                self._publish(MempoolDropped(admitted.replaced, "dropped_replace_by_fee"))
            self._publish(MempoolAdded(admitted.txid))
        return admitted.txid

    def advance(self, now_ms: int) -> bool:
        """Decides what there is to decide, a bounded number of heights. True: there may be more."""
        now = TimestampS(now_ms // 1000)
        for _ in range(STEPS_PER_ADVANCE_MAX):
            if not self._step(now, now_ms) and not (
                self._produce_block(now, now_ms) and self._step(now, now_ms)
            ):
                return False
        return True

    def _step(self, now: TimestampS, now_ms: int) -> bool:
        """One engine height, and what follows from it. False if nothing was decided."""
        if not self.engine.step(now):
            if self.engine.refused is not None:
                log.warning("%s", self.engine.refused)
            return False
        decided = self.chain.last_decided
        assert decided is not None
        self._follow(decided, now_ms)
        return True

    def _produce_block(self, now: TimestampS, now_ms: int) -> bool:
        """Lets the elected miner write, if it is ours and there is something to write."""
        miner = next((m for m in self._miners if is_elected(self.chain, m)), None)
        if miner is None:
            return False
        opens = must_open_tenure(self.chain)
        is_early = 0 <= now_ms - self._last_block_ms < self._block_interval_ms
        if not opens and (is_early or not len(self.mempool)):
            return False
        candidates = self.mempool.select(
            self.chain.store,
            self.chain.network.limits.block_bytes_max,
            TRANSACTIONS_PER_BLOCK_MAX,
        )
        if not candidates and not opens:
            return False
        try:
            made = assemble_block(self.chain, miner, candidates, now)
            for skipped in made.skipped:
                self._drop(skipped.transaction.txid, str(skipped.reason))
            if not made.block.transactions:
                return False
            self.engine.submit(made.message)
        except InvalidBlock as error:
            log.warning("no block was made: %s", error)
            return False
        return True

    def _drop(self, txid: Hash32, reason: str) -> None:
        dropped = self.mempool.drop(txid, "dropped_problematic", reason, self.tenure_height)
        if dropped is not None:
            self._publish(MempoolDropped(txid, dropped.status))

    def _follow(self, decided: Decided, now_ms: int) -> None:
        if decided.l1 is not None:
            self.deepest_reorganisation = max(self.deepest_reorganisation, decided.l1.rewound)
            for refused in decided.l1.refused:
                log.info("layer-1 operation refused at %s: %s", refused.pointer, refused.reason)
        for certificate in decided.certificates:
            self._index_certificate(certificate)
        if decided.executed is not None and decided.record is not None:
            self._last_block_ms = now_ms
            dropped: tuple[Dropped, ...] = self.mempool.apply_block(
                self.chain.store, decided.executed.transactions, self.tenure_height
            )
            self.index.apply(decided.record)
            self._publish(BlockAdded(decided.record))
            for gone in dropped:
                self._publish(MempoolDropped(gone.txid, gone.status))
        statuses = self._compute_statuses()
        if statuses != self._statuses:
            self._statuses = statuses
            self._publish(statuses)

    def _index_certificate(self, certificate: Certificate) -> None:
        signatures = tuple(signature for _, signature in certificate.signatures)
        self.index.set_signatures(certificate.height, signatures)

    def _compute_statuses(self) -> StatusAdvanced:
        chain = self.chain
        confirmations = chain.network.btcz_connection.min_confirmations
        return StatusAdvanced(
            ChainHeight(chain.tip.signed_height),
            ChainHeight(get_anchored_height(chain.store, chain.network, 1)),
            ChainHeight(get_anchored_height(chain.store, chain.network, confirmations)),
        )
