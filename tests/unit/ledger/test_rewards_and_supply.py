"""Rewards mature on time, and coins neither appear nor vanish."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_world import (
    FEE,
    KEYS,
    NETWORK,
    A,
    B,
    authenticated,
    context,
    signed,
    transfer,
    with_token,
)

from btczs.codec.clarity import encode_principal
from btczs.codec.clarity.values import ContractPrincipal
from btczs.ledger import (
    Account,
    TransactionRejected,
    apply_tenure_start,
    apply_transaction,
    burn,
    get_account,
    put_account,
)
from btczs.ledger.devnet import AMOUNT, devnet_genesis
from btczs.ledger.emission import compute_accrued
from btczs.ledger.events import MintEvent
from btczs.ledger.genesis import apply_genesis
from btczs.ledger.rewards import TenureOrder, compute_pending, get_tenure_record
from btczs.ledger.supply import (
    SupplyExceeded,
    SupplyMismatch,
    compute_total,
    get_supply,
    put_supply,
    verify_supply,
)
from btczs.ledger.transactions.builders import make_transaction, single_sig
from btczs.ledger.transactions.payloads import Coinbase
from btczs.primitives import Hash20
from btczs.store import MemoryKV, Overlay

MINER = ContractPrincipal(26, Hash20(b"\x09" * 20), "miner")


def start_state() -> Overlay:
    overlay = Overlay(MemoryKV())
    apply_genesis(overlay, devnet_genesis())
    return overlay


def test_genesis_allocations_are_issued_supply() -> None:
    state = start_state()
    assert get_supply(state).issued == 10 * AMOUNT == compute_total(state)
    verify_supply(state, NETWORK.token)


@pytest.mark.parametrize(("maturity", "paid_at"), [(0, 2), (1, 2), (2, 3), (5, 6)])
def test_a_reward_matures_the_stated_number_of_tenures_later(maturity: int, paid_at: int) -> None:
    network = with_token(coinbase_maturity_tenures=maturity)
    state = start_state()
    apply_tenure_start(state, context(1, network), 500, MINER)
    apply_transaction(state, authenticated(transfer(A, 0)), context(1, network))
    apply_transaction(state, authenticated(transfer(A, 1)), context(1, network))
    for tenure in range(2, paid_at + 3):
        assert get_account(state, MINER).balance == (500 + 2 * FEE if tenure > paid_at else 0)
        events = apply_tenure_start(state, context(tenure, network), 0, B.principal).events
        verify_supply(state, network.token)
        if tenure == paid_at:
            assert events == (MintEvent(encode_principal(MINER), 500 + 2 * FEE, 2 * FEE, 1),)
        else:
            assert events == ()


def test_fees_belong_to_the_tenure_in_which_they_are_paid() -> None:
    state = start_state()
    apply_tenure_start(state, context(1), 500, MINER)
    apply_transaction(state, authenticated(transfer(A, 0)), context(1))
    apply_tenure_start(state, context(2), 300, B.principal)
    record = get_tenure_record(state)
    assert (record.tenure_height, record.recipient) == (2, B.principal)
    assert (record.coinbase, record.fees) == (300, 0)
    assert compute_pending(state) == 500 + FEE + 300


def test_a_reward_raises_the_balance_and_keeps_the_nonce() -> None:
    state = start_state()
    put_account(state, KEYS[9].principal, Account(AMOUNT, 7))
    apply_tenure_start(state, context(1), 500, KEYS[9].principal)
    apply_tenure_start(state, context(9), 0, KEYS[9].principal)
    assert get_account(state, KEYS[9].principal) == Account(AMOUNT + 500, 7)


def test_a_tenure_comes_after_the_current_one() -> None:
    state = start_state()
    apply_tenure_start(state, context(3), 500, MINER)
    for tenure in (3, 2, 0):
        with pytest.raises(TenureOrder):
            apply_tenure_start(state, context(tenure), 500, MINER)


def test_tenures_that_were_skipped_delay_nothing() -> None:
    state = start_state()
    apply_tenure_start(state, context(1), 500, MINER)
    apply_tenure_start(state, context(2), 300, MINER)
    events = apply_tenure_start(state, context(50), 0, MINER).events
    assert [(e.amount, e.tenure_height) for e in events] == [(500, 1), (300, 2)]


def test_no_coinbase_passes_the_cap() -> None:
    state = start_state()
    left = NETWORK.token.supply_max - 10 * AMOUNT
    with pytest.raises(SupplyExceeded):
        apply_tenure_start(Overlay(state), context(1), left + 1, MINER)
    with pytest.raises(SupplyExceeded):
        apply_tenure_start(Overlay(state), context(1), -1, MINER)
    apply_tenure_start(state, context(1), left, MINER)
    verify_supply(state, NETWORK.token)


def test_the_last_transaction_of_a_tenure_start_tells_what_matured() -> None:
    state = start_state()
    apply_tenure_start(state, context(1), 500, MINER)
    coinbases = []
    for nonce in (0, 1):
        origin = single_sig(A.public_key, nonce=nonce, fee=nonce * 7)
        raw = signed(make_transaction(NETWORK, origin, Coinbase(bytes(32))), A)
        coinbases.append(authenticated(raw))
    start = apply_tenure_start(state, context(3), 0, MINER, coinbases)
    assert [r.index for r in start.receipts] == [0, 1]
    assert start.receipts[0].events == ()
    assert start.receipts[1].events == start.events != ()
    assert get_tenure_record(state).fees == 7
    verify_supply(state, NETWORK.token)


def test_a_coin_out_of_nothing_is_noticed() -> None:
    state = start_state()
    put_account(state, MINER, Account(1, 0))
    with pytest.raises(SupplyMismatch):
        verify_supply(state, NETWORK.token)
    supply = get_supply(state)
    put_supply(state, type(supply)(supply.issued + 1, supply.burned))
    verify_supply(state, NETWORK.token)
    with pytest.raises(SupplyMismatch):
        verify_supply(state, with_token(supply_max=10 * AMOUNT).token)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("tenure"), st.integers(1, 3), st.integers(0, 9)),
        st.tuples(
            st.just("transfer"),
            st.integers(0, 2),
            st.sampled_from([0, 1, 17, AMOUNT // 2, AMOUNT - FEE, AMOUNT]),
            st.integers(0, 3),
            st.sampled_from([0, FEE, 3 * FEE]),
            st.one_of(st.none(), st.integers(0, 2)),
        ),
        st.tuples(st.just("burn"), st.integers(0, 2), st.sampled_from([1, 100, AMOUNT])),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_conservation_over_any_history(steps: list[tuple]) -> None:
    state = start_state()
    tenure, epoch = 1, 0
    apply_tenure_start(state, context(tenure), 0, KEYS[0].principal)
    for step in steps:
        if step[0] == "tenure":
            tenure += step[1]
            coinbase = compute_accrued(
                epoch, epoch + step[1], get_supply(state).issued, NETWORK.token
            )
            epoch += step[1] + 1
            apply_tenure_start(state, context(tenure), coinbase, KEYS[step[2]].principal)
        elif step[0] == "transfer":
            _, sender, amount, recipient, fee, sponsor = step
            nonces = [get_account(state, key.principal).nonce for key in KEYS[:3]]
            raw = transfer(
                KEYS[sender],
                nonces[sender],
                amount,
                fee=fee,
                to=KEYS[recipient].principal,
                sponsor=None if sponsor is None else KEYS[sponsor],
                sponsor_nonce=0 if sponsor is None else nonces[sponsor],
            )
            before = state.changes()
            try:
                apply_transaction(state, authenticated(raw), context(tenure))
            except TransactionRejected:
                assert state.changes() == before
        else:
            try:
                burn(state, KEYS[step[1]].principal, step[2])
            except TransactionRejected:
                assert get_account(state, KEYS[step[1]].principal).balance < step[2]
        verify_supply(state, NETWORK.token)
    for _ in range(NETWORK.token.coinbase_maturity_tenures + 1):
        tenure += 1
        apply_tenure_start(state, context(tenure), 0, KEYS[0].principal)
    assert compute_pending(state) == 0, "every reward is paid in the end"
    verify_supply(state, NETWORK.token)
