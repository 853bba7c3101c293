"""Writes the Python text of one function, and knows at every point what has been charged.

Costs are counted at compile time where they are constant. `pending` holds what the code since the
last visible update has cost; it becomes part of the text only where paths join (`c += 31`), where
the function ends, and where it may stop: an abort adds the number that is right at its place. A
loop whose body costs the same in every turn is charged after it, `c += 310 * n`; an abort inside
counts the turns already taken.

The dimensions other than runtime are rare and go to the meter directly.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import msgspec

from btczs.vm.clarity.compiler.shapes import Unsupported
from btczs.vm.clarity.costs import ExecutionCost, cost_function

BLOCKS_MAX = 15
"""Loops nested in one function; Python allows 20."""

LEVELS_MAX = 60
"""Levels of indentation; Python allows 100."""

LINES_MAX = 20_000
"""Lines of one function: inlining must not explode."""

TERMS_MAX = 6
"""Terms that are kept pending per dimension; then they are added up."""

DIMENSIONS = ("runtime", "read_count", "read_length", "write_count", "write_length")
MEMORY = 5
TERMS = (*DIMENSIONS, "memory")
"""What terms add to: the dimensions of cost, and the memory that writes keep."""


class Line:
    """A line of text at a level; the text may be decided later, or be dropped (empty)."""

    __slots__ = ("level", "text")

    def __init__(self, level: int, text: str) -> None:
        self.level = level
        self.text = text


class Exit(msgspec.Struct):
    """The end of a path: what was pending there, and the line where the balance is written."""

    pending: tuple[int, ...]
    slot: Line


class HoistingImpossible(Exception):
    """A loop calls code that charges by itself: it must count every turn as it goes."""


class Emitter:
    """Lines, levels and pending costs of one Python function."""

    def __init__(self, hoisting: bool) -> None:
        self.hoisting = hoisting
        self.lines: list[Line] = []
        self.level = 1
        self.pending = [0, 0, 0, 0, 0]
        self.terms: list[dict[str, int]] = [{} for _ in TERMS]
        """What is pending beside `pending`: how often which expression over names that stay."""
        self.turn_terms: list[str] = []
        self.blocks = 0
        self.uses_counter = False
        self.keeps_memory = False
        """Whether memory must be on the meter at once: something may go on after an abort."""
        self.work = 0
        self._count = 0
        self._temps = 0
        self._turns: dict[str, int] = {}

    # --- text -------------------------------------------------------------------------------

    def emit(self, text: str) -> Line:
        self._count += 1
        if self._count > LINES_MAX or self.level > LEVELS_MAX:
            raise Unsupported("a function too long or too deeply nested")
        line = Line(self.level, text)
        self.lines.append(line)
        return line

    def temp(self, prefix: str = "t") -> str:
        self._temps += 1
        return f"{prefix}{self._temps}"

    @contextmanager
    def sub(self, levels: int = 1) -> Iterator[list[Line]]:
        """Collects the lines written inside into a list of their own."""
        outer, self.lines = self.lines, []
        self.level += levels
        try:
            yield self.lines
        finally:
            self.level -= levels
            self.lines = outer

    # --- costs ------------------------------------------------------------------------------

    def charge(self, name: str, n: int = 0) -> None:
        """A cost whose input is known now."""
        function = cost_function(name)
        pending = self.pending
        runtime = function.runtime(n)
        self.work += runtime
        pending[0] += runtime
        pending[1] += function.read_count(n)
        pending[2] += function.read_length(n)
        pending[3] += function.write_count(n)
        pending[4] += function.write_length(n)

    def charge_total(self, cost: ExecutionCost) -> None:
        """A cost that is known now."""
        self.work += cost.runtime
        for index, dimension in enumerate(DIMENSIONS):
            self.pending[index] += getattr(cost, dimension)

    def charge_code(self, name: str, n: str, n_max: int) -> None:
        """A cost whose input is the Python expression `n`, at most `n_max`."""
        if n.isdigit():
            self.charge(name, int(n))
            return
        function = cost_function(name)
        self.work += function.runtime(n_max)
        for index, dimension in enumerate(DIMENSIONS):
            formula = getattr(function, dimension)
            self.pending[index] += formula.b
            if formula.shape == "const" or not formula.a or not n_max >> formula.shift:
                continue
            assert formula.shape == "lin", "logarithms are costs of analysis only"
            term = f"({n} >> {formula.shift})" if formula.shift else n
            if " " in n and formula.shift:
                term = f"(({n}) >> {formula.shift})"
            self.add_term(index, term, formula.a)

    def add_term(self, index: int, term: str, factor: int = 1) -> None:
        """Adds a pending term to a dimension, or to the memory that is kept (the last index)."""
        terms = self.terms[index]
        terms[term] = terms.get(term, 0) + factor
        if len(terms) >= TERMS_MAX:
            self.settle_terms((index,))

    def _sum(self, index: int) -> list[str]:
        """The pending terms of a dimension, ready to be joined by `+`."""
        return [
            term if factor == 1 else f"{factor} * ({term})"
            for term, factor in self.terms[index].items()
        ]

    def settle_terms(self, indices: Iterable[int] = range(len(TERMS))) -> None:
        """Adds up pending terms here: paths join or part, or the names they use end."""
        for index in indices:
            if not self.terms[index]:
                continue
            total = " + ".join(self._sum(index))
            self.terms[index] = {}
            if index == 0:
                self.uses_counter = True
                self.emit(f"c += {total}")
            else:
                self.emit(f"m.{TERMS[index]} += {total}")

    def spent(self) -> str:
        """The runtime charged up to here and not yet on the meter, as an expression."""
        terms = [str(self.pending[0]), *self._sum(0), *self.turn_terms]
        return "@" + " + ".join(terms)

    def abort(self, error: str) -> str:
        """The statement that stops the execution here with `error` (a name of the namespace)."""
        dims = ", ".join([self._length(index) for index in range(1, 5)])
        return f"abort(m, {error}, {self.spent()}, {dims})"

    def _length(self, index: int) -> str:
        return " + ".join([str(self.pending[index]), *self._sum(index)])

    def flush(self) -> None:
        """Puts everything charged so far on the meter: what follows charges by itself."""
        if self.turn_terms:
            raise HoistingImpossible
        self.emit(f"m.runtime += {self.spent()}")
        self.emit("@c = 0")
        self.pending[0] = 0
        self.terms[0] = {}
        self.flush_lengths()

    def flush_lengths(self) -> None:
        """Puts the dimensions other than runtime on the meter."""
        for index in range(1, 5):
            terms = self._sum(index)
            if self.pending[index]:
                terms.append(str(self.pending[index]))
            if terms:
                self.emit(f"m.{DIMENSIONS[index]} += {' + '.join(terms)}")
            self.pending[index], self.terms[index] = 0, {}
        self.settle_terms((MEMORY,))

    def end_path(self) -> Exit:
        """The path that has come here will be joined with others."""
        self.settle_terms()
        return Exit(tuple(self.pending), self.emit(""))

    def join(self, exits: list[Exit]) -> None:
        """Makes several paths one: each pays what it has charged beyond the least of them."""
        common = [min(each.pending[i] for each in exits) for i in range(5)]
        for each in exits:
            extra = [own - least for own, least in zip(each.pending, common)]
            texts = [f"m.{DIMENSIONS[i]} += {extra[i]}" for i in range(1, 5) if extra[i]]
            if extra[0]:
                self.uses_counter = True
                texts.append(f"c += {extra[0]}")
            each.slot.text = "; ".join(texts)
        self.pending = common

    def settle_pending(self) -> None:
        """Before a loop that counts every turn as it goes: what it may stop at comes on top."""
        if not self.hoisting and self.pending[0]:
            self.uses_counter = True
            self.emit(f"c += {self.pending[0]}")
            self.pending[0] = 0

    # --- loops ------------------------------------------------------------------------------

    @contextmanager
    def turns(self, iterator: str, count: str, count_max: int) -> Iterator[None]:
        """The body of a loop over `iterator` with `count` turns, charged as a whole afterwards."""
        if self.blocks >= BLOCKS_MAX:
            raise Unsupported("loops nested too deeply")
        outer, self.pending = self.pending, [0, 0, 0, 0, 0]
        work, self.work = self.work, 0
        self.blocks += 1
        mark = f"#{iterator}#"
        if self.hoisting:
            self.turn_terms.append(f"{outer[0]} + {mark} * turns({iterator}, {count})")
        try:
            yield
        finally:
            self.blocks -= 1
            if self.hoisting:
                self.turn_terms.pop()
        cost = self.pending[0]
        self.settle_terms()
        self.flush_lengths()
        if not self.hoisting and cost:
            self.uses_counter = True
            self.emit(f"c += {cost}")
        self._turns[mark] = cost
        self.pending = outer
        self.work = work + count_max * self.work

    def after_turns(self, iterator: str, count: str) -> None:
        """Charges the turns of the loop that has just ended."""
        cost = self._turns[f"#{iterator}#"]
        if self.hoisting and cost:
            self.uses_counter = True
            self.emit(f"c += {cost} * {count}")

    # --- a function inside the function ---------------------------------------------------

    def continue_from(self, outer: "Emitter") -> None:
        """Begins the body of a function inside the one that `outer` writes."""
        self.level = outer.level + 1
        self._count, self._temps = outer._count, outer._temps
        self.keeps_memory = True

    def take(self, inner: "Emitter") -> None:
        """Puts in the finished body of a function inside this one."""
        self._count, self._temps = inner._count, inner._temps
        self.work += inner.work
        if inner.uses_counter:
            self.lines.append(Line(self.level + 1, "c = 0"))
        for line in inner.lines:
            self.lines.append(Line(line.level, inner.resolve(line.text)))

    # --- the end ----------------------------------------------------------------------------

    def text(self) -> str:
        """All lines as Python text."""
        lines = [(line.level, self.resolve(line.text)) for line in self.lines]
        return "\n".join(["    " * level + text for level, text in lines if text])

    def resolve(self, text: str) -> str:
        """The text of a line, now that the whole function is known; empty if it is left out."""
        if text == "@c = 0":
            return "c = 0" if self.uses_counter else ""
        if "#" in text:
            for mark, cost in self._turns.items():
                text = text.replace(mark, str(cost))
        return text.replace("@", "c + " if self.uses_counter else "")
