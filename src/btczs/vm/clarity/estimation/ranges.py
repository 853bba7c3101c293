"""Costs between two bounds, and the ways through an expression.

An expression is left in two ways: with a value, or early (`asserts!`, `try!`, `unwrap!`), and then
so is everything around it up to the function. A `Path` keeps the costs of both apart, since what
follows an expression is paid only where it gave a value. Bounds are kept per dimension: the
cheapest way in one need not be the cheapest in another.
"""

from typing import Final

import msgspec

from btczs.vm.clarity.costs import ExecutionCost, cost_function
from btczs.vm.clarity.costs.formulas import U64_MAX

Cost = tuple[int, ...]
"""The five dimensions, in the order of `ExecutionCost`."""

_FREE: Final[Cost] = (0, 0, 0, 0, 0)


class Range(msgspec.Struct, frozen=True):
    """A cost between `low` and `high`, each dimension for itself."""

    low: Cost
    high: Cost

    def plus(self, other: "Range") -> "Range":
        return Range(_plus(self.low, other.low), _plus(self.high, other.high))

    def or_else(self, other: "Range | None") -> "Range":
        """What holds of both."""
        if other is None:
            return self
        return Range(
            tuple(map(min, self.low, other.low)),
            tuple(map(max, self.high, other.high)),
        )

    def times(self, least: int, most: int) -> "Range":
        """Between `least` and `most` times."""
        low = tuple([min(part * least, U64_MAX) for part in self.low])
        return Range(low, tuple([min(part * most, U64_MAX) for part in self.high]))

    def or_nothing(self) -> "Range":
        return Range(_FREE, self.high)

    def minimum(self) -> ExecutionCost:
        return ExecutionCost(*self.low)

    def maximum(self) -> ExecutionCost:
        return ExecutionCost(*self.high)


def _plus(a: Cost, b: Cost) -> Cost:
    return tuple([min(x + y, U64_MAX) for x, y in zip(a, b)])


NOTHING: Final = Range(_FREE, _FREE)


def charge(name: str, least: int = 0, most: int | None = None) -> Range:
    """The cost function `name` for inputs from `least` to `most` (by default `least` itself)."""
    function = cost_function(name)
    low: Cost = msgspec.structs.astuple(function.cost(least))
    if most is None or most == least:
        return Range(low, low)
    return Range(low, msgspec.structs.astuple(function.cost(most)))


class Path:
    """The costs of what has been gone through: `done` of going on, `early` of having left."""

    __slots__ = ("done", "early")

    def __init__(self, done: Range = NOTHING, early: Range | None = None) -> None:
        self.done = done
        self.early = early

    def pay(self, cost: Range) -> None:
        """Everybody who comes here pays."""
        self.done = self.done.plus(cost)

    def pay_perhaps(self, cost: Range) -> None:
        """Some who come here pay."""
        self.done = self.done.plus(cost.or_nothing())

    def then(self, other: "Path") -> None:
        """Goes on through `other`."""
        if other.early is not None:
            self._leave(self.done.plus(other.early))
        self.done = self.done.plus(other.done)

    def then_perhaps(self, other: "Path") -> None:
        """Goes on, through `other` or past it."""
        before = self.done
        self.then(other)
        self.done = self.done.or_else(before)

    def then_one_of(self, others: "list[Path]") -> None:
        """Goes on through one of `others`."""
        before, ends = self.done, []
        for other in others:
            self.done = before
            self.then(other)
            ends.append(self.done)
        for end in ends:
            self.done = self.done.or_else(end)

    def leave_perhaps(self) -> None:
        """Some who come here leave."""
        self._leave(self.done)

    def leave_through(self, other: "Path") -> None:
        """Some who come here go through `other`, and leave."""
        self._leave(self.done.plus(other.done.or_else(other.early)))

    def total(self) -> Range:
        """What the function costs whose body this is: leaving early ends there."""
        return self.done.or_else(self.early)

    def _leave(self, cost: Range) -> None:
        self.early = cost.or_else(self.early)
