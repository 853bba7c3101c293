"""Reading and writing bytes: the two small classes under every consensus format.

A `Reader` never reads beyond its data and never allocates what the data does not hold: every count
that comes from outside is checked against the bytes that are left before anything is built.
Big-endian methods (`u32`) serve Stacks formats, little-endian ones (`u32_le`) Bitcoin's.
"""

from typing import ClassVar

from btczs.primitives import DecodeError


class Truncated(DecodeError):
    """The data ended too early. Fields: `offset`, `needed` bytes there, `length` of all data."""

    code: ClassVar[str] = "truncated"

    def __init__(self, offset: int, needed: int, length: int) -> None:
        super().__init__(f"{needed} bytes are needed at offset {offset}, the data has {length}")
        self.offset, self.needed, self.length = offset, needed, length


class TrailingBytes(DecodeError):
    """Something follows after the end of the value. Fields: `offset`, `length`."""

    code: ClassVar[str] = "trailing_bytes"

    def __init__(self, offset: int, length: int) -> None:
        super().__init__(f"{length - offset} bytes follow after the end of the value")
        self.offset, self.length = offset, length


class TooMany(DecodeError):
    """A count exceeds its bound, or what the remaining bytes can hold. Fields: `count`, `limit`."""

    code: ClassVar[str] = "too_many"

    def __init__(self, what: str, count: int, limit: int) -> None:
        super().__init__(f"{count} {what}: at most {limit} can be here")
        self.what, self.count, self.limit = what, count, limit


class Reader:
    """A cursor over bytes."""

    __slots__ = ("data", "length", "offset")

    def __init__(self, data: bytes, offset: int = 0) -> None:
        self.data = data
        self.offset = offset
        self.length = len(data)

    @property
    def remaining(self) -> int:
        return self.length - self.offset

    def take(self, count: int) -> bytes:
        """The next `count` bytes. Raises `Truncated`."""
        start = self.offset
        end = start + count
        if count < 0 or end > self.length:
            raise Truncated(start, count, self.length)
        self.offset = end
        return self.data[start:end]

    def u8(self) -> int:
        offset = self.offset
        if offset >= self.length:
            raise Truncated(offset, 1, self.length)
        self.offset = offset + 1
        return self.data[offset]

    def u16(self) -> int:
        return int.from_bytes(self.take(2), "big")

    def u32(self) -> int:
        return int.from_bytes(self.take(4), "big")

    def u64(self) -> int:
        return int.from_bytes(self.take(8), "big")

    def u128(self) -> int:
        return int.from_bytes(self.take(16), "big")

    def u16_le(self) -> int:
        return int.from_bytes(self.take(2), "little")

    def u32_le(self) -> int:
        return int.from_bytes(self.take(4), "little")

    def i32_le(self) -> int:
        return int.from_bytes(self.take(4), "little", signed=True)

    def u64_le(self) -> int:
        return int.from_bytes(self.take(8), "little")

    def i64_le(self) -> int:
        return int.from_bytes(self.take(8), "little", signed=True)

    def count_u32(self, what: str, limit: int, size_min: int = 1) -> int:
        """A u32 count of items of at least `size_min` bytes each. Raises `TooMany`."""
        return self.check_count(self.u32(), what, limit, size_min)

    def check_count(self, count: int, what: str, limit: int, size_min: int = 1) -> int:
        """`count` unchanged, if it is within `limit` and the bytes left can hold that many."""
        possible = self.remaining // size_min if size_min else limit
        if count > limit or count > possible:
            raise TooMany(what, count, min(limit, possible))
        return count

    def finish(self) -> None:
        """Raises `TrailingBytes` unless everything was read."""
        if self.offset != self.length:
            raise TrailingBytes(self.offset, self.length)


class Writer:
    """Collects bytes; `bytes(writer)` joins them."""

    __slots__ = ("parts",)

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def raw(self, data: bytes) -> "Writer":
        self.parts.append(data)
        return self

    def u8(self, value: int) -> "Writer":
        return self.raw(value.to_bytes(1, "big"))

    def u16(self, value: int) -> "Writer":
        return self.raw(value.to_bytes(2, "big"))

    def u32(self, value: int) -> "Writer":
        return self.raw(value.to_bytes(4, "big"))

    def u64(self, value: int) -> "Writer":
        return self.raw(value.to_bytes(8, "big"))

    def u128(self, value: int) -> "Writer":
        return self.raw(value.to_bytes(16, "big"))

    def u16_le(self, value: int) -> "Writer":
        return self.raw(value.to_bytes(2, "little"))

    def u32_le(self, value: int) -> "Writer":
        return self.raw(value.to_bytes(4, "little"))

    def i32_le(self, value: int) -> "Writer":
        return self.raw(value.to_bytes(4, "little", signed=True))

    def u64_le(self, value: int) -> "Writer":
        return self.raw(value.to_bytes(8, "little"))

    def i64_le(self, value: int) -> "Writer":
        return self.raw(value.to_bytes(8, "little", signed=True))

    def __bytes__(self) -> bytes:
        return b"".join(self.parts)
