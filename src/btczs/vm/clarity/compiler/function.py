"""Compiles one function: walks its expressions and writes Python, native by native.

What a native becomes is in the modules `lower_*`; they fill `LOWERINGS`. Here are the things
that all of them need: names and what they stand for, owned and borrowed values, calls of other
functions of the contract, inlining, and leaving early.
"""

from collections.abc import Callable, Sequence

import msgspec

from btczs.codec.clarity.types import VALUE_SIZE_MAX, ValueType, contract_type
from btczs.codec.clarity.values import ContractPrincipal, Value
from btczs.vm.clarity.compiler.emitter import BLOCKS_MAX, Emitter, Exit
from btczs.vm.clarity.compiler.operand import PLAIN, Operand
from btczs.vm.clarity.compiler.shapes import (
    Raw,
    Unsupported,
    can_be_loose,
    check_same_shape,
    check_supported,
    sizer,
)
from btczs.vm.clarity.compiler.tagging import untagger
from btczs.vm.clarity.compiler.unit import FunctionInfo, Unit
from btczs.vm.clarity.compiler.writer import Writer
from btczs.vm.clarity.names import natives_of
from btczs.vm.clarity.reader.syntax import Atom, Expr, Form, Literal

Lowering = Callable[["FunctionCompiler", Form, Sequence[Expr]], Operand]

LOWERINGS: dict[str, Lowering] = {}
"""How a call of each native becomes Python."""

Keyword = Callable[["FunctionCompiler"], Operand]

KEYWORDS: dict[str, Keyword] = {}
"""What each keyword becomes."""


def lowering(*names: str) -> Callable[[Lowering], Lowering]:
    """Registers the lowering of natives."""

    def register(function: Lowering) -> Lowering:
        for name in names:
            LOWERINGS[name] = function
        return function

    return register


class Given(msgspec.Struct, eq=False):
    """An expression that is evaluated already: what `map`, `fold` and `filter` apply to."""

    operand: Operand


class Frame(msgspec.Struct, eq=False):
    """A body being compiled: the function itself, or one that is inlined into it.

    `result` is None for the function itself: it returns. An inlined body assigns `result` and
    breaks out of its block; `exits` remembers where.
    """

    names: list[dict[str, Operand]]
    sender: str
    caller: str
    depth: int
    returns: ValueType
    result: str | None = None
    exits: list[Exit] = msgspec.field(default_factory=list)
    in_closure: bool = False
    """Whether the body is a function inside the function: leaving it leaves both."""


class FunctionCompiler(Writer):
    """State of the compilation of one function. `text` is the result, the rest are its bounds."""

    def __init__(self, unit: Unit, info: FunctionInfo, *, hoisting: bool) -> None:
        super().__init__(unit, Emitter(hoisting))
        self.info = info
        self.frame = Frame([{}], "s", "r", 0, info.returns)
        self.depth_max = 0
        self.memory = 0

    def compile(self) -> str:
        """The Python text of the function."""
        params = []
        for name, declared in self.info.parameters:
            check_supported(declared)
            param = self.out.temp("a")
            params.append(param)
            self.frame.names[0][name] = Operand(param, declared, True, True)
        self.enter(self.frame)
        value = self.value(self.info.body)
        self.leave(value)
        head = ", ".join(["x", "s", "r", *params])
        counter = "    c = 0\n" if self.out.uses_counter else ""
        body = self.out.text()
        return f"def {self.info.symbol}({head}):\n    m = x.m\n{counter}{body}\n"

    # --- values -----------------------------------------------------------------------------

    def type_of(self, expr: Expr) -> ValueType:
        """The static type of an expression."""
        type_ = self.unit.analysis.types.get(expr.id)
        if type_ is None:
            raise Unsupported(f"no type is known for the expression at {expr.span}")
        if type_.parts and type_.size > VALUE_SIZE_MAX:
            raise Unsupported("a value that may turn out too large")
        check_supported(type_)
        return type_

    def lower(self, expr: Expr) -> Operand:
        """The value of `expr`, perhaps still borrowed."""
        if isinstance(expr, Literal):
            type_ = self.type_of(expr)
            if type_.kind == "callable" and isinstance(expr.value, ContractPrincipal):
                # Analysis knows which trait it will become; as a value it is only a principal.
                type_ = contract_type(expr.value)
            return self.literal(expr.value, type_)
        if isinstance(expr, Atom):
            return self._name(expr)
        if isinstance(expr, Given):
            return expr.operand
        if not isinstance(expr, Form):
            raise Unsupported("a trait is no value")
        head = expr.items[0]
        assert isinstance(head, Atom), "analysis has seen a name here"
        self.out.charge("lookup_function")
        frame = self.frame
        self.depth_max = max(self.depth_max, frame.depth)
        frame.depth += 1
        try:
            if head.name in natives_of(self.unit.version):
                lower = LOWERINGS.get(head.name)
                if lower is None:
                    raise Unsupported(f"{head.name} is not compiled")
                return lower(self, expr, expr.items[1:])
            args = self.arguments(expr.items[1:])
            return self.call(self.unit.function(head.name), args)
        finally:
            frame.depth -= 1

    def value(self, expr: Expr) -> Operand:
        """The value of `expr`, owned."""
        return self.own(self.lower(expr))

    def own(self, operand: Operand) -> Operand:
        """Pays for a borrowed value by its size."""
        if operand.borrowed:
            operand = self.atom(operand)
            self.out.charge_code("lookup_variable_size", self.size(operand), operand.type.size)
        return msgspec.structs.replace(operand, borrowed=False)

    def arguments(self, exprs: Sequence[Expr]) -> list[Operand]:
        """Owned values of arguments, all of which are held in memory for a while."""
        operands = [self.value(expr) for expr in exprs]
        for operand in operands:
            self.memory += operand.type.size
        return operands

    def raw_of(self, expr: Literal) -> Raw:
        """The plain value of a literal."""
        return untagger(self.type_of(expr))(expr.value)

    def literal(self, value: Value, type_: ValueType) -> Operand:
        return self.constant(untagger(type_)(value), type_)

    def _name(self, expr: Atom) -> Operand:
        if expr.name == "none":
            return Operand("None", self.type_of(expr), atomic=True)
        if self.unit.is_keyword(expr.name):
            lower = KEYWORDS.get(expr.name)
            if lower is None:
                raise Unsupported(f"{expr.name} is not compiled")
            return lower(self)
        frame = self.frame
        self.out.charge("lookup_variable_depth", len(frame.names) - 1)
        operand = self.find(expr.name)
        if operand is not None:
            if operand.type.kind == "callable" and self.unit.version == 1:
                # As a value it is a principal that knows no trait, and belongs to no variable.
                plain = contract_type(self.unit.contract.id)
                return msgspec.structs.replace(operand, type=plain, borrowed=False)
            return operand
        constant = self.unit.constant(expr.name)
        if constant is None:
            raise Unsupported(f"{expr.name} is not known here")
        raw, type_ = constant
        size = sizer(type_)(raw)
        return msgspec.structs.replace(self.constant(raw, type_), borrowed=True, known_size=size)

    def find(self, name: str) -> Operand | None:
        """What a local name stands for; the innermost one."""
        for names in reversed(self.frame.names):
            if name in names:
                return names[name]
        return None

    # --- joins ------------------------------------------------------------------------------

    def fit(self, operand: Operand, wanted: ValueType) -> Operand:
        """The operand where a value of `wanted` is expected. Raises `Unsupported` if plain values
        of the two types differ."""
        check_same_shape(operand.type, wanted)
        return msgspec.structs.replace(operand, type=wanted)

    def branch(
        self,
        condition: str,
        yes: Callable[[], Operand],
        no: Callable[[], Operand],
        type_: ValueType,
    ) -> Operand:
        """Two ways to a value; both give owned values of `type_`."""
        out = self.out
        before = list(out.pending)
        target = out.temp()
        out.settle_terms()
        with out.sub() as yes_lines, self.aside():
            left = self.fit(yes(), type_)
            first = out.end_path()
            out.emit(f"{target} = {left.code}")
        out.pending = before
        with out.sub() as no_lines, self.aside():
            right = self.fit(no(), type_)
            second = out.end_path()
            out.emit(f"{target} = {right.code}")
        out.join([first, second])
        if len(yes_lines) == len(no_lines) == 2 and not first.slot.text and not second.slot.text:
            code = f"({left.code} if {condition} else {right.code})"
            return self.short(Operand(code, type_, plain=min(left.plain, right.plain)))
        out.emit(f"if {condition}:")
        out.lines.extend(yes_lines)
        out.emit("else:")
        out.lines.extend(no_lines)
        return Operand(target, type_, atomic=True, plain=min(left.plain, right.plain))

    def unless(self, condition: str, leave: Callable[[], None]) -> None:
        """`if not condition:` and a block that leaves the function or stops the execution."""
        out = self.out
        before = list(out.pending)
        terms = [dict(each) for each in out.terms]
        out.emit(f"if not {condition}:")
        out.level += 1
        with self.aside():
            leave()
        out.level -= 1
        out.pending, out.terms = before, terms

    def stop_if(self, condition: str, error: str) -> None:
        """`if condition:` the execution stops with `error`, a name of `support`."""
        self.out.emit(f"if {condition}: {self.out.abort(error)}")

    def leave(self, operand: Operand) -> None:
        """Leaves the function (or the inlined body) with an owned value."""
        frame, out = self.frame, self.out
        operand = self.fit(operand, frame.returns)
        if frame.result is None:
            out.emit(f"m.runtime += {out.spent()}")
            pending, terms = list(out.pending), [dict(each) for each in out.terms]
            out.flush_lengths()
            out.pending, out.terms = pending, terms
            value = f"(True, {operand.code})" if frame.in_closure else operand.code
            out.emit(f"return {value}")
            return
        out.emit(f"{frame.result} = {operand.code}")
        frame.exits.append(out.end_path())
        out.emit("break")

    # --- functions of this contract -----------------------------------------------------------

    def apply(self, info: FunctionInfo, args: Sequence[Operand]) -> None:
        """Charges the application of a function to owned arguments."""
        self.out.charge("user_function_application", len(info.parameters))
        for arg in args:
            self.out.charge_code("inner_type_check_cost", self.size(arg), arg.type.size)

    def enter(self, frame: Frame) -> None:
        """From version 2 on, lists given as arguments take the type of their contents."""
        if self.unit.version == 1:
            return
        names = frame.names[0]
        for name, operand in list(names.items()):
            if can_be_loose(operand.type) and operand.plain < PLAIN:
                bound = self.bind(self.refreshed(operand), operand.type)
                names[name] = msgspec.structs.replace(bound, borrowed=True, plain=PLAIN)

    def call(self, info: FunctionInfo, args: Sequence[Operand], *, step: bool = False) -> Operand:
        """A call of a function of this contract with owned arguments.

        `step`: for every item of a sequence, where inlining is worth more.
        """
        if len(args) != len(info.parameters):
            raise Unsupported("a number of arguments that analysis lets pass")
        bounds = self.unit.bounds(info)
        self.depth_max = max(self.depth_max, self.frame.depth + bounds.depth)
        args = [
            self.atom(fit_argument(arg, declared))
            for arg, (_, declared) in zip(args, info.parameters)
        ]
        self.apply(info, args)
        if self.unit.may_inline(info, step=step) and self.out.blocks < BLOCKS_MAX - 2:
            return self.inline(info, args)
        self.out.flush()
        self.out.work += bounds.work
        self.memory += bounds.memory  # an inlined body adds its own
        codes = ["x", self.frame.sender, self.frame.caller, *(arg.code for arg in args)]
        call = f"{info.symbol}({', '.join(codes)})"
        if info.access == "public" and info.effects:
            return self.bind(f"scoped(x, {info.symbol}, {', '.join(codes[1:])})", info.returns)
        if info.access == "read_only" and "prints" in info.effects:
            return self.bind(f"silent(x, {info.symbol}, {', '.join(codes[1:])})", info.returns)
        return self.bind(call, info.returns)

    def inline(self, info: FunctionInfo, args: Sequence[Operand]) -> Operand:
        """The body of a function in the place of its call."""
        out, outer = self.out, self.frame
        inner = Frame([{}], outer.sender, outer.caller, outer.depth, info.returns, out.temp("v"))
        for (name, declared), arg in zip(info.parameters, args):
            inner.names[0][name] = Operand(arg.code, declared, True, True, plain=arg.plain)
        self.frame = inner
        out.blocks += 1
        try:
            with out.sub() as lines, self.aside():
                self.enter(inner)
                result = self.fit(self.value(info.body), info.returns)
                last = out.end_path()
                out.emit(f"{inner.result} = {result.code}")
                out.emit("break")
        finally:
            self.frame = outer
            out.blocks -= 1
        self.depth_max = max(self.depth_max, inner.depth)
        if not inner.exits:
            for line in lines:
                line.level -= 1
            out.lines.extend(lines[:-2])
            return self.short(result)
        out.join([*inner.exits, last])
        out.emit("while True:")
        out.lines.extend(lines)
        assert inner.result is not None
        return Operand(inner.result, info.returns, atomic=True)


def fit_argument(arg: Operand, declared: ValueType) -> Operand:
    """The operand as an argument: it keeps its own type, by which it is measured.

    A contract may become one with a trait here, and only here.
    """
    if declared.kind != "callable" or arg.type.kind != "callable":
        check_same_shape(arg.type, declared)
    return arg


__all__ = ["KEYWORDS", "LOWERINGS", "Frame", "FunctionCompiler", "lowering"]
