"""A small world to run contract code in, and a meter that remembers what was charged."""

from btczs.codec.clarity.principals import principal_text
from btczs.codec.clarity.values import ContractPrincipal, StandardPrincipal, repr_value
from btczs.primitives import Hash20
from btczs.vm.clarity.costs import CostFunction, CostMeter
from btczs.vm.clarity.machine import Machine
from btczs.vm.clarity.names import LATEST, ClarityVersion
from btczs.vm.clarity.outcome import Outcome
from btczs.vm.clarity.runtime.memory import MemoryChain, MemoryState

ALICE = StandardPrincipal(26, Hash20(b"\x0a" * 20))
BOB = StandardPrincipal(26, Hash20(b"\x0b" * 20))
BOB_TEXT = "'" + principal_text(BOB)
CONTRACT = ContractPrincipal(26, ALICE.hash20, "subject")
FUNDS = 1_000_000


class RecordingMeter(CostMeter):
    """Also keeps the names and inputs of the cost functions, and the memory taken, in order."""

    __slots__ = ("charges", "taken")

    def __init__(self) -> None:
        super().__init__()
        self.charges: list[tuple[str, int]] = []
        self.taken: list[int] = []

    def charge(self, function: CostFunction | str, n: int = 0) -> None:
        name = function if isinstance(function, str) else function.name
        self.charges.append((name, n))
        super().charge(function, n)

    def add_memory(self, size: int) -> None:
        self.taken.append(size)
        super().add_memory(size)

    def inputs(self, name: str) -> list[int]:
        return [n for charged, n in self.charges if charged == name]


class World:
    """Alice has funds and publishes `CONTRACT`, which has funds as well."""

    def __init__(self, extensions: frozenset[str] = frozenset()) -> None:
        self.chain = MemoryChain(extensions=extensions)
        self.state = MemoryState(self.chain)
        self.state.mint(ALICE, FUNDS)
        self.state.mint(CONTRACT, FUNDS)
        self.machine = Machine(self.state, self.chain, tier="interpreter")
        self.meter = RecordingMeter()

    def deploy(self, source: str, version: ClarityVersion = LATEST) -> Outcome:
        """Without analysis: what analysis refuses must fail here as well."""
        outcome = self.machine.deploy(CONTRACT, source, version, analyse=False)
        assert outcome.error is None, outcome.error
        return outcome

    def run(self, source: str, version: ClarityVersion = LATEST) -> Outcome:
        """The outcome of a new contract with this source."""
        self.meter = RecordingMeter()
        return self.machine.deploy(CONTRACT, source, version, meter=self.meter, analyse=False)

    def call(self, function: str, *args: object) -> Outcome:
        self.meter = RecordingMeter()
        return self.machine.call(CONTRACT, function, args, sender=ALICE, meter=self.meter)  # type: ignore[arg-type]


def charged(source: str) -> RecordingMeter:
    """What the deployment of `source` was charged."""
    world = World()
    outcome = world.run(source)
    assert outcome.error is None, outcome.error
    return world.meter


def result(source: str, version: ClarityVersion = LATEST) -> str:
    """What `source` gives as text, or the kind of its error."""
    return shown(World().run(source, version))


def shown(outcome: Outcome) -> str:
    if outcome.error is not None:
        return outcome.error.kind
    assert outcome.value is not None
    return repr_value(outcome.value)
