"""Coins for test networks."""

from typing import Any

from btczs.api.errors import BadBody, TooManyRequests
from btczs.api.jsontext import to_hex
from btczs.api.params import TEXT_MAX
from btczs.api.routing import Call
from btczs.codec.clarity import parse_principal, principal_text


async def post_stx(call: Call) -> dict[str, Any]:
    """Sends coins to `address`, from the query or a JSON body. Limited per address and client."""
    service = call.service
    text = call.args["address"]
    if text is None:
        body = await call.json()
        text = body.get("address") if isinstance(body, dict) else None
    if not isinstance(text, str) or len(text) > TEXT_MAX:
        raise BadBody("address is required, in the query or in a JSON body")
    principal = parse_principal(text)
    for key in (f"address {principal_text(principal)}", f"client {call.client}"):
        wait_s = service.faucet_buckets.take_s(key)
        if wait_s:
            raise TooManyRequests("too many requests to the faucet: come back later", wait_s)
    txid = await service.backend.faucet(principal, service.options.faucet_amount)
    entry = service.backend.mempool_entry(txid)
    return {
        "success": True,
        "txId": to_hex(txid),
        "txRaw": "" if entry is None else entry.raw.hex(),
    }
