"""Which parts of a form are evaluated, and where it can go one way or another.

A form holds more than expressions: names of variables, types, keys of tuples, bindings. Coverage
and proofs need to know which is which. Everything here looks at the syntax alone.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from btczs.vm.clarity.reader.syntax import Atom, Expr, Form, Program

FUNCTION_FORMS: Final = {
    "define-private": "private",
    "define-public": "public",
    "define-read-only": "read_only",
}

_SKIPPED: Final = {
    "var-get": 2, "var-set": 2, "map-get?": 2, "map-set": 2, "map-insert": 2, "map-delete": 2,
    "ft-get-balance": 2, "ft-get-supply": 2, "ft-mint?": 2, "ft-burn?": 2, "ft-transfer?": 2,
    "nft-get-owner?": 2, "nft-mint?": 2, "nft-burn?": 2, "nft-transfer?": 2,
    "get": 2, "map": 2, "filter": 2, "fold": 2, "contract-call?": 3, "contract-of": 2,
    "get-block-info?": 2, "get-burn-block-info?": 2, "get-stacks-block-info?": 2,
    "get-tenure-info?": 2, "from-consensus-buff?": 2,
}  # fmt: skip
"""Items at the beginning of a form that are no expressions; one (its name) for all others."""

_DEFINITIONS: Final = {
    "define-constant": 2, "define-data-var": 3, "define-fungible-token": 2, "define-map": 99,
    "define-non-fungible-token": 99, "define-trait": 99, "use-trait": 99, "impl-trait": 99,
    "define-private": 2, "define-public": 2, "define-read-only": 2,
}  # fmt: skip


def head_of(expr: Expr) -> str:
    """The name at the beginning of a form; empty for everything else."""
    if isinstance(expr, Form) and expr.items and isinstance(expr.items[0], Atom):
        return expr.items[0].name
    return ""


def evaluated_parts(form: Form) -> tuple[Expr, ...]:
    """The expressions directly inside `form` that evaluating it may evaluate."""
    head, items = head_of(form), form.items
    if head in _DEFINITIONS:
        return items[_DEFINITIONS[head] :]
    if head == "let":
        return (*_second_items(items[1:2]), *items[2:])
    if head == "tuple":
        return tuple([p.items[1] for p in items[1:] if isinstance(p, Form) and len(p.items) == 2])
    if head == "match":
        return tuple([items[n] for n in _match_places(items)])
    if head == "as-max-len?":
        return items[1:2]
    if head in ("as-contract?", "restrict-assets?"):
        place = 1 if head == "as-contract?" else 2
        return (*items[1:place], *_allowance_parts(items[place : place + 1]), *items[place + 1 :])
    return items[_SKIPPED.get(head, 1) :]


def _second_items(bindings: tuple[Expr, ...]) -> Iterator[Expr]:
    for binding in bindings[0].items if bindings and isinstance(bindings[0], Form) else ():
        if isinstance(binding, Form) and len(binding.items) == 2:
            yield binding.items[1]


def _allowance_parts(allowances: tuple[Expr, ...]) -> Iterator[Expr]:
    for allowance in allowances[0].items if allowances and isinstance(allowances[0], Form) else ():
        if isinstance(allowance, Form):
            yield from allowance.items[1:]


def _match_places(items: tuple[Expr, ...]) -> tuple[int, ...]:
    places = (1, 3, 4) if len(items) == 5 else (1, 3, 5)
    return tuple([n for n in places if n < len(items)])


def walk_evaluated(*roots: Expr) -> Iterator[Expr]:
    """All expressions below `roots` that may be evaluated, definitions themselves left out."""
    pending = list(reversed(roots))
    while pending:
        expr = pending.pop()
        if isinstance(expr, Form):
            if head_of(expr) not in _DEFINITIONS:
                yield expr
            pending.extend(reversed(evaluated_parts(expr)))
        else:
            yield expr


class Branch(msgspec.Struct, frozen=True, eq=False):
    """A place where evaluation goes one of several ways."""

    form: Form
    arms: tuple[tuple[str, Expr | None], ...]
    """What each way is called, and the expression that is evaluated on it. None: what is left."""


def branch_of(expr: Expr) -> Branch | None:
    """The ways that `expr` can go, if it is a form that chooses."""
    head = head_of(expr)
    if not isinstance(expr, Form):
        return None
    items = expr.items
    if head == "if" and len(items) == 4:
        return Branch(expr, (("then", items[2]), ("else", items[3])))
    if head == "match" and len(items) == 5:
        return Branch(expr, (("some", items[3]), ("none", items[4])))
    if head == "match" and len(items) == 6:
        return Branch(expr, (("ok", items[3]), ("err", items[5])))
    if head == "asserts!" and len(items) == 3:
        return Branch(expr, (("holds", None), ("fails", items[2])))
    return None


class FunctionSource(msgspec.Struct, frozen=True, eq=False):
    """A function as it stands in the source."""

    name: str
    access: str
    parameters: tuple[str, ...]
    body: Expr
    form: Form


def functions_of(program: Program) -> dict[str, FunctionSource]:
    """The functions that a program defines, by name."""
    found = {}
    for expr in program.expressions:
        access = FUNCTION_FORMS.get(head_of(expr))
        if access is None or not isinstance(expr, Form) or len(expr.items) < 3:
            continue
        signature = expr.items[1]
        name = head_of(signature)
        if name and isinstance(signature, Form):
            parameters = tuple([head_of(parameter) for parameter in signature.items[1:]])
            found[name] = FunctionSource(name, access, parameters, expr.items[-1], expr)
    return found
