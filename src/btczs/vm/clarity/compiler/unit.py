"""What is compiled together: the functions of one contract, and the names they share.

Functions are compiled when they are first called, those they call before them, so compiling needs
no recursion and a contract that uses one function pays for one. A function that cannot be compiled
takes those that call it with it; the interpreter runs them.
"""

from collections.abc import Iterator, Sequence
from types import CodeType
from typing import Any

import msgspec

from btczs.codec.clarity.principals import encode_principal
from btczs.codec.clarity.types import ValueType
from btczs.vm.clarity.analysis.model import Access, ContractAnalysis
from btczs.vm.clarity.compiler.emitter import HoistingImpossible
from btczs.vm.clarity.compiler.shapes import Raw, Unsupported, check_supported
from btczs.vm.clarity.compiler.tagging import untagger
from btczs.vm.clarity.names import ClarityVersion, keywords_of
from btczs.vm.clarity.reader.syntax import Atom, Expr, Form
from btczs.vm.clarity.runtime.contracts import Contract

INLINE_NODES_MAX = 80
"""Expressions of a function that is inlined where it is called, its own inlining included."""

STEP_NODES_MAX = 400
"""The same for the function that `map`, `fold` or `filter` applies."""

WRITES = frozenset(
    [
        "var-set",
        "map-set",
        "map-insert",
        "map-delete",
        "ft-mint?",
        "ft-burn?",
        "ft-transfer?",
        "nft-mint?",
        "nft-burn?",
        "nft-transfer?",
        "stx-transfer?",
        "stx-transfer-memo?",
        "stx-burn?",
        "contract-call?",
    ]
)
"""Natives after which something may have to be undone."""


class FunctionInfo(msgspec.Struct, eq=False):
    """A function of the contract, as the compiler sees it."""

    name: str
    symbol: str
    access: Access
    parameters: tuple[tuple[str, ValueType], ...]
    returns: ValueType
    body: Expr
    calls: tuple[str, ...]
    """Functions of the contract that it names, in order of appearance."""
    effects: frozenset[str]
    """Of "writes" and "prints": what it or those it calls may do."""
    nodes: int
    """Expressions in it and in those it calls: how large it is when everything is inlined."""


class Bounds(msgspec.Struct, frozen=True):
    """What a call of a compiled function needs at most, counted from its entry."""

    depth: int
    """Calls under way, relative to the function's own."""
    memory: int
    """Bytes of arguments and bindings."""
    work: int
    """Runtime units between two checks of the limit."""


class Compiled(msgspec.Struct, eq=False):
    """A function as Python."""

    info: FunctionInfo
    source: str
    code: CodeType
    bounds: Bounds


class Unit:
    """The compiler's view of a contract. Filled function by function."""

    def __init__(self, contract: Contract, analysis: ContractAnalysis) -> None:
        self.contract = contract
        self.analysis = analysis
        self.version: ClarityVersion = contract.version
        self.self_raw = encode_principal(contract.id)
        self.namespace: dict[str, Any] = {}
        self.compiled: dict[str, Compiled] = {}
        self._refused: dict[str, str] = {}
        self._infos: dict[str, FunctionInfo] = {}
        self._names: dict[int, str] = {}
        self._constants: dict[str, tuple[Raw, ValueType]] = {}
        self.keys: dict[str, bytes] = {}
        """Storage keys of data variables."""
        self._shared: dict[bytes, bytes] = {}

    # --- what the contract defines --------------------------------------------------------

    def is_keyword(self, name: str) -> bool:
        return name in keywords_of(self.version)

    def constant(self, name: str) -> tuple[Raw, ValueType] | None:
        """A constant: its plain value and static type."""
        if name not in self._constants:
            type_ = self.analysis.constants.get(name)
            value = self.contract.constants.get(name)
            if type_ is None or value is None:
                return None
            check_supported(type_)
            self._constants[name] = (untagger(type_)(value), type_)
        return self._constants[name]

    def shared(self, raw: bytes) -> bytes:
        """The same bytes as the same object, so that `name_of` finds them again."""
        return self._shared.setdefault(raw, raw)

    def name_of(self, thing: object, prefix: str) -> str:
        """The name of `thing` in generated code."""
        name = self._names.get(id(thing))
        if name is None:
            name = f"{prefix}_{len(self._names)}"
            self._names[id(thing)] = name
            self.namespace[name] = thing  # keeps it alive, so its id stays its own
        return name

    def function(self, name: str) -> FunctionInfo:
        """A function of the contract. The functions that it names are known already.

        Raises `Unsupported` for the natives that only some networks have.
        """
        info = self._infos.get(name)
        if info is None:
            if name not in self.contract.functions:
                raise Unsupported(f"{name} is not compiled")
            for each in self._order(name):
                if each not in self._infos:
                    self._infos[each] = self._describe(each)
            info = self._infos[name]
        return info

    def _describe(self, name: str) -> FunctionInfo:
        function = self.contract.functions[name]
        type_ = self.analysis.function(name)
        if type_ is None:
            raise Unsupported(f"{name} has no type")
        if len({parameter for parameter, _ in type_.parameters}) < len(type_.parameters):
            raise Unsupported("two parameters of one name: the interpreter says so")
        words, nodes = _words(function.body)
        calls = tuple([word for word in words if word in self.contract.functions])
        effects = set()
        if WRITES & words.keys():
            effects.add("writes")
        if "print" in words or effects:
            effects.add("prints")
        for call in calls:
            callee = self._infos[call]
            effects |= callee.effects
            nodes += callee.nodes * words[call]
        return FunctionInfo(
            name,
            f"f{len(self._infos)}",
            function.access,
            type_.parameters,
            type_.returns,
            function.body,
            calls,
            frozenset(effects),
            nodes,
        )

    def _order(self, name: str) -> list[str]:
        """`name` and everything it calls, callees first."""
        functions = self.contract.functions
        order: dict[str, None] = {}
        seen: set[str] = set()
        stack: list[tuple[str, bool]] = [(name, False)]
        while stack:
            current, done = stack.pop()
            if done:
                order[current] = None
            elif current not in seen:
                seen.add(current)
                stack.append((current, True))
                words, _ = _words(functions[current].body)
                stack.extend((word, False) for word in words if word in functions)
        return list(order)

    def may_inline(self, info: FunctionInfo, *, step: bool = False) -> bool:
        """Whether a call of the function is replaced by its body."""
        if info.access == "public" or (info.access == "read_only" and info.effects):
            return False
        return info.nodes <= (STEP_NODES_MAX if step else INLINE_NODES_MAX)

    # --- compiling ------------------------------------------------------------------------

    def bounds(self, info: FunctionInfo) -> Bounds:
        """The bounds of a function that this one calls. Raises `Unsupported` with it."""
        compiled = self.compiled.get(info.name)
        if compiled is None:
            raise Unsupported(self._refused.get(info.name, f"{info.name} is not compiled yet"))
        return compiled.bounds

    def compile(self, name: str) -> Compiled:
        """The compiled function. Raises `Unsupported` if the interpreter has to run it."""
        if name in self._refused:
            raise Unsupported(self._refused[name])
        compiled = self.compiled.get(name)
        if compiled is None:
            for each in self._order(name):
                if each not in self.compiled and each not in self._refused:
                    self._compile_one(each)
            if name in self._refused:
                raise Unsupported(self._refused[name])
            compiled = self.compiled[name]
        return compiled

    def _compile_one(self, name: str) -> None:
        try:
            info = self.function(name)
            self.compiled[name] = self._generate(info)
        except (Unsupported, RecursionError) as refusal:
            self._refused[name] = str(refusal) or type(refusal).__name__

    def _generate(self, info: FunctionInfo) -> Compiled:
        from btczs.vm.clarity.compiler.function import FunctionCompiler

        compiler = FunctionCompiler(self, info, hoisting=True)
        try:
            source = compiler.compile()
        except HoistingImpossible:
            compiler = FunctionCompiler(self, info, hoisting=False)
            source = compiler.compile()
        file = f"<clarity {self.contract.id.name}.{info.name}>"
        bounds = Bounds(compiler.depth_max, compiler.memory, compiler.out.work)
        return Compiled(info, source, compile(source, file, "exec", dont_inherit=True), bounds)


_STEPS = ("map", "filter", "fold")


def _words(body: Expr) -> tuple[dict[str, int], int]:
    """How often each function is applied in an expression, and how many expressions there are."""
    words: dict[str, int] = {}
    nodes = 0
    stack: list[Expr] = [body]
    while stack:
        expr = stack.pop()
        nodes += 1
        if not isinstance(expr, Form):
            continue
        heads = expr.items[:1]
        name = heads[0].name if heads and isinstance(heads[0], Atom) else ""
        if name in _STEPS:
            heads = expr.items[:2]
        stack.extend(_operands(expr, name))
        for head in heads:
            if isinstance(head, Atom):
                words[head.name] = words.get(head.name, 0) + 1
    return words, nodes


def _operands(form: Form, name: str) -> Iterator[Expr]:
    """The expressions in a form; the names that a `let` or `tuple` gives are none."""
    rest = form.items
    if name == "let" and len(rest) > 1 and isinstance(rest[1], Form):
        pairs, rest = rest[1].items, rest[2:]
    elif name == "tuple":
        pairs, rest = rest[1:], ()
    else:
        pairs = ()
    for pair in pairs:
        if isinstance(pair, Form):
            yield from pair.items[1:]
    yield from rest


def symbols(functions: Sequence[Compiled]) -> dict[str, str]:
    """The Python name of each function by its Clarity name: to read a dump."""
    return {each.info.name: each.info.symbol for each in functions}
