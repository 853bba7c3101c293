"""The wallet SDK: keys, transactions and a client of a node's API.

    from btczs.networks import load_network
    from btczs.wallet import SyncClient, Wallet

    wallet = Wallet.generate(load_network("devnet"))
    with SyncClient() as client:
        client.wait(client.faucet(wallet.account(0).address))
        sent = client.transfer(wallet.account(0), wallet.account(1).address, "1.5")
        client.wait(sent.txid, "signed")

- `Wallet`: one mnemonic and its accounts on layer 2 and layer 1 (`wallet`, `accounts`).
- `Keystore`: a wallet in a file, encrypted with a password (`keystore`).
- `building`: transfers, sponsored and multi-signature transactions, built and signed offline.
- `Client`, `SyncClient`: the HTTP API; `wait` reaches any of the states pending, mined, signed,
  anchored, final (`waiting`).
- `amounts`: `"1.5"` to base units and back, in integers.

Invariants
- Secrets appear in no repr and in no error.
- Nothing is signed for a network that the node is not of, or for an address of another network.
- A fee that a node proposes is bounded.
- What a node answers is checked; every failure is a `BtczsError` with a stable code.

Names are loaded when they are first used, so that importing this costs nothing.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from btczs.wallet.accounts import Account, L1Account, MultisigAccount
    from btczs.wallet.amounts import format_amount, parse_amount
    from btczs.wallet.building import Signed, build_transfer, sign, sponsor
    from btczs.wallet.client import Client
    from btczs.wallet.errors import Refused
    from btczs.wallet.keystore import Keystore
    from btczs.wallet.sync import SyncClient
    from btczs.wallet.wallet import Wallet

_MODULES = {
    "Account": "accounts",
    "Client": "client",
    "Keystore": "keystore",
    "L1Account": "accounts",
    "MultisigAccount": "accounts",
    "Refused": "errors",
    "Signed": "building",
    "SyncClient": "sync",
    "Wallet": "wallet",
    "build_transfer": "building",
    "format_amount": "amounts",
    "parse_amount": "amounts",
    "sign": "building",
    "sponsor": "building",
}

__all__ = [
    "Account",
    "Client",
    "Keystore",
    "L1Account",
    "MultisigAccount",
    "Refused",
    "Signed",
    "SyncClient",
    "Wallet",
    "build_transfer",
    "format_amount",
    "parse_amount",
    "sign",
    "sponsor",
]


def __getattr__(name: str) -> Any:
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{module}"), name)
