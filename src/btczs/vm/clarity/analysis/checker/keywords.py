"""The types of keyword variables."""

from functools import lru_cache
from typing import Final

from btczs.codec.clarity.types import BOOL, PRINCIPAL, UINT, UNKNOWN, ValueType, optional_type
from btczs.vm.clarity.names import ClarityVersion, keywords_of

_TYPES: Final[dict[str, ValueType]] = {
    "contract-caller": PRINCIPAL,
    "tx-sender": PRINCIPAL,
    "tx-sponsor?": optional_type(PRINCIPAL),
    "current-contract": PRINCIPAL,
    "block-height": UINT,
    "burn-block-height": UINT,
    "stacks-block-height": UINT,
    "tenure-height": UINT,
    "stacks-block-time": UINT,
    "stx-liquid-supply": UINT,
    "chain-id": UINT,
    "is-in-regtest": BOOL,
    "is-in-mainnet": BOOL,
    "none": optional_type(UNKNOWN),
    "true": BOOL,
    "false": BOOL,
}


@lru_cache
def keyword_types(version: ClarityVersion) -> dict[str, ValueType]:
    """The keywords of `version` with their types."""
    return {word: _TYPES[word] for word in keywords_of(version)}
