"""Accounts: state, nonces, balances, history."""

from typing import Any

from btczs.api.errors import NotFound
from btczs.api.handlers.mempool import sum_pending
from btczs.api.handlers.transactions import page
from btczs.api.jsontext import to_hex, to_int
from btczs.api.routing import Call
from btczs.api.shapes.accounts import add_pending, render_nonces, render_stx_balance
from btczs.api.shapes.events import render_event
from btczs.api.shapes.transactions import Renderer
from btczs.codec.clarity import Principal, principal_text
from btczs.codec.clarity.values import StandardPrincipal
from btczs.ledger.mempool import NoncesView

TWIN_VERSIONS = {22: 20, 26: 21}
"""Address version of one signature to that of several, for the same hash."""


async def get_account(call: Call) -> dict[str, Any]:
    """The account in the state; unless `proof=0`, with a proof under `btczs_state_root`.

    `balance_proof` and `nonce_proof` are the same: one value of the state holds both.
    """
    backend, principal = call.service.backend, call.args["principal"]
    account = backend.account(principal)
    shown: dict[str, Any] = {
        "balance": f"0x{account.balance:032x}",
        "locked": f"0x{0:032x}",
        "unlock_height": 0,
        "nonce": to_int(account.nonce),
    }
    if call.args["proof"]:
        proof = backend.prove_account(principal)
        shown["balance_proof"] = shown["nonce_proof"] = "" if proof is None else to_hex(proof)
        shown["btczs_state_root"] = to_hex(backend.tip().state_root)
    return shown


async def get_nonces(call: Call) -> dict[str, Any]:
    return render_nonces(_nonces_or_twin(call, call.args["principal"]))


async def get_stx(call: Call) -> dict[str, Any]:
    return _stx(call, include_mempool=True)


async def get_balances(call: Call) -> dict[str, Any]:
    """Tokens of contracts come with contracts: there are none yet."""
    stx = _stx(call, include_mempool=True)
    return {"stx": stx, "fungible_tokens": {}, "non_fungible_tokens": {}}


async def get_stx_v2(call: Call) -> dict[str, Any]:
    return _stx(call, include_mempool=call.args["include_mempool"])


async def list_ft_v2(call: Call) -> dict[str, Any]:
    """Tokens of contracts come with contracts: there are none yet."""
    return page(call.args, 0, [])


async def list_v1(call: Call) -> dict[str, Any]:
    return _list(call, lambda renderer, item: renderer.mined(item.transaction))


async def list_with_transfers(call: Call) -> dict[str, Any]:
    return _list(call, Renderer.with_transfers)


async def list_v2(call: Call) -> dict[str, Any]:
    frame = _list(call, Renderer.with_counts)
    return {**frame, "next_cursor": None, "prev_cursor": None, "cursor": None}


async def get_with_transfers(call: Call) -> dict[str, Any]:
    """One transaction, and what it moved at the address."""
    args, backend = call.args, call.service.backend
    with backend.index.view() as view:
        item = view.transaction_of_address(principal_text(args["principal"]), args["tx_id"])
        if item is None:
            raise NotFound("no such transaction concerns this address")
        return Renderer(view, backend.tip()).with_transfers(item)


async def list_assets(call: Call) -> dict[str, Any]:
    """Asset events that concern the address, the newest first."""
    args, backend = call.args, call.service.backend
    with backend.index.view() as view:
        items, total = view.events_of_address(
            principal_text(args["principal"]), args["limit"], args["offset"]
        )
    shown = [
        render_event(
            item.transaction.receipt.events[item.event_index],
            item.event_index,
            item.transaction.txid,
        )
        for item in items
    ]
    return page(args, total, shown)


def _list(call: Call, render: Any) -> dict[str, Any]:
    args, backend = call.args, call.service.backend
    with backend.index.view() as view:
        items, total = view.transactions_of_address(
            principal_text(args["principal"]), args["limit"], args["offset"]
        )
        renderer = Renderer(view, backend.tip())
        return page(args, total, [render(renderer, item) for item in items])


def _stx(call: Call, *, include_mempool: bool) -> dict[str, Any]:
    backend, principal = call.service.backend, call.args["principal"]
    with backend.index.view() as view:
        totals = view.address_totals(principal_text(principal))
    shown = render_stx_balance(backend.account(principal), totals)
    pending = sum_pending(backend, principal) if include_mempool else None
    return shown if pending is None else add_pending(shown, *pending)


def _nonces_or_twin(call: Call, principal: Principal) -> NoncesView:
    """The account's nonces; of its multi-signature twin if only that one was ever used.

    Client libraries that make a multi-signature transaction ask for the address that the hash of
    its keys would have with a single signature.
    """
    backend = call.service.backend
    view = backend.nonces(principal)
    unused = not view.next_executed and not view.waiting
    if not unused or not isinstance(principal, StandardPrincipal):
        return view
    twin_version = TWIN_VERSIONS.get(principal.version)
    if twin_version is None or backend.account(principal).balance:
        return view
    return backend.nonces(StandardPrincipal(twin_version, principal.hash20))
