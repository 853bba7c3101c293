"""Values and types as the reference implementation prints them: what the vectors expect.

This is neither the source form of a value nor the text that clients are shown: a list is `(1 2)`,
a principal has no quote, and characters beyond ASCII appear as the hex of their UTF-8 bytes.
"""

from btczs.codec.clarity import principal_text
from btczs.codec.clarity.types import TraitIdentifier, ValueType
from btczs.codec.clarity.values import (
    AsciiValue,
    BoolValue,
    BufferValue,
    ErrValue,
    IntValue,
    ListValue,
    NoneValue,
    OkValue,
    SomeValue,
    TupleValue,
    UIntValue,
    Utf8Value,
    Value,
)

_ESCAPES = {"\t": "\\t", "\r": "\\r", "\n": "\\n", "'": "\\'", '"': '\\"', "\\": "\\\\"}


def value_text(value: Value) -> str:
    """The value as the reference implementation displays it."""
    match value:
        case IntValue(number):
            return str(number)
        case UIntValue(number):
            return f"u{number}"
        case BoolValue(truth):
            return "true" if truth else "false"
        case BufferValue(data):
            return "0x" + data.hex()
        case AsciiValue(text):
            return '"' + "".join(map(_character, text)) + '"'
        case Utf8Value(text):
            return 'u"' + "".join(map(_character, text)) + '"'
        case OkValue(inner):
            return f"(ok {value_text(inner)})"
        case ErrValue(inner):
            return f"(err {value_text(inner)})"
        case NoneValue():
            return "none"
        case SomeValue(inner):
            return f"(some {value_text(inner)})"
        case ListValue(items):
            return "(" + " ".join(map(value_text, items)) + ")"
        case TupleValue(fields):
            return "(tuple " + " ".join(f"({k} {value_text(v)})" for k, v in fields) + ")"
    return principal_text(value)


def _character(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if not character.isascii():
        return f"\\u{{{character.encode().hex()}}}"
    return character if character.isprintable() else f"\\x{ord(character):02x}"


def type_text(t: ValueType) -> str:
    """The type as the reference implementation displays it."""
    parts = [type_text(part) for part in t.parts] if t.kind != "union" else []
    match t.kind:
        case "unknown":
            return "UnknownType"
        case "union":
            return "principal"
        case "buff" | "string-ascii" | "string-utf8":
            return f"({t.kind} {t.length})"
        case "list":
            return f"(list {t.length} {parts[0]})"
        case "optional" | "response":
            return f"({t.kind} {' '.join(parts)})"
        case "tuple":
            return "(tuple " + " ".join(f"({k} {p})" for k, p in zip(t.names, parts)) + ")"
        case "callable" if t.trait is not None:
            return f"<{trait_text(t.trait)}>"
        case "callable":
            assert t.contract is not None
            return f"(principal {principal_text(t.contract)})"
    return t.kind


def trait_text(trait: TraitIdentifier) -> str:
    return f"{principal_text(trait.contract)}.{trait.name}"
