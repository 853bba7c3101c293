"""How much was ever issued and burned.

Invariant: `issued - burned` equals all balances plus all rewards that have not matured yet.
`verify_supply` recomputes that from the whole state; tests and the simulation call it after every
step. A coinbase counts as issued from the start of its tenure, fees move what is issued already.
"""

from struct import Struct as Layout
from typing import ClassVar

import msgspec

from btczs.ledger.accounts import ACCOUNT_PREFIX, decode_account
from btczs.ledger.rejections import ServerFailureOther
from btczs.ledger.rewards import compute_pending
from btczs.networks import Token
from btczs.primitives import U64, BaseUnits
from btczs.store.kv import Reader, prefix_end
from btczs.store.overlay import Overlay

SUPPLY_KEY = b"supply"

_LAYOUT = Layout(">QQ")


class Supply(msgspec.Struct, frozen=True, gc=False):
    """Totals since the genesis, its allocations included."""

    issued: BaseUnits
    burned: BaseUnits


class SupplyExceeded(ServerFailureOther):
    """More would be issued than the cap allows. Fields: `issued`, `amount`, `supply_max`."""

    code: ClassVar[str] = "supply_exceeded"

    def __init__(self, issued: int, amount: int, supply_max: int) -> None:
        super().__init__(f"{amount} more than the {issued} issued would pass the cap {supply_max}")
        self.issued, self.amount, self.supply_max = issued, amount, supply_max


class SupplyMismatch(AssertionError):
    """The state contradicts itself: coins appeared or vanished. This is our own mistake."""


def get_supply(state: Reader) -> Supply:
    """The totals; zero before the genesis."""
    raw = state.get(SUPPLY_KEY)
    issued, burned = (0, 0) if raw is None else _LAYOUT.unpack(raw)
    return Supply(BaseUnits(issued), BaseUnits(burned))


def put_supply(overlay: Overlay, supply: Supply) -> None:
    overlay.put(SUPPLY_KEY, _LAYOUT.pack(U64.check(supply.issued), U64.check(supply.burned)))


def add_issued(overlay: Overlay, amount: BaseUnits, token: Token) -> None:
    """Counts `amount` as issued. Raises `SupplyExceeded` if the cap would be passed."""
    supply = get_supply(overlay)
    if amount < 0 or supply.issued + amount > token.supply_max:
        raise SupplyExceeded(supply.issued, amount, token.supply_max)
    put_supply(overlay, Supply(BaseUnits(supply.issued + amount), supply.burned))


def add_burned(overlay: Overlay, amount: BaseUnits) -> None:
    """Counts `amount` as burned. Raises `OutOfRange` if more would be burned than was issued."""
    supply = get_supply(overlay)
    U64.sub(supply.issued, supply.burned + amount)
    put_supply(overlay, Supply(supply.issued, BaseUnits(supply.burned + amount)))


def compute_total(state: Reader) -> BaseUnits:
    """All balances and all rewards that have not matured, by a scan of the state."""
    total = int(compute_pending(state))
    for _, raw in state.scan(ACCOUNT_PREFIX, prefix_end(ACCOUNT_PREFIX)):
        total += decode_account(raw).balance
    return BaseUnits(total)


def verify_supply(state: Reader, token: Token) -> None:
    """Raises `SupplyMismatch` unless the invariant of this module holds for `state`."""
    supply, total = get_supply(state), compute_total(state)
    if supply.issued - supply.burned != total:
        raise SupplyMismatch(f"issued {supply.issued} - burned {supply.burned} is not {total}")
    if supply.issued > token.supply_max:
        raise SupplyMismatch(f"issued {supply.issued} exceeds the cap {token.supply_max}")
