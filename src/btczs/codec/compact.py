"""Bitcoin's compact size: the variable-length count before every list and script.

Values below 253 are one byte; 0xfd, 0xfe and 0xff announce 2, 4 or 8 little-endian bytes. Only the
shortest form of a number is accepted, so that a transaction has one encoding.
"""

from typing import ClassVar

from btczs.codec.stream import Reader, TooMany
from btczs.primitives import U64, DecodeError


class NonCanonicalSize(DecodeError):
    """A compact size is longer than its value needs. Fields: `value`, `offset`."""

    code: ClassVar[str] = "non_canonical_size"

    def __init__(self, value: int, offset: int) -> None:
        super().__init__(f"the size {value} at offset {offset} is not in its shortest form")
        self.value, self.offset = value, offset


def write_compact(n: int) -> bytes:
    """The shortest compact size of `n`. Raises `OutOfRange` unless it is a u64."""
    U64.check(n)
    if n < 0xFD:
        return bytes((n,))
    if n <= 0xFFFF:
        return b"\xfd" + n.to_bytes(2, "little")
    if n <= 0xFFFF_FFFF:
        return b"\xfe" + n.to_bytes(4, "little")
    return b"\xff" + n.to_bytes(8, "little")


def read_compact(reader: Reader, limit: int) -> int:
    """The next compact size, at most `limit`.

    Raises `Truncated`, `NonCanonicalSize`, or `TooMany` if it is above `limit`. Where the number
    counts items, pass it on to `reader.check_count` before anything is built.
    """
    start = reader.offset
    n = reader.u8()
    if n >= 0xFD:
        width = 1 << (n - 0xFC)
        n = int.from_bytes(reader.take(width), "little")
        if n < (0xFD if width == 2 else 1 << (4 * width)):
            raise NonCanonicalSize(n, start)
    if n > limit:
        raise TooMany("units in a compact size", n, limit)
    return n
