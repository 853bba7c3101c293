"""A transaction and an authenticated transaction."""

from typing import Final

import msgspec

from btczs.codec.clarity.values import StandardPrincipal
from btczs.ledger.transactions.conditions import Auth
from btczs.ledger.transactions.payloads import Payload
from btczs.ledger.transactions.post_conditions import PostCondition
from btczs.primitives import BaseUnits, Hash32, Nonce

TRANSACTION_BYTES_MAX: Final = 2 * 1024 * 1024

VERSION_MAINNET: Final = 0x00
VERSION_TESTNET: Final = 0x80

ANCHOR_ON_CHAIN: Final = 1
ANCHOR_OFF_CHAIN: Final = 2
ANCHOR_ANY: Final = 3


class Transaction(msgspec.Struct, frozen=True, gc=False):
    """SIP-005 transaction, every field exactly as on the wire."""

    version: int
    chain_id: int
    auth: Auth
    anchor_mode: int
    post_condition_mode: int
    post_conditions: tuple[PostCondition, ...]
    payload: Payload


class Authenticated(msgspec.Struct, frozen=True, gc=False):
    """A transaction whose signatures hold. Only `authentication` makes these.

    `raw` is its encoding and `txid` the hash of it. `payer` is the sponsor if there is one, else
    the origin; `fee` is what the payer pays.
    """

    tx: Transaction
    raw: bytes
    txid: Hash32
    origin: StandardPrincipal
    payer: StandardPrincipal
    origin_nonce: Nonce
    payer_nonce: Nonce
    fee: BaseUnits

    @property
    def is_sponsored(self) -> bool:
        """Whether somebody else than the origin signed for the fee."""
        return self.tx.auth.payer is not self.tx.auth.origin
