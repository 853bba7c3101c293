"""Supply, block times and search."""

from typing import Any

from starlette.responses import PlainTextResponse, Response

from btczs.api.handlers.transactions import find_transaction
from btczs.api.jsontext import to_decimal, to_hex
from btczs.api.params import read_hash
from btczs.api.routing import Call, json_response
from btczs.api.shapes.accounts import render_stx_balance
from btczs.api.shapes.blocks import render_block_v1
from btczs.codec.clarity import parse_principal, principal_text
from btczs.codec.clarity.values import StandardPrincipal
from btczs.primitives import Hash32, InvalidInput


async def get_block_times(call: Call) -> dict[str, Any]:
    """The same number for both: clients choose the field by the chain id they know."""
    seconds = {"target_block_time": call.service.backend.l1_params.spacing_s}
    return {"mainnet": seconds, "testnet": seconds}


async def get_block_time(call: Call) -> dict[str, Any]:
    return {"target_block_time": call.service.backend.l1_params.spacing_s}


async def get_supply(call: Call) -> dict[str, Any]:
    """Amounts in whole coins with eight decimals; the total is all there can ever be."""
    backend = call.service.backend
    supply, token = backend.supply(), backend.network.token
    unlocked = supply.issued - supply.burned
    total = token.supply_max
    return {
        "unlocked_percent": to_decimal(unlocked * 10_000 // total, 2),
        "total_stx": to_decimal(total, token.decimals),
        "total_stx_year_2050": to_decimal(total, token.decimals),
        "unlocked_stx": to_decimal(unlocked, token.decimals),
        "block_height": backend.tip().height,
    }


async def get_total_plain(call: Call) -> Response:
    token = call.service.backend.network.token
    return PlainTextResponse(to_decimal(token.supply_max, token.decimals))


async def get_circulating_plain(call: Call) -> Response:
    backend = call.service.backend
    supply = backend.supply()
    return PlainTextResponse(
        to_decimal(supply.issued - supply.burned, backend.network.token.decimals)
    )


async def search(call: Call) -> Any:
    """A transaction, a block or an address by its text."""
    text = call.args["id"]
    try:
        found = _search_hash(call, read_hash(text))
    except ValueError:
        found = _search_address(call, text)
    return json_response(_not_found(text), 404) if found is None else found


def _search_hash(call: Call, digest: Hash32) -> dict[str, Any] | None:
    backend = call.service.backend
    text = to_hex(digest)
    with backend.index.view() as view:
        block = view.block_by_hash(digest)
        if block is not None:
            data = {
                "canonical": True,
                "hash": to_hex(block.block_hash),
                "parent_block_hash": to_hex(block.parent_block_hash),
                "burn_block_time": block.l1_time,
                "height": block.height,
            }
            result = {"entity_id": text, "entity_type": "block_hash", "block_data": data}
            result["metadata"] = render_block_v1(block, view, backend.tip())
            return {"found": True, "result": result}
    tx = find_transaction(call, digest, 0, 0)
    if tx is None:
        return None
    fields = ("canonical", "block_hash", "burn_block_time", "block_height", "tx_type")
    kind = "tx_id" if "block_hash" in tx else "mempool_tx_id"
    data = {name: tx[name] for name in fields if name in tx}
    found = {"entity_id": text, "entity_type": kind, "tx_data": data, "metadata": tx}
    return {"found": True, "result": found}


def _search_address(call: Call, text: str) -> dict[str, Any] | None:
    backend = call.service.backend
    try:
        principal = parse_principal(text)
    except InvalidInput:
        return None
    if not isinstance(principal, StandardPrincipal):
        return None  # there are no contracts yet
    address = principal_text(principal)
    with backend.index.view() as view:
        totals = view.address_totals(address)
    result = {
        "entity_id": address,
        "entity_type": "standard_address",
        "metadata": render_stx_balance(backend.account(principal), totals),
    }
    return {"found": True, "result": result}


def _not_found(text: str) -> dict[str, Any]:
    return {
        "found": False,
        "result": {"entity_type": "invalid_term"},
        "error": "not_found",
        "message": f"nothing is known of {text[:100]!r}",
    }
