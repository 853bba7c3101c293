"""Which transactions may wait: the rules of the pool, one function each.

The order is the one of the reference: form, signatures, fee, nonces, funds; then what concerns the
pool. A refusal raises the class of `rejections` that clients know.
"""

from typing import Final

import msgspec

from btczs.ledger.accounts import read_account_pair
from btczs.ledger.execution import verify_static
from btczs.ledger.mempool.changes import Changes
from btczs.ledger.mempool.entry import RATE_SCALE, Entry
from btczs.ledger.mempool.pool import AccountQueue, Pool
from btczs.ledger.rejections import (
    BadNonce,
    ConflictingNonceInMempool,
    Deserialization,
    FeeTooLow,
    NoCoinbaseViaMempool,
    NoSuchContract,
    NotEnoughFunds,
    NoTenureChangeViaMempool,
    ServerFailureOther,
    SignatureValidation,
    TooMuchChaining,
)
from btczs.ledger.transactions import (
    Authenticated,
    AuthError,
    decode_transaction,
    verify_transaction,
)
from btczs.ledger.transactions.payloads import (
    Coinbase,
    CoinbaseToAlt,
    ContractCall,
    NakamotoCoinbase,
    TenureChange,
)
from btczs.networks import Limits, Network
from btczs.primitives import DecodeError, Hash32
from btczs.store.kv import Reader

ACCOUNT_TRANSACTIONS_OF_LARGEST_SIZE: Final = 2
"""All waiting transactions of an account together are at most as large as two of the largest."""

TAIL_STEPS_MAX: Final = 64
"""Successors followed in search of the end of a chain; sponsors can tie accounts together."""

CHAINING_MESSAGE: Final = "Nonce would exceed chaining limit in mempool"


class Side(msgspec.Struct, frozen=True):
    """One account of a transaction, the origin or the payer, as the state has it."""

    key: bytes
    nonce: int
    balance: int
    is_origin: bool


def authenticate_raw(raw: bytes, network: Network, txid: Hash32 | None = None) -> Authenticated:
    """The transaction in `raw`. Raises `Deserialization` or `SignatureValidation`."""
    limit = network.limits.transaction_bytes_max
    if len(raw) > limit:
        raise Deserialization(f"a transaction has at most {limit} bytes, this has {len(raw)}")
    try:
        return verify_transaction(decode_transaction(raw), raw, network, txid)
    except AuthError as error:
        raise SignatureValidation(str(error)) from error
    except DecodeError as error:
        raise Deserialization(str(error)) from error


def verify_payload(authenticated: Authenticated, network: Network) -> None:
    """Raises unless the payload may come from a user and holds by itself, and its fee suffices."""
    payload = authenticated.tx.payload
    if isinstance(payload, Coinbase | CoinbaseToAlt | NakamotoCoinbase):
        raise NoCoinbaseViaMempool("only a miner makes a coinbase")
    if isinstance(payload, TenureChange):
        raise NoTenureChangeViaMempool("only a miner changes the tenure")
    if isinstance(payload, ContractCall):
        raise NoSuchContract("there is no such contract")
    verify_static(authenticated, network)


def read_sides(entry: Entry, reader: Reader) -> tuple[Side, ...]:
    """The accounts of the transaction: the origin, and the payer if it is another one."""
    nonce_of_key = entry.slots()
    sides = []
    for key, _ in nonce_of_key:
        balance, nonce = read_account_pair(reader, key)
        sides.append(Side(key, nonce, balance, key == entry.origin_key))
    return tuple(sides)


def verify_nonces(entry: Entry, sides: tuple[Side, ...], limits: Limits) -> None:
    """Nonces lie between the account's next one and the end of the chaining window.

    Raises `BadNonce` or `TooMuchChaining`. Gaps are allowed: what fills them may arrive later.
    """
    authenticated = entry.authenticated
    for side in sides:
        nonce = authenticated.origin_nonce if side.is_origin else authenticated.payer_nonce
        principal = authenticated.origin if side.is_origin else authenticated.payer
        if nonce < side.nonce:
            raise BadNonce(side.nonce, nonce, side.is_origin, principal)
        highest = side.nonce + limits.mempool_chaining_max - 1
        if nonce > highest:
            raise TooMuchChaining(highest, nonce, principal, side.is_origin, CHAINING_MESSAGE)
    if len(sides) == 1 and authenticated.payer_nonce != authenticated.origin_nonce:
        raise BadNonce(
            authenticated.origin_nonce, authenticated.payer_nonce, False, authenticated.payer
        )


def find_conflicts(entry: Entry, pool: Pool) -> list[Entry]:
    """The entries that have one of its nonces: none, one, or two if there is a sponsor."""
    found: list[Entry] = []
    for key, nonce in entry.slots():
        queue = pool.queues.get(key)
        other = queue.slots.get(nonce) if queue else None
        if other is not None and other not in found:
            found.append(other)
    return found


def find_replaced(entry: Entry, pool: Pool) -> list[Entry]:
    """The conflicts of `entry`, which it replaces.

    Raises `ConflictingNonceInMempool` unless it pays more than all of them together.
    """
    found = find_conflicts(entry, pool)
    if found and entry.fee <= sum(other.fee for other in found):
        raise ConflictingNonceInMempool(
            "a waiting transaction has this nonce; a higher fee would replace it"
        )
    return found


def verify_account_bounds(entry: Entry, side: Side, queue: AccountQueue, limits: Limits) -> None:
    """What waits of one account, with `entry`, is affordable and not too much.

    `queue` no longer holds what `entry` replaces. Raises `NotEnoughFunds`, whose `expected` is
    the sum over all waiting transactions of the account, or `TooMuchChaining`.
    """
    needed = queue.cost + entry.cost(side.key)
    if needed > side.balance:
        raise NotEnoughFunds(needed, side.balance)
    authenticated = entry.authenticated
    principal = authenticated.origin if side.is_origin else authenticated.payer
    nonce = authenticated.origin_nonce if side.is_origin else authenticated.payer_nonce
    highest = side.nonce + limits.mempool_chaining_max - 1
    if len(queue.slots) >= limits.mempool_chaining_max:  # possible only after a rollback
        raise TooMuchChaining(highest, nonce, principal, side.is_origin, CHAINING_MESSAGE)
    bytes_max = ACCOUNT_TRANSACTIONS_OF_LARGEST_SIZE * limits.transaction_bytes_max
    if queue.bytes_total + entry.size > bytes_max:
        message = f"the waiting transactions of this account would exceed {bytes_max} bytes"
        raise TooMuchChaining(highest, nonce, principal, side.is_origin, message)


def make_room(entry: Entry, changes: Changes, limits: Limits) -> None:
    """Drops the cheapest transactions until `entry` fits the pool.

    The one with the lowest fee rate holds up its successors, so the last of these goes first.
    Raises `FeeTooLow` if `entry` would be mined no earlier than what it pushes out, or
    `ServerFailureOther` if that is not for its own fee.
    """
    pool = changes.pool
    if not _is_too_full(pool, limits, 1, entry.size):
        return
    rate = _effective_rate(entry, pool)
    while _is_too_full(pool, limits, 1, entry.size):
        cheapest = pool.find_cheapest()
        if cheapest is None:
            raise ServerFailureOther("this node's mempool is too small for the transaction")
        if rate <= cheapest.rate:
            if (
                entry.rate > cheapest.rate
            ):  # no fee would help: what comes before it pays too little
                raise ServerFailureOther("the mempool is full of transactions that can come sooner")
            raise FeeTooLow(-(-(cheapest.rate + 1) * entry.size // RATE_SCALE), entry.fee)
        _evict(cheapest, changes)


def shrink(changes: Changes, limits: Limits) -> None:
    """Drops the cheapest transactions until the pool is within its bounds (they may be new)."""
    while _is_too_full(changes.pool, limits, 0, 0):
        cheapest = changes.pool.find_cheapest()
        assert cheapest is not None, "an empty pool is within its bounds"
        _evict(cheapest, changes)


def _is_too_full(pool: Pool, limits: Limits, count: int, size: int) -> bool:
    """Whether `count` more transactions of `size` bytes together exceed the bounds."""
    return (
        len(pool.entries) + count > limits.mempool_transactions_max
        or pool.bytes_total + size > limits.mempool_bytes_max
    )


def _evict(cheapest: Entry, changes: Changes) -> None:
    changes.drop(
        _find_tail(cheapest, changes.pool),
        "dropped_stale_garbage_collect",
        "the mempool was full and others paid more",
    )


def _effective_rate(entry: Entry, pool: Pool) -> int:
    """The lowest fee rate of `entry` and of what must be mined before it."""
    rate = entry.rate
    for key, nonce in entry.slots():
        for other_nonce, other in pool.queues[key].slots.items():
            if other_nonce < nonce and other.rate < rate:
                rate = other.rate
    return rate


def _find_tail(entry: Entry, pool: Pool) -> Entry:
    """The last transaction that can be mined only after `entry`; `entry` itself if none."""
    for _ in range(TAIL_STEPS_MAX):
        successor = None
        for key, nonce in entry.slots():
            slots = pool.queues[key].slots
            last = max(slots)
            if last > nonce:
                successor = slots[last]
        if successor is None:
            break
        entry = successor
    return entry
