"""Transactions as bytes: every one that can be made comes back; nothing else gets in."""

import time
import tracemalloc

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from transaction_strategies import transactions

from btczs.codec.clarity.values import StandardPrincipal, UIntValue
from btczs.codec.stream import TooMany, TrailingBytes, Truncated
from btczs.ledger.transactions import (
    Coinbase,
    ContractCall,
    InvalidTransaction,
    Payload,
    SmartContract,
    TenureChange,
    TokenTransfer,
    Transaction,
    compute_txid,
    decode_transaction,
    encode_transaction,
)
from btczs.ledger.transactions.condition_codec import auth_size, encode_auth
from btczs.ledger.transactions.conditions import (
    MULTI_SIG_KEYS_MAX,
    P2SH,
    SPONSOR_SENTINEL,
    MultiSigCondition,
    PublicKeyField,
    SponsoredAuth,
    StandardAuth,
)
from btczs.ledger.transactions.errors import TransactionTooLarge
from btczs.ledger.transactions.model import TRANSACTION_BYTES_MAX
from btczs.ledger.transactions.payload_codec import encode_payload
from btczs.ledger.transactions.post_conditions import StxPostCondition
from btczs.ledger.transactions.sighash import clear_auth, compute_initial_sighash
from btczs.primitives import DecodeError, InvalidInput

ALICE = StandardPrincipal(26, bytes(range(20)))
TRANSFER = TokenTransfer(ALICE, 7, bytes(34))
CALL = ContractCall(ALICE, "kv-store", "set-value!", (UIntValue(1),))


def make(payload: Payload = TRANSFER, **changes: object) -> Transaction:
    tx = Transaction(0x80, 0x80000000, StandardAuth(SPONSOR_SENTINEL), 3, 2, (), payload)
    return msgspec.structs.replace(tx, **changes)


# Where things stand in the bytes of `make()`.
AUTH_FLAG, MODE, KEY_ENCODING, ANCHOR, POST_MODE, POST_COUNT, PAYLOAD = 5, 6, 43, 109, 110, 111, 115


@given(transactions())
def test_what_is_encoded_decodes_to_itself(tx: Transaction) -> None:
    raw = encode_transaction(tx)
    assert decode_transaction(raw) == tx
    assert auth_size(tx.auth) == len(encode_auth(tx.auth))


@given(transactions())
def test_the_initial_hash_is_that_of_the_cleared_transaction(tx: Transaction) -> None:
    """It is cut together from the bytes; here the cleared transaction is encoded instead."""
    cleared = msgspec.structs.replace(tx, auth=clear_auth(tx.auth))
    raw = encode_transaction(tx)
    assert compute_initial_sighash(tx.auth, raw) == compute_txid(encode_transaction(cleared))


@settings(max_examples=300)
@given(transactions(), st.data())
def test_mutated_bytes_are_refused_or_come_back_exactly(
    tx: Transaction, data: st.DataObject
) -> None:
    raw = bytearray(encode_transaction(tx))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        change = data.draw(st.sampled_from(["byte", "cut", "insert", "count"]))
        if change == "byte":
            raw[at] = data.draw(st.integers(0, 255))
        elif change == "cut" and len(raw) > 1:
            del raw[at : at + data.draw(st.integers(1, 40))]
        elif change == "insert":
            raw[at:at] = data.draw(st.binary(max_size=40))
        else:
            raw[at : at + 4] = data.draw(st.sampled_from([b"\xff" * 4, b"\0\0\xff\xff", bytes(4)]))
        if not raw:
            break
    check_refused_or_exact(bytes(raw))


@settings(max_examples=300)
@given(st.binary(max_size=400))
def test_random_bytes_are_refused_or_come_back_exactly(raw: bytes) -> None:
    check_refused_or_exact(raw)


def check_refused_or_exact(raw: bytes) -> None:
    try:
        tx = decode_transaction(raw)
    except DecodeError:
        return
    assert encode_transaction(tx) == raw


@given(transactions(), st.data())
def test_every_cut_is_refused(tx: Transaction, data: st.DataObject) -> None:
    raw = encode_transaction(tx)
    with pytest.raises(DecodeError):
        decode_transaction(raw[: data.draw(st.integers(0, len(raw) - 1))])


@pytest.mark.parametrize("extra", [b"\0", bytes(9)])
def test_nothing_may_follow(extra: bytes) -> None:
    with pytest.raises(TrailingBytes):
        decode_transaction(encode_transaction(make()) + extra)


@pytest.mark.parametrize(
    ("at", "byte", "field"),
    [
        (AUTH_FLAG, 0x03, "auth"),
        (AUTH_FLAG, 0x06, "auth"),
        (MODE, 0x04, "hash_mode"),
        (MODE, 0x06, "hash_mode"),
        (MODE, 0x08, "hash_mode"),
        (KEY_ENCODING, 2, "key_encoding"),
        (ANCHOR, 0, "anchor_mode"),
        (ANCHOR, 4, "anchor_mode"),
        (POST_MODE, 0, "post_condition_mode"),
        (POST_MODE, 4, "post_condition_mode"),
        (PAYLOAD, 9, "payload"),
        (PAYLOAD + 2, 32, "address_version"),
    ],
)
def test_a_wrong_byte_is_named(at: int, byte: int, field: str) -> None:
    raw = bytearray(encode_transaction(make()))
    raw[at] = byte
    with pytest.raises(InvalidTransaction) as caught:
        decode_transaction(bytes(raw))
    assert caught.value.field == field


def test_positions_used_above_are_right() -> None:
    raw = encode_transaction(make())
    assert (raw[AUTH_FLAG], raw[MODE], raw[KEY_ENCODING]) == (4, 0, 0)
    assert (raw[ANCHOR], raw[POST_MODE], raw[POST_COUNT:PAYLOAD]) == (3, 2, bytes(4))
    assert raw[PAYLOAD : PAYLOAD + 3] == b"\x00\x05\x1a"


@pytest.mark.parametrize(
    "name", ["", "1a", "a b", "a.b", "é", "a" * 41, "-a", "_a", "__transien", "a!"]
)
def test_contract_names_follow_the_grammar(name: str) -> None:
    raw = name.encode("latin-1")
    good = encode_transaction(make(SmartContract(1, "abc", "")))
    with pytest.raises(DecodeError):
        decode_transaction(good.replace(b"\x03abc", bytes((len(raw),)) + raw))
    with pytest.raises(InvalidTransaction):
        encode_transaction(make(SmartContract(1, name, "")))


@pytest.mark.parametrize("name", ["a" * 40, "A-b_9", "__transient"])
def test_legal_contract_names(name: str) -> None:
    tx = make(SmartContract(None, name, "(ok 1)"))
    assert decode_transaction(encode_transaction(tx)) == tx


@pytest.mark.parametrize("name", ["", "1a", "a b", "é", "a" * 129, "!a", "==", "<>"])
def test_function_names_follow_the_grammar(name: str) -> None:
    raw = name.encode("latin-1")
    good = encode_transaction(make(CALL))
    with pytest.raises(DecodeError):
        decode_transaction(good.replace(b"\x0aset-value!", bytes((len(raw),)) + raw))
    with pytest.raises(InvalidTransaction):
        encode_transaction(make(msgspec.structs.replace(CALL, function_name=name)))


@pytest.mark.parametrize("text", ["\r", "\0", "\x7f", "é", "🦊"])
def test_code_is_printable_ascii(text: str) -> None:
    with pytest.raises(InvalidTransaction):
        encode_transaction(make(SmartContract(None, "a", text)))
    raw = encode_transaction(make(SmartContract(None, "a", "Z")))
    if text != "🦊":
        with pytest.raises(InvalidTransaction):
            decode_transaction(raw[:-1] + text.encode("latin-1"))


@pytest.mark.parametrize("version", [0, 7, 255])
def test_unknown_clarity_versions_are_refused(version: int) -> None:
    raw = bytearray(encode_transaction(make(SmartContract(6, "a", ""))))
    raw[PAYLOAD + 1] = version
    with pytest.raises(InvalidTransaction, match="clarity_version"):
        decode_transaction(bytes(raw))


def test_unknown_causes_of_a_tenure_change_are_refused() -> None:
    change = TenureChange(bytes(20), bytes(20), bytes(20), bytes(32), 1, 6, bytes(20))
    raw = bytearray(encode_transaction(make(change)))
    assert raw[-21] == 6
    raw[-21] = 7
    with pytest.raises(InvalidTransaction, match="cause"):
        decode_transaction(bytes(raw))


def test_a_coinbase_must_be_anchored() -> None:
    with pytest.raises(InvalidTransaction, match="anchored"):
        encode_transaction(make(Coinbase(bytes(32))))
    raw = bytearray(encode_transaction(make(Coinbase(bytes(32)), anchor_mode=1)))
    raw[ANCHOR] = 3
    with pytest.raises(InvalidTransaction, match="anchored"):
        decode_transaction(bytes(raw))


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 256},
        {"version": -1},
        {"chain_id": 2**32},
        {"anchor_mode": 0},
        {"post_condition_mode": 300},
        {"payload": TokenTransfer(ALICE, 2**64, bytes(34))},
        {"payload": TokenTransfer(ALICE, 1, bytes(33))},
        {"payload": TokenTransfer(StandardPrincipal(32, bytes(20)), 1, bytes(34))},
        {"payload": msgspec.structs.replace(CALL, address=StandardPrincipal(40, bytes(20)))},
        {"payload": Coinbase(bytes(31)), "anchor_mode": 1},
        {"post_conditions": (StxPostCondition(None, 6, 1),)},
        {"post_conditions": (StxPostCondition(None, 1, -1),)},
        {"auth": StandardAuth(msgspec.structs.replace(SPONSOR_SENTINEL, hash_mode=1))},
        {"auth": StandardAuth(msgspec.structs.replace(SPONSOR_SENTINEL, key_encoding=2))},
        {"auth": StandardAuth(msgspec.structs.replace(SPONSOR_SENTINEL, nonce=2**64))},
        {"auth": StandardAuth(msgspec.structs.replace(SPONSOR_SENTINEL, signature=b""))},
        {"auth": SponsoredAuth(SPONSOR_SENTINEL, MultiSigCondition(0, bytes(20), 0, 0, (), 1))},
    ],
)
def test_what_has_no_wire_form_is_not_encoded(changes: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        encode_transaction(make(**changes))


def test_the_largest_transaction() -> None:
    head = len(encode_transaction(make(SmartContract(None, "a", ""))))
    full = make(SmartContract(None, "a", "x" * (TRANSACTION_BYTES_MAX - head)))
    raw = encode_transaction(full)
    assert len(raw) == TRANSACTION_BYTES_MAX
    assert decode_transaction(raw) == full
    with pytest.raises(TransactionTooLarge):
        decode_transaction(raw + b"x")
    with pytest.raises(TransactionTooLarge):
        encode_transaction(make(SmartContract(None, "a", "x" * (TRANSACTION_BYTES_MAX - head + 1))))


def test_more_keys_than_a_script_can_check_are_refused() -> None:
    key = PublicKeyField(True, bytes(33))
    most = MultiSigCondition(P2SH, bytes(20), 0, 0, (key,) * MULTI_SIG_KEYS_MAX, 1)
    raw = encode_transaction(make(auth=StandardAuth(most)))
    assert decode_transaction(raw).auth == StandardAuth(most)
    count_at = MODE + 1 + 20 + 16
    more = raw[:count_at] + (MULTI_SIG_KEYS_MAX + 1).to_bytes(4, "big") + raw[count_at + 4 :]
    with pytest.raises(TooMany):
        decode_transaction(more + bytes(100))


@pytest.mark.parametrize("count", [2**32 - 1, 2**16 + 1, 10_000])
def test_a_count_without_the_bytes_for_it_allocates_nothing(count: int) -> None:
    """Post-conditions and arguments that are announced but are not there."""
    good = encode_transaction(make(CALL))
    counted = count.to_bytes(4, "big")
    arguments_at = len(good) - len(encode_payload(CALL)) + 1 + 21 + 9 + 11
    bad = [
        good[:POST_COUNT] + counted + good[POST_COUNT + 4 :],
        good[:arguments_at] + counted + good[arguments_at + 4 :],
        encode_transaction(make(SmartContract(None, "a", "")))[:-4] + counted,
    ]
    for raw in bad:
        tracemalloc.start()
        with pytest.raises((TooMany, Truncated)):
            decode_transaction(raw)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 100_000


@pytest.mark.parametrize("element", [b"\x09", b"\x0a", b"\x0b\0\0\0\1", b"\x0c\0\0\0\1\1a"])
def test_two_megabytes_of_anything_are_decided_quickly(element: bytes) -> None:
    """Deep nesting or endless lists of small arguments: bounded by depth and by count."""
    good = encode_transaction(make(CALL))
    head = good[: len(good) - 17 - 4]
    room = TRANSACTION_BYTES_MAX - len(head) - 4
    for count in (1, 2**16, room // len(element)):
        raw = head + count.to_bytes(4, "big") + element * (room // len(element))
        began = time.perf_counter()
        check_refused_or_exact(raw)
        assert time.perf_counter() - began < 5
