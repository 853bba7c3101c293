"""The order of definitions: each before its first use, and no circles.

A contract may use what it defines further down. So the top-level expressions are sorted, depth
first and otherwise in the order of the source; the order decides what analysis reports first, what
initialisation does first, and is consensus. A use is any name equal to that of a definition, even
where a local name is meant; names of fields, functions of other contracts and the like are not
looked at.

The reference implementation sorts before it drops comments, and in some places counts them: a
definition with a comment between `define-private` and its name is not found, a pair with a comment
in it is no pair. So this looks at what was `written` in a form; `{a: 1}` is no list yet.

Source: observed rules; costs `ast_cycle_detection` by the number of uses. Everything is linear and
without recursion.
"""

from collections.abc import Sequence

from btczs.vm.clarity.analysis.errors import CircularReference
from btczs.vm.clarity.costs import CostMeter
from btczs.vm.clarity.names import DEFINES
from btczs.vm.clarity.reader.syntax import Atom, Comment, Expr, Form, Program, TraitReference

_FUNCTION_DEFINES = ("define-public", "define-private", "define-read-only")
_VALUE_DEFINES = ("define-constant", "define-data-var")
_DEFINES = frozenset(DEFINES)

Item = Expr | Comment
Uses = list[list[int]]
"""For each top-level expression the ones it uses, in the order of their uses."""


def sort_definitions(program: Program, meter: CostMeter) -> tuple[Expr, ...]:
    """The top-level expressions in the order in which they are checked and executed.

    Raises `CircularReference`, and `LimitExceeded`.
    """
    expressions = program.expressions
    names = [_defined_name(expr) for expr in expressions]
    places = {name.name: (index, name) for index, name in enumerate(names) if name is not None}
    uses = [_find_uses(expr, places) for expr in expressions]
    meter.charge("ast_cycle_detection", sum(map(len, uses)))
    order = _post_order(uses)
    circular = _on_or_before_circles(uses, order)
    if circular:
        found = sorted(name.name for index in circular if (name := names[index]) is not None)
        first = min(circular)
        raise CircularReference(span=expressions[first].span, names=tuple(found))
    return tuple([expressions[index] for index in order])


def _defined_name(expr: Expr) -> Atom | None:
    """The name that a top-level expression defines."""
    items = _list_of(expr)
    if items is None or len(items) < 2 or not _is_define(items[0]):
        return None
    named = items[1]
    signature = _list_of(named)
    if signature is not None:
        if not signature:
            return None
        named = signature[0]
    return named if isinstance(named, Atom) else None


def _is_define(item: Item) -> bool:
    return isinstance(item, Atom) and item.name in _DEFINES


def _find_uses(expr: Expr, places: dict[str, tuple[int, Atom]]) -> list[int]:
    """The top-level expressions that `expr` uses, from left to right, each as often as used."""
    found: list[int] = []
    pending: list[Item] = [expr]
    while pending:
        item = pending.pop()
        if isinstance(item, (Atom, TraitReference)):
            place = places.get(item.name)
            if place is not None and place[1] is not item:
                found.append(place[0])
        elif isinstance(item, Form):
            pending.extend(reversed(_parts_to_probe(item)))
    return found


def _parts_to_probe(form: Form) -> Sequence[Item]:
    """What in `form` can be a use."""
    items = _list_of(form)
    if items is None:  # {key: value, ...}
        return _values_of_braces(form)
    parts = [item for item in items if not isinstance(item, Comment)]
    if not parts or not isinstance(parts[0], Atom):
        return parts
    head, args = parts[0].name, parts[1:]
    if head in _DEFINES:
        return _parts_of_define(head, args)
    if head == "contract-call?":
        return args[2:]
    if head == "let":
        return [*_paired(_list_of(args[0])), *args[1:]] if len(args) > 1 else ()
    if head == "get":
        return args[1:] if len(args) == 2 else ()
    if head == "tuple":
        return _paired(args)
    return parts


def _parts_of_define(head: str, args: Sequence[Item]) -> Sequence[Item]:
    if head in _VALUE_DEFINES:
        return args[1:]
    if head in _FUNCTION_DEFINES:
        if len(args) != 2:
            return ()
        signature = _list_of(args[0])
        parameters = _paired(signature[1:]) if signature else []
        return [*parameters, args[1]]
    if head == "define-map":
        return args[1:] if len(args) == 3 else ()
    if head == "define-fungible-token":
        return args[1:] if len(args) == 2 else ()
    if head == "define-trait" and len(args) == 2:
        methods = _list_of(args[1]) or ()
        signatures = [_list_of(method) for method in methods]
        return [part for each in signatures if each and len(each) == 3 for part in each[1:]]
    return ()


def _paired(pairs: Sequence[Item] | None) -> list[Item]:
    """The second parts of `(name thing)` pairs."""
    found: list[Item] = []
    for pair in pairs or ():
        items = _list_of(pair)
        if items is not None and len(items) == 2:
            found.append(items[1])
    return found


def _list_of(item: Item) -> Sequence[Item] | None:
    """What stands in the round brackets of `item`; None if it has none."""
    if not isinstance(item, Form) or item.braces:
        return None
    return item.items if item.written is None else item.written


def _values_of_braces(form: Form) -> Sequence[Item]:
    """Every second thing between `{` and `}`: the values, unless a comment came between."""
    if form.written is not None:
        return form.written[1::2]
    return [pair.items[1] for pair in form.items[1:] if isinstance(pair, Form)]


def _post_order(uses: Uses) -> list[int]:
    order: list[int] = []
    seen: set[int] = set()
    for start in range(len(uses)):
        stack = [(start, False)]
        while stack:
            index, is_done = stack.pop()
            if is_done:
                order.append(index)
            elif index not in seen:
                seen.add(index)
                stack.append((index, True))
                stack.extend([(used, False) for used in reversed(uses[index]) if used not in seen])
    return order


def _on_or_before_circles(uses: Uses, order: list[int]) -> set[int]:
    """The expressions that cannot be placed: some use of theirs leads into a circle."""
    placed: set[int] = set()
    for index in order:
        if all(not uses[used] or used in placed for used in uses[index]):
            placed.add(index)
    return set(order) - placed
