"""Tuples: Python tuples of their fields, in the order of the names."""

from collections.abc import Sequence

from btczs.vm.clarity.compiler.function import FunctionCompiler, lowering
from btczs.vm.clarity.compiler.lower_numbers import charge_encoded
from btczs.vm.clarity.compiler.lower_sequences import is_plain
from btczs.vm.clarity.compiler.operand import PLAIN, Operand, is_none
from btczs.vm.clarity.compiler.shapes import (
    Unsupported,
    field_indices,
    is_wrapped,
    type_maker,
)
from btczs.vm.clarity.reader.syntax import Atom, Expr, Form

FIELDS_IN_PLACE_MAX = 32
"""Fields of a tuple that a `merge` picks one by one in the text; more are picked by a plan."""


@lowering("tuple")
def _tuple(fc: FunctionCompiler, form: Form, args: Sequence[Expr]) -> Operand:
    type_ = fc.type_of(form)
    fields: dict[str, Operand] = {}
    for binding in args:
        assert isinstance(binding, Form)
        name, expr = binding.items
        assert isinstance(name, Atom)
        fields[name.name] = fc.short(fc.value(expr))
    fc.out.charge("tuple_cons", len(args))
    if tuple(sorted(fields)) != type_.names:
        raise Unsupported("a tuple of another shape than its type")
    code = f"({', '.join(fields[name].code for name in type_.names)},)"
    return fc.bind(code, type_, PLAIN if all(map(is_plain, fields.values())) else 0)


@lowering("get")
def _get(fc: FunctionCompiler, form: Form, args: Sequence[Expr]) -> Operand:
    assert isinstance(args[0], Atom)
    value = fc.atom(fc.value(args[1]))
    type_ = fc.type_of(form)
    if value.type.kind == "tuple":
        fc.out.charge("tuple_get", len(value.type.names))
        index = field_indices(value.type)[args[0].name]
        code = f"{value.code}[{index}]"
        return Operand(code, value.type.parts[index], plain=value.plain // PLAIN * PLAIN)
    inner = value.type.parts[0]
    if inner.kind != "tuple":
        raise Unsupported("get of something that is no tuple")
    index = field_indices(inner)[args[0].name]

    def field() -> Operand:
        fc.out.charge("tuple_get", len(inner.names))
        code = f"{value.code}[{index}]"
        return Operand(f"({code},)" if is_wrapped(inner.parts[index]) else code, type_)

    return fc.branch(
        f"not {is_none(value)}", field, lambda: Operand("None", type_, atomic=True), type_
    )


@lowering("merge")
def _merge(fc: FunctionCompiler, form: Form, args: Sequence[Expr]) -> Operand:
    base, update = charge_encoded(fc, "tuple_merge", fc.arguments(args))
    type_ = fc.type_of(form)
    ours, theirs = field_indices(base.type), field_indices(update.type)
    if len(type_.names) > FIELDS_IN_PLACE_MAX:
        plan = [(name in theirs, theirs.get(name, ours.get(name, 0))) for name in type_.names]
        code = f"picked({base.code}, {update.code}, {fc.unit.name_of(plan, 'plan')})"
    else:
        fields = [
            f"{update.code}[{theirs[name]}]" if name in theirs else f"{base.code}[{ours[name]}]"
            for name in type_.names
        ]
        code = f"({', '.join(fields)},)"
    plain = PLAIN if is_plain(base) and is_plain(update) else 0
    if not plain:
        makers = [fc.helper(type_maker, base.type), fc.helper(type_maker, update.type)]
        code = f"merged({code}, {base.code}, {update.code}, {', '.join(makers)})"
    return fc.bind(code, type_, plain)
