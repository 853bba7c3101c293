"""What the API needs of a node, as one Protocol. The node implements it; tests have a double.

Every method answers from one committed block, so a handler that reads the tip once and then an
account cannot mix two blocks unless it says so. Methods without `async` must not block: they read
memory, LMDB or the index.
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager
from typing import Any, ClassVar, Protocol

import msgspec

from btczs.codec.clarity import Principal
from btczs.indexer import Index, IndexRecord
from btczs.l1.params import L1Params
from btczs.ledger.accounts import Account
from btczs.ledger.mempool import Dropped, Entry, NoncesView
from btczs.ledger.supply import Supply
from btczs.networks import Network
from btczs.primitives import (
    BaseUnits,
    ChainHeight,
    Hash32,
    InvalidInput,
    L1Height,
    TenureHeight,
    TimestampS,
    Unavailable,
)


class Tip(msgspec.Struct, frozen=True):
    """The last block and how far each degree of finality has come."""

    height: ChainHeight
    block_hash: Hash32
    block_id: Hash32
    consensus_hash: bytes
    tenure_height: TenureHeight
    timestamp: TimestampS
    l1_height: L1Height
    l1_hash: str
    """Display form, 64 hexadecimal digits."""
    l1_consensus_hash: bytes
    """Consensus hash of the layer-1 block at `l1_height` (20 bytes)."""
    signed_height: ChainHeight
    anchored_height: ChainHeight
    final_height: ChainHeight
    state_root: Hash32
    genesis_block_id: Hash32


class MempoolSize(msgspec.Struct, frozen=True):
    count: int
    bytes_total: int


class PoxView(msgspec.Struct, frozen=True):
    """Where the chain stands in the reward cycles, in layer-1 heights."""

    l1_height: L1Height
    first_l1_height: L1Height
    reward_cycle: int
    reward_cycle_l1_blocks: int
    prepare_phase_l1_blocks: int
    next_cycle_l1_height: L1Height
    """First layer-1 height of the next reward cycle."""


class FaucetDisabled(InvalidInput):
    """This node gives no coins away: not a test network, or no faucet key."""

    code: ClassVar[str] = "faucet_disabled"


class FaucetEmpty(Unavailable):
    """The faucet's account cannot pay now."""

    code: ClassVar[str] = "faucet_empty"


class L1NotFound(InvalidInput):
    """The layer-1 node has no such block or transaction."""

    code: ClassVar[str] = "l1_not_found"


class BlockAdded(msgspec.Struct, frozen=True):
    record: IndexRecord


class MempoolAdded(msgspec.Struct, frozen=True):
    txid: Hash32


class MempoolDropped(msgspec.Struct, frozen=True):
    txid: Hash32
    status: str


class StatusAdvanced(msgspec.Struct, frozen=True):
    """Blocks up to these heights have reached these states."""

    signed: ChainHeight
    anchored: ChainHeight
    final: ChainHeight


ChainEvent = BlockAdded | MempoolAdded | MempoolDropped | StatusAdvanced


class Backend(Protocol):
    """A node, as the API sees it."""

    @property
    def network(self) -> Network: ...

    @property
    def l1_params(self) -> L1Params: ...

    @property
    def index(self) -> Index: ...

    def tip(self) -> Tip: ...

    def account(self, principal: Principal) -> Account:
        """The account in the state of the tip; an unknown one is empty with nonce 0."""
        ...

    def prove_account(self, principal: Principal) -> bytes | None:
        """Proof of the account's value (or absence) under `tip().state_root`."""
        ...

    def nonces(self, principal: Principal) -> NoncesView: ...

    def submit(self, raw: bytes) -> Hash32:
        """Takes a transaction into the mempool; durable on return. Known already: success.

        Raises `btczs.ledger.mempool.Rejected`.
        """
        ...

    def mempool_entry(self, txid: Hash32) -> Entry | None: ...

    def mempool_entries(self, address: Principal | None = None) -> Iterable[Entry]:
        """The newest first; with `address`, those that it sends, pays for or receives."""
        ...

    def mempool_size(self) -> MempoolSize: ...

    def dropped_status(self, txid: Hash32) -> Dropped | None: ...

    def supply(self) -> Supply: ...

    def pox(self) -> PoxView: ...

    def health(self) -> dict[str, Any]:
        """Plain JSON values. `is_synced` (bool) and `l1_reachable` (bool) are always there."""
        ...

    def subscribe(self, queue_max: int) -> AbstractAsyncContextManager[AsyncIterator[ChainEvent]]:
        """Events from now on. A reader more than `queue_max` behind gets `SubscriberTooSlow`.

        A `BlockAdded` comes after the index has the block. `events.EventBus` does all this.
        """
        ...

    async def l1_block(self, height: L1Height) -> dict[str, Any]:
        """The layer-1 block as its node shows it. Raises `L1NotFound`, `Unavailable`."""
        ...

    async def l1_tx_proof(self, txid: str) -> dict[str, Any]:
        """An inclusion proof of a layer-1 transaction. Raises `L1NotFound`, `Unavailable`."""
        ...

    async def l1_mempool(self) -> list[str]:
        """Transaction ids (display form) that wait on layer 1, at most some hundreds."""
        ...

    async def faucet(self, principal: Principal, amount: BaseUnits) -> Hash32:
        """Sends coins of a test network. Raises `FaucetDisabled`, `FaucetEmpty`."""
        ...
