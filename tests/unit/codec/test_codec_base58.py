"""Base 58 and base58check, against published examples and another implementation."""

import btclib.base58
import pytest
from hypothesis import given
from hypothesis import strategies as st

from btczs.codec.base58 import (
    ALPHABET,
    base58_decode,
    base58_encode,
    base58check_decode,
    base58check_encode,
)
from btczs.codec.errors import InvalidAddress


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("", ""),
        ("61", "2g"),
        ("626262", "a3gV"),
        ("73696d706c792061206c6f6e6720737472696e67", "2cFupjhnEsSn59qHXstmK2ffpLv2"),
        ("516b6fcd0f", "ABnLTmg"),
        (
            "00eb15231dfceb60925886b67d065299925915aeb172c06647",
            "1NS17iag9jJgTHD1VXjvLCEnZuQ3rJDE9L",
        ),
        ("00000000000000000000", "1111111111"),
    ],
)
def test_published_examples(raw: str, text: str) -> None:
    assert base58_encode(bytes.fromhex(raw)) == text
    assert base58_decode(text).hex() == raw


def test_two_byte_prefixes_of_bitcoinz() -> None:
    """The burn addresses: 20 zero bytes under the main and the test prefix."""
    main, test = bytes.fromhex("1cb8"), bytes.fromhex("1d25")
    assert base58check_encode(main, bytes(20)) == "t1Hsc1LR8yKnbbe3twRp88p6vFfC5t7DLbs"
    assert base58check_encode(test, bytes(20)) == "tm9iMLAuYMzJ6jtFLcA7rzUmfreGuKvr7Ma"
    assert base58check_decode("t1Hsc1LR8yKnbbe3twRp88p6vFfC5t7DLbs", 2) == (main, bytes(20))


@given(st.binary(min_size=1, max_size=4), st.binary(max_size=80))
def test_check_round_trip_and_agreement(prefix: bytes, payload: bytes) -> None:
    text = base58check_encode(prefix, payload)
    assert base58check_decode(text, len(prefix)) == (prefix, payload)
    assert btclib.base58.encode(prefix + payload) == text.encode()


@given(st.text(alphabet=ALPHABET, max_size=60))
def test_every_text_of_digits_has_one_value(text: str) -> None:
    assert base58_encode(base58_decode(text)) == text


@given(st.binary(min_size=20, max_size=20), st.data())
def test_a_changed_digit_is_found(payload: bytes, data: st.DataObject) -> None:
    text = base58check_encode(b"\x1c\xb8", payload)
    position = data.draw(st.integers(0, len(text) - 1))
    digit = data.draw(st.sampled_from([c for c in ALPHABET if c != text[position]]))
    with pytest.raises(InvalidAddress):
        base58check_decode(text[:position] + digit + text[position + 1 :], 2)


@pytest.mark.parametrize("text", ["", "1", "0", "O0Il", "é", "1 1", "1" * 300, "z" * 10_000_000])
def test_the_error_is_typed(text: str) -> None:
    with pytest.raises(InvalidAddress):
        base58check_decode(text, 1)


@given(st.text(max_size=60))
def test_any_text_gives_a_typed_error(text: str) -> None:
    with pytest.raises(InvalidAddress):
        base58check_decode(text, 2)
