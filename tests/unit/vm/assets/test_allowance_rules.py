"""Which allowance a movement breaks: the smallest position, 128 where nothing fits."""

import pytest
from contract_world import ALICE, BOB, CONTRACT

from btczs.codec.clarity.values import ContractPrincipal, UIntValue, Value
from btczs.vm.clarity.runtime.allowances import (
    AllAllowance,
    Allowance,
    FtAllowance,
    NftAllowance,
    PoxAllowance,
    StackingAllowance,
    StxAllowance,
    allowance_size,
    find_violation,
)
from btczs.vm.clarity.runtime.assets import AssetMoves, Moves
from btczs.vm.clarity.runtime.events import AssetIdentifier

TOKEN = AssetIdentifier(CONTRACT, "token")
ANY = AssetIdentifier(CONTRACT, "*")
ELSEWHERE = AssetIdentifier(ContractPrincipal(26, BOB.hash20, "other"), "token")
ONE, TWO, THREE = UIntValue(1), UIntValue(2), UIntValue(3)


def moved(
    sent: int = 0,
    burned: int = 0,
    tokens: int = 0,
    ids: tuple[Value, ...] = (),
    stacked: int = 0,
    pox: bool = False,
) -> Moves:
    moves = AssetMoves()
    if sent:
        moves.record_stx_transfer(ALICE, sent)
    if burned:
        moves.record_stx_burn(ALICE, burned)
    if tokens:
        moves.record_ft(ALICE, TOKEN, tokens)
    for identifier in ids:
        moves.record_nft(ALICE, TOKEN, identifier)
    if stacked:
        moves.record_stacking(ALICE, stacked)
    if pox:
        moves.record_pox_action(ALICE)
    return moves.current


CASES: list[tuple[str, list[Allowance], Moves, int | None]] = [
    ("nothing moved", [], moved(), None),
    ("no allowance at all", [], moved(sent=1), 128),
    ("exactly the amount", [StxAllowance(5)], moved(sent=5), None),
    ("one more", [StxAllowance(5)], moved(sent=6), 0),
    ("two allowances do not add up", [StxAllowance(5), StxAllowance(5)], moved(sent=6), 0),
    ("every one must hold", [StxAllowance(9), StxAllowance(5)], moved(sent=6), 1),
    ("sent and burned count together", [StxAllowance(5)], moved(sent=3, burned=3), 0),
    ("burns alone", [StxAllowance(5)], moved(burned=6), 0),
    ("burns without allowance", [FtAllowance(TOKEN, 5)], moved(burned=1), 128),
    ("of two breaches the smallest", [FtAllowance(TOKEN, 1), StxAllowance(1)], moved(2, 0, 2), 0),
    ("a breach before a missing one", [StxAllowance(1)], moved(sent=2, tokens=1), 0),
    ("all", [StxAllowance(0), AllAllowance()], moved(9, 9, 9, (ONE,), 9, True), None),
    ("token in its limit", [FtAllowance(TOKEN, 5)], moved(tokens=5), None),
    ("token of another contract", [FtAllowance(ELSEWHERE, 5)], moved(tokens=5), 128),
    ("any token", [FtAllowance(ANY, 5)], moved(tokens=5), None),
    ("any token must hold too", [FtAllowance(TOKEN, 9), FtAllowance(ANY, 5)], moved(tokens=6), 1),
    ("id allowed", [NftAllowance(TOKEN, (ONE, TWO))], moved(ids=(TWO,)), None),
    ("id not allowed", [NftAllowance(TOKEN, (ONE,))], moved(ids=(ONE, TWO)), 0),
    ("no ids", [NftAllowance(TOKEN, ())], moved(ids=(ONE,)), 0),
    (
        "ids of one token add up",
        [NftAllowance(TOKEN, (ONE,)), NftAllowance(TOKEN, (TWO,))],
        moved(ids=(ONE, TWO)),
        None,
    ),
    (
        "and are broken at the first",
        [StxAllowance(1), NftAllowance(TOKEN, (ONE,)), NftAllowance(TOKEN, (TWO,))],
        moved(ids=(THREE,)),
        1,
    ),
    ("ids of any token", [NftAllowance(ANY, (ONE,))], moved(ids=(ONE,)), None),
    (
        "own and any must both hold",
        [NftAllowance(TOKEN, (ONE, TWO)), NftAllowance(ANY, (ONE,))],
        moved(ids=(TWO,)),
        1,
    ),
    ("no allowance for ids", [FtAllowance(TOKEN, 5)], moved(ids=(ONE,)), 128),
    ("stacking", [StackingAllowance(5)], moved(stacked=5), None),
    ("stacking too much", [StackingAllowance(5)], moved(stacked=6), 0),
    ("stacking without allowance", [StxAllowance(9)], moved(stacked=1), 128),
    ("position altered", [PoxAllowance()], moved(pox=True), None),
    ("position altered without allowance", [StackingAllowance(5)], moved(pox=True), 128),
]


@pytest.mark.parametrize(("allowances", "moves", "violated"), [c[1:] for c in CASES])
def test_violation(allowances: list[Allowance], moves: Moves, violated: int | None) -> None:
    assert find_violation(ALICE, allowances, moves) == violated


@pytest.mark.parametrize("moves", [case[2] for case in CASES])
def test_only_the_owner_is_protected(moves: Moves) -> None:
    assert find_violation(BOB, [], moves) is None


def test_memory_of_allowances() -> None:
    assert allowance_size(StxAllowance(1)) == allowance_size(StackingAllowance(1)) == 16
    assert allowance_size(PoxAllowance()) == allowance_size(AllAllowance()) == 0
    names = len("subject") + len("token")
    assert allowance_size(FtAllowance(TOKEN, 1)) == 117 + names
    assert allowance_size(NftAllowance(TOKEN, (ONE, TWO))) == 117 + names + 32
