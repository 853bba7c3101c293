"""Fungible and non-fungible tokens: codes, balances, costs, moves and events."""

import pytest
from contract_world import ALICE, BOB_TEXT, CONTRACT, World, charged, result, shown

from btczs.vm.clarity.runtime.assets import U128_MAX
from btczs.vm.clarity.runtime.events import (
    AssetIdentifier,
    FtBurnEvent,
    FtMintEvent,
    FtTransferEvent,
    NftBurnEvent,
    NftMintEvent,
    NftTransferEvent,
)

FT = "(define-fungible-token t)"
NFT = "(define-non-fungible-token n uint)"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("(ft-mint? t u0 tx-sender)", "(err u1)"),
        ("(ft-mint? t u5 tx-sender)", "(ok true)"),
        (f"(ft-transfer? t u0 tx-sender {BOB_TEXT})", "(err u3)"),
        ("(ft-transfer? t u0 tx-sender tx-sender)", "(err u3)"),
        ("(ft-transfer? t u1 tx-sender tx-sender)", "(err u2)"),
        (f"(ft-transfer? t u1 tx-sender {BOB_TEXT})", "(err u1)"),
        ("(ft-burn? t u0 tx-sender)", "(err u1)"),
        ("(ft-burn? t u1 tx-sender)", "(err u1)"),
        ("(ft-get-supply t)", "u0"),
        ("(ft-get-balance t tx-sender)", "u0"),
        ("(ft-get-balance t u1)", "TypeValueError"),
        ("(ft-mint? t u1 u1)", "Unreachable"),
        ("(ft-mint? x u1 tx-sender)", "Unreachable"),
        ("(ft-mint? x u0 tx-sender)", "(err u1)"),
        ("(ft-burn? x u1 tx-sender)", "Unreachable"),
        ("(ft-get-supply x)", "Expect"),
        ("(ft-mint? t u1)", "IncorrectArgumentCount"),
    ],
)
def test_fungible_codes(expression: str, expected: str) -> None:
    assert result(FT + expression) == expected


def test_fungible_balances_and_supply() -> None:
    source = (
        FT + f"(ft-mint? t u10 tx-sender) (ft-transfer? t u3 tx-sender {BOB_TEXT})"
        f"(ft-burn? t u2 tx-sender)"
        f"(list (ft-get-balance t tx-sender) (ft-get-balance t {BOB_TEXT}) (ft-get-supply t))"
    )
    assert result(source) == "(list u5 u3 u8)"


def test_supply_limits() -> None:
    limited = "(define-fungible-token t u10) (ft-mint? t u10 tx-sender)"
    assert result(limited) == "(ok true)"
    assert result(limited + "(ft-mint? t u1 tx-sender)") == "SupplyOverflow"
    unlimited = FT + f"(ft-mint? t u{U128_MAX} tx-sender)"
    assert result(unlimited) == "(ok true)"
    assert result(unlimited + "(ft-mint? t u1 tx-sender)") == "ArithmeticOverflow"
    assert result("(define-fungible-token t 10)") == "TypeValueError"


def test_fungible_moves_that_do_not_fit_stop_the_execution() -> None:
    there, back = f"tx-sender {BOB_TEXT}", f"{BOB_TEXT} tx-sender"
    whole = f"(ft-transfer? t u{U128_MAX}"
    source = FT + f"(ft-mint? t u{U128_MAX} tx-sender) {whole} {there}) {whole} {back})"
    assert result(source) == "(ok true)"
    assert result(source + f"{whole} {there})") == "ArithmeticOverflow"


def test_fungible_events_and_moves() -> None:
    outcome = World().run(
        FT + f"(ft-mint? t u10 tx-sender) (ft-transfer? t u3 tx-sender {BOB_TEXT})"
        "(ft-burn? t u2 tx-sender)"
    )
    assert [type(event) for event in outcome.events] == [FtMintEvent, FtTransferEvent, FtBurnEvent]
    token = AssetIdentifier(CONTRACT, "t")
    assert outcome.moves.current.tokens == {ALICE: {token: 5}}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("(nft-mint? n u1 tx-sender)", "(ok true)"),
        ("(nft-mint? n u1 tx-sender) (nft-mint? n u1 tx-sender)", "(err u1)"),
        (f"(nft-transfer? n u1 tx-sender {BOB_TEXT})", "(err u3)"),
        ("(nft-transfer? n u1 tx-sender tx-sender)", "(err u2)"),
        (f"(nft-mint? n u1 tx-sender) (nft-transfer? n u1 {BOB_TEXT} tx-sender)", "(err u1)"),
        ("(nft-burn? n u1 tx-sender)", "(err u3)"),
        (f"(nft-mint? n u1 tx-sender) (nft-burn? n u1 {BOB_TEXT})", "(err u1)"),
        ("(nft-get-owner? n u1)", "none"),
        (f"(nft-mint? n u1 {BOB_TEXT}) (nft-get-owner? n u1)", f"(some {BOB_TEXT[1:]})"),
        ("(nft-mint? n u1 tx-sender) (nft-burn? n u1 tx-sender) (nft-get-owner? n u1)", "none"),
        ("(nft-mint? n 1 tx-sender)", "TypeValueError"),
        ("(nft-mint? n u1 u1)", "TypeValueError"),
        ("(nft-transfer? n u1 u1 u1)", "Unreachable"),
        ("(nft-burn? n u1 u1)", "TypeValueError"),
        ("(nft-mint? x u1 tx-sender)", "Unreachable"),
        ("(nft-get-owner? n)", "IncorrectArgumentCount"),
    ],
)
def test_non_fungible_codes(expression: str, expected: str) -> None:
    assert result(NFT + expression).replace("'", "") == expected


def test_non_fungible_events_and_moves() -> None:
    outcome = World().run(
        NFT + f"(nft-mint? n u1 tx-sender) (nft-mint? n u2 tx-sender)"
        f"(nft-transfer? n u1 tx-sender {BOB_TEXT}) (nft-burn? n u2 tx-sender)"
    )
    kinds = [NftMintEvent, NftMintEvent, NftTransferEvent, NftBurnEvent]
    assert [type(event) for event in outcome.events] == kinds
    moved = outcome.moves.current.nfts[ALICE][AssetIdentifier(CONTRACT, "n")]
    assert [value.value for value in moved] == [1, 2]  # type: ignore[union-attr]


def test_costs_of_tokens() -> None:
    meter = charged(FT + "(ft-mint? t u1 tx-sender) (ft-burn? t u1 tx-sender) (ft-get-supply t)")
    for name in ("ft_mint", "ft_burn", "ft_get_supply"):
        assert meter.inputs(name) == [0]
    meter = charged(
        '(define-non-fungible-token n (string-ascii 50)) (nft-mint? n "abc" tx-sender)'
        '(nft-get-owner? n "abc") (nft-burn? n "abc" tx-sender)'
    )
    assert meter.inputs("nft_mint") == [8], "the size of the id, not of its type"
    assert meter.inputs("nft_owner") == [8]
    assert meter.inputs("nft_burn") == [0, 8], "charged twice, as the rules have it"


def test_memory_of_a_transfer() -> None:
    world = World()
    world.deploy(
        FT + "(ft-mint? t u10 tx-sender)"
        f"(define-public (f) (ft-transfer? t u1 tx-sender {BOB_TEXT}))"
    )
    assert shown(world.call("f")) == "(ok true)"
    assert world.meter.taken[-4:] == [148, 148, 16, 16]


def test_a_failed_call_gives_tokens_back() -> None:
    world = World()
    world.deploy(
        FT + "(define-public (f) (begin (try! (ft-mint? t u10 tx-sender)) (err u9)))"
        "(define-public (g) (ok (ft-get-supply t)))"
    )
    outcome = world.call("f")
    assert (shown(outcome), outcome.events, outcome.moves.current.tokens) == ("(err u9)", (), {})
    assert shown(world.call("g")) == "(ok u0)"
