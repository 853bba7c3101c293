"""c32 and c32check addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from btczs.codec.c32 import (
    ALPHABET,
    c32_decode,
    c32_encode,
    decode_c32_address,
    encode_c32_address,
)
from btczs.codec.errors import InvalidAddress
from btczs.primitives import InvalidInput

BOOT = "ST000000000000000000002AMW42H"


def test_the_boot_addresses() -> None:
    assert encode_c32_address(26, bytes(20)) == BOOT
    assert encode_c32_address(22, bytes(20)) == "SP000000000000000000002Q6VF78"
    assert decode_c32_address(BOOT) == (26, bytes(20))


@given(st.binary(max_size=40))
def test_c32_round_trip(data: bytes) -> None:
    text = c32_encode(data)
    assert set(text) <= set(ALPHABET)
    assert c32_decode(text) == data
    assert c32_decode(text.lower()) == data


@given(st.text(alphabet=ALPHABET, max_size=40))
def test_normal_text_round_trip(text: str) -> None:
    assert c32_encode(c32_decode(text)) == text


@given(st.integers(0, 31), st.binary(min_size=20, max_size=20))
def test_address_round_trip(version: int, hash20: bytes) -> None:
    text = encode_c32_address(version, hash20)
    assert text[0] == "S"
    assert decode_c32_address(text) == (version, hash20)
    assert decode_c32_address(text.lower()) == (version, hash20)


def test_look_alikes_are_read_as_digits() -> None:
    normal = "S02J6ZY48GV1EZ5V2V5RB9MP66SW86PYKKPVKG2CE"
    expected = decode_c32_address(normal)
    for text in (normal.replace("0", "O"), normal.replace("1", "L"), normal.replace("1", "i")):
        assert text != normal
        assert decode_c32_address(text) == expected
    assert encode_c32_address(*expected) == normal


@given(st.integers(0, 31), st.binary(min_size=20, max_size=20), st.data())
def test_a_changed_digit_is_found(version: int, hash20: bytes, data: st.DataObject) -> None:
    text = encode_c32_address(version, hash20)
    position = data.draw(st.integers(1, len(text) - 1))
    digit = data.draw(st.sampled_from([c for c in ALPHABET if c != text[position]]))
    with pytest.raises(InvalidAddress):
        decode_c32_address(text[:position] + digit + text[position + 1 :])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "begins with S"),
        ("S", "begins with S"),
        ("T" + BOOT[1:], "begins with S"),
        ("SU" + BOOT[2:], "not a c32 digit"),
        (BOOT[:-1], "checksum"),
        (BOOT[:-5], "24 bytes"),
        (BOOT + "0", "24 bytes"),
        (BOOT[:2] + "0" + BOOT[2:], "24 bytes"),
        (BOOT[:-1] + "J", "checksum"),
        (BOOT + "é", "not a c32 digit"),
        (BOOT + " ", "not a c32 digit"),
        ("S" + "0" * 200, "longer"),
        ("ST" + "0" * 10_000_000, "longer"),
        ("Sß" + BOOT[2:], "not a c32 digit"),
    ],
)
def test_the_error_says_what_is_wrong(text: str, reason: str) -> None:
    with pytest.raises(InvalidAddress, match=reason):
        decode_c32_address(text)


@given(st.text(max_size=60))
def test_any_text_gives_a_typed_error(text: str) -> None:
    with pytest.raises(InvalidAddress):
        decode_c32_address(text)
    try:
        c32_decode(text)
    except InvalidAddress:
        assert not set(text.upper()) <= set(ALPHABET)


@pytest.mark.parametrize(("version", "length"), [(-1, 20), (32, 20), (22, 19), (22, 21), (22, 0)])
def test_what_is_no_address_is_not_written(version: int, length: int) -> None:
    with pytest.raises(InvalidInput):
        encode_c32_address(version, bytes(length))
