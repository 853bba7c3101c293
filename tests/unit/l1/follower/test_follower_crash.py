"""`kill -9` at any moment loses nothing that was stored, and leaves nothing half stored."""

import asyncio
import os
import shutil
import signal
from pathlib import Path

import pytest
from fake_l1 import PARAMS, FakeNode, is_marked

from btczs.l1.follower import Follower
from btczs.primitives import L1Height

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def make_follower(node: FakeNode, path: Path) -> Follower:
    return Follower(node, PARAMS, path, L1Height(2), is_marked, keep_blocks=4, blocks_per_poll=3)


def drain(follower: Follower, close: bool = True) -> None:
    async def run() -> None:
        while await follower.poll() is not None:
            continue

    asyncio.run(run())
    if close:
        follower.close()


def follow_in_child(node: FakeNode, path: Path, report: int, die_at: int) -> None:
    """In a forked process: follow to the end, reporting the tip after each poll, and be killed
    before SQL statement number `die_at` that changes something (never, if there are fewer)."""
    seen = 0

    def trace(statement: str) -> None:
        nonlocal seen
        if statement.startswith("SELECT"):
            return
        seen += 1
        if seen == die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    async def run() -> None:
        follower = make_follower(node, path)
        follower._store._db.set_trace_callback(trace)
        while await follower.poll() is not None:
            tip = follower.tip()
            assert tip is not None
            os.write(report, bytes((tip.height,)))

    status = 1
    try:
        asyncio.run(run())
        status = 0
    finally:
        os._exit(status)


@pytest.mark.parametrize("is_reorganised", [False, True], ids=["advance", "reorganise"])
def test_killed_before_any_statement_it_continues(tmp_path: Path, is_reorganised: bool) -> None:
    node = FakeNode()
    node.mine(9, marked=1)
    histories = {tuple(node.chain)}
    before = tmp_path / "before.sqlite"
    if is_reorganised:
        drain(make_follower(node, before))
        node.reorganise(5, 7)
        histories.add(tuple(node.chain))
    died, die_at = True, 0
    while died:
        die_at += 1
        path = tmp_path / f"{die_at}.sqlite"
        if is_reorganised:
            shutil.copy(before, path)
        reads, writes = os.pipe()
        child = os.fork()
        if child == 0:
            follow_in_child(node, path, writes, die_at)
        os.close(writes)
        with os.fdopen(reads, "rb") as pipe:
            acknowledged = pipe.read()
        _, status = os.waitpid(child, 0)
        died = os.WIFSIGNALED(status)
        assert died or os.WEXITSTATUS(status) == 0

        follower = make_follower(node, path)
        tip = follower.tip()
        if acknowledged:
            assert tip is not None
            assert tip.height >= acknowledged[-1] or is_reorganised
        if tip is not None:
            stored = tuple(follower.hash_at(h) for h in range(2, tip.height + 1))
            assert any(chain[2 : tip.height + 1] == stored for chain in histories)
        if tip is not None and not is_reorganised:
            for height in range(max(2, tip.height - 3), tip.height + 1):
                assert len(follower.facts_at(height).selected) == 1
        drain(follower, close=False)
        assert [follower.hash_at(h) for h in range(1, len(node.chain))] == node.chain[1:]
        assert len(follower.facts_at(len(node.chain) - 1).selected) == 1
        follower.close()
    assert die_at > 20, "the process was killed at many different moments"
