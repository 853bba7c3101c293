"""The JSON-RPC client against scripted servers: what it sends, retries, refuses and hides."""

import asyncio
import json
import logging
import traceback
from collections.abc import Awaitable, Callable
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from btczs.l1.rpc import (
    BlockRefused,
    L1Client,
    RpcAlreadyKnown,
    RpcBadReply,
    RpcError,
    RpcInvalidParameter,
    RpcMethodNotFound,
    RpcNotFound,
    RpcRejected,
    RpcUnauthorized,
    RpcUnavailable,
    RpcWarmingUp,
)
from btczs.l1.rpc.replies import read_amount, write_amount
from btczs.primitives import BtczsError, Hash32, InvalidInput, Zat

PASSWORD = "correct-horse-battery"
HASH = Hash32(bytes(range(32)))
HASH_HEX = bytes(range(32))[::-1].hex()

T = TypeVar("T")
Handler = Callable[[httpx.Request], httpx.Response]
Use = Callable[[L1Client], Awaitable[T]]


def use(handler: Handler, do: Use[T], **options: Any) -> T:
    async def run() -> T:
        options.setdefault("retry_delay_s", 0)
        transport = httpx.MockTransport(handler)
        async with L1Client(
            "http://127.0.0.1:1979", "user", PASSWORD, transport=transport, **options
        ) as client:
            return await do(client)

    return asyncio.run(run())


def answering(result: Any) -> Handler:
    """A node that answers every call, single or in a batch, with `result`."""

    def handle(request: httpx.Request) -> httpx.Response:
        call = json.loads(request.content)
        if isinstance(call, list):
            return json_response([make_reply(item["id"], result) for item in call])
        return json_response(make_reply(call["id"], result))

    return handle


def make_reply(request_id: int, result: Any) -> dict[str, Any]:
    return {"result": result, "error": None, "id": request_id}


def json_response(value: Any, status: int = 200) -> httpx.Response:
    return httpx.Response(status, content=json.dumps(value))


def failing(code: int, message: str, status: int = 500) -> Handler:
    def handle(request: httpx.Request) -> httpx.Response:
        call = json.loads(request.content)
        request_id = None if isinstance(call, list) else call["id"]
        error = {"code": code, "message": message}
        return json_response({"result": None, "error": error, "id": request_id}, status)

    return handle


def test_a_call_is_a_post_with_basic_authentication() -> None:
    seen: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return answering(7)(request)

    assert use(handle, lambda c: c.call("getblockhash", 7, {"a": Decimal("0.1")}, ["x"])) == 7
    (request,) = seen
    call = json.loads(request.content, parse_float=Decimal)
    assert (call["method"], call["params"]) == ("getblockhash", [7, {"a": Decimal("0.1")}, ["x"]])
    assert httpx.BasicAuth("user", PASSWORD)._auth_header == request.headers["Authorization"]
    assert request.headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        (-32601, 404, RpcMethodNotFound),
        (-8, 500, RpcInvalidParameter),
        (-5, 500, RpcNotFound),
        (-25, 500, RpcRejected),
        (-26, 500, RpcRejected),
        (-27, 500, RpcAlreadyKnown),
        (-12345, 500, RpcError),
        (-8, 200, RpcInvalidParameter),
    ],
)
def test_the_errors_of_the_node_are_types(code: int, status: int, expected: type[RpcError]) -> None:
    with pytest.raises(RpcError) as caught:
        use(failing(code, "why not", status), lambda c: c.call("getblock", HASH_HEX))
    assert type(caught.value) is expected
    assert caught.value.rpc_code == code
    assert caught.value.message == "why not"
    assert caught.value.to_json()["rpc_code"] == code


class Flaky:
    """Fails `failures` times, then answers 1."""

    def __init__(self, failures: int, failure: Callable[[httpx.Request], httpx.Response]) -> None:
        self.calls = 0
        self.failures = failures
        self.failure = failure

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.calls += 1
        return self.failure(request) if self.calls <= self.failures else answering(1)(request)


def raise_timeout(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("slow", request=request)


def raise_refused(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused", request=request)


def raise_broken(request: httpx.Request) -> httpx.Response:
    raise httpx.RemoteProtocolError("broken", request=request)


FAILURES = [
    raise_timeout,
    raise_refused,
    raise_broken,
    lambda _request: httpx.Response(503, content=b"Work queue depth exceeded"),
    failing(-28, "Loading block index..."),
]


@pytest.mark.parametrize("failure", FAILURES)
def test_a_read_is_repeated_a_bounded_number_of_times(failure: Handler) -> None:
    node = Flaky(3, failure)
    assert use(node, lambda c: c.call("getblockcount"), retries=3) == 1
    node = Flaky(4, failure)
    with pytest.raises(RpcUnavailable):
        use(node, lambda c: c.call("getblockcount"), retries=3)
    assert node.calls == 4


@pytest.mark.parametrize("failure", FAILURES)
def test_a_change_is_never_repeated(failure: Handler) -> None:
    for do in (
        lambda c: c.send_raw_transaction(b"\x01"),
        lambda c: c.batch([("getblockcount",), ("generate", 1)]),
    ):
        node = Flaky(1, failure)
        with pytest.raises((RpcUnavailable, RpcBadReply)):
            use(node, do)
        assert node.calls == 1


def test_a_node_that_starts_is_told_apart() -> None:
    with pytest.raises(RpcWarmingUp, match="Loading"):
        use(failing(-28, "Loading"), lambda c: c.call("getblockcount"), retries=0)


def test_a_refused_password_is_not_tried_again() -> None:
    calls = []

    def handle(request: httpx.Request) -> httpx.Response:
        calls.append(request)
        return httpx.Response(401)

    with pytest.raises(RpcUnauthorized):
        use(handle, lambda c: c.call("getblockcount"))
    assert len(calls) == 1


def test_a_batch_is_one_request_and_keeps_the_order() -> None:
    requests = []

    def handle(request: httpx.Request) -> httpx.Response:
        calls = json.loads(request.content)
        requests.append(calls)
        return json_response([make_reply(c["id"], c["params"][0]) for c in reversed(calls)])

    results = use(handle, lambda c: c.batch([("echo", n) for n in range(230)]))
    assert results == list(range(230))
    assert [len(calls) for calls in requests] == [100, 100, 30]
    assert use(handle, lambda c: c.batch([])) == []


def test_a_batch_raises_its_first_error() -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        calls = json.loads(request.content)
        replies = [make_reply(c["id"], 1) for c in calls]
        replies[1] = {"id": calls[1]["id"], "error": {"code": -8, "message": "m"}, "result": None}
        return json_response(replies)

    with pytest.raises(RpcInvalidParameter):
        use(handle, lambda c: c.get_block_hashes([1, 2, 3]))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda replies: replies[:-1],
        lambda replies: [replies[0], replies[0]],
        lambda replies: {"result": replies, "error": None, "id": 1},
        lambda replies: [*replies[:-1], 5],
        lambda replies: [*replies[:-1], {**replies[-1], "id": "x"}],
    ],
)
def test_a_batch_with_other_replies_is_refused(spoil: Callable[[Any], Any]) -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        return json_response(spoil([make_reply(c["id"], 1) for c in json.loads(request.content)]))

    with pytest.raises(RpcBadReply):
        use(handle, lambda c: c.batch([("getblockcount",), ("getblockcount",)]))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nonsense",
        b"[1]",
        b"null",
        b'{"result": 1, "error": null, "id": 999}',
        b'{"id": 1}',
        b'{"error": "no", "id": 1}',
        b'{"error": {"code": "x", "message": 1}, "id": 1}',
        b'{"error": {"code": true, "message": "m"}, "id": 1}',
        b'{"result": NaN, "error": null, "id": 1}',
        b"[" * 200_000,
        b'{"result": ' + b"9" * 10_000 + b', "error": null, "id": 1}',
        b"\xff\xfe\x00",
    ],
)
def test_a_reply_that_is_none_is_refused(content: bytes) -> None:
    with pytest.raises(RpcBadReply):
        use(
            lambda _request: httpx.Response(200, content=content),
            lambda c: c.call("getblockcount"),
        )


def test_other_http_answers_are_refused() -> None:
    with pytest.raises(RpcBadReply):
        use(lambda _request: httpx.Response(302), lambda c: c.call("getblockcount"))


def test_a_long_reply_is_cut_off() -> None:
    sent = 0

    class Endless(httpx.AsyncByteStream):
        async def __aiter__(self) -> Any:
            nonlocal sent
            while True:
                sent += 1000
                yield b" " * 1000

    with pytest.raises(RpcBadReply, match="longer"):
        use(
            lambda _request: httpx.Response(200, stream=Endless()),
            lambda c: c.call("getblockcount"),
            reply_bytes_max=5000,
        )
    assert sent <= 7000


def test_a_compressed_reply_is_refused() -> None:
    with pytest.raises(RpcBadReply, match="compressed"):
        use(
            lambda _request: httpx.Response(
                200, headers={"Content-Encoding": "gzip"}, stream=httpx.ByteStream(b"\x1f\x8b")
            ),
            lambda c: c.call("getblockcount"),
        )


def test_numbers_with_a_point_are_exact() -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        request_id = json.loads(request.content)["id"]
        return httpx.Response(
            200, content=b'{"result":[0.1,12345678901234567890,1e-8],"id":%d}' % request_id
        )

    result = use(handle, lambda c: c.call("getblockcount"))
    assert result == [Decimal("0.1"), 12345678901234567890, Decimal("0.00000001")]
    assert not any(isinstance(value, float) for value in result)


@pytest.mark.parametrize("value", [1.5, [1.5], {"a": [{"b": 1.5}]}, object(), {1, 2}])
def test_floats_and_strange_values_are_not_sent(value: Any) -> None:
    def handle(_request: httpx.Request) -> httpx.Response:
        raise AssertionError("nothing may be sent")

    if isinstance(value, set):
        value = [value, 1.5]
    with pytest.raises(InvalidInput):
        use(handle, lambda c: c.call("sendtoaddress", "x", value))


# Secrets


def test_the_password_is_shown_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secret = httpx.BasicAuth("user", PASSWORD)._auth_header.removeprefix("Basic ")
    shown: list[str] = []
    causes: list[BaseException | None] = []

    async def run(handler: Handler, url: str) -> None:
        client = L1Client(url, transport=httpx.MockTransport(handler), retries=0)
        shown.append(repr(client))
        shown.append(repr(client._auth))
        try:
            await client.call("getblockcount")
        except BtczsError as error:
            shown.append("".join(traceback.format_exception(error)))
            shown.append(json.dumps(error.to_json()))
            causes.append(error.__cause__)
        await client.aclose()

    url = f"http://user:{PASSWORD}@127.0.0.1:1979/wallet/w"
    for handler in (*FAILURES, answering(1), lambda _request: httpx.Response(401)):
        asyncio.run(run(handler, url))
    shown += [record.getMessage() for record in caplog.records]
    assert "http://127.0.0.1:1979/wallet/w" in shown[0]
    assert causes == [None] * (len(FAILURES) + 1), "a cause would carry the request"
    for text in shown:
        assert PASSWORD not in text
        assert secret not in text


def test_user_and_password_of_the_url_are_used_and_unquoted() -> None:
    seen = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["Authorization"])
        return answering(1)(request)

    async def run() -> None:
        client = L1Client("http://me:p%40ss@[::1]:80", transport=httpx.MockTransport(handle))
        await client.call("getblockcount")
        assert repr(client) == "L1Client(http://[::1]:80/)"
        await client.aclose()

    asyncio.run(run())
    assert seen == [httpx.BasicAuth("me", "p@ss")._auth_header]


@pytest.mark.parametrize(
    "url", ["", "127.0.0.1:80", "ftp://a", "http://", f"http://u:{PASSWORD}@a:99999", "http://[::1"]
)
def test_a_malformed_url_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        L1Client(url)
    assert PASSWORD not in "".join(traceback.format_exception(caught.value))


def test_the_cookie_file_is_read_again_after_a_refusal(tmp_path: Path) -> None:
    cookie = tmp_path / ".cookie"
    cookie.write_text("__cookie__:first")
    current = "first"

    def handle(request: httpx.Request) -> httpx.Response:
        expected = httpx.BasicAuth("__cookie__", current)._auth_header
        if request.headers.get("Authorization") != expected:
            return httpx.Response(401)
        return answering(1)(request)

    async def run() -> None:
        nonlocal current
        client = L1Client(
            "http://127.0.0.1:1", cookie_path=cookie, transport=httpx.MockTransport(handle)
        )
        assert await client.call("getblockcount") == 1
        current = "second"
        cookie.write_text("__cookie__:second")
        assert await client.call("getblockcount") == 1
        current = "third"
        with pytest.raises(RpcUnauthorized):
            await client.call("getblockcount")
        cookie.unlink()
        with pytest.raises(RpcUnavailable):
            await client.call("generate", 1)
        cookie.write_bytes(b"x" * 5000)
        with pytest.raises(RpcUnavailable):
            await client.call("generate", 1)
        await client.aclose()

    asyncio.run(run())
    with pytest.raises(InvalidInput):
        L1Client("http://a", "user", "password", cookie_path=cookie)


# Typed helpers


def test_helpers_turn_replies_into_types() -> None:
    assert use(answering(5), lambda c: c.get_block_count()) == 5
    assert use(answering(HASH_HEX), lambda c: c.get_best_block_hash()) == HASH
    assert use(answering(HASH_HEX), lambda c: c.get_block_hashes([1, 2])) == [HASH, HASH]
    assert use(answering("00ff"), lambda c: c.get_block_raw(HASH)) == b"\x00\xff"
    assert use(answering([HASH_HEX]), lambda c: c.get_raw_mempool()) == (HASH,)
    assert use(answering(None), lambda c: c.get_tx_out(HASH, 0)) is None
    assert use(answering(None), lambda c: c.submit_block(b"")) is None
    with pytest.raises(BlockRefused, match="bad-txnmrklroot"):
        use(answering("bad-txnmrklroot"), lambda c: c.submit_block(b""))
    info = {"chain": "regtest", "blocks": 3, "headers": 3, "bestblockhash": HASH_HEX}
    assert use(answering(info), lambda c: c.get_blockchain_info()).best_hash == HASH
    output = {"value": 1, "scriptPubKey": {"hex": "51"}, "confirmations": 2, "coinbase": True}
    found = use(answering(output), lambda c: c.get_tx_out(HASH, 0))
    assert found is not None
    assert (found.value, found.script, found.is_coinbase) == (100_000_000, b"\x51", True)
    found = use(answering({**output, "valueZat": 7}), lambda c: c.get_tx_out(HASH, 0))
    assert found is not None
    assert found.value == 7
    utxo = {"txid": HASH_HEX, "outputIndex": 1, "satoshis": 9, "script": "51", "height": 4}
    (address_output,) = use(answering([utxo]), lambda c: c.get_address_outputs(["t1"]))
    assert (address_output.value, address_output.height) == (9, 4)


def test_hex_longer_than_a_block_is_refused() -> None:
    with pytest.raises(RpcBadReply):
        use(answering("00" * 4_000_001), lambda c: c.get_block_raw(HASH))
    with pytest.raises(RpcBadReply):
        use(answering("00" * 1488), lambda c: c.get_block_header_raw(HASH))


HELPERS: list[Use[Any]] = [
    lambda c: c.get_blockchain_info(),
    lambda c: c.get_block_count(),
    lambda c: c.get_best_block_hash(),
    lambda c: c.get_block_hashes([1, 2]),
    lambda c: c.get_block_raw(HASH),
    lambda c: c.get_block_txids(HASH),
    lambda c: c.get_block_header_raw(HASH),
    lambda c: c.get_raw_transaction(HASH, HASH),
    lambda c: c.send_raw_transaction(b""),
    lambda c: c.get_raw_mempool(),
    lambda c: c.get_tx_out(HASH, 0),
    lambda c: c.get_tx_out_proof([HASH], HASH),
    lambda c: c.verify_tx_out_proof(b""),
    lambda c: c.get_address_outputs([]),
    lambda c: c.get_block_template(),
    lambda c: c.submit_block(b""),
]

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=70)
    | st.sampled_from([HASH_HEX, "0" * 63, "zz" * 32, "00 11"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "chain",
                    "blocks",
                    "headers",
                    "bestblockhash",
                    "tx",
                    "value",
                    "valueZat",
                    "scriptPubKey",
                    "hex",
                    "confirmations",
                    "coinbase",
                    "txid",
                    "outputIndex",
                    "satoshis",
                    "script",
                    "height",
                ]
            ),
            inner,
            max_size=9,
        )
    ),
    max_leaves=12,
)


@given(result=json_values, helper=st.sampled_from(HELPERS))
def test_no_reply_makes_a_helper_fail_untyped(result: Any, helper: Use[Any]) -> None:
    with suppress(RpcBadReply, BlockRefused):
        use(answering(result), helper)


# Amounts


@given(st.integers(0, 21_000_000_000 * 10**8))
def test_amounts_survive_the_way_there_and_back(zat: int) -> None:
    written = write_amount(Zat(zat))
    assert read_amount("m", written) == zat
    assert read_amount("m", Decimal(f"{zat // 10**8}.{zat % 10**8:08d}")) == zat


@pytest.mark.parametrize(
    "value",
    [
        Decimal("0.000000001"),
        Decimal("1.123456789"),
        Decimal("-0.1"),
        Decimal("1e99999999"),
        Decimal("1e-99999999"),
        Decimal("0.1" + "0" * 40 + "1"),
        -1,
        21_000_000_001,
        True,
        None,
        "1.0",
        1.0,
    ],
)
def test_amounts_that_are_none_are_refused(value: Any) -> None:
    with pytest.raises(RpcBadReply):
        read_amount("m", value)
