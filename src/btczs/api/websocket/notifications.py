"""What subscribers are told: chain events to (topic, message) pairs, in the order of delivery.

Only what somebody has subscribed to is looked up and rendered, once for all its subscribers. What
the index no longer holds (the chain took another branch meanwhile) is not told.
"""

from collections.abc import Container, Iterable, Iterator
from typing import Any, NamedTuple

from btczs.api.backend import Backend, BlockAdded, MempoolAdded, MempoolDropped, Tip
from btczs.api.jsontext import to_0x
from btczs.api.shapes.accounts import render_stx_balance
from btczs.api.shapes.blocks import render_block_v1, render_microblock
from btczs.api.shapes.transactions import Renderer, render_dropped, render_pending
from btczs.api.websocket.protocol import encode_notification
from btczs.api.websocket.subscriptions import (
    BLOCK,
    MEMPOOL,
    MICROBLOCK,
    TRANSACTION,
    Topic,
    address_tx_topic,
    balance_topic,
    tx_topic,
)
from btczs.codec.clarity import parse_principal, principal_text
from btczs.indexer import BlockRow, IndexView, TransactionRow
from btczs.indexer.extract import get_recipient_text
from btczs.ledger.transactions import Transaction, decode_transaction
from btczs.ledger.transactions.addresses import condition_address


class Message(NamedTuple):
    topic: Topic
    text: str
    """A whole JSON-RPC notification."""


class Wanted(NamedTuple):
    """What has subscribers now."""

    topics: Container[Topic]
    any_tx: bool
    any_address_tx: bool
    any_balance: bool


def make_block_message(block: BlockRow, view: IndexView, tip: Tip) -> Message:
    return _message(BLOCK, render_block_v1(block, view, tip))


def make_block_messages(
    backend: Backend, event: BlockAdded, tip: Tip, wanted: Wanted
) -> list[Message]:
    """Block, microblock, each transaction in the order of the block, balances."""
    with backend.index.view() as view:
        block = view.block_by_hash(event.record.block_id)
        if block is None:
            return []
        messages: list[Message] = []
        if BLOCK in wanted.topics:
            messages.append(make_block_message(block, view, tip))
        if MICROBLOCK in wanted.topics and not block.is_tenure_start:
            messages.append(_message(MICROBLOCK, render_microblock(block, view)))
        concerned = {credit.principal: None for credit in event.record.credits}
        if TRANSACTION in wanted.topics or any(wanted[1:]):
            rows, _ = view.transactions_of_block(block, block.tx_count, 0)
            renderer = Renderer(view, tip)
            for row in rows:
                messages += _mined(view, renderer, row, wanted, concerned)
        if wanted.any_balance:
            messages += _balances(backend, view, concerned, wanted)
        return messages


def make_status_message(txid: bytes, view: IndexView, tip: Tip) -> Message | None:
    """The transaction as it stands; None if it is not in the index."""
    row = view.transaction(txid)
    return None if row is None else _message(tx_topic(txid), Renderer(view, tip).mined(row))


def make_mempool_messages(backend: Backend, event: MempoolAdded, wanted: Wanted) -> list[Message]:
    """Nothing if it has left again: then its next event follows."""
    entry = backend.mempool_entry(event.txid)
    if entry is None:
        return []
    shown = render_pending(entry)
    messages = [_message(MEMPOOL, shown)] if MEMPOOL in wanted.topics else []
    return messages + _unmined(event.txid, shown, entry.authenticated.tx, wanted)


def make_dropped_messages(backend: Backend, event: MempoolDropped, wanted: Wanted) -> list[Message]:
    """Of a transaction that the mempool has forgotten, only the status is told."""
    dropped = backend.dropped_status(event.txid)
    if dropped is None:
        bare = {
            "tx_id": to_0x(event.txid.hex()),
            "tx_status": event.status,
            "btczs_status": "dropped",
        }
        topic = tx_topic(event.txid)
        return [_message(topic, bare)] if topic in wanted.topics else []
    shown = render_dropped(dropped)
    return _unmined(event.txid, shown, decode_transaction(dropped.raw), wanted)


# ---------------------------------------------------------------------- parts


def _message(topic: Topic, params: dict[str, Any]) -> Message:
    return Message(topic, encode_notification(topic.event, params))


def _mined(
    view: IndexView,
    renderer: Renderer,
    row: TransactionRow,
    wanted: Wanted,
    concerned: dict[str, None],
) -> Iterator[Message]:
    topics = [topic for topic in (TRANSACTION, tx_topic(row.txid)) if topic in wanted.topics]
    if topics:
        shown = renderer.mined(row)
        yield from (_message(topic, shown) for topic in topics)
    if not (wanted.any_address_tx or wanted.any_balance):
        return
    for address in view.addresses_of_transaction(row.ordinal):
        concerned[address] = None
        topic = address_tx_topic(address)
        if topic in wanted.topics:
            item = view.transaction_of_address(address, row.txid)
            assert item is not None, "the index names the address for this transaction"
            yield _address_message(topic, renderer.with_transfers(item))


def _unmined(txid: bytes, shown: dict[str, Any], tx: Transaction, wanted: Wanted) -> list[Message]:
    """To those who watch the transaction, its sender, its payer or its recipient."""
    topic = tx_topic(txid)
    messages = [_message(topic, shown)] if topic in wanted.topics else []
    if wanted.any_address_tx:
        with_transfers = {
            "tx": shown,
            "stx_sent": "0",
            "stx_received": "0",
            "stx_transfers": [],
            "ft_transfers": [],
            "nft_transfers": [],
        }
        topics = (address_tx_topic(address) for address in _parties(tx))
        messages += [_address_message(t, with_transfers) for t in topics if t in wanted.topics]
    return messages


def _parties(tx: Transaction) -> list[str]:
    """Sender, payer, recipient, each once."""
    conditions = (tx.auth.origin, tx.auth.payer)
    texts = [principal_text(condition_address(c, tx.version)) for c in conditions]
    recipient = get_recipient_text(tx.payload)
    return list(dict.fromkeys(texts if recipient is None else [*texts, recipient]))


def _address_message(topic: Topic, item: dict[str, Any]) -> Message:
    tx = item["tx"]
    params = {
        "address": topic.key,
        "tx_id": tx["tx_id"],
        "tx_status": tx["tx_status"],
        "tx_type": tx["tx_type"],
        **item,
    }
    return _message(topic, params)


def _balances(
    backend: Backend, view: IndexView, addresses: Iterable[str], wanted: Wanted
) -> Iterator[Message]:
    """The settled balance, without what waits in the mempool."""
    for address in addresses:
        topic = balance_topic(address)
        if topic in wanted.topics:
            account = backend.account(parse_principal(address))
            shown = render_stx_balance(account, view.address_totals(address))
            yield _message(topic, {"address": address, **shown})
