"""Warnings: what the language allows and its author hardly meant.

Few, and each worth looking at: names that nothing uses, variables that never change, maps that are
only read, names that look like others, and conditions whose answer is thrown away. They need the
syntax tree alone.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final

import msgspec

from btczs.vm.clarity.names import KEYWORDS, LATEST, NATIVES, ClarityVersion, is_reserved
from btczs.vm.clarity.reader.span import Span
from btczs.vm.clarity.reader.syntax import Atom, Expr, Form, Program, TraitReference

FUNCTIONS: Final = frozenset({"define-private", "define-public", "define-read-only"})
CONDITIONS: Final = frozenset(
    {"is-eq", "<", "<=", ">", ">=", "not", "and", "or", "is-some", "is-none", "is-ok", "is-err"}
)
DEFINED: Final = {
    "define-constant": "constant",
    "define-private": "private function",
    "define-data-var": "variable",
    "define-map": "map",
    "define-fungible-token": "token",
    "define-non-fungible-token": "token",
    "use-trait": "trait",
}
"""Definitions that only their own contract can use, and what they are called."""


class Warning(msgspec.Struct, frozen=True):
    """Something to look at. `kind` is stable."""

    kind: str
    message: str
    span: Span


def find_warnings(program: Program, version: ClarityVersion = LATEST) -> list[Warning]:
    """All warnings about a program of a version of the language, in the order of the source."""
    found = [
        *_unused_definitions(program),
        *_one_sided_storage(program),
        *_unused_locals(program),
        *_ignored_conditions(program),
        *_confusing_names(program, version),
    ]
    return sorted(found, key=lambda w: (w.span.line, w.span.column, w.kind))


def _walk(*roots: Expr) -> Iterator[Expr]:
    pending = list(roots)
    while pending:
        expr = pending.pop()
        yield expr
        if isinstance(expr, Form):
            pending.extend(expr.items)


def _head(expr: Expr) -> str:
    if isinstance(expr, Form) and expr.items and isinstance(expr.items[0], Atom):
        return expr.items[0].name
    return ""


def _name_of(definition: Form) -> Atom | None:
    """The atom that names what is defined."""
    if len(definition.items) < 2:
        return None
    named = definition.items[1]
    if isinstance(named, Form) and named.items:
        named = named.items[0]
    return named if isinstance(named, Atom) else None


def _mentions(*roots: Expr) -> Counter[str]:
    """How often each name stands anywhere below."""
    counts: Counter[str] = Counter()
    for expr in _walk(*roots):
        if isinstance(expr, Atom | TraitReference):
            counts[expr.name] += 1
    return counts


def _unused_definitions(program: Program) -> Iterator[Warning]:
    counts = _mentions(*program.expressions)
    for expr in program.expressions:
        what = DEFINED.get(_head(expr))
        if what is None or not isinstance(expr, Form):
            continue
        name = _name_of(expr)
        if name is not None and counts[name.name] <= 1:
            yield Warning("unused", f"the {what} `{name.name}` is never used", name.span)


_READS: Final = {"var-get": "define-data-var", "map-get?": "define-map"}
_WRITES: Final = {
    "var-set": "define-data-var", "map-set": "define-map", "map-insert": "define-map",
    "map-delete": "define-map",
}  # fmt: skip


def _one_sided_storage(program: Program) -> Iterator[Warning]:
    read: set[tuple[str, str]] = set()
    written: set[tuple[str, str]] = set()
    for expr in _walk(*program.expressions):
        head = _head(expr)
        if head not in _READS and head not in _WRITES:
            continue
        assert isinstance(expr, Form)
        target = expr.items[1] if len(expr.items) > 1 else None
        if isinstance(target, Atom):
            if head in _READS:
                read.add((_READS[head], target.name))
            else:
                written.add((_WRITES[head], target.name))
    for expr in program.expressions:
        head = _head(expr)
        if head not in ("define-data-var", "define-map") or not isinstance(expr, Form):
            continue
        name = _name_of(expr)
        key = (head, name.name if name else "")
        if name is None or (key not in read and key not in written):
            continue
        if key not in written:
            text = "never changes: a constant would do" if head == "define-data-var" else (
                "is read and never written"
            )  # fmt: skip
            yield Warning("never-written", f"`{name.name}` {text}", name.span)
        elif key not in read and head == "define-data-var":
            yield Warning("never-read", f"`{name.name}` is written and never read", name.span)


def _unused_locals(program: Program) -> Iterator[Warning]:
    for expr in program.expressions:
        head = _head(expr)
        if head == "define-private" and isinstance(expr, Form) and len(expr.items) > 2:
            yield from _unused_parameters(expr)
    for expr in _walk(*program.expressions):
        if isinstance(expr, Form) and _head(expr) == "let" and len(expr.items) > 2:
            yield from _unused_bindings(expr)


def _unused_parameters(definition: Form) -> Iterator[Warning]:
    signature = definition.items[1]
    if not isinstance(signature, Form):
        return
    used = _mentions(*definition.items[2:])
    for parameter in signature.items[1:]:
        if isinstance(parameter, Form) and parameter.items:
            name = parameter.items[0]
            if isinstance(name, Atom) and not used[name.name]:
                yield Warning("unused", f"the parameter `{name.name}` is never used", name.span)


def _unused_bindings(let: Form) -> Iterator[Warning]:
    """From the last binding back, so that each is counted against what follows it once."""
    bindings = let.items[1]
    if not isinstance(bindings, Form):
        return
    used = set(_mentions(*let.items[2:]))
    for binding in reversed(bindings.items):
        if not isinstance(binding, Form) or len(binding.items) != 2:
            continue
        name, value = binding.items
        if isinstance(name, Atom) and name.name not in used:
            yield Warning("unused", f"the binding `{name.name}` is never used", name.span)
        used |= set(_mentions(value))


def _ignored_conditions(program: Program) -> Iterator[Warning]:
    for expr in _walk(*program.expressions):
        head = _head(expr)
        if head not in ("begin", "let", *FUNCTIONS) or not isinstance(expr, Form):
            continue
        for item in expr.items[1 if head == "begin" else 2 : -1]:
            if _head(item) in CONDITIONS:
                yield Warning(
                    "ignored-condition",
                    f"the answer of `{_head(item)}` is thrown away: was `asserts!` meant?",
                    item.span,
                )


def _confusing_names(program: Program, version: ClarityVersion) -> Iterator[Warning]:
    defined: dict[str, Atom] = {}
    for expr in program.expressions:
        name = (
            _name_of(expr) if isinstance(expr, Form) and _head(expr).startswith("define") else None
        )
        if name is not None:
            defined.setdefault(_plain(name.name), name)
            yield from _word_elsewhere(name, version)
    for name in _locals(program):
        yield from _word_elsewhere(name, version)
        other = defined.get(_plain(name.name))
        if other is not None and other.name != name.name:
            text = f"`{name.name}` looks like `{other.name}`, which line {other.span.line} defines"
            yield Warning("look-alike", text, name.span)


def _word_elsewhere(name: Atom, version: ClarityVersion) -> Iterator[Warning]:
    span = NATIVES.get(name.name) or KEYWORDS.get(name.name)
    if span is not None and not is_reserved(name.name, version):
        text = f"`{name.name}` is a word of the language in versions {span[0]} to {span[1]}"
        yield Warning("word-elsewhere", text, name.span)


def _plain(name: str) -> str:
    return name.lower().translate(_DECORATION)


_DECORATION: Final = {ord(c): None for c in "-_?!*"}


def _locals(program: Program) -> Iterator[Atom]:
    """Names of parameters and bindings."""
    for expr in _walk(*program.expressions):
        if not isinstance(expr, Form) or len(expr.items) < 2:
            continue
        head, named = _head(expr), expr.items[1]
        if not isinstance(named, Form) or head not in ("let", *FUNCTIONS):
            continue
        for pair in named.items[0 if head == "let" else 1 :]:
            name = pair.items[0] if isinstance(pair, Form) and pair.items else None
            if isinstance(name, Atom):
                yield name
