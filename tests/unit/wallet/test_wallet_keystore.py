"""The keystore: only the password opens it, and no crash or mistake loses it."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.pretty import pretty_repr

from btczs.networks import load_network
from btczs.primitives import BtczsError
from btczs.wallet import files, keystore
from btczs.wallet.errors import (
    InvalidAccount,
    KeystoreCorrupt,
    KeystoreError,
    KeystoreExists,
    KeystoreMissing,
    WrongPassword,
)
from btczs.wallet.keystore import Keystore
from btczs.wallet.wallet import Wallet

NETWORK = load_network("devnet")
WORDS = "legal winner thank year wave sausage worth useful legal winner thank yellow"


@pytest.fixture(autouse=True)
def _cheap_scrypt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keystore, "SCRYPT_N", 2**4)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "wallet.json"


def make(path: Path, passphrase: str = "") -> Keystore:
    return Keystore.create(path, Wallet(WORDS, NETWORK, passphrase), "password", 2)


def test_the_password_gives_the_wallet_back(path: Path) -> None:
    make(path, "extra")
    opened = Keystore.load(path)
    wallet = opened.unlock("password")
    assert (wallet.mnemonic, wallet.passphrase, wallet.network) == (WORDS, "extra", NETWORK)
    assert [shown.address for shown in opened.accounts] == [
        account.address for account in Wallet(WORDS, NETWORK, "extra").accounts(2)
    ]


def test_the_real_parameters_are_the_promised_ones(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    make(path)
    kdf = json.loads(path.read_text())["kdf"]
    assert (kdf["n"], kdf["r"], kdf["p"]) == (2**15, 8, 1)
    assert Keystore.load(path).unlock("password").mnemonic == WORDS


def test_a_wrong_password_is_a_typed_error(path: Path) -> None:
    make(path)
    for wrong in ("", "Password", "password ", "\udcff", "\ud800"):
        with pytest.raises(WrongPassword):
            Keystore.load(path).unlock(wrong)


def test_only_the_owner_can_read_it_and_no_secret_is_in_it(path: Path) -> None:
    make(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not set(WORDS.split()) & set(path.read_text().replace('"', " ").split())
    assert list(path.parent.iterdir()) == [path]


def test_a_wallet_is_never_overwritten(path: Path) -> None:
    make(path)
    before = path.read_bytes()
    with pytest.raises(KeystoreExists):
        make(path)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_failed_replacement_leaves_the_old_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = make(path)
    before = path.read_bytes()

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", fail)
    with pytest.raises(KeystoreError, match="No space left"):
        opened.add_account("password")
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]
    assert len(opened.accounts) == 2


def test_accounts_are_added_by_name(path: Path) -> None:
    opened = make(path)
    assert opened.add_account("password", "savings").index == 2
    again = Keystore.load(path)
    assert again.find("savings") == again.find("2")
    account = again.unlock_account("savings", "password")
    assert account.address == again.find("savings").address
    for bad in ("savings", "7", "account-3", "", "a b", "x" * 41):
        with pytest.raises(InvalidAccount):
            again.add_account("password", bad)
    with pytest.raises(InvalidAccount, match="wallet-0"):
        again.find("nobody")


def test_a_new_password_replaces_the_old_one(path: Path) -> None:
    make(path).change_password("password", "other one")
    with pytest.raises(WrongPassword):
        Keystore.load(path).unlock("password")
    assert Keystore.load(path).unlock("other one").mnemonic == WORDS


def test_a_missing_file_is_said_to_be_missing(path: Path) -> None:
    with pytest.raises(KeystoreMissing):
        Keystore.load(path)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("network", "mainnet"),
        (
            "accounts",
            [{"index": 0, "name": "wallet-0", "address": "ST000000000000000000002AMW42H"}],
        ),
    ],
)
def test_changing_what_is_readable_is_noticed(path: Path, field: str, value: Any) -> None:
    make(path)
    content = json.loads(path.read_text())
    content[field] = value
    path.write_text(json.dumps(content))
    with pytest.raises(WrongPassword):
        Keystore.load(path).unlock("password")


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"cipher": "none"},
        {"nonce": "00"},
        {"ciphertext": "zz"},
        {"accounts": []},
        {"network": "nowhere"},
        {"unknown": 1},
        {"kdf": {"n": 2**30, "r": 8, "p": 1, "salt": "00" * 16, "name": "scrypt"}},
        {"kdf": {"n": 2**15, "r": 8, "p": 10**6, "salt": "00" * 16, "name": "scrypt"}},
        {"kdf": {"n": 3, "r": 8, "p": 1, "salt": "00" * 16, "name": "scrypt"}},
    ],
)
def test_a_file_that_asks_for_something_else_is_refused(path: Path, change: Any) -> None:
    make(path)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(KeystoreCorrupt):
        Keystore.load(path)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_no_damage_gives_another_wallet(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "damaged.json"
    path.unlink(missing_ok=True)
    make(path)
    raw = bytearray(path.read_bytes())
    raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(raw)
    try:
        wallet = Keystore.load(path).unlock("password")
    except BtczsError as error:
        outcome = error.code
    else:
        outcome = wallet.mnemonic
    assert outcome in ("keystore_corrupt", "wrong_password", WORDS)


def test_secrets_are_in_no_repr(path: Path) -> None:
    wallet = Wallet(WORDS, NETWORK)
    account, l1 = wallet.account(0), wallet.l1_account(0)
    for thing in (wallet, account, l1, make(path)):
        for shown in (repr(thing), str(thing), pretty_repr(thing)):
            assert "sausage" not in shown
            assert account.secret.hex() not in shown
            assert repr(account.secret) not in shown
            assert repr(l1.secret) not in shown
