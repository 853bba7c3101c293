"""The conversation: definitions stay, expressions are answered, commands look around."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from btczs.cli import main
from btczs.workbench.session import Session, needs_more


def talk(*lines: str, args: tuple[str, ...] = ()) -> str:
    result = CliRunner().invoke(main, ["clarity", "repl", *args], input="\n".join(lines) + "\n")
    assert isinstance(result.exception, SystemExit | None), result.exception
    return result.output


def test_definitions_stay_and_the_state_with_them() -> None:
    shown = talk(
        "(define-data-var n uint u0)",
        "(define-public (bump)",
        "  (begin (var-set n (+ (var-get n) u1)) (ok (var-get n))))",
        "(bump)",
        "(bump)",
        "(define-read-only (twice) (* u2 (var-get n)))",
        "(twice)",
        "(define-read-only (twice) (* u3 (var-get n)))",
        "(twice)",
    )
    assert "bump is defined" in shown
    assert [line for line in shown.splitlines() if line.startswith("=>")] == [
        "=> (ok u1)", "=> (ok u2)", "=> u4", "=> u6",
    ]  # fmt: skip


def test_mistakes_are_shown_and_leave_everything_as_it_was() -> None:
    shown = talk("(define-constant a u5)", "(define-constant b (+ a 1))", "{a 1}", "(nope)", "a")
    assert "TypeError" in shown
    assert "    2 | (define-constant b (+ a 1))\n      |                         ^" in shown
    assert "TupleColonExpectedv2" in shown
    assert "UnknownFunction" in shown
    assert shown.rstrip().endswith("=> u5")


def test_commands_look_around() -> None:
    shown = talk(
        "::help", "::accounts", "::tx_sender wallet_1", "tx-sender", "::heights", "::advance 3",
        "stacks-block-height", "::advance_l1", "::assets", "::costs", "(+ 1 1)", "::costs (+ 1 1)",
        "::functions", "::contracts", "::describe len", "::encode true", "::decode 0x03", "::reset",
        "::quit", "(never seen)",
    )  # fmt: skip
    for text in ("wallet_8", "burn-block-height", "=> u4", "runtime", "len  function", "0x03"):
        assert text in shown
    assert "costs are shown" in shown
    assert "everything is as in the beginning" in shown
    assert "UnknownFunction" not in shown


@pytest.mark.parametrize(
    "command",
    ["::nonsense", "::advance x", "::advance 99999999", "::tx_sender nobody", "::decode zz",
     "::decode 0xff", "::describe", "::describe nope", "::load /nowhere", "::functions nobody"],
)  # fmt: skip
def test_wrong_commands_are_answered(command: str) -> None:
    result = CliRunner().invoke(main, ["clarity", "repl"], input=f"{command}\n(+ 1 1)\n")
    assert "=> 2" in result.output
    assert result.exit_code == 1


def test_files_are_deployed_and_can_be_called(tmp_path: Path) -> None:
    path = tmp_path / "base.clar"
    path.write_text("(define-read-only (one) u1)")
    shown = talk("(contract-call? .base one)", args=(str(path),))
    assert "base is deployed" in shown
    assert "=> u1" in shown
    assert "=> u1" in talk(f"::load {path}", "(contract-call? .base one)")
    path.write_text("(+ 1 u1)")
    assert "TypeError" in talk(f"::load {path}", "1")


def test_blocks_that_passed_pass_again_after_a_definition() -> None:
    session = Session()
    session.advance("blocks", 5)
    height = session.chain.height
    session.feed("(define-data-var at uint stacks-block-height) (var-set at stacks-block-height)")
    assert session.chain.height == height
    assert session.chain.var("repl", "at") == height
    session.feed("(define-constant other 1)")
    assert session.chain.var("repl", "at") == height


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("(a", True), ("(a)", False), ("{a: 1", True), ('"a', True), ('"a)"', False),
        ('(a "(")', False), ("(a ;; )", True), ("a)", False), ('"\\"', True), ("", False),
    ],
)  # fmt: skip
def test_an_input_goes_on_while_something_is_open(text: str, more: bool) -> None:
    assert needs_more(text) is more
