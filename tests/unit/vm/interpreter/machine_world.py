"""A small world for tests of the evaluator: a machine over memory, and texts in place of values."""

from typing import Any

from btczs.codec.clarity import repr_value
from btczs.codec.clarity.values import ContractPrincipal, StandardPrincipal, Value
from btczs.primitives import Hash20
from btczs.vm.clarity import ContractCache, Machine, Outcome
from btczs.vm.clarity.names import LATEST, ClarityVersion
from btczs.vm.clarity.reader import parse_expressions
from btczs.vm.clarity.reader.syntax import Literal
from btczs.vm.clarity.runtime.memory import MemoryChain, MemoryState

ALICE = StandardPrincipal(26, Hash20(b"\xaa" * 20))
BOB = StandardPrincipal(26, Hash20(b"\xbb" * 20))


class World:
    """Contracts of Alice; `text` of an outcome is its value or the kind of its error."""

    def __init__(self, **options: Any) -> None:
        self.chain = MemoryChain()
        self.state = MemoryState(self.chain)
        self.cache = ContractCache()
        self.machine = Machine(self.state, self.chain, cache=self.cache, **options)

    def id(self, name: str) -> ContractPrincipal:
        return ContractPrincipal(ALICE.version, ALICE.hash20, name)

    def deploy(
        self, name: str, source: str, version: ClarityVersion = LATEST, **options: Any
    ) -> Outcome:
        """Deploys and expects that to work."""
        outcome = self.machine.deploy(self.id(name), source, version, **options)
        assert outcome.error is None, outcome.error
        return outcome

    def refuse(
        self, name: str, source: str, version: ClarityVersion = LATEST, **options: Any
    ) -> str:
        """Deploys and expects an error; its kind."""
        outcome = self.machine.deploy(self.id(name), source, version, **options)
        assert outcome.error is not None
        assert not outcome.committed
        return outcome.error.kind

    def call(
        self, name: str, function: str, *args: Value | str, sender: StandardPrincipal = BOB
    ) -> Outcome:
        values = [literal(arg) if isinstance(arg, str) else arg for arg in args]
        return self.machine.call(self.id(name), function, values, sender=sender)

    def read(self, name: str, function: str, *args: Value | str) -> Outcome:
        values = [literal(arg) if isinstance(arg, str) else arg for arg in args]
        return self.machine.read(self.id(name), function, values, sender=BOB)

    def eval(self, name: str | None, source: str, **options: Any) -> Outcome:
        place = None if name is None else self.id(name)
        return self.machine.evaluate(place, source, sender=BOB, **options)


def literal(source: str) -> Value:
    """The value that a literal stands for; contracts are Alice's."""
    contract = ContractPrincipal(ALICE.version, ALICE.hash20, "somewhere")
    (expr,) = parse_expressions(source, LATEST, contract)
    assert isinstance(expr, Literal)
    return expr.value


def text(outcome: Outcome) -> str:
    """The value as text, or the kind of the error."""
    if outcome.error is not None:
        return outcome.error.kind
    return "nothing" if outcome.value is None else repr_value(outcome.value)
