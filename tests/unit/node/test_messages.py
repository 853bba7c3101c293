"""Proposals: what is decoded, by whom, and how often."""

import pytest
from chain_kit import Kit

from btczs.engine import ExtendedVote
from btczs.ledger.blocks import decode_block, decode_whole_block
from btczs.ledger.transactions import decode_transaction
from btczs.node.chain import messages
from btczs.node.chain.messages import BlockMemo, Kind, decode_proposal, find_block_header, wrap
from btczs.primitives import DecodeError


@pytest.fixture(scope="module")
def blocks() -> list[bytes]:
    """Two encoded blocks of a chain; the second begins no tenure."""
    kit = Kit()
    kit.start()
    kit.make_block()
    raws = [kit.chain.tables.get_block_bytes(height) for height in (1, 2)]
    assert raws[0]
    assert raws[1]
    return [raw for raw in raws if raw]


def test_a_proposal_has_its_blocks_transactions_decoded(blocks: list[bytes]) -> None:
    proposal = decode_proposal([wrap(Kind.BLOCK, blocks[0])])
    block = decode_block(blocks[0])
    assert proposal.block == block
    assert len(proposal.transactions) == 2
    assert proposal.transactions == tuple(map(decode_transaction, block.transactions))


def test_the_memo_never_gives_the_transactions_of_other_bytes(blocks: list[bytes]) -> None:
    memo = BlockMemo()
    for raw in (blocks[0], blocks[1], blocks[0], bytearray(blocks[0])[:-1] + b"\x01"):
        raw = bytes(raw)
        try:
            expected = decode_whole_block(raw)
        except DecodeError as error:
            with pytest.raises(type(error)):
                memo.decode(raw)
        else:
            assert memo.decode(raw) == expected


def test_a_block_is_decoded_once_until_it_is_forgotten(
    blocks: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    def counted(raw: bytes) -> object:
        calls.append(raw)
        return decode_whole_block(raw)

    monkeypatch.setattr(messages, "decode_whole_block", counted)
    memo = BlockMemo()
    for _ in range(3):
        memo.decode(bytes(bytearray(blocks[0])))
    assert len(calls) == 1
    memo.forget()
    memo.decode(blocks[0])
    assert len(calls) == 2


def test_voters_look_at_the_header_of_the_last_message(blocks: list[bytes]) -> None:
    message = wrap(Kind.BLOCK, blocks[0])
    assert find_block_header([message]) == decode_block(blocks[0]).header
    assert find_block_header([wrap(Kind.CERTIFICATE, b""), message]) is not None
    assert find_block_header([wrap(Kind.CERTIFICATE, b"")]) is None
    assert find_block_header([]) is None
    with pytest.raises(DecodeError):
        find_block_header([message[:20]])
    with pytest.raises(DecodeError):
        find_block_header([b"\x09"])


def test_a_whole_height_decodes_the_block_once(monkeypatch: pytest.MonkeyPatch) -> None:
    kit = Kit()
    kit.start()
    bodies = []

    def counted(raw: bytes) -> object:
        bodies.append(raw)
        return decode_whole_block(raw)

    monkeypatch.setattr(messages, "decode_whole_block", counted)
    kit.make_block()
    assert bodies == [kit.chain.tables.get_block_bytes(kit.chain.tip.height)]


def test_a_vote_without_a_block_signs_nothing() -> None:
    kit = Kit()
    voter = kit.engine.voters[0]
    certificate = [wrap(Kind.CERTIFICATE, b"")]
    assert voter.extend_vote(certificate) == ExtendedVote(voter.public_key, b"")
