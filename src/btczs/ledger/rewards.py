"""What a tenure earns, and when it can be spent.

While a tenure runs, its coinbase is fixed and its fees add up (`add_fee`). When the next one
starts, the record is closed (`close_tenure`) and its sum waits in a queue; it is credited at the
start of the tenure `coinbase_maturity_tenures` after the one that earned it, and never before the
next one. Waiting rewards are part of the issued supply but of nobody's balance.

State keys: `tenure/current` (height u64, coinbase u64, recipient), `tenure/fees` (u64; exists while
a tenure is open), `reward/` + due height u64 + earning height u64 (coinbase u64, fees u64,
recipient). All big-endian, so the queue is in order of maturity.
"""

from struct import Struct as Layout
from typing import ClassVar

import msgspec

from btczs.codec.clarity.principals import encode_principal
from btczs.codec.clarity.values import Principal
from btczs.ledger.accounts import ACCOUNT_PREFIX, read_account_pair, write_account_pair
from btczs.ledger.events import MintEvent, PrincipalBytes, decode_principal
from btczs.ledger.rejections import ServerFailureOther
from btczs.networks import Token
from btczs.primitives import U64, BaseUnits, TenureHeight
from btczs.store.kv import Reader, prefix_end
from btczs.store.overlay import Overlay

TENURE_KEY = b"tenure/current"
FEES_KEY = b"tenure/fees"
REWARD_PREFIX = b"reward/"

_U64 = Layout(">Q")
_PAIR = Layout(">QQ")


class NoTenure(ServerFailureOther):
    """A transaction was executed before the first tenure started: its fee has no earner."""

    code: ClassVar[str] = "no_tenure"


class TenureOrder(ServerFailureOther):
    """A tenure does not come after the current one. Fields: `tenure_height`, `current`."""

    code: ClassVar[str] = "tenure_order"

    def __init__(self, tenure_height: int, current: int) -> None:
        super().__init__(
            f"tenure {tenure_height} cannot start, tenure {current} is the current one"
        )
        self.tenure_height, self.current = tenure_height, current


class TenureRecord(msgspec.Struct, frozen=True):
    """The running tenure: who earns, and what so far."""

    tenure_height: TenureHeight
    recipient: Principal
    coinbase: BaseUnits
    fees: BaseUnits


def get_tenure_record(state: Reader) -> TenureRecord | None:
    """The running tenure; None before the first one."""
    raw = state.get(TENURE_KEY)
    if raw is None:
        return None
    tenure_height, coinbase = _PAIR.unpack_from(raw)
    recipient = decode_principal(PrincipalBytes(raw[_PAIR.size :]))
    fees = _U64.unpack(state.get(FEES_KEY) or bytes(8))[0]
    return TenureRecord(
        TenureHeight(tenure_height), recipient, BaseUnits(coinbase), BaseUnits(fees)
    )


def open_tenure(
    overlay: Overlay, tenure_height: TenureHeight, recipient: Principal, coinbase: BaseUnits
) -> None:
    """Makes this the running tenure, without fees yet. The previous one must be closed."""
    head = _PAIR.pack(tenure_height, U64.check(coinbase))
    overlay.put(TENURE_KEY, head + encode_principal(recipient))
    overlay.put(FEES_KEY, bytes(8))


def add_fee(overlay: Overlay, fee: int) -> None:
    """Gives a transaction's fee to the running tenure. Raises `NoTenure`."""
    raw = overlay.get(FEES_KEY)
    if raw is None:
        raise NoTenure("no tenure has started: nobody can earn a fee")
    overlay.put(FEES_KEY, _U64.pack(_U64.unpack(raw)[0] + fee))


def close_tenure(overlay: Overlay, next_height: TenureHeight, token: Token) -> None:
    """Schedules the reward of the running tenure, because tenure `next_height` starts.

    Raises `TenureOrder` unless `next_height` is higher than the running tenure's.
    """
    record = get_tenure_record(overlay)
    if record is None:
        return
    if next_height <= record.tenure_height:
        raise TenureOrder(next_height, record.tenure_height)
    schedule_reward(
        overlay, record.tenure_height, record.recipient, record.coinbase, record.fees, token
    )
    overlay.delete(TENURE_KEY)
    overlay.delete(FEES_KEY)


def schedule_reward(
    overlay: Overlay,
    tenure_height: TenureHeight,
    recipient: Principal,
    coinbase: BaseUnits,
    fees: BaseUnits,
    token: Token,
) -> None:
    """Queues what tenure `tenure_height` earned until it matures. A reward of 0 leaves no trace."""
    if coinbase or fees:
        due = tenure_height + token.coinbase_maturity_tenures
        key = REWARD_PREFIX + _PAIR.pack(due, tenure_height)
        overlay.put(key, _PAIR.pack(coinbase, fees) + encode_principal(recipient))


def mature_rewards(overlay: Overlay, tenure_height: TenureHeight) -> tuple[MintEvent, ...]:
    """Credits every reward due at the start of tenure `tenure_height` or before, in order."""
    stop = REWARD_PREFIX + _U64.pack(tenure_height + 1)
    events = []
    for key, raw in list(overlay.scan(REWARD_PREFIX, stop)):
        coinbase, fees = _PAIR.unpack_from(raw)
        recipient = PrincipalBytes(raw[_PAIR.size :])
        balance, nonce = read_account_pair(overlay, ACCOUNT_PREFIX + recipient)
        amount = coinbase + fees
        write_account_pair(overlay, ACCOUNT_PREFIX + recipient, U64.add(balance, amount), nonce)
        overlay.delete(key)
        earned_at = TenureHeight(_PAIR.unpack(key[len(REWARD_PREFIX) :])[1])
        events.append(MintEvent(recipient, BaseUnits(amount), BaseUnits(fees), earned_at))
    return tuple(events)


def compute_pending(state: Reader) -> BaseUnits:
    """All rewards that nobody owns yet: the running tenure's and the queued ones."""
    record = get_tenure_record(state)
    total = record.coinbase + record.fees if record else 0
    for _, raw in state.scan(REWARD_PREFIX, prefix_end(REWARD_PREFIX)):
        total += sum(_PAIR.unpack_from(raw))
    return BaseUnits(total)
