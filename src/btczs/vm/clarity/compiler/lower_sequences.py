"""Lists, buffers, strings and tuples; and the three natives that apply a function to each item."""

from collections.abc import Sequence

import msgspec

from btczs.codec.clarity.types import (
    UINT,
    ValueType,
    ascii_type,
    buffer_type,
    utf8_type,
)
from btczs.vm.clarity.compiler.emitter import HoistingImpossible
from btczs.vm.clarity.compiler.function import LOWERINGS, FunctionCompiler, Given, lowering
from btczs.vm.clarity.compiler.lower_numbers import charge_encoded
from btczs.vm.clarity.compiler.operand import PLAIN, PLAIN_ITEMS, Operand
from btczs.vm.clarity.compiler.shapes import (
    Unsupported,
    can_be_loose,
    is_rigid,
    is_wrapped,
    plain_class,
    refresher,
    type_maker,
)
from btczs.vm.clarity.compiler.support_lists import entry_sizer
from btczs.vm.clarity.names import natives_of
from btczs.vm.clarity.reader.syntax import Atom, Expr, Form, Literal

WORK_MAX = 50_000_000
"""Runtime units that a loop may use up before it looks at the limit: a quarter of a second."""

_BYTES = ("buff", "string-ascii")
_NO_ID = -1


def item_type(sequence: ValueType) -> ValueType:
    """The static type of the items of a sequence."""
    kind = sequence.kind
    if kind == "list":
        return sequence.parts[0]
    return {"buff": buffer_type, "string-ascii": ascii_type, "string-utf8": utf8_type}[kind](1)


def collected(fc: FunctionCompiler, code: str, type_: ValueType) -> Operand:
    """A list of the items in `code`, a new list, in which a list or tuple may be loose."""
    item = type_.parts[0]
    helpers = f"{fc.helper(type_maker, item)}, {fc.helper(refresher, item)}"
    return fc.bind(f"collected({code}, {helpers}, {plain_class(item)})", type_)


def is_plain(operand: Operand) -> bool:
    return operand.plain == PLAIN or not can_be_loose(operand.type)


@lowering("list")
def _list(fc: FunctionCompiler, form: Form, args: Sequence[Expr]) -> Operand:
    type_ = fc.type_of(form)
    values = [fc.value(arg) for arg in args]
    if all(isinstance(arg, Literal) and is_rigid(fc.type_of(arg)) for arg in args):
        fc.out.charge("list_cons", sum(value.type.size for value in values))
        raws = [fc.raw_of(arg) for arg in args if isinstance(arg, Literal)]
        return Operand(fc.unit.name_of(raws, "k"), type_, atomic=True, plain=PLAIN)
    values = [fc.atom(value) for value in values]
    sizes = " + ".join([fc.size(value) for value in values]) or "0"
    if all(is_rigid(value.type) for value in values):
        sizes = str(sum(value.type.size for value in values))
    fc.out.charge_code("list_cons", f"({sizes})" if "+" in sizes else sizes, type_.size)
    items = f"[{', '.join([fc.fit(value, type_.parts[0]).code for value in values])}]"
    return (
        fc.bind(items, type_, PLAIN) if all(map(is_plain, values)) else collected(fc, items, type_)
    )


# --- applying a function to each item --------------------------------------------------------


def _step(fc: FunctionCompiler, name: str, args: list[Operand]) -> Operand:
    """One application of the function called `name`."""
    frame = fc.frame
    fc.depth_max = max(fc.depth_max, frame.depth)
    frame.depth += 1
    for arg in args:
        fc.memory += arg.type.size
    try:
        if name not in natives_of(fc.unit.version):
            return fc.call(fc.unit.function(name), args, step=True)
        lower = LOWERINGS.get(name)
        if lower is None:
            raise Unsupported(f"{name} is not compiled")
        form = Form((Atom(name, fc.info.body.span),), fc.info.body.span, _NO_ID)
        return lower(fc, form, [Given(arg) for arg in args])  # type: ignore[misc]
    finally:
        frame.depth -= 1


def _iterable(operand: Operand) -> str:
    return f"split({operand.code})" if operand.type.kind in _BYTES else operand.code


def _function_name(expr: Expr) -> str:
    assert isinstance(expr, Atom)
    return expr.name


class _Loop:
    """`for item in …:` over atomic sequences; `body` of it is written inside `with`."""

    def __init__(self, fc: FunctionCompiler, sequences: list[Operand]) -> None:
        self.fc = fc
        out = fc.out
        self.count_max = min(sequence.type.length for sequence in sequences)
        lengths = [f"len({sequence.code})" for sequence in sequences]
        count = lengths[0] if len(lengths) == 1 else f"min({', '.join(lengths)})"
        self.items = [
            Operand(
                out.temp("e"),
                item_type(sequence.type),
                True,
                True,
                plain=PLAIN if sequence.plain >= PLAIN_ITEMS else 0,
            )
            for sequence in sequences
        ]
        self.iterator = out.temp("i")
        self.count = out.temp("n")
        out.emit(f"{self.count} = {count}")
        out.emit(f"{self.iterator} = iter({_iterable(sequences[0])})")
        source = self.iterator
        if len(sequences) > 1:
            others = ", ".join(_iterable(sequence) for sequence in sequences[1:])
            source = f"zip({source}, {others})"
            # `turns` counts by the first sequence, which may be longer than the shortest.
            self.first_count = out.temp("n")
            out.emit(f"{self.first_count} = {lengths[0]}")
        else:
            self.first_count = self.count
        out.flush_lengths()
        out.settle_terms()
        out.settle_pending()
        names = ", ".join(item.code for item in self.items)
        out.emit(f"for {names} in {source}:")

    def __enter__(self) -> list[Operand]:
        out = self.fc.out
        self._known = dict(self.fc.known)
        self._turns = out.turns(self.iterator, self.first_count, self.count_max)
        self._turns.__enter__()
        out.level += 1
        self._work = out.work
        return [msgspec.structs.replace(item, borrowed=False) for item in self.items]

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        out = self.fc.out
        self.fc.known = self._known
        try:
            if kind is None and out.work * self.count_max > WORK_MAX:
                if out.hoisting:
                    raise HoistingImpossible
                spent = out.spent()
                out.emit(f"if m.runtime + {spent} > x.limit: check_limits(x, {spent})")
                out.work = 0
        finally:
            if kind is not None:
                self._turns.__exit__(kind, *rest)  # type: ignore[arg-type]
        if kind is None:
            self._turns.__exit__(None, None, None)
            out.level -= 1
            out.after_turns(self.iterator, self.count)


@lowering("fold")
def _fold(fc: FunctionCompiler, form: Form, args: Sequence[Expr]) -> Operand:
    fc.out.charge("fold")
    name = _function_name(args[0])
    fc.out.charge("lookup_function")
    sequence = fc.atom(fc.value(args[1]))
    initial = fc.value(args[2])
    type_ = fc.type_of(form)
    if type_.kind == "callable" or item_type(sequence.type).kind == "callable":
        raise Unsupported("contracts in a fold")
    total = Operand(fc.out.temp("t"), type_, atomic=True)
    fc.out.emit(f"{total.code} = {fc.fit(initial, type_).code}")
    with _Loop(fc, [sequence]) as items:
        result = fc.fit(_step(fc, name, [*items, total]), type_)
        fc.out.settle_terms()  # they may name the total, which changes now
        fc.out.emit(f"{total.code} = {result.code}")
    return total


@lowering("map")
def _map(fc: FunctionCompiler, form: Form, args: Sequence[Expr]) -> Operand:
    fc.out.charge("map", len(args))
    name = _function_name(args[0])
    fc.out.charge("lookup_function")
    sequences = [fc.atom(fc.value(arg)) for arg in args[1:]]
    type_ = fc.type_of(form)
    results = fc.bind("[]", type_, PLAIN)
    with _Loop(fc, sequences) as items:
        result = _step(fc, name, items)
        if result.type.kind == "callable":
            raise Unsupported("lists of contracts")
        fc.out.emit(f"{results.code}.append({result.code})")
    return results if is_plain(result) else collected(fc, results.code, type_)


@lowering("filter")
def _filter(fc: FunctionCompiler, _form: Form, args: Sequence[Expr]) -> Operand:
    fc.out.charge("filter")
    name = _function_name(args[0])
    sequence = fc.atom(fc.value(args[1]))
    fc.out.charge("lookup_function")
    kept = fc.bind("[]", sequence.type)
    with _Loop(fc, [sequence]) as items:
        result = _step(fc, name, items)
        fc.out.emit(f"if {result.code}: {kept.code}.append({items[0].code})")
    kind = sequence.type.kind
    if kind == "list":
        make = fc.helper(type_maker, sequence.type)
        code = f"filtered({kept.code}, {sequence.code}, {make})"
        return fc.bind(code, sequence.type, min(sequence.plain, PLAIN_ITEMS))
    empty = "''" if kind == "string-utf8" else "b''"
    return fc.bind(f"{empty}.join({kept.code})", sequence.type)


# --- sequences as values -----------------------------------------------------------------------


@lowering("len")
def _len(fc: FunctionCompiler, _form: Form, args: Sequence[Expr]) -> Operand:
    (sequence,) = fc.arguments(args)
    fc.out.charge("len", 1)
    return fc.short(Operand(f"len({sequence.code})", UINT))


@lowering("append")
def _append(fc: FunctionCompiler, form: Form, args: Sequence[Expr]) -> Operand:
    type_ = fc.type_of(form)
    sequence = fc.atom(fc.value(args[0]))
    element = fc.atom(fc.lower(args[1]))
    entry = type_.parts[0]
    if is_rigid(entry):
        fc.out.charge("append", entry.size)
    else:
        entry_size = f"{fc.helper(entry_sizer, sequence.type)}({sequence.code})"
        code = f"max({entry_size}, {fc.size(element)})"
        fc.out.charge_code("append", code, type_.parts[0].size)
    element = fc.fit(fc.own(element), entry)
    if is_plain(sequence) and is_plain(element):
        return fc.bind(f"[*{sequence.code}, {element.code}]", type_, PLAIN)
    helpers = f"{fc.helper(type_maker, entry)}, {fc.helper(refresher, entry)}"
    code = f"appended({sequence.code}, {element.code}, {helpers})"
    if is_plain(element):
        code = (
            f"[*{sequence.code}, {element.code}] if {sequence.code}.__class__ is list else {code}"
        )
    return fc.bind(code, type_)


@lowering("concat")
def _concat(fc: FunctionCompiler, form: Form, args: Sequence[Expr]) -> Operand:
    type_ = fc.type_of(form)
    values = [fc.atom(fc.value(arg)) for arg in args]
    lengths = " + ".join(f"len({value.code})" for value in values)
    fc.out.charge_code("concat", f"({lengths})", sum(value.type.length for value in values))
    if type_.kind != "list":
        return fc.bind(" + ".join(value.code for value in values), type_)
    if all(map(is_plain, values)):
        return fc.bind(f"[{', '.join(['*' + value.code for value in values])}]", type_, PLAIN)
    make = fc.helper(type_maker, type_.parts[0])
    renew = fc.helper(refresher, type_.parts[0]) if can_be_loose(type_.parts[0]) else "None"
    total = values[0].code
    for value in values[1:]:
        total = fc.bind(f"joined({total}, {value.code}, {make}, {renew})", type_).code
    return Operand(total, type_, atomic=True)


@lowering("as-max-len?")
def _as_max_len(fc: FunctionCompiler, form: Form, args: Sequence[Expr]) -> Operand:
    sequence = fc.atom(fc.value(args[0]))
    fc.out.charge("as_max_len")
    limit = fc.lower(args[1])
    type_ = fc.type_of(form)
    if sequence.type.kind == "list":
        if sequence.plain == PLAIN:
            code = f"({sequence.code} if len({sequence.code}) <= {limit.code} else None)"
            return fc.bind(code, type_, PLAIN)
        return fc.bind(f"shortened({sequence.code}, {limit.code})", type_)
    code = f"({sequence.code} if len({sequence.code}) <= {limit.code} else None)"
    return fc.short(Operand(code, type_))


@lowering("element-at", "element-at?")
def _element_at(fc: FunctionCompiler, form: Form, args: Sequence[Expr]) -> Operand:
    sequence, index = [fc.atom(value) for value in fc.arguments(args)]
    fc.out.charge("element_at", 2)
    item = f"{sequence.code}[{index.code}]"
    if sequence.type.kind in _BYTES:
        item = f"{sequence.code}[{index.code}:{index.code} + 1]"
    elif is_wrapped(item_type(sequence.type)):
        item = f"({item},)"
    code = f"({item} if {index.code} < len({sequence.code}) else None)"
    return fc.short(Operand(code, fc.type_of(form)))


@lowering("index-of", "index-of?")
def _index_of(fc: FunctionCompiler, form: Form, args: Sequence[Expr]) -> Operand:
    sequence, wanted = charge_encoded(fc, "index_of", fc.arguments(args))
    return fc.bind(f"index_of({sequence.code}, {wanted.code})", fc.type_of(form))


@lowering("slice?")
def _slice(fc: FunctionCompiler, form: Form, args: Sequence[Expr]) -> Operand:
    sequence = fc.atom(fc.value(args[0]))
    left = fc.atom(fc.lower(args[1]))
    right = fc.atom(fc.lower(args[2]))
    s, a, b = sequence.code, left.code, right.code
    type_ = fc.type_of(form)

    def taken() -> Operand:
        item = item_type(sequence.type)
        size = str(item.size)
        if sequence.type.kind == "list" and not is_rigid(item):
            size = f"{fc.helper(entry_sizer, sequence.type)}({s})"
        fc.out.charge_code("slice", f"(({b} - {a}) * {size})", sequence.type.size)
        part = Operand(f"{s}[{a}:{b}]", sequence.type)
        if sequence.type.kind == "list":
            part = fc.bind(f"list({part.code})", sequence.type, min(sequence.plain, PLAIN_ITEMS))
            if sequence.plain >= PLAIN_ITEMS or not can_be_loose(item):
                part = msgspec.structs.replace(part, plain=PLAIN)
            else:
                part = collected(fc, part.code, sequence.type)
        return msgspec.structs.replace(part, type=type_)

    return fc.branch(
        f"{a} < len({s}) and {a} <= {b} <= len({s})",
        taken,
        lambda: Operand("None", type_, atomic=True, plain=PLAIN),
        type_,
    )
