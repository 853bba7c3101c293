"""Types as bytes, for what the chain keeps about a contract.

One byte for the kind, then a length (u32), a part count, names, or a trait, as the kind needs.
The measures of a type are not written: they follow from its parts.
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

_SIMPLE = (UNKNOWN, INT, UINT, BOOL, PRINCIPAL)
_SEQUENCES = {"buff": buffer_type, "string-ascii": ascii_type, "string-utf8": utf8_type}
_KINDS = (
    *[simple.kind for simple in _SIMPLE],
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


def write_type(writer: Writer, value_type: ValueType) -> None:
    """Appends a type. Types nest at most `TYPE_DEPTH_MAX` levels, and so does this."""
    kind: str = value_type.kind
    if kind == "callable":
        kind = "trait" if value_type.trait is not None else "contract"
    writer.u8(_NUMBERS[kind])
    if kind == "trait":
        assert value_type.trait is not None
        write_trait_identifier(writer, value_type.trait)
    elif kind == "contract":
        assert value_type.contract is not None
        writer.raw(encode_principal(value_type.contract))
    elif kind in _SEQUENCES:
        writer.u32(value_type.length)
    else:
        if kind == "list":
            writer.u32(value_type.length)
        elif kind in ("tuple", "union"):
            writer.u32(len(value_type.parts))
        for name in value_type.names:
            write_name(writer, name)
        for part in value_type.parts:
            write_type(writer, part)


def read_type(reader: Reader) -> ValueType:
    """The next type. The bytes are our own: anything else than a type is a defect."""
    kind = _KINDS[reader.u8()]
    if kind in _SEQUENCES:
        return _SEQUENCES[kind](reader.u32())
    match kind:
        case "list":
            length = reader.u32()
            return list_type(length, read_type(reader))
        case "tuple":
            names = tuple([read_name(reader) for _ in range(reader.u32())])
            return tuple_type(names, tuple([read_type(reader) for _ in names]))
        case "optional":
            return optional_type(read_type(reader))
        case "response":
            ok = read_type(reader)
            return response_type(ok, read_type(reader))
        case "union":
            return union_type(tuple([read_type(reader) for _ in range(reader.u32())]))
        case "trait":
            return trait_type(read_trait_identifier(reader))
        case "contract":
            return contract_type(read_contract(reader))
    return next(simple for simple in _SIMPLE if simple.kind == kind)


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
