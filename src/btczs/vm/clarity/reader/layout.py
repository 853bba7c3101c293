"""The house layout: where lines break, given a tree and what its leaves look like.

What fits stays on one line of 100 columns; else a form breaks, its arguments indented by 2. Some
forms keep their first arguments beside the name, lists without a name (bindings of `let`) align
their items, `{k: v}` gets a line per key. Bodies of functions always stand on their own lines.

Comments keep their place between the expressions, so that nothing changes for the definition
sorter. The layout depends on the tree, on which comments stand at the end of a line, and on blank
lines; all three survive it, hence it is stable.

A stack of tasks instead of recursion; the indentation is bounded, so that the result stays in
proportion to the source.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import msgspec

from btczs.vm.clarity.reader.printer import flat_parts
from btczs.vm.clarity.reader.syntax import Atom, Comment, Expr, Form

WIDTH = 100
INDENT = 2
INDENT_MAX = 60
KEEP_COLUMN_MAX = 50
"""An argument that has to break is not begun beyond this column."""

SHORT = 50
"""The widest `let` or `begin` on one line."""

_ALWAYS_BROKEN = frozenset({"define-public", "define-private", "define-read-only", "define-trait"})
_BROKEN_UNLESS_SHORT = frozenset({"let", "begin"})
_KEPT: dict[str, int] = {
    "contract-call?": 2,
    "define-data-var": 2,
    "define-public": 1, "define-private": 1, "define-read-only": 1, "define-trait": 1,
    "define-constant": 1, "define-map": 1, "define-fungible-token": 1,
    "define-non-fungible-token": 1, "use-trait": 1,
    "let": 1, "if": 1, "match": 1, "asserts!": 1, "unwrap!": 1, "unwrap-err!": 1, "default-to": 1,
    "map": 1, "filter": 1, "fold": 1, "get": 1, "index-of?": 1, "element-at?": 1,
    "map-get?": 1, "map-set": 1, "map-insert": 1, "map-delete": 1, "var-set": 1,
    "as-max-len?": 1, "from-consensus-buff?": 1,
    "+": 1, "-": 1, "*": 1, "/": 1, "<": 1, ">": 1, "<=": 1, ">=": 1, "is-eq": 1, "concat": 1,
}  # fmt: skip
"""How many arguments stand beside the name of a broken form; 0 where it is not said."""


class _Line(msgspec.Struct, frozen=True, gc=False):
    """A line break."""

    indent: int
    blank: bool = False


class _Node(msgspec.Struct, frozen=True):
    """An expression to write. `tail`: characters that follow it on its last line."""

    expr: Expr
    tail: int
    base: int | None = None
    """What the lines of a broken form are indented from; None: its own column."""


class _Kept(msgspec.Struct, frozen=True):
    """An argument beside its form's name, if it fits or does not begin too far to the right."""

    node: _Node
    indent: int


_Task: TypeAlias = str | _Line | _Node | _Kept


class Layout:
    """Writes expressions, one after the other, into `parts`."""

    def __init__(self, leaf: Callable[[Expr], str], widths: dict[int, int]) -> None:
        """`leaf` gives the text of what has no brackets; `widths` is that of `measure`."""
        self._leaf = leaf
        self._widths = widths
        self._column = 0
        self.parts: list[str] = []

    def write(self, expr: Expr) -> None:
        """Writes `expr` at the beginning of a line."""
        self._column = 0
        pending: list[_Task] = [_Node(expr, 0)]
        while pending:
            task = pending.pop()
            if isinstance(task, str):
                self._emit(task)
            elif isinstance(task, _Line):
                self.parts.append("\n\n" if task.blank else "\n")
                self.parts.append(" " * min(task.indent, INDENT_MAX))
                self._column = min(task.indent, INDENT_MAX)
            elif isinstance(task, _Kept):
                node = task.node
                may_break = isinstance(node.expr, Form) and self._column < KEEP_COLUMN_MAX
                if may_break or self._fits(node, 1):
                    self._emit(" ")
                    pending.append(node)
                else:
                    pending += [_Node(node.expr, node.tail), _Line(task.indent)]
            elif isinstance(task.expr, Form) and not self._fits(task, 0):
                pending.extend(reversed(self._break(task.expr, task)))
            else:
                self._flat(task.expr)

    def _emit(self, text: str) -> None:
        self.parts.append(text)
        self._column += len(text)

    def _fits(self, node: _Node, space: int) -> bool:
        width = self._widths[node.expr.id]
        return width >= 0 and self._column + space + width + node.tail <= WIDTH

    def _flat(self, expr: Expr) -> None:
        pending: list[Expr | str] = [expr]
        while pending:
            part = pending.pop()
            if isinstance(part, str):
                self._emit(part)
            elif isinstance(part, Form):
                pending.extend(reversed(flat_parts(part)))
            else:
                self._emit(self._leaf(part))

    def _break(self, form: Form, node: _Node) -> list[_Task]:
        base = min(self._column if node.base is None else node.base, INDENT_MAX)
        items = form.items if form.written is None else form.written
        if not items:
            return ["{}" if form.braces else "()"]
        if form.braces:
            return _broken_tuple(items, form, base)
        if isinstance(items[0], Atom):
            return _broken_call(items, base, node.tail)
        tasks: list[_Task] = ["(", _text_or_node(items[0], 0)]
        tasks += _lines(items, 1, base + 1, node.tail)
        return [*tasks, *_closing(items, base)]


def measure(exprs: Sequence[Expr], leaf: Callable[[Expr], str]) -> dict[int, int]:
    """The width of every expression on one line by its id; -1 for those that have to break."""
    order: list[Expr] = []
    pending = list(exprs)
    while pending:
        expr = pending.pop()
        order.append(expr)
        if isinstance(expr, Form):
            pending.extend(expr.items)
    widths: dict[int, int] = {}
    for expr in reversed(order):
        widths[expr.id] = _form_width(expr, widths) if isinstance(expr, Form) else len(leaf(expr))
    return widths


def _form_width(form: Form, widths: dict[int, int]) -> int:
    inside = [widths[item.id] for item in form.items]
    if min(inside, default=0) < 0:
        return -1
    if form.written is not None and any(isinstance(item, Comment) for item in form.written):
        return -1
    if form.braces:  # `, k: v` is one wider than the pair `(k v)`; the brackets do for one `, `
        return max(2, sum(inside[1:]) + len(inside) - 1)
    width = sum(inside) + len(inside) + 1 if inside else 2
    head = form.items[0] if form.items else None
    if isinstance(head, Atom):
        if head.name in _ALWAYS_BROKEN:
            return -1
        if head.name in _BROKEN_UNLESS_SHORT and width > SHORT:
            return -1
    return width


def _text_or_node(item: Expr | Comment, tail: int, base: int | None = None) -> _Task:
    return item.text.rstrip() if isinstance(item, Comment) else _Node(item, tail, base)


def _broken_call(items: Sequence[Expr | Comment], base: int, tail: int) -> list[_Task]:
    head = items[0]
    assert isinstance(head, Atom), "a call has a name"
    tasks: list[_Task] = ["(" + head.name]
    if head.name == "list" and not any(isinstance(item, Form | Comment) for item in items):
        tasks += [_Kept(_Node(item, tail + 1), base + INDENT) for item in _exprs(items[1:])]
        return [*tasks, ")"]  # as many on a line as fit
    kept = 1 if len(items) == 2 else _KEPT.get(head.name, 0)
    index = 1
    while index <= kept and index < len(items):
        item = items[index]
        if isinstance(item, Comment):
            break
        index += 1
        tasks.append(
            _Kept(_kept_node(head.name, item, base, index == len(items), tail), base + INDENT)
        )
    tasks += _lines(items, index, base + INDENT, tail)
    return [*tasks, *_closing(items, base)]


def _exprs(items: Sequence[Expr | Comment]) -> list[Expr]:
    return [item for item in items if not isinstance(item, Comment)]


def _kept_node(head: str, item: Expr, base: int, is_last: bool, tail: int) -> _Node:
    """An argument beside the name: signatures and tuples do not hang at their own column."""
    if isinstance(item, Form):
        if item.braces and is_last:
            return _Node(item, tail + 1, base)
        if head in _ALWAYS_BROKEN:
            return _Node(item, 0, base + INDENT)
    return _Node(item, tail + 1 if is_last else 0)


def _lines(items: Sequence[Expr | Comment], start: int, indent: int, tail: int) -> list[_Task]:
    """The items from `start` on, each on its line, but comments at the end of one stay there."""
    tasks: list[_Task] = []
    for index in range(max(start, 1), len(items)):
        item, before = items[index], items[index - 1]
        gap = item.span.line - before.span.end_line
        if isinstance(item, Comment) and gap == 0:
            tasks.append(" " + item.text.rstrip())
            continue
        tasks.append(_Line(indent, gap > 1))
        tasks.append(_text_or_node(item, tail + 1 if index == len(items) - 1 else 0))
    return tasks


def _closing(items: Sequence[Expr | Comment], base: int) -> list[_Task]:
    """The bracket, on the next line if it would be a part of a comment."""
    return [_Line(base), ")"] if isinstance(items[-1], Comment) else [")"]


def _broken_tuple(items: Sequence[Expr | Comment], form: Form, base: int) -> list[_Task]:
    """A line per key. `items` are keys and values in turn, with comments anywhere."""
    tasks: list[_Task] = ["{"]
    indent = base + INDENT
    pairs = len(form.items) - 1
    is_key, previous_line, after_colon = True, form.span.line, False
    for item in items:
        gap = item.span.line - previous_line
        previous_line = item.span.end_line
        if isinstance(item, Comment):
            text = item.text.rstrip()
            if after_colon or (gap == 0 and is_key):
                tasks.append(" " + text)
            else:
                tasks += [_Line(indent if is_key else indent + INDENT, gap > 1), text]
            after_colon = False
            continue
        if is_key:
            tasks += [_Line(indent, gap > 1 and len(tasks) > 1), _Node(item, 1, indent), ":"]
            after_colon = True
        else:
            pairs -= 1
            tasks += [" " if after_colon else _Line(indent + INDENT)]
            tasks += [_Node(item, 1, indent if after_colon else None)]
            tasks += ["," if pairs else ""]
            after_colon = False
        is_key = not is_key
    return [*tasks, _Line(base), "}"]
