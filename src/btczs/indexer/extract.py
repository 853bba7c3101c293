"""From a transaction and its receipt to what the index stores about it.

Only receipts tell what happened; the transaction's bytes tell who asked for what.
"""

from functools import lru_cache
from typing import NamedTuple

from btczs.codec.clarity import principal_text
from btczs.indexer.records import IndexedTransaction
from btczs.ledger.events import (
    BurnEvent,
    Event,
    MintEvent,
    PrincipalBytes,
    TransferEvent,
    decode_principal,
)
from btczs.ledger.transactions import (
    Coinbase,
    CoinbaseToAlt,
    ContractCall,
    NakamotoCoinbase,
    Payload,
    PoisonMicroblock,
    SmartContract,
    TenureChange,
    TokenTransfer,
    Transaction,
    decode_transaction,
)
from btczs.ledger.transactions.addresses import condition_address

KIND_BY_PAYLOAD: dict[type, str] = {
    TokenTransfer: "token_transfer",
    SmartContract: "smart_contract",
    ContractCall: "contract_call",
    PoisonMicroblock: "poison_microblock",
    Coinbase: "coinbase",
    CoinbaseToAlt: "coinbase",
    NakamotoCoinbase: "coinbase",
    TenureChange: "tenure_change",
}
"""Names of transaction types as the Stacks API spells them."""

_PRINCIPAL_TEXTS_MAX = 4096
"""Addresses whose text is remembered while blocks are indexed (a checksum each otherwise)."""


class Movement(NamedTuple):
    """What one transaction moved at one address. The four never overlap."""

    sent: int = 0
    received: int = 0
    fee: int = 0
    reward: int = 0

    def plus(self, sent: int = 0, received: int = 0, fee: int = 0, reward: int = 0) -> "Movement":
        return Movement(
            self.sent + sent, self.received + received, self.fee + fee, self.reward + reward
        )


class TransactionFacts(NamedTuple):
    """What the index stores of one transaction beside its bytes and its receipt."""

    txid: bytes
    kind: str
    sender: str
    recipient: str | None
    event_count: int
    movements: dict[str, Movement]
    """Every address that the transaction concerns."""
    event_addresses: list[tuple[str, int]]
    """Address and index of each event at it."""


def extract_facts(item: IndexedTransaction) -> TransactionFacts:
    """Raises `DecodeError` if the bytes are no transaction."""
    tx = decode_transaction(item.raw)
    receipt = item.receipt
    sender = principal_text(condition_address(tx.auth.origin, tx.version))
    recipient = get_recipient_text(tx.payload)
    movements: dict[str, Movement] = {sender: Movement()}
    payer = principal_text(condition_address(tx.auth.payer, tx.version))
    movements[payer] = movements.get(payer, Movement()).plus(fee=receipt.fee)
    if recipient is not None:
        movements.setdefault(recipient, Movement())
    event_addresses: list[tuple[str, int]] = []
    for event_index, event in enumerate(receipt.events):
        for address, movement in _event_movements(event):
            movements[address] = movements.get(address, Movement()).plus(*movement)
            if (address, event_index) not in event_addresses[-2:]:
                event_addresses.append((address, event_index))
    return TransactionFacts(
        txid=receipt.txid,
        kind=get_kind(tx),
        sender=sender,
        recipient=recipient,
        event_count=len(receipt.events),
        movements=movements,
        event_addresses=event_addresses,
    )


def get_kind(tx: Transaction) -> str:
    """The type of a transaction as the Stacks API spells it."""
    return KIND_BY_PAYLOAD[type(tx.payload)]


def get_recipient_text(payload: Payload) -> str | None:
    """Whom the payload names as its recipient or contract, if it names anybody."""
    if isinstance(payload, TokenTransfer):
        return principal_text(payload.recipient)
    if isinstance(payload, CoinbaseToAlt):
        return principal_text(payload.recipient)
    if isinstance(payload, NakamotoCoinbase) and payload.recipient is not None:
        return principal_text(payload.recipient)
    if isinstance(payload, ContractCall):
        return principal_text(payload.contract)
    return None


@lru_cache(maxsize=_PRINCIPAL_TEXTS_MAX)
def event_principal_text(raw: PrincipalBytes) -> str:
    """The text of a principal of an event."""
    return principal_text(decode_principal(raw))


def _event_movements(event: Event) -> tuple[tuple[str, Movement], ...]:
    if isinstance(event, TransferEvent):
        return (
            (event_principal_text(event.sender), Movement(sent=event.amount)),
            (event_principal_text(event.recipient), Movement(received=event.amount)),
        )
    if isinstance(event, MintEvent):
        return ((event_principal_text(event.recipient), Movement(reward=event.amount)),)
    if isinstance(event, BurnEvent):
        return ((event_principal_text(event.sender), Movement(sent=event.amount)),)
    raise AssertionError(f"an event of unknown type: {type(event)!r}")
