"""Answers of the HTTP API against JSON Schemas of the Stacks API client, for what is served."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from vector_files import FOLDER, load

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "unit" / "api" / "endpoints"))

from node_double import A, B, C, FakeNode, make_app, transfer

from btczs.api.routes import ROUTES
from btczs.ledger.transactions import compute_txid

NAME = "stacks/api_json_schemas.json"
JSON_TYPES: dict[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "null": type(None),
}


def is_type(value: Any, name: str) -> bool:
    if name in ("number", "integer"):
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, JSON_TYPES[name])


def find_faults(value: Any, schema: dict[str, Any], where: str = "$") -> list[str]:
    """What in `value` breaks `schema` (the keywords that the file uses)."""
    names = schema.get("type", [])
    names = [names] if isinstance(names, str) else names
    if names and not any(is_type(value, name) for name in names):
        return [f"{where}: {value!r} is no {names}"]
    if "const" in schema and value != schema["const"]:
        return [f"{where}: {value!r} is not {schema['const']!r}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{where}: {value!r} is not in {schema['enum']}"]
    faults = [
        fault for part in schema.get("allOf", []) for fault in find_faults(value, part, where)
    ]
    if "anyOf" in schema:
        tried = [find_faults(value, part, where) for part in schema["anyOf"]]
        faults += min(tried, key=len)
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        faults += [
            f"{where}.{key}: missing" for key in schema.get("required", []) if key not in value
        ]
        for key, item in value.items():
            more = schema.get("additionalProperties")
            part = properties.get(key, more if isinstance(more, dict) else {})
            faults += find_faults(item, part, f"{where}.{key}")
    if isinstance(value, list) and isinstance(schema.get("items"), dict):
        for index, item in enumerate(value):
            faults += find_faults(item, schema["items"], f"{where}[{index}]")
    return faults


def normal(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path).rstrip("/")


SERVED = {normal(route.path) for route in ROUTES if route.method == "GET"}


def served_paths() -> list[str]:
    if not (FOLDER / NAME).is_file():
        return ["/extended"]  # the test itself then says that the file is absent
    return [path for path in load(NAME) if normal(path) in SERVED]


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeNode]:
    made = FakeNode(tmp_path_factory.mktemp("node"))
    made.mine(transfer(A, 0, amount=100, memo=b"hello"), transfer(B, 0, C.principal, 50))
    made.mine(transfer(A, 1, C.principal, 7, sponsor=B, sponsor_nonce=1))
    made.add(transfer(A, 2))
    yield made
    made.close()


def fill(path: str, node: FakeNode) -> list[str]:
    """The path with every kind of value for its parameter."""
    with node.index.view() as view:
        mined = [row.txid.hex() for row in view.transactions(50, 0)[0]]
        block = view.block_by_height(2)
    assert block is not None
    values: dict[str, list[str]] = {
        "tx_id": [*mined, compute_txid(transfer(A, 2)).hex()],
        "hash": [block.block_hash.hex(), block.block_id.hex()],
        "height_or_hash": ["2", "0x" + block.block_hash.hex(), "latest"],
        "principal": [A.address, B.address],
        "address": [A.address, B.address],
        "id": [A.address, block.block_hash.hex(), mined[0], compute_txid(transfer(A, 2)).hex()],
    }
    if "burn-blocks" in path:
        values["height_or_hash"] = [str(block.l1_height), "0x" + block.l1_hash, "latest"]
    found = re.search(r"\{([^}]*)\}", path)
    if found is None:
        return [path + (f"?address={A.address}" if path.endswith("/tx/events") else "")]
    return [path.replace(found.group(0), value) for value in values[found.group(1)]]


@pytest.mark.parametrize("path", served_paths())
def test_answers_have_the_shape_that_clients_expect(path: str, node: FakeNode) -> None:
    schema = load(NAME).get(path)
    if schema is None:
        pytest.skip(f"vectors absent: no schema of {path}")
    with TestClient(make_app(node)) as client:
        for concrete in fill(path, node):
            answer = client.get(concrete)
            assert answer.status_code == 200, answer.text
            assert find_faults(answer.json(), schema) == [], concrete


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        ({}, {"type": "object", "required": ["a"]}),
        ({"a": 1}, {"properties": {"a": {"type": "string"}}}),
        ({"a": True}, {"additionalProperties": {"type": "number"}}),
        ([1, None], {"items": {"type": ["number"]}}),
        (1, {"anyOf": [{"type": "string"}, {"type": "null"}]}),
        ("x", {"enum": ["y"]}),
        ("x", {"allOf": [{"type": "string"}, {"const": "y"}]}),
    ],
)
def test_the_checker_finds_faults(value: Any, schema: dict[str, Any]) -> None:
    assert len(find_faults(value, schema)) == 1
