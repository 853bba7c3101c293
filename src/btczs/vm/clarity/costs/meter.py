"""The meter: five dimensions of cost and one of memory, with their limits."""

import msgspec

from btczs.vm.clarity.costs.formulas import U64_MAX, CostFunction, cost_function
from btczs.vm.clarity.errors import CostBalanceExceeded, CostOverflow, MemoryBalanceExceeded
from btczs.vm.clarity.limits import MEMORY_MAX


class ExecutionCost(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """The five dimensions of the cost of contract code."""

    read_count: int = 0
    read_length: int = 0
    runtime: int = 0
    write_count: int = 0
    write_length: int = 0


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

    The compiler's code adds to the fields itself and calls `check`.
    """

    __slots__ = (
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
        self.runtime = self.read_count = self.read_length = 0
        self.write_count = self.write_length = 0
        self.memory = self.memory_peak = 0
        self.memory_max = memory_max

    def charge(self, function: CostFunction | str, n: int = 0) -> None:
        """Adds the cost of `function` for the input `n`.

        Raises `CostBalanceExceeded` (after adding) or `CostOverflow`.
        """
        if isinstance(function, str):
            function = cost_function(function)
        self.runtime += function.runtime(n)
        self.read_count += function.read_count(n)
        self.read_length += function.read_length(n)
        self.write_count += function.write_count(n)
        self.write_length += function.write_length(n)
        self.check()

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
