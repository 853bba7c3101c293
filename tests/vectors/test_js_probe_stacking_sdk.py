"""The wallet SDK has the accounts that the reference wallet derives from the same words."""

from vector_files import load

from btczs.networks import load_network
from btczs.wallet.accounts import Account
from btczs.wallet.wallet import Wallet


def test_accounts_of_the_sdk() -> None:
    vector = load("stacks/js_probe_stacking.json")["wallet"]
    mainnet, testnet = load_network("mainnet"), load_network("testnet")
    wallet = Wallet(vector["seed"], mainnet)
    assert vector["accounts"]
    for expected in vector["accounts"]:
        account = wallet.account(expected["index"])
        assert account.address == expected["SP"]
        assert account.address_on(testnet) == expected["ST"]
        imported = Account.from_secret(bytes.fromhex(expected["stxPrivateKey"]), testnet)
        assert imported.address == expected["ST"]
        assert imported.secret == account.secret
