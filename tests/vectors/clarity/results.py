"""What a program gave, in the terms of the vectors: a text, nothing, or a kind of error."""

import msgspec
from reference_text import value_text

from btczs.codec.clarity.values import Value
from btczs.vm.clarity import Outcome
from btczs.vm.clarity.errors import ClarityError, ParseError, StaticError


class Result(msgspec.Struct, frozen=True):
    """The text of a value, None for no value, or the kind of an error and the stage it came from."""

    value: str | None = None
    error: str | None = None
    stage: str | None = None
    detail: str = ""

    def __str__(self) -> str:
        if self.error is not None:
            return f"{self.stage} error {self.error}: {self.detail}"
        return "no value" if self.value is None else self.value


def result_of_value(value: Value | None) -> Result:
    return Result(value=None if value is None else value_text(value))


def result_of_error(error: ClarityError) -> Result:
    """`stage` is parse, static or runtime."""
    stage = "runtime"
    if isinstance(error, ParseError):
        stage = "parse"
    elif isinstance(error, StaticError):
        stage = "static"
    return Result(error=error.kind, stage=stage, detail=str(error))


def result_of(outcome: Outcome) -> Result:
    if outcome.error is not None:
        return result_of_error(outcome.error)
    return result_of_value(outcome.value)
