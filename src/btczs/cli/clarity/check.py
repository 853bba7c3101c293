"""`btczs clarity check`: all mistakes in contracts, and what looks like one."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from btczs.cli.clarity.common import clarity_path, tool_command, version_option
from btczs.cli.output import Output

if TYPE_CHECKING:
    from btczs.vm.clarity.names import ClarityVersion


@click.command()
@click.argument("paths", nargs=-1, required=True, type=clarity_path)
@version_option
@click.option("--no-warnings", is_flag=True, help="Show errors only.")
@click.option("--strict", is_flag=True, help="Exit with 1 after warnings, too.")
@tool_command
def command(
    out: Output,
    paths: tuple[Path, ...],
    version: "ClarityVersion | None",
    no_warnings: bool,
    strict: bool,
) -> None:
    """Find the mistakes in contracts: files, or folders with files *.clar.

    Contracts that they call are found among the given ones, in the project (Clarinet.toml above
    the file), or beside the file. The exit code is 1 if there is an error.

    \b
    Examples:
      btczs clarity check token.clar
      btczs clarity check contracts/ --strict
      btczs clarity check token.clar --json | jq .findings
    """
    from btczs.cli.clarity.findings import (
        finding_json,
        join_blocks,
        render_finding,
        summary_text,
    )
    from btczs.workbench.accounts import Accounts
    from btczs.workbench.diagnose import check_sources
    from btczs.workbench.project import read_sources

    sources = read_sources(paths, version)
    report = check_sources(sources, Accounts().deployer, warn=not no_warnings)
    value = {
        "files": len(sources),
        "errors": report.errors,
        "warnings": report.warnings,
        "findings": [finding_json(finding) for finding in report.findings],
    }
    blocks = [render_finding(finding, str(finding.file.path)) for finding in report.findings]
    summary = summary_text(report.errors, report.warnings, len(sources))
    out.answer(value, *join_blocks(blocks), summary)
    if report.errors or (strict and report.warnings):
        raise click.exceptions.Exit(1)
