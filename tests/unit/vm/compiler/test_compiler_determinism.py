"""The same contract becomes the same code, in every process."""

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[4]
PROGRAM = f"""
import hashlib, sys
sys.path[:0] = [{str(PROJECT)!r}, {str(Path(__file__).parent)!r}]
from compiler_world import sources_of, units_of_programs
for unit in units_of_programs(12, 900):
    text = repr(sorted(sources_of(unit).items())) + repr(sorted(unit.namespace))
    print(hashlib.sha256(text.encode()).hexdigest(), len(text))
"""


def _listing(hash_seed: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_two_processes_write_the_same_code() -> None:
    first = _listing("1")
    assert len(first.splitlines()) >= 5
    assert first == _listing("20")
