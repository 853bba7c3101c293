"""Equihash: own solutions hold, everything near them does not."""

import itertools
import random

import pytest

from btczs.l1 import InvalidSolution, get_params
from btczs.l1.bitcoinz.equihash import (
    _compute_leaves,
    compute_shape,
    decode_indices,
    encode_indices,
    get_shape,
    get_shape_of_size,
    get_tag,
    solve_equihash,
    verify_equihash,
)
from btczs.l1.pow import get_allowed_equihash

TAG = b"ZcashPoW"


def solved(count: int) -> list[tuple[bytes, bytes]]:
    found: list[tuple[bytes, bytes]] = []
    for nonce in itertools.count():
        data = b"header" + nonce.to_bytes(32, "little")
        found += ((data, solution) for solution in solve_equihash(48, 5, TAG, data))
        if len(found) >= count:
            return found[:count]
    raise AssertionError


SOLVED = solved(12)


@pytest.mark.parametrize(
    ("n", "k", "size"), [(200, 9, 1344), (144, 5, 100), (96, 5, 68), (48, 5, 36), (192, 7, 400)]
)
def test_shapes(n: int, k: int, size: int) -> None:
    assert get_shape(n, k).solution_bytes == size
    if (n, k) != (192, 7):
        assert (get_shape_of_size(size).n, get_shape_of_size(size).k) == (n, k)


@pytest.mark.parametrize(
    ("n", "k"), [(0, 0), (48, 2), (47, 5), (48, -1), (50, 4), (520, 9), (200, 4), (1, 1), (192, 5)]
)
def test_other_parameters_are_refused(n: int, k: int) -> None:
    with pytest.raises(InvalidSolution):
        compute_shape(n, k)
    with pytest.raises(InvalidSolution):
        verify_equihash(n, k, TAG, b"", b"")


@pytest.mark.parametrize("size", [0, 35, 37, 99, 101, 1343, 1345, 400])
def test_other_sizes_belong_to_no_parameters(size: int) -> None:
    with pytest.raises(InvalidSolution):
        get_shape_of_size(size)


def test_the_tag_of_bitcoinz_is_for_one_shape_only() -> None:
    assert get_tag(144, 5) == b"BitcoinZ"
    assert {get_tag(n, k) for n, k in ((200, 9), (96, 5), (48, 5))} == {b"ZcashPoW"}


def test_eras_overlap_by_eleven_blocks() -> None:
    main, test = get_params("bitcoinz", "mainnet"), get_params("bitcoinz", "testnet")
    old, new = (200, 9), (144, 5)
    for params, first, last in ((main, 160_000, 160_010), (test, 1_200, 1_210)):
        assert get_allowed_equihash(params, first - 1) == [old]
        assert get_allowed_equihash(params, first) == [old, new]
        assert get_allowed_equihash(params, last) == [old, new]
        assert get_allowed_equihash(params, last + 1) == [new]
    regtest = get_params("bitcoinz", "regtest")
    assert get_allowed_equihash(regtest, 0) == get_allowed_equihash(regtest, 10**6) == [(48, 5)]


@pytest.mark.parametrize(("data", "solution"), SOLVED)
def test_found_solutions_hold_for_their_input_only(data: bytes, solution: bytes) -> None:
    verify_equihash(48, 5, TAG, data, solution)
    for other_tag, other_data in ((b"BitcoinZ", data), (TAG, data + b"\0"), (TAG, data[:-1])):
        with pytest.raises(InvalidSolution):
            verify_equihash(48, 5, other_tag, other_data, solution)


def test_every_changed_bit_is_refused() -> None:
    data, solution = SOLVED[0]
    whole = int.from_bytes(solution, "big")
    for bit in range(288):
        with pytest.raises(InvalidSolution):
            verify_equihash(48, 5, TAG, data, (whole ^ 1 << bit).to_bytes(36, "big"))


def test_every_swap_of_subtrees_is_refused() -> None:
    """The XORs stay the same, only the order rule tells the copies apart."""
    data, solution = SOLVED[1]
    indices = decode_indices(get_shape(48, 5), solution)
    for width in (1, 2, 4, 8, 16):
        for start in range(0, 32, 2 * width):
            left = indices[start : start + width]
            right = indices[start + width : start + 2 * width]
            swapped = indices[:start] + right + left + indices[start + 2 * width :]
            with pytest.raises(InvalidSolution, match="order"):
                verify_equihash(48, 5, TAG, data, encode_indices(48, 5, swapped))


def test_indices_that_cancel_each_other_are_refused() -> None:
    data, solution = SOLVED[2]
    indices = decode_indices(get_shape(48, 5), solution)
    doubled = indices[:16] * 2
    assert sum(_compute_leaves(get_shape(48, 5), TAG, data, indices[:1])) > 0
    with pytest.raises(InvalidSolution, match="twice"):
        verify_equihash(48, 5, TAG, data, encode_indices(48, 5, doubled))
    with pytest.raises(InvalidSolution, match="twice"):
        verify_equihash(48, 5, TAG, data, bytes(36))


def test_the_cheap_checks_come_before_any_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    data, solution = SOLVED[3]
    indices = decode_indices(get_shape(48, 5), solution)

    def hashing(*_: object) -> None:
        raise AssertionError("hashed")

    monkeypatch.setattr("btczs.l1.bitcoinz.equihash._compute_leaves", hashing)
    swapped = indices[16:] + indices[:16]
    for forged in (solution[:-1], bytes(36), encode_indices(48, 5, swapped)):
        with pytest.raises(InvalidSolution):
            verify_equihash(48, 5, TAG, data, forged)
    with pytest.raises(AssertionError, match="hashed"):
        verify_equihash(48, 5, TAG, data, solution)


@pytest.mark.parametrize(("n", "k"), [(200, 9), (144, 5), (96, 5), (48, 5), (192, 7)])
def test_packed_indices_round_trip(n: int, k: int) -> None:
    shape = get_shape(n, k)
    rng = random.Random(n)
    indices = [rng.randrange(1 << shape.index_bits) for _ in range(1 << k)]
    packed = encode_indices(n, k, indices)
    assert len(packed) == shape.solution_bytes
    assert decode_indices(shape, packed) == indices
    with pytest.raises(InvalidSolution):
        encode_indices(n, k, [*indices[1:], 1 << shape.index_bits])
    with pytest.raises(InvalidSolution):
        encode_indices(n, k, indices[1:])


def test_the_solver_refuses_what_does_not_fit_in_memory() -> None:
    with pytest.raises(InvalidSolution):
        solve_equihash(144, 5, TAG, b"")
