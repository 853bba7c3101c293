"""Post-conditions: what a transaction may move, stated by its sender (SIP-005, SIP-040)."""

from typing import Final, TypeAlias

import msgspec

from btczs.codec.clarity.values import ContractPrincipal, Principal, Value
from btczs.primitives import BaseUnits

# What happens to assets that no condition names.
MODE_ALLOW: Final = 1
MODE_DENY: Final = 2
MODE_ORIGINATOR: Final = 3
"""Denied for assets of the origin, allowed for everybody else's."""

# Codes for amounts.
SENT_EQUAL: Final = 1
SENT_GREATER: Final = 2
SENT_GREATER_OR_EQUAL: Final = 3
SENT_LESS: Final = 4
SENT_LESS_OR_EQUAL: Final = 5
AMOUNT_CODES: Final = frozenset({1, 2, 3, 4, 5})

# Codes for one non-fungible asset.
NFT_SENT: Final = 0x10
NFT_NOT_SENT: Final = 0x11
NFT_MAYBE_SENT: Final = 0x12
NFT_CODES: Final = frozenset({0x10, 0x11, 0x12})

# Codes for changes of a principal's stacking.
POX_PERFORMED: Final = 0x30
POX_NOT_PERFORMED: Final = 0x31
POX_MAYBE_PERFORMED: Final = 0x32
POX_CODES: Final = frozenset({0x30, 0x31, 0x32})


class AssetInfo(msgspec.Struct, frozen=True, gc=False):
    """An asset: the contract that defines it and its name there."""

    contract: ContractPrincipal
    asset_name: str


class StxPostCondition(msgspec.Struct, frozen=True, gc=False):
    """The base token sent by `principal` (None: the origin of the transaction)."""

    principal: Principal | None
    code: int
    amount: BaseUnits


class FungiblePostCondition(msgspec.Struct, frozen=True, gc=False):
    """Units of a fungible token sent by `principal` (None: the origin)."""

    principal: Principal | None
    asset: AssetInfo
    code: int
    amount: int


class NonFungiblePostCondition(msgspec.Struct, frozen=True, gc=False):
    """Whether `principal` (None: the origin) sends the asset identified by `value`."""

    principal: Principal | None
    asset: AssetInfo
    value: Value
    code: int


class StakingPostCondition(msgspec.Struct, frozen=True, gc=False):
    """The base token locked by `principal` (None: the origin)."""

    principal: Principal | None
    code: int
    amount: BaseUnits


class PoxPostCondition(msgspec.Struct, frozen=True, gc=False):
    """Whether `principal` (None: the origin) changes its stacking in another way."""

    principal: Principal | None
    code: int


PostCondition: TypeAlias = (
    StxPostCondition
    | FungiblePostCondition
    | NonFungiblePostCondition
    | StakingPostCondition
    | PoxPostCondition
)
