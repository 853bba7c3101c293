"""`python -m btczs.sim`: runs seeds, and prints how to repeat one that fails."""

import traceback

import click

from btczs.sim.outcome import Outcome, SimulationFailed
from btczs.sim.simulation import run


@click.command("sim")
@click.option("--seed", type=int, default=1, show_default=True, help="The first seed to run.")
@click.option(
    "--tenures",
    type=click.IntRange(min=1),
    default=300,
    show_default=True,
    help="Tenures of each run.",
)
@click.option(
    "--count",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="How many seeds to run, one after the other.",
)
def main(seed: int, tenures: int, count: int) -> None:
    """Simulate miners, users, reorganisations and crashes, and check the chain after each step."""
    for each in range(seed, seed + count):
        try:
            click.echo(render(run(each, tenures)))
        except SimulationFailed as failure:
            click.echo("\n".join(failure.events), err=True)
            cause = failure.__cause__
            assert cause is not None
            click.echo("".join(traceback.format_exception(cause)), err=True)
            click.echo(f"error: {failure}", err=True)
            raise SystemExit(1) from failure


def render(outcome: Outcome) -> str:
    """The outcome as lines for people."""
    head = (
        f"seed {outcome.seed}: {outcome.tenures} tenures, {outcome.blocks} blocks,"
        f" {outcome.versions} decisions in {outcome.steps} steps, root {outcome.final_root}"
    )
    return "\n".join([head, *(f"  {count:6} {what}" for what, count in outcome.counts.items())])


if __name__ == "__main__":
    main()
