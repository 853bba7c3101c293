"""A waiting transaction, with what the tables ask of it computed once."""

import msgspec

from btczs.ledger.accounts import account_key
from btczs.ledger.execution import compute_spending
from btczs.ledger.transactions.model import Authenticated
from btczs.ledger.transactions.payloads import TokenTransfer
from btczs.primitives import BaseUnits, Hash32, TenureHeight, TimestampS

RATE_SCALE = 1_000_000
"""Fee rates are integers: millionths of a base unit per byte, rounded down."""


class Entry(msgspec.Struct, frozen=True, gc=False):
    """A transaction in the pool. `seq` orders all arrivals; accounts stand as state keys."""

    seq: int
    authenticated: Authenticated
    tenure: TenureHeight
    received_at: TimestampS
    size: int
    rate: int
    origin_key: bytes
    payer_key: bytes
    """Equal to `origin_key` without a sponsor, and if the origin sponsors itself."""
    recipient_key: bytes | None
    origin_cost: int
    """What the origin must own for it, in base units; the fee included if it pays."""
    payer_cost: int
    """What a separate payer must own for it: the fee. 0 without one."""

    @property
    def txid(self) -> Hash32:
        return self.authenticated.txid

    @property
    def raw(self) -> bytes:
        return self.authenticated.raw

    @property
    def fee(self) -> BaseUnits:
        return self.authenticated.fee

    @property
    def origin_nonce(self) -> int:
        return self.authenticated.origin_nonce

    @property
    def payer_nonce(self) -> int:
        return self.authenticated.payer_nonce

    def slots(self) -> tuple[tuple[bytes, int], ...]:
        """The (account key, nonce) pairs that it occupies: one, or two with a separate sponsor."""
        own = (self.origin_key, self.authenticated.origin_nonce)
        if self.payer_key == self.origin_key:
            return (own,)
        return own, (self.payer_key, self.authenticated.payer_nonce)

    def cost(self, key: bytes) -> int:
        """What the account under `key`, its origin or payer, must own for it."""
        return self.origin_cost if key == self.origin_key else self.payer_cost


def make_entry(
    seq: int, authenticated: Authenticated, tenure: TenureHeight, received_at: TimestampS
) -> Entry:
    """The entry of a transaction that arrived at `received_at`, in tenure `tenure`."""
    size = len(authenticated.raw)
    origin_cost, payer_cost = compute_spending(authenticated)
    payload = authenticated.tx.payload
    return Entry(
        seq,
        authenticated,
        tenure,
        received_at,
        size,
        authenticated.fee * RATE_SCALE // size,
        account_key(authenticated.origin),
        account_key(authenticated.payer),
        account_key(payload.recipient) if isinstance(payload, TokenTransfer) else None,
        origin_cost,
        payer_cost,
    )
