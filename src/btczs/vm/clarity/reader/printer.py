"""Expressions as source text: the inverse of reading.

`print_expr` writes one line in one form: addresses in full, `{k: v}` where the source had braces,
no comments. Reading it gives the same tree again, but for places.
"""

from btczs.codec.clarity.principals import principal_text
from btczs.codec.clarity.values import (
    AsciiValue,
    BufferValue,
    ContractPrincipal,
    IntValue,
    StandardPrincipal,
    UIntValue,
    Utf8Value,
    Value,
)
from btczs.vm.clarity.reader.syntax import Atom, Expr, Field, Form, Literal, TraitReference

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}
_TRANSLATION = str.maketrans(_ESCAPES)


def print_expr(expr: Expr) -> str:
    """`expr` as one line of source. Raises `ValueError` for a literal that has none."""
    parts: list[str] = []
    pending: list[Expr | str] = [expr]
    while pending:
        part = pending.pop()
        if isinstance(part, str):
            parts.append(part)
        elif isinstance(part, Form):
            pending.extend(reversed(flat_parts(part)))
        else:
            parts.append(leaf_text(part))
    return "".join(parts)


def flat_parts(form: Form) -> list[Expr | str]:
    """A list or tuple on one line, its items left to be written."""
    parts: list[Expr | str] = []
    if form.braces:
        for pair in form.items[1:]:
            assert isinstance(pair, Form), "a tuple literal holds pairs"
            parts += [", ", pair.items[0], ": ", pair.items[1]]
        return ["{", *parts[1:], "}"]
    for item in form.items:
        parts += [" ", item]
    return ["(", *parts[1:], ")"]


def leaf_text(expr: Expr) -> str:
    """The source of an expression without brackets."""
    match expr:
        case Atom(name=name):
            return name
        case Literal(value=value):
            return literal_text(value)
        case TraitReference(name=name):
            return f"<{name}>"
        case Field(trait=trait):
            return f"'{principal_text(trait.contract)}.{trait.name}"
        case Form():
            raise ValueError("a form has brackets")


def literal_text(value: Value) -> str:
    """A value as a literal. Raises `ValueError` for the kinds that have none, such as booleans."""
    match value:
        case IntValue(number):
            return str(number)
        case UIntValue(number):
            return f"u{number}"
        case BufferValue(data):
            return "0x" + data.hex()
        case StandardPrincipal() | ContractPrincipal():
            return "'" + principal_text(value)
        case AsciiValue(text):
            return f'"{text.translate(_TRANSLATION)}"'
        case Utf8Value(text):
            return 'u"' + "".join(map(_utf8_character, text)) + '"'
        case _:
            raise ValueError(f"a {type(value).__name__} has no literal")


def _utf8_character(character: str) -> str:
    if character.isascii():
        return _ESCAPES.get(character, character)
    return f"\\u{{{ord(character):x}}}"
