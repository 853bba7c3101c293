"""Requests that the JavaScript library really sent, asked of this API: it can use every answer."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from vector_files import FOLDER, load

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "unit" / "api" / "endpoints"))

from node_double import FakeNode, make_app

from btczs.ledger import rejections
from btczs.ledger.transactions import decode_transaction
from btczs.ledger.transactions.addresses import condition_address

NAME = "stacks/js_probe_http.json"
CONTRACT_PATHS = ("/v2/contracts/", "/v2/map_entry/", "/v2/data_var/", "/v2/constant_val/")
"""Contracts do not run on this chain yet; clients take a 404 for "no such contract"."""

REASONS = {
    item.reason
    for item in vars(rejections).values()
    if isinstance(item, type) and issubclass(item, rejections.TransactionRejected)
}


def scenarios() -> list[str]:
    return list(load(NAME)) if (FOLDER / NAME).is_file() else ["absent"]


def sent_transaction(request: dict[str, Any]) -> bytes | None:
    """The transaction that a recorded request carries, if it was JSON."""
    if request["path"] != "/v2/transactions" or not str(request.get("body", "")).startswith("{"):
        return None
    return bytes.fromhex(json.loads(request["body"])["tx"].removeprefix("0x"))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A node on which every recorded sender owns something."""
    raws = [
        raw
        for scenario in load(NAME).values()
        for request in scenario["requests"]
        if (raw := sent_transaction(request)) is not None
    ]
    owners = set()
    for tx in map(decode_transaction, raws):
        owners |= {condition_address(c, tx.version) for c in (tx.auth.origin, tx.auth.payer)}
    node = FakeNode(tmp_path_factory.mktemp("node"), sorted(owners, key=repr))
    with TestClient(make_app(node)) as opened:
        yield opened
    node.close()


@pytest.mark.parametrize("name", scenarios())
def test_every_recorded_request_gets_an_answer_that_the_client_can_use(
    name: str, client: TestClient
) -> None:
    for request in load(NAME)[name]["requests"]:
        answer = client.request(
            request["method"],
            request["path"],
            headers=request["headers"],
            content=request.get("body"),
        )
        verify_usable(request, answer.status_code, answer.text)


def verify_usable(request: dict[str, Any], status: int, text: str) -> None:
    path, recorded = request["path"].partition("?")[0], request["response"]
    shown = json.loads(text)
    if path.startswith(CONTRACT_PATHS):
        assert (status, shown["error"]) == (404, "not_found")
    elif path == "/v2/transactions":
        verify_broadcast(request, status, shown)
    elif path == "/v2/fees/transaction":
        assert status == 200
        assert [type(estimate["fee"]) for estimate in shown["estimations"]] == [int] * 3
    elif path == "/v2/fees/transfer":
        assert status == 200
        assert int(text) > 0
    else:
        assert (status, recorded["status"]) == (200, 200) or recorded["status"] != 200, path
        if recorded["status"] == 200:
            wanted = set(json.loads(recorded["body"]))
            if "proof=0" in request["path"]:
                wanted -= {"balance_proof", "nonce_proof"}
            assert wanted <= set(shown)


def verify_broadcast(request: dict[str, Any], status: int, shown: Any) -> None:
    """The recorded id, or a reason that clients know and the same id."""
    recorded = request["response"]
    txid = shown if status == 200 else shown["txid"]
    assert len(txid) == 64
    if recorded["status"] == 200:
        assert txid == json.loads(recorded["body"])
    if status != 200:
        assert status == 400
        assert shown["error"]
        assert shown["reason"] in REASONS
