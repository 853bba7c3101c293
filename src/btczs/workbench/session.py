"""A conversation with the language: definitions add up, expressions are evaluated at once.

Definitions live in one contract, `repl`. A contract cannot change once it is deployed, so a new
definition deploys all of them again on the chain as it was in the beginning, and then repeats what
was evaluated since: the state is what it would be had the definition been there from the start.
A definition of a name that exists replaces it.
"""

import copy
import re
from pathlib import Path
from typing import Final, Literal

import msgspec

from btczs.codec.clarity.values import ContractPrincipal, Principal
from btczs.vm.clarity.errors import ClarityError, ParseError
from btczs.vm.clarity.names import DEFINES, LATEST, ClarityVersion
from btczs.vm.clarity.reader import parse_expressions
from btczs.vm.clarity.reader.syntax import Expr, Form
from btczs.workbench.chain import SimulatedChain, source_at
from btczs.workbench.project import SourceFile
from btczs.workbench.result import Result
from btczs.workbench.shape import head_of

CONTRACT: Final = "repl"
_BRACKETS: Final = re.compile(r'(?P<string>"(?:\\.|[^"\\])*)(?P<end>"?)|;;[^\n]*|[(){}]', re.DOTALL)


class Step(msgspec.Struct, frozen=True):
    """Something that changed the chain, to be repeated."""

    kind: Literal["expression", "blocks", "l1"]
    text: str
    sender: Principal


class Answer(msgspec.Struct, frozen=True):
    """What one input gave: names that are now defined, results, or why the text is refused."""

    defined: tuple[str, ...] = ()
    results: tuple[Result, ...] = ()
    error: ClarityError | None = None
    source: str = ""
    """The text in which the place of `error` counts."""


class Session:
    """See the module. `sender` is who evaluates."""

    def __init__(self, version: ClarityVersion = LATEST) -> None:
        self.version: ClarityVersion = version
        self.sources: list[SourceFile] = []
        self.reset()

    def reset(self) -> None:
        """Forgets everything except the loaded files."""
        self.definitions: dict[str, str] = {}
        self.steps: list[Step] = []
        self.chain = SimulatedChain(version=self.version)
        self.sender: Principal = self.chain.accounts.deployer
        self._start()
        self._build()

    @property
    def contract(self) -> ContractPrincipal:
        return self.chain.find_contract(CONTRACT)

    def load(self, sources: list[SourceFile]) -> list[Result]:
        """Adds contracts from files below everything else. The results of their deployment."""
        names = {source.name for source in sources}
        before = self.sources
        self.sources = [s for s in before if s.name not in names] + sources
        results = self._rebuild()
        failed = [result for result in results if result.error is not None]
        if failed:
            self.sources = before
            self._rebuild()
        return results

    def advance(self, kind: Literal["blocks", "l1"], count: int) -> None:
        """Lets blocks pass."""
        step = Step(kind, str(count), self.sender)
        self._repeat(step)
        self.steps.append(step)

    def feed(self, text: str) -> Answer:
        """Defines what is defined in `text`, then evaluates the rest of it."""
        try:
            expanded = self.chain.expand(text)
            expressions = parse_expressions(expanded, self.version, self.contract)
        except ParseError as error:
            return Answer(error=error, source=expanded)
        defined: dict[str, str] = {}
        rest: list[str] = []
        for expr in expressions:
            source = source_at(expanded, expr.span)
            if head_of(expr) in DEFINES:
                defined[_defined_name(expr)] = source
            else:
                rest.append(source)
        if defined:
            refused = self._define(defined)
            if refused is not None:
                return refused
        results: list[Result] = []
        for source in rest:
            step = Step("expression", source, self.sender)
            mistake = self.chain.check(CONTRACT, source)
            if mistake is not None:
                return Answer(tuple(defined), tuple(results), mistake, source)
            result = self._repeat(step)
            assert result is not None
            results.append(result)
            if result.outcome.committed:
                self.steps.append(step)
            if result.error is not None:
                break
        return Answer(tuple(defined), tuple(results))

    def _define(self, defined: dict[str, str]) -> Answer | None:
        """Deploys again with new definitions; without them if they are refused."""
        before = self.definitions
        self.definitions = {**{k: v for k, v in before.items() if k not in defined}, **defined}
        source = "\n".join(self.definitions.values())
        failed = [result.error for result in self._rebuild() if result.error is not None]
        if not failed:
            return None
        self.definitions = before
        self._rebuild()
        return Answer(error=failed[0], source=source)

    def _start(self) -> None:
        self._mark = self.chain.state.checkpoint()
        self._view = copy.deepcopy(self.chain.view.__dict__)

    def _rebuild(self) -> list[Result]:
        self.chain.state.revert(self._mark)
        self.chain.view.__dict__.update(self._view)
        self.chain.contracts.clear()
        self._start()
        return self._build()

    def _build(self) -> list[Result]:
        """The results of the deployments; what was evaluated is repeated after them."""
        results = self.chain.deploy_all(self.sources)
        if all(result.error is None for result in results):
            source = "\n".join(self.definitions.values())
            results.append(self.chain.try_deploy(CONTRACT, source))
        if results[-1].error is None:
            for step in self.steps:
                self._repeat(step)
        return results

    def _repeat(self, step: Step) -> Result | None:
        if step.kind == "expression":
            return self.chain.execute(CONTRACT, step.text, sender=step.sender)
        (self.chain.mine if step.kind == "blocks" else self.chain.mine_l1)(int(step.text))
        return None


def _defined_name(expr: Expr) -> str:
    """What a definition defines; forms that define no name get their whole as one."""
    if isinstance(expr, Form) and len(expr.items) > 1:
        name = head_of(expr.items[1]) or getattr(expr.items[1], "name", "")
        if name:
            return str(name)
    return head_of(expr)


def needs_more(text: str) -> bool:
    """Whether brackets or a string are open, so that the next line belongs to it."""
    depth = 0
    for found in _BRACKETS.finditer(text):
        if found["string"] and not found["end"]:
            return True
        depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(found[0], 0)
    return depth > 0


def find_files(path: Path) -> list[Path]:
    """A file, or the contracts of a folder."""
    return sorted(path.rglob("*.clar")) if path.is_dir() else [path]
