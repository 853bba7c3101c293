"""The meter: five dimensions of cost and one of memory, with their limits.

Charging is what an interpreter does most, so `charge` computes no formula it need not: nearly all
cost functions are linear in every dimension, and most of those charge runtime alone. `coefficients`
has them in that form. Whatever a limit stops is computed again the long way (`charge_exactly`),
which is the definition; a test holds the two against each other for every function.
"""

import msgspec

from btczs.vm.clarity.costs.coefficients import COEFFICIENTS, Others
from btczs.vm.clarity.costs.formulas import (
    U64_MAX,
    CostFunction,
    ExecutionCost,
    cost_function,
)
from btczs.vm.clarity.errors import CostBalanceExceeded, CostOverflow, MemoryBalanceExceeded
from btczs.vm.clarity.limits import MEMORY_MAX

ZERO_COST = ExecutionCost()

BLOCK_LIMIT = ExecutionCost(
    read_count=30_000,
    read_length=200_000_000,
    runtime=5_000_000_000,
    write_count=15_000,
    write_length=15_000_000,
)
"""The limit of a block in epoch 4.0."""

UNLIMITED = ExecutionCost(U64_MAX, U64_MAX, U64_MAX, U64_MAX, U64_MAX)


class CostMeter:
    """Adds up costs and watches the limits. One per transaction; fields are public on purpose.

    The compiler's code adds to the fields itself and calls `check`. `limit` is not to be changed.
    """

    __slots__ = (
        "_runtime_max",
        "limit",
        "memory",
        "memory_max",
        "memory_peak",
        "read_count",
        "read_length",
        "runtime",
        "write_count",
        "write_length",
    )

    def __init__(self, limit: ExecutionCost = BLOCK_LIMIT, memory_max: int = MEMORY_MAX) -> None:
        self.limit = limit
        self._runtime_max = min(limit.runtime, U64_MAX)
        """Up to here `charge` need not look; below zero once a limit was passed."""
        self.runtime = self.read_count = self.read_length = 0
        self.write_count = self.write_length = 0
        self.memory = self.memory_peak = 0
        self.memory_max = memory_max

    def charge(self, function: CostFunction | str, n: int = 0) -> None:
        """Adds the cost of `function` for the input `n`.

        Raises `CostBalanceExceeded` (after adding) or `CostOverflow`.
        """
        name = function if isinstance(function, str) else function.name
        shift, factor, base, others = COEFFICIENTS[name]
        runtime = self.runtime + factor * (n >> shift) + base
        if others is None and runtime <= self._runtime_max:
            self.runtime = runtime
        else:
            self._charge_rest(name, n, runtime, others)

    def _charge_rest(self, name: str, n: int, runtime: int, others: Others | None) -> None:
        """Charges what is not runtime alone, or what a limit may stop."""
        if others is None or runtime > self._runtime_max:
            self.charge_exactly(cost_function(name), n)
            return
        reads, read_factor, read_base, writes, write_factor, write_base = others
        read_length, write_length = read_factor * n + read_base, write_factor * n + write_base
        if read_length > U64_MAX or write_length > U64_MAX:
            self.charge_exactly(cost_function(name), n)
            return
        self.runtime = runtime
        self.read_count += reads
        self.read_length += read_length
        self.write_count += writes
        self.write_length += write_length
        self.check()

    def charge_exactly(self, function: CostFunction, n: int) -> None:
        """As `charge`, by the formulas of the table. Raises `ValueError`: a logarithm below 1."""
        self.add(function.cost(n))

    def add(self, cost: ExecutionCost) -> None:
        """Adds a known cost. Raises as `charge`."""
        self.runtime += cost.runtime
        self.read_count += cost.read_count
        self.read_length += cost.read_length
        self.write_count += cost.write_count
        self.write_length += cost.write_length
        self.check()

    def check(self) -> None:
        """Raises `CostBalanceExceeded` if a dimension is beyond its limit."""
        limit = self.limit
        if (
            self.runtime > limit.runtime
            or self.read_count > limit.read_count
            or self.read_length > limit.read_length
            or self.write_count > limit.write_count
            or self.write_length > limit.write_length
        ):
            self._runtime_max = -1
            total = self.total()
            if max(msgspec.structs.astuple(total)) > U64_MAX:
                raise CostOverflow("a cost does not fit 64 bits")
            raise CostBalanceExceeded("the costs are beyond the limit", total=total, limit=limit)

    def total(self) -> ExecutionCost:
        """What has been charged so far."""
        return ExecutionCost(
            self.read_count, self.read_length, self.runtime, self.write_count, self.write_length
        )

    def add_memory(self, size: int) -> None:
        """Takes `size` bytes. Raises `MemoryBalanceExceeded` (after adding)."""
        self.memory += size
        if self.memory > self.memory_peak:
            self.memory_peak = self.memory
        if self.memory > self.memory_max:
            raise MemoryBalanceExceeded(
                f"the contract holds {self.memory} bytes, {self.memory_max} is the most",
                used=self.memory,
                limit=self.memory_max,
            )

    def drop_memory(self, size: int) -> None:
        """Gives back `size` bytes."""
        assert size <= self.memory, "more memory dropped than was taken"
        self.memory -= size
