"""Hash texts and the error tree."""

import pytest

from btczs.primitives import BtczsError, DecodeError, InvalidInput, OutOfRange, Unavailable
from btczs.primitives.units import ZERO_HASH, hash_from_hex, hash_hex


def test_a_hash_is_shown_in_reversed_order() -> None:
    raw = bytes(range(32))
    assert hash_hex(raw) == "1f1e1d1c1b1a191817161514131211100f0e0d0c0b0a09080706050403020100"
    assert hash_from_hex(hash_hex(raw)) == raw
    assert hash_from_hex("00" * 32) == ZERO_HASH


@pytest.mark.parametrize("text", ["", "00", "00" * 31, "00" * 33, "zz" * 32, "00 " * 32])
def test_a_text_that_is_no_hash_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        hash_from_hex(text)


def test_bad_input_and_a_failing_world_are_different_errors() -> None:
    assert issubclass(DecodeError, InvalidInput)
    assert issubclass(OutOfRange, InvalidInput)
    assert not issubclass(Unavailable, InvalidInput)
    assert issubclass(Unavailable, BtczsError)
    codes = [e.code for e in (BtczsError, InvalidInput, DecodeError, OutOfRange, Unavailable)]
    assert codes == ["error", "invalid_input", "decode", "out_of_range", "unavailable"]
