"""The mempool against any history: bounds hold, choices execute, nothing acknowledged is lost."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from ledger_world import FEE, KEYS, World, authenticated, context, describe, transfer, with_limits

from btczs.ledger import TransactionRejected, apply_transaction, get_account
from btczs.ledger.accounts import read_account_pair
from btczs.ledger.mempool import Admitted
from btczs.ledger.mempool.pool import Pool
from btczs.primitives import Unavailable
from btczs.store import MemoryKV, Overlay

SIZE = len(transfer(KEYS[0], 0))
BALANCE = 20_000
NETWORK = with_limits(
    mempool_transactions_max=8,
    mempool_bytes_max=7 * SIZE,
    mempool_chaining_max=4,
    mempool_age_tenures_max=2,
)
PEOPLE = st.integers(0, 3)
TRANSFERS = st.tuples(
    PEOPLE,
    st.integers(-1, 5),
    st.sampled_from([1, 500, 4_000, BALANCE - FEE]),
    st.sampled_from([FEE, FEE + 1, 2 * FEE, 5 * FEE]),
    PEOPLE,
    st.one_of(st.none(), st.none(), PEOPLE),
    st.integers(0, 2),
)


class FlakyKV(MemoryKV):
    failing = False

    def write(self, changes: object, /) -> None:
        if self.failing:
            raise Unavailable("the disk is gone")
        super().write(changes)


class MempoolMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.world = World(NETWORK, BALANCE, FlakyKV())
        self.acknowledged: set[bytes] = set()
        self.mined: set[bytes] = set()
        self.unmined: set[bytes] = set()
        """Rolled back: the layer above brings these again, the pool need not know them."""
        self.history: list[tuple[MemoryKV, int, set[bytes]]] = []

    @property
    def pool(self):
        return self.world.pool

    def make(self, choice: tuple) -> bytes:
        """A transfer whose nonces lie around the accounts' own."""
        who, offset, amount, fee, to, sponsor_index, sponsor_offset = choice
        sender = KEYS[who]
        sponsor = None if sponsor_index is None else KEYS[sponsor_index]
        nonce = max(0, get_account(self.world.state, sender.principal).nonce + offset)
        sponsor_nonce = 0
        if sponsor is not None:
            sponsor_nonce = get_account(self.world.state, sponsor.principal).nonce + sponsor_offset
        return transfer(
            sender,
            nonce,
            amount,
            fee=fee,
            to=KEYS[to].principal,
            sponsor=sponsor,
            sponsor_nonce=sponsor_nonce,
        )

    def keep_history(self) -> None:
        copy = MemoryKV()
        copy.write(dict(self.world.state.scan(b"", None)))
        self.history.append((copy, self.world.tenure, set(self.mined)))
        del self.history[:-3]

    @rule(choices=st.lists(TRANSFERS, min_size=1, max_size=4))
    def admit(self, choices: list[tuple]) -> None:
        raws = [self.make(choice) for choice in choices]
        outcomes = self.pool.admit_many(raws, self.world.state, 7, self.world.tenure)
        for raw, outcome in zip(raws, outcomes, strict=True):
            if isinstance(outcome, Admitted):
                self.acknowledged.add(authenticated(raw).txid)

    @rule(choice=TRANSFERS)
    def admit_while_the_disk_fails(self, choice: tuple) -> None:
        before = describe(self.pool)
        self.world.kv.failing = True
        try:
            outcome = self.world.admit(self.make(choice))
            assert outcome.already
        except TransactionRejected:
            pass
        finally:
            self.world.kv.failing = False
        assert describe(self.pool) == before

    @rule(count=st.integers(1, 8), new_tenure=st.booleans())
    def mine_own(self, count: int, new_tenure: bool) -> None:
        self.keep_history()
        block = self.world.select(count_max=count)
        self.world.mine(block, new_tenure=new_tenure)
        self.mined.update(transaction.txid for transaction in block)

    @rule(choice=TRANSFERS)
    def mine_of_somebody_else(self, choice: tuple) -> None:
        raw = self.make((choice[0], 0, *choice[2:6], 0))
        try:
            apply_transaction(Overlay(self.world.state), authenticated(raw), context(1, NETWORK))
        except TransactionRejected:
            return
        self.keep_history()
        self.world.mine([raw])
        self.mined.add(authenticated(raw).txid)

    @precondition(lambda self: self.history)
    @rule()
    def roll_back(self) -> None:
        mined = self.mined
        self.world.state, self.world.tenure, self.mined = self.history.pop()
        self.unmined |= mined - self.mined
        self.pool.resync(self.world.state, self.world.tenure)

    @rule()
    def restart(self) -> None:
        before = describe(self.pool)
        self.world.pool = self.world.reopen()
        assert describe(self.pool) == before
        assert self.pool.unreadable == 0

    @invariant()
    def bounds_hold(self) -> None:
        limits = NETWORK.limits
        assert len(self.pool) <= limits.mempool_transactions_max
        assert self.pool.bytes_total <= limits.mempool_bytes_max
        for key, queue in self.pool._pool.queues.items():
            balance, nonce = read_account_pair(self.world.state, key)
            assert 0 < len(queue.slots) <= limits.mempool_chaining_max
            assert queue.nonce == nonce
            assert min(queue.slots) >= nonce
            assert queue.cost <= balance

    @invariant()
    def tables_are_those_of_the_entries(self) -> None:
        rebuilt = Pool()
        for entry in self.pool.entries():
            for key, _ in entry.slots():
                rebuilt.get_queue(key, read_account_pair(self.world.state, key)[1])
            rebuilt.insert(entry)
        tables = self.pool._pool
        assert tables.entries == rebuilt.entries
        assert tables.bytes_total == rebuilt.bytes_total
        assert tables.incoming == rebuilt.incoming
        assert tables.by_tenure == rebuilt.by_tenure
        for key, queue in rebuilt.queues.items():
            other = tables.queues[key]
            assert (other.slots, other.cost, other.nonce) == (queue.slots, queue.cost, queue.nonce)
        assert set(rebuilt.heads) <= set(tables.heads)

    @invariant()
    def what_is_chosen_executes_and_nothing_ready_is_left_out(self) -> None:
        chosen = self.world.select()
        overlay = Overlay(self.world.state)
        for transaction in chosen:
            apply_transaction(overlay, transaction, context(self.world.tenure, NETWORK))
        taken = {transaction.txid for transaction in chosen}
        for entry in self.pool.entries():
            if entry.txid not in taken:
                assert any(
                    read_account_pair(overlay, key)[1] != nonce for key, nonce in entry.slots()
                )

    @invariant()
    def nothing_acknowledged_is_lost(self) -> None:
        for txid in self.acknowledged - self.mined - self.unmined:
            waits, dropped = self.pool.get(txid), self.pool.get_dropped(txid)
            assert (waits is None) != (dropped is None)


TestMempool = MempoolMachine.TestCase
TestMempool.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
