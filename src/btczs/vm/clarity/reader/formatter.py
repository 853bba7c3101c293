"""`format_source`: a contract in the house layout, comments kept."""

from btczs.vm.clarity.reader.layout import Layout, measure
from btczs.vm.clarity.reader.program import SNIPPET, read_program
from btczs.vm.clarity.reader.syntax import Comment, Expr, Program


def format_source(source: str) -> str:
    """`source` in the house layout. Raises `ParseError`.

    The result reads as the same tree, with the same comments at the same places between the
    expressions, and formatting it again changes nothing.
    """
    program = read_program(SNIPPET, source)
    lines = source.split("\n")

    def leaf(expr: Expr) -> str:
        span = expr.span  # no word goes over a line
        return lines[span.line - 1][span.column - 1 : span.end_column]

    layout = Layout(leaf, measure(program.expressions, leaf))
    parts = layout.parts
    last_line = 0
    for item in _in_order(program):
        gap = item.span.line - last_line
        trails = isinstance(item, Comment) and gap == 0
        if last_line:
            parts.append(" " if trails else "\n\n" if gap > 1 else "\n")
        if isinstance(item, Comment):
            parts.append(item.text.rstrip())
        else:
            layout.write(item)
        last_line = item.span.end_line
    return "".join(parts) + "\n" if parts else ""


def _in_order(program: Program) -> list[Expr | Comment]:
    """The expressions and the comments around them."""
    ordered: list[Expr | Comment] = []
    comments = iter(program.comments)
    comment = next(comments, None)
    for expr in program.expressions:
        span = expr.span
        while comment is not None and _place(comment) < (span.line, span.column):
            ordered.append(comment)
            comment = next(comments, None)
        while comment is not None and _place(comment) < (span.end_line, span.end_column):
            comment = next(comments, None)
        ordered.append(expr)
    while comment is not None:
        ordered.append(comment)
        comment = next(comments, None)
    return ordered


def _place(comment: Comment) -> tuple[int, int]:
    return comment.span.line, comment.span.column
