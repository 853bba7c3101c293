"""Values as text that can be pasted back into a program.

`repr_value` of the codec shows what the reference indexer shows, which the language cannot always
read back. Here every text is an expression of the language: `{a: 1}`, `(list 1 2)`,
`u"\\u{1F98A}"`, `'ST….name`.
"""

from typing import Final

from btczs.codec.clarity import principal_text
from btczs.codec.clarity.types import ValueType
from btczs.codec.clarity.values import (
    AsciiValue,
    BoolValue,
    BufferValue,
    ContractPrincipal,
    ErrValue,
    IntValue,
    ListValue,
    NoneValue,
    OkValue,
    SomeValue,
    StandardPrincipal,
    TupleValue,
    UIntValue,
    Utf8Value,
    Value,
)

_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def value_source(value: Value) -> str:
    """The value as an expression of the language."""
    match value:
        case IntValue(number):
            return str(number)
        case UIntValue(number):
            return f"u{number}"
        case BoolValue(truth):
            return "true" if truth else "false"
        case BufferValue(data):
            return "0x" + data.hex()
        case StandardPrincipal() | ContractPrincipal():
            return "'" + principal_text(value)
        case OkValue(inner):
            return f"(ok {value_source(inner)})"
        case ErrValue(inner):
            return f"(err {value_source(inner)})"
        case NoneValue():
            return "none"
        case SomeValue(inner):
            return f"(some {value_source(inner)})"
        case ListValue(items):
            return "(" + " ".join(["list", *[value_source(item) for item in items]]) + ")"
        case TupleValue(fields):
            return "{" + ", ".join([f"{k}: {value_source(v)}" for k, v in fields]) + "}"
        case AsciiValue(text):
            return '"' + "".join([_ESCAPES.get(c, c) for c in text]) + '"'
        case Utf8Value(text):
            return 'u"' + "".join([_escape(c) for c in text]) + '"'


def _escape(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    return character if " " <= character <= "~" else f"\\u{{{ord(character):X}}}"


def type_source(kind: ValueType) -> str:
    """The type as a contract writes it; `?` for what no contract can know."""
    match kind.kind:
        case "unknown":
            return "?"
        case "buff" | "string-ascii" | "string-utf8":
            return f"({kind.kind} {kind.length})"
        case "list":
            return f"(list {kind.length} {type_source(kind.parts[0])})"
        case "tuple":
            fields = [f"{k}: {type_source(v)}" for k, v in zip(kind.names, kind.parts)]
            return "{" + ", ".join(fields) + "}"
        case "optional" | "response":
            return f"({kind.kind} {' '.join(type_source(part) for part in kind.parts)})"
        case "callable":
            return f"<{kind.trait.name}>" if kind.trait else "principal"
        case "union":
            return "principal"
        case _:
            return kind.kind
