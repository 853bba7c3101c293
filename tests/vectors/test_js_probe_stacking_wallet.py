"""Accounts that the reference wallet derives from a mnemonic."""

from vector_files import load

from btczs.codec.c32 import encode_c32_address
from btczs.crypto.hashes import hash160
from btczs.crypto.hd import master_key, mnemonic_to_seed, stacks_account_secret
from btczs.crypto.secp256k1 import compute_public_key


def test_accounts() -> None:
    wallet = load("stacks/js_probe_stacking.json")["wallet"]
    seed = mnemonic_to_seed(wallet["seed"])
    assert wallet["accounts"]
    for account in wallet["accounts"]:
        secret = stacks_account_secret(seed, account["index"])
        path = wallet["path"].replace("<i>", str(account["index"]))
        assert master_key(seed).derive(path).key == secret
        assert secret.hex() + "01" == account["stxPrivateKey"]
        owner = hash160(compute_public_key(secret))
        assert encode_c32_address(22, owner) == account["SP"]
        assert encode_c32_address(26, owner) == account["ST"]
