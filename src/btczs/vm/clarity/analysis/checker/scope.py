"""Local names: parameters of a function, bindings of `let` and `match`.

One scope serves a whole function. No binding may shadow another, so names are added on the way in
and removed on the way out, and nothing is copied. Contracts with a trait live in a table of their
own, which is looked at first, and there shadowing is legal.
"""

from collections.abc import Iterable

from btczs.codec.clarity.types import ValueType
from btczs.vm.clarity.analysis import errors
from btczs.vm.clarity.limits import CONTEXT_DEPTH_MAX
from btczs.vm.clarity.reader.span import Span


class Scope:
    """The names visible at a place, and how deep that place lies."""

    __slots__ = ("_hidden", "depth", "traits", "variables")

    def __init__(self, depth: int = 0) -> None:
        self.depth = depth
        self.variables: dict[str, ValueType] = {}
        self.traits: dict[str, ValueType] = {}
        self._hidden: list[list[tuple[str, ValueType | None, bool]]] = []

    def enter(self, span: Span) -> None:
        """A level of bindings begins. Raises `MaxContextDepthReached`."""
        if self.depth >= CONTEXT_DEPTH_MAX:
            raise errors.MaxContextDepthReached(span=span)
        self.depth += 1
        self._hidden.append([])

    def leave(self) -> None:
        """The level ends: its names are gone, what its traits had hidden is back."""
        self.depth -= 1
        for name, hidden, is_trait in reversed(self._hidden.pop()):
            if not is_trait:
                del self.variables[name]
            elif hidden is None:
                del self.traits[name]
            else:
                self.traits[name] = hidden

    def bind(self, name: str, bound: ValueType, *, as_trait: bool) -> None:
        """Binds a name in the current level. `as_trait`: a contract with a trait is one here."""
        if as_trait and bound.trait is not None:
            self._hidden[-1].append((name, self.traits.get(name), True))
            self.traits[name] = bound
        else:
            self._hidden[-1].append((name, None, False))
            self.variables[name] = bound

    @classmethod
    def of_function(cls, parameters: Iterable[tuple[str, ValueType]]) -> "Scope":
        """The scope of a body: a parameter with a trait is known by its trait."""
        scope = cls(1)
        for name, parameter in parameters:
            if parameter.trait is not None:
                scope.traits[name] = parameter
            else:
                scope.variables[name] = parameter
        return scope
