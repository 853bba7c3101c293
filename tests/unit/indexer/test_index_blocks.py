"""Applying blocks and finding them and their transactions again."""

import msgspec
import pytest
from index_world import (
    FEE,
    GENESIS_AMOUNT,
    TIME,
    A,
    B,
    C,
    D,
    Transfer,
    block_hash_at,
    block_id_at,
    genesis,
    make_record,
    mint_to,
    with_event,
)

from btczs.indexer import (
    Credit,
    Index,
    IndexConflict,
    InvalidRecord,
    TransactionFilter,
    decode_record,
    encode_record,
)
from btczs.ledger.receipts import ExecutionCost
from btczs.primitives import BaseUnits


def apply_all(index: Index, *records) -> None:
    for record in records:
        assert index.apply(record)


def test_a_record_survives_its_encoding():
    record = make_record(1, (Transfer(A, 0, B),), credits=(Credit(D.address, BaseUnits(5), True),))
    assert decode_record(encode_record(record)) == record


@pytest.mark.parametrize("raw", [b"", b"\x00", b"\xc1", b"\x80", b"\x81\xa1a\x01"])
def test_other_bytes_are_no_record(raw):
    with pytest.raises(InvalidRecord):
        decode_record(raw)


def test_an_empty_index_knows_nothing(index):
    assert index.last_height() is None
    with index.view() as view:
        assert view.latest_block() is None
        assert view.blocks(10, 0) == ([], 0)
        assert view.transactions(10, 0) == ([], 0)
        assert view.transactions_of_address(A.address, 10, 0) == ([], 0)
        assert view.address_totals(A.address).tx_count == 0
        assert view.l1_blocks(10, 0) == ([], 0)


def test_a_block_is_found_by_height_hash_id_time_and_layer_1(index):
    apply_all(index, genesis(), make_record(1, (Transfer(A, 0, B),)), make_record(2))
    with index.view() as view:
        block = view.block_by_height(1)
        assert block is not None
        assert (block.block_hash, block.block_id) == (block_hash_at(1), block_id_at(1))
        assert block.parent_block_id == block_id_at(0)
        assert block.signatures == (bytes(65), b"\x01" * 65)
        assert block.cost == ExecutionCost(1, 2, 3, 4, 5)
        assert view.block_by_hash(block.block_hash) == block
        assert view.block_by_hash(block.block_id) == block
        assert view.block_at_time(TIME + 59) == block
        assert view.block_at_time(TIME - 1) is None
        assert view.blocks_by_l1_height(201, 5, 0) == ([block], 1)
        assert view.blocks_by_l1_hash(f"{201:064x}", 5, 0) == ([block], 1)
        assert view.blocks_by_tenure(1, 5, 0) == ([block], 1)
        assert [b.height for b in view.blocks(2, 0)[0]] == [2, 1]
        assert [b.height for b in view.blocks(2, 2)[0]] == [0]
        assert view.blocks(2, 3) == ([], 3)


def test_blocks_of_one_layer_1_block_and_tenure_are_counted_together(index):
    apply_all(
        index,
        genesis(),
        make_record(1, (Transfer(A, 0, B),), tenure=1, l1_height=300),
        make_record(2, (Transfer(A, 1, B),), tenure=1, l1_height=300, starts_tenure=False),
    )
    with index.view() as view:
        (newest, first), total = view.l1_blocks(10, 0)
        assert (newest.height, newest.block_count, newest.tx_count, total) == (300, 2, 2, 2)
        assert first.height == 200
        assert view.l1_block(300) == view.l1_block(f"{300:064x}") == newest
        assert view.l1_block(299) is None
        assert view.time_span_of_l1(300) == 30
        assert view.block_hashes_of_l1(300, 10) == [block_hash_at(2), block_hash_at(1)]
        opening = view.tenure_start(1)
        assert opening is not None
        assert opening.height == 1
        assert view.block_time_ms_average(TIME) == 30_000
        assert view.block_time_ms_average(TIME + 60) == 0


def test_transactions_are_found_by_id_block_and_in_lists(index):
    one, two, three = Transfer(A, 0, B), Transfer(B, 0, C), Transfer(A, 1, C)
    apply_all(index, genesis(), make_record(1, (one, two)), make_record(2, (three,)))
    with index.view() as view:
        (newest,), total = view.transactions(1, 0)
        assert (newest.sender, newest.recipient, newest.height, total) == (
            A.address,
            C.address,
            2,
            3,
        )
        assert view.transaction(newest.txid) == newest
        assert view.transaction(bytes(32)) is None
        block = view.block_by_height(1)
        assert block is not None
        rows, total = view.transactions_of_block(block, 10, 0)
        assert [(r.tx_index, r.sender) for r in rows] == [(0, A.address), (1, B.address)]
        assert total == 2
        assert view.txids_of_block(block, 10) == [r.txid for r in rows]
        assert view.transactions_of_block(block, 10, 1)[0] == rows[1:]
        assert view.transactions_of_block(block, 10, 2)[0] == []
        assert rows[0].receipt.result == b"\x07\x03"


@pytest.mark.parametrize(
    ("only", "nonces"),
    [
        (TransactionFilter(), [2, 1, 0]),
        (TransactionFilter(kinds=("token_transfer",)), [2, 1, 0]),
        (TransactionFilter(kinds=("coinbase", "tenure_change")), []),
        (TransactionFilter(sender=A.address), [1, 0]),
        (TransactionFilter(recipient=C.address), [2, 1]),
        (TransactionFilter(sender=A.address, recipient=C.address), [1]),
        (TransactionFilter(time_min=TIME + 31), [1, 2]),
        (TransactionFilter(time_max=TIME + 59), [0]),
        (TransactionFilter(time_min=TIME + 100), []),
        (TransactionFilter(time_max=TIME - 1), []),
        (TransactionFilter(time_min=TIME, time_max=TIME + 60), [2, 1, 0]),
    ],
)
def test_filters_choose_transactions(index, only, nonces):
    transfers = {0: Transfer(A, 0, B), 1: Transfer(A, 1, C), 2: Transfer(B, 0, C)}
    apply_all(
        index,
        genesis(),
        make_record(1, (transfers[0],)),
        make_record(2, (transfers[1], transfers[2])),
    )
    by_raw = {}
    with index.view() as view:
        for row in view.transactions(10, 0)[0]:
            by_raw[row.txid] = next(
                n
                for n, t in transfers.items()
                if (t.sender.address, t.recipient.address) == (row.sender, row.recipient)
            )
        rows, total = view.transactions(10, 0, only)
        assert sorted(by_raw[r.txid] for r in rows) == sorted(nonces)
        assert total == len(nonces)
        assert view.transactions(10, 0, only)[0] == sorted(rows, key=lambda r: -r.ordinal)
        assert view.transactions(1, 1, only)[0] == rows[1:2]


def test_totals_count_what_was_sent_received_paid_and_earned(index):
    reward = Credit(D.address, BaseUnits(700), True)
    apply_all(
        index,
        genesis(),
        make_record(
            1,
            (Transfer(A, 0, B, 100), Transfer(A, 1, C, 50, sponsor=B, sponsor_nonce=0)),
            credits=(reward,),
        ),
    )
    with index.view() as view:
        a, b, c, d = (view.address_totals(key.address) for key in (A, B, C, D))
    assert (a.sent, a.received, a.fees, a.rewards, a.tx_count) == (150, GENESIS_AMOUNT, FEE, 0, 2)
    assert (b.sent, b.received, b.fees, b.tx_count) == (0, GENESIS_AMOUNT + 100, FEE, 2)
    assert (c.received, c.fees, c.tx_count, c.event_count) == (GENESIS_AMOUNT + 50, 0, 1, 1)
    assert (d.rewards, d.received, d.tx_count) == (700, 0, 0)


def test_a_reward_in_a_receipt_and_in_the_credits_counts_once(index):
    record = make_record(
        1, (Transfer(A, 0, B),), credits=(Credit.of_mint(mint_to(D.principal, 700)),) * 2
    )
    apply_all(index, genesis(), with_event(record, mint_to(D.principal, 700)))
    with index.view() as view:
        totals = view.address_totals(D.address)
        assert (totals.rewards, totals.tx_count, totals.event_count) == (1400, 1, 1)


def test_a_transfer_to_oneself_is_one_transaction_and_one_event(index):
    apply_all(index, genesis(), make_record(1, (Transfer(A, 0, A, 5),)))
    with index.view() as view:
        totals = view.address_totals(A.address)
        assert (totals.sent, totals.received) == (5, GENESIS_AMOUNT + 5)
        assert (totals.tx_count, totals.event_count) == (1, 1)


def test_an_address_has_its_transactions_and_events_in_pages(index):
    records = [
        make_record(h, (Transfer(A, h - 1, B, h), Transfer(C, h - 1, B, 100 * h)))
        for h in range(1, 6)
    ]
    apply_all(index, genesis(), *records)
    with index.view() as view:
        rows, total = view.transactions_of_address(B.address, 3, 4)
        assert total == 10
        assert [row.received for row in rows] == [300, 3, 200]
        assert view.transactions_of_address(B.address, 3, 10)[0] == []
        sent, _ = view.transactions_of_address(A.address, 1, 0)
        assert (sent[0].sent, sent[0].fee, sent[0].received) == (5, FEE, 0)
        events, total = view.events_of_address(A.address, 2, 1)
        assert total == 5
        assert [e.transaction.receipt.events[e.event_index].amount for e in events] == [4, 3]
        txid = sent[0].transaction.txid
        assert view.transaction_of_address(A.address, txid) == sent[0]
        assert view.transaction_of_address(C.address, txid) is None
        ordinal = sent[0].transaction.ordinal
        assert view.addresses_of_transaction(ordinal) == sorted([A.address, B.address])


def test_applying_a_block_again_changes_nothing(index):
    block = make_record(1, (Transfer(A, 0, B),))
    apply_all(index, genesis(), block)
    assert not index.apply(block)
    assert not index.apply(genesis())
    with index.view() as view:
        assert view.transactions(10, 0)[1] == 1
        assert view.address_totals(A.address).tx_count == 1


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (make_record(1, branch=1), 2),  # another block of a height that is there
        (make_record(3), 2),  # a gap
        (make_record(2, parent_branch=1), 2),  # another parent
    ],
)
def test_a_block_that_does_not_follow_is_refused(index, record, expected):
    apply_all(index, genesis(), make_record(1))
    with pytest.raises(IndexConflict) as error:
        index.apply(record)
    assert error.value.expected_height == expected
    assert index.last_height() == 1


def test_a_block_that_cannot_be_read_leaves_no_trace(index):
    apply_all(index, genesis())
    good = make_record(1, (Transfer(A, 0, B),))
    same_id_twice = msgspec.structs.replace(
        good, transactions=(good.transactions[0], good.transactions[0])
    )
    with pytest.raises(Exception, match="UNIQUE"):
        index.apply(same_id_twice)
    assert index.last_height() == 0
    assert index.apply(good)
