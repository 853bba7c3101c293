"""`btczs clarity costs`: bounds from the source, and a call that is measured."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from btczs.cli import main

SOURCE = """(define-trait t ((g () (response uint uint))))
(define-data-var v uint u0)
(define-private (helper (a uint)) (+ a u1))
(define-public (set (a uint)) (if (> a u9) (err u1) (ok (var-set v a))))
(define-public (through (c <t>)) (contract-call? c g))
"""


@pytest.fixture
def contract(tmp_path: Path) -> str:
    path = tmp_path / "sample.clar"
    path.write_text(SOURCE)
    return str(path)


def run(*args: str) -> Result:
    return CliRunner().invoke(main, ["clarity", "costs", *args])


def run_json(*args: str) -> Any:
    result = run(*args, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_bounds_need_no_arguments(contract: str) -> None:
    value = run_json(contract, "set")
    assert value["measured"] is None
    assert value["bound"]["minimum"]["write_count"] == 0
    assert value["bound"]["maximum"]["write_count"] == 1
    assert value["bound"]["open_calls"] == []


def test_a_measurement_lies_within_the_bounds(contract: str) -> None:
    value = run_json(contract, "set", "u5")
    for dimension, cost in value["measured"]["cost"].items():
        least, most = [value["bound"][bound][dimension] for bound in ("minimum", "maximum")]
        assert least <= cost <= most
    shown = run(contract, "set", "u5").stdout
    assert "at least" in shown
    assert "at most" in shown
    assert "measured" in shown


def test_a_call_through_a_trait_is_named(contract: str) -> None:
    (call,) = run_json(contract, "through")["bound"]["open_calls"]
    assert (call["function"], call["place"]) == ("g", "5:34")
    assert "not in the upper bound: g, called at 5:34" in run(contract, "through").stdout


def test_a_private_function_has_bounds(contract: str) -> None:
    value = run_json(contract, "helper")
    assert value["bound"]["minimum"] == value["bound"]["maximum"]


def test_what_is_called_beside_it_is_counted(contract: str) -> None:
    path = Path(contract).parent / "caller.clar"
    path.write_text("(define-public (f) (contract-call? .sample set u5))")
    bound = run_json(str(path), "f")["bound"]
    assert bound["open_calls"] == []
    assert bound["maximum"]["write_count"] == 1
