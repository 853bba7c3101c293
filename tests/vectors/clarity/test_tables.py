"""The table of costs and the inventory of words equal the reference's."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from exclusions import NO_EXPECTATION, excluded
from vector_files import FOLDER, cases, load

from btczs.vm.clarity.costs import cost_function
from btczs.vm.clarity.costs.table import COSTS_5
from btczs.vm.clarity.names import DEFINES, KEYWORDS, LATEST, NATIVES

DIMENSIONS = ("runtime", "read_count", "read_length", "write_count", "write_length")
U64_MAX = 2**64 - 1
INPUTS = (*range(1, 70), 127, 128, 129, 255, 256, 1023, 1024, 4095, 99_999, 2**20, 2**32 - 1, 2**62)
SHAPES: dict[str, Callable[[int, int, int], int]] = {
    "linear": lambda n, a, b: a * n + b,
    "logn": lambda n, a, b: a * (n.bit_length() - 1) + b,
    "nlogn": lambda n, a, b: a * n * (n.bit_length() - 1) + b,
}


def _formula(text: str) -> Callable[[int], int]:
    """A formula of the file, such as `linear(n >> 4, 1, 31)` or `logn(n, 1, 2)?`."""
    text = text.removesuffix("?").replace("_", "").strip()
    if text.isdigit():
        return lambda _: int(text)
    match = re.fullmatch(r"([a-z]+)\(\(?n(?:\s*(>>|/)\s*(\d+))?\)?, (\d+), (\d+)\)", text)
    assert match is not None, f"unknown formula {text}"
    shape, operator, operand, a, b = match.groups()
    shift = int(operand or 0)
    assert operator != "/", text
    return lambda n: min(SHAPES[shape](n >> shift, int(a), int(b)), U64_MAX)


def _functions() -> list[tuple[str, dict[str, Any]]]:
    if not (FOLDER / "clarity/cost_table.json").is_file():
        return []
    return sorted(load("clarity/cost_table.json").items())


@pytest.mark.parametrize(("name", "line"), _functions(), ids=lambda value: str(value)[:40])
def test_cost(request: pytest.FixtureRequest, name: str, line: dict[str, Any]) -> None:
    formulas = line["costs_5"]
    if formulas is None or formulas.get("unimplemented"):
        excluded(request, name, f"{NO_EXPECTATION}: costs-5 does not have this function")
    ours = cost_function(name.removeprefix("cost_"))
    for dimension in DIMENSIONS:
        wanted = _formula(formulas.get(dimension, "0"))
        formula = getattr(ours, dimension)
        for n in INPUTS:
            if n >> getattr(formula, "shift", 0) < 1 and "log" in formulas.get(dimension, ""):
                continue
            assert formula(n) == wanted(n), f"{dimension} at {n}"


def test_no_other_cost_functions() -> None:
    functions = _functions()
    if not functions:
        pytest.skip("vectors absent: clarity/cost_table.json")
    assert set(COSTS_5) <= {name.removeprefix("cost_") for name, _ in functions}


@pytest.mark.parametrize("group", ["functions", "keywords", "defines"])
def test_inventory(group: str) -> None:
    words = {
        entry["name"]: (entry["min"], entry["max"] or LATEST)
        for entry in load("clarity/inventory.json")[group]
    }
    ours = {
        "functions": dict(NATIVES),
        "keywords": dict(KEYWORDS),
        "defines": dict.fromkeys(DEFINES, (1, LATEST)),
    }
    assert ours[group] == words


def test_every_word_of_the_inventory_has_an_example() -> None:
    documented = {entry["name"] for entry in cases("clarity/docs_examples.json")}
    if not documented:
        pytest.skip("vectors absent: clarity/docs_examples.json")
    assert documented <= set(NATIVES) | set(KEYWORDS) | set(DEFINES)
