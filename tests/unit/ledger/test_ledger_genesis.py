"""A genesis is checked, says what is wrong, and is the same everywhere."""

import pytest
from ledger_world import KEYS, NETWORK

from btczs.codec.clarity import parse_principal
from btczs.crypto.hashes import hash160
from btczs.crypto.secp256k1 import compute_public_key
from btczs.ledger import Account, get_account
from btczs.ledger.devnet import AMOUNT, devnet_accounts, devnet_genesis, devnet_signers
from btczs.ledger.genesis import (
    GENESIS_KEY,
    InvalidGenesis,
    apply_genesis,
    compute_genesis_hash,
    parse_genesis,
)
from btczs.ledger.supply import verify_supply
from btczs.networks import load_network
from btczs.store import MemoryKV, Overlay

SIGNERS = "".join(
    f'[[signers]]\nname = "{key.name}"\npublic_key = "{key.public_key.hex()}"\nweight = 1\n'
    for key in devnet_signers()
)
REWARD = devnet_genesis().reward_addresses[0]
TEXT = f"""
network = "devnet"
timestamp = 1736726400
reward_addresses = ["{REWARD}"]

[l1_anchor]
height = 100
hash = "{"ab" * 31}01"

[[accounts]]
principal = "{KEYS[0].address}"
amount = 5000

[[accounts]]
principal = "{KEYS[1].address}.vault"
amount = 7
{SIGNERS}"""


def test_a_genesis_in_toml() -> None:
    genesis = parse_genesis(TEXT, NETWORK)
    assert [a.amount for a in genesis.accounts] == [5000, 7]
    assert genesis.signers[1].key == devnet_signers()[1].public_key
    assert genesis.l1_anchor.block_hash == b"\x01" + b"\xab" * 31
    overlay = Overlay(MemoryKV())
    apply_genesis(overlay, genesis)
    assert get_account(overlay, KEYS[0].principal) == Account(5000, 0)
    assert get_account(overlay, parse_principal(f"{KEYS[1].address}.vault")) == Account(7, 0)
    assert overlay.get(GENESIS_KEY) == compute_genesis_hash(genesis)
    verify_supply(overlay, NETWORK.token)
    with pytest.raises(AssertionError):
        apply_genesis(overlay, genesis)


KEY0, KEY1 = (key.public_key.hex() for key in devnet_signers()[:2])


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('network = "devnet"', 'network = "mainnet"', "network"),
        ("timestamp = 1736726400", "timestamp = 0", "timestamp"),
        ("timestamp = 1736726400", "timestamp = 'now'", "timestamp"),
        ("timestamp = 1736726400", "time = 1", "file"),
        (f'["{REWARD}"]', '["tmXXX"]', "reward_addresses[0]"),
        ("height = 100", "height = -1", "l1_anchor.height"),
        ("height = 100", "height = 111", "l1_anchor.height"),
        ("ab" * 31 + "01", "ab" * 31, "l1_anchor.hash"),
        ("ab" * 31 + "01", "zz" * 32, "l1_anchor.hash"),
        (KEYS[0].address, "ST1", "accounts[0].principal"),
        (KEYS[0].address, "SP000000000000000000002Q6VF78", "accounts[0].principal"),
        (f"{KEYS[1].address}.vault", KEYS[0].address, "accounts[1].principal"),
        ("amount = 5000", "amount = 0", "accounts[0].amount"),
        ("amount = 7", "amount = 2100000000000000", "accounts[1].amount"),
        ("amount = 7", 'amount = "7"', "accounts[1].amount"),
        (KEY1, KEY0, "signers[1].public_key"),
        (KEY1, KEY1[:-2], "signers[1].public_key"),
        (KEY1, "02" + "ff" * 32, "signers[1].public_key"),
        (KEY1, "not hexadecimal", "signers[1].public_key"),
        (f'{KEY1}"\nweight = 1', f'{KEY1}"\nweight = 0', "signers[1].weight"),
        ('name = "signer-0"', 'name = ""', "signers[0].name"),
        (SIGNERS, "signers = []", "accounts[1]"),
        (SIGNERS, SIGNERS.rpartition("[[signers]]")[0], "signers"),
        ("network", "= network", "file"),
    ],
)
def test_a_wrong_genesis_is_refused_with_the_name_of_its_field(
    old: str, new: str, field: str
) -> None:
    assert old in TEXT
    with pytest.raises(InvalidGenesis) as caught:
        parse_genesis(TEXT.replace(old, new, 1), NETWORK)
    assert caught.value.field == field


def test_every_field_is_part_of_the_hash() -> None:
    base = parse_genesis(TEXT, NETWORK)
    hashes = {compute_genesis_hash(base)}
    for old, new in [
        ("1736726400", "1736726401"),
        ("amount = 7", "amount = 8"),
        ("height = 100", "height = 101"),
        ('"signer-0"', '"signer-x"'),
        (REWARD, devnet_genesis().reward_addresses[1]),
    ]:
        hashes.add(compute_genesis_hash(parse_genesis(TEXT.replace(old, new, 1), NETWORK)))
    assert len(hashes) == 6


def test_the_devnet_genesis_is_always_the_same() -> None:
    genesis = devnet_genesis()
    assert genesis == devnet_genesis()
    assert len(genesis.accounts) == 10
    assert len(genesis.signers) == NETWORK.signers.count_min >= 4
    assert genesis.accounts[0].principal == "ST1JAHE8GEHB0MCBGR8J6W0AA7TJEE1XKFSD2Q80H"
    assert all(account.amount == AMOUNT for account in genesis.accounts)


def test_the_secrets_of_the_devnet_open_its_accounts() -> None:
    for key in devnet_accounts() + devnet_signers():
        assert compute_public_key(key.secret) == key.public_key
        assert key.principal.hash20 == hash160(key.public_key)


def test_the_devnet_genesis_is_none_of_another_network() -> None:
    text = TEXT.replace('network = "devnet"', 'network = "mainnet"')
    with pytest.raises(InvalidGenesis):
        parse_genesis(text, load_network("mainnet"))
