"""The evaluator: what an expression means in its environment.

An `Environment` is fixed: the contract under execution, on whose authority (`sender`, `caller`,
`sponsor`), and the local names. What changes during a transaction is in the `Execution` that all
its environments share.

An expression is a literal, a name, or an application. Applying means: find the function, and if
it is an ordinary one, evaluate its arguments from left to right and hand it the values; a special
one (`if`, `let`, `var-set`, …) gets the expressions and evaluates what it needs.

A name gives a *borrowed* value: reading it is paid by the depth of the place. Only what is kept
(an argument, a binding, a result) is *owned*, and taking it is paid by its size.

Python frames: a level of nesting takes one frame here for an ordinary function, two or three for
a special one and for a function of a contract. `CALL_DEPTH_MAX` bounds the levels, so all of them
take less than 400 of the 1000 frames that Python allows; `machine` checks that there is room.
"""

from collections.abc import Sequence
from typing import TypeAlias

from btczs.codec.clarity.values import ContractPrincipal, Principal, Value
from btczs.vm.clarity.costs import CostMeter
from btczs.vm.clarity.interpreter.execution import Execution
from btczs.vm.clarity.interpreter.functions import call_function
from btczs.vm.clarity.interpreter.keywords import KEYWORD_VALUES
from btczs.vm.clarity.interpreter.locals import LocalContext
from btczs.vm.clarity.interpreter.natives.registry import NATIVE_TABLE, Native
from btczs.vm.clarity.limits import CALL_DEPTH_MAX
from btczs.vm.clarity.names import (
    ClarityVersion,
    extension_natives,
    keywords_of,
    natives_of,
)
from btczs.vm.clarity.reader.span import Span
from btczs.vm.clarity.reader.syntax import Atom, Expr, Form, Literal
from btczs.vm.clarity.runtime.assets import AssetMoves
from btczs.vm.clarity.runtime.contracts import Contract, UserFunction
from btczs.vm.clarity.runtime.errors import (
    BadSymbolicRepresentation,
    CircularReference,
    MaxStackDepthReached,
    UndefinedFunction,
    Unreachable,
)
from btczs.vm.clarity.runtime.events import ContractEvent
from btczs.vm.clarity.runtime.typing import size_of
from btczs.vm.clarity.runtime.views import ChainView, StateView

Function: TypeAlias = Native | UserFunction
"""What can be applied."""

_NOWHERE = Span(0, 0, 0, 0)


class Environment:
    """A place of evaluation. The methods `with_…` and `as_…` give changed copies."""

    __slots__ = (
        "caller",
        "contract",
        "execution",
        "locals",
        "meter",
        "sender",
        "sponsor",
        "version",
    )

    contract: Contract
    sender: Principal | None
    caller: Principal | None
    sponsor: Principal | None

    def __init__(
        self,
        execution: Execution,
        contract: Contract,
        sender: Principal | None,
        caller: Principal | None,
        sponsor: Principal | None,
        locals: LocalContext,
    ) -> None:
        self.execution = execution
        self.meter: CostMeter = execution.meter
        self.contract = contract
        self.version: ClarityVersion = contract.version
        self.sender = sender
        self.caller = caller
        self.sponsor = sponsor
        self.locals = locals

    # --- evaluation -------------------------------------------------------------------------

    def eval(self, expr: Expr) -> Value:
        """The value of `expr`, owned: if it comes from a variable, its size is paid."""
        if expr.__class__ is not Form:
            return self.own(*self.eval_ref(expr))
        assert isinstance(expr, Form)
        execution = self.execution
        if execution.observer is not None:
            execution.observer(expr, self.contract)
        head, arguments = _application(expr)
        function = self.lookup_function(head)
        self._check_call(function)
        execution.depth += 1
        try:
            if isinstance(function, Native) and function.special:
                return function.function(arguments, self)
            meter, held, values = self.meter, 0, []
            try:
                for argument in arguments:
                    value = self.eval(argument)
                    size = size_of(value)
                    meter.add_memory(size)
                    held += size
                    values.append(value)
                if isinstance(function, Native):
                    return function.apply(values, self)
                return call_function(function, values, self)
            finally:
                meter.drop_memory(held)
        finally:
            execution.depth -= 1

    def eval_ref(self, expr: Expr) -> tuple[Value, bool]:
        """The value of `expr`, and whether it is borrowed: not yet paid for by its size."""
        cls = expr.__class__
        if cls is Form:
            return self.eval(expr), False
        if self.execution.observer is not None:
            self.execution.observer(expr, self.contract)
        if isinstance(expr, Literal):
            return expr.value, False
        if isinstance(expr, Atom):
            return self._variable(expr.name)
        raise BadSymbolicRepresentation("a trait is no value", expr.span)

    def own(self, value: Value, borrowed: bool) -> Value:
        """Pays for `value` by its size if it is borrowed."""
        if borrowed:
            self.meter.charge("lookup_variable_size", size_of(value))
        return value

    def _variable(self, name: str) -> tuple[Value, bool]:
        """What a name stands for: a keyword, a local name, a constant, a trait parameter."""
        if name in keywords_of(self.version):
            return KEYWORD_VALUES[name](self), False
        local = self.locals
        self.meter.charge("lookup_variable_depth", local.depth)
        value = local.lookup(name)
        if value is None:
            value = self.contract.constants.get(name)
        if value is not None:
            return value, True
        callable_contract = local.lookup_callable(name)
        if callable_contract is None:
            raise Unreachable(f"undefined variable: {name}")
        if self.version == 1:
            plain = ContractPrincipal(
                callable_contract.version, callable_contract.hash20, callable_contract.name
            )
            return plain, False
        return callable_contract, False

    # --- application ------------------------------------------------------------------------

    def lookup_function(self, name: str) -> Function:
        """The function called `name` here; pays for the search. Raises `UndefinedFunction`."""
        self.meter.charge("lookup_function")
        if name in natives_of(self.version):
            return NATIVE_TABLE[name]
        function = self.contract.functions.get(name)
        if function is None and name in extension_natives(self.chain.extensions):
            return NATIVE_TABLE[name]
        if function is None:
            raise UndefinedFunction(f"there is no function {name}", name=name)
        return function

    def apply(self, function: Function, values: Sequence[Value]) -> Value:
        """Applies `function` to values: what `map`, `fold` and `filter` do for each item."""
        self._check_call(function)
        execution, meter, held = self.execution, self.meter, 0
        execution.depth += 1
        try:
            if isinstance(function, Native) and function.special:
                return function.function([Literal(value, _NOWHERE) for value in values], self)
            for value in values:
                size = size_of(value)
                meter.add_memory(size)
                held += size
            if isinstance(function, Native):
                return function.apply(list(values), self)
            return call_function(function, values, self)
        finally:
            meter.drop_memory(held)
            execution.depth -= 1

    def _check_call(self, function: Function) -> None:
        """Raises `CircularReference` or `MaxStackDepthReached`."""
        execution = self.execution
        if isinstance(function, UserFunction) and function.key in execution.running:
            raise CircularReference(f"{function.key} is called while it runs")
        if execution.depth >= CALL_DEPTH_MAX:
            raise MaxStackDepthReached(f"more than {CALL_DEPTH_MAX} calls are under way")

    def charge(self, name: str, n: int = 0) -> None:
        """Charges the cost function `name` for the input `n`."""
        self.meter.charge(name, n)

    # --- other places -----------------------------------------------------------------------

    def with_locals(self, locals: LocalContext) -> "Environment":
        """The same place with other local names: `env.with_locals(inner).eval(body)`."""
        return Environment(
            self.execution, self.contract, self.sender, self.caller, self.sponsor, locals
        )

    def as_principal(self, principal: Principal) -> "Environment":
        """The same place with `tx-sender` and `contract-caller` both `principal`."""
        return Environment(
            self.execution, self.contract, principal, principal, self.sponsor, self.locals
        )

    def in_contract(self, contract: Contract, caller: Principal | None) -> "Environment":
        """Inside another contract, called by `caller`; no local names."""
        return Environment(
            self.execution, contract, self.sender, caller, self.sponsor, LocalContext()
        )

    # --- the transaction --------------------------------------------------------------------

    @property
    def state(self) -> StateView:
        return self.execution.state

    @property
    def chain(self) -> ChainView:
        return self.execution.chain

    @property
    def read_only(self) -> bool:
        """Whether a write would be an error here."""
        return self.execution.read_only

    @property
    def moves(self) -> AssetMoves:
        return self.execution.moves

    @property
    def events(self) -> list[ContractEvent]:
        return self.execution.events

    def emit(self, event: ContractEvent, size: int = 0) -> None:
        """Appends an event; `size` is given for printed values only."""
        self.execution.emit(event, size)

    def begin(self, *, read_only: bool = False) -> None:
        """Opens a scope: state, events and moves can be undone to here."""
        self.execution.begin(read_only=read_only)

    def commit(self) -> None:
        """Closes the innermost scope and keeps what it did."""
        self.execution.commit()

    def roll_back(self) -> None:
        """Closes the innermost scope and undoes what it did."""
        self.execution.roll_back()

    def contract_at(self, contract: ContractPrincipal) -> Contract | None:
        """A deployed contract, loaded if need be, at no cost; None if there is none."""
        return self.execution.contracts.get(contract)


def _application(form: Form) -> tuple[str, tuple[Expr, ...]]:
    """The name of the function and the arguments of `(name argument …)`."""
    items = form.items
    if not items:
        raise Unreachable("brackets without a function", form.span)
    head = items[0]
    if not isinstance(head, Atom):
        raise Unreachable("a function is called by its name", head.span)
    return head.name, items[1:]
