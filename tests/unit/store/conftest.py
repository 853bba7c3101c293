"""What the tests of the store share."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from btczs.store import KV, MemoryKV
from btczs.store.lmdb import LmdbKV


@pytest.fixture(params=["memory", "lmdb"])
def kv(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[KV]:
    """Each implementation of `KV` in turn, empty."""
    make: dict[str, Callable[[], KV]] = {
        "memory": MemoryKV,
        "lmdb": lambda: LmdbKV(tmp_path / "kv"),
    }
    store = make[request.param]()
    yield store
    store.close()
