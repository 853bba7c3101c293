"""Clarity values as people read them: `(ok (tuple (amount u5) (memo 0x00)))`, and their types.

Both texts are those of the reference indexer, because clients compare and parse them.

DEVIATION: `type_text` shows the reference indexer's habits, not the language's types: the item type
of a list is that of its first item, the length of a `string-utf8` is four times its characters,
and the unknown half of `none`, `ok`, `err` and `(list)` is `UnknownType`. The type that consensus
uses is `types.infer_type`.
"""

from btczs.codec.clarity.errors import UntypedValue
from btczs.codec.clarity.model import (
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
from btczs.codec.clarity.principals import principal_text
from btczs.codec.clarity.types import TYPE_DEPTH_MAX

_ESCAPES = {ord(c): f"\\{c}" for c in "\"'\\"}
_ESCAPES |= {ord("\t"): "\\t", ord("\n"): "\\n", ord("\r"): "\\r"}
_ESCAPES |= {i: f"\\x{i:02x}" for i in (*range(0x20), 0x7F) if i not in _ESCAPES}


def repr_value(value: Value) -> str:
    """The value as a Clarity expression. Raises `UntypedValue` beyond 32 levels."""
    return _repr(value, 1)


def type_text(value: Value) -> str:
    """The type of the value as clients are shown it. Raises `UntypedValue` beyond 32 levels."""
    return _type(value, 1)


def _check_level(level: int) -> int:
    if level > TYPE_DEPTH_MAX:
        raise UntypedValue(f"values nest at most {TYPE_DEPTH_MAX} levels")
    return level + 1


def _repr(value: Value, level: int) -> str:
    level = _check_level(level)
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
            return f"(ok {_repr(inner, level)})"
        case ErrValue(inner):
            return f"(err {_repr(inner, level)})"
        case NoneValue():
            return "none"
        case SomeValue(inner):
            return f"(some {_repr(inner, level)})"
        case ListValue(items):
            return "(" + " ".join(["list", *[_repr(item, level) for item in items]]) + ")"
        case TupleValue(fields):
            texts = [f" ({name} {_repr(inner, level)})" for name, inner in fields]
            return f"(tuple{''.join(texts)})"
        case AsciiValue(text):
            return f'"{text.translate(_ESCAPES)}"'
        case Utf8Value(text):
            return 'u"' + "".join(map(_escape_unicode, text)) + '"'


def _escape_unicode(character: str) -> str:
    if character.isascii():
        return _ESCAPES.get(ord(character), character)
    return f"\\u{{{character.encode().hex()}}}"


def _type(value: Value, level: int) -> str:
    level = _check_level(level)
    match value:
        case IntValue():
            return "int"
        case UIntValue():
            return "uint"
        case BoolValue():
            return "bool"
        case BufferValue(data):
            return f"(buff {len(data)})"
        case StandardPrincipal() | ContractPrincipal():
            return "principal"
        case OkValue(inner):
            return f"(response {_type(inner, level)} UnknownType)"
        case ErrValue(inner):
            return f"(response UnknownType {_type(inner, level)})"
        case NoneValue():
            return "(optional UnknownType)"
        case SomeValue(inner):
            return f"(optional {_type(inner, level)})"
        case ListValue(items):
            item = _type(items[0], level) if items else "UnknownType"
            return f"(list {len(items)} {item})"
        case TupleValue(fields):
            texts = [f" ({name} {_type(inner, level)})" for name, inner in fields]
            return f"(tuple{''.join(texts)})"
        case AsciiValue(text):
            return f"(string-ascii {len(text)})"
        case Utf8Value(text):
            return f"(string-utf8 {4 * len(text)})"
