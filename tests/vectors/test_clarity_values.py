"""Clarity values from real chain data: bytes, text and type."""

from typing import Any

import pytest
from vector_files import cases

from btczs.codec.clarity import decode_value, encode_value, read_value, repr_value, type_text
from btczs.codec.stream import Reader, TrailingBytes

CASES = cases("stacks/clarity_values.json", "vectors")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["hex"][:24])
def test_value(case: dict[str, Any]) -> None:
    raw = bytes.fromhex(case["hex"])
    reader = Reader(raw)
    value = read_value(reader)
    assert repr_value(value) == case["repr"]
    assert type_text(value) == case["type"]
    encoded = encode_value(value)
    assert encoded[0] == case["type_id"]
    assert raw.startswith(encoded)
    if case["js_equal"]:
        assert decode_value(raw) == value
        assert encoded == raw
    elif reader.remaining:
        # The reference decoder stops after the first value; ours must not ignore the rest.
        with pytest.raises(TrailingBytes):
            decode_value(raw)
