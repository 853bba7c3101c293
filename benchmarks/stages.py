"""Where the time goes: a stopwatch around the functions of a path that is running for real.

The stages are whole steps of a block, never single transactions, so watching costs nothing. A
stage that runs inside another one is subtracted from it: the stages add up to the whole.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch


class Stages:
    """Seconds by stage, since the last `take`."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}
        self._inner: list[float] = []

    def take(self) -> dict[str, float]:
        taken, self._seconds = self._seconds, {}
        return taken

    def measure(self, stage: str, action: Callable[..., Any]) -> Callable[..., Any]:
        """`action`, measured."""

        def measured(*args: Any, **kwargs: Any) -> Any:
            started = time.perf_counter()
            self._inner.append(0.0)
            try:
                return action(*args, **kwargs)
            finally:
                elapsed = time.perf_counter() - started
                own = elapsed - self._inner.pop()
                self._seconds[stage] = self._seconds.get(stage, 0.0) + own
                if self._inner:
                    self._inner[-1] += elapsed

        return measured

    @contextmanager
    def watch(self, owner: object, name: str, stage: str) -> Iterator[None]:
        """Measures `owner.name` (of a module or an object) as `stage`."""
        with patch.object(owner, name, self.measure(stage, getattr(owner, name))):
            yield
