"""`MemoryKV`: the store's double, with the same behaviour and no disk."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from btczs.store.kv import Reader, check_key, check_start


class _Table:
    """A dict and its keys in order; the order is brought up to date when a scan needs it."""

    __slots__ = ("_added", "_ordered", "data")

    def __init__(self) -> None:
        self.data: dict[bytes, bytes] = {}
        self._ordered: list[bytes] = []
        self._added: list[bytes] = []

    def copy(self) -> "_Table":
        table = _Table()
        table.data = self.data.copy()
        table._ordered = self._ordered.copy()
        table._added = self._added.copy()
        return table

    def apply(self, changes: Mapping[bytes, bytes | None]) -> None:
        data, added = self.data, self._added
        for key, value in changes.items():
            if value is None:
                data.pop(key, None)
            else:
                if key not in data:
                    added.append(key)
                data[key] = value

    def get(self, key: bytes) -> bytes | None:
        check_key(key)
        return self.data.get(key)

    def scan(self, start: bytes, stop: bytes | None) -> Iterator[tuple[bytes, bytes]]:
        check_start(start)
        keys = self._keys()
        first = bisect_left(keys, start)
        last = len(keys) if stop is None else bisect_left(keys, stop)
        data = self.data
        for index in range(first, last):
            yield keys[index], data[keys[index]]

    def _keys(self) -> list[bytes]:
        """The keys in order. Always a new list after a change: running scans keep theirs."""
        if self._added or len(self._ordered) != len(self.data):
            # Sorting an almost sorted list is linear; a key deleted and put again appears twice.
            self._ordered = sorted(dict.fromkeys(self._ordered + self._added))
            self._ordered = [key for key in self._ordered if key in self.data]
            self._added = []
        return self._ordered


class MemoryKV:
    """A `KV` in memory. Durable as long as the object lives."""

    def __init__(self) -> None:
        self._table = _Table()
        self._snapshots = 0

    def get(self, key: bytes, /) -> bytes | None:
        return self._table.get(key)

    def scan(self, start: bytes, stop: bytes | None, /) -> Iterator[tuple[bytes, bytes]]:
        with self.snapshot() as view:
            yield from view.scan(start, stop)

    def write(self, changes: Mapping[bytes, bytes | None], /) -> None:
        for key in changes:
            check_key(key)
        if self._snapshots:
            self._table = self._table.copy()
            self._snapshots = 0
        self._table.apply(changes)

    @contextmanager
    def snapshot(self) -> Iterator[Reader]:
        table = self._table
        self._snapshots += 1
        try:
            yield table
        finally:
            if table is self._table:
                self._snapshots -= 1

    def close(self) -> None:
        """Nothing to release."""
