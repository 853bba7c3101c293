"""Fees: what wallets ask before they sign."""

from typing import Any

from btczs.api.errors import BadBody
from btczs.api.fees import TRANSFER_BYTES_MIN, compute_estimates, compute_transfer_rate
from btczs.api.handlers.node import BLOCK_LIMIT
from btczs.api.jsontext import to_int
from btczs.api.routing import Call
from btczs.codec.stream import Reader
from btczs.indexer.extract import KIND_BY_PAYLOAD
from btczs.ledger.transactions.payload_codec import read_payload
from btczs.primitives import DecodeError

ENVELOPE_BYTES = 115
"""What a transaction with one signature has around its payload."""

_KINDS = ("token_transfer", "contract_call", "smart_contract")


async def get_transfer_rate(call: Call) -> int:
    return compute_transfer_rate(call.service.backend.network.fees)


async def post_estimate(call: Call) -> dict[str, Any]:
    """Always three estimates: the rules are static, so there is no contract without one."""
    body = await call.json(call.service.transaction_body_max)
    payload_hex = body.get("transaction_payload") if isinstance(body, dict) else None
    if not isinstance(payload_hex, str):
        raise BadBody("transaction_payload must be the hexadecimal payload")
    kind, payload_size = _read_payload(payload_hex)
    size = payload_size + ENVELOPE_BYTES
    estimated_len = body.get("estimated_len")
    if isinstance(estimated_len, int) and not isinstance(estimated_len, bool):
        limit = call.service.backend.network.limits.transaction_bytes_max
        size = min(max(size, estimated_len), limit)
    estimates = compute_estimates(call.service.backend, kind, size)
    return {
        "estimated_cost": dict.fromkeys(BLOCK_LIMIT, 0),
        "estimated_cost_scalar": size,
        "cost_scalar_change_by_byte": 1,
        "estimations": [
            {"fee": to_int(fee), "fee_rate": to_int(-(-fee // size))}
            for fee in (estimates.low, estimates.medium, estimates.high)
        ],
    }


async def get_fee_rate(call: Call) -> dict[str, int]:
    return {"fee_rate": compute_transfer_rate(call.service.backend.network.fees)}


async def post_fee_rate(call: Call) -> dict[str, Any]:
    await call.body(call.service.transaction_body_max)
    return {"fee_rate": compute_transfer_rate(call.service.backend.network.fees)}


async def get_mempool_fees(call: Call) -> dict[str, Any]:
    """Fees of a transaction of the smallest size, by type and priority."""
    backend = call.service.backend
    shown: dict[str, Any] = {}
    for name, kind in (("all", "token_transfer"), *((k, k) for k in _KINDS)):
        estimates = compute_estimates(backend, kind, TRANSFER_BYTES_MIN)
        shown[name] = {
            "no_priority": to_int(estimates.low),
            "low_priority": to_int(estimates.low),
            "medium_priority": to_int(estimates.medium),
            "high_priority": to_int(estimates.high),
        }
    return shown


def _read_payload(payload_hex: str) -> tuple[str, int]:
    try:
        raw = bytes.fromhex(payload_hex.removeprefix("0x"))
        reader = Reader(raw)
        payload = read_payload(reader)
        reader.finish()
    except (ValueError, DecodeError) as error:
        raise BadBody(f"transaction_payload is not a payload: {error}") from error
    return KIND_BY_PAYLOAD[type(payload)], len(raw)
