"""The reader: source text to syntax tree, and back.

What: words (`words`, `lexer`, `mistakes`), brackets and sugar (`builder`, `parser`), what `<name>`
stands for (`traits`), the tree (`syntax`), every reason to refuse a text (`errors`), and the
layout of sources (`formatter`, `printer`).

Why: which texts are programs, how their expressions are counted and how deep they nest is
consensus, so the rules are those of the reference implementation, to the order of its errors.

Invariants: reading takes time linear in the text and uses no recursion; only `ParseError` (and, with
a meter, `LimitExceeded`) leaves it; `format_source` keeps the tree and is stable.

Entry points: `parse`; `read_program` and `resolve_traits`, its two halves, between which a
deployment sorts the definitions; `parse_expressions` for snippets; `diagnose` for editors;
`format_source` and `print_expr`.
"""

from btczs.vm.clarity.reader.formatter import format_source
from btczs.vm.clarity.reader.printer import print_expr
from btczs.vm.clarity.reader.program import (
    SNIPPET,
    Diagnostic,
    diagnose,
    parse,
    parse_expressions,
    read_program,
)
from btczs.vm.clarity.reader.span import Span
from btczs.vm.clarity.reader.traits import resolve_traits

__all__ = [
    "SNIPPET",
    "Diagnostic",
    "Span",
    "diagnose",
    "format_source",
    "parse",
    "parse_expressions",
    "print_expr",
    "read_program",
    "resolve_traits",
]
