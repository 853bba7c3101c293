"""What a contract offers, as JSON for clients: the shape of `/v2/contracts/interface`.

Sources of names and types are those of analysis; lists are in the order of names, functions first
by access. Types read `"uint128"`, `{"buffer": {"length": 20}}`, `{"list": {"type": …, "length":
3}}`, and so on.
"""

from collections.abc import Mapping
from typing import Any

from btczs.codec.clarity.types import ValueType
from btczs.vm.clarity.analysis.model import ContractAnalysis
from btczs.vm.clarity.types.methods import FunctionType

EPOCH = "Epoch40"
"""The rule set under which all contracts here are analysed, as clients know it by name."""

Json = Any

_ATOMS = {
    "unknown": "none",
    "int": "int128",
    "uint": "uint128",
    "bool": "bool",
    "principal": "principal",
    "union": "principal",
}

_SEQUENCES = {"buff": "buffer", "string-ascii": "string-ascii", "string-utf8": "string-utf8"}


def contract_interface(analysis: ContractAnalysis) -> dict[str, Json]:
    """Functions, variables, maps and tokens of a contract, private functions included."""
    return {
        "functions": [
            *_functions(analysis.private_functions, "private"),
            *_functions(analysis.public_functions, "public"),
            *_functions(analysis.read_only_functions, "read_only"),
        ],
        "variables": [
            *_variables(analysis.constants, "constant"),
            *_variables(analysis.data_vars, "variable"),
        ],
        "maps": [
            {"name": name, "key": type_json(key), "value": type_json(value)}
            for name, (key, value) in sorted(analysis.maps.items())
        ],
        "fungible_tokens": [{"name": name} for name in sorted(analysis.fungible_tokens)],
        "non_fungible_tokens": [
            {"name": name, "type": type_json(identifier)}
            for name, identifier in sorted(analysis.non_fungible_tokens.items())
        ],
        "epoch": EPOCH,
        "clarity_version": f"Clarity{analysis.version}",
    }


def type_json(value_type: ValueType) -> Json:
    """A type as clients read it."""
    kind, parts = value_type.kind, value_type.parts
    if kind in _ATOMS:
        return _ATOMS[kind]
    if kind in _SEQUENCES:
        return {_SEQUENCES[kind]: {"length": value_type.length}}
    match kind:
        case "list":
            return {"list": {"type": type_json(parts[0]), "length": value_type.length}}
        case "tuple":
            fields = zip(value_type.names, parts)
            return {"tuple": [{"name": name, "type": type_json(part)} for name, part in fields]}
        case "optional":
            return {"optional": type_json(parts[0])}
        case "response":
            return {"response": {"ok": type_json(parts[0]), "error": type_json(parts[1])}}
        case _:
            return "principal" if value_type.trait is None else "trait_reference"


def _functions(functions: Mapping[str, FunctionType], access: str) -> list[Json]:
    return [
        {
            "name": name,
            "access": access,
            "args": [
                {"name": parameter, "type": type_json(part)}
                for parameter, part in function.parameters
            ],
            "outputs": {"type": type_json(function.returns)},
        }
        for name, function in sorted(functions.items())
    ]


def _variables(variables: Mapping[str, ValueType], access: str) -> list[Json]:
    return [
        {"name": name, "type": type_json(part), "access": access}
        for name, part in sorted(variables.items())
    ]
