"""The part of the route table that shows history: transactions, blocks and addresses."""

from typing import Final

from btczs.api.handlers import (
    addresses,
    blocks,
    mempool,
    transactions,
)
from btczs.api.params import (
    HEIGHT_MAX,
    Param,
    bool_param,
    limit_param,
    offset_param,
    path_block,
    path_hash,
    path_int,
    path_principal,
    read_block_ref,
    read_choice,
    read_hash,
    read_hash_text,
    read_int,
    refused_param,
)
from btczs.api.routing import Route
from btczs.api.shapes.transactions import EVENTS_MAX
from btczs.codec.clarity import parse_principal
from btczs.indexer.extract import KIND_BY_PAYLOAD

_KINDS: Final = tuple(dict.fromkeys(KIND_BY_PAYLOAD.values()))
_TEXT: Final = {"type": "string"}
_INTEGER: Final = {"type": "integer"}

_TX_PAGE: Final = (limit_param(20, 50), offset_param())
_BLOCK_PAGE: Final = (limit_param(20, 30), offset_param())
_MEMPOOL_PAGE: Final = (limit_param(20, 50), offset_param(100_000))
_EVENTS: Final = (
    Param("event_limit", read_int(0, EVENTS_MAX), "Most events shown.", _INTEGER, default=96),
    Param("event_offset", read_int(0, HEIGHT_MAX), "Events left out.", _INTEGER, default=0),
)
_TXID: Final = path_hash("tx_id", "Transaction id, with or without 0x.")
_PRINCIPAL: Final = path_principal()
_BLOCK: Final = path_block("block")


def _refused(*names: str) -> tuple[Param, ...]:
    return tuple(refused_param(name) for name in names)


def _address(name: str, description: str) -> Param:
    return Param(name, parse_principal, description, _TEXT)


def _time(name: str, description: str) -> Param:
    return Param(name, read_int(0, HEIGHT_MAX), description, _INTEGER)


_TRANSACTIONS: Final = (
    Route(
        "GET",
        "/extended/v1/tx",
        transactions.list_transactions,
        "Mined transactions",
        (
            limit_param(20, 50),
            offset_param(),
            Param(
                "type",
                read_choice(*_KINDS),
                "Transaction types.",
                {"type": "array", "maxItems": len(_KINDS)},
                repeated=True,
            ),
            _address("from_address", "Only of this sender."),
            _address("to_address", "Only to this recipient."),
            _time("start_time", "Not older than (seconds)."),
            _time("end_time", "Not younger than (seconds)."),
            *_refused("contract_id", "function_name", "nonce"),
            Param("order", read_choice("desc"), "Only `desc`: the newest first.", _TEXT),
            Param(
                "sort_by",
                read_choice("block_height", "burn_block_time"),
                "Both give the order of blocks.",
                _TEXT,
            ),
        ),
    ),
    Route(
        "GET",
        "/extended/v1/tx/mempool",
        mempool.list_mempool,
        "Waiting transactions",
        (
            *_MEMPOOL_PAGE,
            _address("address", "Of or to this address."),
            _address("sender_address", "Only of this sender."),
            _address("recipient_address", "Only to this recipient."),
        ),
    ),
    Route("GET", "/extended/v1/tx/mempool/stats", mempool.get_stats, "Statistics of the mempool"),
    Route(
        "GET",
        "/extended/v1/tx/multiple",
        transactions.get_many,
        "Several transactions",
        (
            Param(
                "tx_id",
                read_hash,
                "Transaction ids.",
                {"type": "array", "maxItems": 50},
                required=True,
                repeated=True,
            ),
            *_EVENTS,
        ),
    ),
    Route(
        "GET",
        "/extended/v1/tx/events",
        transactions.list_events,
        "Events of a transaction or an address",
        (
            limit_param(20, 100),
            offset_param(),
            Param("tx_id", read_hash, "Of this transaction.", _TEXT),
            _address("address", "Of this address."),
        ),
    ),
    Route(
        "GET",
        "/extended/v1/tx/block/{block}",
        transactions.list_of_block,
        "Transactions of a block",
        (path_hash("block", "Block hash or id."), *_TX_PAGE),
    ),
    Route(
        "GET",
        "/extended/v1/tx/block_height/{block}",
        transactions.list_of_block,
        "Transactions of a block",
        (path_int("block", "Height."), *_TX_PAGE),
    ),
    Route(
        "GET",
        "/extended/v1/tx/{tx_id}",
        transactions.get_transaction,
        "A transaction, wherever it is",
        (_TXID, *_EVENTS),
    ),
    Route(
        "GET",
        "/extended/v1/tx/{tx_id}/raw",
        transactions.get_raw,
        "The bytes of a transaction",
        (_TXID,),
    ),
)

_BLOCKS: Final = (
    Route("GET", "/extended/v1/block", blocks.list_v1, "Blocks", _BLOCK_PAGE),
    Route(
        "GET",
        "/extended/v1/block/by_height/{block}",
        blocks.get_v1,
        "A block",
        (path_int("block", "Height."),),
    ),
    Route(
        "GET",
        "/extended/v1/block/by_burn_block_height/{burn_block_height}",
        blocks.get_v1_by_l1_height,
        "Newest block under a layer-1 block",
        (path_int("burn_block_height", "Layer-1 height."),),
    ),
    Route(
        "GET",
        "/extended/v1/block/by_burn_block_hash/{burn_block_hash}",
        blocks.get_v1_by_l1_hash,
        "Newest block under a layer-1 block",
        (Param("burn_block_hash", read_hash_text, "Layer-1 block hash.", _TEXT, "path"),),
    ),
    Route(
        "GET",
        "/extended/v1/block/{block}",
        blocks.get_v1,
        "A block",
        (path_hash("block", "Block hash or id."),),
    ),
    Route(
        "GET",
        "/extended/v2/blocks",
        blocks.list_v2,
        "Blocks",
        (*_BLOCK_PAGE, Param("cursor", read_hash, "A block id: the page begins there.", _TEXT)),
    ),
    Route(
        "GET", "/extended/v2/blocks/average-times", blocks.get_average_times, "Time between blocks"
    ),
    Route(
        "GET",
        "/extended/v2/blocks/by-block-time/{timestamp}",
        blocks.get_v2_by_time,
        "Newest block at a time",
        (path_int("timestamp", "Seconds."),),
    ),
    Route("GET", "/extended/v2/blocks/{block}", blocks.get_v2, "A block", (_BLOCK,)),
    Route(
        "GET",
        "/extended/v2/blocks/{block}/transactions",
        transactions.list_of_block,
        "Transactions of a block",
        (_BLOCK, *_TX_PAGE),
    ),
    Route(
        "GET",
        "/extended/v2/blocks/{block}/signer-signatures",
        blocks.list_signatures,
        "Signatures of the signers",
        (_BLOCK, limit_param(500, 1000), offset_param()),
    ),
    Route("GET", "/extended/v2/burn-blocks", blocks.list_l1, "Layer-1 blocks", _BLOCK_PAGE),
    Route(
        "GET",
        "/extended/v2/burn-blocks/{l1_block}",
        blocks.get_l1,
        "A layer-1 block",
        (Param("l1_block", read_block_ref, "Height, hash or latest.", _TEXT, "path"),),
    ),
    Route(
        "GET",
        "/extended/v2/burn-blocks/{l1_block}/blocks",
        blocks.list_of_l1,
        "Blocks under a layer-1 block",
        (Param("l1_block", read_block_ref, "Height, hash or latest.", _TEXT, "path"), *_BLOCK_PAGE),
    ),
    Route(
        "GET",
        "/extended/v2/block-tenures/{tenure_height}/blocks",
        blocks.list_of_tenure,
        "Blocks of a tenure",
        (path_int("tenure_height", "Tenure height."), *_BLOCK_PAGE),
    ),
)

_PAST: Final = _refused("until_block")
_V1_ADDRESS: Final = "/extended/v1/address/{principal}"
_V2_ADDRESS: Final = "/extended/v2/addresses/{principal}"

_ADDRESSES: Final = (
    Route(
        "GET",
        f"{_V1_ADDRESS}/nonces",
        addresses.get_nonces,
        "Nonces",
        (_PRINCIPAL, *_refused("block_height", "block_hash")),
    ),
    Route(
        "GET", f"{_V1_ADDRESS}/balances", addresses.get_balances, "Balances", (_PRINCIPAL, *_PAST)
    ),
    Route("GET", f"{_V1_ADDRESS}/stx", addresses.get_stx, "Balance", (_PRINCIPAL, *_PAST)),
    Route(
        "GET",
        f"{_V1_ADDRESS}/transactions",
        addresses.list_v1,
        "Transactions of an address",
        (_PRINCIPAL, *_TX_PAGE, *_refused("height"), *_PAST),
    ),
    Route(
        "GET",
        f"{_V1_ADDRESS}/transactions_with_transfers",
        addresses.list_with_transfers,
        "Transactions of an address and what they moved",
        (_PRINCIPAL, *_TX_PAGE, *_refused("height"), *_PAST),
    ),
    Route(
        "GET",
        f"{_V1_ADDRESS}/{{tx_id}}/with_transfers",
        addresses.get_with_transfers,
        "One transaction of an address and what it moved",
        (_PRINCIPAL, _TXID),
    ),
    Route(
        "GET",
        f"{_V1_ADDRESS}/mempool",
        mempool.list_of_address,
        "Waiting transactions of an address",
        (_PRINCIPAL, *_MEMPOOL_PAGE),
    ),
    Route(
        "GET",
        f"{_V1_ADDRESS}/assets",
        addresses.list_assets,
        "Asset events of an address",
        (_PRINCIPAL, *_TX_PAGE, *_PAST),
    ),
    Route(
        "GET",
        f"{_V2_ADDRESS}/transactions",
        addresses.list_v2,
        "Transactions of an address",
        (_PRINCIPAL, *_TX_PAGE),
    ),
    Route(
        "GET",
        f"{_V2_ADDRESS}/balances/stx",
        addresses.get_stx_v2,
        "Balance",
        (_PRINCIPAL, bool_param("include_mempool", "Add what waits.", False)),
    ),
    Route(
        "GET",
        f"{_V2_ADDRESS}/balances/ft",
        addresses.list_ft_v2,
        "Balances of tokens",
        (_PRINCIPAL, *_TX_PAGE),
    ),
)

HISTORY_ROUTES: Final[tuple[Route, ...]] = (*_TRANSACTIONS, *_BLOCKS, *_ADDRESSES)
