"""The machine as its users see it: a token from its deployment to its last transfer."""

import pytest
from machine_world import ALICE, BOB, World, text

from btczs.codec.clarity.principals import principal_text
from btczs.codec.clarity.values import NONE, ListValue, SomeValue, TupleValue, UIntValue, Value
from btczs.vm.clarity import Machine
from btczs.vm.clarity.runtime.errors import NoSuchContract
from btczs.vm.clarity.runtime.events import FtMintEvent, FtTransferEvent, PrintEvent
from btczs.vm.clarity.runtime.values import TypedList, TypedTuple

SIP_010 = """
(define-trait sip-010-trait (
  (transfer (uint principal principal (optional (buff 34))) (response bool uint))
  (get-name () (response (string-ascii 32) uint))
  (get-symbol () (response (string-ascii 32) uint))
  (get-decimals () (response uint uint))
  (get-balance (principal) (response uint uint))
  (get-total-supply () (response uint uint))
  (get-token-uri () (response (optional (string-utf8 256)) uint))))
"""
TOKEN = """
(impl-trait .sip-010.sip-010-trait)
(define-fungible-token coin u1000)
(define-constant owner tx-sender)
(define-constant err-not-owner (err u100))
(define-constant err-not-sender (err u101))
(define-data-var transfers uint u0)
(define-read-only (get-name) (ok "Example Coin"))
(define-read-only (get-symbol) (ok "EXC"))
(define-read-only (get-decimals) (ok u6))
(define-read-only (get-balance (who principal)) (ok (ft-get-balance coin who)))
(define-read-only (get-total-supply) (ok (ft-get-supply coin)))
(define-read-only (get-token-uri) (ok none))
(define-read-only (get-transfers) (var-get transfers))
(define-public (mint (amount uint) (recipient principal))
  (begin
    (asserts! (is-eq tx-sender owner) err-not-owner)
    (ft-mint? coin amount recipient)))
(define-public (transfer (amount uint) (sender principal) (recipient principal)
                         (memo (optional (buff 34))))
  (begin
    (asserts! (is-eq tx-sender sender) err-not-sender)
    (var-set transfers (+ (var-get transfers) u1))
    (try! (ft-transfer? coin amount sender recipient))
    (match memo note (print note) 0x)
    (ok true)))
"""
SHOP = """
(use-trait token .sip-010.sip-010-trait)
(define-public (pay (coin <token>) (amount uint) (to principal))
  (contract-call? coin transfer amount tx-sender to (some 0x6869)))
"""
ALICE_TEXT, BOB_TEXT = f"'{principal_text(ALICE)}", f"'{principal_text(BOB)}"


@pytest.fixture
def market() -> World:
    world = World()
    world.deploy("sip-010", SIP_010)
    world.deploy("coin", TOKEN)
    world.deploy("shop", SHOP)
    return world


def balances(world: World) -> tuple[str, str]:
    return (
        text(world.read("coin", "get-balance", ALICE_TEXT)),
        text(world.read("coin", "get-balance", BOB_TEXT)),
    )


def test_a_token_lives(market: World) -> None:
    assert text(market.call("coin", "mint", "u500", BOB_TEXT)) == "(err u100)"
    minted = market.call("coin", "mint", "u500", BOB_TEXT, sender=ALICE)
    assert text(minted) == "(ok true)"
    assert [type(event) for event in minted.events] == [FtMintEvent]
    assert balances(market) == ("(ok u0)", "(ok u500)")

    sent = market.call("coin", "transfer", "u70", BOB_TEXT, ALICE_TEXT, NONE)
    assert text(sent) == "(ok true)"
    assert [type(event) for event in sent.events] == [FtTransferEvent]
    assert balances(market) == ("(ok u70)", "(ok u430)")

    paid = market.call("shop", "pay", ".coin", "u30", ALICE_TEXT)
    assert text(paid) == "(ok true)"
    assert [type(event) for event in paid.events] == [FtTransferEvent, PrintEvent]
    assert balances(market) == ("(ok u100)", "(ok u400)")
    assert text(market.read("coin", "get-transfers")) == "u2"


def test_what_fails_moves_nothing(market: World) -> None:
    market.call("coin", "mint", "u10", BOB_TEXT, sender=ALICE)
    for sender, args, expected in (
        (ALICE, ("u1", BOB_TEXT, ALICE_TEXT), "(err u101)"),
        (BOB, ("u11", BOB_TEXT, ALICE_TEXT), "(err u1)"),
        (BOB, ("u1", BOB_TEXT, BOB_TEXT), "(err u2)"),
        (BOB, ("u0", BOB_TEXT, ALICE_TEXT), "(err u3)"),
    ):
        outcome = market.call("coin", "transfer", *args, NONE, sender=sender)
        assert text(outcome) == expected
        assert (outcome.committed, outcome.events) == (False, ())
        assert not outcome.moves.current.tokens
    assert balances(market) == ("(ok u0)", "(ok u10)")
    assert text(market.read("coin", "get-transfers")) == "u0"
    assert text(market.call("coin", "mint", "u991", BOB_TEXT, sender=ALICE)) == "SupplyOverflow"


def test_what_moved_is_known_by_sender(market: World) -> None:
    market.call("coin", "mint", "u10", BOB_TEXT, sender=ALICE)
    outcome = market.call("shop", "pay", ".coin", "u4", ALICE_TEXT)
    ((sender, moved),) = outcome.moves.current.tokens.items()
    assert sender == BOB
    assert list(moved.values()) == [4]


def test_reading_changes_nothing_and_pays_as_calling(market: World) -> None:
    mark = market.state.checkpoint()
    read = market.read("coin", "get-balance", BOB_TEXT)
    assert market.state.checkpoint() == mark
    assert (read.committed, read.cost) == (
        False,
        market.call("coin", "get-balance", BOB_TEXT).cost,
    )


def test_values_leave_without_their_types(market: World) -> None:
    outcome = market.eval(None, "(print {a: (list u1 u2), b: (some {c: (list)})})")
    printed = outcome.events[0].value  # type: ignore[union-attr]
    for value in (outcome.value, printed):
        assert type(value) is TupleValue
        assert "Typed" not in repr(value)
        assert value.fields[0] == ("a", ListValue((UIntValue(1), UIntValue(2))))
    assert TypedList is not ListValue
    assert TypedTuple is not TupleValue


def test_expressions_are_evaluated_inside_a_contract(market: World) -> None:
    market.deploy("c", "(define-data-var v int 1) (define-private (secret) (var-set v 2))")
    assert text(market.eval("c", "(secret) (var-get v)", commit=False)) == "2"
    assert text(market.eval("c", "(var-get v)")) == "1"
    assert text(market.eval("c", "(secret)")) == "true"
    assert text(market.eval("c", "(var-get v)")) == "2"
    assert text(market.eval("c", "(+ 1")) not in ("1", "nothing")
    assert text(market.eval("c", "")) == "nothing"


def test_analysis_and_source_can_be_asked_for(market: World) -> None:
    assert market.machine.source(market.id("shop")) == SHOP
    analysis = market.machine.analysis(market.id("coin"))
    assert "transfer" in analysis.public_functions
    again = Machine(market.state, market.chain)
    assert again.analysis(market.id("coin")).public_functions == analysis.public_functions
    for ask in (market.machine.source, market.machine.analysis):
        with pytest.raises(NoSuchContract):
            ask(market.id("nothing"))


def test_arguments_that_have_no_type_are_an_error_of_the_call(market: World) -> None:
    mixed = ListValue((UIntValue(1), TupleValue((("a", UIntValue(1)),))))
    outcome = market.call("coin", "get-balance", mixed)
    assert outcome.error is not None
    assert not outcome.committed


def test_arguments_that_nest_without_end_are_an_error_of_the_call(market: World) -> None:
    value: Value = NONE
    for _ in range(5000):
        value = SomeValue(value)
    assert text(market.call("coin", "get-balance", value)) == "TypeSignatureTooDeep"


def test_a_defect_leaves_no_scope_open() -> None:
    class Broken(Exception):
        pass

    def observe(*_: object) -> None:
        raise Broken

    world = World(observer=observe)
    mark = world.state.checkpoint()
    with pytest.raises(Broken):
        world.deploy("c", "(define-data-var v int 1)")
    assert world.state.checkpoint() == mark
