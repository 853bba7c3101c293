"""Which lines and branches of contracts were evaluated.

The machine tells an observer each expression before it evaluates it. A line counts as covered if an
expression that begins on it was evaluated; a branch if the expression behind it was. `asserts!` has
two ways: the condition holds, or it fails.
"""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import msgspec

from btczs.vm.clarity.reader.syntax import Expr, Form, Program
from btczs.vm.clarity.runtime.contracts import Contract
from btczs.workbench.shape import branch_of, functions_of, walk_evaluated


class BranchHits(msgspec.Struct, frozen=True):
    """How often one way of a branch was taken."""

    line: int
    arm: str
    hits: int


class FileCoverage(msgspec.Struct, frozen=True):
    """What was evaluated of one contract."""

    name: str
    path: Path | None
    lines: dict[int, int]
    """Hits of each line that holds something to evaluate."""
    branches: tuple[BranchHits, ...]
    """In the order of the source; those of one form stand together."""
    functions: tuple[tuple[str, int, int], ...]
    """Name, line and hits."""

    @property
    def lines_hit(self) -> int:
        return sum(1 for hits in self.lines.values() if hits)

    @property
    def branches_hit(self) -> int:
        return sum(1 for branch in self.branches if branch.hits)

    @property
    def missing_lines(self) -> list[int]:
        return sorted(line for line, hits in self.lines.items() if not hits)


class _Known:
    """A program that was seen, and how often each of its expressions was evaluated."""

    __slots__ = ("counts", "nodes", "program")

    def __init__(self, program: Program) -> None:
        self.program = program
        self.nodes = {id(expr): expr.id for expr in walk_evaluated(*program.expressions)}
        self.counts: Counter[int] = Counter()


class Coverage:
    """Collects over many chains; a contract is known by its name and source."""

    def __init__(self) -> None:
        self._known: dict[int, _Known] = {}
        self._paths: dict[tuple[str, str], Path | None] = {}
        self._programs: dict[tuple[str, str], Program] = {}

    def register(self, name: str, path: Path | None, program: Program) -> None:
        """A contract that is measured, whether or not it will be called."""
        key = (name, program.source)
        self._paths[key] = path or self._paths.get(key)
        self._programs.setdefault(key, program)

    def observe(self, expr: Expr, contract: Contract) -> None:
        """What the machine calls. Expressions from outside the contract are not counted."""
        known = self._known.get(id(contract.program))
        if known is None:
            known = self._known[id(contract.program)] = _Known(contract.program)
        number = known.nodes.get(id(expr))
        if number is not None:
            known.counts[number] += 1

    def files(self) -> list[FileCoverage]:
        """The contracts that were registered, by name."""
        totals: dict[tuple[str, str], Counter[int]] = {key: Counter() for key in self._programs}
        for known in self._known.values():
            key = (known.program.contract.name, known.program.source)
            if key in totals:
                totals[key].update(known.counts)
        return [
            _measure(key[0], self._paths[key], self._programs[key], totals[key])
            for key in sorted(totals, key=lambda key: (key[0], str(self._paths[key])))
        ]


def _measure(name: str, path: Path | None, program: Program, counts: Counter[int]) -> FileCoverage:
    lines: dict[int, int] = {}
    branches: list[BranchHits] = []
    for expr in walk_evaluated(*program.expressions):
        line, hits = expr.span.line, counts[expr.id]
        lines[line] = max(lines.get(line, 0), hits)
        branch = branch_of(expr)
        if branch is not None:
            branches += _branch_hits(branch.form, branch.arms, counts)
    functions = tuple(
        [(f.name, f.form.span.line, counts[f.body.id]) for f in functions_of(program).values()]
    )
    return FileCoverage(name, path, dict(sorted(lines.items())), tuple(branches), functions)


def _branch_hits(
    form: Form, arms: tuple[tuple[str, Expr | None], ...], counts: Counter[int]
) -> Iterable[BranchHits]:
    named = sum(counts[arm.id] for _, arm in arms if arm is not None)
    for label, arm in arms:
        # A condition that aborts takes no way at all, so what is left can only be an estimate there.
        hits = max(0, counts[form.id] - named) if arm is None else counts[arm.id]
        yield BranchHits(form.span.line if arm is None else arm.span.line, label, hits)


def lcov_text(files: Iterable[FileCoverage], root: Path) -> str:
    """The report that editors and servers read. Contracts without a file are left out."""
    out: list[str] = []
    for file in files:
        if file.path is None:
            continue
        path = file.path.resolve()
        shown = path.relative_to(root) if path.is_relative_to(root) else path
        out += ["TN:", f"SF:{shown.as_posix()}"]
        out += [f"FN:{line},{name}" for name, line, _ in file.functions]
        out += [f"FNDA:{hits},{name}" for name, _, hits in file.functions]
        out += [f"FNF:{len(file.functions)}", f"FNH:{sum(1 for f in file.functions if f[2])}"]
        out += [f"BRDA:{b.line},{n // 2},{n % 2},{b.hits}" for n, b in enumerate(file.branches)]
        out += [f"BRF:{len(file.branches)}", f"BRH:{file.branches_hit}"]
        out += [f"DA:{line},{hits}" for line, hits in file.lines.items()]
        out += [f"LF:{len(file.lines)}", f"LH:{file.lines_hit}", "end_of_record"]
    return "\n".join([*out, ""])


def line_ranges(lines: Iterable[int]) -> str:
    """`3, 7-9`."""
    ranges: list[list[int]] = []
    for line in sorted(lines):
        if ranges and line == ranges[-1][1] + 1:
            ranges[-1][1] = line
        else:
            ranges.append([line, line])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in ranges)
