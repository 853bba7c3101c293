"""Addresses inside transactions, and the address a spending condition stands for."""

from typing import Final

from btczs.codec.clarity.values import StandardPrincipal
from btczs.codec.stream import Reader
from btczs.ledger.transactions.conditions import P2PKH, SpendingCondition
from btczs.ledger.transactions.errors import InvalidTransaction
from btczs.primitives import Hash20

ADDRESS_VERSIONS_MAX: Final = 32
"""A version is one c32 character."""

SINGLE_MAINNET: Final = 22
MULTI_MAINNET: Final = 20
SINGLE_TESTNET: Final = 26
MULTI_TESTNET: Final = 21


def condition_address(condition: SpendingCondition, transaction_version: int) -> StandardPrincipal:
    """The address of `condition` in a transaction of that version byte (only its top bit counts).

    Every mode except P2PKH (so also one key in P2WPKH-P2SH) has a multi-signature address.
    """
    if transaction_version & 0x80:
        version = SINGLE_TESTNET if condition.hash_mode == P2PKH else MULTI_TESTNET
    else:
        version = SINGLE_MAINNET if condition.hash_mode == P2PKH else MULTI_MAINNET
    return StandardPrincipal(version, condition.signer)


def check_address_version(version: int) -> None:
    if version >= ADDRESS_VERSIONS_MAX:
        raise InvalidTransaction("address_version", f"{version} is not below 32")


def read_address(reader: Reader) -> StandardPrincipal:
    """An address without a type byte: version, hash."""
    version = reader.u8()
    check_address_version(version)
    return StandardPrincipal(version, Hash20(reader.take(20)))


def encode_address(version: int, hash20: bytes) -> bytes:
    if not 0 <= version < ADDRESS_VERSIONS_MAX or len(hash20) != 20:
        raise InvalidTransaction("address", "a version below 32 and a hash of 20 bytes are needed")
    return bytes((version,)) + hash20
