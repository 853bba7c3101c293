"""What a generated expression may refer to, and how much of it may still be written."""

from random import Random

import msgspec
from tests.differential.clarity.shapes import Shape

from btczs.vm.clarity.names import ClarityVersion, is_reserved, natives_of


class Function(msgspec.Struct, frozen=True):
    """A function of the contract. `access` is public, private or read-only."""

    name: str
    access: str
    parameters: tuple[tuple[str, Shape], ...]
    returns: Shape


class Names(msgspec.Struct):
    """What the contract defines."""

    version: ClarityVersion
    constants: dict[str, Shape] = {}
    data_vars: dict[str, Shape] = {}
    maps: dict[str, tuple[Shape, Shape]] = {}
    fungible_tokens: list[str] = []
    non_fungible_tokens: dict[str, Shape] = {}
    functions: list[Function] = []
    foreign: dict[str, tuple[Function, ...]] = {}
    """Functions of the contracts that stand beside it, by the name of the contract."""
    traits: dict[str, tuple[Function, ...]] = {}


class Scope:
    """A place in a program: the names in reach, and the budget of expressions."""

    def __init__(self, rng: Random, names: Names, budget: list[int]) -> None:
        self.rng, self.names, self.budget = rng, names, budget
        self.locals: dict[str, Shape] = {}
        self.returns: Shape | None = None
        """What the function around returns: None outside of functions."""
        self.read_only = False
        self.callable_parameters: dict[str, str] = {}
        """Parameters that are contracts, with the trait they have."""
        self.functions_before = 0
        """How many functions may be called from here: those before, so that nothing is circular."""
        self.simple = False
        """Inside of `map`, `fold`, `filter` helpers: keep it short."""

    @property
    def version(self) -> ClarityVersion:
        return self.names.version

    def has(self, native: str) -> bool:
        return native in natives_of(self.version)

    def with_local(self, name: str, shape: Shape) -> "Scope":
        inner = self.copy()
        inner.locals[name] = shape
        return inner

    def copy(self) -> "Scope":
        inner = Scope(self.rng, self.names, self.budget)
        inner.locals = dict(self.locals)
        inner.returns, inner.read_only = self.returns, self.read_only
        inner.callable_parameters = dict(self.callable_parameters)
        inner.functions_before, inner.simple = self.functions_before, self.simple
        return inner

    def fresh_name(self, prefix: str = "v") -> str:
        """A name that nothing else has."""
        self.budget[1] += 1
        name = f"{prefix}{self.budget[1]}"
        assert not is_reserved(name, self.version)
        return name

    def spend(self) -> bool:
        """Takes an expression from the budget; False when it is used up."""
        self.budget[0] -= 1
        return self.budget[0] > 0

    def callable_functions(self, shape: Shape) -> list[Function]:
        """Functions that may be called here and return `shape`."""
        return [
            function
            for function in self.names.functions[: self.functions_before]
            if function.returns == shape and not (self.read_only and function.access == "public")
        ]
