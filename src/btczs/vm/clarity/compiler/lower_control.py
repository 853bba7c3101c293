"""Control flow: branches, bindings, and the ways to look into optionals and responses."""

from collections.abc import Callable, Sequence

import msgspec

from btczs.codec.clarity.types import BOOL, UNKNOWN, optional_type, response_type
from btczs.vm.clarity.compiler.function import FunctionCompiler, lowering
from btczs.vm.clarity.compiler.operand import PLAIN, Operand, is_none
from btczs.vm.clarity.compiler.shapes import Unsupported, is_wrapped
from btczs.vm.clarity.names import is_reserved
from btczs.vm.clarity.reader.syntax import Atom, Expr, Form

_TRUE = Operand("True", BOOL, atomic=True)
_FALSE = Operand("False", BOOL, atomic=True)


@lowering("if")
def _if(fc: FunctionCompiler, form: Form, args: Sequence[Expr]) -> Operand:
    fc.out.charge("if")
    condition = fc.lower(args[0])
    return fc.branch(
        condition.code, lambda: fc.value(args[1]), lambda: fc.value(args[2]), fc.type_of(form)
    )


@lowering("and")
def _and(fc: FunctionCompiler, _form: Form, args: Sequence[Expr]) -> Operand:
    fc.out.charge("and", len(args))
    return _all(fc, args)


def _all(fc: FunctionCompiler, args: Sequence[Expr]) -> Operand:
    first = fc.lower(args[0])
    if len(args) == 1:
        return msgspec.structs.replace(first, borrowed=False)
    return fc.branch(first.code, lambda: _all(fc, args[1:]), lambda: _FALSE, BOOL)


@lowering("or")
def _or(fc: FunctionCompiler, _form: Form, args: Sequence[Expr]) -> Operand:
    fc.out.charge("or", len(args))
    return _any(fc, args)


def _any(fc: FunctionCompiler, args: Sequence[Expr]) -> Operand:
    first = fc.lower(args[0])
    if len(args) == 1:
        return msgspec.structs.replace(first, borrowed=False)
    return fc.branch(first.code, lambda: _TRUE, lambda: _any(fc, args[1:]), BOOL)


@lowering("not")
def _not(fc: FunctionCompiler, _form: Form, args: Sequence[Expr]) -> Operand:
    (value,) = fc.arguments(args)
    fc.out.charge("not", 1)
    return fc.short(Operand(f"(not {value.code})", BOOL))


@lowering("let")
def _let(fc: FunctionCompiler, _form: Form, args: Sequence[Expr]) -> Operand:
    bindings = args[0]
    assert isinstance(bindings, Form)
    fc.out.charge("let", len(bindings.items))
    names: dict[str, Operand] = {}
    fc.frame.names.append(names)
    for binding in bindings.items:
        assert isinstance(binding, Form)
        name, expr = binding.items
        assert isinstance(name, Atom)
        bind_name(fc, names, name.name, fc.value(expr))
    for expr in args[1:-1]:
        fc.lower(expr)
    result = fc.value(args[-1])
    fc.frame.names.pop()
    return result


def bind_name(fc: FunctionCompiler, names: dict[str, Operand], name: str, value: Operand) -> None:
    """Gives `value` a name in the innermost scope."""
    if is_reserved(name, fc.unit.version) or name in fc.unit.contract.functions:
        raise Unsupported(f"{name} is used already: the interpreter says so")
    fc.memory += value.type.size
    names[name] = msgspec.structs.replace(fc.atom(value), borrowed=True)


@lowering("begin")
def _begin(fc: FunctionCompiler, _form: Form, args: Sequence[Expr]) -> Operand:
    values = fc.arguments(args)
    fc.out.charge("begin", len(args))
    return values[-1]


@lowering("asserts!")
def _asserts(fc: FunctionCompiler, _form: Form, args: Sequence[Expr]) -> Operand:
    fc.out.charge("asserts")
    condition = fc.lower(args[0])
    fc.unless(f"({condition.code})", lambda: fc.leave(fc.value(args[1])))
    fc.own(condition)
    return _TRUE


# --- optionals and responses -----------------------------------------------------------------


def is_present(operand: Operand) -> str:
    """The condition that there is something to unwrap."""
    if operand.type.kind == "optional":
        return f"(not {is_none(operand)})"
    return f"{operand.code}[0]"


def content(operand: Operand, index: int = 0) -> Operand:
    """What an atomic optional or response holds; `index` 1 for the error of a response."""
    type_ = operand.type
    inner = type_.parts[index]
    plain = operand.plain // PLAIN * PLAIN
    if type_.kind == "response":
        return Operand(f"{operand.code}[1]", inner, plain=plain)
    if is_wrapped(inner):
        return Operand(f"{operand.code}[0]", inner, plain=plain)
    return Operand(operand.code, inner, atomic=True, plain=plain)


@lowering("some")
def _some(fc: FunctionCompiler, form: Form, args: Sequence[Expr]) -> Operand:
    (value,) = fc.arguments(args)
    fc.out.charge("some_cons", 1)
    code = f"({value.code},)" if is_wrapped(value.type) else value.code
    type_ = fc.type_of(form)
    if value.atomic and code == value.code:
        return Operand(code, type_, atomic=True, plain=value.plain)
    # A name: `(1, 2) is None` and `(6 // 2) is None` would be mistakes in Python's eyes.
    return fc.bind(code, type_, value.plain)


@lowering("ok")
def _ok(fc: FunctionCompiler, form: Form, args: Sequence[Expr]) -> Operand:
    (value,) = fc.arguments(args)
    fc.out.charge("ok_cons", 1)
    return fc.short(Operand(f"(True, {value.code})", fc.type_of(form), plain=value.plain))


@lowering("err")
def _err(fc: FunctionCompiler, form: Form, args: Sequence[Expr]) -> Operand:
    (value,) = fc.arguments(args)
    fc.out.charge("err_cons", 1)
    return fc.short(Operand(f"(False, {value.code})", fc.type_of(form), plain=value.plain))


def _test(
    cost: str, condition: Callable[[Operand], str]
) -> Callable[[FunctionCompiler, Form, Sequence[Expr]], Operand]:
    def lower(fc: FunctionCompiler, _form: Form, args: Sequence[Expr]) -> Operand:
        (value,) = fc.arguments(args)
        fc.out.charge(cost, 1)
        return fc.short(Operand(condition(value), BOOL))

    return lower


lowering("is-some")(_test("is_some", lambda value: f"(not {is_none(value)})"))
lowering("is-none")(_test("is_none", is_none))
lowering("is-ok")(_test("is_okay", lambda value: f"{value.code}[0]"))
lowering("is-err")(_test("is_err", lambda value: f"(not {value.code}[0])"))


@lowering("default-to")
def _default_to(fc: FunctionCompiler, form: Form, args: Sequence[Expr]) -> Operand:
    default, value = fc.arguments(args)
    fc.out.charge("default_to", 2)
    value = fc.atom(value)
    type_ = fc.type_of(form)
    inner = fc.fit(content(value), type_)
    default = fc.fit(default, type_)
    return fc.short(Operand(f"({default.code} if {is_none(value)} else {inner.code})", type_))


@lowering("unwrap-panic")
def _unwrap_panic(fc: FunctionCompiler, _form: Form, args: Sequence[Expr]) -> Operand:
    value = fc.atom(fc.arguments(args)[0])
    fc.out.charge("unwrap", 1)
    fc.stop_if(f"not {is_present(value)}", "unwrap_failure")
    return content(value)


@lowering("unwrap-err-panic")
def _unwrap_err_panic(fc: FunctionCompiler, _form: Form, args: Sequence[Expr]) -> Operand:
    value = fc.atom(fc.arguments(args)[0])
    fc.out.charge("unwrap_err", 1)
    fc.stop_if(is_present(value), "unwrap_failure")
    return content(value, 1)


@lowering("unwrap!")
def _unwrap(fc: FunctionCompiler, _form: Form, args: Sequence[Expr]) -> Operand:
    value, thrown = fc.arguments(args)
    value = fc.atom(value)
    fc.out.charge("unwrap_ret", 2)
    fc.unless(is_present(value), lambda: fc.leave(thrown))
    return content(value)


@lowering("unwrap-err!")
def _unwrap_err(fc: FunctionCompiler, _form: Form, args: Sequence[Expr]) -> Operand:
    value, thrown = fc.arguments(args)
    value = fc.atom(value)
    fc.out.charge("unwrap_err_or_ret", 2)
    fc.unless(f"(not {is_present(value)})", lambda: fc.leave(thrown))
    return content(value, 1)


@lowering("try!")
def _try(fc: FunctionCompiler, _form: Form, args: Sequence[Expr]) -> Operand:
    value = fc.atom(fc.arguments(args)[0])
    fc.out.charge("try_ret", 1)
    # What leaves is `none` or the error; the type of what would not leave may differ there.
    if value.type.kind == "optional":
        leaving = Operand("None", optional_type(UNKNOWN), atomic=True)
    else:
        leaving = msgspec.structs.replace(value, type=response_type(UNKNOWN, value.type.parts[1]))
    fc.unless(is_present(value), lambda: fc.leave(leaving))
    return content(value)


@lowering("match")
def _match(fc: FunctionCompiler, form: Form, args: Sequence[Expr]) -> Operand:
    value = fc.atom(fc.value(args[0]))
    fc.out.charge("match")
    type_ = fc.type_of(form)
    if value.type.kind == "optional":
        name, some_branch, none_branch = args[1:]
        return fc.branch(
            is_present(value),
            lambda: _bound(fc, name, content(value), some_branch),
            lambda: fc.value(none_branch),
            type_,
        )
    if value.type.kind != "response":
        raise Unsupported("match of something else")
    ok_name, ok_branch, err_name, err_branch = args[1:]
    return fc.branch(
        is_present(value),
        lambda: _bound(fc, ok_name, content(value), ok_branch),
        lambda: _bound(fc, err_name, content(value, 1), err_branch),
        type_,
    )


def _bound(fc: FunctionCompiler, name: Expr, value: Operand, body: Expr) -> Operand:
    """The value of `body` where `name` stands for `value`."""
    assert isinstance(name, Atom)
    names: dict[str, Operand] = {}
    fc.frame.names.append(names)
    bind_name(fc, names, name.name, value)
    result = fc.value(body)
    fc.frame.names.pop()
    return result
