"""What can go wrong with a store. Each error says what to do about it."""

from typing import ClassVar

from btczs.primitives import BtczsError, InvalidInput, Unavailable


class InvalidKey(InvalidInput):
    """A key is empty or too long. Fields: `length`, `limit`, in bytes."""

    code: ClassVar[str] = "invalid_key"

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(f"a key has 1 to {limit} bytes, this one has {length}")
        self.length, self.limit = length, limit


class InvalidValue(InvalidInput):
    """A value is too long. Fields: `length`, `limit`, in bytes."""

    code: ClassVar[str] = "invalid_value"

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(f"a value has at most {limit} bytes, this one has {length}")
        self.length, self.limit = length, limit


class InvalidProof(InvalidInput):
    """A proof does not show what is claimed. Field: `reason`."""

    code: ClassVar[str] = "invalid_proof"

    def __init__(self, reason: str) -> None:
        super().__init__(f"the proof is refused: {reason}")
        self.reason = reason


class WrongVersion(InvalidInput):
    """A commit is not the next one. Fields: `version`, `expected`."""

    code: ClassVar[str] = "wrong_version"

    def __init__(self, version: int, expected: int) -> None:
        super().__init__(f"version {version} was given, the next commit is version {expected}")
        self.version, self.expected = version, expected


class StalePreparation(InvalidInput):
    """A `Prepared` was made on a state that is no longer the current one: prepare it again.

    Fields: `version` it was made on, `current`.
    """

    code: ClassVar[str] = "stale_preparation"

    def __init__(self, version: int, current: int) -> None:
        super().__init__(f"prepared on another state of version {version}, now it is {current}")
        self.version, self.current = version, current


class NoUndo(InvalidInput):
    """No undo records reach that far back, or it lies ahead. Fields: `version`, `oldest`, `newest`."""

    code: ClassVar[str] = "no_undo"

    def __init__(self, version: int, oldest: int, newest: int) -> None:
        super().__init__(
            f"version {version} cannot be returned to; versions {oldest} to {newest} can"
        )
        self.version, self.oldest, self.newest = version, oldest, newest


class ReadOnlyStore(InvalidInput):
    """A write to a store that was opened for reading."""

    code: ClassVar[str] = "read_only_store"


class StoreCorrupt(BtczsError):
    """The data on disk contradicts itself. Never retried: restore it or synchronise again."""

    code: ClassVar[str] = "store_corrupt"


class StoreLocked(Unavailable):
    """Another process (or this one, already) writes to this store. Field: `path`."""

    code: ClassVar[str] = "store_locked"

    def __init__(self, path: str, holder: str) -> None:
        super().__init__(
            f"{path} is open for writing by {holder}; stop it, or open the store read-only"
        )
        self.path = path


class StoreFull(Unavailable):
    """The disk is full or the store has reached its size limit. Nothing of the write remains."""

    code: ClassVar[str] = "store_full"


class StoreBusy(Unavailable):
    """Open snapshots prevent what was asked for: close them (or finish scans) and try again."""

    code: ClassVar[str] = "store_busy"


class StoreMissing(Unavailable):
    """There is no store at that path to read from. Field: `path`."""

    code: ClassVar[str] = "store_missing"

    def __init__(self, path: str) -> None:
        super().__init__(f"there is no store at {path}")
        self.path = path


class StoreFailed(Unavailable):
    """The disk or the database failed (the message says how); the write was not acknowledged."""

    code: ClassVar[str] = "store_failed"
