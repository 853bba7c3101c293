"""Integers, comparisons and equality: what is written as a Python operator."""

from collections.abc import Sequence

from btczs.codec.clarity.types import BOOL, INT, UINT, ValueType
from btczs.vm.clarity.compiler.encodings import measurer
from btczs.vm.clarity.compiler.function import FunctionCompiler, Lowering, lowering
from btczs.vm.clarity.compiler.operand import Operand, encoded_size, encoded_size_max
from btczs.vm.clarity.compiler.shapes import Unsupported
from btczs.vm.clarity.reader.syntax import Expr, Form
from btczs.vm.clarity.runtime.integers import INT_MAX, INT_MIN, UINT_MAX

_OUTSIDE = {"uint": f"{{0}} > {UINT_MAX}", "int": f"not {INT_MIN} <= {{0}} <= {INT_MAX}"}


def _checked(fc: FunctionCompiler, code: str, type_: ValueType) -> Operand:
    """`code` in 128 bits, or an overflow."""
    result = fc.bind(code, type_)
    fc.stop_if(_OUTSIDE[type_.kind].format(result.code), "overflow")
    return result


def _known(operand: Operand) -> int | None:
    code = operand.code
    return int(code) if code.lstrip("-").isdigit() else None


def _fold(operator: str, cost: str) -> Lowering:
    """`+` and `*`: from left to right, every step checked."""

    def lower(fc: FunctionCompiler, _form: Form, args: Sequence[Expr]) -> Operand:
        values = fc.arguments(args)
        fc.out.charge(cost, len(args))
        total = values[0]
        for value in values[1:]:
            total = _checked(fc, f"{total.code} {operator} {value.code}", total.type)
        return total

    return lower


lowering("+")(_fold("+", "add"))
lowering("*")(_fold("*", "mul"))


@lowering("-")
def _subtract(fc: FunctionCompiler, _form: Form, args: Sequence[Expr]) -> Operand:
    values = fc.arguments(args)
    fc.out.charge("sub", len(args))
    type_ = values[0].type
    if len(values) == 1:
        values.insert(0, Operand("0", type_, atomic=True))
    total = values[0]
    for value in values[1:]:
        total = fc.bind(f"{total.code} - {value.code}", type_)
        outside = f"{total.code} < 0" if type_ is UINT else _OUTSIDE["int"].format(total.code)
        if type_.kind == "uint":
            outside = f"{total.code} < 0"
        fc.stop_if(outside, "underflow")
    return total


@lowering("/")
def _divide(fc: FunctionCompiler, _form: Form, args: Sequence[Expr]) -> Operand:
    values = fc.arguments(args)
    fc.out.charge("div", len(args))
    total = values[0]
    for value in values[1:]:
        total = _division(fc, total, value, "//", "quotient")
    return total


@lowering("mod")
def _mod(fc: FunctionCompiler, _form: Form, args: Sequence[Expr]) -> Operand:
    value, divisor = fc.arguments(args)
    fc.out.charge("mod", 2)
    return _division(fc, value, divisor, "%", "remainder")


def _division(
    fc: FunctionCompiler, value: Operand, divisor: Operand, operator: str, signed: str
) -> Operand:
    known = _known(divisor)
    if known is None:
        divisor = fc.atom(divisor)
    if known is None or known == 0:
        fc.stop_if(f"{divisor.code} == 0", "division_by_zero")
        if known == 0:
            return Operand("0", value.type, atomic=True)
    if value.type.kind == "uint":
        return fc.short(Operand(f"({value.code} {operator} {divisor.code})", value.type))
    if known is None or known == -1:
        value = fc.atom(value)
        fc.stop_if(f"{divisor.code} == -1 and {value.code} == {INT_MIN}", "division_by_zero")
    return fc.bind(f"{signed}({value.code}, {divisor.code})", value.type)


@lowering("to-uint")
def _to_uint(fc: FunctionCompiler, _form: Form, args: Sequence[Expr]) -> Operand:
    value = fc.atom(fc.arguments(args)[0])
    fc.out.charge("int_cast", 1)
    fc.stop_if(f"{value.code} < 0", "underflow")
    return Operand(value.code, UINT, atomic=True)


@lowering("to-int")
def _to_int(fc: FunctionCompiler, _form: Form, args: Sequence[Expr]) -> Operand:
    value = fc.atom(fc.arguments(args)[0])
    fc.out.charge("int_cast", 1)
    fc.stop_if(f"{value.code} > {INT_MAX}", "overflow")
    return Operand(value.code, INT, atomic=True)


def _bitwise(operator: str, cost: str) -> Lowering:
    def lower(fc: FunctionCompiler, _form: Form, args: Sequence[Expr]) -> Operand:
        values = fc.arguments(args)
        fc.out.charge(cost, len(args))
        joined = f" {operator} ".join(value.code for value in values)
        return fc.short(Operand(f"({joined})", values[0].type))

    return lower


lowering("bit-and")(_bitwise("&", "bitwise_and"))
lowering("bit-or")(_bitwise("|", "bitwise_or"))
lowering("bit-xor", "xor")(_bitwise("^", "xor"))


@lowering("bit-not")
def _bit_not(fc: FunctionCompiler, _form: Form, args: Sequence[Expr]) -> Operand:
    (value,) = fc.arguments(args)
    fc.out.charge("bitwise_not", 1)
    code = f"({UINT_MAX} - {value.code})" if value.type.kind == "uint" else f"(~{value.code})"
    return fc.short(Operand(code, value.type))


@lowering("bit-shift-right")
def _shift_right(fc: FunctionCompiler, _form: Form, args: Sequence[Expr]) -> Operand:
    value, amount = fc.arguments(args)
    fc.out.charge("bitwise_right_shift", 2)
    return fc.short(Operand(f"({value.code} >> ({amount.code} & 127))", value.type))


@lowering("bit-shift-left")
def _shift_left(fc: FunctionCompiler, _form: Form, args: Sequence[Expr]) -> Operand:
    value, amount = fc.arguments(args)
    fc.out.charge("bitwise_left_shift", 2)
    code = f"(({value.code} << ({amount.code} & 127)) & {UINT_MAX})"
    if value.type.kind == "int":
        result = fc.bind(code, value.type)
        code = f"({result.code} - {UINT_MAX + 1} if {result.code} > {INT_MAX} else {result.code})"
    return fc.short(Operand(code, value.type))


# --- comparisons -------------------------------------------------------------------------------


def _comparison(operator: str, cost: str) -> Lowering:
    def lower(fc: FunctionCompiler, _form: Form, args: Sequence[Expr]) -> Operand:
        a, b = [fc.lower(arg) for arg in args]
        if fc.unit.version == 1:
            fc.out.charge(cost, 2)
        elif a.type.kind in ("int", "uint"):
            fc.out.charge(cost, 16)
        else:
            a, b = fc.atom(a), fc.atom(b)
            smaller = f"min({fc.size(a)}, {fc.size(b)})"
            fc.out.charge_code(cost, smaller, min(a.type.size, b.type.size))
        return fc.short(Operand(f"({a.code} {operator} {b.code})", BOOL))

    return lower


for _operator, _cost in (("<", "le"), ("<=", "leq"), (">", "ge"), (">=", "geq")):
    lowering(_operator)(_comparison(_operator, _cost))


def charge_encoded(fc: FunctionCompiler, cost: str, values: Sequence[Operand]) -> list[Operand]:
    """Charges by how many bytes the values encode to; gives them as atoms."""
    atoms = [fc.atom(value) for value in values]
    fixed, parts = 0, []
    for value in atoms:
        size, terms = encoded_size(value, lambda type_: fc.helper(measurer, type_))
        fixed += size
        parts += terms
    if fixed or not parts:
        parts.append(str(fixed))
    code = parts[0] if len(parts) == 1 else f"({' + '.join(parts)})"
    fc.out.charge_code(cost, code, sum(encoded_size_max(value.type) for value in atoms))
    return atoms


@lowering("is-eq")
def _is_eq(fc: FunctionCompiler, _form: Form, args: Sequence[Expr]) -> Operand:
    values = charge_encoded(fc, "eq", fc.arguments(args))
    if any(value.type.kind == "callable" and value.type.trait for value in values):
        raise Unsupported("comparing contracts known by a trait")
    if len(values) == 1:
        return Operand("True", BOOL, atomic=True)
    first = values[0].code
    tests = [f"{first} == {value.code}" for value in values[1:]]
    return fc.short(Operand(f"({' and '.join(tests)})", BOOL))
