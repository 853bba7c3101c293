"""Runs compiled functions: one `Run` is a transaction, seen by generated code as `x`.

It stands on an `Execution` of the interpreter, so scopes, events, moves and costs are the same
thing for both. What compiled code cannot do raises `NeedsInterpreter`; then nothing has been
committed, and the whole transaction runs in the interpreter instead. So results never depend on
what is compiled.
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from btczs.codec.clarity.principals import encode_principal
from btczs.codec.clarity.types import TraitIdentifier
from btczs.codec.clarity.values import ContractPrincipal, Principal, Value
from btczs.crypto import hashes
from btczs.vm.clarity.compiler.shapes import Raw, Unsupported
from btczs.vm.clarity.compiler.support import NAMESPACE, NeedsInterpreter
from btczs.vm.clarity.compiler.tagging import principal_of, tagger, untagger
from btczs.vm.clarity.compiler.unit import Bounds, Unit
from btczs.vm.clarity.costs import cost_function
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
from btczs.vm.clarity.types import admits, size_of

MEMORY_SHARE = 2
"""Compiled code counts memory by bounds, so it uses at most this part (a half) of the limit."""


class Entry(msgspec.Struct, eq=False):
    """A function that can be called from outside, as compiled code."""

    function: Callable[..., Raw]
    access: str
    parameters: tuple[Any, ...]
    """Static types of the parameters."""
    returns: Any
    bounds: Bounds
    prints: bool
    fixed_runtime: int
    """What its application costs beside the sizes of the arguments."""


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
        info = compiled.info
        return Entry(
            self._namespace[info.symbol],
            info.access,
            tuple([declared for _, declared in info.parameters]),
            info.returns,
            compiled.bounds,
            "prints" in info.effects,
            cost_function("user_function_application").runtime(len(info.parameters))
            + len(info.parameters) * cost_function("inner_type_check_cost").runtime.b,
        )


class Run:
    """A transaction in compiled code. Generated code reads its fields as `x.…`."""

    __slots__ = (
        "chain",
        "compiled_of",
        "contracts",
        "depth",
        "execution",
        "get",
        "limit",
        "m",
        "memory_bound",
        "memory_max",
        "put",
        "running",
        "sponsor",
    )

    def __init__(
        self,
        execution: Execution,
        sponsor: Principal | None,
        compiled_of: Callable[[Contract], CompiledContract | None],
    ) -> None:
        self.execution = execution
        self.m = execution.meter
        self.chain = execution.chain
        self.get = execution.state.get
        self.put = execution.state.put
        self.contracts = execution.contracts
        self.limit = execution.meter.limit.runtime
        self.memory_max = execution.meter.memory_max // MEMORY_SHARE
        self.memory_bound = 0
        self.sponsor = None if sponsor is None else encode_principal(sponsor)
        self.compiled_of = compiled_of
        self.depth = 0
        self.running: list[ContractPrincipal] = []

    def call(
        self, contract: Contract, name: str, args: Sequence[Value], sender: Principal
    ) -> Value:
        """What a transaction calls. Raises `ClarityError` or `NeedsInterpreter`."""
        entry = self._entry(contract, name)
        plain, sizes = [], 0
        for declared, arg in zip(entry.parameters, args):
            if declared.kind == "callable" or not admits(declared, arg):
                raise NeedsInterpreter
            sizes += size_of(arg)
            plain.append(untagger(declared)(arg))
        if len(plain) != len(args) or len(plain) != len(entry.parameters):
            raise NeedsInterpreter
        raw_sender = encode_principal(sender)
        result = self.enter(contract, entry, raw_sender, raw_sender, sizes, plain)
        self.m.check()
        return tagger(entry.returns)(result)

    def _entry(self, contract: Contract, name: str) -> Entry:
        compiled = self.compiled_of(contract)
        entry = None if compiled is None else compiled.entry(name)
        if entry is None:
            raise NeedsInterpreter
        return entry

    def enter(
        self,
        contract: Contract,
        entry: Entry,
        sender: bytes,
        caller: bytes,
        sizes: int,
        args: Sequence[Raw],
    ) -> Raw:
        """A call from outside of the contract, `depth` being that of the call itself."""
        m, size = self.m, contract.load_size
        m.runtime += size + 80 + entry.fixed_runtime + 2 * sizes
        m.read_count += 3
        m.read_length += size + 1
        m.check()
        bounds, bound_before = entry.bounds, self.memory_bound
        self.memory_bound += size + bounds.memory
        if (
            contract.id in self.running
            or self.depth + 1 + bounds.depth >= CALL_DEPTH_MAX
            or self.memory_bound > self.memory_max
            or m.memory > self.memory_max
        ):
            raise NeedsInterpreter
        self.running.append(contract.id)
        self.depth += 1
        execution = self.execution
        if entry.access == "public":
            execution.begin()
            result = entry.function(self, sender, caller, *args)
            if result[0]:
                execution.commit()
            else:
                execution.roll_back()
        elif entry.prints:
            execution.begin(read_only=True)
            result = entry.function(self, sender, caller, *args)
            execution.roll_back()
        else:
            result = entry.function(self, sender, caller, *args)
        self.depth -= 1
        self.running.pop()
        self.memory_bound = bound_before
        return result


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
    contract = x.contracts.get(principal) if isinstance(principal, ContractPrincipal) else None
    if contract is None:
        raise NeedsInterpreter
    if trait is not None and trait not in contract.implemented_traits:
        raise NeedsInterpreter
    entry = x._entry(contract, name)
    if len(entry.parameters) != len(args) or any(p.kind == "callable" for p in entry.parameters):
        raise NeedsInterpreter
    outer = x.depth
    x.depth = outer + depth
    result = x.enter(contract, entry, sender, caller, sum(sizes), args)
    x.depth = outer
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
    depth: int,
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
    if not isinstance(principal, ContractPrincipal) or x.contracts.get(principal) is None:
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
        "sha512": hashes.sha512,
        "sha512_256": hashes.sha512_256,
        "keccak256": hashes.keccak256,
    }
)
