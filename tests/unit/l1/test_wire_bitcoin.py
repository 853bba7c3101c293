"""Reading and writing Bitcoin's and Litecoin's headers, transactions and blocks."""

import pytest
from btclib.tx.tx import Tx as OracleTx
from hypothesis import given, settings
from hypothesis import strategies as st

from btczs.codec.stream import TrailingBytes
from btczs.crypto.hashes import sha256d
from btczs.l1 import InvalidProofOfWork, UnsupportedTransaction, get_params
from btczs.l1.bitcoin.header import Header
from btczs.l1.bitcoin.transaction import Transaction
from btczs.l1.parts import TxIn, TxOut
from btczs.l1.pow import compute_target, verify_pow
from btczs.l1.wire import (
    Block,
    decode_block,
    decode_header,
    decode_transaction,
    encode_block,
    encode_header,
    encode_transaction,
)
from btczs.primitives import DecodeError, Hash32, TimestampS, Zat

BITCOIN = get_params("bitcoin", "mainnet")
BITCOIN_REGTEST = get_params("bitcoin", "regtest")
LITECOIN = get_params("litecoin", "regtest")

U32 = st.integers(0, 2**32 - 1)
HASHES = st.binary(min_size=32, max_size=32).map(Hash32)
AMOUNTS = st.integers(0, 21 * 10**14).map(Zat)
SCRIPTS = st.binary(max_size=80)
WITNESSES = st.lists(st.binary(max_size=80), max_size=3).map(tuple)


@st.composite
def transactions(draw: st.DrawFn) -> Transaction:
    inputs = draw(st.lists(st.builds(TxIn, HASHES, U32, SCRIPTS, U32), min_size=1, max_size=3))
    outputs = draw(st.lists(st.builds(TxOut, AMOUNTS, SCRIPTS), min_size=1, max_size=3))
    witnesses = tuple(draw(WITNESSES) for _ in inputs)
    return Transaction(
        inputs=tuple(inputs),
        outputs=tuple(outputs),
        lock_time=draw(U32),
        version=draw(st.integers(-(2**31), 2**31 - 1)),
        witnesses=witnesses if any(witnesses) else (),
    )


@given(transactions())
@settings(max_examples=80, deadline=None)
def test_transactions_round_trip_and_have_the_ids_another_library_gives(tx: Transaction) -> None:
    raw = encode_transaction(tx)
    assert decode_transaction(BITCOIN, raw) == tx
    with pytest.raises(TrailingBytes):
        decode_transaction(BITCOIN, raw + b"\0")
    oracle = OracleTx.parse(raw, check_validity=False)
    assert oracle.id == tx.txid[::-1]
    assert oracle.hash == tx.wtxid[::-1]


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_noise_is_refused_or_is_the_only_encoding_of_what_it_says(raw: bytes) -> None:
    try:
        tx = decode_transaction(BITCOIN, raw)
    except DecodeError:
        return
    assert encode_transaction(tx) == raw


def simple(**changes: object) -> Transaction:
    fields: dict[str, object] = {
        "inputs": (TxIn(Hash32(b"\1" * 32), 2, b"sig"),),
        "outputs": (TxOut(Zat(5), b"out"),),
    }
    return Transaction(**{**fields, **changes})  # type: ignore[arg-type]


def test_the_id_leaves_the_witness_out() -> None:
    plain, signed = simple(), simple(witnesses=((b"a",),))
    assert plain.txid == signed.txid
    assert plain.wtxid == plain.txid != signed.wtxid
    assert signed.wtxid == sha256d(encode_transaction(signed))


def test_an_announced_but_empty_witness_is_refused() -> None:
    raw = encode_transaction(simple(witnesses=((b"a",),)))
    assert raw.count(b"\x01\x01a") == 1
    with pytest.raises(UnsupportedTransaction):
        decode_transaction(BITCOIN, raw.replace(b"\x01\x01a", b"\x00"))


@pytest.mark.parametrize("flags", [0, 2, 3, 8, 9, 0xFF])
def test_unknown_flags_are_refused(flags: int) -> None:
    raw = encode_transaction(simple(witnesses=((b"a",),)))
    with pytest.raises(UnsupportedTransaction):
        decode_transaction(BITCOIN, raw[:5] + bytes((flags,)) + raw[6:])


def test_litecoin_reads_the_transaction_of_the_extension_block_and_keeps_the_rest() -> None:
    hogex = simple(is_hogex=True)
    raw = encode_transaction(hogex)
    assert decode_transaction(LITECOIN, raw) == hogex
    assert hogex.txid == simple().txid
    with pytest.raises(UnsupportedTransaction):
        decode_transaction(BITCOIN, raw)
    with pytest.raises(UnsupportedTransaction, match="MimbleWimble"):
        decode_transaction(LITECOIN, raw[:-5] + b"\x01" + raw[-4:])
    block = Block(decode_header(LITECOIN, LITECOIN.genesis_header), (simple(), hogex), b"\1mweb")
    assert decode_block(LITECOIN, encode_block(block)) == block
    without = Block(block.header, (simple(), simple()), b"\1mweb")
    with pytest.raises(TrailingBytes):
        decode_block(LITECOIN, encode_block(without))


@pytest.mark.parametrize("chain", ["bitcoin", "litecoin", "bitcoinz"])
@pytest.mark.parametrize("network", ["mainnet", "testnet", "regtest"])
def test_the_genesis_headers_hash_to_the_known_genesis_hashes(chain: str, network: str) -> None:
    params = get_params(chain, network)
    header = decode_header(params, params.genesis_header)
    assert header.hash == params.genesis_hash
    assert encode_header(header) == params.genesis_header
    verify_pow(params, header, 0)
    with pytest.raises(TrailingBytes):
        decode_header(params, params.genesis_header + b"\0")


@pytest.mark.parametrize("chain", ["bitcoin", "litecoin"])
@pytest.mark.parametrize("network", ["mainnet", "testnet", "regtest"])
def test_bitcoin_and_litecoin_genesis_blocks_prove_their_work_by_their_own_hash(
    chain: str, network: str
) -> None:
    """SHA-256d and scrypt: at another height than 0 nothing is exempt."""
    params = get_params(chain, network)
    header = decode_header(params, params.genesis_header)
    assert isinstance(header, Header)
    verify_pow(params, header, 1)
    other = get_params("litecoin" if chain == "bitcoin" else "bitcoin", network)
    if network != "regtest":
        with pytest.raises(InvalidProofOfWork):
            verify_pow(other, header, 1)


def mine(**changes: int) -> Header:
    """A regtest header that meets its target: about every second nonce does."""
    zero = Hash32(bytes(32))
    for nonce in range(1000):
        header = Header(4, zero, zero, TimestampS(1), changes.get("bits", 0x207FFFFF), nonce)
        if int.from_bytes(header.hash, "little") <= compute_target(0x207FFFFF):
            return header
    raise AssertionError("no nonce found")


def test_a_hash_above_its_target_is_refused() -> None:
    verify_pow(BITCOIN_REGTEST, mine(), 7)
    with pytest.raises(InvalidProofOfWork, match="does not meet"):
        verify_pow(BITCOIN_REGTEST, mine(bits=0x1D00FFFF), 7)


@pytest.mark.parametrize(
    "bits", [0x2100FFFF, 0x20FFFFFF, 0, 0x1D80FFFF, 0x23000001, 0x207FFFFF + 1]
)
def test_targets_that_no_header_may_have_are_refused(bits: int) -> None:
    with pytest.raises(InvalidProofOfWork):
        verify_pow(BITCOIN_REGTEST, mine(bits=bits), 7)


def test_another_genesis_block_is_refused() -> None:
    with pytest.raises(InvalidProofOfWork, match="genesis"):
        verify_pow(BITCOIN_REGTEST, mine(), 0)
