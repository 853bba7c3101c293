"""What a contract did, in order: the events that receipts, indexes and wallets show."""

import msgspec

from btczs.codec.clarity.values import ContractPrincipal, Principal, Value


class AssetIdentifier(msgspec.Struct, frozen=True, gc=False):
    """A token by the contract that defines it and its name there."""

    contract: ContractPrincipal
    name: str


class PrintEvent(msgspec.Struct, frozen=True, tag="print"):
    contract: ContractPrincipal
    value: Value


class StxTransferEvent(msgspec.Struct, frozen=True, tag="stx_transfer"):
    sender: Principal
    recipient: Principal
    amount: int
    memo: bytes


class StxBurnEvent(msgspec.Struct, frozen=True, tag="stx_burn"):
    sender: Principal
    amount: int


class StxMintEvent(msgspec.Struct, frozen=True, tag="stx_mint"):
    recipient: Principal
    amount: int


class StxLockEvent(msgspec.Struct, frozen=True, tag="stx_lock"):
    contract: ContractPrincipal
    locked: Principal
    amount: int
    unlock_height: int


class FtTransferEvent(msgspec.Struct, frozen=True, tag="ft_transfer"):
    asset: AssetIdentifier
    sender: Principal
    recipient: Principal
    amount: int


class FtMintEvent(msgspec.Struct, frozen=True, tag="ft_mint"):
    asset: AssetIdentifier
    recipient: Principal
    amount: int


class FtBurnEvent(msgspec.Struct, frozen=True, tag="ft_burn"):
    asset: AssetIdentifier
    sender: Principal
    amount: int


class NftTransferEvent(msgspec.Struct, frozen=True, tag="nft_transfer"):
    asset: AssetIdentifier
    sender: Principal
    recipient: Principal
    value: Value


class NftMintEvent(msgspec.Struct, frozen=True, tag="nft_mint"):
    asset: AssetIdentifier
    recipient: Principal
    value: Value


class NftBurnEvent(msgspec.Struct, frozen=True, tag="nft_burn"):
    asset: AssetIdentifier
    sender: Principal
    value: Value


ContractEvent = (
    PrintEvent
    | StxTransferEvent
    | StxBurnEvent
    | StxMintEvent
    | StxLockEvent
    | FtTransferEvent
    | FtMintEvent
    | FtBurnEvent
    | NftTransferEvent
    | NftMintEvent
    | NftBurnEvent
)
