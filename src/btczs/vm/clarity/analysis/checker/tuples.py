"""`tuple`, `get`, `merge`."""

from bisect import bisect_left
from typing import TYPE_CHECKING, Final

from btczs.codec.clarity.errors import UntypedValue
from btczs.codec.clarity.types import VALUE_SIZE_MAX, ValueType, optional_type, tuple_type
from btczs.vm.clarity.analysis import errors
from btczs.vm.clarity.analysis.checker.arguments import at_least, bindings, exactly, name_in
from btczs.vm.clarity.errors import MemoryBalanceExceeded
from btczs.vm.clarity.reader.syntax import Expr, Form
from btczs.vm.clarity.types.parse import make_tuple_type

if TYPE_CHECKING:
    from btczs.vm.clarity.analysis.checker.checker import TypeChecker

MERGED_FIELDS_MAX: Final = 1 << 22
"""Fields of all tuples that `merge` makes in one contract, as analysis sees it.

DEVIATION: the reference implementation has no such limit. A source of 2 MiB can merge one field
into a tuple of thousands again and again, and the types of all results are kept: gigabytes.
"""


def check_tuple(checker: "TypeChecker", form: Form) -> ValueType:
    """`(tuple (name value)...)`, also written `{name: value, ...}`.

    When the fields so far are too large for a value, the rest is still checked.
    """
    args = at_least(form, 1)
    checker.charges.step("analysis_check_tuple_cons", len(args))
    fields: list[tuple[str, ValueType]] = []
    size = 0
    is_too_large = False
    for name, value in bindings(args, "TupleCons"):
        found = checker.check(value)
        checker.charges.step("analysis_tuple_items_check", found.type_size)
        if size < VALUE_SIZE_MAX:
            size += 2 * len(name.name) + found.type_size + found.size
            fields.append((name.name, found))
            checker.types[name.id] = found
        else:
            is_too_large = True
    if is_too_large:
        reason = f"its fields count {size} bytes, and {VALUE_SIZE_MAX} is the most"
        raise errors.BadTupleConstruction(reason, span=form.span)
    try:
        return make_tuple_type(fields)
    except UntypedValue as error:
        raise errors.BadTupleConstruction(str(error), span=form.span) from error


def check_get(checker: "TypeChecker", form: Form) -> ValueType:
    """`(get name tuple)`; of an optional tuple it gives an optional."""
    name, value = exactly(form, 2)
    field = name_in(name, errors.BadTupleFieldName)
    found = checker.check(value)
    if found.kind != "optional":
        return _field_of(checker, found, field, name, value)
    return optional_type(_field_of(checker, found.parts[0], field, name, value))


def _field_of(
    checker: "TypeChecker", found: ValueType, field: str, name: Expr, value: Expr
) -> ValueType:
    names = _require_tuple(found, value).names
    checker.charges.step("analysis_check_tuple_get", len(names))
    index = bisect_left(names, field)
    if index == len(names) or names[index] != field:
        raise errors.NoSuchTupleField(field, found, span=name.span)
    return found.parts[index]


def check_merge(checker: "TypeChecker", form: Form) -> ValueType:
    """`(merge tuple update)`: fields of the second go before those of the first."""
    first, second = exactly(form, 2)
    base = _require_tuple(checker.check(first), first)
    update = _require_tuple(checker.check(second), second)
    checker.charges.step("analysis_check_tuple_merge", len(update.names))
    fields = dict(zip(base.names, base.parts))
    fields.update(zip(update.names, update.parts))
    names = tuple(sorted(fields))
    checker.merged_fields += len(names)
    if checker.merged_fields > MERGED_FIELDS_MAX:
        raise MemoryBalanceExceeded(
            f"the tuples that are merged have {MERGED_FIELDS_MAX} fields together at most",
            form.span,
            used=checker.merged_fields,
            limit=MERGED_FIELDS_MAX,
        )
    return tuple_type(names, tuple([fields[name] for name in names]))


def _require_tuple(found: ValueType, at: Expr) -> ValueType:
    if found.kind != "tuple":
        raise errors.ExpectedTuple(found, span=at.span)
    return found
