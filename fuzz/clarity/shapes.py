"""Types and values out of bytes: any bytes give some, small changes give similar ones."""

from btczs.codec.clarity.errors import UntypedValue
from btczs.codec.clarity.types import (
    BOOL,
    INT,
    PRINCIPAL,
    UINT,
    ValueType,
    ascii_type,
    buffer_type,
    list_type,
    optional_type,
    response_type,
    tuple_type,
    utf8_type,
)
from btczs.codec.clarity.values import (
    NONE,
    AsciiValue,
    BoolValue,
    BufferValue,
    ContractPrincipal,
    ErrValue,
    IntValue,
    ListValue,
    OkValue,
    SomeValue,
    StandardPrincipal,
    TupleValue,
    UIntValue,
    Utf8Value,
    Value,
)
from btczs.primitives import Hash20
from fuzz.clarity.mutate_values import NAMES

PARTS_MAX = 40
"""Types within types, in one type."""
ITEMS_MAX = 200
_LENGTH_SIZES = (1, 1, 1, 1, 1, 2, 2, 3)


class Source:
    """Bytes that are used up. Beyond their end there are zeros."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._parts = PARTS_MAX
        self._items = ITEMS_MAX

    def byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1] if self._at <= len(self._data) else 0

    def number(self, size: int) -> int:
        return int.from_bytes(bytes(self.byte() for _ in range(size)), "big")

    def rest(self) -> bytes:
        return self._data[self._at :]

    def type(self) -> ValueType | None:
        """A type that a source can write, or None where the bytes describe one too large."""
        try:
            return self._type(1)
        except UntypedValue:
            return None

    def _type(self, level: int) -> ValueType:
        self._parts -= 1
        choice = self.byte() % (4 if self._parts <= 0 or level > 40 else 16)
        match choice:
            case 0 | 1 | 2 | 3:
                return (INT, UINT, BOOL, PRINCIPAL)[choice]
            case 4 | 5 | 6:
                length = (
                    self.number(_LENGTH_SIZES[self.byte() % 8]) or 1
                )  # a source has no empty ones
                return (buffer_type, ascii_type, utf8_type)[choice - 4](length)
            case 7 | 8 | 9:
                length = self.number(1 + self.byte() % 2)
                return list_type(length, self._type(level + 1))
            case 10 | 11 | 12:
                chosen = sorted({NAMES[self.byte() % len(NAMES)] for _ in range(1 + choice % 3)})
                return tuple_type(tuple(chosen), tuple([self._type(level + 1) for _ in chosen]))
            case 13 | 14:
                return optional_type(self._type(level + 1))
            case _:
                ok = self._type(level + 1)
                return response_type(ok, self._type(level + 1))

    def value(self, wanted: ValueType) -> Value:
        """A value that `wanted` admits."""
        match wanted.kind:
            case "int":
                return IntValue(self.number(16) - 2**127)
            case "uint":
                return UIntValue(self.number(16))
            case "bool":
                return BoolValue(self.byte() % 2 == 1)
            case "principal":
                version, hash20 = self.byte() % 32, Hash20(bytes([self.byte()]) * 20)
                if self.byte() % 2:
                    return ContractPrincipal(version, hash20, ("a-b_c" * 8)[: 1 + self.byte() % 40])
                return StandardPrincipal(version, hash20)
            case "buff":
                return BufferValue(bytes([self.byte()]) * self._length(wanted))
            case "string-ascii":
                return AsciiValue(chr(0x20 + self.byte() % 0x5F) * self._length(wanted))
            case "string-utf8":
                return Utf8Value("aé€\U0001f600"[self.byte() % 4] * self._length(wanted))
            case "list":
                count = min(self._length(wanted), max(self._items, 0))
                self._items -= count
                return ListValue(tuple([self.value(wanted.parts[0]) for _ in range(count)]))
            case "tuple":
                parts = zip(wanted.names, wanted.parts)
                return TupleValue(tuple([(name, self.value(part)) for name, part in parts]))
            case "optional":
                return SomeValue(self.value(wanted.parts[0])) if self.byte() % 4 else NONE
            case _:
                ok, err = wanted.parts
                return OkValue(self.value(ok)) if self.byte() % 2 else ErrValue(self.value(err))

    def _length(self, wanted: ValueType) -> int:
        """A length up to that of the type, often the greatest."""
        chosen = self.byte()
        return wanted.length if chosen % 8 == 7 else min(wanted.length, chosen // 8)
