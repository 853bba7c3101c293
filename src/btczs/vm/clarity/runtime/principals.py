"""Address versions: which network and kind of account a principal belongs to."""

from typing import Final

MAINNET_SINGLE: Final = 22
MAINNET_MULTI: Final = 20
TESTNET_SINGLE: Final = 26
TESTNET_MULTI: Final = 21

VERSION_LIMIT: Final = 32
"""Versions are below this."""

MAINNET: Final = frozenset((MAINNET_SINGLE, MAINNET_MULTI))
TESTNET: Final = frozenset((TESTNET_SINGLE, TESTNET_MULTI))


def is_version_of_network(version: int, is_mainnet: bool) -> bool:
    """Whether addresses of `version` belong to this network; other versions belong to none."""
    return version in (MAINNET if is_mainnet else TESTNET)


def single_version(is_mainnet: bool) -> int:
    """The version of an account with one key."""
    return MAINNET_SINGLE if is_mainnet else TESTNET_SINGLE
