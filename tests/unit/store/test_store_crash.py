"""kill -9 at any moment: what was acknowledged is there, and nothing is there in part.

Deterministic: a forked writer is killed before the n-th put of a write, for every n, then between
the last put and the commit, and between the commit and its acknowledgement. Random: a separate
process is killed after a random time, again and again on the same store.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from crash_writer import UNDO_MAX, operate

from btczs.store import KV, MemoryKV, StateStore
from btczs.store.lmdb import LmdbKV

Image = list[tuple[bytes, bytes]]


class KilledKV(LmdbKV):
    """Kills its own process at put number `kill_at` of write number `kill_write`.

    `kill_at` equal to the number of puts: after the last put, before the commit. One more: after
    the commit, before `write` returns.
    """

    kill_write = 0
    kill_at = 0
    writes = 0

    def _apply(self, txn: Any, ordered: list[tuple[bytes, bytes | None]]) -> None:
        if self.writes != self.kill_write:
            super()._apply(txn, ordered)
            return
        super()._apply(txn, ordered[: self.kill_at])
        if self.kill_at <= len(ordered):
            kill_self()

    def write(self, changes: Any, /) -> None:
        super().write(changes)
        if self.writes == self.kill_write:
            kill_self()
        self.writes += 1


def kill_self() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)


def run_killed(action: Callable[[], None]) -> None:
    """Runs `action` in a forked child that must die of SIGKILL."""
    child = os.fork()
    if child == 0:
        try:
            action()
        finally:
            os._exit(99)  # not killed, or an error: the parent sees that it was no SIGKILL
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"the child ended by itself: {status}"
    assert os.WTERMSIG(status) == signal.SIGKILL


def image(kv: KV) -> Image:
    return list(kv.scan(b"", None))


class Twin:
    """The same operations in memory: what the store must hold after each."""

    def __init__(self) -> None:
        self.kv = MemoryKV()
        self.store = StateStore(self.kv, UNDO_MAX)

    def images_around(self, number: int, keys: int = 60) -> tuple[Image, Image]:
        before = image(self.kv)
        operate(self.store, number, keys)
        return before, image(self.kv)


KEYS_PER_OPERATION = 3


@pytest.mark.parametrize("number", [3, 4], ids=["commit", "rollback"])
def test_a_kill_at_every_put_of_a_write_leaves_the_version_before_or_after(
    number: int, tmp_path: Path
) -> None:
    twin = Twin()
    for earlier in range(number):
        operate(twin.store, earlier, KEYS_PER_OPERATION)
    version_before = twin.store.version
    before, after = twin.images_around(number, KEYS_PER_OPERATION)
    assert (twin.store.version < version_before) == (number == 4)

    seen = []
    for kill_at in range(100):
        path = tmp_path / str(kill_at)

        def work(path: Path = path, kill_at: int = kill_at) -> None:
            kv = KilledKV(path)
            kv.kill_write, kv.kill_at = number, kill_at
            store = StateStore(kv, UNDO_MAX)
            for each in range(number + 1):
                operate(store, each, KEYS_PER_OPERATION)

        run_killed(work)
        kv = LmdbKV(path)
        found = image(kv)
        assert found in (before, after)
        seen.append(found == after)
        store = StateStore(kv, UNDO_MAX)
        store.check()
        if found == before:  # what was lost can be done again
            operate(store, number, KEYS_PER_OPERATION)
            assert image(kv) == after
        store.close()
        if seen[-1]:
            break
    # Killed before every put and before the commit: the version before. After the commit: after.
    assert seen == [False] * (len(seen) - 1) + [True]
    assert len(seen) > 10


def test_random_kills_lose_nothing_acknowledged_and_leave_nothing_in_part(tmp_path: Path) -> None:
    """Every round goes on where the last one was killed, so damage would add up."""
    rng = random.Random(7)
    twin = Twin()
    number = 0
    kills_with_progress = 0
    for _ in range(10):
        acknowledged = _run_and_kill(tmp_path, number, rng.uniform(0.0, 0.06))
        candidates = [image(twin.kv)]
        for line in acknowledged:
            _, after = twin.images_around(number)
            assert line == f"{number} {twin.store.version} {twin.store.root.hex()}"
            candidates = [after]
            number += 1
        kv = LmdbKV(tmp_path)
        found = image(kv)
        if found != candidates[0]:  # the operation in progress may have reached the disk
            _, after = twin.images_around(number)
            number += 1
            assert found == after
        store = StateStore(kv, UNDO_MAX)
        assert (store.version, store.root) == (twin.store.version, twin.store.root)
        store.check()
        store.close()
        kills_with_progress += bool(acknowledged)
    assert kills_with_progress >= 5
    assert number > 20


def _run_and_kill(path: Path, first: int, after_s: float) -> list[str]:
    """Starts the writer, kills it some time after its first line; its complete lines."""
    command = [sys.executable, str(Path(__file__).with_name("crash_writer.py")), str(path)]
    with subprocess.Popen([*command, str(first)], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        line = writer.stdout.readline()
        time.sleep(after_s)
        writer.kill()
        rest = writer.stdout.read()
        assert writer.wait(60) == -signal.SIGKILL
    complete = (line + rest).split("\n")
    return complete[:-1]
