"""Signature hashes of random transactions of versions 1 to 4 (amount 0)."""

import pytest
from vector_files import load

from btczs.l1 import SighashUndefined, get_params
from btczs.l1.sighash import compute_sighash
from btczs.l1.wire import decode_transaction, encode_transaction
from btczs.primitives.units import hash_hex

MAIN = get_params("bitcoinz", "mainnet")


def test_every_row() -> None:
    rows = [row for row in load("l1/btcz_sighash.json") if len(row) == 6]
    assert rows
    for number, (raw, script, index, hash_type, branch_id, expected) in enumerate(rows):
        tx = decode_transaction(MAIN, bytes.fromhex(raw))
        assert encode_transaction(tx).hex() == raw
        code = bytes.fromhex(script)
        digest = compute_sighash(MAIN, tx, index, code, 0, hash_type, branch_id)
        assert hash_hex(digest) == expected, number
        with pytest.raises(SighashUndefined):
            compute_sighash(MAIN, tx, len(tx.inputs), code, 0, hash_type, branch_id)
        if tx.overwintered:
            other = compute_sighash(MAIN, tx, index, code, 0, hash_type, branch_id ^ 1)
            assert other != digest
            other = compute_sighash(MAIN, tx, index, code, 1, hash_type, branch_id)
            assert other != digest
