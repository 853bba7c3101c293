"""Runs compiled functions: one `Run` is a transaction, seen by generated code as `x`.

It stands on an `Execution` of the interpreter, so scopes, events, moves and costs are the same
thing for both. What compiled code cannot do raises `NeedsInterpreter`; then nothing has been
committed, and the whole transaction runs in the interpreter instead. So results never depend on
what is compiled.
"""

from collections.abc import Sequence
from typing import Protocol

from btczs.codec.clarity.errors import UntypedValue
from btczs.codec.clarity.principals import encode_principal
from btczs.codec.clarity.types import infer_type
from btczs.codec.clarity.values import (
    BoolValue,
    ContractPrincipal,
    IntValue,
    Principal,
    StandardPrincipal,
    UIntValue,
    Value,
)
from btczs.vm.clarity.compiler.entries import CompiledContract, Entry
from btczs.vm.clarity.compiler.support import NeedsInterpreter
from btczs.vm.clarity.compiler.tagging import untagger
from btczs.vm.clarity.costs import CostMeter
from btczs.vm.clarity.interpreter.execution import Execution
from btczs.vm.clarity.limits import CALL_DEPTH_MAX
from btczs.vm.clarity.runtime.contracts import Contract
from btczs.vm.clarity.runtime.views import ChainView, StateView
from btczs.vm.clarity.types import admits, size_of
from btczs.vm.clarity.types.typed import typed_value

MEMORY_SHARE = 2
"""Compiled code counts memory by bounds, so it uses at most this part (a half) of the limit."""


_SIMPLE = (UIntValue, IntValue, BoolValue, StandardPrincipal)
"""Arguments that are what they are: nothing in them can be malformed."""


class CompiledStore(Protocol):
    """Where the compiled functions of deployed contracts come from."""

    def get(self, contract: ContractPrincipal, /) -> Contract | None: ...
    def compiled(self, contract: Contract, /) -> CompiledContract: ...


class Run:
    """A transaction in compiled code. Generated code reads its fields as `x.…`."""

    __slots__ = (
        "_execution",
        "_raw_sender",
        "_sender",
        "chain",
        "depth",
        "get",
        "limit",
        "m",
        "memory_bound",
        "memory_max",
        "put",
        "running",
        "sponsor",
        "state",
        "store",
    )

    def __init__(self, state: StateView, chain: ChainView, store: "CompiledStore") -> None:
        self.state = state
        self.chain = chain
        self.store = store
        self.get = state.get
        self.put = state.put
        self.running: list[ContractPrincipal] = []
        self._sender: Principal | None = None
        self._raw_sender = b""
        self.begin(CostMeter(), None)

    def begin(self, meter: CostMeter, sponsor: Principal | None) -> None:
        """The next transaction: one runs at a time."""
        self._execution: Execution | None = None
        self.m = meter
        self.limit = meter.limit.runtime
        self.memory_max = meter.memory_max // MEMORY_SHARE
        self.memory_bound = 0
        self.sponsor = None if sponsor is None else encode_principal(sponsor)
        self.depth = 0
        self.running.clear()

    @property
    def execution(self) -> Execution:
        """The interpreter's side of the transaction, made when something needs it."""
        execution = self._execution
        if execution is None:
            execution = Execution(self.state, self.chain, self.store, self.m)
            self._execution = execution
        return execution

    def call(
        self,
        contract: Contract,
        name: str,
        args: Sequence[Value],
        sender: Principal,
        *,
        read_only: bool = False,
    ) -> tuple[Value, bool]:
        """What a transaction calls: its value, and whether what it did stands.

        Undoing it otherwise is the caller's. Raises `ClarityError` or `NeedsInterpreter`.
        """
        entry = self.entry(contract, name)
        if read_only and entry.access != "read_only":
            raise NeedsInterpreter
        plain, sizes = [], 0
        for declared, arg in zip(entry.parameters, args):
            if arg.__class__ not in _SIMPLE:
                try:
                    infer_type(arg)
                except UntypedValue:
                    raise NeedsInterpreter from None
                arg = typed_value(arg)
            if declared.kind == "callable":
                if arg.__class__ is not ContractPrincipal:
                    raise NeedsInterpreter
            elif not admits(declared, arg):
                raise NeedsInterpreter
            sizes += size_of(arg)
            plain.append(untagger(declared)(arg))
        if len(plain) != len(args) or len(plain) != len(entry.parameters):
            raise NeedsInterpreter
        if sender is not self._sender:
            self._sender, self._raw_sender = sender, encode_principal(sender)
        raw_sender = self._raw_sender
        self.load(contract, entry, sizes)
        result = entry.function(self, raw_sender, raw_sender, *plain)
        self.m.check()
        return entry.tag(result), entry.access == "public" and result[0]

    def entry(self, contract: Contract, name: str) -> Entry:
        """The compiled function `name`."""
        entry = self.store.compiled(contract).entry(name)
        if entry is None:
            raise NeedsInterpreter
        return entry

    def load(self, contract: Contract, entry: Entry, sizes: int) -> None:
        """Charges a call from outside of the contract, and looks whether it can run here.

        `sizes`: of all arguments. `depth` is that of the call; the body stands one deeper.
        """
        m = self.m
        m.runtime += entry.fixed_runtime + 2 * sizes
        m.read_count += 3
        m.read_length += entry.load_size + 1
        self.memory_bound += entry.memory
        self.depth += 1
        if (
            self.depth + entry.depth >= CALL_DEPTH_MAX
            or self.memory_bound + m.memory > self.memory_max
            or contract.id in self.running
        ):
            raise NeedsInterpreter
        self.running.append(contract.id)
