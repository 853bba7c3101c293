"""A run over many programs: what was met, and every difference with a reduced program."""

from collections import Counter
from collections.abc import Callable, Iterator
from random import Random

import msgspec
from tests.differential.clarity import ours
from tests.differential.clarity.comparison import Difference, compare
from tests.differential.clarity.generator import Program, generate
from tests.differential.clarity.mutations import mutate
from tests.differential.clarity.oracle import Died, Oracle
from tests.differential.clarity.reduction import reduce

MUTATED_SHARE = 0.4
_MUTATION_SALT = 1 << 40


class Finding(msgspec.Struct):
    """A program on which the two sides differ, or on which ours broke."""

    seed: int
    differences: list[Difference]
    program: Program


class Summary(msgspec.Struct):
    """Counts by what happened, the explained differences by reason, and the findings."""

    counts: Counter[str] = msgspec.field(default_factory=Counter)
    explained: Counter[str] = msgspec.field(default_factory=Counter)
    findings: list[Finding] = []

    def add(self, other: "Summary") -> None:
        self.counts.update(other.counts)
        self.explained.update(other.explained)
        self.findings += other.findings


def program_of(seed: int) -> Program:
    """The program of `seed`: well-typed, or a mutation of such a one."""
    program = generate(seed)
    rng = Random(seed + _MUTATION_SALT)
    return mutate(program, rng) if rng.random() < MUTATED_SHARE else program


def run(
    seeds: Iterator[int] | range,
    *,
    reduced: bool = True,
    progress: Callable[[Summary], None] = lambda _: None,
) -> Summary:
    """Runs the programs of `seeds` on both sides."""
    summary = Summary()
    with Oracle() as oracle:
        for seed in seeds:
            _judge(seed, program_of(seed), oracle, summary, reduced)
            progress(summary)
    return summary


def _judge(seed: int, program: Program, oracle: Oracle, summary: Summary, reduced: bool) -> None:
    summary.counts["programs"] += 1
    try:
        report = ours.run(program)
        differences = compare(program, report, oracle.run(program))
    except Died as died:
        summary.counts["the other side died"] += 1
        summary.explained[f"the other side died: {str(died)[:60]}"] += 1
        return
    except Exception as error:  # noqa: BLE001 - a machine that breaks is what is looked for
        failure = Difference("crash", "here", f"{type(error).__name__}: {error}"[:300], "")
        summary.findings.append(Finding(seed, [failure], program))
        return
    _count(summary, report)
    for difference in differences:
        if difference.explained:
            summary.explained[difference.explained] += 1
    open_ = [difference for difference in differences if difference.explained is None]
    if open_:
        if reduced:
            program = reduce(program, lambda candidate: _shows(candidate, open_[0].what, oracle))
        summary.findings.append(Finding(seed, open_, program))


def _shows(program: Program, what: str, oracle: Oracle) -> bool:
    """Whether a difference of the same sort is there."""
    try:
        found = compare(program, ours.run(program), oracle.run(program))
    except Exception:  # noqa: BLE001 - a candidate that breaks anything is not the same finding
        return False
    return any(d.what == what and d.explained is None for d in found)


def _count(summary: Summary, report: ours.Report) -> None:
    deployment = report.deployment
    summary.counts["accepted" if deployment.ok else f"refused: {deployment.stage}"] += 1
    if deployment.ok and deployment.value is not None:
        summary.counts["values of deployments compared"] += 1
    if deployment.kind is not None:
        summary.counts[f"  kind {deployment.kind}"] += 1
    for call in report.calls:
        summary.counts["calls that returned" if call.ok else "calls that failed"] += 1
