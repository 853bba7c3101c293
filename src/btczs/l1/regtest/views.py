"""What the node's methods return: immutable values, valid for the moment of the call."""

from typing import NamedTuple

import msgspec

from btczs.l1.bitcoinz.transaction import Transaction
from btczs.primitives import Hash32, Zat


class BlockRef(msgspec.Struct, frozen=True):
    height: int
    hash: Hash32


class Utxo(msgspec.Struct, frozen=True):
    """An unspent output of the chain (the pool is not looked at, but for `is_spent_in_pool`)."""

    txid: Hash32
    index: int
    value: Zat
    script: bytes
    height: int
    is_coinbase: bool
    is_mature: bool
    """Whether the next block may spend it."""
    is_spent_in_pool: bool


class Found(msgspec.Struct, frozen=True):
    """A transaction, and the active block that contains it (None: it waits in the pool)."""

    tx: Transaction
    raw: bytes
    block: BlockRef | None


class AddressActivity(NamedTuple):
    """A transaction at (`height`, `tx_index`) pays `value` to the address, or takes it (negative)."""

    height: int
    tx_index: int
    spends: bool
    txid: Hash32
    value: int


class Submitted(msgspec.Struct, frozen=True):
    """`is_connected` is False for a block of a side branch."""

    hash: Hash32
    is_connected: bool
