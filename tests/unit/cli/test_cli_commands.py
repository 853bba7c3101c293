"""Commands as people and scripts run them, against a node that is one object."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "wallet"))

from fake_node import TXID, FakeNode

from btczs.cli import main
from btczs.cli.root import COMMANDS
from btczs.ledger.devnet import devnet_accounts
from btczs.ledger.transactions import decode_transaction
from btczs.wallet import client as client_module
from btczs.wallet import keystore, transport, waiting

ANN, BOB = devnet_accounts()[:2]


@pytest.fixture
def node(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeNode:
    node = FakeNode()
    monkeypatch.setattr(waiting, "POLL_S", 0.005)
    monkeypatch.setattr(keystore, "SCRYPT_N", 2**4)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("BTCZS_API", "BTCZS_PASSWORD", "BTCZS_NETWORK", "BTCZS_KEYSTORE"):
        monkeypatch.delenv(name, raising=False)

    def connected(url: str, *, timeout_s: float, transport: object) -> transport.Transport:
        del transport
        return _Transport(url, timeout_s=timeout_s, transport=node.transport)

    monkeypatch.setattr(client_module, "Transport", connected)
    return node


_Transport = transport.Transport


def run(*args: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, list(args), input=stdin)


def run_json(*args: str, stdin: str | None = None) -> Any:
    result = run(*args, "--json", stdin=stdin)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def walk(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    yield path
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None, name
            yield from walk(inner, (*path, name))


@pytest.mark.parametrize("path", list(walk(main, ())), ids=" ".join)
def test_every_help_teaches_with_an_example(path: tuple[str, ...]) -> None:
    result = run(*path, "--help")
    assert result.exit_code == 0
    assert "Example" in result.stdout
    examples = result.stdout.partition("Example")[2].partition("Options:")[0]
    assert f"btczs {' '.join(path)}".strip() in examples


def test_the_first_help_is_fast_and_loads_no_command() -> None:
    code = (
        "import sys, btczs.cli; btczs.cli.main(['--help'], standalone_mode=False);"
        "assert not {'httpx', 'rich', 'coincurve', 'btczs.cli.send'} & set(sys.modules)"
    )
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert all(name in done.stdout for name in COMMANDS)
    assert time.monotonic() - began < 5  # a machine under load; the modules above are the point


def test_send_between_accounts_of_the_devnet(node: FakeNode) -> None:
    args = ("send", "--from", "account-0", "--to", "account-1", "1.5", "--memo", "hi")
    value = run_json(*args)
    assert value == {
        "txid": value["txid"],
        "from": ANN.address,
        "to": BOB.address,
        "amount": "150000000",
        "fee": "1500",
        "nonce": 0,
        "state": "mined",
        "block_height": 42,
        "raw": None,
    }
    tx = decode_transaction(node.sent[0])
    assert tx.auth.origin.signer == ANN.principal.hash20
    shown = run(*args)
    assert "1.5 BTCZS" in shown.stdout
    assert "mined" in shown.stdout
    assert "\x1b" not in shown.stdout


def test_a_dry_run_sends_nothing_and_can_be_sent_later(node: FakeNode) -> None:
    value = run_json("send", "--from", "account-0", "--to", "account-1", "2", "--dry-run")
    assert node.sent == []
    assert value["state"] == "not sent"
    described = run_json("tx", "decode", "-", stdin=value["raw"])
    assert described["signatures"] == "valid"
    assert described["txid"] == value["txid"]
    assert run_json("tx", "submit", value["raw"]) == {"txid": value["txid"]}
    assert node.sent == [bytes.fromhex(value["raw"])]


def test_names_of_the_devnet_work_on_no_other_network(node: FakeNode) -> None:
    result = run("send", "--network", "testnet", "--from", "account-0", "--to", BOB.address, "1")
    assert result.exit_code == 1
    assert "keystore_missing" in result.stderr
    assert node.sent == []


@pytest.mark.usefixtures("node")
def test_a_wallet_from_words_to_a_transfer(monkeypatch: Any) -> None:
    monkeypatch.setenv("BTCZS_PASSWORD", "correct horse")
    made = run_json("wallet", "new", "--words", "12", "--accounts", "2")
    assert len(made["mnemonic"].split()) == 12
    assert run("wallet", "new").exit_code == 1
    assert run_json("wallet", "accounts")["accounts"] == made["accounts"]
    assert run_json("wallet", "add", "savings")["index"] == 2
    assert run_json("wallet", "export", "--yes") == {"mnemonic": made["mnemonic"]}
    assert "secret" in run_json("wallet", "export", "--yes", "--account", "savings")
    assert len(run_json("wallet", "show", "--l1")["l1_accounts"]) == 3
    for command in ("show", "accounts", "add"):
        assert made["mnemonic"] not in run("wallet", command).output
    sent = run_json("send", "--to", "savings", "1", "--wait", "none")
    assert sent["from"] == made["accounts"][0]["address"]
    Path(made["path"]).unlink()
    again = run("wallet", "restore", "--accounts", "2", "--json", stdin=made["mnemonic"] + "\n")
    assert json.loads(again.stdout[again.stdout.index("{") :])["accounts"] == made["accounts"]


def test_a_wrong_password_says_what_to_do(node: FakeNode, monkeypatch: Any) -> None:
    monkeypatch.setenv("BTCZS_PASSWORD", "correct horse")
    run_json("wallet", "new")
    monkeypatch.setenv("BTCZS_PASSWORD", "wrong horse")
    result = run("send", "--to", BOB.address, "1")
    assert result.exit_code == 1
    assert "[wrong_password]" in result.stderr
    assert "next: try again" in result.stderr
    failed = run("send", "--to", BOB.address, "1", "--json")
    assert failed.stdout == ""
    assert json.loads(failed.stderr)["error"] == "wrong_password"
    assert node.sent == []


def test_a_refusal_exits_1_with_the_reason(node: FakeNode) -> None:
    node.refusals = [{"reason": "NotEnoughFunds", "message": "too little"}]
    result = run("send", "--from", "account-0", "--to", "account-1", "1", "--json")
    assert result.exit_code == 1
    shown = json.loads(result.stderr)
    assert (shown["error"], shown["reason"]) == ("refused", "NotEnoughFunds")
    assert "account show" in shown["hint"]


def test_a_failed_transaction_exits_1_after_it_was_shown(node: FakeNode) -> None:
    node.states = ["aborted"]
    result = run("tx", "wait", TXID, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["tx_status"] == "abort_by_response"
    assert json.loads(result.stderr)["error"] == "transaction_failed"


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("send", "--from", "account-0", "--to", "account-1", "1,5"), 1),
        (("send", "--from", "account-0", "--to", "nobody", "1"), 1),
        (("send", "--from", "account-0", "--to", BOB.address[:-1] + "0", "1"), 1),
        (("tx", "decode", "zz"), 1),
        (("tx", "decode", "00"), 1),
        (("l1", "address", "nonsense"), 1),
        (("send", "1"), 2),
        (("nonsense",), 2),
        (("network", "show", "nowhere"), 2),
        (("devnet", "--miners", "0"), 2),
        (("node",), 2),
    ],
)
@pytest.mark.usefixtures("node")
def test_wrong_input_has_its_exit_code_and_no_traceback(args: tuple[str, ...], code: int) -> None:
    result = run(*args)
    assert result.exit_code == code
    assert isinstance(result.exception, SystemExit)
    assert result.stderr.startswith("error [" if code == 1 else "Usage:")


@pytest.mark.usefixtures("node")
def test_reading_commands_have_both_faces() -> None:
    for args, key in [
        (("account", "list"), "accounts"),
        (("account", "show", "account-0"), "next_nonce"),
        (("account", "balance", "account-0"), "balance"),
        (("account", "nonce", "account-0"), "next_nonce"),
        (("tx", "show", TXID), "btczs_status"),
        (("block", "show"), "height"),
        (("block", "show", "42"), "transactions"),
        (("block", "list"), "blocks"),
        (("l1", "info"), "height"),
        (("l1", "block", "120"), "hash"),
        (("l1", "proof", "cd" * 32), "hash"),
        (("l1", "address", ANN.address), "l1_address"),
        (("network", "list"), "networks"),
        (("network", "show"), "fees"),
    ]:
        assert key in run_json(*args), args
        people = run(*args)
        assert people.exit_code == 0, args
        assert people.stdout.strip(), args
        assert "\x1b" not in people.stdout


def test_every_form_of_an_address_leads_to_the_others() -> None:
    value = run_json("l1", "address", ANN.address)
    for key in ("address", "l1_address", "bitcoin_address"):
        assert run_json("l1", "address", value[key]) == value


def test_the_password_of_layer_1_is_not_shown() -> None:
    assert "secure_password" not in run("network", "show").stdout
    assert "rpc_password" not in json.dumps(run_json("network", "show"))
