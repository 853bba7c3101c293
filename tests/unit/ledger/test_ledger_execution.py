"""What a transfer does, and what cannot be in a block."""

import msgspec
import pytest
from ledger_world import (
    FEE,
    KEYS,
    NETWORK,
    STRANGER,
    A,
    B,
    C,
    authenticated,
    context,
    signed,
    transfer,
)

from btczs.codec.clarity import decode_value, encode_principal
from btczs.codec.clarity.values import TRUE, ContractPrincipal, OkValue, StandardPrincipal
from btczs.ledger import (
    Account,
    apply_tenure_start,
    apply_tenure_transaction,
    apply_transaction,
    burn,
    get_account,
    put_account,
    rejections,
)
from btczs.ledger.devnet import AMOUNT, devnet_genesis
from btczs.ledger.events import BurnEvent, TransferEvent, decode_principal
from btczs.ledger.genesis import apply_genesis
from btczs.ledger.receipts import ZERO_COST, Receipt, decode_receipt, encode_receipt
from btczs.ledger.rewards import NoTenure, get_tenure_record
from btczs.ledger.supply import get_supply, verify_supply
from btczs.ledger.transactions import make_contract_call, make_contract_deploy
from btczs.ledger.transactions.builders import make_transaction, single_sig
from btczs.ledger.transactions.payloads import Coinbase, PoisonMicroblock
from btczs.ledger.transactions.post_conditions import StxPostCondition
from btczs.primitives import DecodeError, Hash20
from btczs.store import MemoryKV, Overlay


@pytest.fixture
def state() -> Overlay:
    overlay = Overlay(MemoryKV())
    apply_genesis(overlay, devnet_genesis())
    apply_tenure_start(overlay, context(1), 500, KEYS[9].principal)
    return overlay


def run(state: Overlay, raw: bytes, index: int = 0) -> Receipt:
    receipt = apply_transaction(state, authenticated(raw), context(), index)
    verify_supply(state, NETWORK.token)
    return receipt


def refuse(state: Overlay, raw: bytes, error: type[Exception]) -> pytest.ExceptionInfo:
    before = state.changes()
    with pytest.raises(error) as caught:
        apply_transaction(state, authenticated(raw), context())
    assert state.changes() == before, "a refused transaction leaves no trace"
    return caught


def test_a_transfer_moves_amount_and_fee(state: Overlay) -> None:
    raw = transfer(A, 0, 70, memo=b"hello")
    receipt = run(state, raw, index=3)
    assert get_account(state, A.principal) == Account(AMOUNT - 70 - FEE, 1)
    assert get_account(state, STRANGER) == Account(70, 0)
    assert get_tenure_record(state).fees == FEE
    assert (receipt.index, receipt.status, receipt.fee) == (3, "success", FEE)
    assert receipt.txid == authenticated(raw).txid
    assert decode_value(receipt.result) == OkValue(TRUE)
    assert receipt.cost == ZERO_COST
    (event,) = receipt.events
    assert isinstance(event, TransferEvent)
    assert decode_principal(event.sender) == A.principal
    assert decode_principal(event.recipient) == STRANGER
    assert (event.amount, event.memo) == (70, b"hello".ljust(34, b"\0"))


def test_a_transfer_to_a_contract_principal(state: Overlay) -> None:
    pool = ContractPrincipal(26, Hash20(b"\x05" * 20), "pool")
    run(state, transfer(A, 0, 70, to=pool))
    assert get_account(state, pool) == Account(70, 0)
    assert get_account(state, pool.issuer) == Account(0, 0)


def test_a_transfer_to_a_contract_of_the_sender_is_no_transfer_to_the_sender(
    state: Overlay,
) -> None:
    own = ContractPrincipal(A.principal.version, A.principal.hash20, "pool")
    run(state, transfer(A, 0, 70, to=own))
    assert get_account(state, own).balance == 70


def test_a_sponsor_pays_the_fee(state: Overlay) -> None:
    run(state, transfer(A, 0, 70, sponsor=B))
    assert get_account(state, A.principal) == Account(AMOUNT - 70, 1)
    assert get_account(state, B.principal) == Account(AMOUNT - FEE, 1)


def test_a_sponsor_may_be_the_recipient(state: Overlay) -> None:
    run(state, transfer(A, 0, 70, to=B.principal, sponsor=B))
    assert get_account(state, B.principal) == Account(AMOUNT + 70 - FEE, 1)


def test_the_whole_balance_can_be_sent_and_leaves_a_nonce(state: Overlay) -> None:
    run(state, transfer(A, 0, AMOUNT - FEE))
    assert get_account(state, A.principal) == Account(0, 1)


def test_who_sponsors_himself_uses_one_nonce(state: Overlay) -> None:
    run(state, transfer(A, 0, 70, sponsor=A))
    assert get_account(state, A.principal) == Account(AMOUNT - 70 - FEE, 1)
    caught = refuse(state, transfer(A, 1, 70, sponsor=A, sponsor_nonce=2), rejections.BadNonce)
    assert caught.value.to_reason()[1]["is_origin"] is False


@pytest.mark.parametrize("nonce", [1, 2**64 - 1])
def test_a_nonce_ahead_is_refused(state: Overlay, nonce: int) -> None:
    caught = refuse(state, transfer(A, nonce), rejections.BadNonce)
    assert caught.value.to_reason() == (
        "BadNonce",
        {"expected": 0, "actual": nonce, "is_origin": True, "principal": A.address},
    )


def test_a_nonce_is_used_once(state: Overlay) -> None:
    run(state, transfer(A, 0))
    refuse(state, transfer(A, 0), rejections.BadNonce)


def test_a_wrong_nonce_of_the_sponsor_is_refused(state: Overlay) -> None:
    caught = refuse(state, transfer(A, 0, sponsor=B, sponsor_nonce=1), rejections.BadNonce)
    assert caught.value.to_reason()[1] == {
        "expected": 0,
        "actual": 1,
        "is_origin": False,
        "principal": B.address,
    }


def test_less_than_the_least_fee_is_refused_in_a_block_too(state: Overlay) -> None:
    caught = refuse(state, transfer(A, 0, fee=999), rejections.FeeTooLow)
    assert caught.value.to_reason() == ("FeeTooLow", {"expected": 1000, "actual": 999})


def test_more_than_the_balance_is_refused(state: Overlay) -> None:
    caught = refuse(state, transfer(A, 0, AMOUNT - FEE + 1), rejections.NotEnoughFunds)
    assert caught.value.to_reason() == (
        "NotEnoughFunds",
        {"expected": f"0x{AMOUNT + 1:032x}", "actual": f"0x{AMOUNT:032x}"},
    )
    refuse(state, transfer(A, 0, AMOUNT + 1, sponsor=B), rejections.NotEnoughFunds)


def test_a_sponsor_who_cannot_pay_is_refused(state: Overlay) -> None:
    put_account(state, C.principal, Account(FEE - 1, 0))
    refuse(state, transfer(A, 0, sponsor=C), rejections.NotEnoughFunds)


def test_rules_of_transfers(state: Overlay) -> None:
    refuse(state, transfer(A, 0, 0), rejections.TransferAmountMustBePositive)
    refuse(state, transfer(A, 0, to=A.principal), rejections.TransferRecipientCannotEqualSender)
    for version in (20, 22, 0, 31):
        foreign = StandardPrincipal(version, Hash20(b"\x01" * 20))
        refuse(state, transfer(A, 0, to=foreign), rejections.BadAddressVersionByte)


def test_a_transfer_carries_no_post_conditions(state: Overlay) -> None:
    tx = authenticated(transfer(A, 0)).tx
    condition = StxPostCondition(None, 1, 10)
    raw = signed(msgspec.structs.replace(tx, post_conditions=(condition,)), A)
    refuse(state, raw, rejections.TransferWithPostConditions)


def test_what_is_not_activated_says_so(state: Overlay) -> None:
    origin = single_sig(A.public_key, nonce=0, fee=60_000)
    pool = ContractPrincipal(26, Hash20(bytes(20)), "pool")
    poison = PoisonMicroblock(bytes(132), b"\x01" + bytes(131))
    for tx in (
        make_contract_deploy(NETWORK, origin, "pool", "(+ 1 1)"),
        make_contract_call(NETWORK, origin, pool, "join"),
        make_transaction(NETWORK, origin, poison),
    ):
        caught = refuse(state, signed(tx, A), rejections.NotActivated)
        reason, data = caught.value.to_reason()
        assert reason == "ServerFailureOther"
        assert "not activated on this network yet" in data["message"]


def test_a_coinbase_stands_only_at_the_start_of_a_tenure(state: Overlay) -> None:
    origin = single_sig(A.public_key, nonce=0, fee=0)
    raw = signed(make_transaction(NETWORK, origin, Coinbase(bytes(32))), A)
    refuse(state, raw, rejections.OnlyAtTenureStart)
    receipt = apply_tenure_transaction(state, authenticated(raw), 1)
    assert (receipt.index, receipt.fee, receipt.events) == (1, 0, ())
    assert get_account(state, A.principal) == Account(AMOUNT, 1)
    with pytest.raises(rejections.BadNonce):
        apply_tenure_transaction(state, authenticated(raw), 1)
    with pytest.raises(rejections.ServerFailureOther):
        apply_tenure_transaction(state, authenticated(transfer(A, 1)), 1)


def test_before_the_first_tenure_nothing_is_executed() -> None:
    overlay = Overlay(MemoryKV())
    apply_genesis(overlay, devnet_genesis())
    refuse(overlay, transfer(A, 0), NoTenure)
    refuse(overlay, transfer(A, 0, sponsor=B), NoTenure)


def test_burned_coins_leave_balance_and_supply(state: Overlay) -> None:
    event = burn(state, A.principal, 30)
    assert event == BurnEvent(encode_principal(A.principal), 30)
    assert get_account(state, A.principal) == Account(AMOUNT - 30, 0)
    assert get_supply(state).burned == 30
    verify_supply(state, NETWORK.token)
    with pytest.raises(rejections.NotEnoughFunds):
        burn(state, A.principal, AMOUNT)
    with pytest.raises(rejections.TransferAmountMustBePositive):
        burn(state, A.principal, 0)
    verify_supply(state, NETWORK.token)


def test_a_receipt_survives_encoding(state: Overlay) -> None:
    receipt = run(state, transfer(A, 0, 70, memo=b"x", sponsor=B))
    receipt = msgspec.structs.replace(
        receipt, events=(*receipt.events, burn(state, A.principal, 5))
    )
    raw = encode_receipt(receipt)
    assert decode_receipt(raw) == receipt
    for bad in (b"", raw[:-1], raw + b"\x00", b"\xff" * 40):
        with pytest.raises(DecodeError):
            decode_receipt(bad)
