"""Operations recorded on Bitcoin parse here as they do there."""

from typing import Any

import pytest
from vector_files import cases

from btczs.consensus.pox.operations import (
    BURN_SCRIPT,
    BlockCommit,
    InvalidOperation,
    encode_payload,
    get_payload,
    get_payouts,
    parse_operation,
    verify_payouts,
)
from btczs.l1.params import get_params
from btczs.l1.wire import decode_transaction

MAGIC = "id"
ZEROED_BYTES = slice(3, 23)
"""The consensus hash of a key register: it is ignored, and written as zeros."""


@pytest.mark.parametrize("case", cases("stacks/core_fixture_vectors.json", "burn_ops"))
def test_operation(case: dict[str, Any]) -> None:
    tx = decode_transaction(get_params("bitcoin", "mainnet"), bytes.fromhex(case["bitcoin_tx"]))
    is_commit = "block_commit" in case["file"]

    def parse() -> None:
        operation = parse_operation(MAGIC, tx)
        if isinstance(operation, BlockCommit) != is_commit:
            raise InvalidOperation("another opcode")
        if isinstance(operation, BlockCommit):
            verify_payouts(get_payouts(tx, 1), (BURN_SCRIPT,))
        payload = bytearray(get_payload(tx) or b"")
        assert payload.hex() == case["op_return_payload"]
        if not is_commit:
            payload[ZEROED_BYTES] = bytes(20)
        assert encode_payload(MAGIC, operation) == payload

    if case["valid"]:
        parse()
    else:
        with pytest.raises(InvalidOperation):
            parse()
