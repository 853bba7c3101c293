"""A language server: what editors ask about a contract, without any input or output.

Speaks the Language Server Protocol 3.17 as far as contracts need it: mistakes and warnings while
one types, explanations under the cursor, completion, the place of a definition, an outline, and the
uniform layout. `handle` takes a message and gives the messages to send; the command
`btczs clarity lsp` moves them. Positions of the protocol count from 0, those of spans from 1.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlparse

from btczs import __version__
from btczs.primitives.errors import InvalidInput
from btczs.vm.clarity.errors import ParseError
from btczs.vm.clarity.names import DEFINES, keywords_of, natives_of
from btczs.vm.clarity.reader import SNIPPET, Span, parse
from btczs.vm.clarity.reader.formatter import format_source
from btczs.vm.clarity.reader.syntax import Atom, Expr, Form, Program
from btczs.workbench.accounts import Accounts
from btczs.workbench.diagnose import Finding, check_sources
from btczs.workbench.project import SourceFile, open_source
from btczs.workbench.shape import head_of
from btczs.workbench.words import find_word

Message = dict[str, Any]

METHOD_NOT_FOUND: Final = -32601
INVALID_PARAMS: Final = -32602
_LEVELS: Final = {"error": 1, "warning": 2, "note": 3}
_SYMBOLS: Final = {"define-constant": 14, "define-data-var": 13, "define-map": 18,
                   "define-trait": 11}  # fmt: skip
_FUNCTION, _KEYWORD, _VARIABLE = 3, 14, 6
_WORD: Final = re.compile(r"[^\s(){},:;\"']+")


class LanguageServer:
    """The open documents of one editor. `finished` after it said goodbye."""

    def __init__(self) -> None:
        self.finished = False
        self.is_shut_down = False
        self._texts: dict[str, str] = {}
        self._deployer = Accounts().deployer
        self._methods: dict[str, Callable[[Message], Any]] = {
            "initialize": self._initialize,
            "shutdown": self._shutdown,
            "textDocument/hover": self._hover,
            "textDocument/completion": self._completion,
            "textDocument/definition": self._definition,
            "textDocument/documentSymbol": self._symbols,
            "textDocument/formatting": self._formatting,
        }

    def handle(self, message: Message) -> list[Message]:
        """The answer to a request, or what a notification leads to."""
        method, params = str(message.get("method", "")), message.get("params") or {}
        if "id" not in message:
            return self._notified(method, params)
        answer: Message = {"jsonrpc": "2.0", "id": message["id"]}
        handler = self._methods.get(method)
        if handler is None:
            answer["error"] = {"code": METHOD_NOT_FOUND, "message": f"{method} is not known here"}
            return [answer]
        try:
            answer["result"] = handler(params)
        except (KeyError, TypeError, IndexError) as error:
            answer["error"] = {"code": INVALID_PARAMS, "message": f"{method}: {error!r}"}
        return [answer]

    # --- documents --------------------------------------------------------------------------

    def _notified(self, method: str, params: Message) -> list[Message]:
        if method == "exit":
            self.finished = True
        document = params.get("textDocument") if isinstance(params, dict) else None
        uri = document.get("uri") if isinstance(document, dict) else None
        if not isinstance(document, dict) or not isinstance(uri, str):
            return []
        if method == "textDocument/didOpen":
            self._texts[uri] = str(document.get("text", ""))
        elif method == "textDocument/didChange":
            changes = params.get("contentChanges")
            last = changes[-1] if isinstance(changes, list) and changes else None
            if isinstance(last, dict):
                self._texts[uri] = str(last.get("text", ""))
        elif method == "textDocument/didClose":
            self._texts.pop(uri, None)
            return [_diagnostics(uri, [])]
        if method.startswith("textDocument/did") and uri in self._texts:
            return [_diagnostics(uri, self._findings(uri))]
        return []

    def _findings(self, uri: str) -> list[Message]:
        try:
            source = open_source(uri_path(uri), self._texts[uri])
        except InvalidInput as error:
            return [_diagnostic(1, error.code, str(error), None)]
        return [_shown(f) for f in check_sources([source], self._deployer).findings]

    def _source(self, params: Message) -> SourceFile:
        uri = params["textDocument"]["uri"]
        try:
            return open_source(uri_path(uri), self._texts[uri])
        except InvalidInput:
            return open_source(Path("contract.clar"), self._texts[uri])

    def _word_at(self, params: Message) -> tuple[str, int, int]:
        """The word under the cursor, and its first and last column."""
        place = params["position"]
        line = self._texts[params["textDocument"]["uri"]].split("\n")[place["line"]]
        for found in _WORD.finditer(line):
            if found.start() <= place["character"] <= found.end():
                return found[0], found.start(), found.end()
        return "", 0, 0

    # --- requests ---------------------------------------------------------------------------

    def _initialize(self, params: Message) -> Message:
        del params
        return {
            "capabilities": {
                "positionEncoding": "utf-16",
                "textDocumentSync": {"openClose": True, "change": 1, "save": True},
                "hoverProvider": True,
                "completionProvider": {"triggerCharacters": ["("]},
                "definitionProvider": True,
                "documentSymbolProvider": True,
                "documentFormattingProvider": True,
            },
            "serverInfo": {"name": "btczs", "version": __version__},
        }

    def _shutdown(self, params: Message) -> None:
        del params
        self.is_shut_down = True

    def _hover(self, params: Message) -> Message | None:
        name, start, end = self._word_at(params)
        word = find_word(name)
        if word is None:
            return None
        examples = "\n".join(f"{e.shown} ;; => {e.result}" for e in word.examples)
        gives = f"\n\nGives: `{word.gives}`" if word.gives else ""
        text = f"```clarity\n{word.signature}\n```\n{word.text}{gives}\n```clarity\n{examples}\n```"
        line = params["position"]["line"]
        return {
            "contents": {"kind": "markdown", "value": text},
            "range": {
                "start": {"line": line, "character": start},
                "end": {"line": line, "character": end},
            },
        }

    def _completion(self, params: Message) -> list[Message]:
        source = self._source(params)
        found = dict.fromkeys(natives_of(source.version), _FUNCTION)
        found |= dict.fromkeys((*keywords_of(source.version), *DEFINES), _KEYWORD)
        program = _try_parse(source.source)
        if program is not None:
            for name, _, form in _definitions(program):
                is_function = isinstance(form.items[1], Form)
                found[name.name] = _FUNCTION if is_function else _VARIABLE
        return [{"label": name, "kind": kind} for name, kind in sorted(found.items())]

    def _definition(self, params: Message) -> Message | None:
        program = _try_parse(self._texts[params["textDocument"]["uri"]])
        wanted = self._word_at(params)[0].strip("<>")
        for name, _, _ in _definitions(program) if program is not None else ():
            if name.name == wanted:
                return {"uri": params["textDocument"]["uri"], "range": _range(name.span)}
        return None

    def _symbols(self, params: Message) -> list[Message]:
        program = _try_parse(self._texts[params["textDocument"]["uri"]])
        return [
            {
                "name": name.name,
                "detail": kind,
                "kind": _SYMBOLS.get(kind, 12),
                "range": _range(form.span),
                "selectionRange": _range(name.span),
            }
            for name, kind, form in (_definitions(program) if program is not None else ())
        ]

    def _formatting(self, params: Message) -> list[Message]:
        text = self._texts[params["textDocument"]["uri"]]
        try:
            laid_out = format_source(text)
        except ParseError:
            return []  # the mistake is shown already
        end = {"line": text.count("\n") + 1, "character": 0}
        whole = {"start": {"line": 0, "character": 0}, "end": end}
        return [] if laid_out == text else [{"range": whole, "newText": laid_out}]


def _definitions(program: Program) -> list[tuple[Atom, str, Form]]:
    """Name, kind and form of what a program defines."""
    found: list[tuple[Atom, str, Form]] = []
    for expr in program.expressions:
        kind = head_of(expr)
        if kind not in DEFINES or not isinstance(expr, Form) or len(expr.items) < 2:
            continue
        named: Expr = expr.items[1]
        if isinstance(named, Form) and named.items:
            named = named.items[0]
        if isinstance(named, Atom):
            found.append((named, kind, expr))
    return found


def _try_parse(text: str) -> Program | None:
    try:
        return parse(SNIPPET, text)
    except ParseError:
        return None


def uri_path(uri: str) -> Path:
    """The file of a `file:` address; other addresses have only a name."""
    parts = urlparse(uri)
    return Path(unquote(parts.path) if parts.scheme == "file" else Path(parts.path).name)


def _shown(finding: Finding) -> Message:
    return _diagnostic(_LEVELS[finding.level], finding.kind, finding.message, finding.span)


def _diagnostic(severity: int, code: str, message: str, span: Span | None) -> Message:
    place = span or Span(1, 1, 1, 1)
    return {
        "range": _range(place), "severity": severity, "code": code, "source": "btczs",
        "message": message,
    }  # fmt: skip


def _range(span: Span) -> Message:
    return {
        "start": {"line": span.line - 1, "character": span.column - 1},
        "end": {"line": span.end_line - 1, "character": span.end_column},
    }


def _diagnostics(uri: str, found: list[Message]) -> Message:
    return {
        "jsonrpc": "2.0",
        "method": "textDocument/publishDiagnostics",
        "params": {"uri": uri, "diagnostics": found},
    }
