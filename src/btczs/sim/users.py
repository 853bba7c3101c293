"""Users: they send coins around, and make every mistake that users make.

What the node acknowledged stands in `acknowledged`: from then on the transaction must never be
lost. What it must refuse is checked here: a refusal that does not come is a failure.
"""

from random import Random

from btczs.codec.clarity.values import Principal, StandardPrincipal
from btczs.crypto.secp256k1 import compute_public_key
from btczs.ledger.accounts import get_account
from btczs.ledger.rejections import TransactionRejected
from btczs.ledger.transactions import (
    compute_txid,
    encode_transaction,
    make_token_transfer,
    sign_origin,
    sign_sponsor,
)
from btczs.ledger.transactions.builders import single_sig
from btczs.ledger.transactions.signing import set_sponsor
from btczs.primitives import BaseUnits, Hash32, TimestampS
from btczs.sim.process import Process
from btczs.sim.world import Key, World

FEE_MIN, FEE_MAX = 300, 500
"""At least 1 base unit per byte of the largest transaction made here (a sponsored one)."""
KINDS = {
    "transfer": 50,
    "sponsored": 8,
    "conflict": 8,
    "replacement": 10,
    "gap": 4,
    "unpayable": 6,
    "stale": 5,
    "repeat": 4,
    "garbage": 5,
}
MUST_FAIL = frozenset({"unpayable", "stale", "garbage"})


class AcceptedWrongly(AssertionError):
    """The mempool took what no block can hold."""


class Users:
    """All users together. Their memory outlives every process of the node."""

    def __init__(self, world: World, rng: Random) -> None:
        self._world = world
        self._rng = rng
        own = world.miners[0]
        miner = StandardPrincipal(world.network.address_version_single, own.signing_key_hash)
        key = Key(own.signing_secret, compute_public_key(own.signing_secret), miner)
        self._senders = (*world.users, key)
        """The users, and a miner who spends its rewards from the account that opens tenures."""
        self.submitted: set[Hash32] = set()
        """Everything that was ever sent; the node may have died before it could answer."""
        self.acknowledged: dict[Hash32, bytes] = {}
        self.refused: dict[str, int] = {}
        """How many were refused, by the code of the refusal."""

    def act(self, process: Process, now: TimestampS) -> None:
        """Sends one transaction."""
        kind = self._rng.choices(list(KINDS), list(KINDS.values()))[0]
        raw = self._make(kind, process)
        if raw is None:
            return
        self.submitted.add(compute_txid(raw))
        try:
            process.admit(raw, now)
        except TransactionRejected as refusal:
            self.refused[refusal.code] = self.refused.get(refusal.code, 0) + 1
            return
        if kind in MUST_FAIL:
            raise AcceptedWrongly(kind)
        self.acknowledged[compute_txid(raw)] = raw

    def _make(self, kind: str, process: Process) -> bytes | None:
        rng = self._rng
        sender = rng.choice(self._senders)
        nonces = process.mempool.nonces(sender.principal, process.store)
        balance = get_account(process.store, sender.principal).balance
        amount, fee = rng.randint(1, max(1, balance // 8)), rng.randint(FEE_MIN, FEE_MAX)
        nonce = int(nonces.missing[0] if nonces.missing else nonces.possible_next)
        if kind == "unpayable":
            amount = balance + 1
        elif kind == "stale":
            if nonces.last_executed is None:
                return None
            nonce = rng.randint(0, nonces.last_executed)
        elif kind == "gap":
            nonce += rng.randint(1, 3)
        elif kind in ("conflict", "replacement"):
            if not nonces.waiting:
                return None
            nonce = int(rng.choice(nonces.waiting))
            fee = FEE_MIN if kind == "conflict" else FEE_MAX + rng.randint(1, 300)
        elif kind == "repeat":
            waiting = list(process.mempool.entries())
            return rng.choice(waiting).raw if waiting else None
        sponsor = self._choose_sponsor(sender) if kind == "sponsored" else None
        raw = self._sign(process, sender, nonce, amount, fee, sponsor)
        return _damage(raw, rng) if kind == "garbage" else raw

    def _choose_sponsor(self, sender: Key) -> Key:
        return self._rng.choice([u for u in self._world.users if u != sender])

    def _sign(
        self, process: Process, sender: Key, nonce: int, amount: int, fee: int, sponsor: Key | None
    ) -> bytes:
        network = self._world.network
        origin = single_sig(sender.public_key, nonce=nonce, fee=0 if sponsor else fee)
        tx = make_token_transfer(
            network,
            origin,
            self._choose_recipient(sender),
            BaseUnits(amount),
            sponsored=sponsor is not None,
        )
        tx = sign_origin(tx, sender.secret)
        if sponsor is not None:
            theirs = process.mempool.nonces(sponsor.principal, process.store).possible_next
            tx = set_sponsor(tx, single_sig(sponsor.public_key, nonce=theirs, fee=fee))
            tx = sign_sponsor(tx, sponsor.secret)
        return encode_transaction(tx)

    def _choose_recipient(self, sender: Key) -> Principal:
        others = [u.principal for u in self._world.users if u != sender]
        return self._rng.choice(others)


def _damage(raw: bytes, rng: Random) -> bytes:
    """The transaction with one bit of its signed part turned."""
    place = rng.randrange(len(raw) - 34, len(raw))
    return raw[:place] + bytes([raw[place] ^ 1 << rng.randrange(8)]) + raw[place + 1 :]
