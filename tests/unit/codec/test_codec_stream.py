"""Reader, Writer and compact sizes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from btczs.codec.compact import NonCanonicalSize, read_compact, write_compact
from btczs.codec.stream import Reader, TooMany, TrailingBytes, Truncated, Writer
from btczs.primitives import DecodeError, OutOfRange

FIELDS = [
    ("u8", 1, "big", False),
    ("u16", 2, "big", False),
    ("u32", 4, "big", False),
    ("u64", 8, "big", False),
    ("u128", 16, "big", False),
    ("u16_le", 2, "little", False),
    ("u32_le", 4, "little", False),
    ("u64_le", 8, "little", False),
    ("i32_le", 4, "little", True),
    ("i64_le", 8, "little", True),
]


@pytest.mark.parametrize(("name", "width", "order", "signed"), FIELDS)
@given(data=st.data())
def test_numbers_round_trip_in_their_byte_order(
    name: str, width: int, order: str, signed: bool, data: st.DataObject
) -> None:
    low = -(1 << (8 * width - 1)) if signed else 0
    value = data.draw(st.integers(low, low + (1 << 8 * width) - 1))
    raw = bytes(getattr(Writer(), name)(value))
    assert raw == value.to_bytes(width, order, signed=signed)  # type: ignore[arg-type]
    reader = Reader(raw)
    assert getattr(reader, name)() == value
    reader.finish()
    with pytest.raises(Truncated):
        getattr(Reader(raw[:-1]), name)()


def test_reading_stops_at_the_end_and_says_where() -> None:
    reader = Reader(b"abc")
    assert reader.take(2) == b"ab"
    with pytest.raises(Truncated) as caught:
        reader.take(2)
    assert (caught.value.offset, caught.value.needed, caught.value.length) == (2, 2, 3)
    assert reader.remaining == 1
    with pytest.raises(TrailingBytes):
        reader.finish()
    with pytest.raises(Truncated):
        reader.take(-1)


def test_a_count_is_bounded_by_limit_and_by_the_bytes_that_are_left() -> None:
    raw = (3).to_bytes(4, "big") + bytes(6)
    assert Reader(raw).count_u32("items", 3, size_min=2) == 3
    with pytest.raises(TooMany):
        Reader(raw).count_u32("items", 2, size_min=2)
    with pytest.raises(TooMany):
        Reader(raw).count_u32("items", 100, size_min=3)


@pytest.mark.parametrize(
    ("n", "raw"),
    [
        (0, "00"),
        (252, "fc"),
        (253, "fdfd00"),
        (0xFFFF, "fdffff"),
        (0x10000, "fe00000100"),
        (0xFFFF_FFFF, "feffffffff"),
        (0x1_0000_0000, "ff0000000001000000"),
        (2**64 - 1, "ffffffffffffffffff"),
    ],
)
def test_compact_sizes_at_every_border(n: int, raw: str) -> None:
    assert write_compact(n).hex() == raw
    reader = Reader(bytes.fromhex(raw))
    assert read_compact(reader, 2**64 - 1) == n
    reader.finish()
    if n:
        with pytest.raises(TooMany):
            read_compact(Reader(bytes.fromhex(raw)), n - 1)


@pytest.mark.parametrize(
    "raw", ["fd0000", "fdfc00", "fe00000000", "feffff0000", "ffffffffff00000000"]
)
def test_a_longer_form_than_needed_is_refused(raw: str) -> None:
    with pytest.raises(NonCanonicalSize):
        read_compact(Reader(bytes.fromhex(raw)), 2**64 - 1)


@given(st.binary(max_size=12))
def test_any_bytes_are_a_compact_size_in_its_only_form_or_an_error(raw: bytes) -> None:
    reader = Reader(raw)
    try:
        n = read_compact(reader, 2**64 - 1)
    except DecodeError:
        return
    assert write_compact(n) == raw[: reader.offset]


@pytest.mark.parametrize("n", [-1, 2**64])
def test_a_compact_size_is_a_u64(n: int) -> None:
    with pytest.raises(OutOfRange):
        write_compact(n)
