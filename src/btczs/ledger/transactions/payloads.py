"""What a transaction does: one structure per kind of payload (SIP-005, SIP-021)."""

from typing import Final, TypeAlias

import msgspec

from btczs.codec.clarity.values import ContractPrincipal, Principal, StandardPrincipal, Value
from btczs.primitives import BaseUnits, Hash20, Hash32

MEMO_BYTES: Final = 34
CLARITY_VERSION_MAX: Final = 6

# Causes of a tenure change (the numbers of the reference implementation, not of SIP-034's text).
CAUSE_BLOCK_FOUND: Final = 0
CAUSE_EXTENDED: Final = 1
CAUSE_MAX: Final = 6
"""2 to 6 extend one dimension of the budget: runtime, read count, read length, write count, write
length."""


class TokenTransfer(msgspec.Struct, frozen=True, gc=False):
    """Sends `amount` base units. `memo` is 34 bytes, kept exactly."""

    recipient: Principal
    amount: BaseUnits
    memo: bytes


class SmartContract(msgspec.Struct, frozen=True, gc=False):
    """Publishes a contract. `clarity_version` 1 to 6, or None for the chain's default.

    `code` is printable ASCII, tabs and line feeds.
    """

    clarity_version: int | None
    name: str
    code: str


class ContractCall(msgspec.Struct, frozen=True, gc=False):
    """Calls a public function of the contract `address.contract_name`."""

    address: StandardPrincipal
    contract_name: str
    function_name: str
    arguments: tuple[Value, ...]

    @property
    def contract(self) -> ContractPrincipal:
        return ContractPrincipal(self.address.version, self.address.hash20, self.contract_name)


class PoisonMicroblock(msgspec.Struct, frozen=True, gc=False):
    """Two microblock headers (132 bytes each) that prove a fork. Decoded, never executed."""

    header_1: bytes
    header_2: bytes


class Coinbase(msgspec.Struct, frozen=True, gc=False):
    """The reward of an epoch-2 block. `payload` is 32 free bytes."""

    payload: bytes


class CoinbaseToAlt(msgspec.Struct, frozen=True, gc=False):
    """The reward of an epoch-2 block, paid to `recipient`."""

    payload: bytes
    recipient: Principal


class TenureChange(msgspec.Struct, frozen=True, gc=False):
    """First transaction of a tenure, or an extension of its budget."""

    consensus_hash: Hash20
    prev_consensus_hash: Hash20
    burn_view: Hash20
    """Consensus hash of the layer-1 block the tenure looks at."""
    prev_block_id: Hash32
    """The last block of the previous tenure."""
    prev_blocks: int
    """Number of blocks of the previous tenure."""
    cause: int
    pubkey_hash: Hash20
    """hash160 of the miner's block-signing key."""


class NakamotoCoinbase(msgspec.Struct, frozen=True, gc=False):
    """The reward of a tenure. `vrf_proof` is 80 bytes; it is verified with the block."""

    payload: bytes
    recipient: Principal | None
    vrf_proof: bytes


Payload: TypeAlias = (
    TokenTransfer
    | SmartContract
    | ContractCall
    | PoisonMicroblock
    | Coinbase
    | CoinbaseToAlt
    | TenureChange
    | NakamotoCoinbase
)

MUST_BE_ANCHORED: Final = (PoisonMicroblock, Coinbase, CoinbaseToAlt, NakamotoCoinbase)
"""Payloads that require the on-chain anchor mode."""
