"""Fee estimates: the least fee that is accepted, and what the market adds when blocks are full.

While everything that waits fits one block, the least fee is enough, and the estimate says so;
paying more would only make the miner richer. When more waits than fits, the three estimates are
percentiles of what those pay that wait now. Transactions of other kinds do not distort this,
because all compete for the same bytes; the least fee is the one of the kind.
"""

from itertools import islice
from typing import Final

import msgspec

from btczs.api.backend import Backend
from btczs.ledger.mempool.entry import RATE_SCALE
from btczs.networks import Fees
from btczs.primitives import BaseUnits

TRANSFER_BYTES_MIN: Final = 180
"""Size of the smallest transaction: a transfer with one signature to a standard account."""

SAMPLE_MAX: Final = 2000
"""Waiting transactions that are looked at for one estimate."""

PERCENTILES: Final = (25, 50, 95)


class Estimates(msgspec.Struct, frozen=True):
    """Fees of one transaction, ascending."""

    low: BaseUnits
    medium: BaseUnits
    high: BaseUnits


def get_flat_minimum(fees: Fees, kind: str) -> int:
    """The flat least fee of a transaction type, as `ledger.fees` applies it."""
    return {
        "token_transfer": fees.token_transfer,
        "contract_call": fees.contract_call,
        "smart_contract": fees.contract_deploy,
    }.get(kind, fees.base)


def compute_transfer_rate(fees: Fees) -> int:
    """Base units per byte that make any transfer pay its least fee.

    Clients that got no estimate multiply this by the size of their transaction.
    """
    return max(fees.per_byte, -(-fees.token_transfer // TRANSFER_BYTES_MIN))


def compute_estimates(backend: Backend, kind: str, size: int) -> Estimates:
    """Fees for a transaction of that kind and that many bytes."""
    fees = backend.network.fees
    least = max(get_flat_minimum(fees, kind), size * fees.per_byte)
    low, medium, high = (
        max(least, -(-rate * size // RATE_SCALE)) for rate in _market_rates(backend)
    )
    # The highest leaves some room for what may arrive before the next block.
    return Estimates(BaseUnits(low), BaseUnits(medium), BaseUnits(max(high, least + least // 4)))


def _market_rates(backend: Backend) -> tuple[int, int, int]:
    """Percentiles of the rates (millionths per byte) of what waits; 0 while there is room."""
    size = backend.mempool_size()
    if size.bytes_total <= backend.network.limits.block_bytes_max:
        return 0, 0, 0
    rates = sorted(entry.rate for entry in islice(backend.mempool_entries(), SAMPLE_MAX))
    if not rates:
        return 0, 0, 0
    low, medium, high = (percentile(rates, percent) for percent in PERCENTILES)
    return low, medium, high


def percentile(ascending: list[int], percent: int) -> int:
    """The value below which `percent` percent lie (nearest rank). The list is not empty."""
    rank = -(-percent * len(ascending) // 100)
    return ascending[max(0, rank - 1)]
