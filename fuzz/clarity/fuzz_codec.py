"""Target: the codec of values: bytes to values and back, with and without a type.

The first byte chooses one of four questions. Strict: bytes from outside. Lenient: fields in any
order, 32 levels. Typed: bytes read by a type, which the first of the bytes describe. Made: a value
made to fit such a type, in bytes, which may then be changed.
"""

from random import Random

from btczs.codec.clarity import decode_value, encode_value, infer_type, repr_value, type_text
from btczs.codec.clarity.errors import UntypedValue
from btczs.codec.clarity.principals import parse_principal, principal_text
from btczs.codec.clarity.types import TYPE_DEPTH_MAX, ValueType
from btczs.codec.clarity.values import Value
from btczs.codec.stream import Reader, Writer
from btczs.primitives import DecodeError
from btczs.vm.clarity.reader import parse_expressions
from btczs.vm.clarity.runtime.consensus_buffers import decode_typed, serialized_size
from btczs.vm.clarity.runtime.type_codec import TypeTable, read_types
from btczs.vm.clarity.types import admits_type, parse_type, sanitize, type_of, typed_value
from btczs.vm.clarity.types import type_text as type_source
from fuzz.clarity.mutate_values import mutate_value
from fuzz.clarity.shapes import Source


def check(data: bytes) -> None:
    """Raises if the codec breaks a promise on `data`."""
    if not data:
        return
    match data[0] % 4:
        case 0:
            _strict(data[1:])
        case 1:
            _lenient(data[1:])
        case 2:
            _typed(data[1:])
        case _:
            _made(data[1:])


def _strict(raw: bytes) -> None:
    try:
        value = decode_value(raw)
    except DecodeError:
        _principal(raw)
        return
    assert encode_value(value) == raw, "the encoding is the only one"
    _check_value(value)


def _lenient(raw: bytes) -> None:
    try:
        value = decode_value(raw, depth_max=TYPE_DEPTH_MAX, sorted_keys=False)
    except DecodeError:
        return
    encoded = encode_value(value)
    assert len(encoded) == len(raw), "only the order of fields may differ"
    assert decode_value(encoded, depth_max=TYPE_DEPTH_MAX) == value
    _check_value(value)


def _check_value(value: Value) -> None:
    """What holds for every value that was decoded."""
    inferred = infer_type(value)
    typed = typed_value(value)
    assert type_of(typed) == inferred, "a typed value has the type that is inferred"
    assert encode_value(typed) == encode_value(value), "a typed value is the same value"
    assert serialized_size(typed) == len(encode_value(value)), "a size is that of the bytes"
    assert repr_value(value) == repr_value(typed)
    assert type_text(value)
    if _is_known(inferred):
        # The type of a list has the fields of its first tuple; reading by it drops others.
        read = encode_value(decode_typed(encode_value(value), inferred))
        fitted = sanitize(inferred, typed)
        assert fitted is not None, "a value fits its own type"
        assert encode_value(fitted) == read, "a value is read by its own type"


def _is_known(one: ValueType) -> bool:
    return one.kind != "unknown" and all(_is_known(part) for part in one.parts)


def _typed(raw: bytes) -> None:
    source = Source(raw)
    wanted = source.type()
    if wanted is not None:
        _check_type(wanted)
        _read_by_type(source.rest(), wanted)


def _made(raw: bytes) -> None:
    source = Source(raw)
    wanted = source.type()
    if wanted is None:
        return
    change, seed = source.byte() % 2, source.number(2)
    try:
        value = source.value(wanted)
        encoded = encode_value(value)
        type_of(typed_value(value))
    except UntypedValue:
        return  # too large, by what its items have in common
    got = decode_typed(encoded, wanted)
    assert encode_value(got) == encoded, "a value of the type is read by the type"
    if change:
        changed = mutate_value(encoded, Random(seed))
        _read_by_type(changed, wanted)
        _lenient(changed)


def _check_type(wanted: ValueType) -> None:
    table, writer = TypeTable(), Writer()
    number = table.number(wanted)
    table.write(writer)
    assert read_types(Reader(bytes(writer)))[number] == wanted, "a type is kept as bytes"
    (expr,) = parse_expressions(type_source(wanted))
    assert parse_type(expr) == wanted, "a type is what its text says"
    assert admits_type(wanted, wanted), "a type admits itself"


def _read_by_type(raw: bytes, wanted: ValueType) -> None:
    value: Value | None
    try:
        value = decode_typed(raw, wanted)
    except DecodeError:
        value = None
    if value is not None:
        encoded = encode_value(value)
        assert len(encoded) <= len(raw), "fields may be dropped, nothing is added"
        assert encode_value(decode_typed(encoded, wanted)) == encoded
        assert serialized_size(value) == len(encoded)
        fitted = sanitize(wanted, value)
        assert fitted is not None, "what is read by a type fits it"
        assert encode_value(fitted) == encoded
    try:
        loose = typed_value(decode_value(raw, depth_max=TYPE_DEPTH_MAX, sorted_keys=False))
    except (DecodeError, UntypedValue):
        return
    fitted = sanitize(wanted, loose)
    if fitted is not None:
        assert value is not None, "what fits a type is read by it"
        assert encode_value(fitted) == encode_value(value)


def _principal(raw: bytes) -> None:
    """Bytes that are no value may be the text of an address."""
    try:
        principal = parse_principal(raw.decode("latin-1"))
    except DecodeError:
        return
    assert parse_principal(principal_text(principal)) == principal
