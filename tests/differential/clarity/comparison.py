"""Where the two sides differ, and why they may.

The interpreter on the other side is some weeks older than the release whose rules this project
follows, and its tools show the last complaint about a program, not the first. Every rule below
follows from one of these two facts; a difference that no rule explains is a finding.
"""

import re
from collections.abc import Callable

import msgspec
from msgspec import structs
from tests.differential.clarity.answers import Answer, Report
from tests.differential.clarity.emulation import REASONS, run_as_there
from tests.differential.clarity.generator import Program
from tests.differential.clarity.reference_kinds import UNKNOWN, same_kind

COMPOUND_PREFIXES = ("0b0000", "0c0000")
"""How the encodings of short lists and tuples begin."""


_REFUSED = re.compile(r"is not a (public|read-only|read_only|private) function")


class Difference(msgspec.Struct, frozen=True):
    """`what` differs (acceptance, value, kind, prints), at a deployment or a call."""

    what: str
    place: str
    ours: str
    theirs: str
    explained: str | None = None


def compare(program: Program, ours: Report, theirs: Report) -> list[Difference]:
    """All differences, explained or not; after the first in acceptance the rest means nothing."""
    found = _differences(program, ours, theirs)
    for word, reason in REASONS.items():
        if has_open(found) and f"({word} " in program.code:
            as_there = _differences(program, run_as_there(program, word), theirs)
            if not has_open(as_there):
                found = [structs.replace(d, explained=d.explained or reason) for d in found]
    return found


def has_open(differences: list[Difference]) -> bool:
    """Whether a difference is not explained."""
    return any(difference.explained is None for difference in differences)


def _differences(program: Program, ours: Report, theirs: Report) -> list[Difference]:
    found = _answers("deployment", program, ours.deployment, theirs.deployment)
    if ours.deployment.ok != theirs.deployment.ok:
        return found
    for number, (mine, other) in enumerate(zip(ours.calls, theirs.calls)):
        found += _answers(f"call {number} of {program.calls[number].fn}", program, mine, other)
        if mine.ok != other.ok:
            break
    return found


def _answers(place: str, program: Program, mine: Answer, other: Answer) -> list[Difference]:
    def difference(what: str) -> list[Difference]:
        explained = next(
            (reason for rule, reason in RULES if rule(what, program, mine, other)), None
        )
        return [Difference(what, place, str(mine), str(other), explained)]

    if mine.ok != other.ok:
        return difference("acceptance")
    if not mine.ok:
        assert mine.kind is not None
        assert other.kind is not None
        if (mine.stage == "runtime") != (other.stage == "runtime"):
            return difference("stage")
        return [] if same_kind(mine.kind, other.kind) else difference("kind")
    # A program that only defines has no value here, and some placeholder there.
    if mine.value is not None and mine.value != other.value:
        return difference("value")
    return difference("prints") if mine.prints != other.prints else []


Rule = Callable[[str, Program, Answer, Answer], bool]


def _later_complaint(what: str, _: Program, mine: Answer, other: Answer) -> bool:
    """Analysis goes on there after a program did not parse, and the last complaint is shown."""
    reader = mine.stage == "parse" or mine.kind == "CircularReference"
    return what == "kind" and reader and other.stage == "static"


def _message_without_kind(what: str, _: Program, mine: Answer, other: Answer) -> bool:
    return what == "kind" and other.kind == UNKNOWN and mine.stage == other.stage


def _access_checked(what: str, _: Program, __: Answer, other: Answer) -> bool:
    """The tools refuse a call by the access of the function, without asking the interpreter."""
    return what in ("acceptance", "stage") and _REFUSED.search(other.detail) is not None


def _cannot_load(_: str, __: Program, ___: Answer, other: Answer) -> bool:
    """The WebAssembly build cannot load a contract again whose code nests some 30 levels."""
    return "Failed to deserialize vm.Value" in other.detail


def _oversized_merge(what: str, program: Program, mine: Answer, _: Answer) -> bool:
    """Until this release, `merge` could make a tuple larger than a value may be."""
    return (
        what in ("acceptance", "stage")
        and "(merge " in program.code
        and mine.kind == "ValueTooLarge"
    )


def _compound_argument(what: str, program: Program, mine: Answer, other: Answer) -> bool:
    """Until this release, lists and tuples from outside were not looked into (from Clarity 2 on).

    There the call goes on with them, and returns or fails in its own way.
    """
    args = [arg for call in program.calls for arg in call.args]
    has_compound = any(prefix in arg for arg in args for prefix in COMPOUND_PREFIXES)
    went_on = (what == "acceptance" and other.ok) or what == "kind"
    return program.version >= 2 and mine.kind == "TypeValueError" and went_on and has_compound


RULES: tuple[tuple[Rule, str], ...] = (
    (_later_complaint, "the other side shows the last complaint, not the first"),
    (_message_without_kind, "the message of the other side does not tell its kind"),
    (_cannot_load, "the build there cannot load contracts that nest deeply"),
    (_access_checked, "the tools there check the access of a function themselves"),
    (
        _compound_argument,
        "until this release the insides of lists and tuples from outside were not checked",
    ),
    (_oversized_merge, "`merge` beyond the size of a value"),
)
