"""A signer signs one block of a height, also after a restart, and never without a record of it."""

from pathlib import Path

import pytest
from chain_kit import Kit

from btczs.ledger.devnet import devnet_signers
from btczs.node.chain.assembly import assemble_block
from btczs.node.voters import LocalSigner, SigningRecord
from btczs.primitives import Hash32
from btczs.store import StoreCorrupt
from btczs.store.errors import StoreFailed

A, B = Hash32(b"a" * 32), Hash32(b"b" * 32)


def test_one_block_of_a_height(tmp_path: Path) -> None:
    record = SigningRecord(tmp_path / "signed")
    assert record.allow(5, A)
    assert record.allow(5, A)
    assert not record.allow(5, B)
    assert not record.allow(4, B)
    again = SigningRecord(tmp_path / "signed")
    assert not again.allow(5, B)
    assert again.allow(5, A)
    assert again.allow(6, B)


def test_nothing_is_signed_when_the_disk_fails(tmp_path: Path) -> None:
    record = SigningRecord(tmp_path / "folder" / "signed")
    (tmp_path / "folder").write_text("a file where the folder should be")
    with pytest.raises(StoreFailed):
        record.allow(5, A)
    (tmp_path / "folder").unlink()
    assert record.allow(5, B)


def test_a_damaged_record_stops_the_signer(tmp_path: Path) -> None:
    (tmp_path / "signed").write_bytes(b"\xff damaged")
    with pytest.raises(StoreCorrupt, match="sign twice"):
        SigningRecord(tmp_path / "signed")


def test_a_second_block_of_the_same_height_gets_no_vote() -> None:
    kit = Kit()
    kit.start()
    miner = kit.miners[kit.elected()]
    signer = LocalSigner(devnet_signers()[0].secret, SigningRecord(None))
    first = assemble_block(kit.chain, miner, [], kit.now).message
    second = assemble_block(kit.chain, miner, [], type(kit.now)(kit.now + 1)).message
    assert first != second
    vote = signer.extend_vote([first])
    assert vote is not None
    assert signer.extend_vote([first]) == vote
    assert signer.extend_vote([second]) is None
