"""Execution: a transaction and a state give another state and a receipt.

A payload is executed by the function that `EXECUTORS` names for its type; a payload type without
an entry is not activated on this network. Every check stands before the first write, so a refused
transaction leaves no trace and needs no undo.

Consensus rules here: the fee reaches the minimum and is paid by the sponsor if there is one, nonces
are equal to the accounts', balances cover fee and amount, a transfer is positive, goes to somebody
else and to an address of this network.
"""

from collections.abc import Callable

import msgspec

from btczs.codec.clarity.values import Principal, StandardPrincipal
from btczs.ledger.accounts import (
    ACCOUNT_PREFIX,
    account_key,
    get_account,
    put_account,
    read_account_pair,
    write_account_pair,
)
from btczs.ledger.events import BurnEvent, PrincipalBytes, TransferEvent, to_principal_bytes
from btczs.ledger.fees import compute_fee_min
from btczs.ledger.receipts import RESULT_OK_TRUE, Receipt
from btczs.ledger.rejections import (
    BadAddressVersionByte,
    BadNonce,
    FeeTooLow,
    NotActivated,
    NotEnoughFunds,
    OnlyAtTenureStart,
    TransferAmountMustBePositive,
    TransferRecipientCannotEqualSender,
    TransferWithPostConditions,
)
from btczs.ledger.rewards import add_fee
from btczs.ledger.supply import add_burned
from btczs.ledger.transactions.model import Authenticated
from btczs.ledger.transactions.payloads import (
    Coinbase,
    CoinbaseToAlt,
    ContractCall,
    NakamotoCoinbase,
    Payload,
    PoisonMicroblock,
    SmartContract,
    TenureChange,
    TokenTransfer,
)
from btczs.networks import Network
from btczs.primitives import BaseUnits, ChainHeight, L1Height, TenureHeight, TimestampS
from btczs.store.overlay import Overlay

_PREFIX_LEN = len(ACCOUNT_PREFIX)

TENURE_PAYLOADS = (TenureChange, NakamotoCoinbase, Coinbase, CoinbaseToAlt)
"""Payloads of miners: `tenures` executes them, because their effect is the tenure's."""

_NOT_ACTIVATED: dict[type[Payload], str] = {
    SmartContract: "contracts",
    ContractCall: "contract calls",
    PoisonMicroblock: "microblock poison reports",
}


class ExecutionContext(msgspec.Struct, frozen=True):
    """Where a transaction is executed: the rules, and the block around it."""

    network: Network
    height: ChainHeight
    tenure_height: TenureHeight
    timestamp: TimestampS
    l1_height: L1Height


def apply_transaction(
    overlay: Overlay, authenticated: Authenticated, ctx: ExecutionContext, index: int = 0
) -> Receipt:
    """Executes one transaction, the `index`-th of its block, on `overlay`.

    Raises a `TransactionRejected` if it cannot be in a block at all; nothing is written then.
    """
    executor = EXECUTORS.get(type(authenticated.tx.payload))
    if executor is None:
        raise _refusal(authenticated.tx.payload)
    return executor(overlay, authenticated, ctx, index)


def verify_static(authenticated: Authenticated, network: Network) -> None:
    """The rules that hold in every state. Raises the `TransactionRejected` of the broken one."""
    tx = authenticated.tx
    payload = tx.payload
    if type(payload) not in EXECUTORS:
        raise _refusal(payload)
    fee_min = compute_fee_min(tx, len(authenticated.raw), network.fees)
    if authenticated.fee < fee_min:
        raise FeeTooLow(fee_min, authenticated.fee)
    if type(payload) is TokenTransfer:
        _verify_transfer(authenticated, payload, network)


def compute_spending(authenticated: Authenticated) -> tuple[int, int]:
    """What the origin and the payer must own: `(origin, payer)`; `(all, 0)` without a sponsor."""
    payload = authenticated.tx.payload
    amount = payload.amount if type(payload) is TokenTransfer else 0
    if authenticated.payer is authenticated.origin or authenticated.payer == authenticated.origin:
        return amount + authenticated.fee, 0
    return amount, authenticated.fee


def burn(overlay: Overlay, principal: Principal, amount: BaseUnits) -> BurnEvent:
    """Destroys `amount` of `principal`'s balance.

    Raises `TransferAmountMustBePositive` or `NotEnoughFunds`; nothing is written then.
    """
    if amount <= 0:
        raise TransferAmountMustBePositive("the amount to burn must be positive")
    account = get_account(overlay, principal)
    if account.balance < amount:
        raise NotEnoughFunds(amount, account.balance)
    add_burned(overlay, amount)
    left = BaseUnits(account.balance - amount)
    put_account(overlay, principal, msgspec.structs.replace(account, balance=left))
    return BurnEvent(to_principal_bytes(principal), amount)


def charge(overlay: Overlay, authenticated: Authenticated, amount: int) -> bytes:
    """Takes fee and `amount` from the accounts, raises their nonces, gives the fee to the tenure.

    Every executor begins with it. Returns the account key of the origin. Writes nothing if it
    raises: `BadNonce`, `NotEnoughFunds`, or `NoTenure`.
    """
    origin, payer, fee = authenticated.origin, authenticated.payer, authenticated.fee
    origin_key = account_key(origin)
    origin_balance, origin_nonce = read_account_pair(overlay, origin_key)
    if origin_nonce != authenticated.origin_nonce:
        raise BadNonce(origin_nonce, authenticated.origin_nonce, True, origin)
    payer_key = origin_key if payer is origin else account_key(payer)
    if payer_key == origin_key:
        # A sponsor may be the origin itself: both nonces are then the one of this account, and it
        # rises once.
        if authenticated.payer_nonce != origin_nonce:
            raise BadNonce(origin_nonce, authenticated.payer_nonce, False, payer)
        amount += fee
        if origin_balance < amount:
            raise NotEnoughFunds(amount, origin_balance)
        add_fee(overlay, fee)
    else:
        payer_balance, payer_nonce = read_account_pair(overlay, payer_key)
        if payer_nonce != authenticated.payer_nonce:
            raise BadNonce(payer_nonce, authenticated.payer_nonce, False, payer)
        if origin_balance < amount:
            raise NotEnoughFunds(amount, origin_balance)
        if payer_balance < fee:
            raise NotEnoughFunds(fee, payer_balance)
        add_fee(overlay, fee)
        write_account_pair(overlay, payer_key, payer_balance - fee, payer_nonce + 1)
    write_account_pair(overlay, origin_key, origin_balance - amount, origin_nonce + 1)
    return origin_key


def _execute_transfer(
    overlay: Overlay, authenticated: Authenticated, ctx: ExecutionContext, index: int
) -> Receipt:
    verify_static(authenticated, ctx.network)
    transfer = authenticated.tx.payload
    assert type(transfer) is TokenTransfer
    amount = transfer.amount
    origin_key = charge(overlay, authenticated, amount)
    recipient_key = account_key(transfer.recipient)
    balance, nonce = read_account_pair(overlay, recipient_key)  # the recipient may be the sponsor
    write_account_pair(overlay, recipient_key, balance + amount, nonce)
    event = TransferEvent(
        PrincipalBytes(origin_key[_PREFIX_LEN:]),
        PrincipalBytes(recipient_key[_PREFIX_LEN:]),
        amount,
        transfer.memo,
    )
    return Receipt(
        authenticated.txid, index, "success", RESULT_OK_TRUE, (event,), authenticated.fee
    )


def _verify_transfer(
    authenticated: Authenticated, transfer: TokenTransfer, network: Network
) -> None:
    recipient = transfer.recipient
    version = recipient.version
    if version != network.address_version_single and version != network.address_version_multi:
        raise BadAddressVersionByte(
            f"the recipient's address version {version} is not of this network"
        )
    if transfer.amount <= 0:
        raise TransferAmountMustBePositive("the amount of a transfer must be positive")
    if type(recipient) is StandardPrincipal and recipient == authenticated.origin:
        raise TransferRecipientCannotEqualSender("the recipient of a transfer is its sender")
    if authenticated.tx.post_conditions:
        raise TransferWithPostConditions("a token transfer carries no post-conditions")


def _refusal(payload: Payload) -> NotActivated | OnlyAtTenureStart:
    if isinstance(payload, TENURE_PAYLOADS):
        return OnlyAtTenureStart("tenure changes and coinbases stand at the start of a tenure")
    return NotActivated(_NOT_ACTIVATED[type(payload)])


Executor = Callable[[Overlay, Authenticated, ExecutionContext, int], Receipt]

EXECUTORS: dict[type[Payload], Executor] = {
    TokenTransfer: _execute_transfer,
}
"""Which payloads are active, and what executes them. Contracts will be two more entries."""
