"""What happened to assets inside a transaction, in order: the source of every index.

Principals stand in their consensus encoding (`05…`, `06…`): writing an event must not cost the
text form of an address, which only readers need (`decode_principal`).
"""

from typing import NewType

import msgspec

from btczs.codec.clarity.principals import encode_principal, read_principal
from btczs.codec.clarity.values import Principal
from btczs.codec.stream import Reader as ByteReader
from btczs.primitives import BaseUnits, TenureHeight

PrincipalBytes = NewType("PrincipalBytes", bytes)
"""A principal in consensus encoding."""


class TransferEvent(msgspec.Struct, frozen=True, gc=False, array_like=True, tag="transfer"):
    """`amount` base units went from `sender` to `recipient`; `memo` as in the transaction."""

    sender: PrincipalBytes
    recipient: PrincipalBytes
    amount: BaseUnits
    memo: bytes


class MintEvent(msgspec.Struct, frozen=True, gc=False, array_like=True, tag="mint"):
    """A tenure's reward matured: `amount` base units, `fees` of them fees, are `recipient`'s now.

    The rest of `amount` is the coinbase. `tenure_height` is the tenure that earned it.
    """

    recipient: PrincipalBytes
    amount: BaseUnits
    fees: BaseUnits
    tenure_height: TenureHeight


class BurnEvent(msgspec.Struct, frozen=True, gc=False, array_like=True, tag="burn"):
    """`amount` base units of `sender` are gone for good."""

    sender: PrincipalBytes
    amount: BaseUnits


Event = TransferEvent | MintEvent | BurnEvent


def to_principal_bytes(principal: Principal) -> PrincipalBytes:
    return PrincipalBytes(encode_principal(principal))


def decode_principal(raw: PrincipalBytes) -> Principal:
    """The principal that `raw` encodes. Raises `DecodeError`."""
    reader = ByteReader(raw)
    principal = read_principal(reader)
    reader.finish()
    return principal
