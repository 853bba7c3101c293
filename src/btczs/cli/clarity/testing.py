"""`btczs clarity test`: pytest, with what tests of contracts need."""

import importlib.util
import sys
from pathlib import Path

import click

from btczs.cli.output import guard_errors
from btczs.primitives.errors import InvalidInput


class MissingTool(InvalidInput):
    """A library is not installed that only this command needs."""

    code = "missing_tool"


def require(module: str, what: str) -> None:
    """Raises `MissingTool` if `module` is not installed."""
    if importlib.util.find_spec(module) is None:
        raise MissingTool(
            f"{what} needs {module}: install it with `pip install 'btczs[clarity-tools]'`"
        )


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--coverage", is_flag=True, help="Show which lines of contracts were run.")
@click.option("--lcov", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Write the coverage to FILE for editors.")  # fmt: skip
@click.option("--fail-under", type=click.IntRange(0, 100), metavar="N",
              help="Fail if less than N per cent of the lines were run.")  # fmt: skip
@click.option("--costs", is_flag=True, help="Show what functions cost.")
@click.pass_context
def command(
    ctx: click.Context,
    paths: tuple[Path, ...],
    coverage: bool,
    lcov: Path | None,
    fail_under: int | None,
    costs: bool,
) -> None:
    """Run tests of contracts: pytest on PATHS, or on this folder.

    Tests are Python files test_*.py; they ask for the fixtures `chain` and `accounts`. Other
    options (-k, -x, …) go to pytest.

    \b
    Examples:
      btczs clarity test
      btczs clarity test tests/ --coverage --costs
      btczs clarity test --fail-under 90 -k transfer
    """
    with guard_errors(False):
        require("pytest", "`btczs clarity test`")
    import pytest

    args = ["-p", "btczs.workbench.pytest_plugin", *map(str, paths)]
    args += ["--clarity-coverage"] if coverage else []
    args += [f"--clarity-lcov={lcov}"] if lcov else []
    args += [] if fail_under is None else [f"--clarity-fail-under={fail_under}"]
    args += ["--clarity-costs"] if costs else []
    sys.stdout.flush()
    ctx.exit(int(pytest.main(args)))
