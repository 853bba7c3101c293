"""The units of the program, as distinct types.

They cost nothing at run time; the type checker keeps them apart. Hashes are bytes in internal
order; the reversed hexadecimal form that people see is made only at the edge (`hash_hex`).
"""

from typing import NewType

L1Height = NewType("L1Height", int)
"""Height of a block on the layer-1 chain (the genesis block has height 0)."""

ChainHeight = NewType("ChainHeight", int)
"""Height of a layer-2 block (`chain_length` of its header; the genesis block has height 0)."""

TenureHeight = NewType("TenureHeight", int)
"""Number of tenures that have started, the genesis tenure not counted."""

EpochNumber = NewType("EpochNumber", int)
"""Index of a sortition: every `k` layer-1 blocks make one epoch of about ten minutes."""

BaseUnits = NewType("BaseUnits", int)
"""An amount of BTCZS in base units of 1e-8 BTCZS (the specification's "microBTCZS")."""

Zat = NewType("Zat", int)
"""An amount of the layer-1 coin in units of 1e-8 coin (zatoshi, satoshi, litoshi)."""

Nonce = NewType("Nonce", int)
"""Number of transactions an account has sent; the next transaction must carry it."""

TimestampS = NewType("TimestampS", int)
"""Seconds since 1970-01-01 UTC."""

Hash32 = NewType("Hash32", bytes)
"""A 32-byte digest in internal byte order."""

Hash20 = NewType("Hash20", bytes)
"""A 20-byte digest (RIPEMD-160 of SHA-256, as in Bitcoin)."""

BASE_UNITS_PER_BTCZS = 100_000_000
ZAT_PER_COIN = 100_000_000

ZERO_HASH = Hash32(bytes(32))


def hash_hex(digest: bytes) -> str:
    """The form in which people read a Bitcoin hash: byte-reversed hexadecimal."""
    return digest[::-1].hex()


def hash_from_hex(text: str) -> Hash32:
    """Inverse of `hash_hex` for 32-byte hashes. Raises `ValueError` if it is not 64 hex digits."""
    raw = bytes.fromhex(text)
    if len(raw) != 32 or len(text) != 64:
        raise ValueError(f"a hash has 64 hexadecimal digits, this has {len(text)} characters")
    return Hash32(raw[::-1])
