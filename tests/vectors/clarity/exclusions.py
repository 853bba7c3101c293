"""Why a case is not judged: rules about the case, never lists of cases.

A rule looks at what the case says of itself (its epoch, its code, its label) and, for the second
kind, at how our result differs. `excluded` marks the test as skipped and reports the reason at the
end of the run; a difference that no rule explains fails.
"""

import re
from collections.abc import Callable
from typing import Any, NoReturn

import pytest

from btczs.vm.clarity.names import LATEST, natives_of

Case = dict[str, Any]

EXCLUDED = "excluded"
"""The property of a test's report that holds (reason, case)."""

OTHER_EPOCH = "another epoch's rule"
CHAIN_DATA = "synthetic chain data"
NOT_EVALUATED = "not evaluated (source text of another language)"
KNOWN_WRONG = "expectation known wrong"
NO_EXPECTATION = "no expectation"

CATEGORIES = (OTHER_EPOCH, CHAIN_DATA, NOT_EVALUATED, KNOWN_WRONG, NO_EXPECTATION)
"""Every reason begins with one of these."""


def excluded(request: pytest.FixtureRequest, case_name: str, reason: str) -> NoReturn:
    """Skips the running test as `case_name`, for `reason`."""
    note(request, case_name, reason)
    pytest.skip(reason)


def note(request: pytest.FixtureRequest, case_name: str, reason: str) -> None:
    """Reports that a part of the running test is not judged."""
    assert reason.startswith(CATEGORIES), f"no category: {reason}"
    request.node.user_properties.append((EXCLUDED, (reason, case_name)))


def epoch_number(text: str | None) -> tuple[int, ...]:
    """`"2.05"`, `"Epoch2_05"` or `"Epoch34"` as a number to compare; (4, 0) if unknown.

    2.05 comes between 2.0 and 2.1.
    """
    digits = re.sub(r"[^0-9]", "", text or "40")
    return tuple(int(digit) for digit in digits)


EPOCH_4_0 = (4, 0)
FIRST_OF_PRESENT_CHECKER = (2, 1)


def has_word(code: str, *words: str) -> bool:
    """Whether one of `words` stands in the code as a whole word."""
    return any(re.search(rf"(?<![\w?!-]){re.escape(word)}(?![\w?!-])", code) for word in words)


_EMPTY_SEQUENCE = re.compile(
    r"\(list\s*\)|\"\"|0x(?![0-9a-fA-F])|\(filter\b|\(slice\?|\(as-max-len\?"
)


def _maps_empty_sequence(code: str) -> bool:
    return has_word(code, "map") and _EMPTY_SEQUENCE.search(code) is not None


EpochRule = tuple[tuple[int, ...], str, Callable[[str], bool]]

EPOCH_RULES: tuple[EpochRule, ...] = (
    # (first epoch with the present rule, what changed, whether the code can show it)
    ((4, 0), "`map` over an empty sequence ran once", _maps_empty_sequence),
    ((4, 0), "`merge` could exceed the size of a value", lambda code: has_word(code, "merge")),
    ((3, 4), "`at-block` existed", lambda code: has_word(code, "at-block")),
    (
        (3, 4),
        "contracts in constants could not be called",
        lambda code: has_word(code, "contract-call?") and has_word(code, "define-constant"),
    ),
    (
        (3, 4),
        "any principal version could be decoded",
        lambda code: has_word(code, "from-consensus-buff?"),
    ),
    ((3, 4), "the call stack was half as deep", lambda code: code.count("(") > 60),
    (
        (3, 0),
        "`block-height` counted blocks",
        lambda code: has_word(code, "block-height"),
    ),
)


def epoch_rule(case: Case, code: str) -> str | None:
    """A rule of the case's own epoch that differs from ours and that the code can show."""
    epoch = epoch_number(case.get("run_epoch") or case.get("epoch"))
    for since, change, shows in EPOCH_RULES:
        if epoch < since and shows(code):
            return f"{OTHER_EPOCH}: before epoch {'.'.join(map(str, since))} {change}"
    return None


_CHAIN_WORDS = (
    "get-block-info?",
    "get-burn-block-info?",
    "get-stacks-block-info?",
    "get-tenure-info?",
    "block-height",
    "burn-block-height",
    "stacks-block-height",
    "tenure-height",
    "stacks-block-time",
    "at-block",
    "stx-liquid-supply",
)


def chain_data(code: str) -> str | None:
    """The result depends on blocks that only the original suite has."""
    for word in _CHAIN_WORDS:
        if has_word(code, word):
            return f"{CHAIN_DATA}: `{word}`"
    return None


def _other_version(case: Case) -> str | None:
    """A test that loops over versions, whose expectation for another version was recorded."""
    match = re.match(r"ExpectedAllowanceExpr\('([^']+)'\)", str(case["expected"].get("error")))
    version = case.get("run_version") or LATEST
    if match and match[1] in natives_of(version):
        return f"{KNOWN_WRONG}: it is that of versions without `{match[1]}`"
    return None


_DISAGREES = re.compile(r"DIS_|type_run_err")


def former_checker(case: Case, is_refused: bool) -> str | None:
    """A program that both type checkers refuse, each for a reason of its own."""
    if epoch_number(case.get("run_epoch")) >= FIRST_OF_PRESENT_CHECKER or not is_refused:
        return None
    if "error" not in case["expected"]:
        return None
    return f"{OTHER_EPOCH}: before epoch 2.1 the type checker refused for another reason"


def explanation(case: Case, code: str) -> str | None:
    """Why a result may differ from the expectation of the case; None: it may not."""
    if reason := epoch_rule(case, code):
        return reason
    if reason := chain_data(code):
        return reason
    if reason := _other_version(case):
        return reason
    if _DISAGREES.match(str(case.get("oracle", ""))):
        return f"{KNOWN_WRONG}: the reference interpreter disagrees ({case['oracle']})"
    return None
