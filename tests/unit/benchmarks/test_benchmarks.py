"""The benchmarks' own arithmetic, and that all of them can be found and run."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments],
        cwd=ROOT,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_benchmarks_are_found_by_name() -> None:
    done = run("--list")
    assert done.returncode == 0
    assert {"store", "transactions", "transfers"} <= set(done.stdout.split())


def test_an_unknown_name_is_refused_and_the_known_ones_are_told() -> None:
    done = run("nonsense")
    assert done.returncode == 2
    assert "transfers" in done.stderr


@pytest.mark.slow
def test_transfers_run_end_to_end_and_no_stage_is_counted_twice() -> None:
    done = run("transfers", "--quick", "--json")
    assert done.returncode == 0, done.stderr
    summary, validator, miner, _ = json.loads(done.stdout)["benchmarks"]["transfers"]
    for part, name in ((validator, "validator"), (miner, "miner")):
        assert name in part["title"]
        assert any(row.startswith(name) for row in summary["rows"])
        stages = {n: r["us"] for n, r in part["rows"].items() if n != part["baseline"]}
        # What no stage claims is "the rest": it is negative if something is counted twice.
        assert min(stages.values()) > 0, stages
        assert {"execute", "state root", "durable write (LMDB)"} <= set(stages)


def test_an_inner_stage_is_not_counted_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    from benchmarks.stages import Stages

    stages = Stages()
    inner = stages.measure("inner", lambda: time.sleep(0.03))
    started = time.perf_counter()
    stages.measure("outer", lambda: (time.sleep(0.01), inner()))()
    whole = time.perf_counter() - started
    taken = stages.take()
    assert taken["inner"] >= 0.03
    assert 0.01 <= taken["outer"] < taken["inner"]
    assert sum(taken.values()) <= whole
    assert stages.take() == {}


def test_ratios_and_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    from benchmarks.harness import Bar, Table, medians, show, to_data

    rows = medians({"base": [1.0, 9.0, 2.0], "other": [5.0, 3.0]})
    assert rows == {"base": 2.0, "other": 4.0}
    table = Table("title", "key", "base", rows, bars=(Bar("a", 2.0, 2.0), Bar("b", 1.9, 2.0)))
    data = to_data(table)
    assert data["rows"] == {"base": {"us": 2.0, "ratio": 1.0}, "other": {"us": 4.0, "ratio": 2.0}}
    assert [bar["met"] for bar in data["bars"]] == [True, False]
    assert "NOT MET" in show(table)
