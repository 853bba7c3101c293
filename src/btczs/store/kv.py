"""The key-value store as the rest of the program sees it: two Protocols and their limits.

Keys are 1 to `KEY_BYTES_MAX` bytes and ordered as bytes. A missing key reads as None; an empty
value is a value.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Protocol

from btczs.store.errors import InvalidKey

KEY_BYTES_MAX = 511
"""LMDB's limit (it is compiled in)."""

STATE_KEY_BYTES_MAX = KEY_BYTES_MAX - 1
"""The state store puts one byte, the column, before a key of state or of a side table."""

STATE_VALUE_BYTES_MAX = 4 << 20
"""4 MiB: any value of contract code, whose encoding has at most 2 MiB, and any source."""


class Reader(Protocol):
    """Something with keys in order: a store, a snapshot of one, an overlay."""

    def get(self, key: bytes, /) -> bytes | None:
        """The value of `key`, None if there is none."""

    def scan(self, start: bytes, stop: bytes | None, /) -> Iterator[tuple[bytes, bytes]]:
        """The pairs with start <= key < stop, ascending; `stop` None means to the end.

        The view is the one of the moment of the first `next`. Close the iterator, or run it to its
        end, before writing: until then it holds a snapshot open.
        """


class KV(Reader, Protocol):
    """An ordered store of bytes with atomic, durable writes."""

    def write(self, changes: Mapping[bytes, bytes | None], /) -> None:
        """Applies all changes (None deletes) or none; on return they survive a crash.

        Raises `InvalidKey` (nothing is written), `StoreFull`, `StoreFailed`, `ReadOnlyStore`.
        """

    def snapshot(self) -> AbstractContextManager[Reader]:
        """A view that later writes do not change. Short-lived: it keeps old pages from reuse."""

    def close(self) -> None:
        """Releases the files. Closing twice is allowed."""


def check_key(key: bytes) -> None:
    """Raises `InvalidKey` unless the store can hold `key`."""
    if not 0 < len(key) <= KEY_BYTES_MAX:
        raise InvalidKey(len(key), KEY_BYTES_MAX)


def check_start(start: bytes) -> None:
    """Raises `InvalidKey` unless a scan can begin at `start` (which may be empty)."""
    if len(start) > KEY_BYTES_MAX:
        raise InvalidKey(len(start), KEY_BYTES_MAX)


def prefix_end(prefix: bytes) -> bytes | None:
    """The smallest key after every key that starts with `prefix`; None if there is none.

    `scan(prefix, prefix_end(prefix))` gives exactly the keys with that prefix.
    """
    stripped = prefix.rstrip(b"\xff")
    return stripped[:-1] + bytes([stripped[-1] + 1]) if stripped else None
