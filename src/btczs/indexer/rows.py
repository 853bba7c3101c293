"""What queries of the index give: one frozen value per row."""

from typing import Final

import msgspec

from btczs.indexer.amounts import unpack_amount
from btczs.ledger.receipts import Receipt, decode_receipt
from btczs.primitives import BaseUnits, ChainHeight, Hash32, L1Height, TenureHeight, TimestampS
from btczs.vm.clarity.costs import ExecutionCost

SIGNATURE_BYTES: Final = 65


class BlockRow(msgspec.Struct, frozen=True, gc=False):
    """A block, without its transactions."""

    height: ChainHeight
    block_id: Hash32
    block_hash: Hash32
    parent_block_id: Hash32
    parent_block_hash: Hash32
    consensus_hash: bytes
    tenure_height: TenureHeight
    is_tenure_start: bool
    timestamp: TimestampS
    miner: str
    miner_txid: str
    state_root: Hash32
    l1_height: L1Height
    l1_hash: str
    l1_time: TimestampS
    signatures: tuple[bytes, ...]
    cost: ExecutionCost
    first_ordinal: int
    tx_count: int


class TransactionRow(msgspec.Struct, frozen=True, gc=False):
    """A mined transaction. `ordinal` counts all transactions of the chain from 0."""

    ordinal: int
    txid: Hash32
    height: ChainHeight
    tx_index: int
    kind: str
    sender: str
    recipient: str | None
    raw: bytes
    receipt: Receipt


class AddressTransactionRow(msgspec.Struct, frozen=True, gc=False):
    """A transaction and what it moved at one address."""

    transaction: TransactionRow
    sent: BaseUnits
    """Without the fee."""
    received: BaseUnits
    fee: BaseUnits
    reward: BaseUnits


class AddressEventRow(msgspec.Struct, frozen=True, gc=False):
    """An event that concerns an address."""

    transaction: TransactionRow
    event_index: int


class AddressTotalsRow(msgspec.Struct, frozen=True, gc=False):
    """Everything that ever moved at an address. Balance = received + rewards - sent - fees."""

    sent: BaseUnits
    received: BaseUnits
    fees: BaseUnits
    rewards: BaseUnits
    tx_count: int
    event_count: int


class L1BlockRow(msgspec.Struct, frozen=True, gc=False):
    """A layer-1 block under which layer-2 blocks were made."""

    height: L1Height
    hash: str
    time: TimestampS
    block_count: int
    tx_count: int


class TransactionFilter(msgspec.Struct, frozen=True):
    """Which transactions a list shows. Empty fields do not restrict."""

    kinds: tuple[str, ...] = ()
    sender: str | None = None
    recipient: str | None = None
    time_min: TimestampS | None = None
    """Block time, seconds, included."""
    time_max: TimestampS | None = None


NO_TOTALS: Final = AddressTotalsRow(BaseUnits(0), BaseUnits(0), BaseUnits(0), BaseUnits(0), 0, 0)

_decode_cost = msgspec.msgpack.Decoder(ExecutionCost).decode


def read_block(row: tuple[object, ...]) -> BlockRow:
    fields = list(row)
    fields[7] = bool(row[7])
    joined = row[15]
    assert isinstance(joined, bytes)
    fields[15] = tuple(
        joined[start : start + SIGNATURE_BYTES] for start in range(0, len(joined), SIGNATURE_BYTES)
    )
    cost = row[16]
    assert isinstance(cost, bytes)
    fields[16] = _decode_cost(cost)
    return BlockRow(*fields)  # type: ignore[arg-type]


def read_transaction(row: tuple[object, ...]) -> TransactionRow:
    receipt = row[8]
    assert isinstance(receipt, bytes)
    return TransactionRow(*(*row[:8], decode_receipt(receipt)))  # type: ignore[arg-type]


def read_address_transaction(row: tuple[bytes, ...]) -> AddressTransactionRow:
    sent, received, fee, reward = (BaseUnits(unpack_amount(raw)) for raw in row[:4])
    return AddressTransactionRow(read_transaction(row[4:]), sent, received, fee, reward)
