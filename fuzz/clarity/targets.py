"""The targets by name, and where their inputs lie."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
TARGETS: Final = ("reader", "analysis", "codec")
INPUT_BYTES_MAX: Final = 65_536
INPUT_TIME_S_MAX: Final = 2.0
"""Processor time that an input of up to `INPUT_BYTES_MAX` may take. More is a finding."""

Check = Callable[[bytes], None]


def load_check(target: str) -> Check:
    """The function that raises if an input breaks a promise."""
    check: Check = import_module(f"fuzz.clarity.fuzz_{target}").check
    return check


def corpus_of(target: str) -> Path:
    """Inputs that are kept: seeds, and the smallest set found that reaches all that was reached."""
    return HERE / "corpus" / target


def work_of(target: str) -> Path:
    """Everything interesting that runs on this machine have found. Not kept."""
    return HERE / "work" / target


def crashes_of(target: str) -> Path:
    """Inputs that break a promise. Not kept: a fixed one becomes a test and a part of the corpus."""
    return HERE / "crashes" / target
