"""Accounts: a key, and the address it has on one network. Secrets never appear in a repr."""

from collections.abc import Sequence
from typing import Any

import msgspec

from btczs.codec.clarity import principal_text
from btczs.codec.clarity.values import StandardPrincipal
from btczs.crypto.hashes import hash160
from btczs.crypto.secp256k1 import compute_public_key, verify_public_key
from btczs.l1.address import L1Address, encode_l1_address
from btczs.l1.params import get_params
from btczs.ledger.transactions.addresses import condition_address
from btczs.ledger.transactions.builders import multi_sig
from btczs.ledger.transactions.conditions import (
    P2SH,
    P2SH_ANY_ORDER,
    P2WSH_ANY_ORDER,
    P2WSH_P2SH,
    MultiSigCondition,
)
from btczs.networks import Network
from btczs.primitives import Hash20


class Account(msgspec.Struct, frozen=True):
    """One key (32 bytes) on one network. Make it with `from_secret`, or through a `Wallet`."""

    name: str
    network: Network
    secret: bytes
    public_key: bytes
    index: int | None = None
    """Place in the wallet that it comes from; None for a key of its own."""

    @classmethod
    def from_secret(
        cls, secret: bytes, network: Network, name: str = "account", index: int | None = None
    ) -> "Account":
        """Raises `InvalidKey`. A key of 33 bytes ending in 01, as JavaScript wallets write it, is
        the same key."""
        if len(secret) == 33 and secret[-1] == 1:
            secret = secret[:32]
        return cls(name, network, secret, compute_public_key(secret), index)

    @property
    def principal(self) -> StandardPrincipal:
        return StandardPrincipal(self.network.address_version_single, hash160(self.public_key))

    @property
    def address(self) -> str:
        """`SP…` on mainnet, `ST…` on test networks."""
        return principal_text(self.principal)

    def address_on(self, network: Network) -> str:
        """The address of the same key on another network."""
        version = network.address_version_single
        return principal_text(StandardPrincipal(version, hash160(self.public_key)))

    def __repr__(self) -> str:
        return f"<Account {self.name} {self.address}>"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("name", self.name), ("address", self.address)]


class L1Account(msgspec.Struct, frozen=True):
    """A key of the wallet on layer 1: its P2PKH address there."""

    network: Network
    path: str
    secret: bytes
    public_key: bytes

    @property
    def address(self) -> str:
        """`t1…` on BitcoinZ's main network."""
        return l1_address_text(self.network, hash160(self.public_key))

    def __repr__(self) -> str:
        return f"<L1Account {self.path} {self.address}>"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("path", self.path), ("address", self.address)]


class MultisigAccount(msgspec.Struct, frozen=True):
    """An address that `required` of several keys control. Holds no secret.

    The order of `public_keys` is part of the address. `any_order`: the keys may sign in any order
    (SIP-027); otherwise they sign in theirs. `segwit` wraps it as P2WSH does.
    """

    network: Network
    public_keys: tuple[bytes, ...]
    required: int
    any_order: bool = True
    segwit: bool = False

    @classmethod
    def create(
        cls,
        network: Network,
        public_keys: Sequence[bytes],
        required: int,
        *,
        any_order: bool = True,
        segwit: bool = False,
    ) -> "MultisigAccount":
        """Raises `InvalidKey` or `SigningError` for keys and numbers that make no account."""
        for key in public_keys:
            verify_public_key(key)
        account = cls(network, tuple(public_keys), required, any_order, segwit)
        account.condition(nonce=0, fee=0)
        return account

    @property
    def hash_mode(self) -> int:
        if self.any_order:
            return P2WSH_ANY_ORDER if self.segwit else P2SH_ANY_ORDER
        return P2WSH_P2SH if self.segwit else P2SH

    def condition(self, *, nonce: int, fee: int) -> MultiSigCondition:
        """The spending condition, with no signature yet."""
        return multi_sig(
            self.public_keys, self.required, nonce=nonce, fee=fee, hash_mode=self.hash_mode
        )

    @property
    def principal(self) -> StandardPrincipal:
        condition = self.condition(nonce=0, fee=0)
        return condition_address(condition, self.network.transaction_version)

    @property
    def address(self) -> str:
        """`SM…` on mainnet, `SN…` on test networks."""
        return principal_text(self.principal)


def l1_address_text(network: Network, hash20: Hash20) -> str:
    """The P2PKH address of a key hash on the layer 1 of `network`."""
    params = get_params(network.btcz_connection.chain, network.btcz_connection.network)
    return encode_l1_address(params, L1Address("p2pkh", hash20))
