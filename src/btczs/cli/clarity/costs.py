"""`btczs clarity costs`: what a function costs at least and at most, and what a call of it did."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from btczs.cli.clarity.abi import analyse_with_others
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

    from btczs.codec.clarity.values import ContractPrincipal
    from btczs.vm.clarity.analysis.model import ContractAnalysis
    from btczs.vm.clarity.estimation import CostBounds
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

    The bounds come from the source alone and hold for every call that succeeds. What is called
    through a trait is not in the upper bound, for it may be any contract; such calls are named.

    With an ARG for each parameter, the function is also called on a simulated chain and its cost
    is measured; a function without parameters always is.

    \b
    Examples:
      btczs clarity costs token.clar get-supply
      btczs clarity costs token.clar transfer u5 "'wallet_1"
    """
    from rich.text import Text

    from btczs.cli.clarity.outcome import result_json
    from btczs.vm.clarity.estimation import static_bound
    from btczs.workbench.result import Result

    analysis, others = analyse_with_others(file, version)
    known = analysis.function(function)
    if known is None:
        raise NotHere(f"{file} has no function {function}")
    bounds = static_bound(analysis, function, _Known(others))
    shown = {"at least": bounds.minimum, "at most": bounds.maximum}
    value: dict[str, Any] = {
        "function": function,
        "bound": _bounds_json(bounds),
        "measured": None,
    }
    parts: list[RenderableType] = []
    if args or not known.parameters:
        result = _measure(file, function, args, sender, version)
        assert isinstance(result, Result)
        shown["measured"] = result.cost
        value["measured"] = result_json(result)
        parts += [Text().append(result.what, "bold").append(f"  => {result.text}", "dim")]
    for call in bounds.open_calls:
        parts.append(Text(f"not in the upper bound: {call.function}, called at {call.place}"))
    if function in analysis.private_functions:
        parts.append(Text("private: a measurement includes reading the call as an expression"))
    out.answer(value, *parts, cost_table(shown))


class _Known:
    """Contracts that analysis has seen."""

    def __init__(self, analyses: "Mapping[ContractPrincipal, ContractAnalysis]") -> None:
        self._analyses = analyses

    def analysis_of(self, contract: "ContractPrincipal") -> "ContractAnalysis | None":
        return self._analyses.get(contract)


def _bounds_json(bounds: "CostBounds") -> dict[str, Any]:
    return {
        "minimum": cost_json(bounds.minimum),
        "maximum": cost_json(bounds.maximum),
        "open_calls": [
            {"contract": call.contract, "function": call.function, "place": str(call.place)}
            for call in bounds.open_calls
        ],
    }


def _measure(
    file: Path, function: str, args: tuple[str, ...], sender: str, version: "ClarityVersion | None"
) -> "Result":
    from btczs.workbench.chain import SimulatedChain
    from btczs.workbench.project import read_sources

    (source,) = read_sources([file], version)
    chain = SimulatedChain(version=source.version)
    chain.deploy_all([source])
    return chain.execute(source.name, f"({' '.join([function, *args])})", sender=sender)
