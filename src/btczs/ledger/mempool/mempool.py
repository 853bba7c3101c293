"""`Mempool`: the facade over tables, rules and store."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import msgspec

from btczs.codec.clarity.values import Principal
from btczs.ledger.accounts import account_key, read_account_pair
from btczs.ledger.mempool import admission, records, upkeep
from btczs.ledger.mempool.changes import Changes
from btczs.ledger.mempool.dropped import Dropped, DroppedMemory, DropStatus
from btczs.ledger.mempool.entry import Entry, make_entry
from btczs.ledger.mempool.pool import Pool
from btczs.ledger.mempool.selection import select
from btczs.ledger.rejections import (
    ConflictingNonceInMempool,
    ServerFailureDatabase,
    TemporarilyBlacklisted,
    TransactionRejected,
)
from btczs.ledger.transactions import Authenticated, compute_txid
from btczs.networks import Network
from btczs.primitives import DecodeError, Hash32, Nonce, TenureHeight, TimestampS, Unavailable
from btczs.store.kv import KV, Reader, prefix_end


class Admitted(msgspec.Struct, frozen=True):
    """The transaction waits. `already`: it did before; `replaced`: whose place it took."""

    txid: Hash32
    replaced: Hash32 | None = None
    already: bool = False


class _Arrival(msgspec.Struct, frozen=True, gc=False):
    """An item of a batch: verified, or refused, or still bytes because it is known already."""

    txid: Hash32
    item: Authenticated | TransactionRejected | bytes


class NoncesView(msgspec.Struct, frozen=True):
    """An account's nonces, in the state and in the mempool."""

    next_executed: Nonce
    """What the account's next transaction to be executed must carry."""
    last_executed: Nonce | None
    possible_next: Nonce
    """After everything that waits: what a wallet should use next."""
    missing: tuple[Nonce, ...]
    """Gaps: what waits behind them cannot be mined until they are filled."""
    waiting: tuple[Nonce, ...]
    """Nonces in the mempool, ascending."""


class Mempool:
    """The waiting transactions of one node, kept in `kv` under `mempool/`.

    `reader` is the state at the tip, `tenure` the current one. One caller at a time.
    """

    def __init__(self, network: Network, kv: KV, reader: Reader, tenure: TenureHeight) -> None:
        self._network = network
        self._kv = kv
        self._pool = Pool()
        self._dropped = DroppedMemory()
        self._next_seq = 0
        self.unreadable = 0
        """Stored records that could not be read, or break the rules, at the start. Removed."""
        self._load(reader, tenure)

    def __len__(self) -> int:
        return len(self._pool.entries)

    @property
    def bytes_total(self) -> int:
        """Bytes of all waiting transactions."""
        return self._pool.bytes_total

    def admit(
        self, raw: bytes | Authenticated, reader: Reader, now_s: TimestampS, tenure: TenureHeight
    ) -> Admitted:
        """Takes one transaction in; it is durable on return. Known already: success.

        Raises a `TransactionRejected` (nothing changes then).
        """
        (outcome,) = self.admit_many([raw], reader, now_s, tenure)
        if isinstance(outcome, TransactionRejected):
            raise outcome
        return outcome

    def admit_many(
        self,
        raws: Sequence[bytes | Authenticated],
        reader: Reader,
        now_s: TimestampS,
        tenure: TenureHeight,
    ) -> list[Admitted | TransactionRejected]:
        """Takes a batch in with one durable write. One outcome each; a refusal harms no other.

        Items may be authenticated beforehand (`transactions.batch`), with this network's rules.
        Raises `ServerFailureDatabase` if the write fails (then none of them is in).
        """
        outcomes: list[Admitted | TransactionRejected] = []
        arrivals = self._verify_arrivals(raws)
        try:
            with self._changes(tenure) as changes:
                for arrival in arrivals:
                    mark = changes.mark()
                    try:
                        outcomes.append(self._admit(arrival, reader, now_s, changes))
                    except TransactionRejected as refusal:
                        changes.revert(mark)
                        outcomes.append(refusal)
        except Unavailable as error:
            raise ServerFailureDatabase(str(error)) from error
        return outcomes

    def select(self, reader: Reader, bytes_max: int, count_max: int) -> list[Authenticated]:
        """A sequence for a block on `reader`'s state, best fee rate first. Changes nothing."""
        return select(self._pool, reader, bytes_max, count_max)

    def apply_block(
        self, reader: Reader, mined: Sequence[Authenticated], tenure: TenureHeight
    ) -> tuple[Dropped, ...]:
        """Follows a block: `mined` are all its transactions, `reader` is the state after it.

        Gives what was dropped. Raises `Unavailable` (nothing changed; call it again).
        """
        with self._changes(tenure) as changes:
            upkeep.remove_mined(changes, mined, reader)
            upkeep.drop_aged(changes, self._network.limits)
        return tuple(changes.dropped)

    def resync(self, reader: Reader, tenure: TenureHeight) -> tuple[Dropped, ...]:
        """Compares everything with the state, for when blocks were rolled back."""
        with self._changes(tenure) as changes:
            upkeep.refresh_accounts(changes, list(self._pool.queues), reader)
            upkeep.drop_aged(changes, self._network.limits)
        return tuple(changes.dropped)

    def drop(
        self, txid: Hash32, status: DropStatus, reason: str, tenure: TenureHeight
    ) -> Dropped | None:
        """Drops one transaction, such as one that a miner could not process; None if unknown."""
        entry = self._pool.entries.get(txid)
        if entry is None:
            return None
        with self._changes(tenure) as changes:
            changes.drop(entry, status, reason)
        return changes.dropped[0]

    def get(self, txid: Hash32) -> Entry | None:
        """The waiting transaction `txid`."""
        return self._pool.entries.get(txid)

    def get_dropped(self, txid: Hash32) -> Dropped | None:
        """What became of `txid`, if it was dropped not too long ago."""
        return self._dropped.get(txid)

    def entries(self, principal: Principal | None = None) -> Iterator[Entry]:
        """The newest first; with `principal`, those it sends, pays for or receives."""
        if principal is None:
            yield from reversed(self._pool.entries.values())
            return
        key = account_key(principal)
        queue = self._pool.queues.get(key)
        found = {entry.seq: entry for entry in queue.slots.values()} if queue else {}
        found.update((entry.seq, entry) for entry in self._pool.incoming.get(key, {}).values())
        for seq in sorted(found, reverse=True):
            yield found[seq]

    def nonces(self, principal: Principal, reader: Reader) -> NoncesView:
        """The nonces of `principal`, answered from the pool itself: never out of date."""
        key = account_key(principal)
        nonce = read_account_pair(reader, key)[1]
        queue = self._pool.queues.get(key)
        waiting = tuple(Nonce(n) for n in sorted(queue.slots) if n >= nonce) if queue else ()
        possible_next = waiting[-1] + 1 if waiting else nonce
        taken = set(waiting)
        return NoncesView(
            Nonce(nonce),
            Nonce(nonce - 1) if nonce else None,
            Nonce(possible_next),
            tuple(Nonce(n) for n in range(nonce, possible_next) if n not in taken),
            waiting,
        )

    def _verify_arrivals(self, items: Sequence[bytes | Authenticated]) -> list[_Arrival]:
        """Verifies the signatures of all items before anything else is done with one of them.

        The signature library works on large tables: in turns with the pool's, both would push each
        other out of the processor's cache, and the whole would take a quarter longer.
        """
        arrivals = []
        seen: dict[Hash32, Authenticated | TransactionRejected] = {}
        for item in items:
            if not isinstance(item, bytes):
                arrivals.append(_Arrival(item.txid, item))
                continue
            txid = compute_txid(item)
            known = txid in self._pool.entries or self._get_problem(txid) is not None
            if not known and txid not in seen:
                seen[txid] = self._verify(item, txid)
            arrivals.append(_Arrival(txid, seen.get(txid, item)))
        return arrivals

    def _verify(self, raw: bytes, txid: Hash32) -> Authenticated | TransactionRejected:
        try:
            return admission.authenticate_raw(raw, self._network, txid)
        except TransactionRejected as refusal:
            return refusal

    def _get_problem(self, txid: Hash32) -> str | None:
        """Why a miner could not process `txid`, if it was dropped for that."""
        before = self._dropped.get(txid)
        if before is None or before.status != "dropped_problematic":
            return None
        return before.reason

    def _admit(
        self, arrival: _Arrival, reader: Reader, now_s: TimestampS, changes: Changes
    ) -> Admitted:
        network, txid, authenticated = self._network, arrival.txid, arrival.item
        if txid in self._pool.entries:
            return Admitted(txid, already=True)
        problem = self._get_problem(txid)
        if problem is not None:
            raise TemporarilyBlacklisted(f"it was dropped: {problem}")
        if isinstance(authenticated, bytes):  # an earlier one of this batch has taken its place
            authenticated = admission.authenticate_raw(authenticated, network, txid)
        if isinstance(authenticated, TransactionRejected):
            raise authenticated
        admission.verify_payload(authenticated, network)
        entry = make_entry(self._take_seq(), authenticated, changes.tenure, now_s)
        sides = admission.read_sides(entry, reader)
        admission.verify_nonces(entry, sides, network.limits)
        replaced = admission.find_replaced(entry, self._pool)
        for other in replaced:
            changes.drop(other, "dropped_replace_by_fee", "replaced by one with a higher fee", txid)
        for side in sides:
            queue = changes.get_queue(side.key, side.nonce)
            admission.verify_account_bounds(entry, side, queue, network.limits)
        admission.make_room(entry, changes, network.limits)
        changes.insert(entry)
        return Admitted(txid, replaced[0].txid if replaced else None)

    @contextmanager
    def _changes(self, tenure: TenureHeight) -> Iterator[Changes]:
        """Changes that are durable at the end of the block, or taken back if anything raises."""
        changes = Changes(self._pool, tenure)
        try:
            yield changes
            changes.commit(self._kv, self._dropped, self._take_seq)
        except BaseException:
            changes.abandon()
            raise

    def _take_seq(self) -> int:
        seq = self._next_seq
        self._next_seq += 1
        return seq

    def _load(self, reader: Reader, tenure: TenureHeight) -> None:
        """Reads the store. What waits there is verified again, against today's rules and state."""
        for key, raw in self._kv.scan(records.DROP_PREFIX, prefix_end(records.DROP_PREFIX)):
            seq = self._saw_seq(key)
            try:
                self._dropped.remember(seq, records.decode_dropped(raw))
            except DecodeError:
                self.unreadable += 1
                self._dropped.stale_seqs.append(seq)
        refused: dict[bytes, bytes | None] = {}
        for key, raw in self._kv.scan(records.TX_PREFIX, prefix_end(records.TX_PREFIX)):
            try:
                self._load_entry(self._saw_seq(key), records.decode_stored(raw), reader)
            except (DecodeError, TransactionRejected):
                self.unreadable += 1
                refused[key] = None
        if refused:
            self._kv.write(refused)
        with self._changes(tenure) as changes:
            upkeep.refresh_accounts(changes, list(self._pool.queues), reader)
            upkeep.drop_aged(changes, self._network.limits)
            admission.shrink(changes, self._network.limits)

    def _load_entry(self, seq: int, stored: records.StoredTransaction, reader: Reader) -> None:
        """Puts a stored transaction back. Raises what a new one would be refused with."""
        authenticated = admission.authenticate_raw(stored.raw, self._network)
        admission.verify_payload(authenticated, self._network)
        entry = make_entry(seq, authenticated, stored.tenure, stored.received_at)
        if admission.find_conflicts(entry, self._pool):
            raise ConflictingNonceInMempool("two stored transactions have the same nonce")
        for side in admission.read_sides(entry, reader):
            self._pool.get_queue(side.key, side.nonce)
        self._pool.insert(entry)
        self._dropped.forget(entry.txid)

    def _saw_seq(self, key: bytes) -> int:
        """The sequence number in `key`; new ones will be higher."""
        seq = records.key_seq(key)
        self._next_seq = max(self._next_seq, seq + 1)
        return seq
