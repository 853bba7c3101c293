"""A wallet: one mnemonic, and all accounts that follow from it.

Layer 2: `m/44'/5757'/0'/0/i`, as Stacks wallets derive their keys. Layer 1: `m/44'/c'/0'/0/i` with
the coin type c of the chain (177 for BitcoinZ, 1 on every test network).
"""

from typing import Final

from btczs.crypto.hd import ExtendedKey, master_key
from btczs.crypto.mnemonic import mnemonic_generate, mnemonic_to_seed
from btczs.l1.params import get_params
from btczs.networks import Network
from btczs.wallet.accounts import Account, L1Account
from btczs.wallet.errors import InvalidAccount

STACKS_PATH: Final = "m/44'/5757'/0'/0"
INDEX_MAX: Final = 2**31 - 1


class Wallet:
    """Raises `InvalidMnemonic` if the words are none. Nothing here is written anywhere."""

    __slots__ = ("_l1_parent", "_parent", "mnemonic", "network", "passphrase")

    def __init__(self, mnemonic: str, network: Network, passphrase: str = "") -> None:
        self.mnemonic = " ".join(mnemonic.lower().split())
        self.network = network
        self.passphrase = passphrase
        master = master_key(mnemonic_to_seed(mnemonic, passphrase))
        self._parent = master.derive(STACKS_PATH)
        self._l1_parent = master.derive(l1_path(network))

    @classmethod
    def generate(cls, network: Network, words: int = 24) -> "Wallet":
        """A new wallet, from the randomness of the operating system."""
        return cls(mnemonic_generate(words), network)

    def account(self, index: int = 0, name: str | None = None) -> Account:
        """Account `index` of layer 2. Raises `InvalidAccount`."""
        secret = _child(self._parent, index).secret
        return Account.from_secret(secret, self.network, name or f"wallet-{index}", index)

    def accounts(self, count: int) -> tuple[Account, ...]:
        """The first `count` accounts."""
        return tuple(self.account(index) for index in range(count))

    def l1_account(self, index: int = 0) -> L1Account:
        """Account `index` of layer 1."""
        key = _child(self._l1_parent, index)
        path = f"{l1_path(self.network)}/{index}"
        return L1Account(self.network, path, key.secret, key.public_key)

    def __repr__(self) -> str:
        return f"<Wallet {self.network.name} {self.account().address}>"


def l1_path(network: Network) -> str:
    """The path of the layer-1 accounts, without the index."""
    params = get_params(network.btcz_connection.chain, network.btcz_connection.network)
    return f"m/44'/{params.coin_type}'/0'/0"


def _child(parent: ExtendedKey, index: int) -> ExtendedKey:
    if not 0 <= index <= INDEX_MAX:
        raise InvalidAccount(f"an account index is 0 to {INDEX_MAX}, not {index}")
    return parent.child(index)
