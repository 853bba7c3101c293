"""A served node for the tests of the HTTP API."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from node_double import A, B, C, D, FakeNode, make_app, transfer
from starlette.testclient import TestClient


@pytest.fixture
def node(tmp_path: Path) -> Iterator[FakeNode]:
    """Three blocks: a tenure start, two transfers, a sponsored one; and one that waits."""
    made = FakeNode(tmp_path)
    made.mine(transfer(A, 0, amount=100, memo=b"hello"), transfer(B, 0, C.principal, 50))
    made.mine(transfer(A, 1, C.principal, 7, sponsor=B, sponsor_nonce=1))
    made.signed, made.anchored, made.final = 2, 1, 0
    made.add(transfer(A, 2, D.principal, 25))
    yield made
    made.close()


@pytest.fixture
def client(node: FakeNode) -> Iterator[TestClient]:
    with TestClient(make_app(node)) as opened:
        yield opened
