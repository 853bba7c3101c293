"""Token buckets: so many requests per second and key, with a burst. Whole numbers only."""

from collections import OrderedDict
from collections.abc import Callable
from time import monotonic_ns
from typing import Final

_NS: Final = 1_000_000_000

KEYS_MAX: Final = 10_000
"""Keys remembered; the least recently used is forgotten first (and so starts full again)."""


class TokenBuckets:
    """One bucket per key. `per_s` tokens flow in each second, up to `burst`.

    Levels are counted in nanoseconds of flow, so nothing is rounded.
    """

    def __init__(
        self, tokens: int, period_s: int, burst: int, clock_ns: Callable[[], int] = monotonic_ns
    ) -> None:
        """`tokens` per `period_s` seconds, at most `burst` at once."""
        self._cost_ns = period_s * _NS // tokens
        self._level_max_ns = burst * self._cost_ns
        self._clock_ns = clock_ns
        self._buckets: OrderedDict[str, tuple[int, int]] = OrderedDict()

    def take(self, key: str) -> int:
        """Takes a token: 0, or the nanoseconds to wait until there is one."""
        now = self._clock_ns()
        level, then = self._buckets.pop(key, (self._level_max_ns, now))
        level = min(self._level_max_ns, level + now - then)
        wait = max(0, self._cost_ns - level)
        self._buckets[key] = (level if wait else level - self._cost_ns, now)
        if len(self._buckets) > KEYS_MAX:
            self._buckets.popitem(last=False)
        return wait

    def take_s(self, key: str) -> int:
        """As `take`, in whole seconds rounded up."""
        return -(-self.take(key) // _NS)
