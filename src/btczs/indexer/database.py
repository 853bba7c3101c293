"""Opening the SQLite file: pragmas, schema, and what to do with a file that is not ours."""

import sqlite3
from importlib import resources
from pathlib import Path
from typing import ClassVar

from btczs.primitives import Unavailable

SCHEMA_VERSION = 1
APPLICATION_ID = 0x62747A69  # "btzi": tells our file from any other SQLite database

BUSY_TIMEOUT_S = 10
"""One process writes; only a checkpoint or a second tool can make anybody wait."""

PAGE_CACHE_KIB = 16_384


class IndexUnusable(Unavailable):
    """The file cannot serve as the index. Fields: `path`, `reason`. Delete it: it is rebuilt."""

    code: ClassVar[str] = "index_unusable"

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path, self.reason = str(path), reason


def open_writer(path: Path) -> sqlite3.Connection:
    """The connection that writes, with the schema in place. Raises `IndexUnusable`.

    An index of another schema version is emptied: the node fills it again from its outbox.
    """
    try:
        connection = _connect(path)
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        if tables and application != APPLICATION_ID:
            connection.close()
            raise IndexUnusable(path, "a SQLite database of another program")
        connection.execute("PRAGMA journal_mode=WAL")
        # The outbox is durable; losing the last commits to a power cut only means applying them
        # again, so commits need not wait for the disk (WAL keeps the file consistent).
        connection.execute("PRAGMA synchronous=NORMAL")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if tables and version != SCHEMA_VERSION:
            _drop_everything(connection)
            tables = 0
        if not tables:
            _create_schema(connection)
    except sqlite3.DatabaseError as error:
        raise IndexUnusable(path, str(error)) from error
    return connection


def open_reader(path: Path) -> sqlite3.Connection:
    """A connection that only reads. Raises `IndexUnusable`."""
    try:
        connection = _connect(path)
        connection.execute("PRAGMA query_only=1")
    except sqlite3.DatabaseError as error:
        raise IndexUnusable(path, str(error)) from error
    return connection


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path,
        timeout=BUSY_TIMEOUT_S,
        isolation_level=None,  # transactions are begun and ended in our own words
        check_same_thread=False,  # only so that `close` may come from another thread
        cached_statements=256,
    )
    connection.execute(f"PRAGMA cache_size=-{PAGE_CACHE_KIB}")
    return connection


def _create_schema(connection: sqlite3.Connection) -> None:
    schema = resources.files(__package__).joinpath("schema.sql").read_text()
    connection.executescript(
        f"BEGIN IMMEDIATE;{schema}"
        f"PRAGMA application_id={APPLICATION_ID};PRAGMA user_version={SCHEMA_VERSION};COMMIT;"
    )


def _drop_everything(connection: sqlite3.Connection) -> None:
    names = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type='table' AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    connection.execute("BEGIN IMMEDIATE")
    for (name,) in names:
        quoted = str(name).replace('"', '""')
        connection.execute(f'DROP TABLE "{quoted}"')
    connection.execute("COMMIT")
