"""How contracts see the world: `StateView` is what they change, `ChainView` what they only read.

The ledger implements both over its overlay and its history; `memory.py` implements both in memory,
for tools and tests. Nothing else reaches a contract.
"""

from typing import Protocol

import msgspec

from btczs.codec.clarity.values import Principal


class Storage(Protocol):
    """Bytes under bytes, with nested undo. `btczs.store.Overlay` is one.

    Keys have 1 to 510 bytes, as `runtime.keys` makes them.
    """

    def get(self, key: bytes, /) -> bytes | None: ...
    def put(self, key: bytes, value: bytes) -> None: ...
    def delete(self, key: bytes) -> None: ...
    def checkpoint(self) -> int: ...
    def revert(self, mark: int) -> None: ...


class StxAccount(msgspec.Struct, frozen=True, gc=False):
    """What an account owns, in base units. Locked units cannot be moved before `unlock_height`."""

    unlocked: int
    locked: int
    unlock_height: int
    """Height on layer 1; 0 if nothing is locked."""


class StateView(Storage, Protocol):
    """Everything a contract can change. `checkpoint`/`revert` cover the accounts as well."""

    def stx_account(self, principal: Principal) -> StxAccount: ...
    def set_stx_unlocked(self, principal: Principal, amount: int) -> None:
        """Sets the unlocked balance. The caller has checked it.

        Units whose lock has run out count as unlocked in `stx_account`, so they are in `amount`:
        their lock is forgotten here.
        """

    def burn_stx(self, amount: int) -> None:
        """Takes `amount` out of the supply (the balance is set apart)."""

    def liquid_supply(self) -> int:
        """Base units that exist and are not burned."""


class BlockInfo(msgspec.Struct, frozen=True, gc=False):
    """A block of this chain. `time` in seconds since 1970."""

    id_header_hash: bytes
    header_hash: bytes
    time: int


class TenureInfo(msgspec.Struct, frozen=True, gc=False):
    """The tenure a block belongs to; spends and reward in base units of layer 1 and 2."""

    time: int
    vrf_seed: bytes
    l1_header_hash: bytes
    miner: Principal
    miner_spend_winner: int
    miner_spend_total: int
    block_reward: int | None
    """None until the reward has matured."""


class L1BlockInfo(msgspec.Struct, frozen=True):
    """A block of layer 1: its hash, the reward addresses paid in it `(version, hash)`, per slot."""

    header_hash: bytes
    pox_addresses: tuple[tuple[int, bytes], ...]
    payout: int


class BtczBlockInfo(msgspec.Struct, frozen=True, gc=False):
    """A block of BitcoinZ as the `btcz` extension shows it; hashes in internal byte order."""

    header_hash: bytes
    merkle_root: bytes
    time: int
    height: int
    confirmations: int


class ChainView(Protocol):
    """The chain at the block under execution. Every method is a pure function of that block."""

    @property
    def is_mainnet(self) -> bool: ...
    @property
    def is_regtest(self) -> bool: ...
    @property
    def chain_id(self) -> int: ...
    @property
    def extensions(self) -> frozenset[str]:
        """Extra native functions of this network: `{"btcz"}` or empty."""

    @property
    def block_height(self) -> int:
        """Height of the block under execution."""

    @property
    def tenure_height(self) -> int: ...
    @property
    def l1_height(self) -> int: ...
    @property
    def block_time(self) -> int:
        """Seconds since 1970 of the block under execution."""

    def block(self, height: int) -> BlockInfo | None:
        """None at and above the block under execution."""

    def tenure_of_block(self, height: int) -> TenureInfo | None: ...
    def tenure(self, tenure_height: int) -> tuple[BlockInfo, TenureInfo] | None:
        """The first block of a tenure and the tenure: what `get-block-info?` asks by.

        None for a tenure that has not begun, or whose first block is the one under execution.
        """

    def l1_block(self, height: int) -> L1BlockInfo | None: ...
    def btcz_block(self, height: int) -> BtczBlockInfo | None: ...
    def btcz_block_by_hash(self, header_hash: bytes) -> BtczBlockInfo | None:
        """A block of the best chain of BitcoinZ, as far as this block sees it."""
