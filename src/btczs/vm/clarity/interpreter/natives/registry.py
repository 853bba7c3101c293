"""Where native functions are registered: `@native` and `@special` fill `NATIVE_TABLE`.

A native function gets its arguments as values; it is charged once they are all evaluated, by their
number or, for the sized ones, by `input`. A special function gets expressions: it evaluates and
charges by itself. Which versions know which name is not decided here but in `vm.clarity.names`.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from btczs.codec.clarity.values import Value
from btczs.vm.clarity.costs import CostFunction, cost_function
from btczs.vm.clarity.names import EXTENSIONS, NATIVES, extension_natives
from btczs.vm.clarity.reader.syntax import Expr
from btczs.vm.clarity.runtime.errors import IncorrectArgumentCount

if TYPE_CHECKING:
    from btczs.vm.clarity.interpreter.environment import Environment

Special = Callable[[Sequence[Expr], "Environment"], Value]
CostInput = Callable[[Sequence[Value]], int]
_F = TypeVar("_F", bound=Callable[..., Any])


class Native:
    """A registered function. `special` ones have neither cost nor arity here."""

    __slots__ = ("arity", "cost", "env", "function", "input", "name", "special")

    def __init__(
        self,
        name: str,
        function: Callable[..., Value],
        *,
        special: bool = False,
        cost: CostFunction | None = None,
        input: CostInput | None = None,
        arity: int | None = None,
        env: bool = False,
    ) -> None:
        self.name = name
        self.function = function
        self.special = special
        self.cost = cost
        self.input = input
        self.arity = arity
        self.env = env

    def apply(self, args: list[Value], env: "Environment") -> Value:
        """Charges, checks the number of arguments, and runs a function that is not special."""
        assert self.cost is not None, f"{self.name} evaluates its own arguments"
        env.meter.charge(self.cost, len(args) if self.input is None else self.input(args))
        if self.arity is not None and self.arity != len(args):
            raise IncorrectArgumentCount.of(self.arity, len(args))
        return self.function(env, args) if self.env else self.function(args)


NATIVE_TABLE: dict[str, Native] = {}
"""Every native function under each of its names."""


def native(
    *names: str,
    cost: str,
    input: CostInput | None = None,
    arity: int | None = None,
    env: bool = False,
) -> Callable[[_F], _F]:
    """Registers `function(args: list[Value]) -> Value`, or `function(env, args)` with `env=True`.

    `cost` names a line of the cost table; its input is `input(args)`, else the number of
    arguments. Those are counted after the charge if `arity` is given; without it the function
    checks by itself.
    """

    def register(function: _F) -> _F:
        for name in names:
            _add(
                Native(name, function, cost=cost_function(cost), input=input, arity=arity, env=env)
            )
        return function

    return register


def special(*names: str) -> Callable[[_F], _F]:
    """Registers `function(args: Sequence[Expr], env) -> Value`, which evaluates and charges."""

    def register(function: _F) -> _F:
        for name in names:
            _add(Native(name, function, special=True))
        return function

    return register


def _add(entry: Native) -> None:
    is_word = entry.name in NATIVES or entry.name in extension_natives(frozenset(EXTENSIONS))
    assert is_word, f"{entry.name} is no word of any version"
    assert entry.name not in NATIVE_TABLE, f"{entry.name} is registered twice"
    NATIVE_TABLE[entry.name] = entry
