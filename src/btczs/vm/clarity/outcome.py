"""What running contract code gave."""

import msgspec

from btczs.codec.clarity.values import Value
from btczs.vm.clarity.costs import ExecutionCost
from btczs.vm.clarity.errors import ClarityError
from btczs.vm.clarity.runtime.assets import AssetMoves
from btczs.vm.clarity.runtime.events import ContractEvent


class Outcome(msgspec.Struct, frozen=True, eq=False):
    """The result of one deployment, call or evaluation.

    `value`: what was returned, without run-time types (None: nothing was, or `error` is set).
    `error`: why execution stopped; then nothing was changed. `committed`: whether changes stand
    (False for `(err …)`, for errors, and for reads). `cost` is what was charged, also on failure.
    """

    value: Value | None
    error: ClarityError | None
    committed: bool
    cost: ExecutionCost
    memory_peak: int
    events: tuple[ContractEvent, ...]
    moves: AssetMoves
