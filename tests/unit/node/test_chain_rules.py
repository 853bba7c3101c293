"""What the chain refuses: blocks, certificates and proposals that break a rule."""

from collections.abc import Callable

import msgspec
import pytest
from chain_kit import Kit
from test_chain import transfer

from btczs.consensus.pox.l1_update import decode_l1_update, encode_l1_update
from btczs.engine import ProposalRefused
from btczs.finality import Certificate, encode_certificate
from btczs.ledger.blocks import (
    Block,
    BlockHeader,
    compute_tx_merkle_root,
    decode_block,
    encode_block,
    sign_header,
)
from btczs.node.chain.assembly import assemble_block
from btczs.node.chain.l1_source import find_l1_update
from btczs.node.chain.messages import Kind, wrap
from btczs.primitives import ChainHeight, Hash20, Hash32, TimestampS

OTHER_HASH = Hash32(b"\x07" * 32)


@pytest.fixture(scope="module")
def kit() -> Kit:
    kit = Kit()
    kit.start()
    return kit


def forge(kit: Kit, **changes: object) -> bytes:
    """The elected miner's next block with other header fields, signed by it."""
    miner = kit.miners[kit.elected()]
    candidates = kit.chain.senders.authenticate([transfer(kit, 0, 1, 5, 0)])
    block = assemble_block(kit.chain, miner, candidates, kit.now).block
    header: BlockHeader = msgspec.structs.replace(block.header, **changes)
    signed = Block(sign_header(header, miner.signing_secret), block.transactions)
    return wrap(Kind.BLOCK, encode_block(signed))


def refuse(kit: Kit, *messages: bytes) -> str:
    root, tip = kit.store.root, kit.chain.tip
    with pytest.raises(ProposalRefused) as caught:
        kit.chain.process_proposal(kit.now, list(messages))
    assert (kit.store.root, kit.chain.tip) == (root, tip)
    return caught.value.reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"state_root": OTHER_HASH}, "state root"),
        ({"tx_merkle_root": OTHER_HASH}, "Merkle root"),
        ({"parent_block_id": OTHER_HASH}, "newest block"),
        ({"consensus_hash": Hash20(b"\x07" * 20)}, "tenure"),
        ({"chain_length": ChainHeight(9)}, "height"),
        ({"burn_spent": 1}, "burn_spent"),
        ({"timestamp": TimestampS(1)}, "time"),
        ({"timestamp": TimestampS(2**40)}, "ahead"),
        ({"version": 1}, "version"),
    ],
)
def test_a_wrong_header_field_is_refused(kit: Kit, changes: dict[str, object], reason: str) -> None:
    assert reason in refuse(kit, forge(kit, **changes))


def test_signer_signatures_do_not_travel_in_the_header(kit: Kit) -> None:
    block = decode_block(forge(kit)[1:])
    header = msgspec.structs.replace(block.header, signer_signatures=(bytes(65),))
    forged = wrap(Kind.BLOCK, encode_block(Block(header, block.transactions)))
    assert "certificates" in refuse(kit, forged)


def test_the_same_block_without_a_change_is_accepted(kit: Kit) -> None:
    kit.chain.process_proposal(kit.now, [forge(kit)])


def test_a_block_of_a_miner_who_is_not_elected_is_refused(kit: Kit) -> None:
    miner = kit.miners[kit.elected()]
    block = assemble_block(kit.chain, miner, [], kit.now).block
    other = kit.miners[1 - kit.elected()]
    forged = Block(sign_header(block.header, other.signing_secret), block.transactions)
    assert "elected miner" in refuse(kit, wrap(Kind.BLOCK, encode_block(forged)))


def test_a_transaction_that_does_not_fit_the_state_is_refused(kit: Kit) -> None:
    miner = kit.miners[kit.elected()]
    block = assemble_block(kit.chain, miner, [], kit.now).block
    raws = (*block.transactions, transfer(kit, 0, 1, 5, 9))
    header = msgspec.structs.replace(block.header, tx_merkle_root=compute_tx_merkle_root(raws))
    forged = Block(sign_header(header, miner.signing_secret), raws)
    assert "does not fit" in refuse(kit, wrap(Kind.BLOCK, encode_block(forged)))


CertificateChange = Callable[[Certificate], Certificate]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda c: msgspec.structs.replace(c, signatures=c.signatures[:2]), "weight"),
        (lambda c: msgspec.structs.replace(c, signatures=c.signatures[::-1]), "order"),
        (lambda c: msgspec.structs.replace(c, signatures=(c.signatures[0],) * 4), "order"),
        (lambda c: msgspec.structs.replace(c, block_hash=OTHER_HASH), "newest block"),
        (lambda c: msgspec.structs.replace(c, height=ChainHeight(9)), "newest block"),
        (
            lambda c: msgspec.structs.replace(
                c, signatures=tuple((i, c.signatures[0][1]) for i, _ in c.signatures)
            ),
            "another signer",
        ),
    ],
)
def test_a_wrong_certificate_is_refused(kit: Kit, change: CertificateChange, reason: str) -> None:
    good = kit.chain.tables.get_certificate(kit.chain.tip.height)
    assert good is not None
    kit.chain.process_proposal(kit.now, [wrap(Kind.CERTIFICATE, encode_certificate(good))])
    bad = encode_certificate(change(good))
    assert reason in refuse(kit, wrap(Kind.CERTIFICATE, bad))


def test_news_of_layer_1_that_our_node_does_not_show_is_refused() -> None:
    kit = Kit()
    kit.start()
    kit.node.generate(1)
    update = find_l1_update(kit.store, kit.l1, 99)
    assert update is not None
    encoded = encode_l1_update(update)
    kit.chain.process_proposal(kit.now, [wrap(Kind.L1_UPDATE, encoded)])
    assert decode_l1_update(encoded) == update
    facts = msgspec.structs.replace(update.blocks[0], operations=((1, b"\x00"),))
    forged = encode_l1_update(msgspec.structs.replace(update, blocks=(facts,)))
    assert "layer-1 node shows" in refuse(kit, wrap(Kind.L1_UPDATE, forged))


def test_news_of_layer_1_and_a_block_do_not_go_together(kit: Kit) -> None:
    kit.node.generate(1)
    update = find_l1_update(kit.store, kit.l1, 99)
    assert update is not None
    news = wrap(Kind.L1_UPDATE, encode_l1_update(update))
    assert "nothing follows" in refuse(kit, news, forge(kit))
    kit.node.invalidate_block(kit.node.tip().hash)


def test_a_rewind_and_the_same_blocks_again_give_the_same_state() -> None:
    kit = Kit()
    kit.start()
    kit.commit(0)
    kit.mine_l1(2)
    root = kit.store.root
    tip = kit.node.tip().hash
    kit.node.invalidate_block(tip)
    kit.settle()
    assert kit.store.root != root
    kit.node.reconsider_block(tip)
    kit.settle()
    assert kit.store.root == root
