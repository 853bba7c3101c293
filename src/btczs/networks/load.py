"""Reading a network file and saying exactly what is wrong with it."""

import tomllib
from importlib import resources
from typing import ClassVar

import msgspec

from btczs.networks.model import Network
from btczs.primitives import U32, U64, InvalidInput

NETWORK_NAMES = ("mainnet", "testnet", "devnet", "minimal")

SINGLE_MULTI_BY_TRANSACTION_VERSION = {0x00: (22, 20), 0x80: (26, 21)}
L1_NETWORKS = ("mainnet", "testnet", "regtest")
L1_CHAINS = ("bitcoinz", "bitcoin", "litecoin")


class InvalidNetwork(InvalidInput):
    """A network file is wrong. Fields: `field` (dotted path), `reason`."""

    code: ClassVar[str] = "invalid_network"

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field, self.reason = field, reason


def load_network(name: str) -> Network:
    """The network of that name. Raises `InvalidNetwork` if there is none."""
    if name not in NETWORK_NAMES:
        raise InvalidNetwork("name", f"{name!r} is none of {', '.join(NETWORK_NAMES)}")
    return parse_network(resources.files(__package__).joinpath(f"{name}.toml").read_text())


def parse_network(text: str) -> Network:
    """The network that a TOML text describes. Raises `InvalidNetwork`, which names the field."""
    try:
        tree = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also numbers too long, arrays too deep
        raise InvalidNetwork("file", f"not TOML: {error}") from error
    try:
        network = msgspec.convert(tree, Network)
    except msgspec.ValidationError as error:
        reason, _, path = str(error).partition(" - at `$.")
        raise InvalidNetwork(path.rstrip("`") or "file", reason) from error
    _verify_network(network)
    return network


def _verify_network(n: Network) -> None:
    def require(ok: bool, field: str, reason: str) -> None:
        if not ok:
            raise InvalidNetwork(field, reason)

    core, l1, pox, token = n.btczs_network, n.btcz_connection, n.pox, n.token
    require(core.chain_id in U32 and core.chain_id > 0, "btczs_network.chain_id", "must be a u32")
    require(core.network_id in U32, "btczs_network.network_id", "must be a u32")
    require(core.burn_fee_cap > 0, "btczs_network.burn_fee_cap", "must be positive")
    ports = {
        "btczs_network.peer_port": core.peer_port,
        "btczs_network.rpc_port": core.rpc_port,
        "btczs_network.api_port": core.api_port,
        "btcz_connection.rpc_port": l1.rpc_port,
    }
    for field, port in ports.items():
        require(0 < port < 65536, field, "must be a port, 1 to 65535")
    require(
        len({core.peer_port, core.rpc_port, core.api_port}) == 3,
        "btczs_network.api_port",
        "peer, rpc and api ports must differ",
    )
    require(core.block_time_ms > 0, "btczs_network.block_time_ms", "must be positive")
    require(
        0 < core.microblock_time_ms <= core.block_time_ms,
        "btczs_network.microblock_time_ms",
        "must be positive and at most block_time_ms",
    )
    require(l1.network in L1_NETWORKS, "btcz_connection.network", f"one of {L1_NETWORKS}")
    require(l1.chain in L1_CHAINS, "btcz_connection.chain", f"one of {L1_CHAINS}")
    require(l1.rpc_host != "", "btcz_connection.rpc_host", "must not be empty")
    require(l1.min_confirmations > 0, "btcz_connection.min_confirmations", "must be positive")
    require(
        SINGLE_MULTI_BY_TRANSACTION_VERSION.get(n.transaction_version)
        == (n.address_version_single, n.address_version_multi),
        "transaction_version",
        "0x00 goes with address versions 22/20, 0x80 with 26/21",
    )
    require(token.decimals == 8, "token.decimals", "amounts count 1e-8 units; must be 8")
    require(0 < token.supply_max <= U64.maximum, "token.supply_max", "must be a positive u64")
    require(token.reward_initial in U64, "token.reward_initial", "must be a u64")
    require(token.halving_epochs > 0, "token.halving_epochs", "must be positive")
    require(token.coinbase_maturity_tenures >= 0, "token.coinbase_maturity_tenures", "not negative")
    for field in n.fees.__struct_fields__:
        require(getattr(n.fees, field) in U64, f"fees.{field}", "must be a u64")
    require(
        len(pox.magic) == 2 and pox.magic.isascii(), "pox.magic", "must be two ASCII characters"
    )
    for field in ("l1_blocks_per_epoch", "commit_window_epochs", "l1_undo_blocks"):
        require(getattr(pox, field) > 0, f"pox.{field}", "must be positive")
    require(pox.first_l1_height >= 1, "pox.first_l1_height", "must be 1 or more")
    require(
        0 <= pox.commit_frequency_min <= pox.commit_window_epochs,
        "pox.commit_frequency_min",
        "must be within commit_window_epochs",
    )
    require(0 < pox.commit_modulus <= 8, "pox.commit_modulus", "must be 1 to 8 (three bits)")
    require(
        0 < pox.prepare_phase_epochs < pox.reward_cycle_epochs,
        "pox.prepare_phase_epochs",
        "must be shorter than the reward cycle",
    )
    require(1 <= n.signers.count_min <= n.signers.count_max, "signers.count_min", "1 to count_max")
    require(
        667 <= n.signers.threshold_permille <= 1000,
        "signers.threshold_permille",
        "must be above two thirds",
    )
    for field in n.limits.__struct_fields__:
        require(getattr(n.limits, field) > 0, f"limits.{field}", "must be positive")
    require(
        n.limits.transaction_bytes_max <= n.limits.block_bytes_max,
        "limits.transaction_bytes_max",
        "a transaction must fit a block",
    )
