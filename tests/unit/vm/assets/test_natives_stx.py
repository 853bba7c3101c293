"""The chain's own token, and `print`."""

import pytest
from contract_world import ALICE, BOB, BOB_TEXT, FUNDS, World, result, shown

from btczs.codec.clarity.values import BufferValue, UIntValue
from btczs.vm.clarity.limits import EVENT_BYTES_MAX
from btczs.vm.clarity.runtime.events import PrintEvent, StxBurnEvent, StxTransferEvent


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (f"(stx-transfer? u5 tx-sender {BOB_TEXT})", "(ok true)"),
        (f"(stx-transfer? u0 tx-sender {BOB_TEXT})", "(err u3)"),
        ("(stx-transfer? u0 tx-sender tx-sender)", "(err u3)"),
        ("(stx-transfer? u5 tx-sender tx-sender)", "(err u2)"),
        (f"(stx-transfer? u5 {BOB_TEXT} tx-sender)", "(err u4)"),
        (f"(stx-transfer? u{FUNDS} tx-sender {BOB_TEXT})", "(ok true)"),
        (f"(stx-transfer? u{FUNDS + 1} tx-sender {BOB_TEXT})", "(err u1)"),
        (f"(stx-transfer-memo? u5 tx-sender {BOB_TEXT} 0x0102)", "(ok true)"),
        (f"(stx-transfer-memo? u5 tx-sender {BOB_TEXT} u1)", "Unreachable"),
        ("(stx-burn? u5 tx-sender)", "(ok true)"),
        ("(stx-burn? u0 tx-sender)", "(err u3)"),
        (f"(stx-burn? u5 {BOB_TEXT})", "(err u4)"),
        (f"(stx-burn? u{FUNDS + 1} tx-sender)", "(err u1)"),
        ("(stx-transfer? 5 tx-sender tx-sender)", "Unreachable"),
        ("(stx-get-balance u1)", "TypeValueError"),
        ("(stx-account u1)", "TypeValueError"),
        ("(stx-get-balance tx-sender)", f"u{FUNDS}"),
        (f"(stx-get-balance {BOB_TEXT})", "u0"),
        ("stx-liquid-supply", f"u{2 * FUNDS}"),
        ("(begin (stx-burn? u5 tx-sender) stx-liquid-supply)", f"u{2 * FUNDS - 5}"),
    ],
)
def test_results(expression: str, expected: str) -> None:
    assert result(expression) == expected


def test_transfer_moves_units_and_tells() -> None:
    world = World()
    outcome = world.run(f"(stx-transfer-memo? u5 tx-sender {BOB_TEXT} 0x0102)")
    assert outcome.events == (StxTransferEvent(ALICE, BOB, 5, b"\x01\x02"),)
    assert outcome.moves.current.stx_sent == {ALICE: 5}
    assert world.state.stx_account(ALICE).unlocked == FUNDS - 5
    assert world.state.stx_account(BOB).unlocked == 5
    assert world.meter.inputs("stx_transfer_memo") == [0]


def test_burn_takes_units_out_of_the_supply() -> None:
    world = World()
    outcome = world.run("(stx-burn? u5 tx-sender)")
    assert outcome.events == (StxBurnEvent(ALICE, 5),)
    assert outcome.moves.current.stx_burned == {ALICE: 5}
    assert not outcome.moves.current.stx_sent
    assert world.state.liquid_supply() == 2 * FUNDS - 5


def test_locked_units_cannot_be_sent_until_their_height() -> None:
    world = World()
    world.state.lock(ALICE, FUNDS - 10, world.chain.l1_height + 2)
    world.deploy(
        f"(define-public (f) (stx-transfer? u11 tx-sender {BOB_TEXT}))"
        "(define-public (g) (ok (stx-account tx-sender)))"
    )
    height = world.chain.l1_height + 2
    assert shown(world.call("f")) == "(err u1)"
    account = f"(tuple (locked u{FUNDS - 10}) (unlock-height u{height}) (unlocked u10))"
    assert shown(world.call("g")) == f"(ok {account})"
    world.chain.advance_l1(2)
    assert shown(world.call("f")) == "(ok true)"
    account = f"(tuple (locked u0) (unlock-height u0) (unlocked u{FUNDS - 11}))"
    assert shown(world.call("g")) == f"(ok {account})"


def test_memory_of_transfer_and_burn() -> None:
    world = World()
    world.deploy(
        f"(define-public (f) (stx-transfer? u1 tx-sender {BOB_TEXT}))"
        "(define-public (g) (stx-burn? u1 tx-sender))"
    )
    world.call("f")
    assert world.meter.taken[-4:] == [148, 148, 40, 40]
    world.call("g")
    assert world.meter.taken[-2:] == [148, 40]
    assert world.meter.inputs("stx_transfer") == [0], "burning costs as sending"


def test_print_gives_its_argument_and_an_event() -> None:
    world = World()
    outcome = world.run("(print u7)")
    assert shown(outcome) == "u7"
    assert [event.value for event in outcome.events if isinstance(event, PrintEvent)] == [
        UIntValue(7)
    ]
    assert world.meter.inputs("print") == [16]


def test_print_of_a_name_is_paid_twice() -> None:
    world = World()
    world.run("(let ((x u7)) (print x))")
    assert world.meter.inputs("print") == [16]
    assert world.meter.inputs("lookup_variable_size") == [16]


def test_prints_are_bounded() -> None:
    world = World()
    count = EVENT_BYTES_MAX // (4 + 500_000) + 1
    items = " ".join("1" for _ in range(count))
    world.deploy(
        "(define-private (p (i int) (b (buff 500000))) (begin (print b) b))"
        f"(define-public (f (b (buff 500000))) (begin (fold p (list {items}) b) (ok true)))"
    )
    outcome = world.call("f", BufferValue(bytes(500_000)))
    assert shown(outcome) in ("Expect", "CostBalanceExceeded")
    assert outcome.events == ()
