"""Small files that are either the old one or the new one, whatever happens in between."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from btczs.store.errors import StoreFailed


def replace_file(path: Path, content: bytes) -> None:
    """Replaces `path` atomically and durably; only the owner can read it. Raises `StoreFailed`."""
    try:
        with written_beside(path, content) as temporary:
            temporary.replace(path)
    except OSError as error:
        raise StoreFailed(f"{path.name} cannot be written: {error.strerror}") from error


@contextmanager
def written_beside(path: Path, content: bytes) -> Iterator[Path]:
    """A durable file (mode 0600) with that content in the folder of `path`; gone afterwards.

    What is done with it inside the `with` (a rename, a link) is durable at its end. Raises
    `OSError`.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield temporary
        _sync_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
