"""The shape of a word's documentation: what it takes and gives, what it costs, examples."""

from typing import Literal

import msgspec

from btczs.vm.clarity.names import KEYWORDS, LATEST, NATIVES, ClarityVersion

WordKind = Literal["function", "keyword", "definition"]


class Example(msgspec.Struct, frozen=True):
    """A program, and the value of its last expression as Clarity text, or the kind of its error."""

    code: str
    value: str | None = None
    error: str | None = None
    counter: str = ""
    """Source of a contract `.counter` that is there before."""

    @property
    def shown(self) -> str:
        """What people are shown: the program, after the contract it needs."""
        if not self.counter:
            return self.code
        return f";; contract counter:\n{self.counter}\n;; another contract:\n{self.code}"

    @property
    def result(self) -> str:
        """What people are shown after the arrow."""
        return self.value if self.value is not None else f"error {self.error}"


class Word(msgspec.Struct, frozen=True):
    """One word of the language.

    `takes` and `gives` describe types; capital letters stand for any type, the same one wherever
    the letter stands. `costs` are names of lines of the cost table.
    """

    name: str
    kind: WordKind
    signature: str
    takes: str
    gives: str
    costs: tuple[str, ...]
    text: str
    examples: tuple[Example, ...]

    @property
    def versions(self) -> tuple[int, int]:
        """The first and the last version of the language that have the word."""
        if self.kind == "definition":
            return 1, LATEST
        return (NATIVES if self.kind == "function" else KEYWORDS)[self.name]

    @property
    def version(self) -> ClarityVersion:
        """The version its examples are written for: the last that has the word."""
        last = self.versions[1]
        assert last in (1, 2, 3, 4, 5, 6)
        return last  # type: ignore[return-value]

    @property
    def versions_text(self) -> str:
        """`1 and later`, `1 to 3`."""
        first, last = self.versions
        return f"{first} and later" if last == LATEST else f"{first} to {last}"


class Group(msgspec.Struct, frozen=True):
    """Words that belong together, under one title."""

    name: str
    title: str
    words: tuple[Word, ...]


def gives(code: str, value: str, counter: str = "") -> Example:
    """An example with a value; `counter` is the source of a contract that it uses."""
    return Example(code, value=value, counter=counter)


def fails(code: str, error: str) -> Example:
    """An example that is refused or aborts, with the kind of the error."""
    return Example(code, error=error)


def function(
    signature: str, takes: str, result: str, costs: str, text: str, *examples: Example
) -> Word:
    """A native function; its name is the first word of the signature."""
    name = signature.strip("(").split()[0].rstrip(")")
    return Word(
        name, "function", signature, takes, result, tuple(costs.split()), _flat(text), examples
    )


def keyword(name: str, result: str, costs: str, text: str, *examples: Example) -> Word:
    """A variable that always exists."""
    return Word(name, "keyword", name, "", result, tuple(costs.split()), _flat(text), examples)


def definition(signature: str, takes: str, costs: str, text: str, *examples: Example) -> Word:
    """A form that stands only at the top of a contract."""
    name = signature.strip("(").split()[0]
    return Word(
        name, "definition", signature, takes, "", tuple(costs.split()), _flat(text), examples
    )


def _flat(text: str) -> str:
    return " ".join(text.split())
