"""Every operation of the HTTP API, as a table. Order matters: a fixed path before a variable one."""

from typing import Final

from btczs.api.handlers import (
    addresses,
    chain,
    faucet,
    fees,
    layer1,
    node,
    submit,
    transactions,
)
from btczs.api.params import (
    Param,
    bool_param,
    path_hash,
    path_int,
    path_principal,
    read_choice,
    read_hash_text,
    read_text,
)
from btczs.api.routes_history import HISTORY_ROUTES
from btczs.api.routing import Route

_TEXT: Final = {"type": "string"}
_TXID: Final = path_hash("tx_id", "Transaction id, with or without 0x.")
_PRINCIPAL: Final = path_principal()

_NODE: Final = (
    Route("GET", "/", node.get_root, "What this is"),
    Route("GET", "/v2/info", node.get_info, "The chain and its tip"),
    Route("GET", "/v2/pox", node.get_pox, "Reward cycles"),
    Route("GET", "/v3/health", node.get_health, "Health of the node"),
    Route(
        "GET",
        "/v2/accounts/{principal}",
        addresses.get_account,
        "Balance and nonce in the state",
        (_PRINCIPAL, bool_param("proof", "Whether to prove it.", True)),
        "Balance (hexadecimal), nonce, and a proof under the state root.",
    ),
    Route("GET", "/v2/fees/transfer", fees.get_transfer_rate, "Base units per byte of a transfer"),
    Route("POST", "/v2/fees/transaction", fees.post_estimate, "Three estimates of a fee"),
    Route(
        "POST",
        "/v2/transactions",
        submit.post_transaction,
        "Send a transaction",
        (),
        "The transaction id as a JSON string; 400 with `reason` if it is refused.",
    ),
    Route(
        "GET",
        "/v2/transactions/unconfirmed/{tx_id}",
        transactions.get_unconfirmed,
        "A waiting transaction",
        (_TXID,),
    ),
    Route(
        "GET",
        "/v2/btcz/block/{height}",
        layer1.get_block,
        "A layer-1 block",
        (path_int("height", "Layer-1 height."),),
        "The block as the layer-1 node shows it.",
    ),
    Route(
        "GET",
        "/v2/btcz/tx/{tx_id}/proof",
        layer1.get_proof,
        "Inclusion proof of a layer-1 transaction",
        (Param("tx_id", read_hash_text, "Layer-1 transaction id.", _TEXT, "path"),),
        "Header, Merkle branch and position.",
    ),
    Route("GET", "/mempool/recent", layer1.list_mempool, "Transactions waiting on layer 1"),
)

_CHAIN: Final = (
    Route("GET", "/extended", node.get_status, "Status"),
    Route("GET", "/extended/v1/status", node.get_status, "Status"),
    Route("GET", "/extended/v1/info/network_block_times", chain.get_block_times, "Layer-1 spacing"),
    Route(
        "GET",
        "/extended/v1/info/network_block_time/{network}",
        chain.get_block_time,
        "Layer-1 spacing",
        (Param("network", read_choice("mainnet", "testnet"), "Either.", _TEXT, "path"),),
    ),
    Route("GET", "/extended/v1/stx_supply", chain.get_supply, "Supply"),
    Route("GET", "/extended/v1/stx_supply/total/plain", chain.get_total_plain, "Cap of the supply"),
    Route(
        "GET",
        "/extended/v1/stx_supply/circulating/plain",
        chain.get_circulating_plain,
        "Issued and not burned",
    ),
    Route("GET", "/extended/v1/fee_rate", fees.get_fee_rate, "Base units per byte"),
    Route("POST", "/extended/v1/fee_rate", fees.post_fee_rate, "Base units per byte"),
    Route("GET", "/extended/v2/mempool/fees", fees.get_mempool_fees, "Fees by priority"),
    Route(
        "GET",
        "/extended/v1/search/{id}",
        chain.search,
        "Find a transaction, block or address",
        (Param("id", read_text, "What to look for.", _TEXT, "path"),),
    ),
    Route(
        "POST",
        "/extended/v1/faucets/stx",
        faucet.post_stx,
        "Coins of a test network",
        (Param("address", read_text, "Who gets them.", _TEXT),),
    ),
)

ROUTES: Final[tuple[Route, ...]] = (*_NODE, *_CHAIN, *HISTORY_ROUTES)
