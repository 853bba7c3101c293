"""The layout of the one key-value store: columns that differ in the first byte of the key.

s  state: what the root covers            t  bucket number (2 bytes) -> entries, see `tree`
u  version (8 bytes) -> undo record       x  side tables: kept and undone with the state, but
m  "head" -> version and root                not covered by the root
"""

from collections.abc import Iterator

from btczs.primitives import Hash32
from btczs.store.errors import InvalidKey
from btczs.store.kv import STATE_KEY_BYTES_MAX, Reader
from btczs.store.records import Head

STATE, TREE, UNDO, SIDE, META = b"s", b"t", b"u", b"x", b"m"
HEAD_KEY = META + b"head"


class StateView:
    """A `Reader` over the state of one version, and over its side tables."""

    __slots__ = ("_reader", "root", "version")

    def __init__(self, reader: Reader, head: Head) -> None:
        self._reader = reader
        self.version = head.version
        self.root = Hash32(head.root)

    def get(self, key: bytes, /) -> bytes | None:
        return self._reader.get(STATE + key)

    def scan(self, start: bytes, stop: bytes | None, /) -> Iterator[tuple[bytes, bytes]]:
        return scan_column(self._reader, STATE, start, stop)

    def side_get(self, key: bytes) -> bytes | None:
        return self._reader.get(SIDE + key)

    def side_scan(self, start: bytes, stop: bytes | None) -> Iterator[tuple[bytes, bytes]]:
        return scan_column(self._reader, SIDE, start, stop)


def check_column_key(key: bytes) -> None:
    """Raises `InvalidKey` unless a column can hold `key`."""
    if not 0 < len(key) <= STATE_KEY_BYTES_MAX:
        raise InvalidKey(len(key), STATE_KEY_BYTES_MAX)


def undo_key(version: int) -> bytes:
    return UNDO + version.to_bytes(8, "big")


def scan_column(
    reader: Reader, column: bytes, start: bytes = b"", stop: bytes | None = None
) -> Iterator[tuple[bytes, bytes]]:
    """The pairs of a column, their keys without it."""
    end = bytes([column[0] + 1]) if stop is None else column + stop
    for key, value in reader.scan(column + start, end):
        yield key[1:], value
