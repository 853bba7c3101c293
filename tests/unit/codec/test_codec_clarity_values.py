"""Clarity values as bytes: every kind, every bound, and hostile data."""

import time

import pytest
from clarity_strategies import principals, values
from hypothesis import given, settings
from hypothesis import strategies as st

from btczs.codec.clarity import (
    InvalidClarityValue,
    UnencodableValue,
    UntypedValue,
    decode_value,
    encode_principal,
    encode_value,
    infer_type,
    read_principal,
    read_value,
)
from btczs.codec.clarity.values import (
    FALSE,
    NONE,
    TRUE,
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
    make_tuple,
)
from btczs.codec.stream import Reader, TooMany, TrailingBytes, Truncated
from btczs.primitives import DecodeError, Hash20, InvalidInput, OutOfRange

HASH = Hash20(bytes(range(20)))
HASH_HEX = HASH.hex()
ONE = "01" + "00" * 15 + "01"

EXAMPLES: list[tuple[Value, str]] = [
    (IntValue(0), "00" + "00" * 16),
    (IntValue(-1), "00" + "ff" * 16),
    (IntValue(-(2**127)), "0080" + "00" * 15),
    (IntValue(2**127 - 1), "007f" + "ff" * 15),
    (UIntValue(1), ONE),
    (UIntValue(2**128 - 1), "01" + "ff" * 16),
    (BufferValue(b"\xde\xad"), "0200000002dead"),
    (BufferValue(b""), "0200000000"),
    (TRUE, "03"),
    (FALSE, "04"),
    (StandardPrincipal(26, HASH), "051a" + HASH_HEX),
    (ContractPrincipal(26, HASH, "pox-4"), "061a" + HASH_HEX + "05" + b"pox-4".hex()),
    (OkValue(TRUE), "0703"),
    (ErrValue(UIntValue(1)), "08" + ONE),
    (NONE, "09"),
    (SomeValue(NONE), "0a09"),
    (ListValue(()), "0b00000000"),
    (ListValue((TRUE, FALSE)), "0b000000020304"),
    (ListValue((OkValue(IntValue(1)), ErrValue(TRUE))), "0b000000020700" + "00" * 15 + "010803"),
    (
        make_tuple(b=IntValue(1), a=UIntValue(1)),
        "0c000000020161" + ONE + "016200" + "00" * 15 + "01",
    ),
    (AsciiValue("STX"), "0d00000003535458"),
    (Utf8Value("🦊"), "0e00000004f09fa68a"),
]


@pytest.mark.parametrize(("value", "raw"), EXAMPLES)
def test_every_kind(value: Value, raw: str) -> None:
    assert encode_value(value).hex() == raw
    assert decode_value(bytes.fromhex(raw)) == value


def test_tuple_keys_are_in_the_order_of_their_bytes() -> None:
    names = ["b", "a", "aa", "B", "a1", "a-b"]
    value = TupleValue(tuple(sorted((name, TRUE) for name in names)))
    assert [name for name, _ in value.fields] == ["B", "a", "a-b", "a1", "aa", "b"]
    assert decode_value(encode_value(value)) == value
    assert value.get("a-b") == TRUE
    assert value.get("c") is None


@given(values)
def test_round_trip(value: Value) -> None:
    raw = encode_value(value)
    assert decode_value(raw) == value
    reader = Reader(b"\xff" + raw + b"tail", 1)
    assert read_value(reader) == value
    assert reader.offset == 1 + len(raw)
    assert reader.remaining == 4


@given(values, values)
def test_values_are_equal_exactly_if_their_bytes_are(a: Value, b: Value) -> None:
    assert (a == b) == (encode_value(a) == encode_value(b))
    if a == b:
        assert hash(a) == hash(b)


def test_numbers_of_different_kind_are_different() -> None:
    assert IntValue(1) != UIntValue(1)
    assert OkValue(TRUE) != ErrValue(TRUE)
    assert AsciiValue("a") != Utf8Value("a")


@settings(max_examples=300)
@given(values, st.data())
def test_damaged_bytes_decode_to_another_value_or_raise_a_decode_error(
    value: Value, data: st.DataObject
) -> None:
    raw = bytearray(encode_value(value))
    for _ in range(data.draw(st.integers(1, 3))):
        position = data.draw(st.integers(0, len(raw) - 1))
        match data.draw(st.integers(0, 3)):
            case 0:
                raw[position] = data.draw(st.integers(0, 255))
            case 1:
                raw.insert(position, data.draw(st.integers(0, 255)))
            case 2 if len(raw) > 1:
                del raw[position]
            case _:
                raw.extend(raw[position:])
    try:
        decoded = decode_value(bytes(raw))
    except DecodeError:
        return
    assert encode_value(decoded) == raw
    infer_type(decoded)


@settings(max_examples=300)
@given(st.binary(max_size=120))
def test_arbitrary_bytes_decode_to_the_only_value_with_these_bytes_or_raise(raw: bytes) -> None:
    try:
        value = decode_value(raw)
    except DecodeError:
        return
    assert encode_value(value) == raw


@given(values)
@settings(deadline=None)
def test_every_cut_is_an_error(value: Value) -> None:
    raw = encode_value(value)
    for end in range(len(raw)):
        with pytest.raises(DecodeError):
            decode_value(raw[:end])
    with pytest.raises(TrailingBytes):
        decode_value(raw + b"\0")


def _nested(levels: int) -> bytes:
    return b"\x0a" * (levels - 1) + b"\x03"


def test_nesting_is_bounded_at_16_levels_and_32_if_asked() -> None:
    decode_value(_nested(16))
    decode_value(_nested(32), depth_max=32)
    for levels, depth_max in ((17, 16), (33, 32), (2_000_000, 16), (2_000_000, 32)):
        with pytest.raises(InvalidClarityValue, match="deep"):
            decode_value(_nested(levels), depth_max=depth_max)


@pytest.mark.parametrize("prefix", ["07", "08", "0a", "0b00000001", "0c000000010161"])
def test_hostile_nesting_of_every_kind_is_refused(prefix: str) -> None:
    with pytest.raises(InvalidClarityValue, match="deep"):
        decode_value(bytes.fromhex(prefix) * 300_000 + b"\x03")


def test_encoding_is_bounded_at_32_levels() -> None:
    value: Value = TRUE
    for _ in range(31):
        value = SomeValue(value)
    assert decode_value(encode_value(value), depth_max=32) == value
    for _ in range(3000):
        value = SomeValue(value)
    with pytest.raises(UnencodableValue):
        encode_value(value)
    with pytest.raises(UntypedValue):
        infer_type(value)


@pytest.mark.parametrize(
    "raw", ["02ffffffff", "0bffffffff", "0cffffffff", "0dffffffff", "0effffffff"]
)
@pytest.mark.parametrize("filling", [0, 100, 3_000_000])
def test_a_count_beyond_the_data_allocates_nothing(raw: str, filling: int) -> None:
    started = time.perf_counter()
    with pytest.raises(DecodeError):
        decode_value(bytes.fromhex(raw) + b"\x03" * filling)
    assert time.perf_counter() - started < 1


def test_sequences_are_bounded() -> None:
    most = 1_048_576
    assert decode_value(encode_value(BufferValue(bytes(most)))) == BufferValue(bytes(most))
    too_long = b"\x02" + (most + 1).to_bytes(4, "big") + bytes(most + 1)
    with pytest.raises(TooMany):
        decode_value(too_long)
    for value in (BufferValue(bytes(most + 1)), AsciiValue("a" * (most + 1))):
        with pytest.raises(UnencodableValue):
            encode_value(value)


def test_a_string_utf8_has_at_most_262144_characters() -> None:
    most = Utf8Value("a" * 262_144)
    assert decode_value(encode_value(most)) == most
    with pytest.raises(UnencodableValue):
        encode_value(Utf8Value("a" * 262_145))
    with pytest.raises(InvalidClarityValue, match="too long"):
        decode_value(b"\x0e" + (262_145).to_bytes(4, "big") + b"a" * 262_145)


def test_a_value_may_not_be_larger_than_its_type_allows() -> None:
    """Three buffers of 400 kB fit the bytes but not the size of a tuple."""
    part = BufferValue(bytes(400_000))
    decode_value(encode_value(make_tuple(a=part, b=part)))
    raw = encode_value(make_tuple(a=part, b=part, c=part))
    with pytest.raises(InvalidClarityValue, match="too large"):
        decode_value(raw)


def test_a_value_has_at_most_2_mebibytes() -> None:
    part = BufferValue(bytes(1_000_000))
    value = make_tuple(a=part, b=part, c=part)
    with pytest.raises(UnencodableValue):
        encode_value(value)
    inner = b"".join(bytes([1, c]) + encode_value(part) for c in b"abc")
    raw = b"\x0c" + (3).to_bytes(4, "big") + inner
    with pytest.raises(InvalidClarityValue, match="2097152"):
        decode_value(raw)
    reader = Reader(raw)
    with pytest.raises(InvalidClarityValue):
        read_value(reader)
    assert reader.length == len(raw)


@pytest.mark.parametrize(
    "value", [IntValue(2**127), IntValue(-(2**127) - 1), UIntValue(-1), UIntValue(2**128)]
)
def test_numbers_outside_128_bits_have_no_encoding(value: Value) -> None:
    with pytest.raises(OutOfRange):
        encode_value(value)


BAD_BYTES = {
    "unknown prefix": "0f",
    "unknown prefix ff": "ff",
    "nothing": "",
    "principal version 32": "0520" + HASH_HEX,
    "contract version 32": "0620" + HASH_HEX + "0161",
    "empty contract name": "061a" + HASH_HEX + "00",
    "contract name with a digit first": "061a" + HASH_HEX + "0131",
    "contract name with a dot": "061a" + HASH_HEX + "03612e62",
    "contract name with a newline at the end": "061a" + HASH_HEX + "02610a",
    "contract name not ASCII": "061a" + HASH_HEX + "02c3a9",
    "contract name of 129": "061a" + HASH_HEX + "81" + "61" * 129,
    "empty tuple": "0c00000000",
    "tuple keys in the wrong order": "0c00000002" + "016203" + "016103",
    "tuple key twice": "0c00000002" + "016103" + "016103",
    "empty tuple key": "0c00000001" + "0003",
    "tuple key with a digit first": "0c00000001" + "013103",
    "tuple key with a newline at the end": "0c00000001" + "02610a03",
    "tuple key not ASCII": "0c00000001" + "02c3a903",
    "tuple key of 129": "0c00000001" + "81" + "61" * 129 + "03",
    "ascii with a null": "0d0000000100",
    "ascii with a vertical tab": "0d000000010b",
    "ascii with delete": "0d000000017f",
    "ascii with a high byte": "0d00000001c3",
    "utf8 cut": "0e00000001c3",
    "utf8 overlong": "0e00000002c080",
    "utf8 surrogate": "0e00000003eda080",
    "utf8 above the last code point": "0e00000004f4908080",
    "list of int and uint": "0b00000002" + "00" * 17 + ONE,
    "list of tuples of other keys": "0b00000002" + "0c00000001016103" + "0c00000001016203",
    "list of ok of int and ok of bool": "0b00000002" + "07" + "00" * 17 + "0703",
    "list of ascii and utf8": "0b00000002" + "0d0000000161" + "0e0000000161",
}


@pytest.mark.parametrize("name", BAD_BYTES)
def test_bad_bytes(name: str) -> None:
    with pytest.raises(DecodeError):
        decode_value(bytes.fromhex(BAD_BYTES[name]))


def test_whitespace_of_ascii_strings() -> None:
    value = AsciiValue(" \t\n\x0c\r~")
    assert decode_value(encode_value(value)) == value


BAD_VALUES: list[Value] = [
    StandardPrincipal(32, HASH),
    StandardPrincipal(-1, HASH),
    StandardPrincipal(26, Hash20(b"short")),
    ContractPrincipal(26, HASH, ""),
    ContractPrincipal(26, HASH, "1a"),
    ContractPrincipal(26, HASH, "a" * 129),
    ContractPrincipal(26, HASH, "é"),
    TupleValue(()),
    TupleValue((("b", TRUE), ("a", TRUE))),
    TupleValue((("a", TRUE), ("a", TRUE))),
    TupleValue((("", TRUE),)),
    TupleValue((("é", TRUE),)),
    AsciiValue("é"),
    AsciiValue("\0"),
    Utf8Value("\ud800"),
]


@pytest.mark.parametrize("value", BAD_VALUES)
def test_what_could_not_be_read_back_is_not_written(value: Value) -> None:
    with pytest.raises(InvalidInput):
        encode_value(value)


def test_something_that_is_no_value_is_refused() -> None:
    with pytest.raises(UnencodableValue):
        encode_value(ListValue((5,)))  # type: ignore[arg-type]


def test_names_of_128_bytes_are_the_longest() -> None:
    value = TupleValue((("a" * 128, ContractPrincipal(26, HASH, "a" * 128)),))
    assert decode_value(encode_value(value)) == value


@pytest.mark.parametrize(
    "name", ["-", "+", "=", "/", "*", "<", "<=", ">", ">=", "a?!", "A-b_c", "is-eq"]
)
def test_operators_may_name_a_field(name: str) -> None:
    value = TupleValue(((name, TRUE),))
    assert decode_value(encode_value(value)) == value


def test_keys_in_any_order_are_sorted_where_that_is_asked_for() -> None:
    raw = bytes.fromhex("0c00000002" + "016203" + "016104")
    assert decode_value(raw, sorted_keys=False) == make_tuple(a=FALSE, b=TRUE)
    with pytest.raises(InvalidClarityValue, match="twice"):
        decode_value(bytes.fromhex("0c00000002" + "016103" + "016103"), sorted_keys=False)


@pytest.mark.parametrize(
    "items",
    [
        ("0c00000000",),
        ("0a09", "0a0a0c00000000"),  # an optional of nothing known, then of an empty tuple
        ("0c0000000101610b0000000103", "0c0000000101610c00000000"),  # a list, then such a tuple
    ],
)
def test_an_empty_tuple_is_no_item_of_a_list(items: tuple[str, ...]) -> None:
    raw = b"\x0b" + len(items).to_bytes(4, "big") + bytes.fromhex("".join(items))
    with pytest.raises(DecodeError):
        decode_value(raw)


def test_lists_admit_items_with_a_common_type() -> None:
    value = ListValue(
        (
            ErrValue(UIntValue(1)),
            OkValue(SomeValue(BufferValue(b"abc"))),
            OkValue(NONE),
            OkValue(SomeValue(BufferValue(b""))),
        )
    )
    assert decode_value(encode_value(value)) == value


@given(principals)
def test_a_principal_is_a_value(principal: StandardPrincipal | ContractPrincipal) -> None:
    raw = encode_principal(principal)
    assert raw == encode_value(principal)
    reader = Reader(raw)
    assert read_principal(reader) == principal
    reader.finish()


def test_another_value_is_no_principal() -> None:
    with pytest.raises(InvalidClarityValue):
        read_principal(Reader(b"\x03"))
    with pytest.raises(Truncated):
        read_principal(Reader(b"\x05\x1a"))


def test_bool_values_are_one_byte_each() -> None:
    assert encode_value(BoolValue(True)) == b"\x03"
    assert decode_value(b"\x03") is TRUE
