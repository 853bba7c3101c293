"""The syntax tree: what every later stage reads.

A program is a list of expressions. An expression is a literal, a name, a list in brackets, or one
of the two things that only traits know: `<trait>` and `contract.trait`. Sugar (`.contract`,
`{k: v}`) is expanded before this tree exists. `id` numbers the expressions of one program in
source order, depth first, parents before children; analysis files its types under it.

Expressions never contain themselves, so the garbage collector need not watch them (`gc=False`).
"""

from typing import TypeAlias

import msgspec

from btczs.codec.clarity.types import TraitIdentifier
from btczs.codec.clarity.values import ContractPrincipal, Value
from btczs.vm.clarity.reader.span import Span


class Literal(msgspec.Struct, eq=False, gc=False):
    """A value written in the source: number, string, buffer or principal."""

    value: Value
    span: Span
    id: int = 0


class Atom(msgspec.Struct, eq=False, gc=False):
    """A name."""

    name: str
    span: Span
    id: int = 0


class Form(msgspec.Struct, eq=False, gc=False):
    """`(a b c)`: an application, a definition, or a list of bindings.

    `{k: v}` is the form `(tuple (k v))` with `braces`. `written` is what really stood between the
    brackets, where it is not `items`: with the comments, and for braces keys and values in turn.
    Consensus needs that: the sorter of definitions looks at a text before sugar is expanded.
    """

    items: "tuple[Expr, ...]"
    span: Span
    id: int = 0
    braces: bool = False
    written: "tuple[Expr | Comment, ...] | None" = None


class TraitReference(msgspec.Struct, eq=False, gc=False):
    """`<name>`: the type "a contract with this trait". `trait` is what the name stands for.

    `defined_here` tells a trait of this contract (`define-trait`) from an imported one. Until
    `resolve_traits` has run, every trait counts as defined here.
    """

    name: str
    trait: TraitIdentifier
    defined_here: bool
    span: Span
    id: int = 0


class Field(msgspec.Struct, eq=False, gc=False):
    """`'ADDRESS.contract.trait` or `.contract.trait`: a trait of another contract by its place."""

    trait: TraitIdentifier
    span: Span
    id: int = 0


Expr: TypeAlias = Literal | Atom | Form | TraitReference | Field


class Comment(msgspec.Struct, frozen=True, gc=False):
    """`;; text` to the end of the line. `text` keeps the semicolons."""

    text: str
    span: Span


class Program(msgspec.Struct, eq=False):
    """A parsed contract. `expressions` stand in the order of the source."""

    contract: ContractPrincipal
    source: str
    expressions: tuple[Expr, ...]
    comments: tuple[Comment, ...]
    node_count: int
    """How many expressions there are: ids run from 1 to it."""
    references: tuple[TraitReference, ...] = ()
    """Every `<name>` among the expressions, in the order of the source."""
