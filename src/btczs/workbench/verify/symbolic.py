"""Programs as terms: evaluates an expression for all values of its free names at once.

`live` is the condition under which the present place is reached. What can stop there narrows it:
an abort is recorded, an early return goes to the function around. Both branches of a choice are
evaluated, each with its condition, and their values are merged. Functions of the contract are
unrolled; there is no recursion in the language, so that ends.

Everything that has no exact translation raises `NotInSubset`: a proof is exact or there is none.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from btczs.vm.clarity.analysis.model import ContractAnalysis
from btczs.vm.clarity.reader.syntax import Atom, Expr, Form, Literal
from btczs.workbench.shape import FunctionSource, functions_of, head_of
from btczs.workbench.verify.symbols import (
    BOUNDS,
    Fields,
    Items,
    Maybe,
    NotInSubset,
    Number,
    Reply,
    Symbol,
    Truth,
    equal,
    fill,
    free_symbol,
    literal_symbol,
    merge,
    solver,
)

STEPS_MAX: Final = 20_000
"""Expressions, functions unrolled, that a rule may have."""

Scope = Mapping[str, Symbol]
Returns = list[tuple[Any, Symbol]]


class Evaluator:
    """One rule. After `call`: `aborts`, `known` (facts about free values) and `variables`."""

    def __init__(self, analysis: ContractAnalysis, constant: Callable[[str], Symbol]) -> None:
        self.z3 = solver()
        self.analysis = analysis
        self.functions: dict[str, FunctionSource] = functions_of(analysis.program)
        self._constant = constant
        self.live: Any = self.z3.BoolVal(True)
        self.aborts: list[Any] = []
        self.known: list[Any] = []
        self.variables: dict[str, Symbol] = {}
        """Data variables that were read: any value of their type."""
        self._steps = 0

    # --- places -----------------------------------------------------------------------------

    def abort_if(self, condition: Any) -> None:
        """Execution stops here where `condition` holds."""
        self.aborts.append(self.z3.And(self.live, condition))
        self.live = self.z3.And(self.live, self.z3.Not(condition))

    def choose(
        self, condition: Any, then: Callable[[], Symbol | None], other: Callable[[], Symbol | None]
    ) -> Symbol | None:
        """Both ways, each reached under its condition."""
        before = self.live
        self.live = start_then = self.z3.And(before, condition)
        a = then()
        after_then = self.live
        self.live = start_other = self.z3.And(before, self.z3.Not(condition))
        b = other()
        if after_then is start_then and self.live is start_other:
            self.live = before  # nothing can stop on either way
        else:
            self.live = self.z3.Or(after_then, self.live)
        return merge(condition, a, b)

    def call(self, name: str, args: list[Symbol]) -> Symbol:
        """A function of the contract, unrolled."""
        function = self.functions[name]
        if function.access == "public":
            raise NotInSubset(f"{name} is public: it may undo what it does")
        declared = self.analysis.function(name)
        assert declared is not None, "the analysis knows what the source defines"
        args = [fill(arg, kind) for arg, (_, kind) in zip(args, declared.parameters)]
        returns: Returns = []
        value: Symbol | None = self.eval(
            function.body, dict(zip(function.parameters, args)), returns
        )
        reached = self.live
        for condition, early in returns:
            value = merge(condition, early, value)
            reached = self.z3.Or(reached, condition)
        self.live = reached
        assert value is not None, "a function returns something"
        return value

    def leave(self, condition: Any, value: Callable[[], Symbol], returns: Returns) -> None:
        """Returns from the function around where `condition` holds."""
        before = self.live
        self.live = self.z3.And(before, condition)
        early = value()
        returns.append((self.live, early))
        self.live = self.z3.And(before, self.z3.Not(condition))

    # --- expressions ------------------------------------------------------------------------

    def eval(self, expr: Expr, scope: Scope, returns: Returns) -> Symbol:
        """The value of `expr` where it is reached. Raises `NotInSubset`."""
        self._steps += 1
        if self._steps > STEPS_MAX:
            raise NotInSubset(f"it unrolls to more than {STEPS_MAX} expressions")
        if isinstance(expr, Literal):
            return literal_symbol(expr.value)
        if isinstance(expr, Atom):
            return self._name(expr.name, scope)
        head = head_of(expr)
        if not isinstance(expr, Form) or not head:
            raise NotInSubset("traits are not translated")
        args = expr.items[1:]
        if head in self.functions:
            return self.call(head, [self.eval(arg, scope, returns) for arg in args])
        special = SPECIALS.get(head)
        if special is not None:
            return special(self, args, scope, returns)
        plain = PLAIN.get(head)
        if plain is None:
            raise NotInSubset(f"`{head}` is not translated")
        return plain(self, [self.eval(arg, scope, returns) for arg in args])

    def truth(self, expr: Expr, scope: Scope, returns: Returns) -> Any:
        value = self.eval(expr, scope, returns)
        assert isinstance(value, Truth), "the checker has seen to it"
        return value.term

    def _name(self, name: str, scope: Scope) -> Symbol:
        if name in scope:
            return scope[name]
        if name in ("true", "false"):
            return Truth(self.z3.BoolVal(name == "true"))
        if name == "none":
            return Maybe(self.z3.BoolVal(False), None)
        if name in self.analysis.constants:
            return self._constant(name)
        raise NotInSubset(f"`{name}` is not translated")

    def variable(self, name: str) -> Symbol:
        """A data variable: any value of its type, the same one wherever it is read."""
        if name not in self.variables:
            symbol, known = free_symbol(f"(var-get {name})", self.analysis.data_vars[name])
            self.variables[name] = symbol
            self.known += known
        return self.variables[name]

    def bounded(self, kind: Any, term: Any) -> Number:
        """An integer that must fit; aborts where it does not."""
        least, most = BOUNDS[kind]
        self.abort_if(self.z3.Or(term < least, term > most))
        return Number(kind, term)

    def apply(self, name: str, args: list[Symbol]) -> Symbol:
        """What `fold` and `map` apply."""
        if name in self.functions:
            return self.call(name, args)
        if name not in PLAIN:
            raise NotInSubset(f"`{name}` is not translated")
        return PLAIN[name](self, args)


Special = Callable[[Evaluator, tuple[Expr, ...], Scope, Returns], Symbol]
Plain = Callable[[Evaluator, list[Symbol]], Symbol]
SPECIALS: dict[str, Special] = {}
"""Forms that evaluate their own arguments. Filled by `symbolic_forms`."""
PLAIN: dict[str, Plain] = {}
"""Functions of values. Filled by `symbolic_numbers`."""

__all__ = [
    "PLAIN", "SPECIALS", "Evaluator", "Fields", "Items", "Maybe", "Plain", "Reply", "Returns",
    "Scope", "Special", "equal",
]  # fmt: skip
