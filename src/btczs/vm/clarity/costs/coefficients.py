"""The cost table in the form that charging is fastest with: the numbers of linear functions.

A function without a logarithm costs `factor * (n >> shift) + base` of runtime. Of the other
dimensions, counts are constant and lengths linear without a shift; most functions have none.
"""

from typing import Final, TypeAlias

from btczs.vm.clarity.costs.formulas import U64_MAX, ZERO, Formula, cost_function
from btczs.vm.clarity.costs.table import COSTS_5

Others: TypeAlias = tuple[int, int, int, int, int, int]
"""`read_count`, then factor and base of `read_length`; the same for writing."""

Coefficients: TypeAlias = tuple[int, int, int, Others | None]
"""`shift`, `factor` and `base` of runtime; the other dimensions, None if all are 0."""

NOT_LINEAR: Final[Coefficients] = (0, 0, U64_MAX + 1, None)
"""Stands for a logarithm: beyond every limit, so it is charged the exact way."""


def coefficients_of(name: str) -> Coefficients:
    """The coefficients of the cost function `name`."""
    function = cost_function(name)
    if not _is_linear(function.runtime):
        return NOT_LINEAR
    shift, factor, base = _linear(function.runtime)
    rest = (function.read_count, function.read_length, function.write_count, function.write_length)
    if all(formula == ZERO for formula in rest):
        return shift, factor, base, None
    return shift, factor, base, (*_pair(*rest[:2]), *_pair(*rest[2:]))


def _pair(count: Formula, length: Formula) -> tuple[int, int, int]:
    assert count.shape == "const", "counts are constant"
    assert _is_linear(length), "lengths are linear"
    shift, factor, base = _linear(length)
    assert shift == 0, "lengths are linear in each step"
    return count.b, factor, base


def _is_linear(formula: Formula) -> bool:
    return formula.shape in ("const", "lin")


def _linear(formula: Formula) -> tuple[int, int, int]:
    return (formula.shift, formula.a, formula.b)


COEFFICIENTS: Final = {name: coefficients_of(name) for name in COSTS_5}
