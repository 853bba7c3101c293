"""The published cases of ZIP 143: signature hashes of version-3 transactions."""

from vector_files import load

from btczs.l1 import get_params
from btczs.l1.sighash import compute_sighash
from btczs.l1.wire import decode_transaction, encode_transaction

MAIN = get_params("bitcoinz", "mainnet")


def test_every_row() -> None:
    rows = [row for row in load("l1/zcash_zip_0143.json") if len(row) == 7]
    assert rows
    for number, row in enumerate(rows):
        if isinstance(row[0], str) and row[0].startswith("tx"):
            continue
        raw, script, index, hash_type, amount, branch_id, expected = row
        tx = decode_transaction(MAIN, bytes.fromhex(raw))
        assert encode_transaction(tx).hex() == raw
        spot = None if index < 0 else index
        code = bytes.fromhex(script)
        digest = compute_sighash(MAIN, tx, spot, code, amount, hash_type, branch_id)
        assert digest.hex() == expected, number
