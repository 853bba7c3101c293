"""What can go wrong while a contract runs, one class per kind.

Analysis makes most of the checks of types and counts here impossible; they stand because programs
can run without analysis, and because a bug in analysis must not become a wrong result.

Kinds marked `NotIncludable` say that such a transaction cannot stand in a block at all.
"""

from collections.abc import Sequence
from typing import Self

from btczs.codec.clarity import repr_value
from btczs.codec.clarity.errors import UntypedValue
from btczs.codec.clarity.types import ValueType
from btczs.codec.clarity.values import Value
from btczs.vm.clarity.errors import EarlyReturn, ExecutionAborted, RuntimeCheck

_SHOWN_CHARACTERS = 512


class NotIncludable:
    """The transaction cannot be in a block; honest code does not get here."""


class Unreachable(NotIncludable, RuntimeCheck):
    """A program that analysis refuses was run without analysis."""


class ValueTooLarge(RuntimeCheck):
    """A value would be larger than any value may be."""


class TypeSignatureTooDeep(RuntimeCheck):
    """A value would nest more levels than any value may."""


class ValueOutOfBounds(RuntimeCheck):
    """A position or length lies outside of its sequence."""


class ListTypesMustMatch(RuntimeCheck):
    """The items of a list have no common type."""


class TypeError(RuntimeCheck):
    """Fields: `expected`, `found`, both `ValueType`."""


class TypeValueError(RuntimeCheck):
    """Fields: `expected` (`ValueType`), `value`."""

    @classmethod
    def of(cls, expected: ValueType, value: Value) -> Self:
        return cls(
            f"expected a value of type {expected.kind}, found {shown(value)}",
            expected=expected,
            value=value,
        )


class UnionTypeValueError(RuntimeCheck):
    """Fields: `expected` (several `ValueType`), `value`."""

    @classmethod
    def of(cls, expected: Sequence[ValueType], value: Value) -> Self:
        kinds = " or ".join(t.kind for t in expected)
        return cls(f"expected {kinds}, found {shown(value)}", expected=expected, value=value)


class ExpectedContractPrincipalValue(RuntimeCheck):
    """A contract was expected; field `value`."""


class CouldNotDetermineType(RuntimeCheck):
    """A value has no type that the place could use."""


class ReturnTypesMustMatch(RuntimeCheck):
    """A function of a trait returned a type that the trait does not declare."""


class CircularReference(RuntimeCheck):
    """A function or contract is called while it runs."""


class NoSuchContract(RuntimeCheck):
    """Field: `contract`."""


class NoSuchPublicFunction(RuntimeCheck):
    """Fields: `contract`, `function`."""


class ContractCallExpectName(RuntimeCheck):
    """`contract-call?` of something that is no contract."""


class NameAlreadyUsed(RuntimeCheck):
    """Field: `name`."""


class UndefinedFunction(RuntimeCheck):
    """Field: `name`."""


class AtBlockUnavailable(RuntimeCheck):
    """`at-block` exists in old versions but no longer works."""


class IncorrectArgumentCount(RuntimeCheck):
    """Fields: `expected`, `found`."""

    @classmethod
    def of(cls, expected: int, found: int) -> Self:
        return cls(f"expected {expected} arguments, found {found}", expected=expected, found=found)


class TraitReferenceUnknown(RuntimeCheck):
    """Field: `name`."""


class TraitMethodUnknown(RuntimeCheck):
    """Fields: `trait`, `method`."""


class BadTraitImplementation(RuntimeCheck):
    """Fields: `trait`, `method`."""


class InvalidCharactersDetected(RuntimeCheck):
    """A `string-ascii` would hold what it cannot hold."""


class InvalidUTF8Encoding(RuntimeCheck):
    """Bytes that are no UTF-8."""


class CostComputationFailed(RuntimeCheck):
    """A cost function has no result for its input."""


class MemoryBalanceExceeded(RuntimeCheck):
    """Arguments and bindings hold too much. Fields: `used`, `limit`.

    Such a transaction fails and can be in a block, other than where analysis needs too much
    (`vm.clarity.errors.MemoryBalanceExceeded`).
    """


class RestrictAssetsMemoryExceeded(NotIncludable, RuntimeCheck):
    """The allowances of `restrict-assets?` hold too much. Fields: `used`, `limit`."""


class Arithmetic(ExecutionAborted):
    """An operation is not defined for these numbers: a negative exponent, a root, a logarithm."""


class ArithmeticOverflow(ExecutionAborted):
    """A number is beyond 128 bits."""


class ArithmeticUnderflow(ExecutionAborted):
    """A number is below the least of its type."""


class DivisionByZero(ExecutionAborted):
    """Division or remainder by zero."""


class SupplyOverflow(ExecutionAborted):
    """More tokens than the token allows. Fields: `supply`, `limit`."""


class SupplyUnderflow(ExecutionAborted):
    """Fewer tokens than none. Fields: `supply`, `amount`."""


class MaxStackDepthReached(ExecutionAborted):
    """Too many calls are under way."""


class MaxContextDepthReached(ExecutionAborted):
    """Too many levels of bindings."""


class BadBlockHeight(ExecutionAborted):
    """A height that no block has."""


class NoSuchToken(ExecutionAborted):
    """A non-fungible token that nobody owns."""


class NotImplemented(ExecutionAborted):
    """A function that this chain does not offer."""


class NoCallerInContext(ExecutionAborted):
    """`contract-caller` where nobody called."""


class NoSenderInContext(ExecutionAborted):
    """`tx-sender` where nobody sent."""


class UnknownBlockHeaderHash(ExecutionAborted):
    """A block that this chain does not have."""


class BadBlockHash(ExecutionAborted):
    """Bytes that are no block hash."""


class UnwrapFailure(ExecutionAborted):
    """`unwrap-panic` or `unwrap-err-panic` of the wrong side."""


class BlockTimeNotAvailable(ExecutionAborted):
    """The block under execution has no time yet."""


class BadTokenName(ExecutionAborted):
    """An allowance for a token whose name is no name."""


class BadSymbolicRepresentation(NotIncludable, ExecutionAborted):
    """An expression where none of its kind can stand."""


class InvariantViolation(NotIncludable, ExecutionAborted):
    """A rule of the machine itself is broken."""


class InsufficientBalance(NotIncludable, ExecutionAborted):
    """An account would fall below zero."""


class Expect(NotIncludable, ExecutionAborted):
    """A rule of the machine itself is broken."""


class UnwrapFailed(EarlyReturn):
    """`try!`, `unwrap!` or `unwrap-err!` returned; field `value`."""

    value: Value


class AssertionFailed(EarlyReturn):
    """`asserts!` returned; field `value`."""

    value: Value


def shown(value: Value) -> str:
    """A value in a message: as an expression, cut off where it gets long."""
    try:
        text = repr_value(value)
    except UntypedValue:
        return f"a {type(value).__name__}"
    return text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "..."


def check_argument_count(expected: int, args: Sequence[object]) -> None:
    """Raises `IncorrectArgumentCount`."""
    if len(args) != expected:
        raise IncorrectArgumentCount.of(expected, len(args))


def check_arguments_at_least(expected: int, args: Sequence[object]) -> None:
    """Raises `Unreachable`."""
    if len(args) < expected:
        raise Unreachable(f"expected at least {expected} arguments, found {len(args)}")


def check_arguments_at_most(expected: int, args: Sequence[object]) -> None:
    """Raises `Unreachable`."""
    if len(args) > expected:
        raise Unreachable(f"expected at most {expected} arguments, found {len(args)}")
