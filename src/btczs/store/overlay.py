"""`Overlay`: changes above a `Reader`, kept in a dict until somebody takes them.

A block executes on one overlay above the committed state. Two ways to undo a part of it:

- `checkpoint()` / `revert(mark)`: a journal of overwritten entries. A checkpoint costs nothing, a
  revert costs its writes. For transactions and contract calls: the hot path.
- `Overlay(overlay)` with `merge()` / `discard()`: a separate dict above. For whole alternatives.
"""

from collections.abc import Iterator, Mapping
from typing import Final, cast

from btczs.store.errors import InvalidKey, InvalidValue
from btczs.store.kv import STATE_KEY_BYTES_MAX, STATE_VALUE_BYTES_MAX, Reader

_ABSENT: Final = cast(bytes, object())
"""Marks "no entry"; None in a dict of changes means "deleted"."""


class Overlay:
    """A `Reader` that can be written to. Reads see the overlay's own changes first."""

    __slots__ = ("_base", "_changes", "_journal")

    def __init__(self, base: Reader) -> None:
        self._base = base
        self._changes: dict[bytes, bytes | None] = {}
        self._journal: list[tuple[bytes, bytes | None]] | None = None

    def get(self, key: bytes, /) -> bytes | None:
        value = self._changes.get(key, _ABSENT)
        return self._base.get(key) if value is _ABSENT else value

    def put(self, key: bytes, value: bytes) -> None:
        """Sets `key`. Raises `InvalidKey` (1 to 510 bytes) or `InvalidValue` (up to 4 MiB)."""
        if not 0 < len(key) <= STATE_KEY_BYTES_MAX:
            raise InvalidKey(len(key), STATE_KEY_BYTES_MAX)
        if len(value) > STATE_VALUE_BYTES_MAX:
            raise InvalidValue(len(value), STATE_VALUE_BYTES_MAX)
        if self._journal is not None:
            self._journal.append((key, self._changes.get(key, _ABSENT)))
        self._changes[key] = value

    def delete(self, key: bytes) -> None:
        """Removes `key`; it is no error if there is none."""
        if not 0 < len(key) <= STATE_KEY_BYTES_MAX:
            raise InvalidKey(len(key), STATE_KEY_BYTES_MAX)
        if self._journal is not None:
            self._journal.append((key, self._changes.get(key, _ABSENT)))
        self._changes[key] = None

    def scan(self, start: bytes, stop: bytes | None, /) -> Iterator[tuple[bytes, bytes]]:
        """As `Reader.scan`: changes made to this overlay after the first `next` are not seen."""
        changed = sorted(
            (key, value)
            for key, value in self._changes.items()
            if key >= start and (stop is None or key < stop)
        )
        yield from _merge_scans(self._base.scan(start, stop), changed)

    def changes(self) -> dict[bytes, bytes | None]:
        """A copy of the changes relative to the base; None means deleted."""
        return self._changes.copy()

    def checkpoint(self) -> int:
        """A mark to which `revert` can return. Marks nest: reverting to one drops later ones."""
        if self._journal is None:
            self._journal = []
        return len(self._journal)

    def revert(self, mark: int) -> None:
        """Undoes every change made since `checkpoint` returned `mark`."""
        journal = self._journal
        assert journal is not None, "revert without a checkpoint"
        assert 0 <= mark <= len(journal), "this mark was reverted or discarded"
        changes = self._changes
        while len(journal) > mark:
            key, previous = journal.pop()
            if previous is _ABSENT:
                del changes[key]
            else:
                changes[key] = previous

    def merge(self) -> None:
        """Pushes the changes into the overlay below and leaves this one empty."""
        base = self._base
        assert isinstance(base, Overlay), "only an overlay above an overlay can be merged"
        base._absorb(self._changes)
        self.discard()

    def discard(self) -> None:
        """Forgets all changes and marks."""
        self._changes.clear()
        self._journal = None

    def _absorb(self, changes: Mapping[bytes, bytes | None]) -> None:
        if self._journal is not None:
            own = self._changes
            self._journal.extend((key, own.get(key, _ABSENT)) for key in changes)
        self._changes.update(changes)


def _merge_scans(
    below: Iterator[tuple[bytes, bytes]], changed: list[tuple[bytes, bytes | None]]
) -> Iterator[tuple[bytes, bytes]]:
    """Both sequences, ascending; an entry of `changed` hides the one below with the same key."""
    index = 0
    for key, value in below:
        while index < len(changed) and changed[index][0] < key:
            own_key, own_value = changed[index]
            index += 1
            if own_value is not None:
                yield own_key, own_value
        if index < len(changed) and changed[index][0] == key:
            own_value = changed[index][1]
            index += 1
            if own_value is not None:
                yield key, own_value
        else:
            yield key, value
    for own_key, own_value in changed[index:]:
        if own_value is not None:
            yield own_key, own_value
