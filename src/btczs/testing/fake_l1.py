"""`FakeL1`: a Bitcoin-family layer 1 in memory, whose history can be rewritten at will.

Transactions and headers are encoded as on the real chain; headers link, and commit to their
transactions. There is no proof of work, and signatures are not checked: the chain application
leaves the first to the follower and never needs the second. What is spent must exist, unspent, and
cover what is paid.

A reorganisation takes blocks off the tip and puts others there. Transactions of the blocks that
went return to the pool, unless `lose` says otherwise; what spends coins that are gone is dropped.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

import msgspec

from btczs.codec.stream import Writer
from btczs.crypto.merkle import bitcoin_merkle_root
from btczs.l1.bitcoin import header as btc_header
from btczs.l1.bitcoinz import header as btcz_header
from btczs.l1.follower import BlockRef, L1Facts, NotFollowed
from btczs.l1.params import L1Params
from btczs.l1.parts import NO_INDEX, TxOut
from btczs.l1.wire import (
    Header,
    Tx,
    decode_transaction,
    encode_header,
    encode_transaction,
    make_transaction,
    with_script_sig,
)
from btczs.primitives import Hash32, InvalidInput, L1Height, TimestampS, Zat
from btczs.primitives.units import ZERO_HASH

REWARD_ZAT = Zat(1_000_000)
"""Each coinbase pays so much, to be spent at once: nobody waits for maturity here."""
BLOCK_VERSION = 4
EASIEST_BITS = 0x200F_0F0F
SOLUTION = bytes(36)
"""As long as one of (48,5), and just as void as the proof of work it stands for."""

Outpoint = tuple[Hash32, int]


class TransactionRefused(InvalidInput):
    """The pool does not take the transaction. Field: `reason`."""

    code: ClassVar[str] = "fake_l1_refused"

    def __init__(self, reason: str) -> None:
        super().__init__(f"layer 1 refuses the transaction: {reason}")
        self.reason = reason


class UnspentOutput(msgspec.Struct, frozen=True):
    """An output that nothing spends, neither in a block nor in the pool."""

    txid: Hash32
    index: int
    value: Zat
    script: bytes


class _Block(msgspec.Struct, frozen=True):
    ref: BlockRef
    header: Header
    transactions: tuple[Tx, ...]
    spent: Mapping[Outpoint, TxOut]
    """What its inputs took from the outputs before it: enough to take the block back."""


class Branch(msgspec.Struct, frozen=True):
    """A whole chain as it once stood, to return to."""

    blocks: tuple[_Block, ...]

    @property
    def height(self) -> int:
        return len(self.blocks)


class FakeL1:
    """A chain from height 1 on; height 0 does not exist. An `L1Source`."""

    def __init__(
        self,
        params: L1Params,
        select: Callable[[Tx], bool],
        reward_scripts: Sequence[bytes],
        first_time: TimestampS,
    ) -> None:
        """Coinbases pay the `reward_scripts` in turn. `select`: which transactions facts show."""
        self.params = params
        self.pool: dict[Hash32, Tx] = {}
        """What waits, in order of arrival: parents before children."""
        self._select = select
        self._reward_scripts = tuple(reward_scripts)
        self._first_time = first_time
        self._blocks: list[_Block] = []
        self._unspent: dict[Outpoint, TxOut] = {}
        self._made = 0

    # ---- L1Source ------------------------------------------------------------------------------

    def tip(self) -> BlockRef | None:
        return self._blocks[-1].ref if self._blocks else None

    def hash_at(self, height: int) -> Hash32 | None:
        return self._blocks[height - 1].ref.hash if 1 <= height <= self.height else None

    def facts_at(self, height: int) -> L1Facts:
        """Raises `NotFollowed`."""
        if not 1 <= height <= self.height:
            raise NotFollowed(height, "the chain does not reach there")
        block = self._blocks[height - 1]
        selected = tuple(
            (place, encode_transaction(tx))
            for place, tx in enumerate(block.transactions)
            if self._select(tx)
        )
        return L1Facts(
            block.ref.height,
            block.ref.hash,
            encode_header(block.header),
            selected,
            len(block.transactions),
        )

    @property
    def height(self) -> int:
        return len(self._blocks)

    # ---- what miners and wallets do --------------------------------------------------------------

    def submit(self, raw: bytes) -> Hash32:
        """Takes a transaction into the pool. Raises `DecodeError` or `TransactionRefused`."""
        tx = decode_transaction(self.params, raw)
        if tx.txid in self.pool:
            return tx.txid
        problem = self._find_problem(tx)
        if problem is not None:
            raise TransactionRefused(problem)
        self.pool[tx.txid] = tx
        return tx.txid

    def unspent_of(self, script: bytes) -> list[UnspentOutput]:
        """Coins of `script`: confirmed ones first, then those that wait in the pool."""
        taken = {(i.prev_txid, i.prev_index) for tx in self.pool.values() for i in tx.inputs}
        outputs = dict(self._unspent)
        for tx in self.pool.values():
            outputs.update(_created(tx))
        return [
            UnspentOutput(txid, index, out.value, out.script)
            for (txid, index), out in outputs.items()
            if out.script == script and (txid, index) not in taken
        ]

    # ---- what the network does -------------------------------------------------------------------

    def mine(self, count: int = 1, include: Callable[[Tx], bool] | None = None) -> BlockRef:
        """Adds `count` blocks. `include` chooses from the pool; children of what waits wait too."""
        assert count >= 1
        for _ in range(count):
            self._connect(self._make_block(include))
        return self._blocks[-1].ref

    def reorganise(
        self,
        depth: int,
        length: int,
        lose: Callable[[Tx], bool] | None = None,
        include: Callable[[Tx], bool] | None = None,
    ) -> BlockRef | None:
        """Replaces the newest `depth` blocks by `length` new ones. Gives the new tip."""
        assert 0 <= depth <= self.height
        self._disconnect(depth, lose)
        if length:
            self.mine(length, include)
        return self.tip()

    def branch(self) -> Branch:
        """The chain as it stands."""
        return Branch(tuple(self._blocks))

    def switch(self, branch: Branch) -> None:
        """Makes a chain of earlier the best one again."""
        common = 0
        for mine, theirs in zip(self._blocks, branch.blocks):
            if mine.ref != theirs.ref:
                break
            common += 1
        self._disconnect(self.height - common, None)
        for block in branch.blocks[common:]:
            self._connect(block)

    # ---- blocks ----------------------------------------------------------------------------------

    def _make_block(self, include: Callable[[Tx], bool] | None) -> _Block:
        self._made += 1  # no two blocks are alike, not even at the same height
        height = self.height + 1
        outputs, spent, chosen = dict(self._unspent), dict[Outpoint, TxOut](), list[Tx]()
        for tx in self.pool.values():
            points = [(i.prev_txid, i.prev_index) for i in tx.inputs]
            if all(p in outputs for p in points) and (include is None or include(tx)):
                spent.update((p, outputs.pop(p)) for p in points)
                outputs.update(_created(tx))
                chosen.append(tx)
        transactions = (self._make_coinbase(height), *chosen)
        root, _ = bitcoin_merkle_root([tx.txid for tx in transactions])
        header = self._make_header(root)
        return _Block(BlockRef(L1Height(height), header.hash), header, transactions, spent)

    def _make_coinbase(self, height: int) -> Tx:
        script = self._reward_scripts[height % len(self._reward_scripts)]
        tx = make_transaction(self.params, [(ZERO_HASH, NO_INDEX)], [(REWARD_ZAT, script)])
        return with_script_sig(tx, 0, bytes(Writer().u32_le(height).u32_le(self._made)))

    def _make_header(self, root: Hash32) -> Header:
        prev = self._blocks[-1].ref.hash if self._blocks else ZERO_HASH
        time = TimestampS(self._first_time + self.params.spacing_s * (self.height + 1))
        if self.params.chain == "bitcoinz":
            nonce = self._made.to_bytes(32, "little")
            return btcz_header.Header(
                BLOCK_VERSION, prev, root, ZERO_HASH, time, EASIEST_BITS, nonce, SOLUTION
            )
        return btc_header.Header(BLOCK_VERSION, prev, root, time, EASIEST_BITS, self._made)

    def _connect(self, block: _Block) -> None:
        for tx in block.transactions:
            for spent in tx.inputs:
                self._unspent.pop((spent.prev_txid, spent.prev_index), None)
            self._unspent.update(_created(tx))
            self.pool.pop(tx.txid, None)
        self._blocks.append(block)
        self._refill_pool(list(self.pool.values()))

    def _disconnect(self, depth: int, lose: Callable[[Tx], bool] | None) -> None:
        returned: list[Tx] = []
        for _ in range(depth):
            block = self._blocks.pop()
            self._unspent.update(block.spent)
            for tx in block.transactions:  # after it, for what was made and spent in the block
                for point in _created(tx):
                    self._unspent.pop(point, None)
            kept = [t for t in block.transactions[1:] if lose is None or not lose(t)]
            returned = kept + returned
        self._refill_pool(returned + list(self.pool.values()))

    def _refill_pool(self, transactions: Sequence[Tx]) -> None:
        """Puts back what can still be mined, in this order."""
        self.pool = {}
        for tx in transactions:
            if self._find_problem(tx) is None:
                self.pool[tx.txid] = tx

    def _find_problem(self, tx: Tx) -> str | None:
        taken = {(i.prev_txid, i.prev_index) for other in self.pool.values() for i in other.inputs}
        points = [(i.prev_txid, i.prev_index) for i in tx.inputs]
        if not points or len(set(points)) < len(points):
            return "it spends nothing, or something twice"
        available = 0
        for txid, index in points:
            out = self._unspent.get((txid, index))
            if out is None and txid in self.pool:
                out = _created(self.pool[txid]).get((txid, index))
            if out is None:
                return "it spends an output that does not exist or is spent"
            if (txid, index) in taken:
                return "it spends what another waiting transaction spends"
            available += out.value
        if sum(out.value for out in tx.outputs) > available:
            return "it pays more than it spends"
        return None


def _created(tx: Tx) -> dict[Outpoint, TxOut]:
    return {(tx.txid, index): out for index, out in enumerate(tx.outputs)}
