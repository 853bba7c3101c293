"""`btczs clarity verify`: what breaks the rules of a contract?"""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from btczs.cli.clarity.common import clarity_file, tool_command, version_option
from btczs.cli.clarity.testing import require
from btczs.cli.output import Output
from btczs.primitives.errors import InvalidInput

if TYPE_CHECKING:
    from rich.text import Text

    from btczs.vm.clarity.names import ClarityVersion
    from btczs.workbench.verify import Verdict

LOOKS: Final = {
    "proved": "bold green", "searched": "green", "refuted": "bold red", "violated": "bold red",
    "invalid": "bold red", "unknown": "yellow", "not in the subset": "yellow",
}  # fmt: skip


class NotDeployable(InvalidInput):
    """The contract, or one it needs, is refused."""

    code = "not_deployable"


@click.command()
@click.argument("file", type=clarity_file)
@click.option("--sequences", type=click.IntRange(1, 1_000_000), default=300, show_default=True,
              help="How many sequences of calls to try.")  # fmt: skip
@click.option("--calls", type=click.IntRange(1, 200), default=10, show_default=True,
              help="How many calls a sequence has at most.")  # fmt: skip
@click.option(
    "--seed", type=int, default=0, show_default=True, help="Another seed, another search."
)
@click.option("--timeout", type=click.IntRange(1, 3600), default=10, show_default=True,
              metavar="SECONDS", help="For each proof.")  # fmt: skip
@version_option
@tool_command
def command(
    out: Output,
    file: Path,
    sequences: int,
    calls: int,
    seed: int,
    timeout: int,
    version: "ClarityVersion | None",
) -> None:
    """Check the rules in the comments of the contract in FILE, or in NAME.invariants beside it.

    \b
      ;; @invariant NAME: EXPRESSION              true after every call (searched)
      ;; @prove NAME (a uint) ...: EXPRESSION     true for all values (proved with z3)
      ;; @never-aborts NAME (a uint): EXPRESSION  evaluated for all values (proved with z3)

    An invariant may say @prev(EXPRESSION) for the value before the call, and @sum(...) or
    @count(...) over a map, a field of it (map.field), or the balances of a token. PROVED holds for
    all values; SEARCHED only says that nothing was found. The exit code is 1 if a rule is broken.

    \b
    Examples:
      btczs clarity verify token.clar
      btczs clarity verify token.clar --sequences 5000 --calls 20
    """
    from rich.text import Text

    from btczs.workbench.chain import SimulatedChain
    from btczs.workbench.project import read_sources
    from btczs.workbench.verify import read_rules
    from btczs.workbench.verify.verdict import BAD

    (source,) = read_sources([file], version)
    chain = SimulatedChain(version=source.version)
    deployments = chain.deploy_all([source])
    if deployments[-1].error is not None:
        raise NotDeployable(f"{deployments[-1].text}; see `btczs clarity check {file}`")
    rules = read_rules(chain.analysis(source.name).program, file)
    invariants = [rule for rule in rules if rule.kind == "invariant"]
    proofs = [rule for rule in rules if rule.kind != "invariant"]
    verdicts: list[Verdict] = []
    if invariants:
        require("hypothesis", "searching for broken invariants")
        from btczs.workbench.verify.search import Options, search_invariants

        options = Options(sequences, calls, seed)
        with _hypothesis_elsewhere():
            verdicts += search_invariants(chain, source.name, invariants, options)
    if proofs:
        require("z3", "proving")
        from btczs.workbench.verify.prove import prove_rules

        verdicts += prove_rules(chain, source.name, proofs, timeout)
    order = {rule.name: number for number, rule in enumerate(rules)}
    verdicts.sort(key=lambda verdict: order[verdict.rule.name])
    parts = [render_verdict(verdict) for verdict in verdicts]
    if not parts:
        parts = [Text(f"{file} states no rules; see `btczs clarity verify --help`", "yellow")]
    out.answer({"rules": [_json(verdict) for verdict in verdicts]}, *parts)
    if any(verdict.status in BAD for verdict in verdicts):
        raise click.exceptions.Exit(1)


@contextlib.contextmanager
def _hypothesis_elsewhere() -> Iterator[None]:
    """Hypothesis keeps notes in the folder one stands in, unless it is told otherwise."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", folder)
        try:
            yield
        finally:
            if os.environ.get("HYPOTHESIS_STORAGE_DIRECTORY") == folder:
                del os.environ["HYPOTHESIS_STORAGE_DIRECTORY"]


def render_verdict(verdict: "Verdict") -> "Text":
    """Status, rule, how it is known, and the counterexample."""
    from rich.text import Text

    from btczs.cli.clarity.highlight import highlight
    from btczs.cli.clarity.outcome import name_accounts

    rule = verdict.rule
    text = Text().append(verdict.status.upper(), LOOKS[verdict.status])
    text.append(f"  {rule.name}", "bold").append(f"  {rule.kind}, {rule.file}:{rule.line}", "dim")
    text.append("\n  ").append_text(highlight(rule.expression))
    text.append(f"\n  {name_accounts(verdict.note)}", "" if verdict.calls else "dim")
    for name, value in verdict.model:
        text.append(f"\n    {name} = ", "dim").append_text(highlight(value))
    number = 0
    for call in verdict.calls:
        if not call.sender:
            text.append(f"\n    {call.text}", "dim")
            continue
        number += 1
        text.append(f"\n    {number}. ", "dim").append_text(highlight(_short(call.text)))
        text.append(f"  {call.sender}", "magenta").append("  => ", "dim")
        text.append_text(highlight(name_accounts(call.result)))
    return text


def _short(text: str) -> str:
    """Addresses of accounts as names that `run` and `repl` understand."""
    from btczs.workbench.accounts import ADDRESSES

    for name, address in ADDRESSES.items():
        text = text.replace(f"'{address}.", ".").replace(address, name)
    return text


def _json(verdict: "Verdict") -> dict[str, Any]:
    rule = verdict.rule
    return {
        "name": rule.name,
        "kind": rule.kind,
        "expression": rule.expression,
        "file": rule.file,
        "line": rule.line,
        "status": verdict.status,
        "note": verdict.note,
        "model": dict(verdict.model),
        "calls": [
            {"call": call.text, "sender": call.sender, "result": call.result}
            for call in verdict.calls
        ],
    }
