"""Accounts, least fees and the emission schedule."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger_world import NETWORK, STRANGER, A, authenticated, signed, transfer

from btczs.codec.clarity import encode_principal
from btczs.codec.clarity.values import ContractPrincipal, StandardPrincipal
from btczs.ledger.accounts import (
    Account,
    account_key,
    decode_account,
    encode_account,
    get_account,
    put_account,
)
from btczs.ledger.emission import compute_accrued, compute_reward
from btczs.ledger.fees import compute_fee_min
from btczs.ledger.transactions import (
    decode_transaction,
    make_contract_call,
    make_contract_deploy,
)
from btczs.ledger.transactions.builders import make_transaction, single_sig
from btczs.ledger.transactions.payloads import PoisonMicroblock
from btczs.networks import NETWORK_NAMES, Token, load_network
from btczs.primitives import Hash20, OutOfRange
from btczs.store import MemoryKV, Overlay

U64 = st.integers(0, 2**64 - 1)


@given(U64, U64)
def test_an_account_survives_encoding_in_16_bytes(balance: int, nonce: int) -> None:
    account = Account(balance, nonce)
    assert len(encode_account(account)) == 16
    assert decode_account(encode_account(account)) == account


@pytest.mark.parametrize("account", [Account(2**64, 0), Account(0, 2**64), Account(-1, 0)])
def test_an_account_out_of_range_is_not_written(account: Account) -> None:
    overlay = Overlay(MemoryKV())
    with pytest.raises(OutOfRange):
        put_account(overlay, STRANGER, account)
    assert overlay.changes() == {}


@given(st.integers(0, 31), st.binary(min_size=20, max_size=20))
def test_the_key_is_the_consensus_encoding(version: int, hash20: bytes) -> None:
    for principal in (
        StandardPrincipal(version, Hash20(hash20)),
        ContractPrincipal(version, Hash20(hash20), "pool"),
    ):
        assert account_key(principal) == b"acct/" + encode_principal(principal)


def test_a_zero_account_is_not_stored() -> None:
    kv = MemoryKV()
    overlay = Overlay(kv)
    assert get_account(overlay, STRANGER) == Account(0, 0)
    put_account(overlay, STRANGER, Account(5, 0))
    assert get_account(overlay, STRANGER) == Account(5, 0)
    kv.write(overlay.changes())
    put_account(overlay, STRANGER, Account(0, 0))
    kv.write(overlay.changes())
    assert list(kv.scan(b"", None)) == []


def test_an_empty_account_with_a_nonce_is_stored() -> None:
    overlay = Overlay(MemoryKV())
    put_account(overlay, STRANGER, Account(0, 1))
    assert get_account(overlay, STRANGER) == Account(0, 1)


def test_the_least_fee_is_the_flat_one_or_the_one_by_size() -> None:
    origin = single_sig(A.public_key, nonce=0, fee=0)
    fees = NETWORK.fees
    small = authenticated(transfer(A, 0))
    assert compute_fee_min(small.tx, len(small.raw), fees) == fees.token_transfer == 1000
    contract = ContractPrincipal(26, Hash20(bytes(20)), "pool")
    call = make_contract_call(NETWORK, origin, contract, "join")
    assert compute_fee_min(call, 200, fees) == fees.contract_call == 5000
    deploy = make_contract_deploy(NETWORK, origin, "pool", "(+ 1 1)")
    assert compute_fee_min(deploy, 200, fees) == fees.contract_deploy == 50_000
    poison = make_transaction(NETWORK, origin, PoisonMicroblock(bytes(132), b"\x01" + bytes(131)))
    assert compute_fee_min(poison, 200, msgspec.structs.replace(fees, base=700)) == 700
    large = decode_transaction(
        signed(make_contract_deploy(NETWORK, origin, "pool", " " * 60_000), A)
    )
    assert compute_fee_min(large, 60_200, fees) == 60_200
    by_two = msgspec.structs.replace(fees, per_byte=2)
    assert compute_fee_min(large, 60_200, by_two) == 120_400


@pytest.mark.parametrize("name", NETWORK_NAMES)
def test_the_reward_halves_at_the_stated_epochs(name: str) -> None:
    token = load_network(name).token
    half = token.halving_epochs
    assert compute_reward(0, token) == compute_reward(half - 1, token) == token.reward_initial
    assert compute_reward(half, token) == token.reward_initial // 2
    assert compute_reward(3 * half, token) == token.reward_initial // 8
    assert compute_reward(64 * half, token) == 0


@given(
    st.integers(0, 300),
    st.integers(-2, 120),
    st.integers(0, 6000),
    st.integers(1, 20),
    st.integers(0, 300),
)
def test_accrued_is_the_sum_over_epochs_up_to_the_cap(
    first: int, length: int, supply_max: int, interval: int, initial: int
) -> None:
    token = msgspec.structs.replace(
        NETWORK.token, supply_max=supply_max, halving_epochs=interval, reward_initial=initial
    )
    last = first + length
    for issued in (0, supply_max // 2, supply_max):
        whole = sum(compute_reward(epoch, token) for epoch in range(first, last + 1))
        assert compute_accrued(first, last, issued, token) == min(whole, supply_max - issued)


def _issue_all(token: Token) -> int:
    issued = 0
    for epoch in range(70 * token.halving_epochs):
        issued += compute_accrued(epoch, epoch, issued, token)
        assert issued <= token.supply_max
    return issued


def test_the_toy_schedule_issues_no_more_than_the_cap() -> None:
    token = load_network("minimal").token
    whole = sum(compute_reward(e, token) for e in range(70 * token.halving_epochs))
    assert _issue_all(token) == min(whole, token.supply_max)
    tight = msgspec.structs.replace(token, supply_max=whole - 1)
    assert _issue_all(tight) == whole - 1


def test_mainnet_reaches_its_cap_exactly_and_quickly() -> None:
    token = load_network("mainnet").token
    assert compute_accrued(0, 10**12, 0, token) == token.supply_max
    assert compute_accrued(0, 20_999, 0, token) == token.supply_max
    assert compute_accrued(0, 20_998, 0, token) == token.supply_max - token.reward_initial
