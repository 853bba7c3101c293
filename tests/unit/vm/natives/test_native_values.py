"""Values and their bytes: sizes, reading by type, equality."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from btczs.codec.clarity import encode_value
from btczs.codec.clarity.types import (
    BOOL,
    INT,
    PRINCIPAL,
    UINT,
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
    OkValue,
    SomeValue,
    StandardPrincipal,
    UIntValue,
    Utf8Value,
)
from btczs.primitives import DecodeError
from btczs.vm.clarity.runtime.consensus_buffers import decode_typed, serialized_size
from btczs.vm.clarity.runtime.equality import equal_values
from btczs.vm.clarity.runtime.typing import admits, size_of, type_of
from btczs.vm.clarity.runtime.values import TypedList, TypedTuple
from btczs.vm.clarity.types import typed_value

LEAVES = st.one_of(
    st.sampled_from([INT, UINT, BOOL, PRINCIPAL]),
    st.integers(0, 5).map(buffer_type),
    st.integers(0, 5).map(ascii_type),
    st.integers(0, 5).map(utf8_type),
)
TYPES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(list_type, st.integers(0, 3), inner),
        inner.map(optional_type),
        st.builds(response_type, inner, inner),
        st.lists(inner, min_size=1, max_size=3).map(
            lambda parts: tuple_type(("a", "b-c", "z")[: len(parts)], tuple(parts))
        ),
    ),
    max_leaves=6,
)
HASHES = st.binary(min_size=20, max_size=20)


def values_of(t):
    match t.kind:
        case "int":
            return st.integers(-(2**127), 2**127 - 1).map(IntValue)
        case "uint":
            return st.integers(0, 2**128 - 1).map(UIntValue)
        case "bool":
            return st.booleans().map(BoolValue)
        case "principal":
            return st.builds(StandardPrincipal, st.integers(0, 31), HASHES) | st.builds(
                ContractPrincipal, st.integers(0, 31), HASHES, st.sampled_from(["a", "b-1"])
            )
        case "buff":
            return st.binary(max_size=t.length).map(BufferValue)
        case "string-ascii":
            return st.text(
                st.characters(min_codepoint=32, max_codepoint=126), max_size=t.length
            ).map(AsciiValue)
        case "string-utf8":
            return st.text(st.characters(codec="utf-8"), max_size=t.length).map(Utf8Value)
        case "optional":
            return st.just(NONE) | values_of(t.parts[0]).map(SomeValue)
        case "response":
            return values_of(t.parts[0]).map(OkValue) | values_of(t.parts[1]).map(ErrValue)
        case "list":
            items = st.lists(values_of(t.parts[0]), max_size=t.length)
            return items.map(lambda found: TypedList(tuple(found), t))
        case _:
            fields = st.tuples(*map(values_of, t.parts))
            return fields.map(lambda f: TypedTuple(tuple(zip(t.names, f, strict=True)), t))


TYPED = TYPES.flatmap(lambda t: st.tuples(st.just(t), values_of(t)))


@given(TYPED)
@settings(max_examples=150)
def test_values_come_back_with_the_type_they_are_read_by(case):
    expected, value = case
    raw = encode_value(value)
    assert len(raw) == serialized_size(value)
    decoded = decode_typed(raw, expected)
    assert decoded == value
    assert equal_values(decoded, value)
    assert admits(expected, decoded)
    assert size_of(decoded) == type_of(decoded).size
    with pytest.raises(DecodeError):
        decode_typed(raw + b"\0", expected)
    with pytest.raises(DecodeError):
        decode_typed(raw[:-1], expected)


@given(TYPED, TYPES)
@settings(max_examples=150)
def test_values_of_another_type_are_refused(case, other):
    _, value = case
    try:
        decoded = decode_typed(encode_value(value), other)
    except DecodeError:
        return
    assert admits(other, decoded)


@given(st.binary(max_size=60), TYPES)
@settings(max_examples=300)
def test_any_bytes_are_read_or_refused(raw, expected):
    try:
        decoded = decode_typed(raw, expected)
    except DecodeError:
        return
    assert admits(expected, decoded)


@given(TYPED)
@settings(max_examples=100)
def test_equality_does_not_see_types(case):
    _, value = case
    assert equal_values(typed_value(value), value)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (IntValue(1), UIntValue(1)),
        (AsciiValue("a"), Utf8Value("a")),
        (SomeValue(IntValue(1)), OkValue(IntValue(1))),
        (NONE, SomeValue(NONE)),
    ],
)
def test_values_of_different_kinds_are_not_equal(a, b):
    assert not equal_values(a, b)
    assert not equal_values(b, a)


def test_surplus_fields_are_dropped_and_must_be_well_formed():
    expected = tuple_type(("a",), (BOOL,))
    good = bytes.fromhex("0c00000002 0162 0b0000000103 0161 03".replace(" ", ""))
    assert decode_typed(good, expected) == TypedTuple((("a", BoolValue(True)),), expected)
    for bad in ("0c00000002 0162 ff 0161 03", "0c00000002 0131 03 0161 03", "0c00000001 0162 03"):
        with pytest.raises(DecodeError):
            decode_typed(bytes.fromhex(bad.replace(" ", "")), expected)


def test_deep_surplus_data_is_refused_not_followed():
    expected = tuple_type(("a",), (BOOL,))
    raw = bytes.fromhex("0c000000020162") + b"\x0a" * 100_000 + bytes.fromhex("03016103")
    with pytest.raises(DecodeError):
        decode_typed(raw, expected)
