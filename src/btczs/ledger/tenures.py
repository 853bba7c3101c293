"""What happens to the ledger when a tenure starts or is extended.

Who may start one and what coinbase it earns is decided above, by consensus; here the previous
tenure's reward is put in the queue, what matured is paid out, and the new record is opened. The
miner's transactions (tenure change, coinbase) raise the nonce of its account like any other, so
they cannot be repeated; no minimum fee is asked of them.
"""

from collections.abc import Sequence

import msgspec

from btczs.codec.clarity.values import Principal
from btczs.ledger.events import Event
from btczs.ledger.execution import TENURE_PAYLOADS, ExecutionContext, charge
from btczs.ledger.receipts import RESULT_OK_TRUE, Receipt
from btczs.ledger.rejections import ServerFailureOther
from btczs.ledger.rewards import close_tenure, mature_rewards, open_tenure
from btczs.ledger.supply import add_issued
from btczs.ledger.transactions.model import Authenticated
from btczs.primitives import BaseUnits
from btczs.store.overlay import Overlay


class TenureStart(msgspec.Struct, frozen=True):
    """What the start of a tenure did: rewards that matured, receipts of its transactions."""

    events: tuple[Event, ...]
    receipts: tuple[Receipt, ...]


def apply_tenure_start(
    overlay: Overlay,
    ctx: ExecutionContext,
    coinbase: BaseUnits,
    recipient: Principal,
    transactions: Sequence[Authenticated] = (),
) -> TenureStart:
    """Starts tenure `ctx.tenure_height`: `recipient` earns `coinbase` and all fees until the next.

    `transactions` are those that open the block (tenure change, coinbase); they get the receipts 0,
    1, …, and the last of them carries the events of what matured. Raises a
    `TransactionRejected` (`TenureOrder` and `SupplyExceeded` are); the overlay must be discarded then.
    """
    token = ctx.network.token
    close_tenure(overlay, ctx.tenure_height, token)
    add_issued(overlay, coinbase, token)
    events = mature_rewards(overlay, ctx.tenure_height)
    open_tenure(overlay, ctx.tenure_height, recipient, coinbase)
    last = len(transactions) - 1
    receipts = tuple(
        apply_tenure_transaction(overlay, authenticated, index, events if index == last else ())
        for index, authenticated in enumerate(transactions)
    )
    return TenureStart(events, receipts)


def apply_tenure_transaction(
    overlay: Overlay, authenticated: Authenticated, index: int, events: tuple[Event, ...] = ()
) -> Receipt:
    """Executes a miner's own transaction: nonce and fee. Also for a tenure change that extends.

    Raises a `TransactionRejected`; nothing is written then.
    """
    if not isinstance(authenticated.tx.payload, TENURE_PAYLOADS):
        raise ServerFailureOther("only tenure changes and coinbases open a tenure")
    charge(overlay, authenticated, 0)
    return Receipt(authenticated.txid, index, "success", RESULT_OK_TRUE, events, authenticated.fee)
