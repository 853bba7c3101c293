"""Targets in their compact form (`bits`), and the work that they stand for."""

from btczs.l1.errors import InvalidProofOfWork


def compute_target(bits: int) -> int:
    """The 256-bit target of a header's `bits`.

    Raises `InvalidProofOfWork` if it is zero, negative or too large: no header may have those.
    """
    exponent = bits >> 24
    mantissa = bits & 0x007F_FFFF
    if bits & 0x0080_0000 and mantissa:
        raise InvalidProofOfWork(f"bits {bits:08x} are a negative target")
    shift = 8 * (exponent - 3)
    target = mantissa << shift if shift >= 0 else mantissa >> -shift
    if not 0 < target < 1 << 256:
        raise InvalidProofOfWork(f"bits {bits:08x} are zero or above 256 bits")
    return target


def target_to_bits(target: int) -> int:
    """The compact form, rounded down to three bytes."""
    size = (target.bit_length() + 7) // 8
    shift = 8 * (size - 3)
    mantissa = target >> shift if shift >= 0 else target << -shift
    if mantissa & 0x0080_0000:  # that bit is the sign
        mantissa >>= 8
        size += 1
    return size << 24 | mantissa


def compute_work(bits: int) -> int:
    """Expected number of hashes for one block with these bits; 0 for bits no header may have."""
    try:
        return (1 << 256) // (compute_target(bits) + 1)
    except InvalidProofOfWork:
        return 0
