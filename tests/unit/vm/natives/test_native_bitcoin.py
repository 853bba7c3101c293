"""Merkle proofs and outputs of Bitcoin transactions."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from native_programs import runtime_cost, text

from btczs.crypto.hashes import sha256d
from btczs.l1.bitcoin.transaction import Transaction, encode_transaction
from btczs.l1.parts import TxIn, TxOut
from btczs.vm.clarity.errors import ClarityError
from btczs.vm.clarity.runtime.bitcoin import (
    INVALID_TRANSACTION,
    NO_SUCH_OUTPUT,
    SCRIPT_TOO_LARGE,
    transaction_output,
    verify_merkle_proof,
)


def leaves_of(count):
    return [hashlib.sha256(bytes((i,))).digest() for i in range(count)]


def proof_of(leaves, index):
    """Root and siblings, built the slow way."""
    row, siblings = list(leaves), []
    while len(row) > 1:
        if len(row) % 2:
            row.append(row[-1])
        siblings.append(row[index ^ 1])
        row = [sha256d(a + b) for a, b in zip(row[::2], row[1::2], strict=True)]
        index //= 2
    return row[0], siblings


@pytest.mark.parametrize("count", range(1, 20))
def test_every_leaf_of_every_small_tree_is_proved_at_its_place_only(count):
    leaves = leaves_of(count)
    for index, leaf in enumerate(leaves):
        root, siblings = proof_of(leaves, index)
        assert verify_merkle_proof(leaf, root, index, count, siblings)
        for other in range(2 * count + 2):
            if other != index:
                assert not verify_merkle_proof(leaf, root, other, count, siblings)
        assert not verify_merkle_proof(leaf, root, index, count, [*siblings, leaf])
        assert not verify_merkle_proof(root, leaf, index, count, siblings) or count == 1


def test_a_copy_of_the_last_leaf_has_no_place_of_its_own():
    leaves = leaves_of(5)
    root, siblings = proof_of(leaves, 4)
    for count in (6, 7, 8):
        for index in range(count):
            assert not verify_merkle_proof(leaves[4], root, index, count, siblings)


def test_an_inner_node_is_no_leaf_of_a_tree_of_that_size():
    a, b, c = leaves_of(3)
    left, right = sha256d(a + b), sha256d(c + c)
    assert not verify_merkle_proof(right, sha256d(left + right), 1, 3, [left])


def test_no_transactions_no_proof():
    leaf = bytes(32)
    assert not verify_merkle_proof(leaf, leaf, 0, 0, [])
    assert verify_merkle_proof(leaf, leaf, 0, 1, [])
    assert not verify_merkle_proof(leaf, leaf, 2**128 - 1, 2**128 - 1, [])


@given(st.integers(1, 40), st.data())
@settings(max_examples=60)
def test_a_changed_proof_fails(count, data):
    leaves = leaves_of(count)
    index = data.draw(st.integers(0, count - 1))
    root, siblings = proof_of(leaves, index)
    if siblings:
        at = data.draw(st.integers(0, len(siblings) - 1))
        changed = list(siblings)
        changed[at] = bytes(32)
        assert not verify_merkle_proof(leaves[index], root, index, count, changed)
    assert not verify_merkle_proof(bytes(32), root, index, count, siblings)


scripts = st.binary(max_size=300)
inputs = st.builds(
    TxIn,
    prev_txid=st.binary(min_size=32, max_size=32),
    prev_index=st.integers(0, 2**32 - 1),
    script_sig=scripts,
    sequence=st.integers(0, 2**32 - 1),
)
outputs = st.builds(TxOut, value=st.integers(0, 21 * 10**14), script=scripts)


@st.composite
def transactions(draw):
    ins = draw(st.lists(inputs, min_size=1, max_size=4))
    witnesses = ()
    if draw(st.booleans()):
        stack = st.lists(scripts, max_size=3).map(tuple)
        witnesses = tuple(draw(st.lists(stack, min_size=len(ins), max_size=len(ins))))
        if not any(witnesses):
            witnesses = ()
    outs = draw(st.lists(outputs, max_size=4))
    return Transaction(
        inputs=tuple(ins),
        outputs=tuple(outs),
        lock_time=draw(st.integers(0, 2**32 - 1)),
        version=draw(st.integers(-(2**31), 2**31 - 1)),
        witnesses=witnesses,
    )


@given(transactions())
@settings(max_examples=80)
def test_outputs_are_those_of_the_transaction(tx):
    raw = encode_transaction(tx)
    for index, output in enumerate(tx.outputs):
        found = transaction_output(raw, index)
        assert found == (output.script, output.value, tx.txid)
    assert transaction_output(raw, len(tx.outputs)) == NO_SUCH_OUTPUT
    assert transaction_output(raw, 2**64) == NO_SUCH_OUTPUT
    assert transaction_output(raw + b"\0", 0) == INVALID_TRANSACTION
    assert transaction_output(raw[:-1], 0) == INVALID_TRANSACTION


@given(st.binary(max_size=120))
def test_any_bytes_get_an_answer(raw):
    found = transaction_output(raw, 0)
    assert isinstance(found, tuple) or found in (INVALID_TRANSACTION, NO_SUCH_OUTPUT)


INPUT = bytes(36) + b"\0" + b"\xff" * 4
ONE_OUTPUT = b"\x01" + (1000).to_bytes(8, "little") + b"\x02\x51\x52"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        bytes(10),
        b"\1\0\0\0" + b"\0\2" + b"\1" + INPUT + ONE_OUTPUT + b"\1\1a" + bytes(4),
        b"\1\0\0\0" + b"\0\1" + b"\1" + INPUT + ONE_OUTPUT + b"\0" + bytes(4),
        b"\1\0\0\0" + b"\xfd\1\0" + INPUT + ONE_OUTPUT + bytes(4),
        b"\1\0\0\0" + b"\xff" + b"\xff" * 8 + INPUT,
        b"\1\0\0\0" + b"\1" + bytes(36) + b"\xff" + b"\xff" * 8,
    ],
)
def test_malformed_transactions(raw):
    assert transaction_output(raw, 0) == INVALID_TRANSACTION


def test_a_long_script_is_refused_only_if_it_is_asked_for():
    long = b"\2" + bytes(8) + b"\xfd\x01\x04" + bytes(1025) + ONE_OUTPUT[1:]
    raw = b"\1\0\0\0" + b"\1" + INPUT + long + bytes(4)
    assert transaction_output(raw, 0) == SCRIPT_TOO_LARGE
    assert transaction_output(raw, 1)[:2] == (b"\x51\x52", 1000)


def test_programs():
    raw = (b"\1\0\0\0" + b"\1" + INPUT + ONE_OUTPUT + bytes(4)).hex()
    txid = sha256d(bytes.fromhex(raw)).hex()
    assert text(f"(get-bitcoin-tx-output? 0x{raw} u0)") == (
        f"(ok (tuple (amount u1000) (script 0x5152) (txid 0x{txid})))"
    )
    assert text(f"(get-bitcoin-tx-output? 0x{raw} u1)") == "(err u2)"
    assert text("(get-bitcoin-tx-output? 0x u18446744073709551616)") == "(err u2)"
    assert text("(get-bitcoin-tx-output? 0x u0)") == "(err u1)"
    leaves = leaves_of(2)
    a, b = leaves[0].hex(), leaves[1].hex()
    root = sha256d(leaves[0] + leaves[1]).hex()
    assert text(f"(verify-merkle-proof 0x{a} 0x{root} u0 u2 (list 0x{b}))") == "true"
    assert text(f"(verify-merkle-proof 0x{a} 0x{root} u1 u2 (list 0x{b}))") == "false"
    assert text(f"(verify-merkle-proof 0x{a} 0x{root} u0 u2 (list 0x00))") == "false"
    assert runtime_cost(f"(verify-merkle-proof 0x{a} 0x{a} u0 u1 (list))") == 2 * 16 + 31 + 38


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("(verify-merkle-proof 0x00)", "Expect"),
        (f"(verify-merkle-proof 0x00 0x{'00' * 32} u0 u1 (list))", "TypeValueError"),
        (f"(verify-merkle-proof 0x{'00' * 32} 0x{'00' * 32} 0 u1 (list))", "TypeValueError"),
        (f"(verify-merkle-proof 0x{'00' * 32} 0x{'00' * 32} u0 u1 0x)", "TypeValueError"),
        ("(get-bitcoin-tx-output? 1 u0)", "TypeValueError"),
        ("(get-bitcoin-tx-output? 0x00 0)", "TypeValueError"),
        ("(get-bitcoin-tx-output? 0x00)", "IncorrectArgumentCount"),
    ],
)
def test_wrong_arguments_abort(source, expected):
    with pytest.raises(ClarityError) as caught:
        text(source)
    assert caught.value.kind == expected
