"""Private files (mode 0600) that are whole or not there, whatever happens in between."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from btczs.store.files import written_beside
from btczs.wallet.errors import KeystoreError, KeystoreExists


def read_bounded(path: Path, bytes_max: int) -> bytes | None:
    """The content; None if there is no file. Raises `KeystoreError`: unreadable, or too long."""
    try:
        with path.open("rb") as file:
            raw = file.read(bytes_max + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KeystoreError(str(path), f"cannot be read: {error.strerror}") from error
    if len(raw) > bytes_max:
        raise KeystoreError(str(path), f"has more than {bytes_max} bytes")
    return raw


def create_private(path: Path, content: bytes) -> None:
    """A new file. Raises `KeystoreExists` rather than replace one, also in a race."""
    with _written(path, content) as temporary:
        try:
            os.link(temporary, path)
        except FileExistsError as error:
            raise KeystoreExists(str(path), "there is a wallet here already") from error


def replace_private(path: Path, content: bytes) -> None:
    """The new content, or the old one if the machine stops in between."""
    with _written(path, content) as temporary:
        temporary.replace(path)


@contextmanager
def _written(path: Path, content: bytes) -> Iterator[Path]:
    try:
        with written_beside(path, content) as temporary:
            yield temporary
    except OSError as error:
        raise KeystoreError(str(path), f"cannot be written: {error.strerror}") from error
