"""`btczs clarity costs`: what a function costs at most, and what a call of it did cost."""

import importlib
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from btczs.cli.clarity.abi import analyse_file
from btczs.cli.clarity.common import (
    clarity_file,
    cost_json,
    cost_table,
    tool_command,
    version_option,
)
from btczs.cli.clarity.dump import NotHere
from btczs.cli.output import Output

if TYPE_CHECKING:
    from rich.console import RenderableType

    from btczs.vm.clarity.analysis.model import ContractAnalysis
    from btczs.vm.clarity.costs import ExecutionCost
    from btczs.vm.clarity.names import ClarityVersion
    from btczs.workbench.result import Result


@click.command()
@click.argument("file", type=clarity_file)
@click.argument("function")
@click.argument("args", nargs=-1, metavar="[ARG]...")
@click.option("--sender", default="deployer", show_default=True, metavar="ACCOUNT",
              help="Who sends the sample call.")  # fmt: skip
@version_option
@tool_command
def command(
    out: Output,
    file: Path,
    function: str,
    args: tuple[str, ...],
    sender: str,
    version: "ClarityVersion | None",
) -> None:
    """Show what FUNCTION of the contract in FILE costs, in the five dimensions.

    With an ARG for each parameter, the function is called on a simulated chain and its cost is
    measured; a function without parameters always is. The bound holds for all arguments.

    \b
    Examples:
      btczs clarity costs token.clar get-supply
      btczs clarity costs token.clar transfer u5 "'wallet_1"
    """
    from rich.text import Text

    from btczs.cli.clarity.outcome import result_json
    from btczs.workbench.result import Result

    analysis = analyse_file(file, version)
    known = analysis.function(function)
    if known is None:
        raise NotHere(f"{file} has no function {function}")
    shown: dict[str, ExecutionCost] = {}
    value: dict[str, Any] = {"function": function, "bound": None, "measured": None}
    parts: list[RenderableType] = []
    bound = _bound(analysis, function)
    if bound is not None:
        shown["at most"] = bound
        value["bound"] = cost_json(bound)
    if args or not known.parameters:
        result = _measure(file, function, args, sender, version)
        assert isinstance(result, Result)
        shown["measured"] = result.cost
        value["measured"] = result_json(result)
        parts += [Text().append(result.what, "bold").append(f"  => {result.text}", "dim")]
    if not shown:
        needed = " ".join(name.upper() for name, _ in known.parameters)
        raise NotHere(
            f"bounds are not part of this installation; give arguments to measure a call: {needed}"
        )
    out.answer(value, *parts, cost_table(shown))


def _bound(analysis: "ContractAnalysis", function: str) -> "ExecutionCost | None":
    """The static bound, where this installation can compute one."""
    if importlib.util.find_spec("btczs.vm.clarity.costs.bounds") is None:
        return None
    bounds = importlib.import_module("btczs.vm.clarity.costs.bounds")
    compute = getattr(bounds, "compute_cost_bound", None)
    found: ExecutionCost | None = None if compute is None else compute(analysis, function)
    return found


def _measure(
    file: Path, function: str, args: tuple[str, ...], sender: str, version: "ClarityVersion | None"
) -> "Result":
    from btczs.workbench.chain import SimulatedChain
    from btczs.workbench.project import read_sources

    (source,) = read_sources([file], version)
    chain = SimulatedChain(version=source.version)
    chain.deploy_all([source])
    return chain.execute(source.name, f"({' '.join([function, *args])})", sender=sender)
