"""Snippets of the reference implementation's unit tests: values, types, and kinds of errors.

`exec` runs without analysis, as those tests do: execution then meets what analysis would refuse.
`type` and `mem` only analyse.
"""

import re
from typing import Any

import pytest
from exclusions import NOT_EVALUATED, excluded, explanation, former_checker
from judging import judge
from reference_errors import kind_of_debug, same_kind
from reference_text import type_text
from results import Result, result_of, result_of_error
from vector_files import cases
from worlds import TRANSIENT, FixedChain, World

from btczs.vm.clarity import CostMeter
from btczs.vm.clarity.analysis import ContractAnalysis, NoContracts, analyze, order_definitions
from btczs.vm.clarity.analysis.checker import check_types
from btczs.vm.clarity.costs import UNLIMITED
from btczs.vm.clarity.errors import ClarityError
from btczs.vm.clarity.names import LATEST, VERSIONS, ClarityVersion
from btczs.vm.clarity.reader import parse

CASES = cases("clarity/core_tests.json")
FUNDED_BALANCE = 1_000_000_000
CONTRACT = "contract"


_AT_LATEST = ("type_check_helper", "mem_type_check")
"""What the suite of the present type checker calls to check something at the newest version."""


def version_of(case: dict[str, Any]) -> ClarityVersion:
    """The version to run: that of the suite, given, or named by the test, or the newest."""
    if case["via"] in _AT_LATEST and "/v2_1/" in case["file"]:
        return LATEST
    if case.get("run_version"):
        return case["run_version"]
    for name in case.get("versions") or []:
        if match := re.fullmatch(r"Clarity(\d)", name):
            return VERSIONS[int(match[1]) - 1]
    return LATEST


def world_of(case: dict[str, Any]) -> World:
    """The suite of post-conditions gives its sender and its contract money; others do not."""
    is_mainnet = "mainnet" in (case.get("versions") or [])
    chain = FixedChain(is_mainnet=is_mainnet, is_regtest=True)
    world = World(chain)
    if not case["file"].endswith("post_conditions.rs"):
        return world
    return World(chain, {TRANSIENT: FUNDED_BALANCE, world.contract(CONTRACT): FUNDED_BALANCE})


def run(case: dict[str, Any], code: str) -> Result:
    """The result of `code` without analysis."""
    return result_of(world_of(case).deploy(CONTRACT, code, version_of(case), analyse=False))


def analyse(case: dict[str, Any]) -> Result:
    """The type of the last expression, or the kind of the refusal."""
    world = World()
    meter = CostMeter(UNLIMITED)
    version = version_of(case)
    try:
        program = parse(world.contract("transient"), case["code"], version, meter)
        if case["kind"] == "mem":
            analysis = analyze(program, version, NoContracts(), meter)
        else:
            # These tests run the type checker alone.
            analysis = ContractAnalysis(program.contract, version, program)
            analysis.order = order_definitions(program, meter)
            check_types(analysis, NoContracts(), meter)
    except ClarityError as error:
        return result_of_error(error)
    found = analysis.types.get(analysis.order[-1].id) if analysis.order else None
    return Result(value=None if found is None else type_text(found))


def case_name(case: dict[str, Any]) -> str:
    return f"{case['kind']}-{case['id']}-{case['fn']}"


@pytest.mark.parametrize("case", CASES, ids=case_name)
def test_core(request: pytest.FixtureRequest, case: dict[str, Any]) -> None:
    if case["kind"] == "exec":
        judge(request, case, run(case, case["code"]), lambda code: run(case, code))
    else:
        _judge_analysis(request, case, analyse(case))


def _judge_analysis(request: pytest.FixtureRequest, case: dict[str, Any], result: Result) -> None:
    expected = case["expected"]
    if "rust" in expected:
        excluded(request, case["id"], NOT_EVALUATED)
    if "error" in expected:
        kind = kind_of_debug(expected["error"])
        agrees = result.error is not None and (
            same_kind(result.error, kind)
            # The suite hands on a failure of the parser as this kind.
            or (kind == "Unreachable" and result.stage == "parse")
        )
    elif "string" in expected:
        agrees = result.error is None and result.value == expected["string"]
    else:
        # The type is given as source text of another language: that there is one is judged.
        agrees = result.error is None
    if agrees:
        return
    former = former_checker(case, result.error is not None)
    if reason := explanation(case, case["code"]) or former:
        excluded(request, case["id"], reason)
    pytest.fail(f"{case['code']}\nexpected {expected}\ngot {result}", pytrace=False)
