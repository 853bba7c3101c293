"""`btczs clarity abi`: the interface of a contract, as nodes and wallets read it."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from btczs.cli.clarity.common import clarity_file, version_option
from btczs.cli.output import guard_errors
from btczs.primitives.errors import InvalidInput

if TYPE_CHECKING:
    from btczs.codec.clarity.values import ContractPrincipal
    from btczs.vm.clarity.analysis.model import ContractAnalysis
    from btczs.vm.clarity.names import ClarityVersion


class RefusedContract(InvalidInput):
    """Analysis refuses the contract."""

    code = "refused_contract"


def analyse_file(file: Path, version: "ClarityVersion | None") -> "ContractAnalysis":
    """What analysis knows of the contract in `file`. Raises `RefusedContract`."""
    return analyse_with_others(file, version)[0]


def analyse_with_others(
    file: Path, version: "ClarityVersion | None"
) -> "tuple[ContractAnalysis, Mapping[ContractPrincipal, ContractAnalysis]]":
    """The same, and what analysis knows of all contracts that were needed for it."""
    from btczs.codec.clarity.values import ContractPrincipal
    from btczs.workbench.accounts import Accounts
    from btczs.workbench.diagnose import check_sources
    from btczs.workbench.project import read_sources

    deployer = Accounts().deployer
    (source,) = read_sources([file], version)
    report = check_sources([source], deployer, warn=False)
    contract = ContractPrincipal(deployer.version, deployer.hash20, source.name)
    analysis = report.analyses.get(contract)
    if analysis is None:
        first = report.findings[0]
        place = f"{file}:{first.span}" if first.span else str(file)
        raise RefusedContract(f"{place}: {first.message}; see `btczs clarity check {file}`")
    return analysis, report.analyses


@click.command()
@click.argument("file", type=clarity_file)
@version_option
def command(file: Path, version: "ClarityVersion | None") -> None:
    """Print the interface of the contract in FILE as JSON: functions, variables, maps, tokens.

    It has the shape that `/v2/contracts/interface` answers.

    \b
    Examples:
      btczs clarity abi token.clar
      btczs clarity abi token.clar | jq '.functions[].name'
    """
    import json

    with guard_errors(False):
        from btczs.vm.clarity.analysis.interface import contract_interface

        analysis = analyse_file(file, version)
        click.echo(json.dumps(contract_interface(analysis), indent=2))
