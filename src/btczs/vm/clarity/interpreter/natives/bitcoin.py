"""Proofs about Bitcoin: that a transaction is in a block, and what it pays."""

from collections.abc import Sequence
from typing import Final

from btczs.codec.clarity.types import UINT, VALUE_SIZE_MAX, buffer_type, list_type
from btczs.codec.clarity.values import (
    FALSE,
    TRUE,
    BufferValue,
    ErrValue,
    ListValue,
    OkValue,
    UIntValue,
    Value,
)
from btczs.vm.clarity.interpreter.natives.registry import native
from btczs.vm.clarity.interpreter.natives.signatures import bounded_buffer, exact_buffer
from btczs.vm.clarity.runtime import bitcoin
from btczs.vm.clarity.runtime.errors import Expect, TypeValueError
from btczs.vm.clarity.runtime.typing import make_tuple

_PROOF_TYPE: Final = list_type(bitcoin.PROOF_DEPTH_MAX, buffer_type(32))


def _uint(value: Value) -> int:
    if not isinstance(value, UIntValue):
        raise TypeValueError.of(UINT, value)
    return value.value


def _proof_length(args: Sequence[Value]) -> int:
    proof = args[4] if len(args) > 4 else None
    return len(proof.items) if isinstance(proof, ListValue) else 0


@native("verify-merkle-proof", cost="verify_merkle_proof", input=_proof_length)
def verify_merkle_proof(args: list[Value]) -> Value:
    if len(args) != 5:
        raise Expect("verify-merkle-proof needs five arguments")
    leaf, root = exact_buffer(args[0], 32), exact_buffer(args[1], 32)
    index, count = _uint(args[2]), _uint(args[3])
    proof = args[4]
    if not isinstance(proof, ListValue):
        raise TypeValueError.of(_PROOF_TYPE, proof)
    siblings: list[bytes] = []
    for item in proof.items:
        if not isinstance(item, BufferValue) or len(item.data) != 32:
            return FALSE
        siblings.append(item.data)
    is_valid = bitcoin.verify_merkle_proof(leaf, root, index, count, siblings)
    return TRUE if is_valid else FALSE


def _transaction_length(args: Sequence[Value]) -> int:
    first = args[0] if args else None
    return len(first.data) if isinstance(first, BufferValue) else 0


@native("get-bitcoin-tx-output?", cost="get_bitcoin_tx_output", input=_transaction_length, arity=2)
def get_bitcoin_tx_output(args: list[Value]) -> Value:
    raw = bounded_buffer(args[0], VALUE_SIZE_MAX)
    output = bitcoin.transaction_output(raw, _uint(args[1]))
    if isinstance(output, int):
        return ErrValue(UIntValue(output))
    return OkValue(
        make_tuple(
            [
                ("amount", UIntValue(output.amount)),
                ("script", BufferValue(output.script)),
                ("txid", BufferValue(output.txid)),
            ]
        )
    )
