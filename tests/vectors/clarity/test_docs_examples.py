"""The examples of the language's documentation: every "Returns" and every "Throws"."""

import re
from typing import Any

import pytest
from exclusions import CHAIN_DATA, OTHER_EPOCH, excluded, has_word
from results import Result, result_of
from vector_files import cases
from worlds import TRANSIENT, World, docs_chain

from btczs.codec.clarity import parse_principal
from btczs.codec.clarity.values import ContractPrincipal
from btczs.vm.clarity import CostMeter
from btczs.vm.clarity.costs import UNLIMITED

CONTRACT = "docs-test"
BALANCE = 1000

TOKENS = """
(define-map balances principal uint)
(define-public (mint! (amount uint))
  (begin
    (map-set balances tx-sender (+ amount (default-to u0 (map-get? balances tx-sender))))
    (if (> amount u0) (ok amount) (err u1))))
"""
"""A stand-in for the sample contract that some examples call."""

TRAIT_CONTRACT = "SPAXYA5XS51713FDTQ8H94EJ4V579CXMTRNBZKSF.token-a"
TRAITS = """
(define-trait token-trait
  ((transfer? (principal principal uint) (response uint uint))
   (get-balance (principal) (response uint uint))))
"""


def docs_world() -> World:
    world = World(docs_chain(), {TRANSIENT: BALANCE})
    docs = World(docs_chain(), {TRANSIENT: BALANCE, world.contract(CONTRACT): BALANCE})
    assert docs.deploy("tokens", TOKENS).error is None
    contract = parse_principal(TRAIT_CONTRACT)
    assert isinstance(contract, ContractPrincipal)
    meter = CostMeter(UNLIMITED)
    assert docs.machine.deploy(contract, TRAITS, 6, meter=meter).error is None
    return docs


def _cases() -> list[tuple[str, dict[str, Any], str, str | None]]:
    """(name, entry, program up to and with the segment, expected text) of each expectation."""
    found = []
    for entry in cases("clarity/docs_examples.json"):
        program = ""
        for number, segment in enumerate(entry["segments"]):
            program += segment["code"]
            found.append((f"{entry['name']}-{number}", entry, program, segment["expected"]))
    return found


def _throws() -> list[tuple[str, str]]:
    return [
        (f"{entry['name']}-{number}", line)
        for entry in cases("clarity/docs_examples.json")
        for number, line in enumerate(entry["throws"])
    ]


def run(entry: dict[str, Any], program: str) -> Result:
    return result_of(docs_world().deploy(CONTRACT, program, entry["run_version"]))


@pytest.mark.parametrize(
    ("name", "entry", "program", "expected"), _cases(), ids=lambda value: str(value)[:40]
)
def test_returns(
    request: pytest.FixtureRequest,
    name: str,
    entry: dict[str, Any],
    program: str,
    expected: str | None,
) -> None:
    result = run(entry, program)
    if result.error is None and expected in (None, result.value):
        return
    if reason := _explain(entry, program, expected, result):
        excluded(request, name, reason)
    pytest.fail(f"{program}\nexpected {expected}\ngot {result}", pytrace=False)


@pytest.mark.parametrize(("name", "line"), _throws(), ids=lambda value: str(value)[:40])
def test_throws(name: str, line: str) -> None:
    # The reference runs these without analysis, under the first version, and without the
    # definitions that stand before them.
    assert docs_world().deploy(CONTRACT, line, 1, analyse=False).error is not None, name


def _explain(
    entry: dict[str, Any], program: str, expected: str | None, result: Result
) -> str | None:
    if has_word(program, "at-block"):
        return f"{OTHER_EPOCH}: before epoch 3.4 `at-block` existed"
    if re.search(r"\.pox-\d", program):
        return f"{CHAIN_DATA}: contracts of the reference chain (proof of transfer)"
    if has_word(program, "contract-hash?") and re.match(r"\(ok 0x", expected or ""):
        return f"{CHAIN_DATA}: hash of a sample contract that the file does not hold"
    if entry["kind"] == "keyword" and result.stage == "static":
        return (
            f"{CHAIN_DATA}: example of a keyword, which nobody runs and which does not type-check"
        )
    return None
