"""Chains as data: every number of a layer-1 network, read from one TOML file per chain.

`bitcoinz/chain.toml`, `bitcoin/bitcoin.toml` and `bitcoin/litecoin.toml` hold the numbers; this
module gives them types. No other module of `l1` writes a network's number in code.
"""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import Any, Literal

import msgspec

from btczs.codec.compact import write_compact
from btczs.l1.errors import UnknownChain
from btczs.primitives import Hash32, L1Height, TimestampS, Zat
from btczs.primitives.units import ZERO_HASH, hash_from_hex

CHAIN_FILES = {
    "bitcoinz": ("bitcoinz", "chain.toml"),
    "bitcoin": ("bitcoin", "bitcoin.toml"),
    "litecoin": ("bitcoin", "litecoin.toml"),
}
NETWORKS = ("mainnet", "testnet", "regtest")

_HEX_FIELDS = (
    "magic",
    "p2pkh_prefix",
    "p2sh_prefix",
    "p2sh_prefix_old",
    "wif_prefix",
    "xpub_prefix",
    "xprv_prefix",
)


class EquihashEra(msgspec.Struct, frozen=True):
    """Equihash (n, k) is allowed from `first_height` to `last_height`, both included."""

    n: int
    k: int
    first_height: L1Height
    last_height: L1Height | None = None


class Digishield(msgspec.Struct, frozen=True):
    """Parameters of BitcoinZ's difficulty rule (see `bitcoinz.difficulty`)."""

    window_blocks: int
    damping: int
    adjust_percent_max: int
    """How far the measured time span may leave the intended one, in percent, either way."""
    reset_height: L1Height
    """The last block of Equihash's first era: the blocks after it start at the limit again."""
    min_difficulty_height: L1Height | None = None
    """From this tip on, a block that comes over six spacings late may have the limit's target."""


class CommunityFee(msgspec.Struct, frozen=True):
    """Share of the subsidy due to the community in blocks above `above_height`."""

    above_height: L1Height
    last_height: L1Height
    percent: int
    address: str | None = None
    """None where the addresses rotate (main and test network): they are not needed here."""


class FundingStream(msgspec.Struct, frozen=True):
    """ZIP-207 stream: from `first_height` to before `end_height`, once Canopy is active."""

    first_height: L1Height
    end_height: L1Height
    percent: int
    address: str


class Genesis(msgspec.Struct, frozen=True):
    """The fields of the first header. Hashes as people read them; `nonce` a number or such hex."""

    version: int
    merkle_root: str
    time: TimestampS
    bits: int
    nonce: int | str
    solution: str | None = None


class L1Params(msgspec.Struct, frozen=True, kw_only=True):
    """All rules of one layer-1 network. Prefixes and `magic` are bytes in wire order."""

    chain: Literal["bitcoinz", "bitcoin", "litecoin"]
    network: Literal["mainnet", "testnet", "regtest"]
    magic: bytes
    p2p_port: int
    rpc_port: int
    p2pkh_prefix: bytes
    p2sh_prefix: bytes
    p2sh_prefix_old: bytes | None = None
    """Accepted when addresses are read, never written (Litecoin)."""
    wif_prefix: bytes
    xpub_prefix: bytes
    xprv_prefix: bytes
    bech32_hrp: str | None = None
    coin_type: int
    """BIP-44 coin type."""
    pow_algorithm: Literal["equihash", "sha256d", "scrypt"]
    pow_limit: int
    """The easiest target."""
    spacing_s: int
    subsidy_initial: Zat
    halving_interval: int
    money_max: Zat
    coinbase_maturity: int
    coinbase_must_be_shielded: bool = False
    reorg_blocks_max: int | None = None
    """A node refuses to follow a deeper reorganisation. None: no such bound."""
    block_bytes_max: int
    genesis_hash: Hash32
    genesis_header: bytes
    activations: tuple[tuple[str, L1Height], ...]
    """Heights at which upgrades begin, by name: overwinter, sapling, canopy, or soft forks."""
    branch_ids: tuple[tuple[L1Height, int], ...] = ()
    """(first height, consensus branch id), ascending; empty where signatures name no branch."""
    equihash: tuple[EquihashEra, ...] = ()
    digishield: Digishield | None = None
    community_fee: CommunityFee | None = None
    funding_streams: tuple[FundingStream, ...] = ()

    def is_active(self, upgrade: str, height: int) -> bool:
        """Whether `upgrade` rules the block at `height`. Raises `UnknownChain` for a new name."""
        for name, first_height in self.activations:
            if name == upgrade:
                return height >= first_height
        raise UnknownChain("upgrade", upgrade, tuple(name for name, _ in self.activations))

    def compute_subsidy(self, height: int) -> Zat:
        """What the block at `height` may create, before fees, in zat."""
        halvings = height // self.halving_interval
        return Zat(self.subsidy_initial >> halvings if halvings < 64 else 0)


def get_params(chain: str, network: str, activations: Mapping[str, int] | None = None) -> L1Params:
    """The rules of `network` (mainnet, testnet, regtest) of `chain` (bitcoinz, bitcoin, litecoin).

    `activations` moves upgrades of regtest to other heights, as the real node's `-nuparams` does.
    Raises `UnknownChain`: also if `activations` is given for another network than regtest.
    """
    overrides = tuple(sorted(activations.items())) if activations else ()
    return _get_params(chain, network, overrides)


@lru_cache(maxsize=64)
def _get_params(chain: str, network: str, overrides: tuple[tuple[str, int], ...]) -> L1Params:
    if chain not in CHAIN_FILES:
        raise UnknownChain("chain", chain, tuple(CHAIN_FILES))
    if network not in NETWORKS:
        raise UnknownChain("network", network, NETWORKS)
    if overrides and network != "regtest":
        raise UnknownChain("network with movable upgrades", network, ("regtest",))
    folder, file = CHAIN_FILES[chain]
    path = resources.files("btczs.l1").joinpath(folder, file)
    document = tomllib.loads(path.read_text())
    return _build(chain, network, document, overrides)


def _build(
    chain: str, network: str, document: dict[str, Any], overrides: tuple[tuple[str, int], ...]
) -> L1Params:
    table = dict(document[network])
    heights: dict[str, int] = table["activations"]
    for name, height in overrides:
        if name not in heights:
            raise UnknownChain("upgrade", name, tuple(heights))
        heights[name] = height
    table["activations"] = tuple(heights.items())
    table["branch_ids"] = _branch_ids(heights, document.get("branch_ids", {}))
    for field in _HEX_FIELDS:
        if field in table:
            table[field] = bytes.fromhex(table[field])
    table["pow_limit"] = int(table["pow_limit"], 16)
    table["genesis_hash"] = hash_from_hex(table["genesis_hash"])
    table["genesis_header"] = _genesis_header(msgspec.convert(table.pop("genesis"), Genesis))
    return msgspec.convert({"chain": chain, "network": network, **table}, L1Params)


def _branch_ids(heights: dict[str, int], ids: dict[str, int]) -> tuple[tuple[int, int], ...]:
    """Where two upgrades begin at one height, the later one of the list rules."""
    if not ids:
        return ()
    by_height = {0: 0}
    for name, branch_id in ids.items():
        by_height[heights[name]] = branch_id
    return tuple(sorted(by_height.items()))


def _genesis_header(genesis: Genesis) -> bytes:
    """BitcoinZ's header has a reserved hash, a 32-byte nonce and a solution; Bitcoin's has not."""
    root = hash_from_hex(genesis.merkle_root)
    head = genesis.version.to_bytes(4, "little", signed=True) + ZERO_HASH + root
    times = genesis.time.to_bytes(4, "little") + genesis.bits.to_bytes(4, "little")
    if isinstance(genesis.nonce, int):
        return head + times + genesis.nonce.to_bytes(4, "little")
    solution = bytes.fromhex(genesis.solution or "")
    nonce = hash_from_hex(genesis.nonce)
    return head + ZERO_HASH + times + nonce + write_compact(len(solution)) + solution
