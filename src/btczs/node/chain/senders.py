"""Remembers who signed a transaction, so that its signatures are verified once per process.

The mempool verifies on arrival; the block that brings the transaction finds the result here. The
key is the hash of the whole transaction, signatures included, so a changed byte is a miss.
"""

from collections import OrderedDict
from collections.abc import Sequence

from btczs.ledger.transactions import (
    Authenticated,
    Transaction,
    compute_txid,
    decode_transaction,
    verify_transaction,
)
from btczs.networks import Network
from btczs.primitives import Hash32

BYTES_MAX = 64 * 1024 * 1024
"""Of the transactions' encodings: several full blocks. Decoded they take a few times as much."""


class SenderCache:
    """The newest authenticated transactions, the oldest forgotten first."""

    def __init__(self, network: Network, bytes_max: int = BYTES_MAX) -> None:
        self._network = network
        self._bytes_max = bytes_max
        self._bytes = 0
        self._known: OrderedDict[Hash32, Authenticated] = OrderedDict()

    def put(self, authenticated: Authenticated) -> None:
        if authenticated.txid in self._known:
            return
        self._known[authenticated.txid] = authenticated
        self._bytes += len(authenticated.raw)
        while self._bytes > self._bytes_max:
            self._bytes -= len(self._known.popitem(last=False)[1].raw)

    def authenticate(self, raws: Sequence[bytes]) -> tuple[Authenticated, ...]:
        """Every transaction decoded and its signatures verified. Raises `InvalidInput`."""
        return tuple([self._authenticate(raw, None) for raw in raws])

    def authenticate_decoded(
        self, raws: Sequence[bytes], decoded: Sequence[Transaction]
    ) -> tuple[Authenticated, ...]:
        """As `authenticate`; `decoded` are the same transactions. Raises `InvalidInput`."""
        return tuple([self._authenticate(raw, tx) for raw, tx in zip(raws, decoded, strict=True)])

    def _authenticate(self, raw: bytes, tx: Transaction | None) -> Authenticated:
        txid = compute_txid(raw)
        known = self._known.get(txid)
        if known is not None:
            return known
        tx = decode_transaction(raw) if tx is None else tx
        authenticated = verify_transaction(tx, raw, self._network, txid)
        self.put(authenticated)
        return authenticated
