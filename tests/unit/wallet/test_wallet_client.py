"""The client: what it asks, what it sends, and what it makes of every kind of answer."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import httpx
import pytest
from fake_node import TXID, FakeNode, reply
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.asyncio.server import ServerConnection, serve

from btczs.ledger.transactions import decode_transaction, verify_transaction
from btczs.networks import load_network
from btczs.primitives import BtczsError, InvalidInput
from btczs.wallet import waiting
from btczs.wallet.client import Client
from btczs.wallet.errors import (
    ApiFailed,
    ApiRefused,
    FeeTooHigh,
    NodeUnreachable,
    NotFound,
    Refused,
    TransactionFailed,
    WaitTimeout,
    WrongNetwork,
)
from btczs.wallet.sync import SyncClient
from btczs.wallet.transport import is_loopback
from btczs.wallet.wallet import Wallet

T = TypeVar("T")
DEVNET = load_network("devnet")
ANN, BOB = Wallet("abandon " * 23 + "art", DEVNET).accounts(2)
NOWHERE = "http://127.0.0.1:9"


def ask(node: FakeNode, work: Callable[[Client], Awaitable[T]], url: str = NOWHERE) -> T:
    async def whole() -> T:
        async with Client(url, DEVNET, transport=node.transport) as client:
            return await work(client)

    return asyncio.run(whole())


@pytest.fixture
def node(monkeypatch: pytest.MonkeyPatch) -> FakeNode:
    monkeypatch.setattr(waiting, "POLL_S", 0.005)
    return FakeNode()


def test_reading(node: FakeNode) -> None:
    info = ask(node, lambda c: c.info())
    assert (info.height, info.l1_height, info.signed_height, info.final_height) == (42, 130, 41, 20)
    account = ask(node, lambda c: c.account(ANN.address))
    assert (account.balance, account.nonce) == (250_000_000, 3)
    assert ask(node, lambda c: c.balances(ANN.address)).total_sent == 9_007_199_254_740_993
    assert ask(node, lambda c: c.block())["height"] == 42
    assert ask(node, lambda c: c.faucet(ANN.address)) == TXID
    assert f"POST /extended/v1/faucets/stx?address={ANN.address}" in node.requests


def test_a_transfer_is_signed_with_the_nodes_nonce_and_fee(node: FakeNode) -> None:
    node.next_nonce = 9
    signed = ask(node, lambda c: c.transfer(ANN, BOB.address, "1.5", "hello"))
    (raw,) = node.sent
    found = verify_transaction(decode_transaction(raw), raw, DEVNET)
    assert (found.origin_nonce, found.fee, found.origin) == (9, 1500, ANN.principal)
    assert raw == signed.raw
    assert found.tx.payload.amount == 150_000_000  # type: ignore[union-attr]


def test_nothing_is_asked_that_was_given(node: FakeNode) -> None:
    ask(node, lambda c: c.transfer(ANN, BOB.address, 5, fee=1234, nonce=77))
    assert node.requests == ["GET /v2/info", "POST /v2/transactions"]
    auth = decode_transaction(node.sent[0]).auth
    assert (auth.origin.nonce, auth.origin.fee) == (77, 1234)


def test_a_fee_is_never_under_the_rules_and_never_absurd(node: FakeNode) -> None:
    node.fee = 1
    ask(node, lambda c: c.transfer(ANN, BOB.address, 5))
    assert decode_transaction(node.sent[0]).auth.payer.fee == DEVNET.fees.token_transfer
    node.fee = 10**9
    with pytest.raises(FeeTooHigh):
        ask(node, lambda c: c.transfer(ANN, BOB.address, 5))
    node.answers["/v2/fees/transaction"] = lambda: reply({"error": "x"}, 400)
    ask(node, lambda c: c.transfer(ANN, BOB.address, 5))
    assert decode_transaction(node.sent[1]).auth.payer.fee == DEVNET.fees.token_transfer


def test_nothing_is_signed_for_another_chain(node: FakeNode) -> None:
    node.chain_id = 0x80000001
    with pytest.raises(WrongNetwork):
        ask(node, lambda c: c.transfer(ANN, BOB.address, 5))
    assert node.sent == []


def test_a_refusal_has_its_reason(node: FakeNode) -> None:
    data = {"expected": "0x10", "actual": "0x01"}
    node.refusals = [{"reason": "NotEnoughFunds", "reason_data": data}]
    with pytest.raises(Refused) as caught:
        ask(node, lambda c: c.transfer(ANN, BOB.address, 5))
    refused = caught.value
    assert (refused.reason, refused.reason_data, refused.txid) == ("NotEnoughFunds", data, TXID)
    assert refused.to_json()["reason"] == "NotEnoughFunds"


def test_a_nonce_that_was_just_taken_is_asked_for_again(node: FakeNode) -> None:
    node.refusals = [{"reason": "BadNonce"}, {"reason": "BadNonce"}]
    ask(node, lambda c: c.transfer(ANN, BOB.address, 5))
    assert decode_transaction(node.sent[0]).auth.origin.nonce == 2
    node.refusals = [{"reason": "BadNonce"}] * 3
    with pytest.raises(Refused):
        ask(node, lambda c: c.transfer(ANN, BOB.address, 5))
    node.refusals = [{"reason": "BadNonce"}]
    with pytest.raises(Refused):
        ask(node, lambda c: c.transfer(ANN, BOB.address, 5, nonce=0))


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (lambda: reply({"error": "not_found", "message": "no"}, 404), NotFound),
        (lambda: reply({"error": "bad_parameter", "message": "no"}, 400), ApiRefused),
        (lambda: reply({"error": "unavailable", "message": "no"}, 503), ApiFailed),
        (lambda: httpx.Response(502, text="<html>"), ApiFailed),
        (lambda: httpx.Response(200, text="<html>"), ApiFailed),
        (lambda: reply([]), ApiFailed),
        (lambda: reply({"balance": "0xzz", "locked": "0x0", "nonce": 0}), ApiFailed),
        (lambda: reply({"balance": "0x1", "locked": "0x0", "nonce": -1}), ApiFailed),
    ],
)
def test_bad_answers_are_typed(
    node: FakeNode, answer: Callable[[], httpx.Response], error: type[BtczsError]
) -> None:
    node.answers[f"/v2/accounts/{ANN.address}"] = answer
    with pytest.raises(error):
        ask(node, lambda c: c.account(ANN.address))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["balance", "locked", "nonce", "stx", "estimations", "fee", "network_id", "txId",
         "stacks_tip_height", "burn_block_height", "possible_next_nonce", "reason", "error"]
    ), inner, max_size=5),
    max_leaves=12,
)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(value=json_values, status=st.sampled_from([200, 400, 404, 500]))
def test_no_answer_crashes_the_client(value: Any, status: int) -> None:
    node = FakeNode()
    node.handle = lambda _: reply(value, status)  # type: ignore[method-assign]

    async def all_of_it(client: Client) -> list[Any]:
        return await asyncio.gather(
            client.info(), client.account("a"), client.nonces("a"), client.balances("a"),
            client.transaction("a"), client.submit(b"\0"), client.faucet("a"), client.block(),
            return_exceptions=True,
        )  # fmt: skip

    for outcome in ask(node, all_of_it):
        assert not isinstance(outcome, BaseException) or isinstance(outcome, BtczsError), outcome


def test_nobody_at_the_address() -> None:
    with SyncClient(NOWHERE, DEVNET) as client, pytest.raises(NodeUnreachable) as caught:
        client.info()
    assert caught.value.url == NOWHERE


@pytest.mark.parametrize("url", ["", "nonsense", "ftp://host", "http://", "http://host:99999"])
def test_what_is_no_url(url: str) -> None:
    with pytest.raises(InvalidInput):
        Client(url or "x", DEVNET)


def test_a_path_cannot_be_smuggled_in(node: FakeNode) -> None:
    with pytest.raises(NotFound):
        node.answers["/v2/accounts/../info"] = lambda: reply({}, 404)
        ask(node, lambda c: c.account("../info"))
    assert node.requests == ["GET /v2/accounts/..%2Finfo?proof=0"]


def test_only_this_machine_is_loopback() -> None:
    assert is_loopback("http://127.0.0.1:1")
    assert is_loopback("http://[::1]:1")
    assert is_loopback("ws://localhost")
    assert not is_loopback("http://localhost.example.org")


# ---------------------------------------------------------------------- waiting


def test_waiting_ends_at_the_state_or_beyond(node: FakeNode) -> None:
    node.states = ["unknown", "pending", "mined", "anchored"]
    found = ask(node, lambda c: c.wait(TXID, "signed", 10))
    assert found["btczs_status"] == "anchored"


def test_a_dropped_transaction_ends_the_wait(node: FakeNode) -> None:
    node.states = ["pending", "dropped"]
    with pytest.raises(TransactionFailed) as caught:
        ask(node, lambda c: c.wait(TXID, "mined", 10))
    assert caught.value.status == "dropped_replace_by_fee"


def test_time_runs_out(node: FakeNode) -> None:
    node.states = ["mined"]
    with pytest.raises(WaitTimeout) as caught:
        ask(node, lambda c: c.wait(TXID, "final", 0.05))
    assert (caught.value.state, caught.value.wanted) == ("mined", "final")
    with pytest.raises(InvalidInput):
        ask(node, lambda c: c.wait(TXID, "soon", 1))  # type: ignore[arg-type]


def test_the_websocket_tells_before_the_next_question(
    node: FakeNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without its message, the answer would come only after a minute."""
    monkeypatch.setattr(waiting, "POLL_S", 60)
    monkeypatch.setattr(waiting, "POLL_CONNECTED_S", 60)
    heard: list[Any] = []

    async def serve_one(socket: ServerConnection) -> None:
        request = json.loads(await socket.recv())
        heard.append((socket.request.path if socket.request else None, request["params"]))
        await socket.send(json.dumps({"jsonrpc": "2.0", "id": 1, "result": {}}))
        await asyncio.sleep(0.05)
        node.states = ["mined"]
        await socket.send(json.dumps({"jsonrpc": "2.0", "method": "tx_update", "params": {}}))
        await socket.wait_closed()

    async def whole() -> dict[str, Any]:
        async with serve(serve_one, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            url = f"http://127.0.0.1:{port}"
            async with Client(url, DEVNET, transport=node.transport) as client:
                return await client.wait(TXID, "mined", 10)

    node.states = ["pending"]
    found = asyncio.run(asyncio.wait_for(whole(), 20))
    assert found["btczs_status"] == "mined"
    assert heard == [("/extended/v1/ws", {"event": "tx_update", "tx_id": "0x" + TXID})]


def test_the_synchronous_client(node: FakeNode) -> None:
    with SyncClient(NOWHERE, DEVNET, transport=node.transport) as client:
        sent = client.transfer(ANN, BOB.address, "0.25")
        assert client.wait(sent.txid)["btczs_status"] == "mined"
        assert client.submit(sent.raw) == sent.txid
