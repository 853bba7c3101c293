"""`btczs clarity dump`: what the compiler makes of a function."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from btczs.cli.clarity.abi import analyse_file
from btczs.cli.clarity.common import clarity_file, version_option
from btczs.cli.output import guard_errors, make_console
from btczs.primitives.errors import InvalidInput

if TYPE_CHECKING:
    from btczs.vm.clarity.names import ClarityVersion


class NotHere(InvalidInput):
    """The contract has no such function, or this installation no such part."""

    code = "not_here"


@click.command()
@click.argument("file", type=clarity_file)
@click.argument("function")
@version_option
def command(file: Path, function: str, version: "ClarityVersion | None") -> None:
    """Print FUNCTION of the contract in FILE as the Python that it is compiled to.

    \b
    Example:
      btczs clarity dump token.clar transfer
    """
    with guard_errors(False):
        from rich.syntax import Syntax

        source = _compile(file, function, version)
        console = make_console()
        if console.is_terminal:
            console.print(Syntax(source, "python", background_color="default"))
        else:
            click.echo(source.rstrip("\n"))


def _compile(file: Path, function: str, version: "ClarityVersion | None") -> str:
    from btczs.vm.clarity.compiler import dump_source
    from btczs.vm.clarity.compiler.shapes import Unsupported
    from btczs.vm.clarity.interpreter.loading import ContractStore
    from btczs.vm.clarity.runtime.contracts import ContractCache
    from btczs.workbench.chain import SimulatedChain
    from btczs.workbench.project import read_sources

    if analyse_file(file, version).function(function) is None:
        raise NotHere(f"{file} has no function {function}")
    chain = SimulatedChain()
    (source,) = read_sources([file], version)
    deployed = chain.deploy_all([source])[-1]
    if deployed.error is not None:
        raise NotHere(f"{file} cannot be deployed: {deployed.text}")
    contract = ContractStore(chain.state, ContractCache()).get(deployed.contract)
    assert contract is not None, "it has just been deployed"
    try:
        return dump_source(contract, chain.analysis(deployed.contract), function)
    except Unsupported as error:
        raise NotHere(f"{function} is not compiled, the interpreter runs it: {error}") from error
