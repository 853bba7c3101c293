"""What analysis costs, charged the short way.

A node of the source is charged for three or four times, and almost all costs of analysis are of
runtime alone and linear. So the coefficients are read from the cost table once, and a charge is an
addition and a comparison. Functions that cost more than runtime go through the meter.
"""

from typing import Final

from btczs.codec.clarity.types import ValueType
from btczs.vm.clarity.costs import CostMeter
from btczs.vm.clarity.costs.formulas import ZERO, cost_function


def _linear(name: str) -> tuple[int, int]:
    """Factor and constant of a cost function that is linear in runtime and nothing else."""
    cost = cost_function(name)
    others = (cost.read_count, cost.read_length, cost.write_count, cost.write_length)
    formula = cost.runtime
    assert all(other == ZERO for other in others), f"{name} costs more than runtime"
    assert formula.shape in ("const", "lin"), f"{name} is not linear"
    assert formula.shift == 0, f"{name} is not linear in each step"
    return (formula.a if formula.shape == "lin" else 0), formula.b


_LINEAR: Final = {
    name: _linear(name)
    for name in (
        "analysis_bind_name",
        "analysis_check_let",
        "analysis_iterable_func",
        "analysis_list_items_check",
        "analysis_lookup_function",
        "analysis_lookup_function_types",
        "analysis_option_check",
        "analysis_option_cons",
        "analysis_tuple_items_check",
        "analysis_type_lookup",
    )
}

_, _VISIT = _linear("analysis_visit")
_, _LOOKUP = _linear("analysis_lookup_variable_const")
_ANNOTATE, _ANNOTATE_BASE = _linear("analysis_type_annotate")
_CHECK, _CHECK_BASE = _linear("analysis_type_check")


class Charges:
    """Charges a meter for the steps of analysis. Every method raises `LimitExceeded`."""

    __slots__ = ("meter",)

    def __init__(self, meter: CostMeter) -> None:
        self.meter = meter

    def _add(self, runtime: int) -> None:
        meter = self.meter
        meter.runtime += runtime
        if meter.runtime > meter.limit.runtime:
            meter.check()

    def visit(self) -> None:
        """An expression is looked at."""
        self._add(_VISIT)

    def annotate(self, found: ValueType) -> None:
        """The type of an expression is noted."""
        self._add(_ANNOTATE * found.type_size + _ANNOTATE_BASE)

    def type_check(self, a: ValueType, b: ValueType) -> None:
        """Two types are compared."""
        self.comparison(a.type_size if a.type_size > b.type_size else b.type_size)

    def comparison(self, size: int) -> None:
        """Two types are compared, the larger of them of `size`."""
        self._add(_CHECK * size + _CHECK_BASE)

    def lookup_variable(self) -> None:
        """A name is looked up among keywords and constants."""
        self._add(_LOOKUP)

    def step(self, name: str, size: int = 0) -> None:
        """The cost function `name`, for the input `size`."""
        linear = _LINEAR.get(name)
        if linear is None:
            self.meter.charge(name, size)
        else:
            self._add(linear[0] * size + linear[1])
