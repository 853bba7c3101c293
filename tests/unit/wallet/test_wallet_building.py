"""What the wallet builds is what the ledger accepts."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from btczs.ledger.devnet import devnet_accounts
from btczs.ledger.fees import compute_fee_min
from btczs.ledger.transactions import decode_transaction, verify_transaction
from btczs.ledger.transactions.errors import ConditionFailed, SigningError
from btczs.networks import load_network
from btczs.primitives import BaseUnits, InvalidInput
from btczs.wallet.accounts import Account, MultisigAccount
from btczs.wallet.building import (
    build_transfer,
    compute_fee_least,
    decode_memo,
    is_complete,
    parse_recipient,
    sign,
    sponsor,
)
from btczs.wallet.errors import InvalidAccount, WrongNetwork
from btczs.wallet.wallet import Wallet

DEVNET = load_network("devnet")
MAINNET = load_network("mainnet")
WORDS = "abandon " * 23 + "art"
WALLET = Wallet(WORDS, DEVNET)
ANN, BOB, CARL = WALLET.accounts(3)
AMOUNT = BaseUnits(150_000_000)


def test_the_wallet_has_the_accounts_of_the_devnet() -> None:
    for key in devnet_accounts():
        account = WALLET.account(key.index)
        assert (account.secret, account.address) == (key.secret, key.address)


def test_one_key_has_an_address_on_each_network() -> None:
    assert ANN.address.startswith("ST")
    assert ANN.address_on(MAINNET).startswith("SP")
    assert Wallet(WORDS, MAINNET).account(0).address == ANN.address_on(MAINNET)


def test_layer_1_paths_follow_the_chain() -> None:
    assert WALLET.l1_account(3).path == "m/44'/1'/0'/0/3"
    mainnet = Wallet(WORDS, MAINNET).l1_account(3)
    assert mainnet.path == "m/44'/177'/0'/0/3"
    assert mainnet.address.startswith("t1")
    assert mainnet.secret != WALLET.l1_account(3).secret


@pytest.mark.parametrize("index", [-1, 2**31])
def test_an_index_out_of_range_is_refused(index: int) -> None:
    with pytest.raises(InvalidAccount):
        WALLET.account(index)


@settings(deadline=None, max_examples=30)
@given(
    amount=st.integers(1, 2**64 - 1),
    nonce=st.integers(0, 2**64 - 1),
    fee=st.integers(0, 2**64 - 1),
    memo=st.binary(max_size=34),
)
def test_a_transfer_verifies(amount: int, nonce: int, fee: int, memo: bytes) -> None:
    tx = build_transfer(ANN, BOB.principal, BaseUnits(amount), nonce=nonce, fee=fee, memo=memo)
    signed = sign(tx, ANN)
    found = verify_transaction(decode_transaction(signed.raw), signed.raw, DEVNET)
    assert (found.origin, found.origin_nonce, found.fee) == (ANN.principal, nonce, fee)
    assert found.txid.hex() == signed.txid


def test_a_sponsor_pays_and_the_origin_does_not() -> None:
    tx = build_transfer(ANN, BOB.principal, AMOUNT, nonce=4, fee=999, sponsored=True)
    half = sign(tx, ANN)
    assert not is_complete(half.tx, DEVNET)
    whole = sponsor(decode_transaction(half.raw), CARL, nonce=7, fee=2000)
    found = verify_transaction(whole.tx, whole.raw, DEVNET)
    assert (found.origin, found.payer) == (ANN.principal, CARL.principal)
    assert (found.origin_nonce, found.payer_nonce, found.fee) == (4, 7, 2000)
    assert whole.tx.auth.origin.fee == 0


def test_a_sponsor_does_not_pay_for_what_nobody_signed() -> None:
    tx = build_transfer(ANN, BOB.principal, AMOUNT, nonce=4, fee=0, sponsored=True)
    with pytest.raises(ConditionFailed):
        sponsor(tx, CARL, nonce=7, fee=2000)
    with pytest.raises(SigningError):
        sponsor(sign(build_transfer(ANN, BOB.principal, AMOUNT, nonce=0, fee=1), ANN).tx,
                CARL, nonce=0, fee=1)  # fmt: skip


@pytest.mark.parametrize("segwit", [False, True])
@pytest.mark.parametrize("any_order", [False, True])
def test_two_of_three_sign(any_order: bool, segwit: bool) -> None:
    keys = [account.public_key for account in (ANN, BOB, CARL)]
    shared = MultisigAccount.create(DEVNET, keys, 2, any_order=any_order, segwit=segwit)
    assert shared.address.startswith("SN")
    tx = build_transfer(shared, BOB.principal, AMOUNT, nonce=0, fee=3000)
    first, second = (CARL, ANN) if any_order else (ANN, CARL)
    half = sign(tx, first)
    assert not is_complete(half.tx, DEVNET)
    whole = sign(half.tx, second)
    assert is_complete(whole.tx, DEVNET)
    found = verify_transaction(whole.tx, whole.raw, DEVNET)
    assert found.origin == shared.principal
    least = compute_fee_min(whole.tx, len(whole.raw), DEVNET.fees)
    assert compute_fee_least(tx, DEVNET) >= least


def test_the_order_of_keys_is_part_of_the_address() -> None:
    keys = [ANN.public_key, BOB.public_key]
    one = MultisigAccount.create(DEVNET, keys, 1)
    assert one.address != MultisigAccount.create(DEVNET, keys[::-1], 1).address
    with pytest.raises(SigningError):
        MultisigAccount.create(DEVNET, keys, 3)


def test_the_least_fee_is_what_the_ledger_asks() -> None:
    signed = sign(build_transfer(ANN, BOB.principal, AMOUNT, nonce=0, fee=0), ANN)
    least = compute_fee_min(signed.tx, len(signed.raw), DEVNET.fees)
    assert compute_fee_least(signed.tx, DEVNET) == least
    dear = msgspec.structs.replace(DEVNET, fees=msgspec.structs.replace(DEVNET.fees, per_byte=1000))
    assert compute_fee_least(signed.tx, dear) == 1000 * len(signed.raw)


def test_an_address_of_another_network_is_refused() -> None:
    assert parse_recipient(ANN.address, DEVNET) == ANN.principal
    with pytest.raises(WrongNetwork, match="mainnet"):
        parse_recipient(ANN.address_on(MAINNET), DEVNET)
    with pytest.raises(WrongNetwork):
        parse_recipient(ANN.address, MAINNET)


def test_memos() -> None:
    assert decode_memo("größe".encode().ljust(34, b"\0")) == "größe"
    assert decode_memo(b"\xff\x01" + bytes(32)) == "0xff01"
    assert decode_memo(b"\x1b[31m") == "0x1b5b33316d"
    with pytest.raises(InvalidInput):
        build_transfer(ANN, BOB.principal, AMOUNT, nonce=0, fee=1, memo="ä" * 18)


def test_a_javascript_key_is_the_same_key() -> None:
    assert Account.from_secret(ANN.secret + b"\x01", DEVNET).address == ANN.address
