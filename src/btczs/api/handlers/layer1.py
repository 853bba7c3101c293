"""Layer 1 through the node: blocks, inclusion proofs, and what waits there."""

from typing import Any

from btczs.api.routing import Call


async def get_block(call: Call) -> dict[str, Any]:
    return await call.service.backend.l1_block(call.args["height"])


async def get_proof(call: Call) -> dict[str, Any]:
    return await call.service.backend.l1_tx_proof(call.args["tx_id"])


async def list_mempool(call: Call) -> list[str]:
    """A JSON array, which is all that wallets ask of a "Bitcoin API" before they trust it."""
    return await call.service.backend.l1_mempool()
