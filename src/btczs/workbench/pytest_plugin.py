"""A pytest plugin: tests of contracts with a chain of their own, coverage and a cost report.

    def test_counting(chain, accounts):
        chain.deploy("counter", path="counter.clar")
        chain.call("counter", "add", 5, sender="wallet_1").expect_ok(5)

`--clarity-coverage` shows which lines and branches of the deployed contracts were evaluated, and
writes `FILE` for editors with `--clarity-lcov FILE`; `--clarity-costs` shows what functions cost.
`--clarity-fail-under N` fails the run if less than N per cent of the lines were evaluated.

Loaded with `-p btczs.workbench.pytest_plugin`, or by `btczs clarity test`.
"""

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from btczs.workbench.accounts import Accounts
    from btczs.workbench.chain import SimulatedChain
    from btczs.workbench.cost_log import CostLog
    from btczs.workbench.coverage import Coverage, FileCoverage
    from btczs.workbench.recording import Recorder

COVERAGE: "Final[pytest.StashKey[Coverage | None]]" = pytest.StashKey()
COSTS: "Final[pytest.StashKey[CostLog | None]]" = pytest.StashKey()
STACK: Final = pytest.StashKey[ExitStack]()

DIMENSIONS: Final = ("runtime", "read_count", "read_length", "write_count", "write_length")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("clarity", "contracts in Clarity")
    group.addoption(
        "--clarity-coverage", action="store_true", help="show which lines of contracts were run"
    )
    group.addoption(
        "--clarity-lcov", metavar="FILE", type=Path, help="write the coverage of contracts to FILE"
    )
    group.addoption(
        "--clarity-fail-under", metavar="N", type=int,
        help="fail if less than N per cent of the lines of contracts were run",
    )  # fmt: skip
    group.addoption(
        "--clarity-costs", action="store_true", help="show what functions of contracts cost"
    )


def pytest_configure(config: pytest.Config) -> None:
    option = config.option
    wants_coverage = (
        option.clarity_coverage or option.clarity_lcov or option.clarity_fail_under is not None
    )
    config.stash[STACK] = ExitStack()
    config.stash[COVERAGE] = config.stash[COSTS] = None
    if wants_coverage or option.clarity_costs:
        recorder = _make_recorder(wants_coverage, option.clarity_costs)
        config.stash[COVERAGE], config.stash[COSTS] = recorder.coverage, recorder.costs


def _make_recorder(coverage: bool, costs: bool) -> "Recorder":
    from btczs.workbench.cost_log import CostLog
    from btczs.workbench.coverage import Coverage
    from btczs.workbench.recording import Recorder

    return Recorder(Coverage() if coverage else None, CostLog() if costs else None)


def pytest_sessionstart(session: pytest.Session) -> None:
    stash = session.config.stash
    if stash[COVERAGE] is not None or stash[COSTS] is not None:
        from btczs.workbench.recording import Recorder, recording

        stash[STACK].enter_context(recording(Recorder(stash[COVERAGE], stash[COSTS])))


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[STACK].close()


@pytest.fixture
def chain() -> "SimulatedChain":
    """A new simulated chain; nothing is deployed."""
    from btczs.workbench.chain import SimulatedChain

    return SimulatedChain()


@pytest.fixture
def accounts(chain: "SimulatedChain") -> "Accounts":
    """The accounts of `chain` by name."""
    return chain.accounts


def pytest_sessionfinish(session: pytest.Session) -> None:
    minimum = session.config.option.clarity_fail_under
    coverage = session.config.stash[COVERAGE]
    if minimum is None or coverage is None:
        return
    hit, total = _line_totals(coverage.files())
    if hit * 100 < minimum * total and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    coverage, costs = config.stash[COVERAGE], config.stash[COSTS]
    if coverage is not None:
        from btczs.workbench.coverage import lcov_text

        files = coverage.files()
        if config.option.clarity_coverage or config.option.clarity_fail_under is not None:
            _write_coverage(terminalreporter, files, config.option.clarity_fail_under)
        lcov: Path | None = config.option.clarity_lcov
        if lcov is not None:
            lcov.write_text(lcov_text(files, config.rootpath))
            terminalreporter.write_line(f"coverage of contracts is in {lcov}")
    if costs is not None:
        _write_costs(terminalreporter, costs)


def _line_totals(files: "list[FileCoverage]") -> tuple[int, int]:
    return sum(f.lines_hit for f in files), sum(len(f.lines) for f in files)


def _percent(part: int, whole: int) -> str:
    return f"{part * 100 // whole} %" if whole else "-"


def _write_coverage(reporter: Any, files: "list[FileCoverage]", minimum: int | None) -> None:
    reporter.section("coverage of contracts")
    width = max([len(_shown(file)) for file in files] + [8])
    reporter.write_line(f"{'contract':<{width}}  {'lines':>11}  {'branches':>11}  missing")
    for file in files:
        lines, branches = len(file.lines), len(file.branches)
        text = (
            f"{_shown(file):<{width}}  "
            f"{f'{file.lines_hit}/{lines}':>6} {_percent(file.lines_hit, lines):>5} "
            f"{f'{file.branches_hit}/{branches}':>6} {_percent(file.branches_hit, branches):>5}  "
            f"{_missing(file)}"
        )
        complete = file.lines_hit == lines and file.branches_hit == branches
        reporter.write_line(text.rstrip(), green=complete, yellow=not complete)
    hit, total = _line_totals(files)
    if not files:
        reporter.write_line("no contract was deployed")
    elif minimum is not None and hit * 100 < minimum * total:
        reporter.write_line(
            f"{_percent(hit, total)} of the lines, {minimum} % are wanted", red=True
        )


def _shown(file: "FileCoverage") -> str:
    if file.path is None:
        return file.name
    path, here = file.path.resolve(), Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _missing(file: "FileCoverage") -> str:
    """Lines, then ways not taken on lines that were reached."""
    from btczs.workbench.coverage import line_ranges

    lines = line_ranges(file.missing_lines)
    arms = [
        f"{branch.line} {branch.arm}"
        for branch in file.branches
        if not branch.hits and file.lines.get(branch.line)
    ]
    return "; ".join(part for part in (lines, ", ".join(arms)) if part)


def _write_costs(reporter: Any, costs: "CostLog") -> None:
    reporter.section("costs of functions (least / median / most)")
    rows = [["function", "calls", *DIMENSIONS, "of a block"]]
    for summary in costs.summaries():
        cells = [f"{summary.contract}.{summary.function}", str(summary.calls)]
        for dimension in DIMENSIONS:
            values = [
                getattr(cost, dimension) for cost in (summary.least, summary.median, summary.most)
            ]
            same = len(set(values)) == 1
            cells.append(f"{values[0]:,}" if same else " / ".join(f"{v:,}" for v in values))
        rows.append([*cells, f"{summary.share // 100}.{summary.share % 100:02d} %"])
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    for number, row in enumerate(rows):
        first, *others = [cell.ljust(w) if n == 0 else cell.rjust(w)
                          for n, (cell, w) in enumerate(zip(row, widths))]  # fmt: skip
        reporter.write_line("  ".join([first, *others]), bold=number == 0)
    if len(rows) == 1:
        reporter.write_line("no function was called")
