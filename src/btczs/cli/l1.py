"""`btczs l1`: layer 1, as the node sees it, and its addresses."""

from typing import TYPE_CHECKING, Any

import click

from btczs.cli.options import Session, session_command
from btczs.cli.output import make_fields
from btczs.codec.base58 import base58check_encode
from btczs.codec.c32 import decode_c32_address, encode_c32_address
from btczs.codec.errors import InvalidAddress
from btczs.l1.address import L1Address, decode_l1_address, encode_l1_address
from btczs.l1.params import L1Params, get_params
from btczs.networks import Network

if TYPE_CHECKING:
    from btczs.wallet.answers import NodeInfo
    from btczs.wallet.client import Client


@click.group()
def command() -> None:
    """Look at layer 1: blocks, proofs, addresses.

    \b
    Examples:
      btczs l1 info
      btczs l1 block 120
      btczs l1 address ST1JAHE8GEHB0MCBGR8J6W0AA7TJEE1XKFSD2Q80H
    """


@command.command()
@session_command
def info(session: Session) -> None:
    """Which layer 1 this network stands on, and how far the node has followed it.

    \b
    Examples:
      btczs l1 info
      btczs l1 info --json | jq .height
    """

    async def fetch(client: "Client") -> "tuple[NodeInfo, dict[str, Any]]":
        node = await client.info()
        return node, await client.l1_block(node.l1_height)

    node, block = session.run(fetch)
    connection = session.network.btcz_connection
    value = {
        "chain": connection.chain,
        "network": connection.network,
        "height": node.l1_height,
        "hash": block.get("hash"),
        "confirmations_needed": connection.min_confirmations,
        "l1_blocks_per_epoch": session.network.pox.l1_blocks_per_epoch,
        "first_height": session.network.pox.first_l1_height,
    }
    session.out.answer(
        value, make_fields((key.replace("_", " "), shown) for key, shown in value.items())
    )


@command.command()
@click.argument("height", type=click.IntRange(0))
@session_command
def block(session: Session, height: int) -> None:
    """The layer-1 block at HEIGHT, as the layer-1 node shows it.

    \b
    Examples:
      btczs l1 block 120
      btczs l1 block 120 --json | jq -r '.tx[]'
    """
    found = session.run(lambda client: client.l1_block(height))
    session.out.answer(found, make_fields(_flat(found)))


@command.command()
@click.argument("txid")
@session_command
def proof(session: Session, txid: str) -> None:
    """Proof that the layer-1 transaction TXID is in its block.

    \b
    Examples:
      btczs l1 proof 4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b
      btczs l1 proof 4a5e1e4b… --json > proof.json
    """
    found = session.run(lambda client: client.l1_proof(txid))
    session.out.answer(found, make_fields(_flat(found)))


@command.command()
@click.argument("text", metavar="ADDRESS")
@session_command
def address(session: Session, text: str) -> None:
    """Every form of an address: layer 1, layer 2, and as Bitcoin writes the same hash.

    ADDRESS is a layer-1 address of this network (t1…, t3…), a layer-2 one (SP…, ST…), or a
    Bitcoin one (1…, 3…, m…, n…, 2…). Stacks libraries ask for the Bitcoin form in stacking.

    \b
    Examples:
      btczs l1 address ST1JAHE8GEHB0MCBGR8J6W0AA7TJEE1XKFSD2Q80H
      btczs l1 address t1VpYecBW4UudbGcy4ufh61eWxQCoFaUrPs --network mainnet --json
    """
    value = convert_address(text, session.network)
    session.out.answer(
        value, make_fields((key.replace("_", " "), shown) for key, shown in value.items())
    )


def convert_address(text: str, network: Network) -> dict[str, str]:
    """`{kind, hash160, l1_address, address, bitcoin_address}`. Raises `InvalidAddress`."""
    connection = network.btcz_connection
    params = get_params(connection.chain, connection.network)
    bitcoin = get_params("bitcoin", connection.network)
    found = _read_any(text, network, params, bitcoin)
    single, multi = network.address_version_single, network.address_version_multi
    version = single if found.kind == "p2pkh" else multi
    prefix = bitcoin.p2pkh_prefix if found.kind == "p2pkh" else bitcoin.p2sh_prefix
    return {
        "kind": found.kind,
        "hash160": found.hash.hex(),
        "l1_address": encode_l1_address(params, found),
        "address": encode_c32_address(version, found.hash),
        "bitcoin_address": base58check_encode(prefix, found.hash),
    }


def _read_any(text: str, network: Network, params: L1Params, bitcoin: L1Params) -> L1Address:
    if text[:1] in ("S", "s") and len(text) > 27:
        version, hash20 = decode_c32_address(text)
        if version == network.address_version_single:
            return L1Address("p2pkh", hash20)
        if version == network.address_version_multi:
            return L1Address("p2sh", hash20)
        raise InvalidAddress(text, f"it is not of {network.name}")
    errors = []
    for chain in (params, bitcoin):
        try:
            found = decode_l1_address(chain, text)
        except InvalidAddress as error:
            errors.append(error)
            continue
        if found.kind not in ("p2pkh", "p2sh"):
            raise InvalidAddress(text, "a segregated-witness address has no other form here")
        return found
    raise errors[0]


def _flat(found: dict[str, Any]) -> list[tuple[str, Any]]:
    """Fields for people: lists as their length and beginning."""
    rows: list[tuple[str, Any]] = []
    for key, value in found.items():
        if isinstance(value, list):
            value = f"{len(value)}: " + ", ".join(str(item) for item in value[:3])[:400]
        elif isinstance(value, dict):
            value = ", ".join(f"{name} {item}" for name, item in value.items())[:400]
        elif isinstance(value, str) and len(value) > 400:
            value = value[:400] + f"… ({len(value)} characters)"
        rows.append((key.replace("_", " "), value))
    return rows
