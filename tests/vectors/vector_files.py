"""Third-party vectors are read from the folder that `BTCZS_VECTORS` names, never from the project.

A test whose file is absent is skipped with that reason. The tests are written for the rule, so
other cases in files of the same names run unchanged: `BTCZS_VECTORS=DIR pytest tests/vectors`.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(
    os.environ.get("BTCZS_VECTORS")
    or Path(__file__).resolve().parents[2].parent / "shared" / "vectors"
)


def load(name: str) -> Any:
    """The parsed JSON file `name` (such as `stacks/js_vectors.json`), or a skip of the test."""
    path = FOLDER / name
    if not path.is_file():
        pytest.skip(f"vectors absent: {name} is not in the folder named by BTCZS_VECTORS")
    return json.loads(path.read_text())


def cases(name: str, key: str | None = None) -> list[Any]:
    """The list under `key` of file `name` for `parametrize`: empty (a skip) if it is absent."""
    path = FOLDER / name
    if not path.is_file():
        return []
    data = json.loads(path.read_text())
    return list(data if key is None else data[key])
