"""What the guides tell people to type does what they say it does."""

import re
from pathlib import Path

import pytest
from guide_steps import (
    Block,
    Command,
    execute,
    matches,
    read_blocks,
    read_commands,
    replace_definitions,
    run,
)

README = Path(__file__).resolve().parents[2] / "README.md"
GUIDES = README.parent / "docs" / "guide"

pytestmark = pytest.mark.e2e


def test_the_guide_to_contracts(tmp_path: Path) -> None:
    pytest.importorskip("z3", reason="`btczs clarity verify` proves with z3")
    assert execute((GUIDES / "contracts.md").read_text(), tmp_path) > 15


def test_the_contract_of_the_readme(tmp_path: Path) -> None:
    pytest.importorskip("hypothesis", reason="`btczs clarity verify` searches with hypothesis")
    readme = README.read_text()
    execute(readme, tmp_path)
    commands = re.findall(r"^\.venv/bin/(btczs clarity .*)$", readme, re.MULTILINE)
    assert len(commands) == 4
    for command in commands:
        run(Command(command, ["…"], 0, 0), tmp_path)


def test_a_guide_that_promises_too_much_fails(tmp_path: Path) -> None:
    execute("```console\n$ echo one\none\n```\n", tmp_path)
    for wrong in ("two", "", "one\ntwo", "o…w"):
        with pytest.raises(AssertionError):
            execute(f"```console\n$ echo one\n{wrong}\n```\n", tmp_path)
    with pytest.raises(AssertionError, match="code 3"):
        execute("```console\n$ exit 3\n```\n", tmp_path)
    with pytest.raises(AssertionError, match="code 0"):
        execute("<!-- exit: 3 -->\n```console\n$ true\n```\n", tmp_path)


def test_commands_go_on_and_stop_at_their_output() -> None:
    block = Block("console", "exit: 1", "$ cat <<END\n> a\n> END\na\n$ false\n", 10)
    first, second = read_commands(block)
    assert (first.text, first.expected, first.exit_code) == ("cat <<END\na\nEND", ["a"], 0)
    assert (second.text, second.expected, second.exit_code, second.line) == ("false", [], 1, 14)


def test_dots_stand_for_lines_and_for_text() -> None:
    assert matches(["a", "…", "d"], "a\nb\nc\nd\n")
    assert matches(["a", "…", "d"], "a\nd\n")
    assert not matches(["a", "…", "d"], "a\nb\n")
    assert matches(["cost …"], "cost    12   \n")
    assert not matches(["cost …"], "price 12\n")
    assert not matches(["a"], "a\nb\n")


def test_blocks_without_a_mark_are_only_read(tmp_path: Path) -> None:
    guide = "```python\nraise SystemExit\n```\n<!-- file: x.txt -->\n```\nhere\n```\n"
    assert [block.note for block in read_blocks(guide)] == ["", "file: x.txt"]
    assert execute(guide, tmp_path) == 0
    assert (tmp_path / "x.txt").read_text() == "here\n"


def test_a_definition_is_replaced_whole() -> None:
    source = "(define-constant a u1)\n(define-private (f)\n  (begin a))\n(f)\n"
    changed = replace_definitions(source, "(define-private (f) a)\n(define-constant a u2)\n")
    assert changed == "(define-constant a u2)\n(define-private (f) a)\n(f)\n"
