"""Programs that two independent implementations were made to agree on: analysed, then run."""

from typing import Any

import pytest
from judging import judge
from results import Result, result_of
from test_core_tests import version_of
from vector_files import cases
from worlds import TRANSIENT, World, zero_chain

CASES = cases("clarity/wasm_crosscheck.json")
BALANCE = 1_000_000_000


def run(case: dict[str, Any], code: str) -> Result:
    world = World(zero_chain(), {TRANSIENT: BALANCE})
    return result_of(world.deploy("snippet", code, version_of(case)))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['id']}-{case['fn']}")
def test_crosscheck(request: pytest.FixtureRequest, case: dict[str, Any]) -> None:
    judge(request, case, run(case, case["code"]), lambda code: run(case, code))
