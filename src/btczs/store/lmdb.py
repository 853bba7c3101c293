"""`LmdbKV`: the key-value store on disk.

LMDB is a copy-on-write B+tree in one memory-mapped file: a commit is on disk (fdatasync) when
`write` returns, and a crash at any moment leaves the last commit. One process writes (`writer.lock`
refuses a second one), any number read, each from a consistent snapshot, without waiting.

The file is mapped at a size that doubles when it is full. Remapping needs that no snapshot of this
process is open, therefore `write` may have to wait for them; see `_grow`.
"""

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import lmdb

from btczs.primitives import BtczsError
from btczs.store.errors import (
    ReadOnlyStore,
    StoreBusy,
    StoreCorrupt,
    StoreFailed,
    StoreFull,
    StoreMissing,
)
from btczs.store.kv import Reader, check_key, check_start
from btczs.store.lockfile import WriterLock

MAP_BYTES_START = 1 << 30
"""1 GiB of address space (not of disk): no remapping for small chains."""

MAP_BYTES_MAX = 1 << 40
"""1 TiB: a quarter of what the smallest 64-bit address space of today's processors holds."""

READERS_MAX = 512
"""Snapshots open at the same time, over all processes; each slot costs 64 bytes."""

GROW_WAIT_S = 10.0
"""How long a write that needs a larger map waits for open snapshots."""


class LmdbKV:
    """A `KV` in the directory `path`, which is created if `read_only` is False.

    Raises `StoreLocked` if another process writes to it, `StoreMissing` if there is nothing to
    read, `StoreCorrupt` if it is not an LMDB file, `StoreFailed` for errors of the disk.
    """

    def __init__(
        self,
        path: Path | str,
        map_size_max: int = MAP_BYTES_MAX,
        *,
        map_size: int = MAP_BYTES_START,
        read_only: bool = False,
    ) -> None:
        self._path = Path(path)
        self._map_size_max = max(map_size, map_size_max)
        self._read_only = read_only
        self._lock: WriterLock | None
        self._gate = threading.Lock()
        self._idle = threading.Condition(self._gate)
        self._snapshots: dict[int, int] = {}
        self._write_lock = threading.Lock()
        if read_only:
            if not (self._path / "data.mdb").is_file():
                raise StoreMissing(str(self._path))
            self._lock = None
            self._env = _open_environment(self._path, map_size, read_only=True)
            return
        self._lock = _lock_directory(self._path)
        try:
            self._env = _open_environment(self._path, map_size, read_only=False)
            _sync_directory(self._path)
        except BaseException:
            self._lock.release()
            raise

    def get(self, key: bytes, /) -> bytes | None:
        check_key(key)
        with self._gate:
            try:
                txn = self._begin()
                try:
                    value: bytes | None = txn.get(key)
                finally:
                    txn.abort()
            except lmdb.Error as error:
                raise _translate(error) from error
        return value

    def scan(self, start: bytes, stop: bytes | None, /) -> Iterator[tuple[bytes, bytes]]:
        with self.snapshot() as view:
            yield from view.scan(start, stop)

    @contextmanager
    def snapshot(self) -> Iterator[Reader]:
        with self._gate:
            try:
                txn = self._begin()
            except lmdb.Error as error:
                raise _translate(error) from error
            self._snapshots[id(txn)] = threading.get_ident()
        try:
            yield _Snapshot(txn)
        finally:
            with self._gate:
                txn.abort()
                del self._snapshots[id(txn)]
                self._idle.notify_all()

    def write(self, changes: Mapping[bytes, bytes | None], /) -> None:
        if self._read_only:
            raise ReadOnlyStore(f"{self._path} was opened for reading")
        for key in changes:
            check_key(key)
        ordered = sorted(changes.items())
        with self._write_lock:
            while True:
                try:
                    with self._env.begin(write=True) as txn:
                        self._apply(txn, ordered)
                    return
                except lmdb.MapFullError:
                    self._grow()
                except lmdb.Error as error:
                    raise _translate(error) from error

    def close(self) -> None:
        with self._write_lock, self._gate:
            self._env.close()
        if self._lock is not None:
            self._lock.release()

    def _apply(self, txn: Any, ordered: list[tuple[bytes, bytes | None]]) -> None:
        """The writes of one transaction, in order of keys (neighbours share pages)."""
        put, delete = txn.put, txn.delete
        for key, value in ordered:
            if value is None:
                delete(key)
            else:
                put(key, value)

    def _begin(self) -> Any:
        """A read transaction; `_gate` is held. Follows a map that another process has enlarged."""
        try:
            return self._env.begin()
        except lmdb.MapResizedError:
            if self._snapshots:
                raise StoreBusy("the store has grown: close this process's snapshots") from None
            self._env.set_mapsize(0)
            return self._env.begin()

    def _grow(self) -> None:
        """Doubles the map. Raises `StoreFull` at the limit, `StoreBusy` if snapshots stay open."""
        size = self._env.info()["map_size"]
        if size >= self._map_size_max:
            raise StoreFull(f"{self._path} has reached its limit of {self._map_size_max} bytes")
        with self._gate:
            if threading.get_ident() in self._snapshots.values():
                raise StoreBusy("the writing thread holds a snapshot or an unfinished scan itself")
            if not self._idle.wait_for(lambda: not self._snapshots, GROW_WAIT_S):
                raise StoreBusy(f"snapshots were open for {GROW_WAIT_S:.0f} s")
            try:
                self._env.set_mapsize(min(2 * size, self._map_size_max))
            except lmdb.Error as error:
                raise _translate(error) from error


class _Snapshot:
    """A `Reader` over one read transaction."""

    __slots__ = ("_txn",)

    def __init__(self, txn: Any) -> None:
        self._txn = txn

    def get(self, key: bytes, /) -> bytes | None:
        check_key(key)
        try:
            value: bytes | None = self._txn.get(key)
        except lmdb.Error as error:
            raise _translate(error) from error
        return value

    def scan(self, start: bytes, stop: bytes | None, /) -> Iterator[tuple[bytes, bytes]]:
        check_start(start)
        try:
            with self._txn.cursor() as cursor:
                if not cursor.set_range(start):
                    return
                for key, value in cursor:
                    if stop is not None and key >= stop:
                        return
                    yield key, value
        except lmdb.Error as error:
            raise _translate(error) from error


_CORRUPT = (
    lmdb.CorruptedError,
    lmdb.InvalidError,
    lmdb.PageNotFoundError,
    lmdb.VersionMismatchError,
)


def _translate(error: Any) -> BtczsError:
    """The error of ours that says the same."""
    if isinstance(error, _CORRUPT):
        return StoreCorrupt(f"the database file is damaged or of another kind: {error}")
    if isinstance(error, lmdb.DiskError | lmdb.MapFullError):
        return StoreFull(f"no space left: {error}")
    if isinstance(error, lmdb.ReadersFullError):
        return StoreBusy(f"more than {READERS_MAX} snapshots are open")
    return StoreFailed(str(error))


def _open_environment(path: Path, map_size: int, *, read_only: bool) -> Any:
    try:
        env = lmdb.open(
            str(path),
            map_size=map_size,
            readonly=read_only,
            create=not read_only,
            sync=True,
            metasync=True,
            max_readers=READERS_MAX,
            mode=0o644,
        )
        env.reader_check()  # frees the slots of processes that crashed
    except lmdb.Error as error:
        raise _translate(error) from error
    return env


def _lock_directory(path: Path) -> WriterLock:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreFailed(f"{path}: {error.strerror}") from error
    return WriterLock(path / "writer.lock")


def _sync_directory(path: Path) -> None:
    """Makes the new file's name durable, not only its contents."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
