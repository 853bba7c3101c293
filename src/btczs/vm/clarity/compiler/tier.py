"""Calls of contracts in compiled code: what the machine tries first.

A call runs here from its first charge to its last, or not at all: if something in it needs the
interpreter, what it has done is undone, the meter stands where it stood, and the machine calls the
interpreter. That is the only traffic between the two.
"""

from collections.abc import Sequence

from btczs.codec.clarity.errors import UntypedValue
from btczs.codec.clarity.values import ContractPrincipal, Principal, Value
from btczs.vm.clarity.compiler import compile_contract
from btczs.vm.clarity.compiler.entries import CompiledContract
from btczs.vm.clarity.compiler.run import Run
from btczs.vm.clarity.compiler.shapes import Unsupported
from btczs.vm.clarity.compiler.support import NeedsInterpreter
from btczs.vm.clarity.costs import CostMeter
from btczs.vm.clarity.errors import ClarityError
from btczs.vm.clarity.interpreter.loading import ContractStore
from btczs.vm.clarity.outcome import Outcome
from btczs.vm.clarity.runtime.assets import AssetMoves
from btczs.vm.clarity.runtime.contracts import Contract
from btczs.vm.clarity.runtime.plain import plain_event
from btczs.vm.clarity.runtime.views import ChainView, StateView

READY_MAX = 256
"""Contracts that are found again by a look at their head."""


class CompiledTier:
    """Compiled code over a state and a chain."""

    def __init__(self, state: StateView, chain: ChainView, store: ContractStore) -> None:
        self._state = state
        self._chain = chain
        self._store = store
        self._run = Run(state, chain, self)
        self._ready: dict[ContractPrincipal, tuple[bytes, bytes, Contract]] = {}
        """Contracts used of late: where their head is kept, its bytes, and the contract."""

    def get(self, contract: ContractPrincipal) -> Contract | None:
        """A deployed contract: the one at hand if the state still says the same about it."""
        ready = self._ready.get(contract)
        if ready is not None and self._state.get(ready[0]) == ready[1]:
            return ready[2]
        found = self._store.get(contract)
        if found is not None:
            if len(self._ready) >= READY_MAX:
                self._ready.clear()
            key = self._store.head_key(contract)
            raw = self._state.get(key)
            assert raw is not None, "a contract has its head"
            self._ready[contract] = (key, raw, found)
        return found

    def compiled(self, contract: Contract) -> CompiledContract:
        """The compiled functions of a contract. Raises `NeedsInterpreter` if it has no types."""
        made = contract.compiled
        if not isinstance(made, CompiledContract):
            try:
                made = compile_contract(contract, self._store.analysis(contract))
            except (ClarityError, UntypedValue) as error:
                # It was deployed without analysis, and analysis would have refused it.
                raise NeedsInterpreter from error
            contract.compiled = made
        return made

    def call(
        self,
        contract: ContractPrincipal,
        function: str,
        args: Sequence[Value],
        sender: Principal,
        sponsor: Principal | None,
        meter: CostMeter | None,
        *,
        read_only: bool,
    ) -> Outcome | None:
        """The outcome of a call; None if the interpreter has to run it."""
        called = self.get(contract)
        if called is None:
            return None
        before: _Standing | None = None
        if meter is None:
            meter = CostMeter()
        else:
            before = _standing(meter)
        state = self._state
        mark = state.checkpoint()
        run = self._run
        run.begin(meter, sponsor)
        value, stands, error, is_left = None, False, None, False
        try:
            value, stands = run.call(called, function, args, sender, read_only=read_only)
        except (NeedsInterpreter, Unsupported):
            is_left = True
        except ClarityError as raised:
            error = raised
        if is_left or meter.memory > run.memory_max:
            state.revert(mark)
            if before is not None:
                _restore(meter, before)
            return None
        execution = run._execution
        if not stands or read_only:
            stands = False
            state.revert(mark)
            if execution is not None:
                execution.forget()
        meter.memory = 0 if before is None else before[-1]
        return Outcome(
            value,
            error,
            stands,
            meter.total(),
            meter.memory_peak,
            () if execution is None else tuple(map(plain_event, execution.events)),
            _NO_MOVES if execution is None else execution.moves,
        )


_NO_MOVES = AssetMoves()
"""Of a call that moved nothing. Never written to."""


_Standing = tuple[int, int, int, int, int, int]


def _standing(meter: CostMeter) -> _Standing:
    """How a meter stands: the five dimensions and the memory."""
    return (
        meter.runtime,
        meter.read_count,
        meter.read_length,
        meter.write_count,
        meter.write_length,
        meter.memory,
    )


def _restore(meter: CostMeter, standing: _Standing) -> None:
    meter.runtime, meter.read_count, meter.read_length = standing[:3]
    meter.write_count, meter.write_length, meter.memory = standing[3:]
