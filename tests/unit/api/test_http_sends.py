"""Sending: transactions, fee questions, the faucet; and everything that is refused."""

import asyncio

import httpx
import pytest
from http_world import FEE, NETWORK, A, B, C, FakeBackend, make_client, transfer, txid_of
from starlette.testclient import TestClient

from btczs.api import ApiOptions, ApiServer, CannotListen, create_app
from btczs.codec.clarity import encode_principal
from btczs.ledger.transactions import decode_transaction
from btczs.ledger.transactions.payload_codec import encode_payload

TX = transfer(A, 0)


def send_raw(client: TestClient, raw: bytes):
    headers = {"content-type": "application/octet-stream"}
    return client.post("/v2/transactions", content=raw, headers=headers)


def test_a_transaction_is_taken_as_bytes_and_as_json_any_number_of_times(client, backend):
    for answer in (
        send_raw(client, TX),
        client.post("/v2/transactions", json={"tx": TX.hex()}),
        client.post("/v2/transactions", json={"tx": "0x" + TX.hex(), "attachment": None}),
    ):
        assert answer.status_code == 200
        assert answer.json() == txid_of(TX)
    assert len(backend.pool) == 1


@pytest.mark.parametrize(
    ("raw", "reason", "data"),
    [
        (b"", "Deserialization", {"message"}),
        (TX[:-1], "Deserialization", {"message"}),
        (transfer(A, 0, fee=FEE - 1), "FeeTooLow", {"expected", "actual"}),
        (TX[:60] + bytes([TX[60] ^ 1]) + TX[61:], "SignatureValidation", {"message"}),
        (
            transfer(A, 0, 10**15),
            "NotEnoughFunds",
            {"expected", "actual"},
        ),
        (transfer(A, 0, to=A.principal), "TransferRecipientCannotEqualSender", None),
    ],
)
def test_a_refusal_has_the_reason_that_clients_parse(client, raw, reason, data):
    answer = send_raw(client, raw)
    assert answer.status_code == 400
    body = answer.json()
    assert (body["error"], body["reason"]) == ("transaction rejected", reason)
    assert len(body["txid"]) == 64
    assert body["code"] and body["message"]
    if data:
        assert set(body["reason_data"]) == data


def test_a_used_nonce_is_refused_with_what_was_expected(client, backend):
    backend.mine(TX)
    body = send_raw(client, transfer(A, 0, 11)).json()
    assert body["reason"] == "BadNonce"
    assert body["reason_data"]["expected"] == 1
    assert body["reason_data"]["principal"] == A.address


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b"null", b"{}", b'{"tx": 5}', b'{"tx": "zz"}', b'"\xff"', b"[" * 9999]
)
def test_json_that_is_no_transaction(client, body):
    headers = {"content-type": "application/json"}
    answer = client.post("/v2/transactions", content=body, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (400, "bad_body")


def test_attachments_are_refused_not_dropped(client, backend):
    answer = client.post("/v2/transactions", json={"tx": TX.hex(), "attachment": "00"})
    assert answer.status_code == 400
    assert len(backend.pool) == 0


# ---------------------------------------------------------------------- fees


def test_the_transfer_rate_pays_the_least_fee(client):
    rate = int(client.get("/v2/fees/transfer", headers={"accept": "application/text"}).text)
    assert rate * 180 >= NETWORK.fees.token_transfer
    assert client.get("/extended/v1/fee_rate").json() == {"fee_rate": rate}
    assert client.post("/extended/v1/fee_rate", json={"transaction": "00"}).json() == {
        "fee_rate": rate
    }


def test_an_estimated_fee_is_accepted(client):
    payload = encode_payload(decode_transaction(TX).payload)
    question = {"transaction_payload": payload.hex(), "estimated_len": len(TX)}
    answer = client.post("/v2/fees/transaction", json=question).json()
    fees = [estimate["fee"] for estimate in answer["estimations"]]
    assert len(fees) == 3 and fees == sorted(fees)
    assert all(isinstance(fee, int) for fee in fees)
    assert set(answer["estimated_cost"].values()) == {0}
    assert send_raw(client, transfer(A, 0, fee=fees[0])).status_code == 200


@pytest.mark.parametrize("kind", ["all", "token_transfer", "contract_call", "smart_contract"])
def test_fees_by_priority_rise(client, kind):
    fees = client.get("/extended/v2/mempool/fees").json()[kind]
    levels = [fees[f"{name}_priority"] for name in ("no", "low", "medium", "high")]
    assert levels == sorted(levels)
    assert levels[0] >= NETWORK.fees.base


@pytest.mark.parametrize(
    "question",
    [None, [], {}, {"transaction_payload": 1}, {"transaction_payload": "ff"}, {"x": 1}],
)
def test_a_bad_fee_question_is_refused(client, question):
    answer = client.post("/v2/fees/transaction", json=question)
    assert (answer.status_code, answer.json()["error"]) == (400, "bad_body")


# ---------------------------------------------------------------------- faucet


def test_the_faucet_pays_by_query_and_by_body(client, backend):
    for answer in (
        client.post(f"/extended/v1/faucets/stx?address={B.address}"),
        client.post("/extended/v1/faucets/stx", json={"address": C.address}),
    ):
        body = answer.json()
        assert body["success"] is True
        assert body["txId"] == "0x" + txid_of(bytes.fromhex(body["txRaw"]))
    assert len(backend.pool) == 2


def test_the_faucet_refuses(client, backend):
    path = "/extended/v1/faucets/stx"
    assert client.post(path).json()["error"] == "bad_body"
    assert client.post(f"{path}?address=nonsense").status_code == 400
    backend.faucet_on = False
    answer = client.post(f"{path}?address={B.address}")
    assert (answer.status_code, answer.json()["error"]) == (403, "faucet_disabled")


def test_the_faucet_pays_an_address_only_so_often(tmp_path):
    with make_client(tmp_path, faucet_requests_burst=1, faucet_requests_per_hour=1) as (client, _):
        path = f"/extended/v1/faucets/stx?address={B.address}"
        assert client.post(path).status_code == 200
        answer = client.post(path)
        assert (answer.status_code, answer.json()["error"]) == (429, "too_many_requests")
        assert int(answer.headers["retry-after"]) > 3000


# ---------------------------------------------------------------------- edges


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "not_found"),
        ("GET", "/v2/contracts/interface/ST1/kv", 404, "not_found"),
        ("POST", "/v2/info", 405, "method_not_allowed"),
        ("DELETE", "/v2/info", 405, "method_not_allowed"),
        ("GET", "/v2/accounts/nonsense", 400, "bad_parameter"),
        ("GET", "/extended/v1/tx/xyz", 400, "bad_parameter"),
        ("GET", "/extended/v1/tx/" + "ee" * 32, 404, "not_found"),
        ("GET", "/extended/v1/tx?limit=51", 400, "bad_parameter"),
        ("GET", "/extended/v1/tx?limit=-1", 400, "bad_parameter"),
        ("GET", "/extended/v1/tx?limit=%D9%A1", 400, "bad_parameter"),
        ("GET", "/extended/v1/tx?nonce=1", 400, "bad_parameter"),
        ("GET", "/extended/v1/tx?type=x", 400, "bad_parameter"),
        ("GET", "/extended/v1/tx?type=coinbase&offset=20000", 400, "bad_parameter"),
        ("GET", "/extended/v1/tx/multiple", 400, "bad_parameter"),
        ("GET", "/extended/v1/tx/events", 400, "bad_parameter"),
        ("GET", "/extended/v1/block/by_height/99", 404, "not_found"),
        ("GET", "/extended/v2/burn-blocks/7", 404, "not_found"),
        ("GET", f"/extended/v1/address/{A.address}/stx?until_block=1", 400, "bad_parameter"),
        ("GET", "/?" + "x" * 9000, 414, "uri_too_long"),
    ],
)
def test_errors_are_json_with_a_stable_code(client, method, path, status, code):
    answer = client.request(method, path)
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert answer.headers["access-control-allow-origin"] == "*"


def test_a_bug_answers_500_with_an_id_that_is_in_the_log(client, backend, caplog):
    backend.broken = RuntimeError("secret detail")
    answer = client.get("/v2/info")
    body = answer.json()
    assert (answer.status_code, body["error"]) == (500, "internal")
    assert "secret" not in answer.text
    assert body["id"] in caplog.text
    backend.broken = None
    assert client.get("/v2/info").status_code == 200


def test_browsers_may_ask_from_anywhere(client):
    answer = client.options("/v2/transactions", headers={"origin": "https://example.org"})
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "POST" in answer.headers["access-control-allow-methods"]


def test_a_body_has_a_bound(tmp_path):
    with make_client(tmp_path, body_bytes_max=100) as (client, _):
        answer = client.post("/extended/v1/faucets/stx", content=b" " * 101)
        assert (answer.status_code, answer.json()["error"]) == (413, "body_too_large")
        too_long = 2 * NETWORK.limits.transaction_bytes_max + 5000
        assert send_raw(client, bytes(too_long)).status_code == 413


def test_a_client_has_only_so_many_requests(tmp_path):
    with make_client(tmp_path, requests_per_s=1, requests_burst=3) as (client, _):
        answers = [client.get("/v2/info") for _ in range(5)]
    assert [answer.status_code for answer in answers][:3] == [200, 200, 200]
    assert answers[-1].status_code == 429
    assert answers[-1].headers["access-control-allow-origin"] == "*"
    assert int(answers[-1].headers["retry-after"]) >= 1


# ---------------------------------------------------------------------- sockets


def test_one_application_is_served_on_two_ports(tmp_path):
    async def scenario() -> None:
        backend = FakeBackend(tmp_path)
        app = create_app(backend, ApiOptions())  # type: ignore[arg-type]
        server = ApiServer(app, ports=(0, 0))
        await server.start()
        try:
            assert len(set(server.ports)) == 2
            async with httpx.AsyncClient() as client:
                for port in server.ports:
                    answer = await client.get(f"http://127.0.0.1:{port}/v2/info")
                    assert answer.json()["network_id"] == NETWORK.chain_id
            assert app.state.service.hub is not None
            with pytest.raises(CannotListen):
                await ApiServer(app, ports=server.port).start()
        finally:
            await server.stop()
        async with httpx.AsyncClient() as client:
            with pytest.raises(httpx.ConnectError):
                await client.get(f"{server.url}/v2/info")
        backend.index.close()

    asyncio.run(scenario())


def test_a_body_that_never_ends_is_given_up(tmp_path):
    async def scenario() -> bytes:
        backend = FakeBackend(tmp_path)
        app = create_app(backend, ApiOptions(body_timeout_s=1))  # type: ignore[arg-type]
        server = ApiServer(app)
        await server.start()
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(b"POST /v2/transactions HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n1")
            answer = await asyncio.wait_for(reader.readline(), 10)
            writer.close()
        finally:
            await server.stop()
            backend.index.close()
        return answer

    assert b"408" in asyncio.run(scenario())


def test_principals_of_the_world_are_those_of_the_network():
    assert encode_principal(A.principal)[1] == NETWORK.address_version_single
