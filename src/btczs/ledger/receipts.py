"""Receipts: what the execution of one transaction did."""

from typing import Literal

import msgspec

from btczs.ledger.events import Event
from btczs.primitives import BaseUnits, DecodeError, Hash32
from btczs.vm.clarity.costs import ZERO_COST, ExecutionCost

Status = Literal["success", "abort_by_response", "abort_by_post_condition"]

RESULT_OK_TRUE = b"\x07\x03"
"""The Clarity value `(ok true)`, which every transfer returns."""


class Receipt(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """The outcome of one transaction. `index` counts from 0 within the block."""

    txid: Hash32
    index: int
    status: Status
    result: bytes
    """The returned Clarity value in consensus encoding."""
    events: tuple[Event, ...]
    fee: BaseUnits
    cost: ExecutionCost = ZERO_COST


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Receipt)


def encode_receipt(receipt: Receipt) -> bytes:
    return _encoder.encode(receipt)


def decode_receipt(raw: bytes) -> Receipt:
    """Inverse of `encode_receipt`. Raises `DecodeError`."""
    try:
        return _decoder.decode(raw)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise DecodeError(f"no receipt: {error}") from error
