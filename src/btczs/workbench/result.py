"""What a call on a simulated chain gave, with the checks that tests make of it."""

from typing import Any, Final

import msgspec

from btczs.codec.clarity.values import (
    ContractPrincipal,
    ErrValue,
    NoneValue,
    OkValue,
    Principal,
    SomeValue,
    Value,
)
from btczs.vm.clarity.costs import ExecutionCost
from btczs.vm.clarity.errors import ClarityError
from btczs.vm.clarity.outcome import Outcome
from btczs.vm.clarity.runtime.events import ContractEvent, PrintEvent
from btczs.workbench.texts import value_source
from btczs.workbench.values import to_python

ANYTHING: Final = object()


class ExpectationFailed(AssertionError):
    """A call did not give what the test expected."""


class Result(msgspec.Struct, frozen=True, eq=False):
    """The result of one deployment, call, read or evaluation."""

    what: str
    """The call as Clarity text."""
    contract: ContractPrincipal
    function: str
    """Empty for deployments and evaluations."""
    sender: Principal
    outcome: Outcome

    @property
    def returned(self) -> Value | None:
        """The Clarity value; None if there was none or it failed."""
        return self.outcome.value

    @property
    def value(self) -> Any:
        """The returned value in Python; responses are `Ok(…)` and `Err(…)`."""
        self._check_no_error("a value")
        return None if self.outcome.value is None else to_python(self.outcome.value)

    @property
    def is_ok(self) -> bool:
        """Whether `(ok …)` was returned."""
        return isinstance(self.outcome.value, OkValue)

    @property
    def is_err(self) -> bool:
        """Whether `(err …)` was returned."""
        return isinstance(self.outcome.value, ErrValue)

    @property
    def ok(self) -> Any:
        """The value inside `(ok …)` in Python. Raises `ExpectationFailed`."""
        return self.expect_ok()

    @property
    def err(self) -> Any:
        """The value inside `(err …)` in Python. Raises `ExpectationFailed`."""
        return self.expect_err()

    @property
    def error(self) -> ClarityError | None:
        """Why execution stopped, if it did."""
        return self.outcome.error

    @property
    def events(self) -> tuple[ContractEvent, ...]:
        return self.outcome.events

    @property
    def prints(self) -> list[Any]:
        """The printed values in Python."""
        return [to_python(e.value) for e in self.outcome.events if isinstance(e, PrintEvent)]

    @property
    def cost(self) -> ExecutionCost:
        return self.outcome.cost

    @property
    def text(self) -> str:
        """The returned value, or the error, as people read it."""
        if self.outcome.error is not None:
            return f"aborted [{self.outcome.error.kind}] {self.outcome.error}"
        return "nothing" if self.outcome.value is None else value_source(self.outcome.value)

    def expect(self, expected: Any) -> Any:
        """The value, which must be `expected` (Python). Raises `ExpectationFailed`."""
        value = self.value
        if value != expected:
            raise self._failed(repr(expected))
        return value

    def expect_ok(self, expected: Any = ANYTHING) -> Any:
        """The value inside `(ok …)`. Raises `ExpectationFailed` if it is none, or another."""
        if not isinstance(self.outcome.value, OkValue):
            raise self._failed("(ok …)")
        return self._inside(self.outcome.value.value, expected, "ok")

    def expect_err(self, expected: Any = ANYTHING) -> Any:
        """The value inside `(err …)`. Raises `ExpectationFailed` if it is none, or another."""
        if not isinstance(self.outcome.value, ErrValue):
            raise self._failed("(err …)")
        return self._inside(self.outcome.value.value, expected, "err")

    def expect_some(self, expected: Any = ANYTHING) -> Any:
        """The value inside `(some …)`. Raises `ExpectationFailed` if it is none, or another."""
        if not isinstance(self.outcome.value, SomeValue):
            raise self._failed("(some …)")
        return self._inside(self.outcome.value.value, expected, "some")

    def expect_none(self) -> None:
        """Raises `ExpectationFailed` unless the value is `none`."""
        if not isinstance(self.outcome.value, NoneValue):
            raise self._failed("none")

    def expect_abort(self, kind: str | None = None) -> ClarityError:
        """The error that stopped the execution, of that kind. Raises `ExpectationFailed`."""
        error = self.outcome.error
        if error is None or (kind is not None and error.kind != kind):
            raise self._failed(f"an error {kind}" if kind else "an error")
        return error

    def expect_print(self, expected: Any) -> None:
        """Raises `ExpectationFailed` unless `expected` (Python) was printed."""
        if expected not in self.prints:
            raise ExpectationFailed(
                f"{self.what} should have printed {expected!r}; it printed {self.prints!r}"
            )

    def _inside(self, value: Value, expected: Any, side: str) -> Any:
        inside = to_python(value)
        if expected is not ANYTHING and inside != expected:
            raise self._failed(f"({side} {expected!r})")
        return inside

    def _check_no_error(self, wanted: str) -> None:
        if self.outcome.error is not None:
            raise self._failed(wanted)

    def _failed(self, wanted: str) -> ExpectationFailed:
        return ExpectationFailed(f"{self.what} should have given {wanted}; it gave {self.text}")
