"""What is known about a rule in the end, and how well."""

from typing import Literal

import msgspec

from btczs.workbench.verify.spec import Rule

Status = Literal[
    "proved", "refuted", "unknown", "not in the subset", "searched", "violated", "invalid"
]
"""`searched`: nothing was found, which proves nothing. `invalid`: the rule cannot be evaluated."""

BAD: frozenset[str] = frozenset({"refuted", "violated", "invalid"})


class CallShown(msgspec.Struct, frozen=True):
    """A step of a counterexample."""

    text: str
    sender: str
    result: str


class Verdict(msgspec.Struct, frozen=True):
    """One rule and its status. `note` says how it is known, or why it is not."""

    rule: Rule
    status: Status
    note: str
    calls: tuple[CallShown, ...] = ()
    """The shortest sequence that breaks an invariant."""
    model: tuple[tuple[str, str], ...] = ()
    """Values for which a proof fails, by name."""
