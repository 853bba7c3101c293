"""What generated code calls beside the plain helpers of `support`: other contracts, scopes, events,
and natives of the interpreter.
"""

from collections.abc import Callable, Sequence
from typing import Any

from btczs.codec.clarity.errors import UntypedValue
from btczs.codec.clarity.types import TraitIdentifier, ValueType
from btczs.codec.clarity.values import NONE, ContractPrincipal, Value
from btczs.crypto import hashes
from btczs.primitives import DecodeError
from btczs.vm.clarity.compiler.run import Run
from btczs.vm.clarity.compiler.shapes import Raw, has_same_shape, type_maker
from btczs.vm.clarity.compiler.support import NAMESPACE, NeedsInterpreter
from btczs.vm.clarity.compiler.tagging import principal_of
from btczs.vm.clarity.errors import ClarityError
from btczs.vm.clarity.interpreter.calls import check_trait
from btczs.vm.clarity.interpreter.environment import Environment
from btczs.vm.clarity.interpreter.locals import LocalContext
from btczs.vm.clarity.reader.syntax import Expr
from btczs.vm.clarity.runtime.consensus_buffers import decode_typed
from btczs.vm.clarity.runtime.contracts import Contract
from btczs.vm.clarity.runtime.events import PrintEvent
from btczs.vm.clarity.runtime.integers import hashed_bytes
from btczs.vm.clarity.runtime.keys import entry_key
from btczs.vm.clarity.runtime.typing import make_some
from btczs.vm.clarity.runtime.values import CallableContract
from btczs.vm.clarity.types import admits_type


def call_contract(
    x: Run,
    target: bytes,
    name: str,
    trait: TraitIdentifier | None,
    promise: ValueType | None,
    caller: bytes,
    sender: bytes,
    depth: int,
    sizes: tuple[int, ...],
    kinds: str,
    args: tuple[Raw, ...],
) -> Raw:
    """`contract-call?`: of a contract that is named, or one that came for a trait."""
    principal = principal_of(target)
    if not isinstance(principal, ContractPrincipal):
        raise NeedsInterpreter
    contract = x.store.get(principal)
    if contract is None:
        raise NeedsInterpreter
    entry = x.entry(contract, name)
    promised = None
    if trait is not None:
        assert promise is not None, "a call through a trait knows what the trait promises"
        if not has_same_shape(entry.returns, promise):
            raise NeedsInterpreter
        promised = _check_trait(x, principal, contract, trait, name, caller)
    if len(entry.parameters) != len(args):
        raise NeedsInterpreter
    for declared, kind in zip(entry.parameters, kinds):
        if kind == ("." if declared.kind == "callable" else "t"):
            raise NeedsInterpreter  # a contract becomes an ordinary principal, or the reverse
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
    if promised is not None and not admits_type(promised, type_maker(entry.returns)(result)):
        raise NeedsInterpreter
    return result


def _check_trait(
    x: Run,
    principal: ContractPrincipal,
    contract: Contract,
    trait: TraitIdentifier,
    name: str,
    caller: bytes,
) -> ValueType | None:
    """What the interpreter checks of a contract that came for a trait."""
    if trait in contract.implemented_traits:
        return None
    calling = principal_of(caller)
    here = x.store.get(calling) if isinstance(calling, ContractPrincipal) else None
    assert here is not None, "the calling contract exists"
    env = Environment(x.execution, here, None, None, None, LocalContext())
    target = CallableContract(principal.version, principal.hash20, principal.name, trait)
    try:
        return check_trait(target, name, env)
    except ClarityError:
        raise NeedsInterpreter from None


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
    except (ClarityError, UntypedValue):
        raise NeedsInterpreter from None


def plain(function: Callable[[list[Value]], Value], args: list[Value]) -> Value:
    """Runs an ordinary native of the interpreter."""
    try:
        return function(args)
    except (ClarityError, UntypedValue):
        raise NeedsInterpreter from None


def consensus_value(raw: bytes, expected: ValueType) -> Value:
    """`from-consensus-buff?`: the value that the bytes are, as `(some …)`, or `none`."""
    try:
        return make_some(decode_typed(raw, expected))
    except DecodeError:
        return NONE
    except (ClarityError, UntypedValue):
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
    try:
        x.execution.emit(PrintEvent(contract.id, tag(value)), size)
    except ClarityError:  # too many bytes: the costs up to here are not on the meter
        raise NeedsInterpreter from None


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
        "consensus_value": consensus_value,
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
