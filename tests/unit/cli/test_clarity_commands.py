"""`btczs clarity` as writers of contracts use it."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from btczs.cli import main
from btczs.workbench.accounts import ADDRESSES

COUNTER = """\
;; @invariant never-more: (<= (var-get count) u100)
;; @prove bigger (a uint): (>= (twice a) a)
(define-data-var count uint u0)
(define-private (twice (n uint)) (* n u2))
(define-read-only (get-count) (var-get count))
(define-public (add (n uint))
  (begin
    (asserts! (< n u50) (err u1))
    (print {added: n, by: tx-sender})
    (var-set count (+ (var-get count) (twice n)))
    (ok (var-get count))))
"""


def run(*args: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, ["clarity", *args], input=stdin)


def run_json(*args: str, exit_code: int = 0) -> Any:
    result = run(*args, "--json")
    assert result.exit_code == exit_code, result.output
    return json.loads(result.stdout)


@pytest.fixture
def counter(tmp_path: Path) -> str:
    path = tmp_path / "counter.clar"
    path.write_text(COUNTER)
    return str(path)


def test_check_finds_all_mistakes_with_their_places(tmp_path: Path) -> None:
    path = tmp_path / "bad.clar"
    path.write_text('(define-constant a 1)\n(foo {a 1})\n(bar "x\n')
    value = run_json("check", str(path), exit_code=1)
    places = [(f["line"], f["kind"]) for f in value["findings"] if f["level"] == "error"]
    assert (2, "TupleColonExpectedv2") in places
    assert value["errors"] == len(places) >= 2
    shown = run("check", str(path))
    assert f"{path}:2:" in shown.stdout
    (column,) = [f["column"] for f in value["findings"] if f["line"] == 2]
    caret = " " * (column - 1) + "^"
    assert f"    2 | (foo {{a 1}})\n      | {caret}\n" in shown.stdout


def test_check_underlines_what_analysis_refuses(tmp_path: Path) -> None:
    path = tmp_path / "bad.clar"
    path.write_text("(define-read-only (f (n uint))\n  (+ n (- 5 4)))\n")
    shown = run("check", str(path))
    assert shown.exit_code == 1
    assert "error[TypeError]" in shown.stdout
    assert "    2 |   (+ n (- 5 4)))\n      |        ^^^^^^^" in shown.stdout
    assert "1 error in 1 file" in shown.stdout
    assert "\x1b" not in shown.stdout


def test_check_warns_and_strict_fails(tmp_path: Path) -> None:
    path = tmp_path / "lazy.clar"
    path.write_text("(define-constant unused 1)\n")
    assert run("check", str(path)).exit_code == 0
    assert run("check", str(path), "--strict").exit_code == 1
    assert run_json("check", str(path))["warnings"] == 1
    quiet = run("check", str(path), "--no-warnings", "--strict")
    assert quiet.exit_code == 0
    assert "no mistakes in 1 file" in quiet.stdout


def test_check_finds_the_contracts_that_are_called(tmp_path: Path) -> None:
    (tmp_path / "base.clar").write_text("(define-read-only (one) u1)\n")
    top = tmp_path / "top.clar"
    top.write_text("(define-read-only (two) (+ u1 (contract-call? .base one)))\n")
    assert run_json("check", str(top))["files"] == 1
    top.write_text("(define-read-only (two) (contract-call? .nobody one))\n")
    (finding,) = run_json("check", str(top), exit_code=1)["findings"]
    assert finding["kind"] == "NoSuchContract"
    assert run_json("check", str(tmp_path), exit_code=1)["files"] == 2


@pytest.mark.parametrize(
    "source",
    ["", "\n", "(" * 5000, ")" * 3000, "{" * 3000, '"' * 999, "é\r\x00\x1b[31m", "(+ 1 " + "x" * 9999 + ")"],
)  # fmt: skip
def test_check_survives_everything(source: str, tmp_path: Path) -> None:
    path = tmp_path / "x.clar"
    path.write_text(source)
    result = run("check", str(path))
    assert isinstance(result.exception, SystemExit | None)
    assert "\x1b[31m" not in result.stdout
    assert all(len(line) < 5000 for line in result.stdout.splitlines())


def test_format_checks_shows_and_writes(tmp_path: Path) -> None:
    path = tmp_path / "a.clar"
    path.write_text(";; note\n(define-constant   a\n 1)   ;; one\n")
    before = path.read_text()
    path.chmod(0o640)
    assert run("format", str(path), "--check").exit_code == 1
    assert "-(define-constant   a" in run("format", str(path), "--diff").stdout
    printed = run("format", str(path)).stdout
    assert path.read_text() == before
    assert run("format", str(path), "--write").exit_code == 0
    assert path.read_text() == printed
    assert ";; note" in printed
    assert path.stat().st_mode & 0o777 == 0o640
    assert run_json("format", str(path), "--check")["changed"] == 0
    path.write_text("(")
    assert "[clarity_" in run("format", str(path)).stderr


def test_run_deploys_and_calls(counter: str) -> None:
    value = run_json("run", counter, "(add (+ u1 u2))", "(twice u4)", "--sender", "wallet_2")
    deployed, added, private = value["results"]
    assert deployed["committed"]
    assert added["result"] == "(ok u6)"
    assert added["hex"].startswith("0x0701")
    (event,) = added["events"]
    assert event["type"] == "print"
    assert event["value"] == f"{{added: u3, by: '{ADDRESSES['wallet_2']}}}"
    assert set(added["cost"]) == {
        "runtime", "read_count", "read_length", "write_count", "write_length",
    }  # fmt: skip
    assert private["result"] == "u8"
    shown = run("run", counter, "(add u3)").stdout
    assert "=> (ok u6)" in shown
    assert "by: 'deployer" in shown
    assert "write length" in shown


def test_run_fails_with_the_contract_and_with_the_call(counter: str, tmp_path: Path) -> None:
    assert run("run", counter, "(add u60)").exit_code == 1
    aborted = run_json("run", counter, "(add u1)", "(/ 1 0)", "(add u2)", exit_code=1)
    assert [r["error"] and r["error"]["kind"] for r in aborted["results"]] == [
        None, None, "DivisionByZero",
    ]  # fmt: skip
    bad = tmp_path / "bad.clar"
    bad.write_text("(+ 1 u1)")
    assert "TypeError" in run("run", str(bad), "(f)").stdout
    assert run("run", counter, "(add u1)", "--sender", "nobody").stderr.startswith("error [")


def test_costs_measures_a_call(counter: str) -> None:
    value = run_json("costs", counter, "add", "u5")
    assert value["measured"]["result"] == "(ok u10)"
    assert value["measured"]["cost"]["write_count"] == 1
    assert "runtime" in run("costs", counter, "get-count").stdout
    assert "no function" in run("costs", counter, "nothing").stderr


def test_abi_is_the_interface(counter: str) -> None:
    value = json.loads(run("abi", counter).stdout)
    assert {f["name"]: f["access"] for f in value["functions"]} == {
        "twice": "private", "add": "public", "get-count": "read_only",
    }  # fmt: skip


def test_abi_of_a_broken_contract_names_the_place(tmp_path: Path) -> None:
    path = tmp_path / "bad.clar"
    path.write_text("\n(+ 1 u1)")
    result = run("abi", str(path))
    assert result.exit_code == 1
    assert f"{path}:2:" in result.stderr


def test_dump_shows_python(counter: str) -> None:
    source = run("dump", counter, "add").stdout
    compile(source, "dumped", "exec")
    assert "def " in source
    assert run("dump", counter, "nothing").exit_code == 1


def test_docs_explains_and_suggests() -> None:
    assert "map-get?" in run("docs").stdout
    assert run_json("docs", "+")["examples"][0] == {
        "code": "(+ 1 2 3)",
        "value": "6",
        "error": None,
    }
    shown = run("docs", "fold").stdout
    assert "(fold function sequence start)" in shown
    assert "=> u6" in shown
    missed = run("docs", "map-gets?")
    assert missed.exit_code == 1
    assert "did you mean map-get?" in missed.stderr
    assert len(run_json("docs")["groups"]) > 10


def test_verify_tells_proved_from_searched(counter: str) -> None:
    value = run_json("verify", counter, "--sequences", "60", exit_code=1)
    statuses = {rule["name"]: rule["status"] for rule in value["rules"]}
    assert statuses == {"never-more": "violated", "bigger": "proved"}
    calls = value["rules"][0]["calls"]
    assert len(calls) == 2
    assert all(call["call"].startswith("(counter.add u") for call in calls)
    shown = run("verify", counter, "--sequences", "60").stdout
    assert "VIOLATED  never-more" in shown
    assert "PROVED  bigger" in shown
    assert not Path(".hypothesis").exists() or "searched" not in shown


def test_verify_without_rules_or_contract(tmp_path: Path) -> None:
    path = tmp_path / "plain.clar"
    path.write_text("(define-constant a 1)")
    assert "states no rules" in run("verify", str(path)).stdout
    path.write_text("(+ 1 u1)")
    assert "[not_deployable]" in run("verify", str(path)).stderr
    path.write_text(";; @invariant x\n(define-constant a 1)")
    assert "[invalid_rule]" in run("verify", str(path)).stderr


def test_the_help_loads_no_machine() -> None:
    import subprocess
    import sys

    code = (
        "import sys, btczs.cli; btczs.cli.main(['clarity', '--help'], standalone_mode=False);"
        "assert not {'rich', 'btczs.vm', 'btczs.workbench', 'pytest'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
