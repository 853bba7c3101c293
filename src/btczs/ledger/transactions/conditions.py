"""Who pays and who must sign: spending conditions and the authorization of a transaction.

A condition names a hash of keys (`signer`), the nonce and the fee, and carries the signatures. The
fee of a sponsored transaction is the one in the sponsor's condition.
Source: SIP-005 "Transaction authorization", SIP-027 (order-independent multisig).
"""

from typing import Final, TypeAlias

import msgspec

from btczs.primitives import BaseUnits, Hash20, Nonce

# Hash modes: how `signer` is computed from the public keys.
P2PKH: Final = 0x00
P2SH: Final = 0x01
P2WPKH_P2SH: Final = 0x02
P2WSH_P2SH: Final = 0x03
P2SH_ANY_ORDER: Final = 0x05
P2WSH_ANY_ORDER: Final = 0x07

SINGLE_SIG_MODES: Final = frozenset({P2PKH, P2WPKH_P2SH})
MULTI_SIG_MODES: Final = frozenset({P2SH, P2WSH_P2SH, P2SH_ANY_ORDER, P2WSH_ANY_ORDER})
ANY_ORDER_MODES: Final = frozenset({P2SH_ANY_ORDER, P2WSH_ANY_ORDER})
SEGWIT_MODES: Final = frozenset({P2WPKH_P2SH, P2WSH_P2SH, P2WSH_ANY_ORDER})
"""Modes in which every key must be compressed."""

COMPRESSED: Final = 0x00
UNCOMPRESSED: Final = 0x01

AUTH_STANDARD: Final = 0x04
AUTH_SPONSORED: Final = 0x05

EMPTY_SIGNATURE: Final = bytes(65)

MULTI_SIG_KEYS_MAX: Final = 20
"""Most keys of one condition: more cannot be checked by Bitcoin's OP_CHECKMULTISIG, whose script
the signer hash is made of. It also bounds the work of verifying one transaction."""


class SingleSigCondition(msgspec.Struct, frozen=True, gc=False):
    """One key (modes 0x00 and 0x02). `signature` is recovery id | r | s, 65 bytes."""

    hash_mode: int
    signer: Hash20
    nonce: Nonce
    fee: BaseUnits
    key_encoding: int
    signature: bytes


class PublicKeyField(msgspec.Struct, frozen=True, gc=False):
    """A key of a multisig condition that did not sign. `public_key` is always 33 bytes; it enters
    the signer hash in its 65-byte form unless `compressed`."""

    compressed: bool
    public_key: bytes


class SignatureField(msgspec.Struct, frozen=True, gc=False):
    """A signature (65 bytes) in the place of the key that made it."""

    compressed: bool
    signature: bytes


AuthField: TypeAlias = PublicKeyField | SignatureField


class MultiSigCondition(msgspec.Struct, frozen=True, gc=False):
    """`signatures_required` of the keys (modes 0x01, 0x03 in sequence; 0x05, 0x07 in any order).

    `fields` stand in the order of the keys in the redeem script.
    """

    hash_mode: int
    signer: Hash20
    nonce: Nonce
    fee: BaseUnits
    fields: tuple[AuthField, ...]
    signatures_required: int


SpendingCondition: TypeAlias = SingleSigCondition | MultiSigCondition


class StandardAuth(msgspec.Struct, frozen=True, gc=False):
    """The origin signs and pays."""

    origin: SpendingCondition

    @property
    def payer(self) -> SpendingCondition:
        return self.origin


class SponsoredAuth(msgspec.Struct, frozen=True, gc=False):
    """The origin signs; the sponsor signs after it and pays the fee."""

    origin: SpendingCondition
    sponsor: SpendingCondition

    @property
    def payer(self) -> SpendingCondition:
        return self.sponsor


Auth: TypeAlias = StandardAuth | SponsoredAuth

SPONSOR_SENTINEL: Final = SingleSigCondition(
    P2PKH, Hash20(bytes(20)), Nonce(0), BaseUnits(0), COMPRESSED, EMPTY_SIGNATURE
)
"""Stands for the sponsor, who is not known yet, in what the origin signs."""
