"""Probes of unclear rules, with the answers of the reference interpreter (as its tools embed it)."""

import re
from typing import Any

import pytest
from exclusions import KNOWN_WRONG, NO_EXPECTATION, OTHER_EPOCH, epoch_rule, excluded, note
from reference_errors import UNKNOWN, kind_of_text, same_kind
from results import Result, result_of
from vector_files import cases
from worlds import TRANSIENT_TEXT, World

from btczs.codec.clarity import decode_value, encode_value
from btczs.vm.clarity import Outcome

CASES = cases("clarity/trap_vectors.json")
DEFAULT_NAME = "p1"
_REFUSED = re.compile(r"is not a public function$")


def contract_name(case: dict[str, Any]) -> str:
    """The name under which the program was deployed, where an answer shows it."""
    names = {setup["name"] for setup in case["setup"] or []}
    answers = [case["oracle"], *case["oracle_calls"]]
    for answer in answers:
        for name in re.findall(rf"{TRANSIENT_TEXT}\.([\w-]+)", str(answer["result"])):
            if name not in names:
                return str(name)
    return DEFAULT_NAME


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_trap(request: pytest.FixtureRequest, case: dict[str, Any]) -> None:
    world = World()
    for setup in case["setup"] or []:
        outcome = world.deploy(setup["name"], setup["code"], setup["clarity_version"])
        assert outcome.error is None, f"the set-up fails: {outcome.error}"
    name = contract_name(case)
    outcome = world.deploy(name, case["code"], case["clarity_version"])
    compare(request, case, case["oracle"], outcome)
    for call, answer in zip(case["calls"] or [], case["oracle_calls"]):
        args = [decode_value(bytes.fromhex(arg.removeprefix("0x"))) for arg in call["args"]]
        contract = world.contract(name)
        function = world.machine.analysis(contract).function(call["fn"])
        if (
            function is not None
            and call["fn"] in world.machine.analysis(contract).read_only_functions
        ):
            outcome = world.machine.read(contract, call["fn"], args, sender=world.deployer)
        else:
            outcome = world.call(name, call["fn"], args)
        compare(request, case, answer, outcome)


def compare(
    request: pytest.FixtureRequest, case: dict[str, Any], answer: dict[str, Any], outcome: Outcome
) -> None:
    result = result_of(outcome)
    if _REFUSED.search(str(answer["error"])):
        note(request, case["id"], f"{NO_EXPECTATION}: read-only functions were not called there")
        return
    if agrees(request, case, answer, outcome, result):
        return
    if reason := epoch_rule(case, case["code"]) or _older_oracle(case):
        excluded(request, case["id"], reason)
    wanted = answer["error"] if answer["error"] else answer["result"]
    pytest.fail(f"{case['code']}\nexpected {wanted}\ngot {result}", pytrace=False)


def agrees(
    request: pytest.FixtureRequest,
    case: dict[str, Any],
    answer: dict[str, Any],
    outcome: Outcome,
    result: Result,
) -> bool:
    if not answer["ok"]:
        return _agrees_with_error(request, case, answer, result)
    if result.error is not None:
        return False
    if answer["hex"] is None:
        return True
    # A program of definitions only answers `true` there and nothing here.
    return outcome.value is not None and "0x" + encode_value(outcome.value).hex() == answer["hex"]


def _agrees_with_error(
    request: pytest.FixtureRequest, case: dict[str, Any], answer: dict[str, Any], result: Result
) -> bool:
    if result.error is None:
        return False
    is_static = result.stage in ("parse", "static")
    if is_static != (answer["error_kind"] == "static"):
        return False
    kind = kind_of_text(answer["error"])
    if same_kind(result.error, kind):
        return True
    if result.stage == "parse" or result.error == "CircularReference":
        # Those tools go on to analyse what did not parse, and answer the last complaint.
        note(request, case["id"], f"{KNOWN_WRONG}: the kind of error (a later complaint is shown)")
        return True
    return kind == UNKNOWN


def _older_oracle(case: dict[str, Any]) -> str | None:
    """The interpreter in those tools is older than the release whose epoch it claims to run."""
    reason = epoch_rule({"epoch": "3.4"}, case["code"])
    return reason and f"{OTHER_EPOCH}, which the interpreter that answered still has: {reason}"
