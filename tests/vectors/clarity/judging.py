"""Compares what a program gave with what a case expects: the one place that decides."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from exclusions import NO_EXPECTATION, NOT_EVALUATED, excluded, explanation
from reference_errors import kind_of_debug, same_kind
from results import Result

Case = dict[str, Any]


def judge(
    request: pytest.FixtureRequest,
    case: Case,
    result: Result,
    evaluate: Callable[[str], Result],
) -> None:
    """Passes, skips with a reason, or fails. `evaluate` gives the value of an expression."""
    expected = case["expected"]
    if "rust" in expected or "type_rust" in expected:
        excluded(request, case["id"], NOT_EVALUATED)
    if "no_expectation" in expected:
        excluded(request, case["id"], f"{NO_EXPECTATION}: it only has to run")
    if agrees(expected, result, evaluate):
        return
    if reason := explanation(case, case["code"]):
        excluded(request, case["id"], reason)
    pytest.fail(f"{case['code']}\nexpected {expected}\ngot {result}", pytrace=False)


def agrees(expected: Case, result: Result, evaluate: Callable[[str], Result]) -> bool:
    """Whether `result` is what `expected` says."""
    if "error" in expected:
        return result.error is not None and same_kind(
            result.error, kind_of_debug(expected["error"])
        )
    if "none" in expected:
        return result.error is None and result.value is None
    if "value" in expected:
        return result.value == expected["value"]
    if "expr" in expected:
        wanted = evaluate(expected["expr"])
        assert wanted.error is None, f"the expectation itself fails: {wanted}"
        return result.value == wanted.value
    if "string" in expected:
        return _agrees_with_string(expected["string"], result)
    raise AssertionError(f"unknown kind of expectation: {sorted(expected)}")


def _agrees_with_string(text: str, result: Result) -> bool:
    """A string may hold the digits of a buffer, a value, or the debug text of an error."""
    if result.error is not None:
        return re.match(r"[A-Z]", text) is not None and same_kind(
            result.error, kind_of_debug(text.split("\n")[0])
        )
    return result.value in (text, "0x" + text)
