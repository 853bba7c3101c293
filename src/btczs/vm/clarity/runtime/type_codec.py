"""Types as bytes, for what the chain keeps about a contract: a table in which each stands once.

Types share parts without end (a hundred functions may return one wide tuple, which holds another),
so a type is a row that names the rows of its parts, which stand before it: one byte for the kind,
then a length (u32), names and row numbers, or a trait, as the kind needs. The measures of a type
are not written: they follow from its parts.
"""

from btczs.codec.clarity.principals import encode_principal, read_principal
from btczs.codec.clarity.types import (
    BOOL,
    INT,
    PRINCIPAL,
    UINT,
    UNKNOWN,
    TraitIdentifier,
    ValueType,
    ascii_type,
    buffer_type,
    contract_type,
    list_type,
    optional_type,
    response_type,
    trait_type,
    tuple_type,
    union_type,
    utf8_type,
)
from btczs.codec.clarity.values import ContractPrincipal
from btczs.codec.stream import Reader, Writer

_SIMPLE = {simple.kind: simple for simple in (UNKNOWN, INT, UINT, BOOL, PRINCIPAL)}
_SEQUENCES = {"buff": buffer_type, "string-ascii": ascii_type, "string-utf8": utf8_type}
_KINDS = (
    *_SIMPLE,
    *_SEQUENCES,
    "list",
    "tuple",
    "optional",
    "response",
    "union",
    "trait",
    "contract",
)
_NUMBERS = {kind: number for number, kind in enumerate(_KINDS)}

_Row = tuple[str, int, tuple[str, ...], tuple[int, ...], object]


class TypeTable:
    """The types of one record, numbered. Two types have one number if and only if they are equal.

    Each object is looked at once, so the work is in proportion to what was made in memory.
    """

    def __init__(self) -> None:
        self._rows: dict[_Row, int] = {}
        self._seen: dict[int, tuple[int, ValueType]] = {}
        self._writer = Writer()

    def number(self, value_type: ValueType) -> int:
        """The row of a type. Types nest at most `TYPE_DEPTH_MAX` levels, and so does this."""
        seen = self._seen.get(id(value_type))
        if seen is not None:
            return seen[0]
        parts = tuple([self.number(part) for part in value_type.parts])
        callable_as = value_type.trait or value_type.contract
        row = (value_type.kind, value_type.length, value_type.names, parts, callable_as)
        number = self._rows.get(row)
        if number is None:
            number = self._rows[row] = len(self._rows)
            self._write(value_type, parts)
        # The type is held, lest another one takes its id.
        self._seen[id(value_type)] = (number, value_type)
        return number

    def write(self, writer: Writer) -> None:
        """Appends all rows."""
        writer.u32(len(self._rows)).raw(bytes(self._writer))

    def _write(self, value_type: ValueType, parts: tuple[int, ...]) -> None:
        writer = self._writer
        kind: str = value_type.kind
        if kind == "callable":
            kind = "trait" if value_type.trait is not None else "contract"
        writer.u8(_NUMBERS[kind])
        if value_type.trait is not None:
            write_trait_identifier(writer, value_type.trait)
        elif value_type.contract is not None:
            writer.raw(encode_principal(value_type.contract))
        elif kind in _SEQUENCES or kind == "list":
            writer.u32(value_type.length)
        elif kind in ("tuple", "union"):
            writer.u32(len(parts))
        for name in value_type.names:
            write_name(writer, name)
        for part in parts:
            writer.u32(part)


def read_types(reader: Reader) -> list[ValueType]:
    """The rows of a table. The bytes are our own: anything else than a type is a defect."""
    rows: list[ValueType] = []
    for _ in range(reader.u32()):
        rows.append(_read_row(reader, rows))
    return rows


def _read_row(reader: Reader, rows: list[ValueType]) -> ValueType:
    kind = _KINDS[reader.u8()]
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    if kind in _SEQUENCES:
        return _SEQUENCES[kind](reader.u32())
    match kind:
        case "list":
            return list_type(reader.u32(), rows[reader.u32()])
        case "tuple":
            names = tuple([read_name(reader) for _ in range(reader.u32())])
            return tuple_type(names, tuple([rows[reader.u32()] for _ in names]))
        case "optional":
            return optional_type(rows[reader.u32()])
        case "response":
            return response_type(rows[reader.u32()], rows[reader.u32()])
        case "union":
            return union_type(tuple([rows[reader.u32()] for _ in range(reader.u32())]))
        case "trait":
            return trait_type(read_trait_identifier(reader))
    return contract_type(read_contract(reader))


def write_name(writer: Writer, name: str) -> None:
    writer.u8(len(name)).raw(name.encode("ascii"))


def read_name(reader: Reader) -> str:
    return reader.take(reader.u8()).decode("ascii")


def write_trait_identifier(writer: Writer, trait: TraitIdentifier) -> None:
    writer.raw(encode_principal(trait.contract))
    write_name(writer, trait.name)


def read_trait_identifier(reader: Reader) -> TraitIdentifier:
    contract = read_contract(reader)
    return TraitIdentifier(contract, read_name(reader))


def read_contract(reader: Reader) -> ContractPrincipal:
    principal = read_principal(reader)
    assert isinstance(principal, ContractPrincipal), "a contract was written here"
    return principal
