"""What a call can cost at least and at most, told from the source alone: nothing is executed.

`static_bound` gives `CostBounds` in the five dimensions. Wallets and nodes use them for fees,
people to see what a function may grow to.

- `bounds`: functions and contracts, in the order of their definitions; the entry points.
- `walker`: one expression after the other; `control`, `iteration`, `calls`: the words that choose,
  repeat, and lead to other functions; `rules`: all other words, as data.
- `shapes`: how small and large a value can be; `results`: the shapes of what words give.
- `ranges`: costs between two bounds, and the ways through an expression.

Invariants: what a successful call really costs lies between the bounds. A function is looked at
once, however often it is called, so the work is linear in the sources. The rules of costs are not
written here a second time where they are data elsewhere: ordinary functions bring their own from
`interpreter.natives.registry`.
"""

from btczs.vm.clarity.estimation.bounds import (
    CostBounds,
    Estimator,
    WholeContracts,
    static_bound,
)
from btczs.vm.clarity.estimation.walker import OpenCall

__all__ = ["CostBounds", "Estimator", "OpenCall", "WholeContracts", "static_bound"]
