"""Reading and writing BitcoinZ's headers, transactions and blocks."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from btczs.codec.compact import NonCanonicalSize
from btczs.codec.stream import TooMany, TrailingBytes, Truncated
from btczs.crypto.hashes import sha256d
from btczs.l1 import UnsupportedTransaction, get_params
from btczs.l1.bitcoinz.header import Header
from btczs.l1.bitcoinz.transaction import OVERWINTER_GROUP, SAPLING_GROUP, Transaction
from btczs.l1.parts import TxIn, TxOut
from btczs.l1.wire import (
    Block,
    decode_block,
    decode_header,
    decode_transaction,
    encode_block,
    encode_header,
    encode_transaction,
    with_script_sig,
)
from btczs.primitives import DecodeError, Hash32, Zat

PARAMS = get_params("bitcoinz", "regtest")
U32 = st.integers(0, 2**32 - 1)
I64 = st.integers(-(2**63), 2**63 - 1)
HASHES = st.binary(min_size=32, max_size=32).map(Hash32)
INPUTS = st.lists(st.builds(TxIn, HASHES, U32, st.binary(max_size=300), U32), max_size=3).map(tuple)
OUTPUTS = st.lists(st.builds(TxOut, I64.map(Zat), st.binary(max_size=300)), max_size=3).map(tuple)


def blobs(size: int) -> st.SearchStrategy[tuple[bytes, ...]]:
    return st.lists(st.binary(min_size=1, max_size=1).map(lambda b: b * size), max_size=2).map(
        tuple
    )


@st.composite
def transactions(draw: st.DrawFn) -> Transaction:
    version = draw(st.sampled_from((1, 2, 3, 4)))
    group = {3: OVERWINTER_GROUP, 4: SAPLING_GROUP}.get(version, 0)
    joinsplits = draw(blobs(1698 if version == 4 else 1802)) if version >= 2 else ()
    spends = draw(blobs(384)) if version == 4 else ()
    shielded = draw(blobs(948)) if version == 4 else ()
    return Transaction(
        inputs=draw(INPUTS),
        outputs=draw(OUTPUTS),
        lock_time=draw(U32),
        version=version,
        overwintered=version >= 3,
        group_id=group,
        expiry_height=draw(U32) if version >= 3 else 0,
        value_balance=Zat(draw(I64)) if version == 4 else Zat(0),
        shielded_spends=spends,
        shielded_outputs=shielded,
        joinsplits=joinsplits,
        joinsplit_key=b"k" * 32 if joinsplits else b"",
        joinsplit_signature=b"s" * 64 if joinsplits else b"",
        binding_signature=b"b" * 64 if spends or shielded else b"",
    )


def simple(**changes: object) -> Transaction:
    tx = Transaction(inputs=(TxIn(Hash32(b"\1" * 32), 2, b"sig"),), outputs=(TxOut(Zat(5), b"o"),))
    return msgspec.structs.replace(tx, **changes)


@given(transactions())
@settings(max_examples=60, deadline=None)
def test_transactions_round_trip_and_are_named_by_all_their_bytes(tx: Transaction) -> None:
    raw = encode_transaction(tx)
    assert decode_transaction(PARAMS, raw) == tx
    assert decode_transaction(PARAMS, raw).txid == tx.txid == sha256d(raw)
    with pytest.raises(TrailingBytes):
        decode_transaction(PARAMS, raw + b"\0")
    for size in range(0, len(raw), max(1, len(raw) // 40)):
        with pytest.raises(DecodeError):
            decode_transaction(PARAMS, raw[:size])


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_noise_is_refused_or_is_the_only_encoding_of_what_it_says(raw: bytes) -> None:
    for decode, encode in (
        (decode_transaction, encode_transaction),
        (decode_header, encode_header),
        (decode_block, encode_block),
    ):
        try:
            value = decode(PARAMS, raw)
        except DecodeError:
            continue
        assert encode(value) == raw  # type: ignore[operator]


def test_the_smallest_version_4_transaction() -> None:
    tx = Transaction(inputs=(TxIn(Hash32(bytes(32)), 0),), outputs=(TxOut(Zat(0), b""),))
    assert len(encode_transaction(tx)) == 79


@pytest.mark.parametrize(
    ("version", "group"),
    [(5, 0x26A7270A), (4, OVERWINTER_GROUP), (3, SAPLING_GROUP), (2, 0), (0x7FFF_FFFF, 0)],
)
def test_other_overwintered_formats_are_named_as_not_supported(version: int, group: int) -> None:
    raw = (version | 1 << 31).to_bytes(4, "little") + group.to_bytes(4, "little") + bytes(60)
    with pytest.raises(UnsupportedTransaction) as caught:
        decode_transaction(PARAMS, raw)
    assert caught.value.code == "unsupported_transaction"


def test_counts_are_checked_before_anything_is_built() -> None:
    head = b"\x04\x00\x00\x80" + SAPLING_GROUP.to_bytes(4, "little")
    with pytest.raises(TooMany):
        decode_transaction(PARAMS, head + b"\xfe\xff\xff\xff\x01" + bytes(100))
    with pytest.raises(TooMany):
        decode_transaction(PARAMS, head + b"\xff" + b"\xff" * 8)
    with pytest.raises(TooMany):
        decode_block(PARAMS, encode_header(header()) + b"\xfe\x00\x00\x00\x02")


def test_padded_counts_are_refused() -> None:
    raw = encode_transaction(simple())
    assert raw[8] == 1
    with pytest.raises(NonCanonicalSize):
        decode_transaction(PARAMS, raw[:8] + b"\xfd\x01\x00" + raw[9:])


def test_an_unlocking_script_changes_the_id() -> None:
    tx = simple()
    other = with_script_sig(tx, 0, b"other")
    assert other.inputs[0].script_sig == b"other"
    assert tx.inputs[0].script_sig == b"sig"
    assert other.txid != tx.txid
    assert other.txid == sha256d(encode_transaction(other))


def test_a_coinbase_has_one_input_from_nowhere() -> None:
    nowhere = TxIn(Hash32(bytes(32)), 0xFFFF_FFFF)
    assert simple(inputs=(nowhere,)).is_coinbase
    assert not simple(inputs=(nowhere, nowhere)).is_coinbase
    assert not simple(inputs=(TxIn(Hash32(bytes(32)), 0),)).is_coinbase
    assert not simple().is_coinbase


def header(solution: bytes = b"\5" * 36) -> Header:
    one, two, three = (Hash32(bytes((n,)) * 32) for n in (1, 2, 3))
    return Header(4, one, two, three, 1_600_000_000, 0x200F0F0F, b"\4" * 32, solution)  # type: ignore[arg-type]


@pytest.mark.parametrize(("size", "total"), [(36, 177), (100, 241), (1344, 1487), (0, 141)])
def test_headers_of_every_solution_size_round_trip(size: int, total: int) -> None:
    value = header(b"\5" * size)
    raw = encode_header(value)
    assert len(raw) == total
    assert decode_header(PARAMS, raw) == value
    assert value.hash == sha256d(raw)
    with pytest.raises(TrailingBytes):
        decode_header(PARAMS, raw + b"\0")
    with pytest.raises(Truncated):
        decode_header(PARAMS, raw[:-1])


def test_the_hash_covers_the_solution() -> None:
    assert header(b"\5" * 36).hash != header(b"\6" * 36).hash


def test_an_oversized_solution_is_refused() -> None:
    raw = encode_header(header(bytes(1345)))
    with pytest.raises(TooMany):
        decode_header(PARAMS, raw)


def test_blocks_round_trip() -> None:
    block = Block(header(), (simple(), simple(version=1, overwintered=False, group_id=0)))
    raw = encode_block(block)
    assert decode_block(PARAMS, raw) == block
    with pytest.raises(TrailingBytes):
        decode_block(PARAMS, raw + b"\0")
