"""What all benchmarks share: interleaved rounds, medians, ratios to a baseline of the same run.

The machine's speed changes from one second to the next. So rounds of everything that is compared
are taken in turns, each in the same state of the machine, and the median of the rounds counts.
"""

import statistics
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

Samples = dict[str, list[float]]
"""Name -> µs per item, one sample for each round."""


class Size(msgspec.Struct, frozen=True):
    """How much is measured. `quick` is for trying out: its figures mean little."""

    quick: bool = False

    def pick(self, full: int, quick: int) -> int:
        return quick if self.quick else full


class Bar(msgspec.Struct, frozen=True):
    """A figure that must not fall below `at_least`."""

    name: str
    value: float
    at_least: float

    @property
    def is_met(self) -> bool:
        return self.value >= self.at_least


class Table(msgspec.Struct, frozen=True):
    """One comparison. `rows`: name -> median in µs per `unit`; ratios are to row `baseline`."""

    title: str
    unit: str
    baseline: str
    rows: dict[str, float]
    notes: tuple[str, ...] = ()
    bars: tuple[Bar, ...] = ()


def timed(samples: Samples, name: str, count: int, action: Callable[[], T]) -> T:
    """Runs `action`, which works on `count` items, and adds its time to `samples`."""
    started = time.perf_counter()
    result = action()
    add_sample(samples, name, count, time.perf_counter() - started)
    return result


def for_each(work: Callable[..., object], items: Iterable[tuple[Any, ...]]) -> None:
    """Calls `work` with the members of every item; drops what it gives."""
    for item in items:
        work(*item)


def add_sample(samples: Samples, name: str, count: int, seconds: float) -> None:
    samples.setdefault(name, []).append(seconds / count * 1e6)


def medians(samples: Mapping[str, list[float]]) -> dict[str, float]:
    return {name: statistics.median(values) for name, values in samples.items()}


def spread(values: list[float]) -> str:
    """The range of the samples around their median, in percent: how noisy the machine was."""
    middle = statistics.median(values)
    low, high = min(values) / middle - 1, max(values) / middle - 1
    return f"{low * 100:+.0f} % to {high * 100:+.0f} %"


def show(table: Table) -> str:
    """The table as text."""
    base = table.rows[table.baseline]
    lines = [table.title, f"  {'':<50}{'µs per ' + table.unit:>18}{'ratio':>9}"]
    for name, median in table.rows.items():
        mark = "  (the baseline)" if name == table.baseline else ""
        lines.append(f"  {name:<50}{median:>18.2f}{median / base:>9.2f}{mark}")
    lines += [f"  {note}" for note in table.notes]
    for bar in table.bars:
        verdict = "met" if bar.is_met else "NOT MET"
        lines.append(
            f"  bar: {bar.name}: {bar.value:,.2f}, at least {bar.at_least:,.2f}: {verdict}"
        )
    return "\n".join(lines)


def to_data(table: Table) -> dict[str, object]:
    """The table for `--json`: times in µs, ratios, and whether the bars are met."""
    base = table.rows[table.baseline]
    return {
        "title": table.title,
        "unit": f"us_per_{table.unit.replace(' ', '_')}",
        "baseline": table.baseline,
        "rows": {
            name: {"us": round(us, 3), "ratio": round(us / base, 3)}
            for name, us in table.rows.items()
        },
        "notes": list(table.notes),
        "bars": [
            {
                "name": bar.name,
                "value": round(bar.value, 3),
                "at_least": bar.at_least,
                "met": bar.is_met,
            }
            for bar in table.bars
        ],
    }
