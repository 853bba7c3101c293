"""Accounts, signed transactions and a small chain for the tests of the ledger."""

from functools import cache

import msgspec

from btczs.codec.clarity.values import Principal, StandardPrincipal
from btczs.ledger.accounts import Account, put_account
from btczs.ledger.devnet import DevnetKey, devnet_accounts
from btczs.ledger.execution import ExecutionContext, apply_transaction
from btczs.ledger.mempool import Admitted, Dropped, Mempool
from btczs.ledger.supply import Supply, put_supply
from btczs.ledger.tenures import apply_tenure_start
from btczs.ledger.transactions import (
    Authenticated,
    Transaction,
    decode_transaction,
    encode_transaction,
    make_token_transfer,
    sign_origin,
    sign_sponsor,
    verify_transaction,
)
from btczs.ledger.transactions.builders import single_sig
from btczs.ledger.transactions.signing import set_sponsor
from btczs.networks import Network, load_network
from btczs.primitives import Hash20
from btczs.store import KV, MemoryKV, Overlay

NETWORK = load_network("devnet")
KEYS = devnet_accounts()
A, B, C, D = KEYS[:4]
STRANGER = StandardPrincipal(26, Hash20(b"\x77" * 20))
FEE = 1000


def with_limits(**limits: int) -> Network:
    return msgspec.structs.replace(
        NETWORK, limits=msgspec.structs.replace(NETWORK.limits, **limits)
    )


def with_token(**token: int) -> Network:
    return msgspec.structs.replace(NETWORK, token=msgspec.structs.replace(NETWORK.token, **token))


@cache
def transfer(
    sender: DevnetKey,
    nonce: int,
    amount: int = 10,
    *,
    fee: int = FEE,
    to: Principal = STRANGER,
    memo: bytes = b"",
    sponsor: DevnetKey | None = None,
    sponsor_nonce: int = 0,
) -> bytes:
    """The bytes of a signed transfer; with `sponsor`, the fee is the sponsor's."""
    origin = single_sig(sender.public_key, nonce=nonce, fee=0 if sponsor else fee)
    tx = make_token_transfer(NETWORK, origin, to, amount, memo, sponsored=sponsor is not None)
    tx = sign_origin(tx, sender.secret)
    if sponsor is not None:
        tx = set_sponsor(tx, single_sig(sponsor.public_key, nonce=sponsor_nonce, fee=fee))
        tx = sign_sponsor(tx, sponsor.secret)
    return encode_transaction(tx)


def signed(tx: Transaction, sender: DevnetKey) -> bytes:
    return encode_transaction(sign_origin(tx, sender.secret))


@cache
def authenticated(raw: bytes) -> Authenticated:
    return verify_transaction(decode_transaction(raw), raw, NETWORK)


def context(tenure: int = 1, network: Network = NETWORK, height: int = 1) -> ExecutionContext:
    return ExecutionContext(network, height, tenure, 1_736_726_400 + height, 200 + height)


class World:
    """A state with funded accounts, a mempool above it, and blocks that are really executed."""

    def __init__(self, network: Network = NETWORK, balance: int = 100_000, kv: KV | None = None):
        self.network = network
        self.tenure = 1
        self.state = MemoryKV()
        overlay = Overlay(self.state)
        for key in KEYS[:6]:
            put_account(overlay, key.principal, Account(balance, 0))
        put_supply(overlay, Supply(6 * balance, 0))
        apply_tenure_start(overlay, context(1, network), 0, KEYS[9].principal)
        self.state.write(overlay.changes())
        self.kv = MemoryKV() if kv is None else kv
        self.pool = Mempool(network, self.kv, self.state, 1)

    def admit(self, raw: bytes, now_s: int = 7) -> Admitted:
        return self.pool.admit(raw, self.state, now_s, self.tenure)

    def select(self, bytes_max: int = 1 << 24, count_max: int = 10_000) -> list[Authenticated]:
        return self.pool.select(self.state, bytes_max, count_max)

    def mine(
        self, transactions: list[Authenticated] | list[bytes], *, new_tenure: bool = False
    ) -> tuple[Dropped, ...]:
        """Executes a block (a refusal is an error), commits it, and tells the mempool."""
        overlay = Overlay(self.state)
        if new_tenure:
            self.tenure += 1
            apply_tenure_start(overlay, self._context(), 0, KEYS[9].principal)
        block = [authenticated(t) if isinstance(t, bytes) else t for t in transactions]
        for transaction in block:
            apply_transaction(overlay, transaction, self._context())
        self.state.write(overlay.changes())
        return self.pool.apply_block(self.state, block, self.tenure)

    def reopen(self) -> Mempool:
        """Another mempool from what is stored, as after a restart."""
        return Mempool(self.network, self.kv, self.state, self.tenure)

    def _context(self) -> ExecutionContext:
        return context(self.tenure, self.network)


def describe(pool: Mempool) -> dict[str, object]:
    """Everything that a restart must bring back."""
    entries = sorted(pool.entries(), key=lambda entry: entry.seq)
    tables = pool._pool
    return {
        "entries": [(e.seq, e.raw, e.tenure, e.received_at) for e in entries],
        "queues": {
            key: (q.nonce, q.cost, q.bytes_total, {n: e.txid for n, e in q.slots.items()})
            for key, q in tables.queues.items()
        },
        "incoming": {key: set(found) for key, found in tables.incoming.items()},
        "bytes": pool.bytes_total,
        "dropped": {txid: record for txid, (_, record) in sorted(pool._dropped._records.items())},
    }
