"""What holds for every request: errors, limits, CORS, paths, documentation, a real server."""

import asyncio
import logging

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from node_double import A, make_app
from starlette.testclient import TestClient

from btczs.api.options import ApiOptions
from btczs.api.ratelimit import KEYS_MAX, TokenBuckets
from btczs.api.routes import ROUTES
from btczs.api.server import ApiServer, CannotListen

UNKNOWN = "00" * 32


def test_what_does_not_exist_is_json(client):
    for method, path, status, code in (
        ("GET", "/nothing", 404, "not_found"),
        ("GET", "/v2/contracts/interface/a/b", 404, "not_found"),
        ("POST", "/v2/info", 405, "method_not_allowed"),
        ("DELETE", "/v2/info", 405, "method_not_allowed"),
        ("GET", "/extended/v1/tx/xyz", 400, "bad_parameter"),
        ("GET", "/extended/v1/block/by_height/-1", 400, "bad_parameter"),
        ("GET", f"/extended/v1/block/by_height/{2**64}", 400, "bad_parameter"),
        ("GET", "/extended/v1/tx?limit=51", 400, "bad_parameter"),
        ("GET", "/extended/v1/tx?limit=-1", 400, "bad_parameter"),
        ("GET", "/extended/v1/tx?limit=x", 400, "bad_parameter"),
        ("GET", "/extended/v1/block?limit=31", 400, "bad_parameter"),
        ("GET", "/extended/v1/tx?type=other", 400, "bad_parameter"),
        ("GET", "/v2/accounts/SP123", 400, "bad_parameter"),
        ("GET", "/v2/accounts/" + "S" * 500, 400, "bad_parameter"),
        ("GET", f"/v2/accounts/{A.address}?proof=perhaps", 400, "bad_parameter"),
    ):
        answer = client.request(method, path)
        assert (answer.status_code, answer.json()["error"]) == (status, code), path
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["access-control-allow-origin"] == "*"


def test_browsers_may_ask(client):
    answer = client.options("/v2/transactions", headers={"origin": "https://wallet.example"})
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert answer.headers["access-control-allow-headers"] == "*"
    assert client.get("/v2/info").headers["access-control-allow-origin"] == "*"


def test_a_slash_at_the_end_makes_no_difference(client):
    for path in ("/v2/info", "/extended/v1/tx", "/extended/v2/blocks/latest"):
        assert client.get(path + "/").json() == client.get(path).json()


def test_a_body_that_is_too_large_is_refused(client, node):
    limit = 2 * node.network.limits.transaction_bytes_max + 4096
    answer = client.post("/v2/transactions", content=bytes(limit + 1))
    assert (answer.status_code, answer.json()["error"]) == (413, "body_too_large")
    answer = client.post("/extended/v1/faucets/stx", content=bytes(65_537))
    assert answer.status_code == 413


def test_a_bug_of_ours_is_500_with_an_id_and_no_details(client, node, monkeypatch, caplog):
    def break_down():
        raise RuntimeError("the secret is 42")

    monkeypatch.setattr(node, "tip", break_down)
    with caplog.at_level(logging.ERROR, "btczs.api"):
        answer = client.get("/v2/info")
    assert answer.status_code == 500
    body = answer.json()
    assert body["error"] == "internal"
    assert "secret" not in answer.text
    assert body["id"] in caplog.text


def test_too_many_requests_are_refused_per_client(node):
    app = make_app(node, requests_per_s=1, requests_burst=3, limit_loopback=True)
    with TestClient(app, client=("10.0.0.1", 1)) as client:
        codes = [client.get("/v2/info").status_code for _ in range(4)]
        assert codes == [200, 200, 200, 429]
        refused = client.get("/v2/info")
        assert refused.headers["retry-after"] == "1"
        assert refused.headers["access-control-allow-origin"] == "*"
    with TestClient(app, client=("10.0.0.2", 1)) as other:
        assert other.get("/v2/info").status_code == 200


def test_loopback_and_a_limit_of_zero_are_not_limited(node):
    for options, address in (
        ({"requests_burst": 1}, "127.0.0.1"),
        ({"requests_per_s": 0}, "9.9.9.9"),
    ):
        with TestClient(make_app(node, **options), client=(address, 1)) as client:
            assert all(client.get("/v2/info").status_code == 200 for _ in range(5))


def test_a_bucket_refills_with_time_and_forgets_old_keys():
    now = [0]
    buckets = TokenBuckets(2, 1, 3, lambda: now[0])
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 500_000_000]
    now[0] = 499_999_999
    assert buckets.take_s("a") == 1
    now[0] = 500_000_000
    assert buckets.take("a") == 0
    now[0] = 10**12
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 500_000_000]
    for key in range(KEYS_MAX):
        buckets.take(str(key))
    assert buckets.take("a") == 0
    assert len(buckets._buckets) == KEYS_MAX


def test_the_documentation_names_every_route(client):
    document = client.get("/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    described = {
        (method.upper(), path) for path, item in document["paths"].items() for method in item
    }
    assert described == {(route.method, route.path) for route in ROUTES}
    ids = [op["operationId"] for item in document["paths"].values() for op in item.values()]
    assert len(ids) == len(set(ids))
    account = document["paths"]["/v2/accounts/{principal}"]["get"]
    assert {p["name"]: p["in"] for p in account["parameters"]} == {
        "principal": "path",
        "proof": "query",
    }


# ---------------------------------------------------------------------- fuzz

SEGMENTS = st.one_of(
    st.sampled_from(
        [
            A.address,
            f"{A.address}.x",
            UNKNOWN,
            "0x" + UNKNOWN,
            "latest",
            "0",
            "2",
            "99999999999999999999",
        ]
    ),
    st.text(max_size=40),
)
QUERY = st.dictionaries(
    st.sampled_from(
        [
            "limit",
            "offset",
            "type",
            "tx_id",
            "address",
            "from_address",
            "start_time",
            "cursor",
            "proof",
            "event_limit",
        ]
    ),
    st.one_of(st.integers(-(2**70), 2**70).map(str), st.text(max_size=30), SEGMENTS),
    max_size=4,
)
PATHS = sorted({route.path for route in ROUTES})


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(path=st.sampled_from(PATHS), segment=SEGMENTS, query=QUERY)
def test_no_path_or_query_breaks_a_get(client, path, segment, query):
    import re
    from urllib.parse import quote

    url = re.sub(r"\{\w+\}", lambda _: quote(segment, safe=""), path)
    answer = client.get(url, params=query)
    assert answer.status_code in (200, 400, 404, 405), answer.text
    if answer.status_code != 200 and answer.headers["content-type"] == "application/json":
        assert "error" in answer.json()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["tx", "transaction_payload", "estimated_len", "address", "x"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    path=st.sampled_from([route.path for route in ROUTES if route.method == "POST"]),
    body=st.one_of(
        st.binary(max_size=300), JSON.map(lambda v: __import__("json").dumps(v).encode())
    ),
    content_type=st.sampled_from(
        ["application/json", "application/octet-stream", "text/plain", ""]
    ),
)
def test_no_body_breaks_a_post(client, path, body, content_type):
    answer = client.post(path, content=body, headers={"content-type": content_type})
    assert answer.status_code in (200, 400, 403, 429), answer.text
    if answer.status_code != 200:
        assert "error" in answer.json()


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_mutated_transactions_are_refused_with_a_reason(client, data):
    from node_double import C, transfer

    raw = bytearray(transfer(C, 0))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    answer = client.post("/v2/transactions", content=bytes(raw))
    assert answer.status_code in (200, 400)
    if answer.status_code == 400:
        assert answer.json()["reason"]


# ---------------------------------------------------------------------- a real server


def test_one_server_answers_on_two_ports_and_stops(node):
    async def scenario() -> None:
        server = ApiServer(make_app(node), ports=(0, 0))
        await server.start()
        first, second = server.ports
        assert first != second
        async with httpx.AsyncClient() as http:
            for port in server.ports:
                answer = await http.get(f"http://127.0.0.1:{port}/v2/info")
                assert answer.json()["stacks_tip_height"] == 3
        taken = ApiServer(make_app(node), ports=(first,))
        with pytest.raises(CannotListen) as error:
            await taken.start()
        assert error.value.port == first
        await server.stop()
        async with httpx.AsyncClient() as http:
            with pytest.raises(httpx.ConnectError):
                await http.get(f"http://127.0.0.1:{first}/v2/info")

    asyncio.run(scenario())


def test_a_body_that_never_ends_is_cut_off(node):
    async def scenario() -> None:
        server = ApiServer(make_app(node, body_timeout_s=1), ports=(0,))
        await server.start()
        reader, writer = await asyncio.open_connection("127.0.0.1", server.ports[0])
        writer.write(b"POST /v2/transactions HTTP/1.1\r\nHost: x\r\nContent-Length: 999\r\n\r\nabc")
        answer = await asyncio.wait_for(reader.readline(), 10)
        assert b" 408 " in answer
        writer.close()
        await server.stop()

    asyncio.run(scenario())


def test_options_refuse_unknown_fields():
    import msgspec

    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"requests_per_second": 1}, ApiOptions)
