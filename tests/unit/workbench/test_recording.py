"""Coverage counts what was evaluated, costs what was called."""

import subprocess
import sys
from pathlib import Path

from btczs.workbench import SimulatedChain
from btczs.workbench.cost_log import CostLog
from btczs.workbench.coverage import Coverage, lcov_text, line_ranges
from btczs.workbench.recording import Recorder, recording

SOURCE = """(define-constant LIMIT u10)
(define-private (unused-one)
  u1)
(define-public (check (n uint))
  (begin
    (asserts! (< n LIMIT)
      (err u1))
    (if (is-eq n u5)
      (ok "five")
      (ok
        "other"))))
(define-read-only (look (n (optional uint)))
  (match n
    found found
    u0))
"""


def test_lines_and_branches_are_counted(tmp_path: Path) -> None:
    recorder = Recorder(Coverage(), CostLog())
    path = tmp_path / "c.clar"
    path.write_text(SOURCE)
    with recording(recorder):
        for _ in range(2):
            chain = SimulatedChain()
            chain.deploy("c", path=path)
            chain.call("c", "check", 5)
            chain.evaluate("(+ 1 1)", contract="c")
    SimulatedChain().deploy("c", path=path)  # outside: not recorded
    assert recorder.coverage is not None
    (file,) = recorder.coverage.files()
    assert file.missing_lines == [3, 7, 10, 11, 13, 14, 15]
    assert file.lines[9] == 2
    assert [(b.line, b.arm, b.hits) for b in file.branches] == [
        (6, "holds", 2), (7, "fails", 0), (9, "then", 2), (10, "else", 0),
        (14, "some", 0), (15, "none", 0),
    ]  # fmt: skip
    assert file.functions == (("unused-one", 2, 0), ("check", 4, 2), ("look", 12, 0))
    lcov = lcov_text([file], tmp_path).splitlines()
    assert {"SF:c.clar", "FNDA:2,check", "DA:9,2", "DA:11,0", "BRDA:6,0,0,2"} <= set(lcov)
    assert lcov[-1] == "end_of_record"
    assert recorder.costs is not None
    (summary,) = recorder.costs.summaries()
    assert (summary.contract, summary.function, summary.calls) == ("c", "check", 2)
    assert summary.least == summary.median == summary.most
    assert summary.most.runtime > 0


def test_ranges_of_lines() -> None:
    assert line_ranges([]) == ""
    assert line_ranges([9, 3, 4, 5, 1]) == "1, 3-5, 9"


def test_the_plugin_gives_fixtures_and_reports(tmp_path: Path) -> None:
    (tmp_path / "c.clar").write_text(SOURCE)
    (tmp_path / "test_c.py").write_text(
        "def test_check(chain, accounts):\n"
        "    chain.deploy('c', path='c.clar')\n"
        "    chain.call('c', 'check', 5, sender=accounts.wallet_1).expect_ok('five')\n"
    )
    command = [sys.executable, "-m", "btczs", "clarity", "test", "--coverage", "--costs"]
    done = subprocess.run(
        [*command, "--lcov", "l.info", "--fail-under", "90", "-p", "no:cacheprovider"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "1 passed" in done.stdout
    assert "3, 7, 10-11, 13-15" in done.stdout
    assert "90 % are wanted" in done.stdout
    assert "c.check" in done.stdout
    assert (tmp_path / "l.info").read_text().startswith("TN:\nSF:c.clar\n")
