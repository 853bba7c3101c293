"""What a run finds: inputs that break a promise, one file per place that breaks it.

A run does not stop at a finding: it keeps the first inputs of each kind and goes on, so that one
defect does not hide the others for the rest of the hour.
"""

import hashlib
import json
import time
import traceback
from pathlib import Path

from fuzz.clarity.targets import INPUT_BYTES_MAX, INPUT_TIME_S_MAX, Check

KEPT_PER_KIND = 3


class SlowInput(Exception):
    """An input took longer than any input of its size may."""


class Findings:
    """A folder of inputs with their tracebacks."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: dict[str, int] = {}

    def run(self, check: Check, data: bytes) -> None:
        """Runs one input and keeps it if it breaks a promise."""
        try:
            timed(check, data)
        except Exception as error:  # noqa: BLE001 - any exception at all is what is looked for
            self._keep(data, error)

    def _keep(self, data: bytes, error: Exception) -> None:
        kind = kind_of(error)
        count = self._seen[kind] = self._seen.get(kind, 0) + 1
        if count > KEPT_PER_KIND:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256(data).hexdigest()[:12]
        name = f"{type(error).__name__}-{hashlib.sha256(kind.encode()).hexdigest()[:6]}-{digest}"
        (self._folder / name).write_bytes(data)
        told = {"kind": kind, "error": str(error)[:500], "trace": _trace(error)}
        (self._folder / f"{name}.json").write_text(json.dumps(told, indent=1))
        print(f"FINDING {name}: {kind}: {str(error)[:200]}", flush=True)  # noqa: T201


def timed(check: Check, data: bytes) -> None:
    """Runs `check`, and raises `SlowInput` where it took too long."""
    start = time.thread_time()
    check(data)
    took_s = time.thread_time() - start
    if took_s > INPUT_TIME_S_MAX and len(data) <= INPUT_BYTES_MAX:
        raise SlowInput(f"{took_s:.1f} s for {len(data)} bytes")


def kind_of(error: Exception) -> str:
    """What makes two findings one: the class of the error and the last line of btczs under it."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "btczs" in frame.filename or "fuzz" in frame.filename]
    if isinstance(error, RecursionError) or not ours:
        return type(error).__name__
    last = ours[-1]
    return f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno} {last.name}"


def _trace(error: Exception) -> list[str]:
    return traceback.format_exception(type(error), error, error.__traceback__)[-25:]
