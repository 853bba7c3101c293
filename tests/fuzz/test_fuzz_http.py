"""Every route of the HTTP API with mutated paths, queries and bodies: JSON, and never status 500."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from corpus import principals, transactions
from mutations import HOSTILE_JSON, ROUNDS, bounded, make_random, mutate_bytes, mutate_text
from node_double import A, B, FakeNode, make_app, transfer
from starlette.testclient import TestClient

from btczs.api.routes import ROUTES
from btczs.codec.clarity import principal_text

NODE_PRINCIPALS = (principal_text(A.principal), principal_text(B.principal), *principals())


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeNode]:
    path: Path = tmp_path_factory.mktemp("node")
    made = FakeNode(path)
    made.mine(transfer(A, 0, amount=100, memo=b"hello"))
    made.add(transfer(A, 1))
    yield made
    made.close()


@pytest.fixture(scope="module")
def client(node: FakeNode) -> Iterator[TestClient]:
    app = make_app(node, requests_per_s=0)
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


def check(answer: object, where: str) -> None:
    status = answer.status_code
    assert status != 500, f"{where}: {answer.text[:300]}"
    assert "Traceback" not in answer.text
    if status >= 400 and answer.content:
        body = json.loads(answer.content)
        assert isinstance(body, dict), where
        assert isinstance(body.get("error"), str), where


def candidates(node: FakeNode) -> list[str]:
    tip = node.tip()
    hashes = [tip.block_hash.hex(), "0x" + tip.block_id.hex(), tip.l1_hash, "cd" * 32]
    waiting = [entry.txid.hex() for entry in node.mempool.entries()]
    return [*hashes, *waiting, *NODE_PRINCIPALS, "0", "1", "latest", "testnet", str(2**63), "x::y"]


@pytest.mark.parametrize("place", range(len(ROUTES)), ids=lambda i: ROUTES[i].path)
def test_routes(client: TestClient, node: FakeNode, place: int) -> None:
    route = ROUTES[place]
    rng, texts = make_random(f"{route.method} {route.path}"), candidates(node)

    def pick() -> str:
        text = rng.choice(texts)
        return mutate_text(rng, text) if rng.randrange(2) else text

    for _ in range(10 * ROUNDS):
        path = re.sub(r"\{[^}]*\}", lambda _: quote(pick(), safe=""), route.path)
        query = {p.name: pick() for p in route.params if p.where == "query" and rng.randrange(2)}
        body = None
        if route.method == "POST":
            body = rng.choice((*HOSTILE_JSON[:6], *transactions(), b'{"address":"%s"}'))
            body = mutate_bytes(rng, body[:5000])
        url = path or "/"
        with bounded(f"{route.method} {url[:300]} {query} {body!r:.300}"):
            kind = rng.choice(("application/json", "application/octet-stream", "text/x; charset=é"))
            headers = {"content-type": kind.encode("utf-8")}
            answer = client.request(
                route.method, url[:4000], params=query, content=body, headers=headers
            )
            check(answer, f"{route.method} {url[:200]} {query}")


@pytest.mark.parametrize("place", [i for i, r in enumerate(ROUTES) if r.method == "POST"])
@pytest.mark.parametrize("body", HOSTILE_JSON, ids=range(len(HOSTILE_JSON)))
def test_hostile_bodies(client: TestClient, place: int, body: bytes) -> None:
    path = ROUTES[place].path
    with bounded(f"POST {path} {body[:60]!r}"):
        answer = client.post(path, content=body, headers={"content-type": "application/json"})
        check(answer, path)


def test_transactions_as_json(client: TestClient, node: FakeNode) -> None:
    rng = make_random("post transactions")
    waiting = len(node.mempool)
    for case in range(100 * ROUNDS):
        raw = mutate_bytes(rng, rng.choice(transactions()))
        with bounded(f"case {case}: {raw.hex()}"):
            answer = client.post("/v2/transactions", json={"tx": raw.hex()})
            check(answer, raw.hex())
            if raw not in transactions():
                assert answer.status_code == 400
                assert answer.json()["reason"]
    assert len(node.mempool) <= waiting + len(transactions())
    assert client.get("/v2/info").status_code == 200
