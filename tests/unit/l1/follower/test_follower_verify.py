"""No byte of a block that a node serves can be changed without being noticed."""

import pytest
from fake_l1 import PARAMS, FakeNode, make_block, make_coinbase, make_payment
from hypothesis import given, settings
from hypothesis import strategies as st

from btczs.crypto.hashes import sha256d
from btczs.crypto.merkle import bitcoin_merkle_root
from btczs.l1 import wire
from btczs.l1.follower import LyingNode
from btczs.l1.follower.verify import verify_block
from btczs.primitives import Hash32
from btczs.primitives.units import ZERO_HASH


def make_block_with_witnesses() -> bytes:
    payments = [make_payment(number, witness=bytes((number,))) for number in range(1, 4)]
    root, _ = bitcoin_merkle_root([ZERO_HASH, *(tx.wtxid for tx in payments)])
    coinbase = make_coinbase(1, witness_commitment=sha256d(root + bytes(32)))
    return make_block(PARAMS.genesis_hash, FakeNode().time_of_next(), [coinbase, *payments])


BLOCK = make_block_with_witnesses()
HASH = wire.decode_block(PARAMS, BLOCK).header.hash
VIEW = {0: (wire.decode_header(PARAMS, PARAMS.genesis_header).time, 0x207FFFFF)}


def verify(raw: bytes, prev: Hash32 = PARAMS.genesis_hash) -> None:
    verify_block(PARAMS, 1, HASH, prev, raw, VIEW.get)


def test_the_honest_block_is_believed() -> None:
    verify(BLOCK)
    with pytest.raises(LyingNode):
        verify(BLOCK, ZERO_HASH)


def test_no_bit_can_be_flipped() -> None:
    for bit in range(8 * len(BLOCK)):
        raw = bytearray(BLOCK)
        raw[bit // 8] ^= 1 << bit % 8
        with pytest.raises(LyingNode):
            verify(bytes(raw))


def test_no_byte_can_be_missing() -> None:
    for end in range(len(BLOCK)):
        with pytest.raises(LyingNode):
            verify(BLOCK[:end])
        with pytest.raises(LyingNode):
            verify(BLOCK[:end] + BLOCK[end + 1 :])


@settings(max_examples=200)
@given(at=st.integers(0, len(BLOCK)), cut=st.integers(0, 40), extra=st.binary(max_size=40))
def test_nothing_can_be_replaced(at: int, cut: int, extra: bytes) -> None:
    raw = BLOCK[:at] + extra + BLOCK[at + cut :]
    if raw != BLOCK:
        with pytest.raises(LyingNode):
            verify(raw)
