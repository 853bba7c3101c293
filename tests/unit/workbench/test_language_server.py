"""Editors get mistakes, explanations, completion, definitions, an outline and the layout."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from btczs.cli import main
from btczs.cli.clarity.lsp import read_message, write_message
from btczs.workbench.language_server import LanguageServer

URI = "file:///nowhere/my%20own/token.clar"
TEXT = "(define-constant fee u5)\n(define-read-only (pay (n uint))\n (+ n fee 1))\n"


def opened(text: str = TEXT, uri: str = URI) -> tuple[LanguageServer, list[dict[str, Any]]]:
    server = LanguageServer()
    document = {"uri": uri, "text": text, "languageId": "clarity", "version": 1}
    (published,) = server.handle(
        {"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": document}}
    )
    assert published["params"]["uri"] == uri
    return server, published["params"]["diagnostics"]


def ask(server: LanguageServer, method: str, line: int = 0, character: int = 0) -> Any:
    place = {"line": line, "character": character}
    params = {"textDocument": {"uri": URI}, "position": place}
    (answer,) = server.handle({"id": 7, "method": f"textDocument/{method}", "params": params})
    assert answer["id"] == 7
    return answer["result"]


def test_mistakes_come_with_their_places_and_go_when_they_are_mended() -> None:
    server, found = opened()
    (mistake,) = [d for d in found if d["severity"] == 1]
    assert mistake["code"] == "TypeError"
    assert mistake["range"] == {
        "start": {"line": 2, "character": 10},
        "end": {"line": 2, "character": 11},
    }
    change = {"textDocument": {"uri": URI}, "contentChanges": [{"text": TEXT.replace("1", "u1")}]}
    (published,) = server.handle({"method": "textDocument/didChange", "params": change})
    assert published["params"]["diagnostics"] == []
    (closed,) = server.handle({"method": "textDocument/didClose", "params": change})
    assert closed["params"]["diagnostics"] == []


def test_words_are_explained_and_completed() -> None:
    server, _ = opened()
    assert "Adds." in ask(server, "hover", 2, 2)["contents"]["value"]
    assert ask(server, "hover", 2, 6) is None
    labels = {item["label"] for item in ask(server, "completion", 2, 2)}
    assert {"fee", "pay", "map-get?", "tx-sender", "define-map"} <= labels
    assert "get-block-info?" not in labels


def test_definitions_and_outline() -> None:
    server, _ = opened()
    assert ask(server, "definition", 2, 6)["range"]["start"] == {"line": 0, "character": 17}
    assert ask(server, "definition", 2, 2) is None
    assert [(s["name"], s["detail"]) for s in ask(server, "documentSymbol")] == [
        ("fee", "define-constant"),
        ("pay", "define-read-only"),
    ]


def test_the_layout_is_an_edit_of_the_whole() -> None:
    server, _ = opened("(define-constant   a\n1)\n")
    (edit,) = ask(server, "formatting")
    assert edit["newText"] == "(define-constant a 1)\n"
    server, found = opened("(define-constant a")
    assert ask(server, "formatting") == []
    assert found[0]["severity"] == 1


def test_the_project_tells_the_version(tmp_path: Path) -> None:
    (tmp_path / "Clarinet.toml").write_text(
        '[contracts.token]\npath = "token.clar"\nclarity_version = 1\n'
    )
    uri = (tmp_path / "token.clar").as_uri()
    text = "(define-read-only (h) block-height)"
    assert opened(text, uri)[1] == []
    assert opened(text)[1] != []
    (tmp_path / "Clarinet.toml").write_text("[")
    assert opened(text, uri)[1][0]["code"] == "invalid_project"


@pytest.mark.parametrize(
    "message",
    [
        {}, {"id": 1}, {"id": 1, "method": "nonsense"}, {"method": "nonsense"},
        {"id": 1, "method": "textDocument/hover"},
        {"id": 1, "method": "textDocument/hover", "params": []},
        {"id": 1, "method": "textDocument/formatting", "params": {"textDocument": {"uri": "x"}}},
        {"method": "textDocument/didOpen", "params": {"textDocument": 5}},
        {"method": "textDocument/didChange", "params": {"textDocument": {"uri": "x"}}},
        {"method": "textDocument/didOpen", "params": {"textDocument": {"uri": "", "text": "("}}},
        {"method": "textDocument/didChange",
         "params": {"textDocument": {"uri": "x"}, "contentChanges": ["x"]}},
    ],
)  # fmt: skip
def test_strange_messages_are_answered_or_ignored(message: dict[str, Any]) -> None:
    answers = LanguageServer().handle(message)
    assert "id" not in message or "error" in answers[0]


def test_the_command_moves_messages_and_ends() -> None:
    sent = io.BytesIO()
    write_message(sent, {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {}})
    write_message(sent, {"jsonrpc": "2.0", "id": 2, "method": "shutdown"})
    write_message(sent, {"jsonrpc": "2.0", "method": "exit"})
    result = CliRunner().invoke(main, ["clarity", "lsp"], input=sent.getvalue())
    assert result.exit_code == 0, result.output
    stream = io.BytesIO(result.stdout_bytes)
    first = read_message(stream)
    assert first is not None
    assert json.loads(first)["result"]["capabilities"]["hoverProvider"]
    assert read_message(stream) is not None
    assert read_message(stream) is None


@pytest.mark.parametrize(
    "raw", [b"", b"x", b"Content-Length: 5\r\n\r\nab", b"Content-Length: 99999999999\r\n\r\n"]
)
def test_broken_streams_end_it(raw: bytes) -> None:
    assert CliRunner().invoke(main, ["clarity", "lsp"], input=raw).exit_code == 1
