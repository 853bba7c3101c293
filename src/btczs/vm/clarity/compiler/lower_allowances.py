"""`restrict-assets?` and `as-contract?`: a body in a scope of its own, and what it may move.

The body becomes a function inside the function. It charges by itself, for what stops it may be
caught: if an allowance was broken, the error is forgotten and the result is `(err position)`. It
gives `(False, value)`, or `(True, value)` if it left the function around it.
"""

from collections.abc import Callable, Sequence

from btczs.codec.clarity.types import UINT
from btczs.vm.clarity.compiler.emitter import Emitter
from btczs.vm.clarity.compiler.function import Frame, FunctionCompiler, lowering
from btczs.vm.clarity.compiler.operand import Operand
from btczs.vm.clarity.compiler.shapes import Unsupported
from btczs.vm.clarity.reader.syntax import Atom, Expr, Form

ALLOWANCE_BYTES_MAX = 256
"""Memory that an allowance counts at most, beside the ids of tokens it lists."""


@lowering("restrict-assets?")
def _restrict_assets(fc: FunctionCompiler, form: Form, args: Sequence[Expr]) -> Operand:
    allowances = _list_of(args[1])
    owner = fc.atom(fc.value(args[0]))
    if owner.type.kind != "principal":
        raise Unsupported("the assets of something that is no principal")
    fc.out.charge("restrict_assets", len(allowances))
    made = [_allowance(fc, each) for each in allowances]
    return _restricted(fc, form, owner.code, made, args[2:])


@lowering("as-contract?")
def _as_contract(fc: FunctionCompiler, form: Form, args: Sequence[Expr]) -> Operand:
    allowances = _list_of(args[0])
    fc.out.charge("as_contract_safe", len(allowances))
    made = [_allowance(fc, each) for each in allowances]
    fc.memory += 1
    frame, me = fc.frame, fc.unit.name_of(fc.unit.self_raw, "self")
    before = frame.sender, frame.caller
    frame.sender = frame.caller = me
    try:
        return _restricted(fc, form, me, made, args[1:], before)
    finally:
        frame.sender, frame.caller = before


def _list_of(expr: Expr) -> Sequence[Expr]:
    if not isinstance(expr, Form):
        raise Unsupported("a list of allowances was expected")
    return expr.items


def _allowance(fc: FunctionCompiler, expr: Expr) -> str:
    """An expression that makes one allowance; what it evaluates is charged here."""
    assert isinstance(expr, Form)
    head = expr.items[0]
    assert isinstance(head, Atom)
    args = expr.items[1:]
    fc.memory += ALLOWANCE_BYTES_MAX
    name = head.name
    if name == "with-stx":
        # The amount is not kept, so it is not paid for by its size. The others are.
        return f"stx_allowance({fc.lower(args[0]).code})"
    if name in ("with-stacking", "with-staking"):
        return f"stacking_allowance({fc.value(args[0]).code})"
    if name in ("with-ft", "with-nft"):
        contract, token, last = [fc.atom(fc.value(arg)) for arg in args]
        fc.memory += last.type.size
        if name == "with-ft":
            return f"ft_allowance({contract.code}, {token.code}, {last.code})"
        return f"nft_allowance({contract.code}, {token.code}, {fc.tagged(last)})"
    if name == "with-pox" and not args:
        return "pox_allowance()"
    if name == "with-all-assets-unsafe" and not args:
        return "all_allowance()"
    raise Unsupported(f"{name} as an allowance")


def _restricted(
    fc: FunctionCompiler,
    form: Form,
    owner: str,
    allowances: Sequence[str],
    body: Sequence[Expr],
    outside: tuple[str, str] | None = None,
) -> Operand:
    type_ = fc.type_of(form)
    made = fc.bind(f"({', '.join([*allowances, ''])})", UINT)
    fc.out.flush()
    function = _closure(fc, lambda: [fc.value(expr) for expr in body][-1])
    result = fc.bind(f"restricted(x, {owner}, {made.code}, {function})", type_)
    if outside is not None:
        fc.frame.sender, fc.frame.caller = outside
    early = Operand(f"{result.code}[1]", fc.frame.returns)
    fc.unless(f"(not {result.code}[0])", lambda: fc.leave(early))
    return Operand(f"{result.code}[1]", type_)


def _closure(fc: FunctionCompiler, body: Callable[[], Operand]) -> str:
    """Writes a function inside the function; its name."""
    outer_out, outer_frame = fc.out, fc.frame
    name = outer_out.temp("b")
    inner = Emitter(outer_out.hoisting)
    inner.continue_from(outer_out)
    fc.out = inner
    fc.frame = Frame(
        [*outer_frame.names],
        outer_frame.sender,
        outer_frame.caller,
        outer_frame.depth,
        outer_frame.returns,
        in_closure=True,
    )
    try:
        with fc.aside():
            value = body()
            inner.emit(f"m.runtime += {inner.spent()}")
            inner.flush_lengths()
            inner.emit(f"return (False, {value.code})")
    finally:
        fc.out, fc.frame = outer_out, outer_frame
    outer_out.emit(f"def {name}():")
    outer_out.take(inner)
    return name
