"""What functions cost over many calls: least, median and most of each dimension."""

import msgspec

from btczs.vm.clarity.costs import BLOCK_LIMIT, ExecutionCost
from btczs.workbench.result import Result


class CostSummary(msgspec.Struct, frozen=True):
    """The costs of one function. `share` is the largest part of a block, in hundredths of 1 %."""

    contract: str
    function: str
    calls: int
    least: ExecutionCost
    median: ExecutionCost
    most: ExecutionCost
    share: int


class CostLog:
    """Collects the costs of calls by contract and function."""

    def __init__(self) -> None:
        self._costs: dict[tuple[str, str], list[ExecutionCost]] = {}

    def add(self, result: Result) -> None:
        """Only calls of functions count."""
        if result.function:
            key = (result.contract.name, result.function)
            self._costs.setdefault(key, []).append(result.cost)

    def summaries(self) -> list[CostSummary]:
        """By contract and function."""
        return [
            _summarise(contract, function, costs)
            for (contract, function), costs in sorted(self._costs.items())
        ]


def _summarise(contract: str, function: str, costs: list[ExecutionCost]) -> CostSummary:
    columns = [sorted(column) for column in zip(*[msgspec.structs.astuple(c) for c in costs])]
    most = ExecutionCost(*[column[-1] for column in columns])
    limits = msgspec.structs.astuple(BLOCK_LIMIT)
    return CostSummary(
        contract,
        function,
        len(costs),
        ExecutionCost(*[column[0] for column in columns]),
        ExecutionCost(*[column[len(column) // 2] for column in columns]),
        most,
        max(a * 10_000 // b for a, b in zip(msgspec.structs.astuple(most), limits)),
    )
