"""What can go wrong with a contract: five families, one class per kind.

- `ParseError`: the text is no program. - `StaticError`: the program is refused by analysis.
- `RuntimeCheck`: a rule that execution checks because analysis could not. - `ExecutionAborted`: an
arithmetic overflow, a failed unwrap, too deep a stack. - `EarlyReturn`: `asserts!`, `try!` or
`unwrap!` outside of any function.
- `LimitExceeded`: costs or memory; such a transaction cannot be in a block at all.

The class name is the kind, spelled as the reference implementation spells it, because tools compare
kinds. Positions are those of the source (`Span`), where there is one.
"""

import re
from typing import TYPE_CHECKING, Any, ClassVar

from btczs.primitives.errors import InvalidInput

if TYPE_CHECKING:  # the reader raises these errors, so importing it here would be a circle
    from btczs.vm.clarity.reader.span import Span


class ClarityError(InvalidInput):
    """Root of the errors of contracts. `kind` names the rule that was broken."""

    kind: ClassVar[str] = "ClarityError"
    code: ClassVar[str] = "clarity"

    def __init_subclass__(cls) -> None:
        cls.kind = cls.__name__
        cls.code = "clarity_" + re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).lower()

    def __init__(self, message: str, span: "Span | None" = None, **fields: Any) -> None:
        super().__init__(message)
        self.span = span
        self.__dict__.update(fields)


class ParseError(ClarityError):
    """The source text is not a program."""


class StaticError(ClarityError):
    """Analysis refuses the program: it cannot be deployed, the fee is kept."""


class RuntimeCheck(ClarityError):
    """A check of types or names failed during execution: the transaction is undone."""


class ExecutionAborted(ClarityError):
    """The execution cannot go on: the transaction is undone."""


class EarlyReturn(ClarityError):
    """A value was returned where no function is; the value is the field `value`."""


class LimitExceeded(ClarityError):
    """Costs or memory are beyond the limit: the transaction cannot be in this block."""


class CostBalanceExceeded(LimitExceeded):
    """Fields: `total` and `limit`, five dimensions each."""


class CostOverflow(LimitExceeded):
    """A cost does not fit 64 bits."""


class MemoryBalanceExceeded(LimitExceeded):
    """Fields: `used`, `limit`, in bytes."""
