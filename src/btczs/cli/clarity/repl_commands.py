"""What the conversation understands: Clarity, and commands that begin with `::`."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text

from btczs.cli.clarity.common import cost_table
from btczs.cli.clarity.highlight import highlight
from btczs.cli.clarity.outcome import render_error, render_result, value_text
from btczs.cli.output import make_fields, make_table
from btczs.codec.clarity import decode_value, encode_value, principal_text
from btczs.primitives import BtczsError
from btczs.vm.clarity.errors import ClarityError
from btczs.vm.clarity.names import DEFINES, LATEST, ClarityVersion, keywords_of, natives_of
from btczs.workbench.project import read_sources
from btczs.workbench.session import Session, find_files
from btczs.workbench.texts import type_source

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from btczs.workbench.result import Result

Handler = Callable[["Repl", str], None]
HANDLERS: dict[str, tuple[str, str, Handler]] = {}
"""command -> what follows it, what it does, and how."""


class Usage(Exception):
    """What follows a command is not what it takes."""


def handles(name: str, takes: str, about: str) -> Callable[[Handler], Handler]:
    """Registers a command."""

    def register(handler: Handler) -> Handler:
        HANDLERS[name] = (takes, about, handler)
        return handler

    return register


class Repl:
    """A session, and a console to show it on."""

    def __init__(self, console: "Console", version: ClarityVersion | None) -> None:
        self.console = console
        self.session = Session(version or LATEST)
        self.show_costs = False
        self.finished = False
        self._matches: list[str] = []

    def show(self, *parts: "RenderableType") -> None:
        for part in parts:
            self.console.print(part, soft_wrap=isinstance(part, str | Text), markup=False)

    def answer(self, text: str) -> bool:
        """Answers one input; whether it went well."""
        if text.lstrip().startswith("::"):
            return self._command(text.strip())
        answer = self.session.feed(text)
        for name in answer.defined:
            self.show(Text(f"{name} is defined", "green"))
        for result in answer.results:
            self.show(*render_result(result, costs=self.show_costs))
        if answer.error is not None:
            self.fail(answer.error, answer.source)
            return False
        return all(result.error is None for result in answer.results)

    def fail(self, error: BtczsError, source: str = "") -> None:
        if isinstance(error, ClarityError):
            self.show(render_error(error, source))
        else:
            self.show(Text().append(error.code, "bold red").append(f"  {error}", "red"))

    def _command(self, text: str) -> bool:
        name, _, rest = text[2:].partition(" ")
        found = HANDLERS.get(name)
        if found is None:
            self.show(Text(f"there is no command ::{name}; ::help shows them", "red"))
            return False
        try:
            found[2](self, rest.strip())
        except Usage:
            self.show(Text(f"write ::{name} {found[0]}", "red"))
            return False
        except BtczsError as error:
            self.fail(error)
            return False
        return True

    def load(self, paths: Iterable[Path]) -> None:
        """Deploys files. Raises what reading them raises."""
        files = [file for path in paths for file in find_files(path)]
        sources = read_sources(files)
        texts = {source.name: source.source for source in sources}
        for result in self.session.load(sources):
            if result.error is not None:
                self.fail(result.error, texts.get(result.contract.name, ""))
            elif result.contract.name != "repl":
                self.show(Text(f"{result.contract.name} is deployed", "green"))

    def complete(self, text: str, state: int) -> str | None:
        """What readline asks: the candidates for `text`, one by one."""
        if state == 0:
            version = self.session.version
            names = {
                *natives_of(version),
                *keywords_of(version),
                *DEFINES,
                *self.session.definitions,
            }
            names |= {f"::{name}" for name in HANDLERS}
            self._matches = sorted(name for name in names if name.startswith(text))
        return self._matches[state] if state < len(self._matches) else None


def _number(text: str) -> int:
    if not text.isdecimal() or not 0 < len(text) < 7:
        raise Usage
    return int(text)


@handles("help", "", "this list")
def _help(repl: Repl, rest: str) -> None:
    del rest
    rows = [
        (Text(f"::{name} {takes}".rstrip(), "cyan"), about)
        for name, (takes, about, _) in HANDLERS.items()
    ]
    repl.show(make_table(("command", "what it does"), rows))


@handles("accounts", "", "the accounts and their coins")
def _accounts(repl: Repl, rest: str) -> None:
    del rest
    chain = repl.session.chain
    rows = [
        (
            Text("→ " if principal == repl.session.sender else "  ").append(name, "magenta"),
            principal_text(principal),
            f"{chain.balance(principal):,}",
        )
        for name, principal in chain.accounts.items()
    ]
    repl.show(make_table(("account", "address", ">base units"), rows))


@handles("tx_sender", "[ACCOUNT]", "who sends, or change it")
def _sender(repl: Repl, rest: str) -> None:
    session = repl.session
    if rest:
        session.sender = session.chain.find_principal(rest)
    name = session.chain.accounts.name_of(session.sender)
    repl.show(Text(principal_text(session.sender)).append(f"  {name or ''}", "magenta"))


@handles("advance", "[N]", "let N blocks of this chain pass")
def _advance(repl: Repl, rest: str) -> None:
    repl.session.advance("blocks", _number(rest or "1"))
    _heights(repl, "")


@handles("advance_l1", "[N]", "let N blocks of layer 1 pass, each with a tenure")
def _advance_l1(repl: Repl, rest: str) -> None:
    repl.session.advance("l1", _number(rest or "1"))
    _heights(repl, "")


@handles("heights", "", "heights and time")
def _heights(repl: Repl, rest: str) -> None:
    del rest
    view = repl.session.chain.view
    repl.show(
        make_fields(
            [
                ("stacks-block-height", view.block_height),
                ("tenure-height", view.tenure_height),
                ("burn-block-height", view.l1_height),
                ("stacks-block-time", view.block_time),
            ]
        )
    )


@handles("costs", "[EXPRESSION]", "what it costs; alone: show costs always, or no longer")
def _costs(repl: Repl, rest: str) -> None:
    if not rest:
        repl.show_costs = not repl.show_costs
        repl.show(Text(f"costs are {'shown' if repl.show_costs else 'hidden'}", "dim"))
        return
    for result in _results(repl, rest):
        repl.show(cost_table({result.text: result.cost}))


def _results(repl: Repl, text: str) -> "tuple[Result, ...]":
    """What expressions gave. Raises why they are refused."""
    answer = repl.session.feed(text)
    if answer.error is not None:
        raise answer.error
    return answer.results


@handles("assets", "", "who owns what")
def _assets(repl: Repl, rest: str) -> None:
    del rest
    chain = repl.session.chain
    owned = chain.assets()
    names = sorted({asset for assets in owned.values() for asset in assets} - {"STX"})
    rows: list[list[Any]] = []
    for owner, assets in owned.items():
        shown = chain.accounts.name_of(owner) or "." + getattr(owner, "name", principal_text(owner))
        rows.append([Text(shown, "magenta"), *(f"{assets.get(n, 0):,}" for n in ["STX", *names])])
    repl.show(make_table(["account", ">STX", *(f">{name}" for name in names)], rows))


@handles("contracts", "", "the deployed contracts")
def _contracts(repl: Repl, rest: str) -> None:
    del rest
    rows = [
        (Text(c.name, "magenta"), known.version, principal_text(c))
        for c, known in repl.session.chain.contracts.items()
    ]
    repl.show(make_table(("contract", "version", "address"), rows))


@handles("functions", "[CONTRACT]", "the functions of the contracts, or of one")
def _functions(repl: Repl, rest: str) -> None:
    chain = repl.session.chain
    wanted = [chain.analysis(rest)] if rest else list(chain.contracts.values())
    rows = []
    for known in wanted:
        for access in ("public", "read_only", "private"):
            for name, function in getattr(known, f"{access}_functions").items():
                parameters = " ".join(f"({n} {type_source(t)})" for n, t in function.parameters)
                rows.append(
                    (
                        Text(known.contract.name, "magenta"),
                        access.replace("_", "-"),
                        highlight(f"({name} {parameters})".replace(" )", ")")),
                        type_source(function.returns),
                    )
                )
    repl.show(make_table(("contract", "access", "function", "gives"), rows))


@handles("describe", "NAME", "explain a word of the language")
def _describe(repl: Repl, rest: str) -> None:
    from btczs.cli.clarity.docs import show_word
    from btczs.workbench.words import find_word, suggest_words

    word = find_word(rest)
    if word is None:
        raise Usage if not rest else _unknown(rest, suggest_words(rest))
    repl.show(*show_word(word))


def _unknown(name: str, near: list[str]) -> BtczsError:
    from btczs.cli.clarity.docs import UnknownWord

    meant = f": did you mean {', '.join(near)}?" if near else ""
    return UnknownWord(f"there is no word {name!r}{meant}")


@handles("encode", "EXPRESSION", "the bytes of a value")
def _encode(repl: Repl, rest: str) -> None:
    for result in _results(repl, rest):
        if result.returned is None:
            repl.show(*render_result(result, costs=False))
        else:
            repl.show(Text("0x" + encode_value(result.returned).hex(), "cyan"))


@handles("decode", "0xBYTES", "the value of bytes")
def _decode(repl: Repl, rest: str) -> None:
    try:
        raw = bytes.fromhex(rest.removeprefix("0x"))
    except ValueError as error:
        raise Usage from error
    repl.show(value_text(decode_value(raw)))


@handles("load", "PATH", "deploy a contract, or those of a folder")
def _load(repl: Repl, rest: str) -> None:
    path = Path(rest).expanduser()
    if not rest or not path.exists():
        raise Usage
    repl.load([path])


@handles("reset", "", "forget all definitions and changes")
def _reset(repl: Repl, rest: str) -> None:
    del rest
    repl.session.reset()
    repl.show(Text("everything is as in the beginning", "dim"))


@handles("quit", "", "leave")
def _quit(repl: Repl, rest: str) -> None:
    del rest
    repl.finished = True
