"""Sending transactions: POST /v2/transactions, in the forms that clients use."""

from starlette.responses import Response

from btczs.api.errors import BadBody
from btczs.api.jsontext import decode_json, to_safe
from btczs.api.routing import Call, json_response
from btczs.ledger.mempool import Rejected
from btczs.ledger.transactions import compute_txid
from btczs.primitives import Unavailable


async def post_transaction(call: Call) -> Response:
    """Raw bytes, or JSON `{"tx": hex}`. 200 with the id as a JSON string, also if it waits already.

    A refusal is 400 with `{error, reason, reason_data, txid}`.
    """
    raw = _read_transaction(
        await call.body(call.service.transaction_body_max),
        call.request.headers.get("content-type", ""),
    )
    try:
        txid = call.service.backend.submit(raw)
    except Rejected as refusal:
        reason, data = refusal.to_reason()
        answer = {
            "error": "transaction rejected",
            "reason": reason,
            "txid": compute_txid(raw).hex(),
            "message": str(refusal),
            "code": refusal.code,
        }
        if data is not None:
            answer["reason_data"] = to_safe(data)
        return json_response(answer, 503 if isinstance(refusal.__cause__, Unavailable) else 400)
    return json_response(txid.hex())


def _read_transaction(body: bytes, content_type: str) -> bytes:
    if content_type.partition(";")[0].strip().lower() != "application/json":
        return body
    value = decode_json(body)
    text = value.get("tx") if isinstance(value, dict) else None
    if not isinstance(text, str):
        raise BadBody('JSON must be an object with "tx", the hexadecimal transaction')
    if value.get("attachment"):
        raise BadBody("this chain keeps no attachments")
    try:
        return bytes.fromhex(text.removeprefix("0x"))
    except ValueError as error:
        raise BadBody(f'"tx" is not hexadecimal: {error}') from error
