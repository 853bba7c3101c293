"""One writing process per store: a lock file held with flock(2).

The kernel releases the lock when the process ends, however it ends; a left-over file means nothing.
"""

import fcntl
import os
from pathlib import Path

from btczs.store.errors import StoreFailed, StoreLocked


class WriterLock:
    """An exclusive lock on `path`. Raises `StoreLocked` at once if somebody holds it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise StoreFailed(f"{path}: {error.strerror}") from error
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.pread(self._fd, 20, 0).decode("ascii", "replace").strip()
            os.close(self._fd)
            raise StoreLocked(
                str(path.parent), f"process {holder}" if holder else "another process"
            ) from error
        os.ftruncate(self._fd, 0)
        os.pwrite(self._fd, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Releasing twice is allowed."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
