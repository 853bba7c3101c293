"""Runs one call in both tiers from the same state, and tells where they differ."""

from collections.abc import Sequence
from typing import Any

import msgspec

from btczs.codec.clarity.values import ContractPrincipal, Principal, Value
from btczs.vm.clarity import CostMeter, Machine, Outcome
from btczs.vm.clarity.compiler.entries import CompiledContract
from btczs.vm.clarity.compiler.tier import CompiledTier
from btczs.vm.clarity.costs import ExecutionCost
from btczs.vm.clarity.errors import LimitExceeded
from btczs.vm.clarity.interpreter.loading import ContractStore
from btczs.vm.clarity.limits import MEMORY_MAX
from btczs.vm.clarity.runtime.assets import AssetMoves, Moves
from btczs.vm.clarity.runtime.contracts import ContractCache
from btczs.vm.clarity.runtime.memory import MemoryState
from btczs.vm.clarity.runtime.views import ChainView

AT_RUN_TIME = "left to the interpreter at run time"


class Limits(msgspec.Struct, frozen=True):
    """What a call may use up; None for the limits of a block."""

    cost: ExecutionCost | None = None
    memory: int = MEMORY_MAX

    def meter(self) -> CostMeter:
        if self.cost is None:
            return CostMeter(memory_max=self.memory)
        return CostMeter(self.cost, self.memory)


BLOCK = Limits()


class Request(msgspec.Struct, frozen=True):
    """A call of a contract, as a transaction or as a question."""

    contract: ContractPrincipal
    function: str
    args: Sequence[Value]
    sender: Principal
    read: bool = False
    sponsor: Principal | None = None


class Verdict(msgspec.Struct, frozen=True):
    """What the interpreter answered; where compiled code differs; or why it did not run."""

    outcome: Outcome
    differences: tuple[str, ...]
    fallback: str | None


class BothTiers:
    """One state with a machine that interprets, and the compiled tier beside it."""

    def __init__(self, state: MemoryState, chain: ChainView) -> None:
        self.state = state
        cache = ContractCache()
        self.machine = Machine(state, chain, cache=cache, tier="interpreter")
        self._store = ContractStore(state, cache)
        self._compiled = CompiledTier(state, chain, self._store)

    def judge(self, request: Request, limits: Limits = BLOCK) -> Verdict:
        """Runs the call compiled, undoes it, and interprets it; that stands."""
        before = self.state.changes()
        mark = self.state.checkpoint()
        meter = limits.meter()
        crash = outcome = None
        try:
            outcome = self._compiled.call(
                request.contract,
                request.function,
                request.args,
                request.sender,
                request.sponsor,
                meter,
                read_only=request.read,
            )
        except Exception as error:  # noqa: BLE001 - whatever it raises is what is looked for
            crash = f"crash: {type(error).__name__}: {error}"[:300]
        after = self.state.changes()
        self.state.revert(mark)
        reference = self._interpreted(request, limits)
        if crash is not None:
            return Verdict(reference, (crash,), None)
        if outcome is None:
            traces = []
            if after != before:
                traces.append("a call that was left to the interpreter has changed the state")
            if meter.total() != ExecutionCost() or meter.memory:
                traces.append("a call that was left to the interpreter has been charged")
            return Verdict(reference, tuple(traces), self._reason(request))
        found = differences(outcome, reference)
        if after != self.state.changes():
            found.append(f"state: {_changed(after, self.state.changes())}")
        return Verdict(reference, tuple(found), None)

    def judge_and_undo(self, request: Request, limits: Limits) -> Verdict:
        """As `judge`; nothing stands."""
        mark = self.state.checkpoint()
        verdict = self.judge(request, limits)
        self.state.revert(mark)
        return verdict

    def _interpreted(self, request: Request, limits: Limits) -> Outcome:
        do = self.machine.read if request.read else self.machine.call
        return do(
            request.contract,
            request.function,
            request.args,
            sender=request.sender,
            sponsor=request.sponsor,
            meter=limits.meter(),
        )

    def _reason(self, request: Request) -> str:
        contract = self._store.get(request.contract)
        made = None if contract is None else contract.compiled
        if not isinstance(made, CompiledContract):
            return "no such contract, or no types"
        return made.unit._refused.get(request.function, AT_RUN_TIME)


def differences(compiled: Outcome, interpreted: Outcome) -> list[str]:
    """Where two outcomes of the same call differ."""
    pairs: dict[str, tuple[Any, Any]] = {
        "value": (compiled.value, interpreted.value),
        "error": (_kind(compiled), _kind(interpreted)),
        "committed": (compiled.committed, interpreted.committed),
        "events": (compiled.events, interpreted.events),
        "moves": (moves_of(compiled.moves), moves_of(interpreted.moves)),
    }
    if not isinstance(interpreted.error, LimitExceeded):
        # Beyond a limit the transaction is impossible: how far beyond means nothing.
        pairs["cost"] = (compiled.cost, interpreted.cost)
    return [
        f"{what}: compiled {mine!r:.700}, interpreted {other!r:.700}"
        for what, (mine, other) in pairs.items()
        if mine != other
    ]


def _kind(outcome: Outcome) -> str | None:
    return None if outcome.error is None else type(outcome.error).__qualname__


def moves_of(moves: AssetMoves) -> dict[str, Any]:
    """What moved, in a form that can be compared."""
    assert moves.depth == 0, "a scope was left open"
    return {name: getattr(moves.current, name) for name in Moves.__slots__}


def _changed(a: dict[bytes, bytes | None], b: dict[bytes, bytes | None]) -> str:
    keys = [key for key in a.keys() | b.keys() if a.get(key, b"-") != b.get(key, b"-")]
    return ", ".join([f"{key!r}: {a.get(key)!r} / {b.get(key)!r}" for key in sorted(keys)])[:700]
