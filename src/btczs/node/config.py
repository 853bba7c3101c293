"""The configuration file of a node.

    network = "testnet"                  # mainnet, testnet, devnet, minimal
    data = "data"                        # folder; relative to this file
    genesis = "genesis.toml"             # what the chain starts from

    [l1]                                 # optional: overrides the network's [btcz_connection]
    rpc_host = "127.0.0.1"
    rpc_port = 11979
    rpc_username = "btczrpc"             # the password is read from BTCZS_L1_PASSWORD

    [api]                                # optional: leave it out to serve nothing
    host = "127.0.0.1"
    rpc_port = 20443
    api_port = 3999

    [miner]                              # optional
    keystore = "miner.json"              # made with `btczs wallet new`
    commit_amount_zat = 5000

    [signer]                             # optional: every account of the keystore signs
    keystore = "signer.json"

Passwords come from the environment, never from this file: `BTCZS_L1_PASSWORD` for layer 1,
`BTCZS_PASSWORD` for the keystores.
"""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import msgspec

from btczs.crypto.hashes import sha256
from btczs.l1.params import get_params
from btczs.ledger.genesis import parse_genesis
from btczs.networks import Network, load_network
from btczs.node.chain.assembly import MinerSecrets
from btczs.node.runtime import NodeSettings
from btczs.primitives import InvalidInput
from btczs.wallet.keystore import Keystore
from btczs.wallet.wallet import Wallet

FILE_BYTES_MAX = 1_000_000
VRF_CONTEXT = b"btczs miner VRF key of "
"""A miner's VRF key is the hash of this and its signing key: one secret to keep."""


class InvalidConfig(InvalidInput):
    """A configuration is wrong. Fields: `field`, `reason`."""

    code: ClassVar[str] = "invalid_config"

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field, self.reason = field, reason


class L1Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    rpc_host: str | None = None
    rpc_port: int | None = None
    rpc_username: str | None = None


class ApiSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    host: str = "127.0.0.1"
    rpc_port: int | None = None
    api_port: int | None = None


class MinerSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    keystore: str
    name: str = "miner"
    commit_amount_zat: int | None = None


class SignerSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    keystore: str


class NodeConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file, as it stands."""

    network: str
    data: str
    genesis: str
    l1: L1Section = L1Section()
    api: ApiSection | None = None
    miner: MinerSection | None = None
    signer: SignerSection | None = None
    block_interval_ms: int = 1_000


def load_settings(path: Path, environment: Mapping[str, str] | None = None) -> NodeSettings:
    """The settings that a configuration file asks for. Raises `InvalidConfig` and the errors of
    genesis, network and keystores, each naming what is wrong."""
    env = os.environ if environment is None else environment
    config, folder = _read(path), path.resolve().parent
    network = load_network(config.network)
    l1 = network.btcz_connection
    host, port = config.l1.rpc_host or l1.rpc_host, config.l1.rpc_port or l1.rpc_port
    api = config.api or ApiSection()
    miner, signer = config.miner, config.signer
    cap = network.btczs_network.burn_fee_cap
    return NodeSettings(
        data=folder / config.data,
        network=network,
        params=get_params(l1.chain, l1.network),
        genesis=parse_genesis(_read_text(folder / config.genesis, "genesis"), network),
        l1_url=f"http://{host}:{port}/",
        l1_user=config.l1.rpc_username or l1.rpc_username,
        l1_password=env.get("BTCZS_L1_PASSWORD", l1.rpc_password),
        host=api.host,
        rpc_port=api.rpc_port,
        api_port=api.api_port,
        miners=()
        if miner is None
        else ((miner.name, _unlock_miner(folder / miner.keystore, network, env)),),
        commit_amount_zat=(miner.commit_amount_zat if miner else None) or cap,
        signer_secrets=()
        if signer is None
        else _unlock_signers(folder / signer.keystore, network, env),
        block_interval_ms=config.block_interval_ms,
    )


def _read(path: Path) -> NodeConfig:
    try:
        return msgspec.convert(tomllib.loads(_read_text(path, "file")), NodeConfig)
    except tomllib.TOMLDecodeError as error:
        raise InvalidConfig("file", f"not TOML: {error}") from error
    except msgspec.ValidationError as error:
        reason, _, field = str(error).partition(" - at `$.")
        raise InvalidConfig(field.rstrip("`") or "file", reason) from error


def _read_text(path: Path, field: str) -> str:
    try:
        if path.stat().st_size > FILE_BYTES_MAX:
            raise InvalidConfig(field, f"{path} is larger than {FILE_BYTES_MAX} bytes")
        return path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidConfig(field, f"{path} cannot be read: {error}") from error


def _unlock_signers(path: Path, network: Network, env: Mapping[str, str]) -> tuple[bytes, ...]:
    keystore, wallet = _open("signer.keystore", path, network, env)
    return tuple(wallet.account(account.index).secret for account in keystore.accounts)


def _unlock_miner(path: Path, network: Network, env: Mapping[str, str]) -> MinerSecrets:
    _, wallet = _open("miner.keystore", path, network, env)
    signing = wallet.account(0).secret
    return MinerSecrets(signing, sha256(VRF_CONTEXT + signing), wallet.l1_account(0).secret)


def _open(
    field: str, path: Path, network: Network, env: Mapping[str, str]
) -> tuple[Keystore, Wallet]:
    """A keystore and its wallet. Raises the keystore's errors, or `InvalidConfig`."""
    password = env.get("BTCZS_PASSWORD")
    if password is None:
        raise InvalidConfig("BTCZS_PASSWORD", f"set it in the environment to unlock {path.name}")
    keystore = Keystore.load(path)
    if keystore.network_name != network.name:
        raise InvalidConfig(field, f"{path.name} belongs to {keystore.network_name}")
    return keystore, keystore.unlock(password)
