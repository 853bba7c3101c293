"""The genesis of the devnet: the same accounts and signers on every machine.

DEVELOPMENT ONLY. All keys come from a mnemonic that the whole world knows; whatever is sent to
them on a network with value is lost at once.
"""

import msgspec

from btczs.codec.clarity import principal_text
from btczs.codec.clarity.values import StandardPrincipal
from btczs.crypto.hashes import hash160
from btczs.crypto.hd import l1_account_secret, mnemonic_to_seed, stacks_account_secret
from btczs.crypto.secp256k1 import compute_public_key
from btczs.l1.address import L1Address, encode_l1_address
from btczs.l1.params import get_params
from btczs.ledger.genesis import Genesis, GenesisAccount, GenesisSigner, convert_genesis
from btczs.networks import Network, load_network
from btczs.primitives import BaseUnits, TimestampS
from btczs.primitives.units import BASE_UNITS_PER_BTCZS

DEVNET_MNEMONIC = "abandon " * 23 + "art"
"""DEVELOPMENT ONLY: the best-known 24 words there are."""

ACCOUNT_COUNT = 10
SIGNER_INDEX = 1000
"""Signers' keys begin at this account index, so that wallets do not show them as accounts."""
AMOUNT = BaseUnits(100_000 * BASE_UNITS_PER_BTCZS)
"""Of each account: enough to stack as a signer."""
TIMESTAMP = TimestampS(1_736_726_400)
"""2025-01-13, the date of the specification."""
L1_TEST_COIN_TYPE = 1


class DevnetKey(msgspec.Struct, frozen=True):
    """A key everybody knows. `secret` (32 bytes) is for development only."""

    name: str
    index: int
    secret: bytes
    public_key: bytes
    principal: StandardPrincipal

    @property
    def address(self) -> str:
        """The principal as text."""
        return principal_text(self.principal)


def devnet_accounts() -> tuple[DevnetKey, ...]:
    """The prefunded accounts, `account-0` first."""
    network = load_network("devnet")
    return tuple(_derive(f"account-{i}", i, network) for i in range(ACCOUNT_COUNT))


def devnet_signers() -> tuple[DevnetKey, ...]:
    """The signers, as many as the network asks for."""
    network = load_network("devnet")
    count = network.signers.count_min
    return tuple(_derive(f"signer-{i}", SIGNER_INDEX + i, network) for i in range(count))


def devnet_genesis() -> Genesis:
    """The genesis of the devnet; equal on every call and machine."""
    network = load_network("devnet")
    return convert_genesis(
        {
            "network": network.name,
            "timestamp": TIMESTAMP,
            "accounts": tuple(GenesisAccount(key.address, AMOUNT) for key in devnet_accounts()),
            "signers": tuple(
                GenesisSigner(key.name, key.public_key.hex(), 1) for key in devnet_signers()
            ),
            "reward_addresses": _reward_addresses(network),
        },
        network,
    )


def _reward_addresses(network: Network) -> tuple[str, ...]:
    """One layer-1 address per signer: mining pays them, because nobody has stacked yet."""
    l1 = network.btcz_connection
    params = get_params(l1.chain, l1.network)
    seed = mnemonic_to_seed(DEVNET_MNEMONIC, "")
    addresses = []
    for index in range(network.signers.count_min):
        secret = l1_account_secret(seed, L1_TEST_COIN_TYPE, SIGNER_INDEX + index)
        address = L1Address("p2pkh", hash160(compute_public_key(secret)))
        addresses.append(encode_l1_address(params, address))
    return tuple(addresses)


def _derive(name: str, index: int, network: Network) -> DevnetKey:
    secret = stacks_account_secret(mnemonic_to_seed(DEVNET_MNEMONIC, ""), index)
    public_key = compute_public_key(secret)
    principal = StandardPrincipal(network.address_version_single, hash160(public_key))
    return DevnetKey(name, index, secret, public_key, principal)
