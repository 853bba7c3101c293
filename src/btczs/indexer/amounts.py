"""Amounts in SQLite: 16 bytes, big-endian, so that u128 fits and bytes sort as numbers do."""

from btczs.primitives import U128

ZERO = bytes(16)


def pack_amount(amount: int) -> bytes:
    """Raises `OutOfRange` if `amount` is not a u128."""
    return U128.check(amount).to_bytes(16, "big")


def unpack_amount(raw: bytes) -> int:
    return int.from_bytes(raw, "big")
