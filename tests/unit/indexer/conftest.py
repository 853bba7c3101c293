"""What the tests of the index share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from btczs.indexer import Index


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    """An empty index."""
    opened = Index(tmp_path / "index.sqlite")
    yield opened
    opened.close()
