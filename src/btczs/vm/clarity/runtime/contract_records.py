"""What the chain keeps about a deployed contract, as bytes: four records under its key.

    head        version, sizes, fingerprint: enough to charge for the contract and to know it again
    source      the text
    results     what the top level computed: constants, limits of tokens
    interface   what other contracts may know: functions, traits

The last two can be far larger than the source. In the results a value that several constants have stands once, in the interface a type: a source of two lines that names one
large value a thousand times takes the room of one.

Everything else follows from the source. The interface is kept although it follows too: analysing
a contract needs those of the contracts it calls, and to work them out from their sources would
need those of the contracts *they* call, without bound.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar, cast

import msgspec

from btczs.codec.clarity.decode import read_value
from btczs.codec.clarity.encode import encode_value
from btczs.codec.clarity.types import TYPE_DEPTH_MAX
from btczs.codec.clarity.values import (
    ContractPrincipal,
    ErrValue,
    ListValue,
    OkValue,
    SomeValue,
    TupleValue,
    Value,
)
from btczs.codec.stream import Reader, Writer
from btczs.vm.clarity.analysis.model import ContractAnalysis
from btczs.vm.clarity.names import ClarityVersion
from btczs.vm.clarity.reader.syntax import Program
from btczs.vm.clarity.runtime.type_codec import (
    TypeTable,
    read_name,
    read_trait_identifier,
    read_types,
    write_name,
    write_trait_identifier,
)
from btczs.vm.clarity.runtime.values import CallableContract
from btczs.vm.clarity.types.methods import FunctionType, MethodType
from btczs.vm.clarity.types.typed import typed_value

_T = TypeVar("_T")

_PLAIN, _CALLABLE, _BY_TRAIT = 0, 1, 2


class ContractHead(msgspec.Struct, frozen=True):
    """The first of the records. `load_size` is what loading the contract is charged for."""

    version: ClarityVersion
    load_size: int
    fingerprint: bytes


class ContractResults(msgspec.Struct, frozen=True):
    """What the top level of a contract computed."""

    constants: dict[str, Value]
    supply_limits: dict[str, int | None]


def encode_head(head: ContractHead) -> bytes:
    return bytes(Writer().u8(head.version).u64(head.load_size).raw(head.fingerprint))


def decode_head(raw: bytes) -> ContractHead:
    reader = Reader(raw)
    return ContractHead(cast(ClarityVersion, reader.u8()), reader.u64(), reader.take(32))


def encode_results(results: ContractResults) -> bytes:
    values: dict[bytes, int] = {}
    seen: dict[int, int] = {}
    rows: dict[str, int] = {}
    for name, value in sorted(results.constants.items()):
        number = seen.get(id(value))
        if number is None:
            number = values.setdefault(_encode_constant(value), len(values))
            seen[id(value)] = number
        rows[name] = number
    writer = Writer()
    _write_map(writer, results.supply_limits, _write_limit)
    _write_map(writer, rows, Writer.u32)
    writer.u32(len(values))
    for encoded in values:
        writer.raw(encoded)
    return bytes(writer)


def decode_results(raw: bytes) -> ContractResults:
    reader = Reader(raw)
    limits = _read_map(reader, _read_limit)
    rows = _read_map(reader, Reader.u32)
    values = [_read_constant(reader) for _ in range(reader.u32())]
    reader.finish()
    return ContractResults({name: values[row] for name, row in rows.items()}, limits)


def encode_interface(analysis: ContractAnalysis) -> bytes:
    table, body = TypeTable(), Writer()

    def write_function(writer: Writer, function: FunctionType) -> None:
        writer.u32(len(function.parameters))
        for name, declared in function.parameters:
            write_name(writer, name)
            writer.u32(table.number(declared))
        writer.u32(table.number(function.returns))

    def write_method(writer: Writer, method: MethodType) -> None:
        writer.u32(len(method.parameters))
        for declared in (*method.parameters, method.returns):
            writer.u32(table.number(declared))

    _write_map(body, analysis.public_functions, write_function)
    _write_map(body, analysis.read_only_functions, write_function)
    _write_map(body, analysis.defined_traits, lambda w, trait: _write_map(w, trait, write_method))
    implemented = sorted(
        analysis.implemented_traits, key=lambda trait: (encode_value(trait.contract), trait.name)
    )
    body.u32(len(implemented))
    for trait in implemented:
        write_trait_identifier(body, trait)
    writer = Writer()
    table.write(writer)
    return bytes(writer.raw(bytes(body)))


def decode_interface(
    raw: bytes, contract: ContractPrincipal, version: ClarityVersion
) -> ContractAnalysis:
    """The part of an analysis that other contracts see; its program is empty."""
    reader = Reader(raw)
    types = read_types(reader)

    def read_function(reader: Reader) -> FunctionType:
        parameters = [(read_name(reader), types[reader.u32()]) for _ in range(reader.u32())]
        return FunctionType(tuple(parameters), types[reader.u32()])

    def read_method(reader: Reader) -> MethodType:
        parameters = tuple([types[reader.u32()] for _ in range(reader.u32())])
        return MethodType(parameters, types[reader.u32()])

    analysis = ContractAnalysis(
        contract,
        version,
        Program(contract, "", (), (), 0),
        public_functions=_read_map(reader, read_function),
        read_only_functions=_read_map(reader, read_function),
        defined_traits=_read_map(reader, lambda r: _read_map(r, read_method)),
    )
    for _ in range(reader.u32()):
        analysis.implemented_traits.add(read_trait_identifier(reader))
    reader.finish()
    return analysis


def _write_map(
    writer: Writer, entries: Mapping[str, _T], write: Callable[[Writer, _T], object]
) -> None:
    writer.u32(len(entries))
    for name in sorted(entries):
        write_name(writer, name)
        write(writer, entries[name])


def _read_map(reader: Reader, read: Callable[[Reader], _T]) -> dict[str, _T]:
    return {read_name(reader): read(reader) for _ in range(reader.u32())}


def _write_limit(writer: Writer, limit: int | None) -> None:
    writer.u8(0 if limit is None else 1)
    if limit is not None:
        writer.u128(limit)


def _read_limit(reader: Reader) -> int | None:
    return reader.u128() if reader.u8() else None


def _encode_constant(value: Value) -> bytes:
    """A value, then what is known beyond its bytes: which contracts in it can be called, and how.

    Lists and tuples of constants have the types of their contents, so those are not written.
    """
    writer = Writer().raw(encode_value(value))
    contracts = list(_contracts(value))
    if not any(isinstance(contract, CallableContract) for contract in contracts):
        return bytes(writer.u8(0))
    writer.u8(1)
    for contract in contracts:
        if not isinstance(contract, CallableContract):
            writer.u8(_PLAIN)
        elif contract.trait is None:
            writer.u8(_CALLABLE)
        else:
            writer.u8(_BY_TRAIT)
            write_trait_identifier(writer, contract.trait)
    return bytes(writer)


def _read_constant(reader: Reader) -> Value:
    value = read_value(reader, depth_max=TYPE_DEPTH_MAX)
    if reader.u8():
        value = _with_callables(value, reader)
    return typed_value(value)


def _contracts(value: Value) -> Iterator[ContractPrincipal]:
    """The contracts in a value, in the order of its bytes."""
    match value:
        case ContractPrincipal():
            yield value
        case SomeValue(inner) | OkValue(inner) | ErrValue(inner):
            yield from _contracts(inner)
        case ListValue(items):
            for item in items:
                yield from _contracts(item)
        case TupleValue(fields):
            for _, inner in fields:
                yield from _contracts(inner)


def _with_callables(value: Value, reader: Reader) -> Value:
    """`value` with its contracts as `reader` says they are."""
    match value:
        case ContractPrincipal(version, hash20, name):
            kind = reader.u8()
            if kind == _PLAIN:
                return value
            trait = read_trait_identifier(reader) if kind == _BY_TRAIT else None
            return CallableContract(version, hash20, name, trait)
        case SomeValue(inner):
            return SomeValue(_with_callables(inner, reader))
        case OkValue(inner):
            return OkValue(_with_callables(inner, reader))
        case ErrValue(inner):
            return ErrValue(_with_callables(inner, reader))
        case ListValue(items):
            return ListValue(tuple([_with_callables(item, reader) for item in items]))
        case TupleValue(fields):
            return TupleValue(tuple([(n, _with_callables(v, reader)) for n, v in fields]))
    return value
