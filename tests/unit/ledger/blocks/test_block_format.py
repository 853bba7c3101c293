"""Blocks as bytes, their hashes, and the signatures of miner and signers."""

import tracemalloc

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from btczs.codec.clarity.values import StandardPrincipal
from btczs.codec.stream import TooMany, TrailingBytes, Truncated
from btczs.crypto.hashes import sha256, sha512_256
from btczs.crypto.secp256k1 import InvalidSignature, compute_public_key
from btczs.ledger.blocks import (
    Block,
    BlockHeader,
    PoxTreatment,
    block_hash,
    block_id,
    compute_tx_merkle_root,
    decode_block,
    decode_block_header,
    decode_header,
    decode_whole_block,
    encode_block,
    encode_header,
    miner_signature_hash,
    recover_miner,
    recover_signers,
    sign_as_signer,
    sign_header,
    verify_tx_merkle_root,
)
from btczs.ledger.blocks.errors import BlockTooLarge, InvalidHeader, MerkleRootMismatch
from btczs.ledger.blocks.header import (
    POX_TREATMENT_BITS_MAX,
    SIGNER_SIGNATURES_MAX,
    ProblematicTransaction,
)
from btczs.ledger.transactions import (
    decode_transaction,
    encode_transaction,
    make_contract_deploy,
    make_token_transfer,
)
from btczs.ledger.transactions.builders import single_sig
from btczs.ledger.transactions.conditions import P2SH, MultiSigCondition
from btczs.networks import load_network
from btczs.primitives import DecodeError, InvalidInput

DEVNET = load_network("devnet")
MINER, SIGNERS = sha256(b"miner"), [sha256(b"signer %d" % i) for i in range(4)]
ALICE = single_sig(compute_public_key(sha256(b"alice")), nonce=0, fee=1)
TRANSACTIONS = tuple(
    encode_transaction(make_token_transfer(DEVNET, ALICE, StandardPrincipal(26, bytes(20)), i))
    for i in range(5)
)
HEADER = BlockHeader(
    version=0,
    chain_length=7,
    burn_spent=8,
    consensus_hash=bytes(range(20)),
    parent_block_id=bytes(range(32)),
    tx_merkle_root=compute_tx_merkle_root(TRANSACTIONS),
    state_root=bytes(32),
    timestamp=1_700_000_000,
)
BLOCK = Block(HEADER, TRANSACTIONS)

# Where things stand in the bytes of a header.
TIMESTAMP_AT, MINER_AT, SIGNERS_AT = 133, 141, 206


def sized(count: int) -> st.SearchStrategy[bytes]:
    return st.binary(min_size=count, max_size=count)


u64 = st.integers(0, 2**64 - 1)


@st.composite
def headers(draw: st.DrawFn) -> BlockHeader:
    version = draw(st.sampled_from([0, 1, 0x80, 0x81]))
    bits = draw(st.integers(1, 100))
    marks = st.builds(ProblematicTransaction, st.integers(0, 2**32 - 1), st.integers(0, 255))
    return BlockHeader(
        version,
        draw(u64),
        draw(u64),
        draw(sized(20)),
        draw(sized(32)),
        draw(sized(32)),
        draw(sized(32)),
        draw(u64),
        draw(sized(65)),
        tuple(draw(st.lists(sized(65), max_size=4))),
        PoxTreatment(bits, draw(sized((bits + 7) // 8))),
        tuple(draw(st.lists(marks, max_size=4))) if version & 1 else (),
    )


blocks = st.builds(Block, headers(), st.lists(st.sampled_from(TRANSACTIONS)).map(tuple))


@given(blocks)
def test_what_is_encoded_decodes_to_itself(block: Block) -> None:
    assert decode_block(encode_block(block)) == block
    assert decode_header(encode_header(block.header)) == block.header


@settings(max_examples=300)
@given(blocks, st.data())
def test_mutated_bytes_are_refused_or_come_back_exactly(block: Block, data: st.DataObject) -> None:
    raw = bytearray(encode_block(block))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(raw) - 1))
        size = data.draw(st.integers(0, 4))
        raw[at : at + size] = data.draw(st.binary(max_size=6))
    try:
        decoded = decode_block(bytes(raw))
    except DecodeError:
        return
    assert encode_block(decoded) == bytes(raw)


@given(st.binary(max_size=600))
def test_random_bytes_raise_nothing_but_decode_errors(raw: bytes) -> None:
    with pytest.raises(DecodeError):
        decode_block(raw)


@pytest.mark.parametrize("cut", [1, 64, 100, 300])
def test_cut_and_continued_blocks_are_refused(cut: int) -> None:
    raw = encode_block(BLOCK)
    with pytest.raises((Truncated, TooMany)):
        decode_block(raw[:-cut])
    with pytest.raises(TrailingBytes):
        decode_block(raw + bytes(cut))


def test_layout_of_the_header() -> None:
    raw = encode_header(sign_header(HEADER, MINER))
    assert raw[:17] == b"\0" + (7).to_bytes(8, "big") + (8).to_bytes(8, "big")
    assert int.from_bytes(raw[TIMESTAMP_AT:MINER_AT], "big") == HEADER.timestamp
    assert raw[SIGNERS_AT:] == bytes(4) + b"\0\1" + b"\0\0\0\1" + b"\1"


def test_hashes_are_those_of_the_named_parts() -> None:
    """Cut out of the bytes of the header, instead of encoding parts."""
    header = sign_header(HEADER, MINER)
    header = msgspec.structs.replace(
        header, signer_signatures=tuple(sign_as_signer(header, s) for s in SIGNERS)
    )
    raw = encode_header(header)
    tail = raw[SIGNERS_AT + 4 + 65 * len(SIGNERS) :]
    assert miner_signature_hash(header) == sha512_256(raw[:MINER_AT] + tail)
    assert block_hash(header) == sha512_256(raw[:SIGNERS_AT] + tail)
    assert block_id(header) == sha512_256(block_hash(header) + header.consensus_hash)


def test_signatures() -> None:
    signed = sign_header(HEADER, MINER)
    assert recover_miner(signed) == compute_public_key(MINER)
    both = msgspec.structs.replace(
        signed, signer_signatures=tuple(sign_as_signer(signed, s) for s in SIGNERS)
    )
    assert recover_signers(both) == tuple(map(compute_public_key, SIGNERS))
    assert block_hash(both) == block_hash(signed)
    assert miner_signature_hash(both) == miner_signature_hash(HEADER)
    assert sign_header(both, MINER) == signed


def test_version_1_signs_the_marks() -> None:
    plain = msgspec.structs.replace(HEADER, version=1)
    marked = msgspec.structs.replace(plain, problematic=(ProblematicTransaction(3, 1),))
    assert len({block_hash(HEADER), block_hash(plain), block_hash(marked)}) == 3
    assert len({miner_signature_hash(h) for h in (HEADER, plain, marked)}) == 3
    assert encode_header(marked).endswith(b"\0\0\0\1" + b"\0\0\0\3\1")


def test_an_unsigned_header_has_no_miner() -> None:
    with pytest.raises(InvalidSignature):
        recover_miner(HEADER)


def test_merkle_root() -> None:
    verify_tx_merkle_root(BLOCK)
    swapped = Block(HEADER, (TRANSACTIONS[1], TRANSACTIONS[0], *TRANSACTIONS[2:]))
    with pytest.raises(MerkleRootMismatch):
        verify_tx_merkle_root(swapped)
    assert compute_tx_merkle_root([]) == bytes(32)


def test_the_shortest_transaction_fits_the_bound_on_counts() -> None:
    nobody = MultiSigCondition(P2SH, bytes(20), 0, 0, (), 1)
    raw = encode_transaction(make_contract_deploy(DEVNET, nobody, "a", ""))
    block = Block(HEADER, (raw,) * 3)
    assert decode_block(encode_block(block)) == block


@pytest.mark.parametrize("version", [2, 0x7F, 0x82])
def test_unknown_versions(version: int) -> None:
    raw = bytes([version]) + encode_header(HEADER)[1:]
    with pytest.raises(InvalidHeader, match="version"):
        decode_header(raw)


@pytest.mark.parametrize(
    "treatment",
    [
        PoxTreatment(0, b""),
        PoxTreatment(8, b""),
        PoxTreatment(8, b"\0\0"),
        PoxTreatment(9, b"\0"),
        PoxTreatment(POX_TREATMENT_BITS_MAX + 1, bytes(501)),
    ],
)
def test_wrong_treatments(treatment: PoxTreatment) -> None:
    with pytest.raises(InvalidHeader):
        encode_header(msgspec.structs.replace(HEADER, pox_treatment=treatment))
    good = encode_header(HEADER)
    body = treatment.bit_count.to_bytes(2, "big") + len(treatment.data).to_bytes(4, "big")
    with pytest.raises(InvalidHeader):
        decode_header(good[: SIGNERS_AT + 4] + body + treatment.data)


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 2},
        {"version": 256},
        {"chain_length": -1},
        {"timestamp": 2**64},
        {"consensus_hash": bytes(19)},
        {"state_root": bytes(33)},
        {"miner_signature": bytes(64)},
        {"signer_signatures": (bytes(64),)},
        {"signer_signatures": (bytes(65),) * (SIGNER_SIGNATURES_MAX + 1)},
        {"problematic": (ProblematicTransaction(0, 0),)},
        {"version": 1, "problematic": (ProblematicTransaction(0, 256),)},
        {"version": 1, "problematic": (ProblematicTransaction(2**32, 0),)},
    ],
)
def test_what_has_no_wire_form_is_not_encoded(changes: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        encode_header(msgspec.structs.replace(HEADER, **changes))


def test_too_large_a_block() -> None:
    raw = encode_block(BLOCK)
    assert decode_block(raw, bytes_max=len(raw)) == BLOCK
    with pytest.raises(BlockTooLarge):
        decode_block(raw, bytes_max=len(raw) - 1)


@pytest.mark.parametrize("count", [SIGNER_SIGNATURES_MAX + 1, 2**32 - 1])
def test_a_count_without_the_bytes_for_it_allocates_nothing(count: int) -> None:
    header, counted = encode_header(HEADER), count.to_bytes(4, "big")
    marked = encode_header(msgspec.structs.replace(HEADER, version=1))
    bad = [
        header[:SIGNERS_AT] + counted + header[SIGNERS_AT + 4 :],
        header[: SIGNERS_AT + 6] + counted + header[SIGNERS_AT + 10 :],
        marked[:-4] + counted,
        header + counted + TRANSACTIONS[0],
    ]
    for raw in bad:
        tracemalloc.start()
        with pytest.raises(DecodeError):
            decode_block(raw)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 100_000


def test_the_transactions_of_a_block_come_decoded_in_their_order() -> None:
    whole = decode_whole_block(encode_block(Block(HEADER, TRANSACTIONS)))
    assert whole.block == Block(HEADER, TRANSACTIONS)
    assert whole.transactions == tuple(map(decode_transaction, TRANSACTIONS))


def test_the_header_of_a_block_is_read_without_the_rest() -> None:
    raw = encode_block(Block(HEADER, TRANSACTIONS))
    assert decode_block_header(raw) == HEADER
    assert decode_block_header(raw[: len(encode_header(HEADER))]) == HEADER
    with pytest.raises(Truncated):
        decode_block_header(raw[:50])
