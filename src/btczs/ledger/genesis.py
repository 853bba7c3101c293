"""The first state: who owns what before the first block, and who signs until signers stake.

A genesis is a TOML file:

    network = "testnet"
    timestamp = 1735689600                    # seconds since 1970, of the genesis block
    reward_addresses = ["t1..."]              # layer-1 addresses that mining pays; may be empty

    [l1_anchor]                               # optional: the layer-1 block it looks at
    height = 1900000
    hash = "<64 hexadecimal digits as block explorers show them>"

    [[accounts]]
    principal = "ST..."
    amount = 100000000                        # base units; counts as issued supply

    [[signers]]
    name = "first"
    public_key = "<66 hexadecimal digits>"
    weight = 1

Two nodes with the same genesis have the same `compute_genesis_hash`, which is part of the state.
"""

import tomllib
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar

import msgspec

from btczs.codec.clarity import parse_principal
from btczs.codec.clarity.values import Principal
from btczs.crypto.hashes import sha512_256
from btczs.crypto.secp256k1 import verify_public_key
from btczs.l1.address import decode_l1_address
from btczs.l1.params import get_params
from btczs.ledger.accounts import Account, put_account
from btczs.ledger.supply import Supply, put_supply
from btczs.networks import Network
from btczs.primitives import (
    U32,
    U64,
    BaseUnits,
    Hash32,
    InvalidInput,
    L1Height,
    Nonce,
    TimestampS,
)
from btczs.primitives.units import hash_from_hex
from btczs.store.overlay import Overlay

GENESIS_KEY = b"genesis"
ACCOUNTS_MAX = 100_000
"""A genesis is read and written at once, in memory."""
SIGNER_NAME_LENGTH_MAX = 64


class InvalidGenesis(InvalidInput):
    """A genesis is wrong. Fields: `field` (path such as `accounts[2].amount`), `reason`."""

    code: ClassVar[str] = "invalid_genesis"

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field, self.reason = field, reason


class GenesisAccount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`principal` (text) owns `amount` base units from the start."""

    principal: str
    amount: BaseUnits


class GenesisSigner(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A signer of blocks until enough have staked. `public_key` is compressed, hexadecimal."""

    name: str
    public_key: str
    weight: int

    @property
    def key(self) -> bytes:
        """The public key, 33 bytes."""
        return bytes.fromhex(self.public_key)


class L1Anchor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A layer-1 block. `hash` is the form people read."""

    height: L1Height
    hash: str

    @property
    def block_hash(self) -> Hash32:
        """The hash in internal byte order."""
        return hash_from_hex(self.hash)


class Genesis(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything a chain starts from, besides the rules of its network."""

    network: str
    timestamp: TimestampS
    accounts: tuple[GenesisAccount, ...]
    signers: tuple[GenesisSigner, ...]
    reward_addresses: tuple[str, ...] = ()
    l1_anchor: L1Anchor | None = None


def parse_genesis(text: str, network: Network) -> Genesis:
    """The genesis that a TOML text describes. Raises `InvalidGenesis`, which names the field."""
    try:
        tree = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also numbers too long, arrays too deep
        raise InvalidGenesis("file", f"not TOML: {error}") from error
    return convert_genesis(tree, network)


def convert_genesis(data: Mapping[str, Any], network: Network) -> Genesis:
    """The genesis in a dictionary of the same shape. Raises `InvalidGenesis`."""
    try:
        genesis = msgspec.convert(data, Genesis)
    except msgspec.ValidationError as error:
        reason, _, path = str(error).partition(" - at `$.")
        raise InvalidGenesis(path.rstrip("`") or "file", reason) from error
    verify_genesis(genesis, network)
    return genesis


def compute_genesis_hash(genesis: Genesis) -> Hash32:
    """Identifies the genesis: SHA-512/256 of its MessagePack form, fields in their order."""
    return sha512_256(msgspec.msgpack.encode(msgspec.to_builtins(genesis)))


def apply_genesis(overlay: Overlay, genesis: Genesis) -> None:
    """Writes the first state into an empty overlay. The genesis must have been verified."""
    assert overlay.get(GENESIS_KEY) is None, "the state has a genesis already"
    for entry in genesis.accounts:
        put_account(overlay, parse_principal(entry.principal), Account(entry.amount, Nonce(0)))
    issued = sum(entry.amount for entry in genesis.accounts)
    put_supply(overlay, Supply(BaseUnits(issued), BaseUnits(0)))
    overlay.put(GENESIS_KEY, compute_genesis_hash(genesis))


def verify_genesis(genesis: Genesis, network: Network) -> None:
    """Raises `InvalidGenesis` unless `genesis` is one for `network`."""
    if genesis.network != network.name:
        raise InvalidGenesis("network", f"{genesis.network!r} is not {network.name!r}")
    if not 0 < genesis.timestamp <= U64.maximum:
        raise InvalidGenesis("timestamp", "must be positive and a u64")
    _verify_accounts(genesis.accounts, network)
    _verify_signers(genesis.signers, network)
    params = get_params(network.btcz_connection.chain, network.btcz_connection.network)
    for index, text in enumerate(genesis.reward_addresses):
        _check(f"reward_addresses[{index}]", partial(decode_l1_address, params, text))
    anchor = genesis.l1_anchor
    if anchor is not None:
        if anchor.height not in U32:
            raise InvalidGenesis("l1_anchor.height", "must be a u32")
        if anchor.height >= network.pox.first_l1_height:
            reason = (
                f"must be before the first epoch, which begins at {network.pox.first_l1_height}"
            )
            raise InvalidGenesis("l1_anchor.height", reason)
        _check("l1_anchor.hash", partial(hash_from_hex, anchor.hash))


def _verify_accounts(accounts: tuple[GenesisAccount, ...], network: Network) -> None:
    if len(accounts) > ACCOUNTS_MAX:
        raise InvalidGenesis("accounts", f"at most {ACCOUNTS_MAX} can be there")
    versions = (network.address_version_single, network.address_version_multi)
    seen: set[Principal] = set()
    total = 0
    for index, entry in enumerate(accounts):
        field = f"accounts[{index}]"
        text = entry.principal
        principal = _check(f"{field}.principal", partial(parse_principal, text))
        if principal.version not in versions:
            raise InvalidGenesis(f"{field}.principal", f"{text} is of another network")
        if principal in seen:
            raise InvalidGenesis(f"{field}.principal", f"{text} is there twice")
        seen.add(principal)
        if entry.amount <= 0:
            raise InvalidGenesis(f"{field}.amount", "must be positive")
        total += entry.amount
        if total > network.token.supply_max:
            raise InvalidGenesis(
                f"{field}.amount", f"lifts the sum above the supply {network.token.supply_max}"
            )


def _verify_signers(signers: tuple[GenesisSigner, ...], network: Network) -> None:
    rules = network.signers
    if not rules.count_min <= len(signers) <= rules.count_max:
        raise InvalidGenesis(
            "signers", f"{rules.count_min} to {rules.count_max} are needed, {len(signers)} are here"
        )
    seen: set[bytes] = set()
    for index, signer in enumerate(signers):
        field = f"signers[{index}]"
        if not 0 < len(signer.name) <= SIGNER_NAME_LENGTH_MAX:
            raise InvalidGenesis(f"{field}.name", f"1 to {SIGNER_NAME_LENGTH_MAX} characters")
        key: bytes = _check(f"{field}.public_key", partial(bytes.fromhex, signer.public_key))
        if len(key) != 33 or len(signer.public_key) != 66:
            raise InvalidGenesis(f"{field}.public_key", "must be compressed: 66 hexadecimal digits")
        _check(f"{field}.public_key", partial(verify_public_key, key))
        if key in seen:
            raise InvalidGenesis(f"{field}.public_key", "is there twice")
        seen.add(key)
        if not 0 < signer.weight <= 0xFFFF_FFFF:
            raise InvalidGenesis(f"{field}.weight", "must be 1 to 2^32 - 1")


def _check(field: str, read: Callable[[], Any]) -> Any:
    """What `read` gives; what it refuses is reported with the name of the field."""
    try:
        return read()
    except (InvalidInput, ValueError) as error:
        raise InvalidGenesis(field, str(error)) from error
