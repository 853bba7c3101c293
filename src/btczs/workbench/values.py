"""Between Python values and Clarity values, guided by the types of the contract.

    int, uint         int                     principal   address, account name, ".contract"
    bool              bool                    optional    None, or the value inside
    buff              bytes                   response    Ok(value), Err(value)
    string-ascii/utf8 str                     list, tuple list, dict

A Clarity value may stand for itself anywhere. A `str` for any other type is read as Clarity text
(`"u5"`, `"(list u1 u2)"`) by the caller, who knows the contract: here it is a `TextValue`.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from btczs.codec.clarity import principal_text
from btczs.codec.clarity.types import ValueType
from btczs.codec.clarity.values import (
    NONE,
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
from btczs.primitives.errors import InvalidInput
from btczs.workbench.texts import type_source

VALUE_CLASSES: Final = (
    IntValue, UIntValue, BoolValue, BufferValue, StandardPrincipal, ContractPrincipal, OkValue,
    ErrValue, NoneValue, SomeValue, ListValue, TupleValue, AsciiValue, Utf8Value,
)  # fmt: skip


class Ok(msgspec.Struct, frozen=True):
    """`(ok value)` in Python."""

    value: Any


class Err(msgspec.Struct, frozen=True):
    """`(err value)` in Python."""

    value: Any


class WrongArgument(InvalidInput):
    """A Python value does not fit the type that a contract declares."""

    code = "wrong_argument"


def to_python(value: Value) -> Any:
    """The plain Python value: see the table above. Principals become addresses."""
    match value:
        case IntValue(content) | UIntValue(content) | BoolValue(content):
            return content
        case BufferValue(content) | AsciiValue(content) | Utf8Value(content):
            return content
        case StandardPrincipal() | ContractPrincipal():
            return principal_text(value)
        case OkValue(inner):
            return Ok(to_python(inner))
        case ErrValue(inner):
            return Err(to_python(inner))
        case NoneValue():
            return None
        case SomeValue(inner):
            return to_python(inner)
        case ListValue(items):
            return [to_python(item) for item in items]
        case TupleValue(fields):
            return {name: to_python(inner) for name, inner in fields}


class Resolver:
    """What names and texts mean. The chain implements it."""

    def principal(self, text: str) -> Value:
        """An address, the name of an account, or `.contract`."""
        raise NotImplementedError

    def text(self, text: str) -> Value:
        """The value of a Clarity expression."""
        raise NotImplementedError


def to_clarity(given: Any, kind: ValueType, resolver: Resolver) -> Value:
    """The Clarity value of type `kind` that `given` stands for. Raises `WrongArgument`."""
    if isinstance(given, VALUE_CLASSES):
        return given
    match kind.kind, given:
        case "int", bool() | float():
            raise _wrong(given, kind)
        case "int", int():
            return IntValue(given)
        case "uint", int() if not isinstance(given, bool) and given >= 0:
            return UIntValue(given)
        case "bool", bool():
            return BoolValue(given)
        case "buff", bytes() | bytearray():
            return BufferValue(bytes(given))
        case "string-ascii", str():
            return AsciiValue(given)
        case "string-utf8", str():
            return Utf8Value(given)
        case "principal" | "callable" | "union", str():
            return resolver.principal(given)
        case "optional", None:
            return NONE
        case "response", Ok(inner):
            return OkValue(to_clarity(inner, kind.parts[0], resolver))
        case "response", Err(inner):
            return ErrValue(to_clarity(inner, kind.parts[1], resolver))
        case "list", list() | tuple():
            return ListValue(tuple([to_clarity(x, kind.parts[0], resolver) for x in given]))
        case "tuple", Mapping():
            return _to_tuple(given, kind, resolver)
        case "optional", str() if given.startswith(("(some", "none")):
            return resolver.text(given)
        case "optional", _:
            return SomeValue(to_clarity(given, kind.parts[0], resolver))
        case _, str():
            return resolver.text(given)
    raise _wrong(given, kind)


def _to_tuple(given: Mapping[str, Any], kind: ValueType, resolver: Resolver) -> Value:
    named = {name if name in kind.names else name.replace("_", "-"): v for name, v in given.items()}
    if set(named) != set(kind.names):
        raise _wrong(given, kind)
    fields = [
        (name, to_clarity(named[name], part, resolver))
        for name, part in zip(kind.names, kind.parts)
    ]
    return TupleValue(tuple(sorted(fields, key=lambda field: field[0])))


def _wrong(given: Any, kind: ValueType) -> WrongArgument:
    return WrongArgument(f"{given!r} does not fit the type {type_source(kind)}")
