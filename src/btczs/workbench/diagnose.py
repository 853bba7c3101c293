"""Everything that is wrong with contracts: what reading finds, what analysis refuses, and warnings.

Reading goes on after a mistake and finds them all; analysis stops at its first. Contracts that are
called but were not given are looked for (`project.find_contract`) and analysed silently.
"""

from collections.abc import Iterable
from typing import Literal

import msgspec

from btczs.codec.clarity.errors import UntypedValue
from btczs.codec.clarity.values import ContractPrincipal, StandardPrincipal
from btczs.vm.clarity.analysis import analyze
from btczs.vm.clarity.analysis.model import ContractAnalysis
from btczs.vm.clarity.costs import CostMeter
from btczs.vm.clarity.errors import ClarityError
from btczs.vm.clarity.reader import Span, diagnose
from btczs.vm.clarity.reader.syntax import Program
from btczs.workbench.lints import find_warnings
from btczs.workbench.project import SourceFile, collect_programs

Level = Literal["error", "warning", "note"]


class Finding(msgspec.Struct, frozen=True):
    """One thing to show. `kind` is stable; without a span it is about the whole file."""

    file: SourceFile
    level: Level
    kind: str
    message: str
    span: Span | None


class Report(msgspec.Struct, frozen=True):
    """What was found, by file, and the analyses of those files that have one."""

    findings: tuple[Finding, ...]
    analyses: dict[ContractPrincipal, ContractAnalysis]

    @property
    def errors(self) -> int:
        return sum(1 for finding in self.findings if finding.level == "error")

    @property
    def warnings(self) -> int:
        return sum(1 for finding in self.findings if finding.level == "warning")


class _Analyses:
    """The contracts as an analysis sees them."""

    def __init__(self) -> None:
        self.known: dict[ContractPrincipal, ContractAnalysis] = {}

    def analysis_of(self, contract: ContractPrincipal) -> ContractAnalysis | None:
        return self.known.get(contract)


def check_sources(
    sources: Iterable[SourceFile], deployer: StandardPrincipal, *, warn: bool = True
) -> Report:
    """Checks contracts as `deployer` would publish them, those that are called first."""
    given = list(sources)
    findings: dict[str, list[Finding]] = {source.name: [] for source in given}
    programs: dict[str, Program] = {}
    known = _Analyses()
    for source, program in collect_programs(given, deployer):
        found = findings.setdefault(source.name, [])
        if program is None:
            found += _mistakes(source, deployer)
        else:
            programs[source.name] = program
            _analyse(source, program, known, found)
    shown: list[Finding] = []
    for source in given:
        shown += findings[source.name]
        if warn and source.name in programs:
            shown += [
                Finding(source, "warning", w.kind, w.message, w.span)
                for w in find_warnings(programs[source.name], source.version)
            ]
    return Report(tuple(shown), known.known)


def _mistakes(source: SourceFile, deployer: StandardPrincipal) -> list[Finding]:
    contract = ContractPrincipal(deployer.version, deployer.hash20, source.name)
    return [
        Finding(source, mistake.level, mistake.kind, mistake.message, mistake.span)
        for mistake in diagnose(source.source, source.version, contract)
    ]


def _analyse(
    source: SourceFile, program: Program, known: _Analyses, findings: list[Finding]
) -> None:
    try:
        analysis = analyze(program, source.version, known, CostMeter())
    except ClarityError as error:
        findings.append(Finding(source, "error", error.kind, str(error), error.span))
    except UntypedValue as error:
        findings.append(Finding(source, "error", type(error).__name__, str(error), None))
    else:
        known.known[program.contract] = analysis
