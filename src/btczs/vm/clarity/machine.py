"""The machine: deploys contracts, calls them, and answers questions about them.

Each method runs to its end and gives an `Outcome`; what contract code does wrong is in
`Outcome.error`, never raised. A deployment is charged as a transaction is: reading the source,
sorting definitions, analysis, storage, then the top level of the contract. A call is charged for
loading the contract and for everything it does.

What stands: a deployment without an error, a call that returned `(ok …)`. Otherwise state, events
and moves are as before; the costs are due in any case.
"""

import sys
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Literal, TypeVar

from btczs.codec.clarity.errors import UntypedValue
from btczs.codec.clarity.types import infer_type
from btczs.codec.clarity.values import (
    ContractPrincipal,
    OkValue,
    Principal,
    Value,
)
from btczs.vm.clarity.analysis.model import ContractAnalysis
from btczs.vm.clarity.analysis.passes import analyze, order_definitions
from btczs.vm.clarity.compiler.tier import CompiledTier
from btczs.vm.clarity.costs import CostMeter
from btczs.vm.clarity.errors import ClarityError
from btczs.vm.clarity.errors import MemoryBalanceExceeded as LimitOfMemory
from btczs.vm.clarity.interpreter import Environment, Execution, LocalContext, Observer
from btczs.vm.clarity.interpreter.calls import call_contract
from btczs.vm.clarity.interpreter.deployment import initialize
from btczs.vm.clarity.interpreter.loading import ContractStore, Dependencies
from btczs.vm.clarity.names import LATEST, ClarityVersion
from btczs.vm.clarity.outcome import Outcome
from btczs.vm.clarity.reader import SNIPPET, parse, read_program
from btczs.vm.clarity.reader.syntax import Program
from btczs.vm.clarity.runtime.contracts import Contract, ContractCache
from btczs.vm.clarity.runtime.errors import MemoryBalanceExceeded, NoSuchContract, Unreachable
from btczs.vm.clarity.runtime.plain import plain_event, plain_value
from btczs.vm.clarity.runtime.typing import as_runtime_error
from btczs.vm.clarity.runtime.views import ChainView, StateView
from btczs.vm.clarity.types.typed import typed_value

NOBODY = SNIPPET.issuer
"""Sends what is read or evaluated without a sender."""

FRAMES_NEEDED = 650
"""Python frames that the deepest program can take: 128 calls of up to 3 frames, and what a function
at the bottom does with values of 32 levels; for analysis, 132 levels of brackets of up to 4."""

Tier = Literal["auto", "interpreter"]

_Result = TypeVar("_Result")


class Machine:
    """Contract code over a state and a chain. One per block or tool; not for several threads."""

    def __init__(
        self,
        state: StateView,
        chain: ChainView,
        *,
        cache: ContractCache | None = None,
        tier: Tier = "auto",
        observer: Observer | None = None,
    ) -> None:
        self._state = state
        self._chain = chain
        self._contracts = ContractStore(
            state, ContractCache() if cache is None else cache, chain.extensions
        )
        self._observer = observer
        self._compiled: CompiledTier | None = None
        if tier == "auto" and observer is None:  # only the interpreter can be watched
            self._compiled = CompiledTier(state, chain, self._contracts)

    def deploy(
        self,
        contract: ContractPrincipal,
        source: str,
        version: ClarityVersion | None = None,
        *,
        sponsor: Principal | None = None,
        meter: CostMeter | None = None,
        analyse: bool = True,
    ) -> Outcome:
        """Publishes `source` as `contract`. The value is that of its last top-level expression.

        `version`: None for the newest. `analyse=False` leaves out the checks of analysis: programs
        that it would refuse then run until a rule of the machine stops them.
        """
        chosen = LATEST if version is None else version
        execution = self._execution(meter)

        def run() -> Value | None:
            if self._contracts.head(contract) is not None:
                raise Unreachable(f"the contract {contract.name} already exists")
            known = Dependencies(self._contracts)
            program = read_program(contract, source, chosen, execution.meter)
            made = Contract(contract, chosen, source, program)
            if analyse:
                made.analysis = analyze(
                    program, chosen, known, execution.meter, self._chain.extensions
                )
                order = made.analysis.order
            else:
                order = order_definitions(program, execution.meter)
            value = _executing(lambda: initialize(made, order, execution, sponsor))
            self._contracts.save(made, known)
            return value

        return self._run(execution, run, lambda _: True)

    def call(
        self,
        contract: ContractPrincipal,
        function: str,
        args: Sequence[Value],
        *,
        sender: Principal,
        sponsor: Principal | None = None,
        meter: CostMeter | None = None,
    ) -> Outcome:
        """Calls a public or read-only function, as a transaction of `sender` does."""
        if self._compiled is not None:
            outcome = self._compiled.call(
                contract, function, args, sender, sponsor, meter, read_only=False
            )
            if outcome is not None:
                return outcome
        execution = self._execution(meter)
        env = self._outside(execution, sender, sponsor)

        def run() -> Value:
            return call_contract(env, None, contract, function, _typed(args))

        return self._run(
            execution, lambda: _executing(run), lambda value: isinstance(value, OkValue)
        )

    def read(
        self,
        contract: ContractPrincipal,
        function: str,
        args: Sequence[Value],
        *,
        sender: Principal = NOBODY,
        sponsor: Principal | None = None,
        meter: CostMeter | None = None,
    ) -> Outcome:
        """Calls a read-only function. The state never changes."""
        if self._compiled is not None:
            outcome = self._compiled.call(
                contract, function, args, sender, sponsor, meter, read_only=True
            )
            if outcome is not None:
                return outcome
        execution = self._execution(meter)
        env = self._outside(execution, sender, sponsor)

        def run() -> Value:
            return call_contract(env, None, contract, function, _typed(args), read_only=True)

        return self._run(execution, lambda: _executing(run), lambda _: False)

    def evaluate(
        self,
        contract: ContractPrincipal | None,
        expressions: str,
        *,
        sender: Principal = NOBODY,
        sponsor: Principal | None = None,
        version: ClarityVersion | None = None,
        meter: CostMeter | None = None,
        commit: bool = True,
    ) -> Outcome:
        """Evaluates expressions inside `contract`, or outside of any: a tool, not a transaction.

        They may call private functions and define nothing. The value is that of the last one.
        `version` counts where there is no contract. With `commit`, what they did stands.
        """
        execution = self._execution(meter)

        def run() -> Value | None:
            place = self._place(contract, LATEST if version is None else version)
            program = parse(place.id, expressions, place.version, execution.meter)
            env = Environment(execution, place, sender, sender, sponsor, LocalContext())
            value = None
            for expr in program.expressions:
                value = env.eval(expr)
            return value

        return self._run(execution, lambda: _executing(run), lambda _: commit)

    def analysis(self, contract: ContractPrincipal) -> ContractAnalysis:
        """What analysis knows of a deployed contract. Raises `NoSuchContract`."""
        return self._contracts.analysis(self._deployed(contract))

    def source(self, contract: ContractPrincipal) -> str:
        """The source of a deployed contract. Raises `NoSuchContract`."""
        return self._deployed(contract).source

    def _deployed(self, contract: ContractPrincipal) -> Contract:
        found = self._contracts.get(contract)
        if found is None:
            raise NoSuchContract(f"there is no contract {contract.name}", contract=contract)
        return found

    def _place(self, contract: ContractPrincipal | None, version: ClarityVersion) -> Contract:
        if contract is not None:
            return self._deployed(contract)
        return Contract(SNIPPET, version, "", Program(SNIPPET, "", (), (), 0))

    def _execution(self, meter: CostMeter | None) -> Execution:
        return Execution(
            self._state,
            self._chain,
            self._contracts,
            CostMeter() if meter is None else meter,
            self._observer,
        )

    def _outside(
        self, execution: Execution, sender: Principal, sponsor: Principal | None
    ) -> Environment:
        """The place from which a transaction calls."""
        return Environment(execution, self._place(None, 1), sender, sender, sponsor, LocalContext())

    def _run(
        self,
        execution: Execution,
        run: Callable[[], Value | None],
        stands: Callable[[Value | None], bool],
    ) -> Outcome:
        """Runs in a scope, which is kept if there is no error and the value `stands`."""
        _check_frames()
        value, error, committed = None, None, False
        meter = execution.meter
        memory_before = meter.memory
        execution.begin()
        try:
            value = run()
            committed = stands(value)
        except ClarityError as raised:
            error = raised
        except UntypedValue as raised:
            error = as_runtime_error(raised)
        except BaseException:
            execution.roll_back()
            raise
        if committed:
            execution.commit()
        else:
            execution.roll_back()
        meter.memory = memory_before
        return Outcome(
            value=None if value is None else plain_value(value),
            error=error,
            committed=committed,
            cost=meter.total(),
            memory_peak=meter.memory_peak,
            events=tuple([plain_event(event) for event in execution.events]),
            moves=execution.moves,
        )


def _executing(run: Callable[[], _Result]) -> _Result:
    """Runs what is execution, not analysis: there, too much memory ends the transaction only."""
    try:
        return run()
    except LimitOfMemory as error:
        found = vars(error)
        raise MemoryBalanceExceeded(str(error), used=found["used"], limit=found["limit"]) from error


def _typed(args: Sequence[Value]) -> list[Value]:
    """Arguments with their types. Raises `UntypedValue`, also for values that nest without end."""
    for arg in args:
        infer_type(arg)
    return [typed_value(arg) for arg in args]


def _check_frames() -> None:
    """The result of a program must not depend on how deep its caller stands in Python."""
    used = 0
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        frame, used = frame.f_back, used + 1
    room = sys.getrecursionlimit() - used
    assert room >= FRAMES_NEEDED, f"{room} Python frames are left, {FRAMES_NEEDED} are needed"
