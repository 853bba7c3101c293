"""Walks through an expression: what it costs between two bounds, and the shape of what it gives.

The walk goes where the evaluator of the interpreter goes, and charges as it does. `rules` tells
how for most words; those that choose, repeat or call are the `Word`s a walker is made with. Both
arms of a choice are walked. Python frames: at most four for a level of brackets.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Protocol, TypeAlias

import msgspec

from btczs.codec.clarity.types import ValueType
from btczs.codec.clarity.values import ContractPrincipal
from btczs.vm.clarity.analysis.model import ContractAnalysis
from btczs.vm.clarity.estimation.ranges import NOTHING, Path, Range, charge
from btczs.vm.clarity.estimation.results import RESULTS
from btczs.vm.clarity.estimation.rules import rule_of
from btczs.vm.clarity.estimation.shapes import (
    UNKNOWN,
    Shape,
    join,
    shape_of_literal,
    shape_of_type,
)
from btczs.vm.clarity.names import keywords_of, natives_of
from btczs.vm.clarity.reader.span import Span
from btczs.vm.clarity.reader.syntax import Atom, Expr, Form, Literal


class Given(msgspec.Struct, frozen=True):
    """Stands for an argument that is there already, as the items that `map` hands over."""

    shape: Shape


Node: TypeAlias = Expr | Given
Found: TypeAlias = tuple[Path, Shape]

FREE_KEYWORDS: Final = frozenset(
    (
        "none", "true", "false", "tx-sender", "contract-caller", "tx-sponsor?",
        "current-contract", "is-in-regtest", "is-in-mainnet", "chain-id",
    )
)  # fmt: skip
"""The others ask the chain or the state, which costs."""


class OpenCall(msgspec.Struct, frozen=True):
    """A call whose target no source tells: it is called through a trait, or is not known here."""

    contract: str
    """The contract that calls, as `ADDRESS.name`."""
    function: str
    """The function that is called."""
    place: Span


class FunctionBounds(msgspec.Struct, frozen=True):
    """A function: what its body costs, and what it gives. `open_calls`: of all that it calls."""

    name: str
    parameters: tuple[Shape, ...]
    body: Range
    returns: Shape
    open_calls: tuple[OpenCall, ...]


def application(parameter_count: int, args: Sequence[Shape]) -> Range:
    """What is paid before the body of a function is evaluated."""
    cost = charge("user_function_application", parameter_count)
    for arg in args:
        cost = cost.plus(charge("inner_type_check_cost", arg.low.size, arg.high.size))
    return cost


class Called(msgspec.Struct, frozen=True):
    """A function of another contract, and what loading that contract costs."""

    load: Range
    function: FunctionBounds


class Callees(Protocol):
    """The functions of other contracts."""

    def find(self, target: ContractPrincipal, function: str, /) -> Called | None: ...


class Place:
    """Local names by level, as the interpreter's `LocalContext`."""

    __slots__ = ("depth", "names", "outer")

    def __init__(self, outer: "Place | None" = None) -> None:
        self.outer = outer
        self.depth: int = 0 if outer is None else outer.depth + 1
        self.names: dict[str, tuple[Shape, bool]] = {}
        """Shape, and whether reading the name borrows a value."""

    def find(self, name: str) -> tuple[Shape, bool] | None:
        place: Place | None = self
        while place is not None:
            found = place.names.get(name)
            if found is not None:
                return found
            place = place.outer
        return None


Word: TypeAlias = Callable[["Walker", Path, Sequence[Node], Place, Expr], Shape]
"""Lets a path go on through a word that has code of its own; the shape of its result."""


class Walker:
    """Walks the functions of one contract. `functions` and `constants` are filled on the way."""

    def __init__(
        self, analysis: ContractAnalysis, callees: Callees, words: "Mapping[str, Word]"
    ) -> None:
        self.analysis = analysis
        self.version = analysis.version
        self.callees = callees
        self._words = words
        self._natives = natives_of(analysis.version)
        self.functions: dict[str, FunctionBounds] = {}
        self.constants: dict[str, Shape] = {}
        self.returned = UNKNOWN
        """What the function under way has returned early so far."""
        self.open_calls: dict[OpenCall, None] = {}
        self._keywords = keywords_of(analysis.version)
        self._shapes: dict[int, tuple[ValueType, Shape]] = {}

    def walk(self, node: Node, place: Place, *, owned: bool = True) -> Found:
        """Goes through an expression. `owned`: its value is paid for if a variable holds it."""
        if isinstance(node, Form):
            path, head = Path(charge("lookup_function")), node.items[0]
            assert isinstance(head, Atom), "analysis has seen to it"
            return path, self.apply(path, head.name, node.items[1:], place, node)
        if isinstance(node, Given):
            return Path(), node.shape
        if isinstance(node, Literal):
            return Path(), shape_of_literal(node.value)
        assert isinstance(node, Atom), "analysis has seen to it"
        return self._variable(node, place, owned)

    def through(self, path: Path, node: Node, place: Place, *, owned: bool = True) -> Shape:
        """Lets `path` go on through an expression."""
        walked, shape = self.walk(node, place, owned=owned)
        path.then(walked)
        return shape

    def apply(self, path: Path, name: str, args: Sequence[Node], place: Place, at: Expr) -> Shape:
        """Lets `path` go on through an application, the function being looked up already.

        `at` is where analysis noted the type of the result.
        """
        function = self.function(name)
        if function is not None:
            shapes = [self.through(path, arg, place) for arg in args]
            self.call(path, function, shapes)
            return function.returns
        word = self._words.get(name)
        if word is not None:
            return word(self, path, args, place, at)
        return self.ruled(path, name, args, place, at)[1]

    def call(self, path: Path, function: FunctionBounds, shapes: Sequence[Shape]) -> None:
        """Lets `path` go on through the body of a function."""
        path.pay(application(len(function.parameters), shapes).plus(function.body))
        self.open_calls.update(dict.fromkeys(function.open_calls))

    def function(self, name: str) -> FunctionBounds | None:
        """The function of the contract that `name` means; None for a native one."""
        return None if name in self._natives else self.functions.get(name)

    def static(self, at: Expr) -> Shape:
        """The shape of the type that analysis noted for an expression."""
        found = self.analysis.types.get(at.id)
        assert found is not None, "analysis gave every expression a type"
        return self.shape_of(found)

    def shape_of(self, declared: ValueType) -> Shape:
        """`shape_of_type`, once for each type that analysis made."""
        known = self._shapes.get(id(declared))
        if known is None:
            known = self._shapes[id(declared)] = (declared, shape_of_type(declared))
        return known[1]

    def leave(self, shape: Shape) -> None:
        """Notes that the function may return early with a value of this shape."""
        self.returned = join(self.returned, shape)

    def ruled(
        self, path: Path, name: str, args: Sequence[Node], place: Place, at: Expr
    ) -> tuple[list[Shape], Shape]:
        """Lets `path` go on through a word that has a rule: shapes of the arguments, and result."""
        rule = rule_of(name)
        if rule.before is not None:
            path.pay(charge(rule.before))
        shapes: list[Shape] = []
        later: list[Range] = []
        for index, arg in enumerate(args):
            takes = rule.takes[min(index, len(rule.takes) - 1)]
            if takes == "n":
                continue
            walked, shape = self.walk(arg, place, owned=takes == "o")
            shapes.append(shape)
            if takes == "m":
                path.then_perhaps(walked)
                continue
            path.then(walked)
            if takes in "sb" and self.is_borrowed(arg, place):
                later.append(owning(shape) if takes == "s" else owning(shape).or_nothing())
        for cost in later:
            path.pay(cost)
        for after in rule.after:
            cost = charge(after.cost, *after.input(shapes, self.version))
            path.pay(cost if after.is_certain else cost.or_nothing())
        static, result = self.static(at), RESULTS.get(name)
        return shapes, static if result is None else result(shapes, static)

    def _variable(self, atom: Atom, place: Place, owned: bool) -> Found:
        name = atom.name
        if name in self._keywords:
            return Path(NOTHING if name in FREE_KEYWORDS else charge("fetch_var", 1)), self.static(
                atom
            )
        path = Path(charge("lookup_variable_depth", place.depth))
        shape, is_borrowed = self._named(name, place)
        if owned and is_borrowed:
            path.pay(owning(shape))
        return path, shape

    def is_borrowed(self, node: Node, place: Place) -> bool:
        """Whether the value belongs to a variable, and owning it is paid by its size."""
        if not isinstance(node, Atom) or node.name in self._keywords:
            return False
        return self._named(node.name, place)[1]

    def _named(self, name: str, place: Place) -> tuple[Shape, bool]:
        found = place.find(name)
        return (self.constants[name], True) if found is None else found


def owning(shape: Shape) -> Range:
    """What keeping the value of a variable costs."""
    return charge("lookup_variable_size", shape.low.size, shape.high.size)
