"""Solutions and forgeries of Equihash from another implementation."""

from typing import Any

import pytest
from vector_files import cases

from btczs.l1 import InvalidSolution
from btczs.l1.bitcoinz.equihash import (
    decode_indices,
    encode_indices,
    get_shape,
    solve_equihash,
    verify_equihash,
)

FILE = "l1/equihash_vectors.json"

VALID = cases(FILE, "valid")
INVALID = cases(FILE, "invalid")
SOLVED_HERE = [case for case in VALID if get_shape(case["n"], case["k"]).index_bits <= 12] or [
    case for case in VALID if get_shape(case["n"], case["k"]).index_bits <= 17
][:1]
"""Small ones; else one of those that take seconds."""


def name(case: dict[str, Any]) -> str:
    return f"{case['n']}-{case['k']}-{case['nonce_hex'][:8]}"


def covered(case: dict[str, Any]) -> bytes:
    return bytes.fromhex(case["input_hex"] + case["nonce_hex"])


@pytest.mark.parametrize("case", VALID, ids=name)
def test_solutions_hold(case: dict[str, Any]) -> None:
    n, k, person = case["n"], case["k"], case["person"].encode()
    for indices in case["solutions"]:
        solution = encode_indices(n, k, indices)
        assert decode_indices(get_shape(n, k), solution) == indices
        verify_equihash(n, k, person, covered(case), solution)
        swapped = indices[len(indices) // 2 :] + indices[: len(indices) // 2]
        with pytest.raises(InvalidSolution):
            verify_equihash(n, k, person, covered(case), encode_indices(n, k, swapped))
        with pytest.raises(InvalidSolution):
            verify_equihash(n, k, person, covered(case) + b"\0", solution)


@pytest.mark.parametrize("case", INVALID, ids=name)
def test_forgeries_are_refused(case: dict[str, Any]) -> None:
    n, k = case["n"], case["k"]
    with pytest.raises(InvalidSolution):
        solution = encode_indices(n, k, case["solution"])
        verify_equihash(n, k, case["person"].encode(), covered(case), solution)


@pytest.mark.slow
@pytest.mark.parametrize("case", SOLVED_HERE, ids=name)
def test_the_solver_finds_exactly_these(case: dict[str, Any]) -> None:
    n, k = case["n"], case["k"]
    found = solve_equihash(n, k, case["person"].encode(), covered(case))
    expected = {encode_indices(n, k, indices) for indices in case["solutions"]}
    assert set(found) == expected
    assert len(found) == len(expected)
