"""Executing one block on the committed state: the same function for the miner and the validators.

The miner executes to find the state root it must sign; a validator executes to compare. Nothing is
written: the outcome holds the changes, the root after them and the receipts.
"""

from collections.abc import Sequence

import msgspec

from btczs.consensus.pox.tenure import Parent, TenureOpening, record_paid_epoch
from btczs.consensus.pox.view import Sortition, get_l1_tip
from btczs.ledger.events import Event
from btczs.ledger.execution import ExecutionContext, apply_transaction
from btczs.ledger.receipts import Receipt
from btczs.ledger.rejections import TransactionRejected
from btczs.ledger.tenures import apply_tenure_start
from btczs.ledger.transactions import Authenticated
from btczs.networks import Network
from btczs.primitives import ChainHeight, L1Height, TenureHeight, TimestampS
from btczs.store import Overlay, Prepared, StateStore

TENURE_TRANSACTIONS = 2
"""A tenure's first block opens with a tenure change and a coinbase."""


class BlockPlan(msgspec.Struct, frozen=True):
    """Everything that decides the outcome of a block, besides its transactions."""

    parent: Parent
    tenure: Sortition
    timestamp: TimestampS
    tenure_height: TenureHeight
    """Of the block, after its tenure change if it has one."""
    opening: TenureOpening | None


class Executed(msgspec.Struct, frozen=True):
    """The outcome of a block that is not written yet."""

    plan: BlockPlan
    transactions: tuple[Authenticated, ...]
    receipts: tuple[Receipt, ...]
    matured: tuple[Event, ...]
    prepared: Prepared


class SkippedTransaction(msgspec.Struct, frozen=True):
    """A transaction that the miner left out, and why."""

    transaction: Authenticated
    reason: TransactionRejected


class BlockExecution:
    """A block in the making: transactions are applied one by one, then the root is computed."""

    def __init__(self, store: StateStore, network: Network, plan: BlockPlan) -> None:
        self._store = store
        self._overlay = Overlay(store)
        self._plan = plan
        self._transactions: list[Authenticated] = []
        self._receipts: list[Receipt] = []
        self._matured: tuple[Event, ...] = ()
        self._ctx = ExecutionContext(
            network,
            ChainHeight(plan.parent.height + 1),
            plan.tenure_height,
            plan.timestamp,
            L1Height(get_l1_tip(store).height),
        )

    def open_tenure(self, transactions: Sequence[Authenticated]) -> None:
        """Applies the tenure change and the coinbase. Raises `TransactionRejected`."""
        opening = self._plan.opening
        assert opening is not None
        start = apply_tenure_start(
            self._overlay, self._ctx, opening.coinbase, opening.recipient, transactions
        )
        record_paid_epoch(self._overlay, self._plan.tenure)
        self._transactions.extend(transactions)
        self._receipts.extend(start.receipts)
        self._matured = start.events

    def apply(self, transaction: Authenticated) -> None:
        """Applies the next transaction. Raises `TransactionRejected`; nothing changes then."""
        index = len(self._transactions)
        receipt = apply_transaction(self._overlay, transaction, self._ctx, index)
        self._transactions.append(transaction)
        self._receipts.append(receipt)

    def finish(self) -> Executed:
        """Computes the state root. The execution must not be used afterwards."""
        return Executed(
            self._plan,
            tuple(self._transactions),
            tuple(self._receipts),
            self._matured,
            self._store.prepare(self._overlay.changes()),
        )


def execute_block(
    store: StateStore, network: Network, plan: BlockPlan, transactions: Sequence[Authenticated]
) -> Executed:
    """Executes all transactions of a block. Raises `TransactionRejected` if one does not fit."""
    execution = BlockExecution(store, network, plan)
    rest = transactions
    if plan.opening is not None:
        execution.open_tenure(transactions[:TENURE_TRANSACTIONS])
        rest = transactions[TENURE_TRANSACTIONS:]
    for transaction in rest:
        execution.apply(transaction)
    return execution.finish()
