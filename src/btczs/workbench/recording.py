"""What is recorded while chains run: coverage and costs, for the chains made inside `recording`.

Tests make their chains themselves, so the recorder cannot be handed to them: a chain asks for the
current one when it is made.
"""

import contextlib
from collections.abc import Iterator

from btczs.workbench.cost_log import CostLog
from btczs.workbench.coverage import Coverage


class Recorder:
    """`coverage` or `costs` is None if it is not wanted. Coverage makes calls slower."""

    def __init__(self, coverage: Coverage | None = None, costs: CostLog | None = None) -> None:
        self.coverage = coverage
        self.costs = costs


_current: list[Recorder] = []


def current_recorder() -> Recorder | None:
    """The recorder of the innermost `recording`, if there is one."""
    return _current[-1] if _current else None


@contextlib.contextmanager
def recording(recorder: Recorder) -> Iterator[Recorder]:
    """Chains that are made inside record into `recorder`."""
    _current.append(recorder)
    try:
        yield recorder
    finally:
        _current.remove(recorder)
