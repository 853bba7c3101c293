"""`FaultyKV`: a store that dies, or fails, at a chosen write.

A *crash* is the death of the process at a write: just before it (nothing of it is there) or just
after it (all of it is there, but nobody was told). Writes are atomic, so there is nothing between.
A dead store takes no more writes: whatever the old process still tries is lost, as it would be. A
*failure* is a full disk: the write raises `StoreFailed`, and the process lives.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from enum import Enum

from btczs.store.errors import StoreFailed
from btczs.store.kv import KV, Reader


class Fault(Enum):
    CRASH_BEFORE = "crash before"
    CRASH_AFTER = "crash after"
    FAIL = "fail"


class Crash(BaseException):
    """The process is dead. Not an `Exception`: no handler of the program may survive it."""


class FaultyKV:
    """A `KV` over `durable`, which outlives it."""

    def __init__(self, durable: KV) -> None:
        self.durable = durable
        self.is_dead = False
        self.writes = 0
        self._fault: Fault | None = None
        self._due = 0

    def arm(self, fault: Fault, after_writes: int = 0) -> None:
        """Lets `after_writes` writes pass, then the fault strikes, once."""
        self._fault, self._due = fault, after_writes

    def get(self, key: bytes, /) -> bytes | None:
        return self.durable.get(key)

    def scan(self, start: bytes, stop: bytes | None, /) -> Iterator[tuple[bytes, bytes]]:
        return self.durable.scan(start, stop)

    def write(self, changes: Mapping[bytes, bytes | None], /) -> None:
        """Raises `Crash`, or `StoreFailed`, if a fault was due."""
        if self.is_dead:
            raise Crash("a dead process writes nothing")
        fault = self._take_fault()
        if fault is Fault.FAIL:
            raise StoreFailed("the disk is full, says the test")
        if fault is Fault.CRASH_BEFORE:
            self._die()
        self.writes += 1
        self.durable.write(changes)
        if fault is Fault.CRASH_AFTER:
            self._die()

    def snapshot(self) -> AbstractContextManager[Reader]:
        return self.durable.snapshot()

    def close(self) -> None:
        """Ends this process's use of the store. What is durable stays open for the next."""
        self.is_dead = True

    def _take_fault(self) -> Fault | None:
        if self._fault is None:
            return None
        if self._due > 0:
            self._due -= 1
            return None
        fault, self._fault = self._fault, None
        return fault

    def _die(self) -> None:
        self.is_dead = True
        raise Crash("the process died at a write")
