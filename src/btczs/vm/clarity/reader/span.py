"""Positions in a source text."""

import msgspec


class Span(msgspec.Struct, frozen=True, gc=False):
    """From the first character to the last, both included; lines and columns count from 1."""

    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.line}:{self.column}"
