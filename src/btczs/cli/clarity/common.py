"""What the commands have in common: options, values and costs as people see them."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from btczs.cli.output import Output, guard_errors, make_table

if TYPE_CHECKING:
    from rich.console import RenderableType

    from btczs.vm.clarity.costs import ExecutionCost

F = TypeVar("F", bound=Callable[..., Any])

DIMENSIONS: Final = ("runtime", "read_count", "read_length", "write_count", "write_length")

clarity_file = click.Path(exists=True, dir_okay=False, path_type=Path)
clarity_path = click.Path(exists=True, path_type=Path)

version_option = click.option(
    "--version", type=click.IntRange(1, 6), metavar="1-6",
    help="Version of the language.  [default: the project's, or 6]",
)  # fmt: skip


def tool_command(function: F) -> Callable[..., Any]:
    """Gives a command `--json` and an `Output` first; errors become one line and exit code 1."""

    def run(*args: Any, as_json: bool, **kwargs: Any) -> Any:
        with guard_errors(as_json):
            return function(Output(as_json), *args, **kwargs)

    run.__doc__ = function.__doc__
    run.__name__ = function.__name__
    run.__click_params__ = getattr(function, "__click_params__", [])  # type: ignore[attr-defined]
    option = click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
    decorated: Callable[..., Any] = option(run)
    return decorated


def cost_json(cost: "ExecutionCost") -> dict[str, int]:
    """The five dimensions by name."""
    return {name: getattr(cost, name) for name in DIMENSIONS}


def cost_table(costs: "dict[str, ExecutionCost]") -> "RenderableType":
    """Costs by dimension, with the share of what a whole block may have."""
    from rich.text import Text

    from btczs.vm.clarity.costs import BLOCK_LIMIT

    headers = ["", *(f">{name}" for name in costs), ">of a block"]
    rows: list[list[Any]] = []
    for dimension in DIMENSIONS:
        values = [getattr(cost, dimension) for cost in costs.values()]
        limit = getattr(BLOCK_LIMIT, dimension)
        rows.append(
            [
                Text(dimension.replace("_", " "), "dim"),
                *(f"{value:,}" for value in values),
                share_text(max(values, default=0), limit),
            ]
        )
    return make_table(headers, rows)


def share_text(part: int, whole: int) -> str:
    """A share in per cent with two places, without floats."""
    hundredths = part * 10_000 // whole
    if part and not hundredths:
        return "<0.01 %"
    return f"{hundredths // 100}.{hundredths % 100:02d} %"
