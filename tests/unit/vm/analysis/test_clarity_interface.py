"""What clients read about a contract."""

import json

import pytest

from btczs.codec.clarity.types import BOOL, UNKNOWN, contract_type, response_type, union_type
from btczs.vm.clarity.analysis import NoContracts, analyze, contract_interface
from btczs.vm.clarity.analysis.interface import type_json
from btczs.vm.clarity.costs import UNLIMITED, CostMeter
from btczs.vm.clarity.reader import SNIPPET, parse, parse_expressions
from btczs.vm.clarity.types import parse_type

SOURCE = """
(define-constant owner tx-sender)
(define-data-var total uint u0)
(define-map accounts principal { amount: uint, memo: (optional (buff 34)) })
(define-fungible-token coin)
(define-non-fungible-token deed (string-ascii 8))
(define-trait t ((f (uint) (response bool uint))))
(define-read-only (get-total) (var-get total))
(define-public (pay (amount uint) (to <t>)) (contract-call? to f amount))
(define-private (b) none)
(define-private (a (items (list 3 (string-utf8 5)))) (len items))
"""


def test_interface_of_a_contract() -> None:
    analysis = analyze(parse(SNIPPET, SOURCE), 6, NoContracts(), CostMeter(UNLIMITED))
    found = contract_interface(analysis)
    assert found == json.loads(json.dumps(found))
    assert found == {
        "functions": [
            {
                "name": "a",
                "access": "private",
                "args": [
                    {
                        "name": "items",
                        "type": {"list": {"type": {"string-utf8": {"length": 5}}, "length": 3}},
                    }
                ],
                "outputs": {"type": "uint128"},
            },
            {
                "name": "b",
                "access": "private",
                "args": [],
                "outputs": {"type": {"optional": "none"}},
            },
            {
                "name": "pay",
                "access": "public",
                "args": [
                    {"name": "amount", "type": "uint128"},
                    {"name": "to", "type": "trait_reference"},
                ],
                "outputs": {"type": {"response": {"ok": "bool", "error": "uint128"}}},
            },
            {
                "name": "get-total",
                "access": "read_only",
                "args": [],
                "outputs": {"type": "uint128"},
            },
        ],
        "variables": [
            {"name": "owner", "type": "principal", "access": "constant"},
            {"name": "total", "type": "uint128", "access": "variable"},
        ],
        "maps": [
            {
                "name": "accounts",
                "key": "principal",
                "value": {
                    "tuple": [
                        {"name": "amount", "type": "uint128"},
                        {"name": "memo", "type": {"optional": {"buffer": {"length": 34}}}},
                    ]
                },
            }
        ],
        "fungible_tokens": [{"name": "coin"}],
        "non_fungible_tokens": [{"name": "deed", "type": {"string-ascii": {"length": 8}}}],
        "epoch": "Epoch40",
        "clarity_version": "Clarity6",
    }


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("int", "int128"),
        ("uint", "uint128"),
        ("bool", "bool"),
        ("principal", "principal"),
        ("(buff 2)", {"buffer": {"length": 2}}),
        ("(optional int)", {"optional": "int128"}),
        ("(response int bool)", {"response": {"ok": "int128", "error": "bool"}}),
        ("{a: int}", {"tuple": [{"name": "a", "type": "int128"}]}),
    ],
)
def test_types_as_json(source: str, shown: object) -> None:
    assert type_json(parse_type(parse_expressions(source)[0])) == shown


def test_types_without_notation_as_json() -> None:
    assert type_json(response_type(UNKNOWN, BOOL)) == {"response": {"ok": "none", "error": "bool"}}
    assert type_json(contract_type(SNIPPET)) == "principal"
    assert type_json(union_type((contract_type(SNIPPET),))) == "principal"
