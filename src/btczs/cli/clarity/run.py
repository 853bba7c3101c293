"""`btczs clarity run`: a contract on a simulated chain, and what it answers."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from btczs.cli.clarity.common import clarity_file, tool_command, version_option
from btczs.cli.output import Output

if TYPE_CHECKING:
    from rich.console import RenderableType

    from btczs.vm.clarity.names import ClarityVersion


@click.command()
@click.argument("file", type=clarity_file)
@click.argument("calls", nargs=-1, metavar="[CALL]...")
@click.option("--sender", default="deployer", show_default=True, metavar="ACCOUNT",
              help="Who sends: deployer, wallet_1 to wallet_8, faucet, or an address.")  # fmt: skip
@version_option
@tool_command
def command(
    out: Output,
    file: Path,
    calls: tuple[str, ...],
    sender: str,
    version: "ClarityVersion | None",
) -> None:
    """Deploy FILE and what it needs, then evaluate each CALL inside it.

    A call of a public function is a transaction; every other expression is evaluated in the
    contract, private functions included. In a CALL, 'wallet_1 stands for that account. The exit
    code is 1 if a deployment or a CALL fails.

    \b
    Examples:
      btczs clarity run token.clar
      btczs clarity run token.clar "(transfer u5 tx-sender 'wallet_1)" "(get-supply)"
      btczs clarity run token.clar "(mint u5)" --sender wallet_2 --json
    """
    from rich.text import Text

    from btczs.cli.clarity.highlight import highlight
    from btczs.cli.clarity.outcome import name_accounts, render_result, result_json
    from btczs.workbench.chain import SimulatedChain
    from btczs.workbench.project import collect_programs, read_sources

    (source,) = read_sources([file], version)
    chain = SimulatedChain(version=source.version)
    collected = collect_programs([source], chain.accounts.deployer)
    deployments = chain.deploy_all([source])
    results = [*deployments]
    for call in calls if deployments[-1].error is None else ():
        results.append(chain.execute(source.name, call, sender=sender))
        if results[-1].error is not None:
            break
    parts: list[RenderableType] = []
    texts = {each.name: each.source for each, _ in collected}
    for number, result in enumerate(results):
        is_deployment = number < len(deployments)
        if number < len(deployments) - 1 and result.error is None:
            continue
        title = (
            Text(result.what, "bold") if is_deployment else highlight(name_accounts(result.what))
        )
        source_text = texts.get(result.contract.name, "") if is_deployment else result.what
        parts += [title, *render_result(result, source=source_text), Text("")]
    out.answer({"results": [result_json(result) for result in results]}, *parts[:-1])
    if any(result.error is not None or result.is_err for result in results):
        raise click.exceptions.Exit(1)
