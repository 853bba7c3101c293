"""The shapes of functions whose arguments are all evaluated and then compared with types.

Such a function is data (see `simple.py`), and it is the only kind of native that `map`, `filter`
and `fold` accept. Each shape answers two questions: may an argument stand at its place, judged by
those before it (`refuse`); and what comes out of all of them (`apply`). An argument that is refused
ends the comparison, but all arguments are checked first, for their own errors go before. Costs are
those of the reference implementation, also when the check fails.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from btczs.codec.clarity.types import (
    BOOL,
    INT,
    UINT,
    VALUE_SIZE_MAX,
    ValueType,
    ascii_type,
    buffer_type,
    utf8_type,
)
from btczs.vm.clarity.analysis import errors
from btczs.vm.clarity.analysis.checker.charges import Charges
from btczs.vm.clarity.errors import StaticError
from btczs.vm.clarity.reader.span import Span
from btczs.vm.clarity.reader.syntax import Expr, Form
from btczs.vm.clarity.types.admission import admits_type

if TYPE_CHECKING:
    from btczs.vm.clarity.analysis.checker.checker import TypeChecker

Types = Sequence[ValueType]
Places = Sequence[Expr]


class Handler(Protocol):
    """Checks an application of a native: gives its type, or raises `StaticError`."""

    def __call__(self, checker: "TypeChecker", form: Form, /) -> ValueType: ...


class Signature:
    """A shape of function. `item`: the type that every argument is compared with in `refuse`."""

    item: ValueType | None = None

    def refuse(self, index: int, types: Types, at: Expr) -> StaticError | None:
        """What is wrong with the argument `index`, seen only those before it. Free of cost."""
        raise NotImplementedError

    def apply(self, charges: Charges, types: Types, places: Places, span: Span) -> ValueType:
        """The type of the result. `places` are the expressions that errors point at."""
        raise NotImplementedError

    def __call__(self, checker: "TypeChecker", form: Form) -> ValueType:
        """Checks an application of the function."""
        args = form.items[1:]
        types: list[ValueType] = []
        for arg in args:
            types.append(checker.check(arg))
        return self.judge(checker.charges, types, args, form.span)

    def judge(self, charges: Charges, types: Types, places: Places, span: Span) -> ValueType:
        """The result for arguments of `types`, all of which were checked before."""
        for index, place in enumerate(places):
            refused = self.refuse(index, types, place)
            if refused is None:
                continue
            if self.item is not None:
                for found in types[: index + 1]:
                    charges.type_check(self.item, found)
            if isinstance(refused, errors.IncorrectArgumentCount):
                raise _miscounted(index, len(types), span)
            raise refused
        return self.apply(charges, types, places, span)


class Counted(Signature):
    """A function of a fixed number of arguments: `refuse` looks at nothing else."""

    def __init__(self, arity: int) -> None:
        self.arity = arity

    def refuse(self, index: int, types: Types, at: Expr) -> StaticError | None:
        return _miscounted(self.arity, len(types), at.span) if index >= self.arity else None

    def require_count(self, types: Types, span: Span) -> None:
        """Raises `IncorrectArgumentCount`."""
        if len(types) != self.arity:
            raise _miscounted(self.arity, len(types), span)


class Fixed(Counted):
    """Parameters of given types, one result."""

    def __init__(self, parameters: Sequence[ValueType], returns: ValueType) -> None:
        super().__init__(len(parameters))
        self.parameters = parameters
        self.returns = returns

    def apply(self, charges: Charges, types: Types, places: Places, span: Span) -> ValueType:
        self.require_count(types, span)
        for expected, actual, place in zip(self.parameters, types, places):
            charges.type_check(expected, actual)
            if not admits_type(expected, actual):
                raise _mismatch(expected, actual, place)
        return self.returns


class OneOf(Counted):
    """One argument of any of several types."""

    def __init__(self, options: Sequence[ValueType], returns: ValueType) -> None:
        super().__init__(1)
        self.options = options
        self.returns = returns

    def apply(self, charges: Charges, types: Types, places: Places, span: Span) -> ValueType:
        self.require_count(types, span)
        require_one_of(self.options, types[0], charges, places[0])
        return self.returns


class Shift(Counted):
    """`int` or `uint`, moved by a `uint`."""

    def __init__(self) -> None:
        super().__init__(2)

    def apply(self, charges: Charges, types: Types, places: Places, span: Span) -> ValueType:
        self.require_count(types, span)
        moved, by = types
        require_one_of((INT, UINT), moved, charges, places[0])
        charges.type_check(UINT, by)
        if by.kind != "uint":
            raise _mismatch(UINT, by, places[1])
        return moved


class Variadic(Signature):
    """One or more arguments of one type."""

    def __init__(self, item: ValueType, returns: ValueType) -> None:
        self.item: ValueType = item
        self.returns = returns

    def refuse(self, index: int, types: Types, at: Expr) -> StaticError | None:
        actual = types[index]
        return None if admits_type(self.item, actual) else _mismatch(self.item, actual, at)

    def apply(self, charges: Charges, types: Types, places: Places, span: Span) -> ValueType:
        _require_some(types, span)
        for actual, place in zip(types, places):
            charges.type_check(self.item, actual)
            if not admits_type(self.item, actual):
                raise _mismatch(self.item, actual, place)
        return self.returns


class Numbers(Signature):
    """One or more numbers, all `int` or all `uint`."""

    item = INT

    def refuse(self, index: int, types: Types, at: Expr) -> StaticError | None:
        return _refuse_number(types[0], types[index], at)

    def apply(self, charges: Charges, types: Types, places: Places, span: Span) -> ValueType:
        _require_some(types, span)
        return _same_numbers(charges, types, places)


class CountedNumbers(Counted):
    """A given count of numbers, all `int` or all `uint`."""

    def apply(self, charges: Charges, types: Types, places: Places, span: Span) -> ValueType:
        self.require_count(types, span)
        return _same_numbers(charges, types, places)


class Comparison(Counted):
    """Two values that have an order. Clarity 1 orders numbers only (`numbers_only`)."""

    options = (
        INT,
        UINT,
        ascii_type(VALUE_SIZE_MAX),
        utf8_type(VALUE_SIZE_MAX // 4),
        buffer_type(VALUE_SIZE_MAX),
    )

    def __init__(self, *, numbers_only: bool) -> None:
        super().__init__(2)
        options = self.options[:2] if numbers_only else self.options
        self.kinds = frozenset(option.kind for option in options)

    def apply(self, charges: Charges, types: Types, places: Places, span: Span) -> ValueType:
        self.require_count(types, span)
        first, second = types
        charges.type_check(INT, first)
        charges.type_check(INT, second)
        if first.kind not in self.kinds:
            raise _of_none(self.options, first, places[0])
        if first.kind != second.kind:
            raise _mismatch(first, second, places[1])
        return BOOL


def require_one_of(options: Types, actual: ValueType, charges: Charges, at: Expr) -> None:
    """Raises `UnionTypeError` if none of `options` admits `actual`."""
    for option in options:
        charges.type_check(option, actual)
        if admits_type(option, actual):
            return
    raise _of_none(options, actual, at)


def _refuse_number(first: ValueType, actual: ValueType, at: Expr) -> StaticError | None:
    if first.kind not in ("int", "uint"):
        return _of_none((INT, UINT), first, at)
    return None if actual.kind == first.kind else _mismatch(first, actual, at)


def _same_numbers(charges: Charges, types: Types, places: Places) -> ValueType:
    first = types[0]
    for actual, place in zip(types, places):
        charges.type_check(INT, actual)
        refused = _refuse_number(first, actual, place)
        if refused is not None:
            raise refused
    return first


def _mismatch(expected: ValueType, actual: ValueType, at: Expr) -> errors.TypeError:
    return errors.TypeError(expected, actual, span=at.span)


def _of_none(options: Types, actual: ValueType, at: Expr) -> errors.UnionTypeError:
    return errors.UnionTypeError(tuple(options), actual, span=at.span)


def _miscounted(expected: int, actual: int, span: Span) -> errors.IncorrectArgumentCount:
    return errors.IncorrectArgumentCount(expected, actual, span=span)


def _require_some(types: Types, span: Span) -> None:
    if not types:
        raise errors.RequiresAtLeastArguments(1, 0, span=span)
