"""What contract code costs, in five dimensions: the table, its formulas, and the meter.

- `table.COSTS_5`: the numbers, with their provenance.
- `cost_function(name)`: a line of the table, ready to compute.
- `CostMeter`: adds up, and raises when a limit is passed.

Invariant: costs are exact. Two nodes that run the same code charge the same five numbers, on
success and on every kind of failure.
"""

from btczs.vm.clarity.costs.formulas import (
    CostFunction,
    ExecutionCost,
    Formula,
    cost_function,
)
from btczs.vm.clarity.costs.meter import (
    BLOCK_LIMIT,
    UNLIMITED,
    ZERO_COST,
    CostMeter,
)

__all__ = [
    "BLOCK_LIMIT",
    "UNLIMITED",
    "ZERO_COST",
    "CostFunction",
    "CostMeter",
    "ExecutionCost",
    "Formula",
    "cost_function",
]
