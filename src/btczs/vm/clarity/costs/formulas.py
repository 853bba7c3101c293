"""The shapes of cost functions: constant, linear, logarithmic; 64 bits, saturating."""

import re
from functools import cache

import msgspec

from btczs.vm.clarity.costs.table import COSTS_5

U64_MAX = 2**64 - 1

_SHAPE = re.compile(r"(lin|logn|nlogn)\(n(?: >> (\d+))?, (\d+), (\d+)\)")


class Formula(msgspec.Struct, frozen=True):
    """`a * f(n >> shift) + b` with f by `shape`; `const` is `b` alone."""

    shape: str
    shift: int
    a: int
    b: int

    def __call__(self, n: int) -> int:
        """The cost for the input `n`, at most 2**64 - 1. Raises `ValueError`: logarithm below 1."""
        if self.shape == "const":
            return self.b
        n >>= self.shift
        if self.shape != "lin":
            if n < 1:
                raise ValueError("a logarithmic cost needs an input of at least 1")
            log2 = n.bit_length() - 1
            n = log2 if self.shape == "logn" else n * log2
        return min(self.a * n + self.b, U64_MAX)


ZERO = Formula("const", 0, 0, 0)


class ExecutionCost(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """The five dimensions of the cost of contract code."""

    read_count: int = 0
    read_length: int = 0
    runtime: int = 0
    write_count: int = 0
    write_length: int = 0


class CostFunction(msgspec.Struct, frozen=True):
    """A line of the cost table."""

    name: str
    runtime: Formula
    read_count: Formula
    read_length: Formula
    write_count: Formula
    write_length: Formula

    def cost(self, n: int) -> ExecutionCost:
        """What the function costs for the input `n`. Raises as `Formula`."""
        return ExecutionCost(
            read_count=self.read_count(n),
            read_length=self.read_length(n),
            runtime=self.runtime(n),
            write_count=self.write_count(n),
            write_length=self.write_length(n),
        )

    @property
    def is_constant(self) -> bool:
        return all(
            f.shape == "const"
            for f in (
                self.runtime,
                self.read_count,
                self.read_length,
                self.write_count,
                self.write_length,
            )
        )


def parse_formula(text: str) -> Formula:
    """Reads `"7"`, `"lin(n, 1, 9)"`, `"lin(n >> 4, 1, 31)"`, `"nlogn(n, 1, 12)"`."""
    if text.isdigit():
        return Formula("const", 0, 0, int(text))
    match = _SHAPE.fullmatch(text)
    assert match is not None, f"no formula: {text}"
    shape, shift, a, b = match.groups()
    return Formula(shape, int(shift or 0), int(a), int(b))


@cache
def cost_function(name: str) -> CostFunction:
    """The cost function `name` (without the prefix `cost_`)."""
    texts = COSTS_5[name].split("; ")
    formulas = [parse_formula(text) for text in texts] + [ZERO] * (5 - len(texts))
    return CostFunction(name, *formulas)
