"""Local names: the parameters of a function, then what `let` and `match` add, level by level.

`depth` is the number of levels between a place and its function; looking up any name costs more
the deeper it is, whether the name is found here or in the contract. A name that stands for a
contract passed as a trait is kept in `callables` as well, because `contract-call?` asks for it.
"""

from btczs.codec.clarity.values import Value
from btczs.vm.clarity.limits import CONTEXT_DEPTH_MAX
from btczs.vm.clarity.runtime.errors import MaxContextDepthReached
from btczs.vm.clarity.runtime.values import CallableContract


class LocalContext:
    """One level of local names. Fill `variables` and `callables` before evaluating in it."""

    __slots__ = ("callables", "depth", "parent", "variables")

    def __init__(self, parent: "LocalContext | None" = None) -> None:
        self.parent = parent
        self.depth: int = 0 if parent is None else parent.depth + 1
        self.variables: dict[str, Value] = {}
        self.callables: dict[str, CallableContract] = {}

    def extend(self) -> "LocalContext":
        """A level inside this one, empty. Raises `MaxContextDepthReached`."""
        if self.depth >= CONTEXT_DEPTH_MAX:
            raise MaxContextDepthReached("too many nested local contexts")
        return LocalContext(self)

    def lookup(self, name: str) -> Value | None:
        """The value of a local name, the innermost one; None if there is no such name."""
        level: LocalContext | None = self
        while level is not None:
            value = level.variables.get(name)
            if value is not None:
                return value
            level = level.parent
        return None

    def lookup_callable(self, name: str) -> CallableContract | None:
        """The contract that a trait parameter stands for."""
        level: LocalContext | None = self
        while level is not None:
            found = level.callables.get(name)
            if found is not None:
                return found
            level = level.parent
        return None
