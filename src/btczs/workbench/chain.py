"""A chain in memory for tests and tools: deploy contracts, call them, let blocks pass.

    chain = SimulatedChain()
    chain.deploy("counter", path="counter.clar")
    chain.call("counter", "add", 5, sender="wallet_1").expect_ok(5)
    assert chain.read("counter", "get-count").value == 5

Arguments are Python values, made Clarity values by the types that the contract declares; a string
for anything but a text is Clarity (`"u5"`, `"(list u1)"`), an address, an account's name or
`.contract`. Contracts without an address belong to the `deployer`.

Nothing passes by itself: calls happen in one block until `mine` is called. Failing calls change
nothing, as on a real chain; only `deploy` raises, because tests are pointless after it failed.
"""

import contextlib
import copy
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from btczs.codec.clarity.values import ContractPrincipal, Principal, Value
from btczs.vm.clarity.costs import ZERO_COST
from btczs.vm.clarity.names import ClarityVersion
from btczs.vm.clarity.outcome import Outcome
from btczs.vm.clarity.reader import Span, parse_expressions
from btczs.vm.clarity.reader.syntax import Form
from btczs.vm.clarity.runtime.assets import AssetMoves
from btczs.workbench.project import SourceFile, collect_programs, read_source
from btczs.workbench.result import Result
from btczs.workbench.shape import head_of
from btczs.workbench.texts import value_source
from btczs.workbench.values import WrongArgument
from btczs.workbench.world import World


class DeploymentFailed(AssertionError):
    """A contract was refused. Field `result`."""

    def __init__(self, result: Result) -> None:
        super().__init__(f"{result.what} failed: {result.text}")
        self.result = result


class SimulatedChain(World):
    """See the module; `World` has what is not a call."""

    # --- contracts --------------------------------------------------------------------------

    def deploy(
        self,
        name: str,
        source: str | None = None,
        *,
        path: str | Path | None = None,
        version: ClarityVersion | None = None,
        sender: str | Principal | None = None,
    ) -> Result:
        """Publishes a contract from its source or its file. Raises `DeploymentFailed`."""
        result = self.try_deploy(name, source, path=path, version=version, sender=sender)
        if result.error is not None:
            raise DeploymentFailed(result)
        return result

    def try_deploy(
        self,
        name: str,
        source: str | None = None,
        *,
        path: str | Path | None = None,
        version: ClarityVersion | None = None,
        sender: str | Principal | None = None,
    ) -> Result:
        """As `deploy`; the result may hold an error."""
        file = None if path is None else Path(path)
        if (source is None) == (file is None):
            raise WrongArgument("a contract has either a source or a path")
        text = read_source(file, name).source if file is not None else source
        assert text is not None
        publisher = self.find_principal(sender)
        contract = ContractPrincipal(publisher.version, publisher.hash20, name)
        outcome = self.machine.deploy(contract, text, version or self.version)
        if outcome.committed:
            self.contracts[contract] = self.machine.analysis(contract)
            if self._recorder and self._recorder.coverage:
                program = self.contracts[contract].program
                self._recorder.coverage.register(name, file, program)
        return Result(f"deployment of {name}", contract, "", publisher, outcome)

    def deploy_all(self, sources: Iterable[SourceFile]) -> list[Result]:
        """Publishes contracts and those they need, in order, up to the first that is refused."""
        results = []
        for source, _ in collect_programs(sources, self.accounts.deployer):
            results.append(self.try_deploy(source.name, path=source.path, version=source.version))
            if results[-1].error is not None:
                break
        return results

    # --- calls ------------------------------------------------------------------------------

    def call(
        self,
        contract: str | ContractPrincipal,
        function: str,
        *args: Any,
        sender: str | Principal | None = None,
        sponsor: str | Principal | None = None,
    ) -> Result:
        """A transaction that calls a public function."""
        values = self.to_values(contract, function, args)
        target, caller = self.find_contract(contract), self.find_principal(sender)
        payer = None if sponsor is None else self.find_principal(sponsor)
        outcome = self.machine.call(target, function, values, sender=caller, sponsor=payer)
        return self._finish(target, function, values, caller, outcome)

    def read(
        self,
        contract: str | ContractPrincipal,
        function: str,
        *args: Any,
        sender: str | Principal | None = None,
    ) -> Result:
        """The answer of a read-only function."""
        values = self.to_values(contract, function, args)
        target, caller = self.find_contract(contract), self.find_principal(sender)
        outcome = self.machine.read(target, function, values, sender=caller)
        return self._finish(target, function, values, caller, outcome)

    def private(
        self,
        contract: str | ContractPrincipal,
        function: str,
        *args: Any,
        sender: str | Principal | None = None,
    ) -> Result:
        """The answer of a private function; what it did stands."""
        values = self.to_values(contract, function, args)
        target, caller = self.find_contract(contract), self.find_principal(sender)
        outcome = self.machine.evaluate(target, call_text(function, values), sender=caller)
        return self._finish(target, function, values, caller, outcome)

    def execute(
        self, contract: str | ContractPrincipal, text: str, *, sender: str | Principal | None = None
    ) -> Result:
        """What a developer types: a call of a public function as a transaction, all else inside.

        Arguments may be any expressions. What cannot be read, or is refused by the checker, is in
        the result as an error.
        """
        target, expanded = self.find_contract(contract), self.expand(text)
        refused = self.check(target, text)
        if refused is not None:
            nothing = Outcome(None, refused, False, ZERO_COST, 0, (), AssetMoves())
            return Result(expanded, target, "", self.find_principal(sender), nothing)
        expressions = parse_expressions(expanded, self.version, target)
        call = expressions[0] if len(expressions) == 1 else None
        head = head_of(call) if call is not None else ""
        known = self.analysis(target)
        if not isinstance(call, Form) or head not in {
            *known.public_functions, *known.read_only_functions
        }:  # fmt: skip
            return self.evaluate(text, contract=target, sender=sender)
        values = []
        for item in call.items[1:]:
            argument = source_at(expanded, item.span)
            result = self.evaluate(argument, contract=target, sender=sender, commit=False)
            if result.returned is None:
                return result
            values.append(result.returned)
        caller = self.find_principal(sender)
        outcome = self.machine.call(target, head, values, sender=caller)
        return self._finish(target, head, values, caller, outcome)

    def _finish(
        self,
        contract: ContractPrincipal,
        function: str,
        values: Sequence[Value],
        sender: Principal,
        outcome: Outcome,
    ) -> Result:
        text = call_text(f"{contract.name}.{function}", values)
        result = Result(text, contract, function, sender, outcome)
        if self._recorder and self._recorder.costs:
            self._recorder.costs.add(result)
        return result

    @contextlib.contextmanager
    def undone(self) -> Iterator[None]:
        """What happens inside is undone at the end: contracts, state, blocks."""
        mark, view = self.state.checkpoint(), copy.deepcopy(self.view.__dict__)
        contracts = dict(self.contracts)
        try:
            yield
        finally:
            self.state.revert(mark)
            self.view.__dict__.update(view)
            self.contracts = contracts


def source_at(source: str, span: Span) -> str:
    """The text of an expression."""
    lines = source.split("\n")[span.line - 1 : span.end_line]
    lines[-1] = lines[-1][: span.end_column]
    lines[0] = lines[0][span.column - 1 :]
    return "\n".join(lines)


def call_text(function: str, values: Sequence[Value]) -> str:
    """A call as Clarity: `(function arg …)`."""
    return "(" + " ".join([function, *[value_source(value) for value in values]]) + ")"
