"""A world for contracts in memory: `MemoryState` to change and `MemoryChain` to look at.

Tools and tests run contracts in it; the ledger implements the same Protocols (`views`) over its own
state. The chain is simulated: hashes, times and spends follow from heights and a seed alone, and
the `set_…` methods replace what a test cares about.

    chain = MemoryChain()
    state = MemoryState(chain)
    state.mint(alice, 1_000_000)
    chain.advance_blocks()
"""

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from btczs.codec.clarity.principals import encode_principal
from btczs.codec.clarity.values import ContractPrincipal, Principal, StandardPrincipal
from btczs.crypto.hashes import hash160, sha512_256
from btczs.store.kv import prefix_end
from btczs.store.memory import MemoryKV
from btczs.store.overlay import Overlay
from btczs.vm.clarity.runtime.assets import U128_MAX, plain_principal
from btczs.vm.clarity.runtime.errors import ArithmeticOverflow, ArithmeticUnderflow
from btczs.vm.clarity.runtime.keys import contract_prefix
from btczs.vm.clarity.runtime.views import (
    BlockInfo,
    BtczBlockInfo,
    ChainView,
    L1BlockInfo,
    StxAccount,
    TenureInfo,
)

TESTNET_CHAIN_ID: Final = 0x80000000
TESTNET_ADDRESS_VERSION: Final = 26
GENESIS_TIME: Final = 1_700_000_000
BLOCK_SPACING_S: Final = 30
L1_SPACING_S: Final = 600
TENURE_REWARD: Final = 1_000_000_000
MATURITY_TENURES: Final = 100

_ACCOUNTS = b"account/"
_SUPPLY = b"supply"


class MemoryState(Overlay):
    """A `StateView`. Bytes and accounts lie in one overlay, so undoing covers both.

    `chain` tells the height at which locks run out; without it they never do.
    """

    __slots__ = ("_chain", "_settled")

    def __init__(self, chain: ChainView | None = None) -> None:
        self._chain = chain
        self._settled = MemoryKV()
        super().__init__(self._settled)

    def settle(self) -> None:
        """Makes all changes final and forgets the marks. For between transactions."""
        self._settled.write(self.changes())
        self.discard()

    def scan_contract(self, contract: ContractPrincipal) -> Iterator[tuple[bytes, bytes]]:
        """All that a contract keeps, by its keys in order."""
        prefix = contract_prefix(contract)
        return self.scan(prefix, prefix_end(prefix))

    def stx_account(self, principal: Principal) -> StxAccount:
        raw = self.get(_ACCOUNTS + encode_principal(principal))
        if raw is None:
            return StxAccount(0, 0, 0)
        unlocked, locked, height = (int.from_bytes(raw[i : i + 16], "big") for i in (0, 16, 32))
        if locked and self._chain is not None and self._chain.l1_height >= height:
            return StxAccount(unlocked + locked, 0, 0)
        return StxAccount(unlocked, locked, height)

    def set_stx_unlocked(self, principal: Principal, amount: int) -> None:
        account = self.stx_account(principal)
        self._put_account(principal, msgspec.structs.replace(account, unlocked=amount))

    def mint(self, principal: Principal, amount: int) -> None:
        """Adds to a balance and to the supply. Raises `ArithmeticOverflow`."""
        self._put_supply(self.liquid_supply() + amount)
        self.set_stx_unlocked(principal, self.stx_account(principal).unlocked + amount)

    def lock(self, principal: Principal, amount: int, unlock_height: int) -> None:
        """Locks unlocked units until a height of layer 1. Raises `ArithmeticUnderflow`."""
        account = self.stx_account(principal)
        if amount > account.unlocked:
            raise ArithmeticUnderflow("more is locked than there is")
        locked = StxAccount(account.unlocked - amount, account.locked + amount, unlock_height)
        self._put_account(principal, locked)

    def burn_stx(self, amount: int) -> None:
        if amount > self.liquid_supply():
            raise ArithmeticUnderflow("more is burned than exists")
        self._put_supply(self.liquid_supply() - amount)

    def liquid_supply(self) -> int:
        return int.from_bytes(self.get(_SUPPLY) or b"", "big")

    def _put_supply(self, supply: int) -> None:
        if supply > U128_MAX:
            raise ArithmeticOverflow("the supply does not fit 128 bits")
        self.put(_SUPPLY, supply.to_bytes(16, "big"))

    def _put_account(self, principal: Principal, account: StxAccount) -> None:
        amounts = (account.unlocked, account.locked, account.unlock_height)
        raw = b"".join(amount.to_bytes(16, "big") for amount in amounts)
        self.put(_ACCOUNTS + encode_principal(plain_principal(principal)), raw)


class _Block(msgspec.Struct):
    info: BlockInfo
    tenure: int


class _Tenure(msgspec.Struct):
    info: TenureInfo
    first_block: int


class _L1Block(msgspec.Struct):
    info: L1BlockInfo
    merkle_root: bytes
    time: int


class MemoryChain:
    """A `ChainView` that is moved by hand.

    Block 0 is the genesis; block 1, in tenure 1 at layer-1 height 1, is the first under execution.
    A tenure starts with a block of layer 1. `get-block-info?` and the like see the blocks below
    the one under execution, on layer 2 and on layer 1; of BitcoinZ the newest block counts as
    confirmed once.
    """

    def __init__(
        self,
        *,
        is_mainnet: bool = False,
        is_regtest: bool = True,
        chain_id: int = TESTNET_CHAIN_ID,
        extensions: frozenset[str] = frozenset(),
        seed: bytes = b"",
    ) -> None:
        self.is_mainnet = is_mainnet
        self.is_regtest = is_regtest
        self.chain_id = chain_id
        self.extensions = extensions
        self._seed = seed
        self._blocks: list[_Block] = []
        self._tenures: list[_Tenure] = []
        self._l1: list[_L1Block] = []
        self._l1_heights: dict[bytes, int] = {}
        self.miner: Principal = StandardPrincipal(TESTNET_ADDRESS_VERSION, hash160(b"miner" + seed))
        """Mines the tenures that start from now on."""
        self.advance_tenures(2)

    # --- moving -----------------------------------------------------------------------------

    def advance_blocks(self, count: int = 1) -> int:
        """Adds blocks to the tenure under way; the new height."""
        for _ in range(count):
            height = len(self._blocks)
            time = self._l1[-1].time
            if self._blocks:
                time = max(time, self._blocks[-1].info.time + BLOCK_SPACING_S)
            info = BlockInfo(self._hash(b"id", height), self._hash(b"block", height), time)
            self._blocks.append(_Block(info, len(self._tenures) - 1))
        return self.block_height

    def advance_l1(self, count: int = 1) -> int:
        """Adds blocks to layer 1 only; its new height."""
        for _ in range(count):
            height = len(self._l1)
            header_hash = self._hash(b"l1", height)
            root = self._hash(b"root", height)
            info = L1BlockInfo(header_hash, (), 0)
            self._l1.append(_L1Block(info, root, GENESIS_TIME + L1_SPACING_S * height))
            self._l1_heights[header_hash] = height
        return self.l1_height

    def advance_tenures(self, count: int = 1) -> int:
        """Starts tenures, each with a block of layer 1 and one of this chain; the new height."""
        for _ in range(count):
            self.advance_l1()
            burned = self._l1[-1]
            info = TenureInfo(
                time=burned.time,
                vrf_seed=self._hash(b"vrf", len(self._tenures)),
                l1_header_hash=burned.info.header_hash,
                miner=self.miner,
                miner_spend_winner=0,
                miner_spend_total=0,
                block_reward=TENURE_REWARD,
            )
            self._tenures.append(_Tenure(info, len(self._blocks)))
            self.advance_blocks()
        return self.tenure_height

    # --- changing ---------------------------------------------------------------------------

    def set_block(self, height: int, **changes: Any) -> None:
        """Replaces fields of `BlockInfo`."""
        block = self._blocks[height]
        block.info = msgspec.structs.replace(block.info, **changes)

    def set_tenure(self, tenure_height: int, **changes: Any) -> None:
        """Replaces fields of `TenureInfo`. A reward is told once it has matured."""
        tenure = self._tenures[tenure_height]
        tenure.info = msgspec.structs.replace(tenure.info, **changes)

    def set_l1_block(self, height: int, **changes: Any) -> None:
        """Replaces fields of `L1BlockInfo`, `merkle_root` or `time`."""
        block = self._l1[height]
        block.merkle_root = changes.pop("merkle_root", block.merkle_root)
        block.time = changes.pop("time", block.time)
        del self._l1_heights[block.info.header_hash]
        block.info = msgspec.structs.replace(block.info, **changes)
        self._l1_heights[block.info.header_hash] = height

    # --- looking ----------------------------------------------------------------------------

    @property
    def block_height(self) -> int:
        return len(self._blocks) - 1

    @property
    def tenure_height(self) -> int:
        return len(self._tenures) - 1

    @property
    def l1_height(self) -> int:
        return len(self._l1) - 1

    @property
    def block_time(self) -> int:
        return self._blocks[-1].info.time

    def block(self, height: int) -> BlockInfo | None:
        return self._blocks[height].info if 0 <= height < self.block_height else None

    def tenure_of_block(self, height: int) -> TenureInfo | None:
        if not 0 <= height < self.block_height:
            return None
        return self._tenure_info(self._blocks[height].tenure)

    def tenure(self, tenure_height: int) -> tuple[BlockInfo, TenureInfo] | None:
        if not 0 <= tenure_height <= self.tenure_height:
            return None
        block = self.block(self._tenures[tenure_height].first_block)
        return None if block is None else (block, self._tenure_info(tenure_height))

    def l1_block(self, height: int) -> L1BlockInfo | None:
        return self._l1[height].info if 0 <= height < self.l1_height else None

    def btcz_block(self, height: int) -> BtczBlockInfo | None:
        if not 0 <= height <= self.l1_height:
            return None
        block = self._l1[height]
        return BtczBlockInfo(
            header_hash=block.info.header_hash,
            merkle_root=block.merkle_root,
            time=block.time,
            height=height,
            confirmations=self.l1_height - height + 1,
        )

    def btcz_block_by_hash(self, header_hash: bytes) -> BtczBlockInfo | None:
        height = self._l1_heights.get(header_hash)
        return None if height is None else self.btcz_block(height)

    def _tenure_info(self, tenure_height: int) -> TenureInfo:
        info = self._tenures[tenure_height].info
        if tenure_height + MATURITY_TENURES < self.tenure_height:
            return info
        return msgspec.structs.replace(info, block_reward=None)

    def _hash(self, what: bytes, height: int) -> bytes:
        return sha512_256(what + self._seed + height.to_bytes(8, "big"))
