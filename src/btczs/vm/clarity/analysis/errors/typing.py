"""Kinds about types: what does not match, what is too large, what cannot be known."""

from btczs.codec.clarity.types import ValueType
from btczs.vm.clarity.analysis.errors.base import StaticKind


class TypeError(StaticKind):
    """Something of the wrong type."""

    template = "expected {expected}, found {actual}"
    expected: ValueType
    actual: ValueType


class UnionTypeError(StaticKind):
    """None of the types that would do."""

    template = "expected {expected}, found {actual}"
    expected: tuple[ValueType, ...]
    actual: ValueType


class ExpectedOptionalType(StaticKind):
    template = "expected an optional, found {actual}"
    actual: ValueType


class ExpectedResponseType(StaticKind):
    template = "expected a response, found {actual}"
    actual: ValueType


class ExpectedOptionalOrResponseType(StaticKind):
    template = "expected an optional or a response, found {actual}"
    actual: ValueType


class ExpectedSequence(StaticKind):
    template = "expected a list, buffer or string, found {actual}"
    actual: ValueType


class ExpectedTuple(StaticKind):
    template = "expected a tuple, found {actual}"
    actual: ValueType


class ExpectedCallableType(StaticKind):
    template = "expected a contract that can be called, found {actual}"
    actual: ValueType


class BadMatchInput(StaticKind):
    template = "match takes an optional or a response, found {actual}"
    actual: ValueType


class IfArmsMustMatch(StaticKind):
    template = "both arms of if must have one type, but they are {first} and {second}"
    first: ValueType
    second: ValueType


class MatchArmsMustMatch(StaticKind):
    template = "both arms of match must have one type, but they are {first} and {second}"
    first: ValueType
    second: ValueType


class DefaultTypesMustMatch(StaticKind):
    template = "default-to needs a default of the type it replaces: found {first} for {second}"
    first: ValueType
    second: ValueType


class ReturnTypesMustMatch(StaticKind):
    """Early returns (`asserts!`, `try!`, `unwrap!`) and the end of a function disagree."""

    template = "the function returns {first} in one place and {second} in another"
    first: ValueType
    second: ValueType


class PublicFunctionMustReturnResponse(StaticKind):
    template = "a public function must return a response, this one returns {actual}"
    actual: ValueType


class CouldNotDetermineType(StaticKind):
    template = "the type of this expression is not determined"


class CouldNotDetermineResponseOkType(StaticKind):
    template = "this response is never ok, so there is no value to take out"


class CouldNotDetermineResponseErrType(StaticKind):
    template = "this response is never err, so there is no value to take out"


class CouldNotDetermineMatchTypes(StaticKind):
    template = (
        "one side of this optional or response never occurs, so match cannot bind its value;"
        " unwrap-panic or unwrap-err-panic take the other side"
    )


class CouldNotDetermineSerializationType(StaticKind):
    template = "this value may contain anything, so it cannot be turned into bytes"


class UncheckedIntermediaryResponses(StaticKind):
    template = "the response of this expression is dropped: use try!, unwrap! or match on it"


class SupertypeTooLarge(StaticKind):
    template = "the common type of these expressions is larger than a value may be"


class ValueTooLarge(StaticKind):
    template = "values of this type could be larger than 1 MiB"


class ValueOutOfBounds(StaticKind):
    template = "a length cannot be negative"


class TypeSignatureTooDeep(StaticKind):
    template = "this type nests more than 32 levels"


class ConstructedListTooLarge(StaticKind):
    template = "this list could become larger than a value may be"


class MaxLengthOverflow(StaticKind):
    template = "a sequence has at most 4294967295 items"


class InvalidTypeDescription(StaticKind):
    template = "this is not the description of a type"


class UnknownTypeName(StaticKind):
    template = "there is no type {name}"
    name: str


class EmptyTuplesNotAllowed(StaticKind):
    template = "a tuple has at least one field"


class BadTupleFieldName(StaticKind):
    template = "a field of a tuple is written as a name"


class BadTupleConstruction(StaticKind):
    template = "this is no tuple: {reason}"
    reason: str


class NoSuchTupleField(StaticKind):
    template = "there is no field {name} in {tuple_type}"
    name: str
    tuple_type: ValueType
