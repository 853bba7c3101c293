"""The search for a sequence of calls that breaks an invariant.

Every sequence starts from the freshly deployed contract. Functions, senders and arguments are drawn
by hypothesis, which also shrinks what it finds; calls that are not needed are dropped afterwards.
The search is deterministic: the same contract and options give the same answer.
"""

from collections.abc import Callable, Iterable
from typing import Final

import msgspec

from btczs.codec.clarity.values import (
    BoolValue,
    IntValue,
    Principal,
    TupleValue,
    UIntValue,
    Value,
)
from btczs.vm.clarity.analysis.model import ContractAnalysis, FunctionType
from btczs.workbench.chain import SimulatedChain, call_text
from btczs.workbench.result import Result
from btczs.workbench.state import read_balances
from btczs.workbench.texts import value_source
from btczs.workbench.verify.arguments import Seen, draw_value
from btczs.workbench.verify.spec import InvalidRule, Rule, replace_helpers
from btczs.workbench.verify.verdict import CallShown, Verdict

SENDERS: Final = ("deployer", "wallet_1", "wallet_2", "wallet_3")
BLOCKS_MAX: Final = 200


class Options(msgspec.Struct, frozen=True):
    """How far to search."""

    sequences: int = 300
    calls: int = 10
    seed: int = 0


class Call(msgspec.Struct, frozen=True):
    """A call of a sequence; without a function, blocks that pass."""

    function: str
    args: tuple[Value, ...]
    sender: Principal
    blocks: int = 0


class Broken(Exception):
    """An invariant does not hold: what hypothesis looks for."""

    def __init__(self, rule: Rule, why: str) -> None:
        super().__init__(f"{rule.name}: {why}")
        self.rule = rule
        self.why = why


class Search:
    """A contract on a chain, with its invariants. The contract is deployed."""

    def __init__(self, chain: SimulatedChain, contract: str, rules: Iterable[Rule]) -> None:
        self.chain = chain
        self.analysis: ContractAnalysis = chain.analysis(contract)
        self.contract = self.analysis.contract
        self.rules = list(rules)
        self.functions: list[tuple[str, FunctionType]] = sorted(
            self.analysis.public_functions.items()
        )
        self.sequences = self.calls = 0
        self._previous: dict[tuple[str, str], str] = {}

    def run(self, options: Options) -> list[Verdict]:
        """A verdict for each rule, in their order."""
        verdicts: dict[str, Verdict] = {}
        for rule in self.rules:
            invalid = self._check_start(rule)
            if invalid is not None:
                verdicts[rule.name] = invalid
        active = [rule for rule in self.rules if rule.name not in verdicts]
        while active and self.functions:
            found = self._find(active, options)
            if found is None:
                break
            rule, why, calls = found
            verdicts[rule.name] = self._violated(rule, why, self._drop_needless(rule, calls))
            active.remove(rule)
        effort = f"{self.sequences:,} sequences, {self.calls:,} calls: no counterexample was found"
        for rule in active:
            verdicts[rule.name] = Verdict(rule, "searched", effort)
        return [verdicts[rule.name] for rule in self.rules]

    # --- sequences --------------------------------------------------------------------------

    def _find(self, rules: list[Rule], options: Options) -> tuple[Rule, str, list[Call]] | None:
        """The shrunk sequence that breaks one of `rules`."""
        import hypothesis
        from hypothesis import strategies as st

        self.sequences = self.calls = 0
        last: list[Call] = []

        @hypothesis.seed(options.seed)
        @hypothesis.settings(
            max_examples=options.sequences,
            deadline=None,
            database=None,
            phases=[hypothesis.Phase.generate, hypothesis.Phase.shrink],
            suppress_health_check=list(hypothesis.HealthCheck),
            print_blob=False,
            report_multiple_bugs=False,
        )
        @hypothesis.given(st.data())
        def search(data: st.DataObject) -> None:
            last.clear()
            self.sequences += 1
            self._sequence(lambda strategy: data.draw(strategy), rules, options.calls, last)

        try:
            search()
        except Broken as broken:
            return broken.rule, broken.why, list(last)
        return None

    def _sequence(
        self, draw: Callable[..., object], rules: list[Rule], calls_max: int, done: list[Call]
    ) -> None:
        from hypothesis import strategies as st

        with self.chain.undone():
            seen = Seen()
            seen.add_literals(self.analysis.program.expressions)
            senders = [self.chain.accounts[name] for name in SENDERS]
            principals: list[Principal] = [*senders, self.contract]
            count, crowd = draw(st.integers(1, calls_max)), draw(st.integers(1, len(senders)))
            assert isinstance(count, int)
            assert isinstance(crowd, int)
            senders = senders[:crowd]  # few senders meet themselves more often
            self._remember(rules)
            for _ in range(count):
                self._see_state(seen)
                name, function = draw(st.sampled_from(self.functions))  # type: ignore[misc]
                sender = draw(st.sampled_from(senders))
                blocks = draw(st.one_of(st.just(0), st.integers(0, BLOCKS_MAX)))
                args = [
                    draw_value(draw, kind, seen, principals)
                    for _, kind in function.parameters  # type: ignore[has-type]
                ]
                call = Call(name, tuple(args), sender, blocks)  # type: ignore[arg-type, has-type]
                done.append(call)
                self._perform(call)
                self._check(rules)

    def _perform(self, call: Call) -> Result:
        self.calls += 1
        if call.blocks:
            self.chain.mine(call.blocks)
        return self.chain.call(self.contract, call.function, *call.args, sender=call.sender)

    def _see_state(self, seen: Seen) -> None:
        for name in sorted(self.analysis.data_vars):
            value = self.chain.evaluate(
                f"(var-get {name})", contract=self.contract, commit=False
            ).returned
            if value is not None:
                seen.add(value)
        for name in sorted(self.analysis.maps):
            for key, value in self.chain.map_entries(self.contract, name)[:8]:
                seen.add(value)
                if key is not None:
                    seen.add(key)

    def _breaks(self, rule: Rule, calls: list[Call]) -> bool:
        with self.chain.undone():
            self._remember([rule])
            for call in calls:
                self._perform(call)
                try:
                    self._check([rule])
                except Broken:
                    return True
        return False

    def _drop_needless(self, rule: Rule, calls: list[Call]) -> list[Call]:
        """Calls without which the rule is still broken are left out, and blocks that need not pass."""
        place = len(calls) - 1
        while place >= 0:
            fewer = calls[:place] + calls[place + 1 :]
            quiet = msgspec.structs.replace(calls[place], blocks=0)
            if self._breaks(rule, fewer):
                calls = fewer
            elif calls[place].blocks:
                still = [*calls[:place], quiet, *calls[place + 1 :]]
                calls = still if self._breaks(rule, still) else calls
            place -= 1
        return calls

    def _violated(self, rule: Rule, why: str, calls: list[Call]) -> Verdict:
        shown: list[CallShown] = []
        with self.chain.undone():
            self._remember([rule])
            for call in calls:
                if call.blocks:
                    shown.append(CallShown(f";; {call.blocks} blocks pass", "", ""))
                result = self._perform(call)
                name = self.chain.accounts.name_of(call.sender) or ""
                text = call_text(f"{self.contract.name}.{call.function}", call.args)
                shown.append(CallShown(text, name, result.text))
                try:
                    self._check([rule])
                except Broken as broken:
                    why = broken.why
                    break
        return Verdict(rule, "violated", why, tuple(shown))

    # --- invariants -------------------------------------------------------------------------

    def _check_start(self, rule: Rule) -> Verdict | None:
        """What is wrong with a rule on the freshly deployed contract, if anything is."""
        try:
            self._remember([rule])
            self._check([rule])
        except InvalidRule as error:
            return Verdict(rule, "invalid", str(error))
        except Broken as broken:
            return Verdict(rule, "violated", f"right after the deployment {broken.why}")
        return None

    def _check(self, rules: Iterable[Rule]) -> None:
        """Raises `Broken`. What `@prev` means next time is remembered."""
        rules = list(rules)
        for rule in rules:
            text = replace_helpers(rule.expression, self._helper)
            result = self.chain.evaluate(text, contract=self.contract, commit=False)
            if result.error is not None:
                raise Broken(rule, f"it cannot be evaluated: {result.text}")
            if not isinstance(result.returned, BoolValue):
                raise InvalidRule(f"rule {rule.name} is not true or false but {result.text}")
            if not result.returned.value:
                raise Broken(rule, f"it is false: {text}")
        self._remember(rules)

    def _remember(self, rules: Iterable[Rule]) -> None:
        for rule in rules:
            replace_helpers(rule.expression, self._keep)

    def _keep(self, name: str, inside: str) -> str:
        if name == "prev":
            text = replace_helpers(inside, self._helper)
            result = self.chain.evaluate(text, contract=self.contract, commit=False)
            if result.returned is None:
                raise InvalidRule(f"@prev({inside}) cannot be evaluated: {result.text}")
            self._previous[(name, inside)] = value_source(result.returned)
        return "true"

    def _helper(self, name: str, inside: str) -> str:
        if name == "prev":
            return self._previous[(name, inside)]
        values, is_signed = self._values(inside)
        if name == "count":
            return f"u{len(values)}"
        total = sum(value.value for value in values if isinstance(value, IntValue | UIntValue))
        return str(total) if is_signed else f"u{total}"

    def _values(self, inside: str) -> tuple[list[Value], bool]:
        """The values of `map`, `map.field`, or the balances of `token`; whether they are ints."""
        name, _, field = inside.partition(".")
        if name in self.analysis.fungible_tokens:
            balances = read_balances(self.chain.state, self.contract, name)
            return [UIntValue(amount) for _, amount in balances], False
        if name not in self.analysis.maps:
            raise InvalidRule(f"@sum and @count know maps and tokens; {name!r} is none")
        kind = self.analysis.maps[name][1]
        values = self.chain.map_values(self.contract, name)
        if not field:
            return values, kind.kind == "int"
        if kind.kind != "tuple" or field not in kind.names:
            raise InvalidRule(f"the map {name} has no field {field}")
        parts = [value.get(field) for value in values if isinstance(value, TupleValue)]
        is_signed = kind.parts[kind.names.index(field)].kind == "int"
        return [part for part in parts if part is not None], is_signed


def search_invariants(
    chain: SimulatedChain, contract: str, rules: Iterable[Rule], options: Options
) -> list[Verdict]:
    """Searches for sequences of calls that break the invariants of a deployed contract."""
    return Search(chain, contract, rules).run(options)
