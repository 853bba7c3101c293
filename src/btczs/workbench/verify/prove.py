"""Proofs and refutations of rules by an SMT solver, refutations replayed on the machine.

A rule becomes a private function that is added to the contract, so the checker sees it like any
other code. The solver looks for values that break it: if there are none it is proved, for all
values. What stops a transaction for its cost or depth is not considered. A model is believed only
after the machine gave the same answer for it.
"""

from collections.abc import Iterable
from typing import Any, Final

from btczs.codec.clarity.values import BoolValue, ContractPrincipal, Value
from btczs.workbench.chain import SimulatedChain, call_text
from btczs.workbench.texts import value_source
from btczs.workbench.verify import symbolic_forms, symbolic_numbers
from btczs.workbench.verify.spec import Rule
from btczs.workbench.verify.symbolic import Evaluator
from btczs.workbench.verify.symbols import (
    NotInSubset,
    Symbol,
    Truth,
    concrete_value,
    free_symbol,
    literal_symbol,
    solver,
)
from btczs.workbench.verify.verdict import Verdict

TRANSLATIONS: Final = (symbolic_forms, symbolic_numbers)
"""Importing them fills the tables of `symbolic`."""

RULE_NAME: Final = "rule-to-be-proved"


def prove_rules(
    chain: SimulatedChain, contract: str, rules: Iterable[Rule], timeout_s: int
) -> list[Verdict]:
    """A verdict for each rule about a deployed contract."""
    return [_Proof(chain, contract, rule, timeout_s).verdict() for rule in rules]


class _Proof:
    def __init__(self, chain: SimulatedChain, contract: str, rule: Rule, timeout_s: int) -> None:
        self.chain = chain
        self.rule = rule
        self.timeout_s = timeout_s
        self.original = chain.analysis(contract)
        place = self.original.contract
        self.place = ContractPrincipal(place.version, place.hash20, f"{place.name[:30]}-proof")

    def verdict(self) -> Verdict:
        with self.chain.undone():
            return self._verdict()

    def _verdict(self) -> Verdict:
        rule = self.rule
        source = (
            f"{self.original.program.source}\n"
            f"(define-private ({RULE_NAME} {rule.parameters}) {rule.expression})\n"
        )
        deployed = self.chain.try_deploy(self.place.name, source, version=self.original.version)
        if deployed.error is not None:
            return Verdict(rule, "invalid", f"[{deployed.error.kind}] {deployed.error}")
        known = self.chain.analysis(self.place).private_functions[RULE_NAME]
        if rule.kind == "prove" and known.returns.kind != "bool":
            return Verdict(rule, "invalid", f"it is a {known.returns.kind}, not true or false")
        evaluator = Evaluator(self.chain.analysis(self.place), self._constant)
        parameters: dict[str, Symbol] = {}
        try:
            for name, kind in known.parameters:
                parameters[name], facts = free_symbol(name, kind)
                evaluator.known += facts
            value = evaluator.call(RULE_NAME, list(parameters.values()))
        except NotInSubset as error:
            return Verdict(rule, "not in the subset", str(error))
        except RecursionError:
            return Verdict(rule, "not in the subset", "it nests too deep to be translated")
        return self._solve(evaluator, parameters, value)

    def _solve(self, evaluator: Evaluator, parameters: dict[str, Symbol], value: Symbol) -> Verdict:
        z3 = evaluator.z3
        aborts = z3.Or(*evaluator.aborts) if evaluator.aborts else z3.BoolVal(False)
        if self.rule.kind == "never-aborts":
            goal = aborts
        else:
            assert isinstance(value, Truth), "the checker has seen to it"
            goal = z3.And(evaluator.live, z3.Not(value.term))
        answer, model = self._ask(evaluator, goal)
        if answer == "unknown":
            return Verdict(
                self.rule, "unknown", f"the solver gave up after {self.timeout_s} seconds"
            )
        if model is not None:
            return self._replay(evaluator, parameters, model)
        if self.rule.kind == "never-aborts":
            return Verdict(self.rule, "proved", "for all values (z3), it is evaluated to its end")
        if not evaluator.aborts:
            return Verdict(self.rule, "proved", "for all values (z3)")
        can_abort, example = self._ask(evaluator, aborts)
        note = "for all values (z3) for which it can be evaluated"
        if example is not None:
            shown = ", ".join(f"{n} = {v}" for n, v in self._values(parameters, example))
            note += f"; it aborts for {shown}" if shown else "; it always aborts"
        elif can_abort == "unsat":
            note = "for all values (z3), and it never aborts"
        return Verdict(self.rule, "proved", note)

    def _ask(self, evaluator: Evaluator, goal: Any) -> tuple[str, Any]:
        """`sat` with a model, `unsat` or `unknown`."""
        z3 = solver()
        asked = z3.Solver()
        asked.set("timeout", self.timeout_s * 1000)
        asked.add(*evaluator.known, goal)
        answer = str(asked.check())
        return answer, asked.model() if answer == "sat" else None

    def _replay(self, evaluator: Evaluator, parameters: dict[str, Symbol], model: Any) -> Verdict:
        """Believes a model only if the machine gives the same answer for it."""
        state = {n: concrete_value(s, model) for n, s in evaluator.variables.items()}
        for name, value in state.items():
            self.chain.evaluate(f"(var-set {name} {value_source(value)})", contract=self.place)
        args: list[Value] = [concrete_value(symbol, model) for symbol in parameters.values()]
        result = self.chain.private(self.place, RULE_NAME, *args)
        shown = [(f"(var-get {name})", value_source(value)) for name, value in state.items()]
        shown += self._values(parameters, model)
        if self.rule.kind == "never-aborts":
            is_confirmed = result.error is not None
        else:
            is_confirmed = result.returned == BoolValue(False)
        if not is_confirmed:
            note = f"the solver's answer was not confirmed: {call_text('rule', args)} gave {result.text}"
            return Verdict(self.rule, "unknown", note, model=tuple(shown))
        return Verdict(
            self.rule, "refuted", f"z3 found values, and the machine {_gave(result.text)}",
            model=tuple(shown),
        )  # fmt: skip

    def _values(self, parameters: dict[str, Symbol], model: Any) -> list[tuple[str, str]]:
        return [
            (name, value_source(concrete_value(symbol, model)))
            for name, symbol in parameters.items()
        ]

    def _constant(self, name: str) -> Symbol:
        result = self.chain.evaluate(name, contract=self.place, commit=False)
        if result.returned is None:
            raise NotInSubset(f"the constant {name} has no value")
        return literal_symbol(result.returned)


def _gave(text: str) -> str:
    return f"agrees: {text}"
