"""`btczs network`: the rules of a network, which are data."""

from typing import Any

import click
import msgspec

from btczs.cli.options import Session, session_command
from btczs.cli.output import make_fields, make_table
from btczs.networks import NETWORK_NAMES, load_network

SECRET_FIELDS = frozenset({"rpc_password"})


@click.group()
def command() -> None:
    """Show the rules of a network. Needs no node.

    \b
    Examples:
      btczs network list
      btczs network show mainnet
    """


@command.command("list")
@session_command
def list_(session: Session) -> None:
    """All networks known here.

    \b
    Example:
      btczs network list --json
    """
    networks = [load_network(name) for name in NETWORK_NAMES]
    rows = [
        {
            "name": network.name,
            "chain_id": f"0x{network.chain_id:08x}",
            "l1_chain": network.btcz_connection.chain,
            "l1_network": network.btcz_connection.network,
            "api_port": network.btczs_network.api_port,
        }
        for network in networks
    ]
    headers = ("name", "chain id", "layer 1", "its network", ">API port")
    session.out.answer({"networks": rows}, make_table(headers, [row.values() for row in rows]))


@command.command()
@click.argument("name", required=False, type=click.Choice(NETWORK_NAMES))
@session_command
def show(session: Session, name: str | None) -> None:
    """Every parameter of the network NAME, or of --network.

    \b
    Examples:
      btczs network show mainnet
      btczs network show devnet --json | jq .fees
    """
    network = load_network(name) if name else session.network
    value: dict[str, Any] = {
        key: {name: shown for name, shown in part.items() if name not in SECRET_FIELDS}
        if isinstance(part, dict)
        else part
        for key, part in msgspec.to_builtins(network).items()
    }
    top = [(key, part) for key, part in value.items() if not isinstance(part, dict)]
    rows = top + [
        (f"{table}.{key}", shown)
        for table, part in value.items()
        if isinstance(part, dict)
        for key, shown in part.items()
    ]
    session.out.answer(value, make_fields(rows))
