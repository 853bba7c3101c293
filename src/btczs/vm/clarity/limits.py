"""The bounds of the language. Each is consensus: a program beyond one of them is refused.

Source: rules of epoch 4.0. `VALUE_SIZE_MAX`, `TYPE_DEPTH_MAX` and the lengths of names stand with
the values and names they bound, in `btczs.codec.clarity`.
"""

from btczs.codec.clarity.names import CONTRACT_NAME_LENGTH_MAX, NAME_LENGTH_MAX
from btczs.codec.clarity.types import TYPE_DEPTH_MAX, VALUE_SIZE_MAX

CALL_DEPTH_MAX = 128
"""Calls of functions, native ones and pending arguments included, that may be under way."""

NESTING_MAX = CALL_DEPTH_MAX + 5
"""Levels of brackets in a source."""

CONTEXT_DEPTH_MAX = 256
"""Levels of local bindings."""

PARAMETERS_MAX = 256
TRAIT_METHODS_MAX = 256
ALLOWANCES_MAX = 128
NFT_ALLOWANCE_IDS_MAX = 128

MEMORY_MAX = 100_000_000
"""Bytes that arguments and bindings of one transaction may hold at a time."""

EVENT_BYTES_MAX = 50 * 1024 * 1024
"""Bytes of the events of one transaction."""

SOURCE_BYTES_MAX = 2 * 1024 * 1024
"""A source is part of a transaction, and that is the bound of a transaction."""

__all__ = [
    "ALLOWANCES_MAX",
    "CALL_DEPTH_MAX",
    "CONTEXT_DEPTH_MAX",
    "CONTRACT_NAME_LENGTH_MAX",
    "EVENT_BYTES_MAX",
    "MEMORY_MAX",
    "NAME_LENGTH_MAX",
    "NESTING_MAX",
    "NFT_ALLOWANCE_IDS_MAX",
    "PARAMETERS_MAX",
    "SOURCE_BYTES_MAX",
    "TRAIT_METHODS_MAX",
    "TYPE_DEPTH_MAX",
    "VALUE_SIZE_MAX",
]
