"""The execution of one transaction: what every environment of it shares and changes.

Costs, state, events, asset moves, and the calls that are under way. Scopes nest: `begin` opens
one, `commit` keeps what it did, `roll_back` undoes it, in state, events and moves alike. Costs are
never undone.

Invariants: every scope that is opened is closed, whatever happens inside; the depth of calls never
passes `CALL_DEPTH_MAX`.
"""

from collections.abc import Callable
from typing import Protocol

from btczs.codec.clarity.values import ContractPrincipal
from btczs.vm.clarity.costs import CostMeter
from btczs.vm.clarity.limits import EVENT_BYTES_MAX
from btczs.vm.clarity.reader.syntax import Expr
from btczs.vm.clarity.runtime.assets import AssetMoves
from btczs.vm.clarity.runtime.contracts import Contract
from btczs.vm.clarity.runtime.errors import Expect
from btczs.vm.clarity.runtime.events import ContractEvent
from btczs.vm.clarity.runtime.views import ChainView, StateView

Observer = Callable[[Expr, Contract], None]
"""Is told each expression before it is evaluated, and the contract it belongs to."""


class Contracts(Protocol):
    """Where deployed contracts come from."""

    def get(self, contract: ContractPrincipal, /) -> Contract | None: ...


class Execution:
    """One per transaction. `depth` and `running` are kept by the evaluator."""

    __slots__ = (
        "_scopes",
        "chain",
        "contracts",
        "depth",
        "event_bytes",
        "events",
        "meter",
        "moves",
        "observer",
        "read_only",
        "running",
        "state",
    )

    def __init__(
        self,
        state: StateView,
        chain: ChainView,
        contracts: Contracts,
        meter: CostMeter,
        observer: Observer | None = None,
    ) -> None:
        self.state = state
        self.chain = chain
        self.contracts = contracts
        self.meter = meter
        self.observer = observer
        self.moves = AssetMoves()
        self.events: list[ContractEvent] = []
        self.event_bytes = 0
        self.read_only = False
        self.depth = 0
        """Calls under way, of native functions too."""
        self.running: set[str] = set()
        """The functions of contracts that are under way, by `UserFunction.key`."""
        self._scopes: list[tuple[int, int, int, bool]] = []

    def begin(self, *, read_only: bool = False) -> None:
        """Opens a scope. What is inside a read-only scope is read-only as well."""
        self._scopes.append(
            (self.state.checkpoint(), len(self.events), self.event_bytes, self.read_only)
        )
        self.moves.begin()
        self.read_only = self.read_only or read_only

    def commit(self) -> None:
        """Closes the innermost scope and keeps what it did. Raises `ArithmeticOverflow`.

        Then the sums of moves do not fit, and the scope is undone.
        """
        scope = self._scopes.pop()
        try:
            self.moves.commit()
        except BaseException:
            self._undo(scope)
            raise
        self.read_only = scope[3]

    def roll_back(self) -> None:
        """Closes the innermost scope and undoes what it did."""
        self.moves.roll_back()
        self._undo(self._scopes.pop())

    @property
    def scope_count(self) -> int:
        """How many scopes are open."""
        return len(self._scopes)

    def unwind(self, count: int) -> None:
        """Undoes scopes until `count` are open: code that opened them has stopped."""
        while len(self._scopes) > count:
            self.roll_back()

    def forget(self) -> None:
        """Drops all events and moves: the transaction is undone by whoever holds the state."""
        self.events.clear()
        self.event_bytes = 0
        self.moves.clear()

    def _undo(self, scope: tuple[int, int, int, bool]) -> None:
        mark, event_count, self.event_bytes, self.read_only = scope
        self.state.revert(mark)
        del self.events[event_count:]

    def emit(self, event: ContractEvent, size: int = 0) -> None:
        """Appends an event. `size` counts towards what one transaction may print."""
        self.events.append(event)
        self.event_bytes += size
        if self.event_bytes >= EVENT_BYTES_MAX:
            raise Expect("the events of this transaction are too large")
