"""What a running devnet shows of itself: plain values, with no reference to the node.

`Devnet.view()` makes one; `btczs.cli.dashboard.render` draws it. Lists are newest first and short:
the maker cuts them to what the constants say.
"""

from typing import Any, Final

import msgspec

L1_BLOCKS_MAX: Final = 8
SORTITIONS_MAX: Final = 8
BLOCKS_MAX: Final = 12
TRANSACTIONS_MAX: Final = 12
PROBLEMS_MAX: Final = 5
"""How many of each a view holds: more than the largest terminal shows."""


class L1BlockView(msgspec.Struct, frozen=True):
    """A layer-1 block. `hash` as people read it; `time` in seconds since 1970."""

    height: int
    hash: str
    time: int
    tx_count: int


class L1View(msgspec.Struct, frozen=True):
    height: int
    hash: str
    next_block_s: float | None = None
    """Seconds until the next block is mined; None if nobody knows."""
    blocks: tuple[L1BlockView, ...] = ()


class TenureView(msgspec.Struct, frozen=True):
    """The current tenure: `since_s` seconds ago it began."""

    number: int
    miner: str
    consensus_hash: str
    since_s: int


class SortitionView(msgspec.Struct, frozen=True):
    """One election. `winner` is None when nobody won; `burn_zat` is the sum of all commits."""

    epoch: int
    l1_height: int
    winner: str | None
    commit_count: int
    burn_zat: int


class MempoolView(msgspec.Struct, frozen=True):
    count: int = 0
    size_bytes: int = 0


class BlockView(msgspec.Struct, frozen=True):
    """A layer-2 block. `state` is one of mined, signed, anchored, final."""

    height: int
    hash: str
    tx_count: int
    time: int
    miner: str
    signature_count: int
    signer_count: int
    state: str


class TransactionView(msgspec.Struct, frozen=True):
    """A recent transaction. `recipient` is None and `amount` 0 if it is no transfer."""

    txid: str
    kind: str
    sender: str
    recipient: str | None
    amount: int
    state: str
    """pending, mined, signed, anchored, final or dropped."""


class SignerView(msgspec.Struct, frozen=True):
    name: str
    weight: int


class AccountView(msgspec.Struct, frozen=True):
    """A prefunded account. `secret` (hex) is DEVELOPMENT ONLY. `balance` in base units."""

    name: str
    address: str
    secret: str
    balance: int

    def __repr__(self) -> str:
        return f"<AccountView {self.name} {self.address} balance={self.balance}>"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("name", self.name), ("address", self.address), ("balance", self.balance)]


class EndpointView(msgspec.Struct, frozen=True):
    """A service: `name` such as `API`, its URL, and a short hint (such as user and password)."""

    name: str
    url: str
    hint: str = ""


class DashboardView(msgspec.Struct, frozen=True, kw_only=True):
    """Everything, at one moment."""

    network: str
    time: int
    """The moment of this view, in seconds since 1970: ages are counted from it."""
    uptime_s: int
    l1: L1View
    tenure: TenureView | None = None
    """None before the first sortition has a winner."""
    sortitions: tuple[SortitionView, ...] = ()
    mempool: MempoolView = MempoolView()
    blocks: tuple[BlockView, ...] = ()
    transactions: tuple[TransactionView, ...] = ()
    signers: tuple[SignerView, ...] = ()
    accounts: tuple[AccountView, ...] = ()
    endpoints: tuple[EndpointView, ...] = ()
    problems: tuple[str, ...] = ()
    """What is wrong now, in words, newest first."""
