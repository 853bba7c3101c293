"""Runs compiled functions: one `Run` is a transaction, seen by generated code as `x`.

It stands on an `Execution` of the interpreter, so scopes, events, moves and costs are the same
thing for both. What compiled code cannot do raises `NeedsInterpreter`; then nothing has been
committed, and the whole transaction runs in the interpreter instead. So results never depend on
what is compiled.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import msgspec

from btczs.codec.clarity.errors import UntypedValue
from btczs.codec.clarity.principals import encode_principal
from btczs.codec.clarity.types import TraitIdentifier, infer_type
from btczs.codec.clarity.values import (
    BoolValue,
    ContractPrincipal,
    IntValue,
    Principal,
    StandardPrincipal,
    UIntValue,
    Value,
)
from btczs.crypto import hashes
from btczs.vm.clarity.compiler.shapes import Raw, Unsupported
from btczs.vm.clarity.compiler.support import NAMESPACE, NeedsInterpreter
from btczs.vm.clarity.compiler.tagging import plain_tagger, principal_of, untagger
from btczs.vm.clarity.compiler.unit import Unit
from btczs.vm.clarity.costs import CostMeter, cost_function
from btczs.vm.clarity.errors import ClarityError
from btczs.vm.clarity.interpreter.environment import Environment
from btczs.vm.clarity.interpreter.execution import Execution
from btczs.vm.clarity.interpreter.locals import LocalContext
from btczs.vm.clarity.limits import CALL_DEPTH_MAX
from btczs.vm.clarity.reader.syntax import Expr
from btczs.vm.clarity.runtime.contracts import Contract
from btczs.vm.clarity.runtime.events import PrintEvent
from btczs.vm.clarity.runtime.integers import hashed_bytes
from btczs.vm.clarity.runtime.keys import entry_key
from btczs.vm.clarity.runtime.views import ChainView, StateView
from btczs.vm.clarity.types import admits, size_of
from btczs.vm.clarity.types.typed import typed_value

MEMORY_SHARE = 2
"""Compiled code counts memory by bounds, so it uses at most this part (a half) of the limit."""


_SIMPLE = (UIntValue, IntValue, BoolValue, StandardPrincipal)
"""Arguments that are what they are: nothing in them can be malformed."""


class Entry(msgspec.Struct, eq=False):
    """A function that can be called from outside, as compiled code."""

    function: Callable[..., Raw]
    access: str
    parameters: tuple[Any, ...]
    """Static types of the parameters."""
    tag: Callable[[Raw], Value]
    """Makes the result a value of the wire."""
    depth: int
    """Calls under way in it at most, relative to its own."""
    load_size: int
    """What loading its contract is charged for."""
    memory: int
    """Bytes that a call holds at most, its contract included."""
    prints: bool
    fixed_runtime: int
    """What its call costs beside the sizes of the arguments."""


class CompiledContract:
    """The compiled functions of a contract, made when they are first called."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self._entries: dict[str, Entry | None] = {}
        self._namespace: dict[str, Any] = dict(NAMESPACE)
        self._loaded: set[str] = set()

    def entry(self, name: str) -> Entry | None:
        """The function `name`; None if the interpreter has to run it (or refuse it)."""
        if name not in self._entries:
            self._entries[name] = self._make(name)
        return self._entries[name]

    def _make(self, name: str) -> Entry | None:
        unit = self.unit
        function = unit.contract.functions.get(name)
        if function is None or function.access == "private":
            return None
        try:
            compiled = unit.compile(name)
        except (Unsupported, RecursionError):
            return None
        self._namespace.update(unit.namespace)
        for each in unit.compiled.values():
            if each.info.name not in self._loaded:
                self._loaded.add(each.info.name)
                exec(each.code, self._namespace)
        info, size = compiled.info, unit.contract.load_size
        return Entry(
            self._namespace[info.symbol],
            info.access,
            tuple([declared for _, declared in info.parameters]),
            plain_tagger(info.returns),
            compiled.bounds.depth,
            size,
            size + compiled.bounds.memory,
            "prints" in info.effects,
            cost_function("load_contract").runtime(size)
            + cost_function("user_function_application").runtime(len(info.parameters))
            + len(info.parameters) * cost_function("inner_type_check_cost").runtime.b,
        )


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
            if declared.kind == "callable" or not admits(declared, arg):
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


# --- what generated code calls ------------------------------------------------------------------


def call_contract(
    x: Run,
    target: bytes,
    name: str,
    trait: TraitIdentifier | None,
    caller: bytes,
    sender: bytes,
    depth: int,
    sizes: tuple[int, ...],
    args: tuple[Raw, ...],
) -> Raw:
    """`contract-call?`: of a contract that is named, or one that came for a trait."""
    principal = principal_of(target)
    contract = x.store.get(principal) if isinstance(principal, ContractPrincipal) else None
    if contract is None:
        raise NeedsInterpreter
    if trait is not None and trait not in contract.implemented_traits:
        raise NeedsInterpreter
    entry = x.entry(contract, name)
    if len(entry.parameters) != len(args) or any(p.kind == "callable" for p in entry.parameters):
        raise NeedsInterpreter
    before = x.depth, x.memory_bound
    x.depth += depth
    x.load(contract, entry, sum(sizes))
    x.m.check()
    if entry.access == "public":
        result = scoped(x, entry.function, sender, caller, *args)
    elif entry.prints:
        result = silent(x, entry.function, sender, caller, *args)
    else:
        result = entry.function(x, sender, caller, *args)
    x.running.pop()
    x.depth, x.memory_bound = before
    return result


def scoped(x: Run, function: Callable[..., Raw], *args: Raw) -> Raw:
    """A call of a public function: undone if it returns an error."""
    execution = x._execution
    if execution is not None:
        execution.begin()
        result = function(x, *args)
        if result[0]:
            execution.commit()
        else:
            execution.roll_back()
        return result
    mark = x.state.checkpoint()
    result = function(x, *args)
    if not result[0]:
        x.state.revert(mark)
        if x._execution is not None:  # made inside: all it holds is of this call
            x._execution.forget()
    return result


def silent(x: Run, function: Callable[..., Raw], *args: Raw) -> Raw:
    """A call of a read-only function: what it prints is forgotten."""
    execution = x.execution
    execution.begin(read_only=True)
    result = function(x, *args)
    execution.roll_back()
    return result


class GivenValue:
    """An expression whose value is known, and whether it is borrowed. See `BridgedEnvironment`."""

    __slots__ = ("borrowed", "span", "value")

    def __init__(self, value: Value, borrowed: bool) -> None:
        self.value = value
        self.borrowed = borrowed
        self.span = None


class BridgedEnvironment(Environment):
    """An environment for one native whose arguments are evaluated already."""

    __slots__ = ("paid",)
    paid: str | None

    def eval_ref(self, expr: Expr) -> tuple[Value, bool]:
        given: object = expr
        if isinstance(given, GivenValue):
            return given.value, given.borrowed
        return super().eval_ref(expr)

    def eval(self, expr: Expr) -> Value:
        return self.own(*self.eval_ref(expr))

    def charge(self, name: str, n: int = 0) -> None:
        if name == self.paid:
            self.paid = None
        else:
            super().charge(name, n)


def bridge(
    x: Run,
    contract: Contract,
    sender: bytes,
    caller: bytes,
    function: Callable[[Sequence[Any], Environment], Value],
    paid: str | None,
    exprs: tuple[Any, ...],
) -> Value:
    """Runs a special native of the interpreter."""
    env = BridgedEnvironment(
        x.execution,
        contract,
        principal_of(sender),
        principal_of(caller),
        None,
        LocalContext(),
    )
    env.paid = paid
    try:
        return function(exprs, env)
    except ClarityError:
        raise NeedsInterpreter from None


def plain(function: Callable[[list[Value]], Value], args: list[Value]) -> Value:
    """Runs an ordinary native of the interpreter."""
    try:
        return function(args)
    except ClarityError:
        raise NeedsInterpreter from None


def needs_interpreter() -> None:
    raise NeedsInterpreter


def check_contract(x: Run, raw: bytes) -> None:
    """`contract-of` asks for a contract that exists."""
    principal = principal_of(raw)
    if not isinstance(principal, ContractPrincipal) or x.store.get(principal) is None:
        raise NeedsInterpreter


def print_event(
    x: Run, contract: Contract, tag: Callable[[Raw], Value], value: Raw, size: int
) -> None:
    x.execution.emit(PrintEvent(contract.id, tag(value)), size)


def too_much_memory() -> None:
    raise NeedsInterpreter


NAMESPACE.update(
    {
        "call_contract": call_contract,
        "scoped": scoped,
        "silent": silent,
        "bridge": bridge,
        "given": GivenValue,
        "plain": plain,
        "needs_interpreter": needs_interpreter,
        "check_contract": check_contract,
        "print_event": print_event,
        "too_much_memory": too_much_memory,
        "entry_key": entry_key,
        "from_bytes": int.from_bytes,
        "hashed_bytes": hashed_bytes,
        "hash160": hashes.hash160,
        "sha256": hashes.sha256,
        "sha256_short": hashes.sha256_short,
        "sha512": hashes.sha512,
        "sha512_256": hashes.sha512_256,
        "keccak256": hashes.keccak256,
    }
)
