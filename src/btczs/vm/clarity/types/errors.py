"""What can be wrong with a type, told without taking sides.

The same rules are checked before a contract is deployed and while it runs, and the two call some
failures differently. So the functions of this package raise the neutral errors below;
`static_kind` and `runtime_kind` name what each becomes in either place (`analysis.errors`,
`runtime.errors`), where `fields` are given by the same names. A runtime kind of `Unreachable`
means: analysis has excluded it.

All are `UntypedValue`, as are the two errors of size and depth that the types themselves raise.
"""

from typing import Any, ClassVar

from btczs.codec.clarity.errors import TypeTooDeep, UntypedValue, ValueTooLarge
from btczs.codec.clarity.types import ValueType
from btczs.codec.clarity.values import Value
from btczs.vm.clarity.reader.span import Span
from btczs.vm.clarity.types.text import type_text

UNREACHABLE = "Unreachable"


class TypeRuleError(UntypedValue):
    """A rule of types is broken. `span`: where in the source, if it is about an expression."""

    code: ClassVar[str] = "clarity_type_rule"
    static_kind: ClassVar[str] = UNREACHABLE
    runtime_kind: ClassVar[str] = UNREACHABLE

    def __init__(self, message: str, span: Span | None = None, **fields: Any) -> None:
        super().__init__(message)
        self.span = span
        self.fields = fields


class TypeMismatch(TypeRuleError):
    """Two types have no common type, or one does not admit the other."""

    static_kind: ClassVar[str] = "TypeError"
    runtime_kind: ClassVar[str] = "TypeError"

    def __init__(self, expected: ValueType, actual: ValueType, span: Span | None = None) -> None:
        message = f"expected {type_text(expected)}, found {type_text(actual)}"
        super().__init__(message, span, expected=expected, actual=actual)


class TypeMismatchValue(TypeRuleError):
    """A value is not of the type it must have."""

    runtime_kind: ClassVar[str] = "TypeValueError"

    def __init__(self, expected: ValueType, value: Value) -> None:
        message = f"expected a value of type {type_text(expected)}"
        super().__init__(message, expected=expected, value=value)


class ListTypeMismatch(TypeRuleError):
    """An item of a list is not of the type of its items."""

    runtime_kind: ClassVar[str] = "ListTypesMustMatch"


class SupertypeTooLarge(TypeRuleError):
    """The common type of two tuples or lists would be too large or too deep."""

    static_kind: ClassVar[str] = "SupertypeTooLarge"

    def __init__(self) -> None:
        super().__init__("the common type of both is larger than a value may be")


class CouldNotDetermineType(TypeRuleError):
    """Something was asked of a type that is not known."""

    static_kind: ClassVar[str] = "CouldNotDetermineType"
    runtime_kind: ClassVar[str] = "CouldNotDetermineType"

    def __init__(self) -> None:
        super().__init__("the type of this part is not known")


class EmptyTuplesNotAllowed(TypeRuleError):
    """A tuple without fields."""

    static_kind: ClassVar[str] = "EmptyTuplesNotAllowed"

    def __init__(self) -> None:
        super().__init__("a tuple has at least one field")


class DuplicateTupleField(TypeRuleError):
    """A tuple names a field twice. Field: `name`."""

    static_kind: ClassVar[str] = "NameAlreadyUsed"
    runtime_kind: ClassVar[str] = "NameAlreadyUsed"

    def __init__(self, name: str) -> None:
        super().__init__(f"the field {name!r} stands twice in a tuple", name=name)


class InvalidTypeDescription(TypeRuleError):
    """An expression that describes no type."""

    static_kind: ClassVar[str] = "InvalidTypeDescription"


class UnknownTypeName(TypeRuleError):
    """A name that names no type. Field: `name`."""

    static_kind: ClassVar[str] = "UnknownTypeName"

    def __init__(self, name: str, span: Span | None = None) -> None:
        super().__init__(f"there is no type {name!r}", span, name=name)


class ValueOutOfBounds(TypeRuleError):
    """A negative length."""

    static_kind: ClassVar[str] = "ValueOutOfBounds"
    runtime_kind: ClassVar[str] = "ValueOutOfBounds"


class BadSyntaxBinding(TypeRuleError):
    """A list of `(name thing)` pairs with something else in it.

    Fields: `construct` (`Let`, `Eval`: parameters, `TupleCons`), `problem` (`NotList`,
    `InvalidLength`, `NotAtom`), `index` from 0.
    """

    static_kind: ClassVar[str] = "BadSyntaxBinding"

    def __init__(self, construct: str, problem: str, index: int, span: Span | None = None) -> None:
        message = f"item {index + 1} is not a pair of a name and what belongs to it"
        super().__init__(message, span, construct=construct, problem=problem, index=index)


class DefineTraitBadSignature(TypeRuleError):
    """A trait that is no list of `(name (types...) (response ok err))`."""

    static_kind: ClassVar[str] = "DefineTraitBadSignature"


class DefineTraitDuplicateMethod(TypeRuleError):
    """A trait names a method twice. Field: `name`."""

    static_kind: ClassVar[str] = "DefineTraitDuplicateMethod"

    def __init__(self, name: str, span: Span | None = None) -> None:
        super().__init__(f"the method {name!r} stands twice in a trait", span, name=name)


class TraitTooManyMethods(TypeRuleError):
    """Fields: `found`, `allowed`."""

    static_kind: ClassVar[str] = "TraitTooManyMethods"

    def __init__(self, found: int, allowed: int, span: Span | None = None) -> None:
        message = f"a trait has at most {allowed} methods, not {found}"
        super().__init__(message, span, found=found, allowed=allowed)


class TooManyFunctionParameters(TypeRuleError):
    """Fields: `found`, `allowed`."""

    static_kind: ClassVar[str] = "TooManyFunctionParameters"

    def __init__(self, found: int, allowed: int, span: Span | None = None) -> None:
        message = f"a function has at most {allowed} parameters, not {found}"
        super().__init__(message, span, found=found, allowed=allowed)


def static_kind(error: UntypedValue) -> str:
    """Name of the kind that `error` is during analysis."""
    if isinstance(error, TypeRuleError):
        return error.static_kind
    return _shared_kind(error)


def runtime_kind(error: UntypedValue) -> str:
    """Name of the kind that `error` is during execution."""
    if isinstance(error, TypeRuleError):
        return error.runtime_kind
    return _shared_kind(error)


def error_fields(error: UntypedValue) -> dict[str, Any]:
    """The typed fields of `error`."""
    return error.fields if isinstance(error, TypeRuleError) else {}


def _shared_kind(error: UntypedValue) -> str:
    if isinstance(error, ValueTooLarge):
        return "ValueTooLarge"
    return "TypeSignatureTooDeep" if isinstance(error, TypeTooDeep) else UNREACHABLE
