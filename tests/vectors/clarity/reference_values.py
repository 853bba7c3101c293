"""Values in the debug text of the reference implementation, as its transactions print arguments.

`UInt(1)`, `Optional(OptionalData { data: Some(Int(5)) })`, `Principal(Contract(…))`. Values whose
debug text does not tell everything (tuples, lists of any type) raise `Unreadable`.
"""

import re

from btczs.codec.clarity import parse_principal
from btczs.codec.clarity.values import (
    AsciiValue,
    BoolValue,
    BufferValue,
    ErrValue,
    IntValue,
    NoneValue,
    OkValue,
    SomeValue,
    UIntValue,
    Value,
)


class Unreadable(Exception):
    """Text that is no value, or one that this module does not know."""


_TOKEN = re.compile(
    r'\s*(?:(?P<name>[A-Za-z_]\w*)|(?P<number>-?\d+)|(?P<string>u?"(?:\\.|[^"\\])*")|(?P<sign>[(){}\[\],:]))'
)


def parse_arguments(text: str) -> tuple[Value, ...]:
    """The values in `[UInt(1), Bool(true)]`. Raises `Unreadable`."""
    reader = _Reader(text)
    reader.expect("[")
    values = []
    while reader.peek() != "]":
        values.append(reader.value())
        if reader.peek() == ",":
            reader.take()
    reader.expect("]")
    return tuple(values)


class _Reader:
    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0

    def _match(self) -> re.Match[str]:
        match = _TOKEN.match(self._text, self._at)
        if match is None:
            raise Unreadable(self._text[self._at : self._at + 40])
        return match

    def peek(self) -> str:
        return self._match()[0].strip()

    def take(self) -> str:
        match = self._match()
        self._at = match.end()
        return match[0].strip()

    def expect(self, *tokens: str) -> None:
        for token in tokens:
            if (found := self.take()) != token:
                raise Unreadable(f"{found} where {token} is expected")

    def value(self) -> Value:
        name = self.take()
        self.expect("(")
        value = self._content(name)
        self.expect(")")
        return value

    def _content(self, name: str) -> Value:
        if name == "Int":
            return IntValue(int(self.take()))
        if name == "UInt":
            return UIntValue(int(self.take()))
        if name == "Bool":
            return BoolValue(self.take() == "true")
        if name == "Optional":
            return self._optional()
        if name == "Response":
            return self._response()
        if name == "Principal":
            return self._principal()
        if name == "Sequence":
            return self._sequence()
        raise Unreadable(name)

    def _optional(self) -> Value:
        self.expect("OptionalData", "{", "data", ":")
        if self.peek() == "None":
            self.take()
            value: Value = NoneValue()
        else:
            self.expect("Some", "(")
            value = SomeValue(self.value())
            self.expect(")")
        self.expect("}")
        return value

    def _response(self) -> Value:
        self.expect("ResponseData", "{", "committed", ":")
        committed = self.take() == "true"
        self.expect(",", "data", ":")
        inner = self.value()
        self.expect("}")
        return OkValue(inner) if committed else ErrValue(inner)

    def _principal(self) -> Value:
        if self.take() == "Standard":
            self.expect("(", "StandardPrincipalData", "(")
            text = self.take()
            self.expect(")", ")")
            return parse_principal(text)
        self.expect("(", "QualifiedContractIdentifier", "{", "issuer", ":")
        self.expect("StandardPrincipalData", "(")
        issuer = self.take()
        self.expect(")", ",", "name", ":", "ContractName", "(")
        name = self.take().strip('"')
        self.expect(")", "}", ")")
        return parse_principal(f"{issuer}.{name}")

    def _sequence(self) -> Value:
        kind = self.take()
        self.expect("(")
        text = self.take()
        self.expect(")")
        if kind == "Buffer" and text != ")":
            return BufferValue(bytes.fromhex(text))
        if kind == "String" and re.fullmatch(r'"[^\\]*"', text):
            return AsciiValue(text[1:-1])
        raise Unreadable(f"{kind} {text}")
