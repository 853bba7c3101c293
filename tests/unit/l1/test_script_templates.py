"""Standard scripts: written and recognised."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from btczs.crypto.hashes import sha256
from btczs.crypto.secp256k1 import compute_public_key
from btczs.l1.script.encoding import decode_number
from btczs.l1.script.errors import ScriptFailed
from btczs.l1.script.opcodes import BadScript, is_push_only, read_ops
from btczs.l1.script.templates import (
    classify,
    encode_number,
    get_witness_program,
    multisig,
    op_return,
    p2pkh,
    p2sh,
    p2tr,
    p2wpkh,
    p2wsh,
    push,
    push_number,
)
from btczs.primitives import Hash20, Hash32, InvalidInput

KEYS = [compute_public_key(sha256(bytes((n,)))) for n in range(16)]
H20, H32 = Hash20(b"\7" * 20), Hash32(b"\7" * 32)


def test_the_standard_scripts() -> None:
    assert p2pkh(H20).hex() == "76a914" + "07" * 20 + "88ac"
    assert p2sh(H20).hex() == "a914" + "07" * 20 + "87"
    assert p2wpkh(H20).hex() == "0014" + "07" * 20
    assert p2wsh(H32).hex() == "0020" + "07" * 32
    assert p2tr(H32).hex() == "5120" + "07" * 32
    for script, kind in ((p2pkh(H20), "p2pkh"), (p2sh(H20), "p2sh"), (p2tr(H32), "p2tr")):
        found = classify(script)
        assert (found.kind, len(found.data)) == (kind, 1)
        assert found.data[0] in script
        assert classify(script + b"\0").kind == "other"
        assert classify(script[:-1]).kind == "other"
    for wrong in (p2pkh, p2sh, p2wpkh):
        with pytest.raises(InvalidInput):
            wrong(Hash20(bytes(21)))


@pytest.mark.parametrize(
    ("data", "head"),
    [
        (b"", "00"),
        (b"\1", "51"),
        (b"\x10", "60"),
        (b"\x11", "0111"),
        (b"\x81", "4f"),
        (b"\0", "0100"),
        (bytes(75), "4b00"),
        (bytes(76), "4c4c"),
        (bytes(255), "4cff"),
        (bytes(256), "4d0001"),
        (bytes(65536), "4e00000100"),
    ],
)
def test_pushes_are_the_shortest(data: bytes, head: str) -> None:
    assert push(data).hex().startswith(head)
    assert len(list(read_ops(push(data)))) == 1
    assert is_push_only(push(data))


@given(st.lists(st.binary(max_size=300), max_size=5))
def test_pushed_data_is_read_back(items: list[bytes]) -> None:
    script = b"".join(push(item) for item in items if len(item) > 1)
    assert [data for _, data in read_ops(script)] == [item for item in items if len(item) > 1]


@given(st.integers(-(2**31) + 1, 2**31 - 1))
def test_numbers_round_trip_in_their_shortest_form(value: int) -> None:
    raw = encode_number(value)
    assert decode_number(raw, minimal=True) == value
    assert len(raw) <= 4
    if value:
        padded = raw[:-1] + bytes((raw[-1] & 0x7F, raw[-1] & 0x80))
        assert decode_number(padded, minimal=False, size_max=5) == value
        with pytest.raises(ScriptFailed):
            decode_number(padded, minimal=True, size_max=5)


@pytest.mark.parametrize(
    ("value", "raw"),
    [(0, ""), (1, "01"), (-1, "81"), (127, "7f"), (128, "8000"), (-128, "8080"), (-255, "ff80"),
     (256, "0001"), (2**31, "0000008000"), (110, "6e")],
)  # fmt: skip
def test_known_numbers(value: int, raw: str) -> None:
    assert encode_number(value).hex() == raw
    assert push_number(value) == push(bytes.fromhex(raw))


def test_operands_have_at_most_four_bytes() -> None:
    with pytest.raises(ScriptFailed):
        decode_number(encode_number(2**31), minimal=False)
    assert decode_number(b"\x80", minimal=False) == 0
    with pytest.raises(ScriptFailed):
        decode_number(b"\x80", minimal=True)


@pytest.mark.parametrize("size", [0, 1, 2, 75, 76, 80, 220])
def test_op_return_carries_its_data(size: int) -> None:
    data = bytes(range(1, size + 1))
    script = op_return(data)
    found = classify(script)
    assert found.kind == "op_return"
    assert b"".join(found.data) == data
    assert len(op_return(bytes(80))) == 83
    assert op_return(b"\5").hex() == "6a0105"


def test_op_return_with_several_pushes_and_with_none() -> None:
    assert classify(b"\x6a").data == ()
    assert classify(b"\x6a\x01\x05\x02ab\x51\x4f").data == (b"\5", b"ab", b"\1", b"\x81")
    assert classify(b"\x6a\x05ab").kind == "other"
    assert classify(b"\x6a\x76").kind == "other"


def test_multisig() -> None:
    for required, total in ((1, 1), (2, 3), (11, 15), (16, 16)):
        script = multisig(required, KEYS[:total])
        found = classify(script)
        assert (found.kind, found.required) == ("multisig", required)
        assert found.data == tuple(KEYS[:total])
    for required, total in ((0, 1), (2, 1), (1, 0)):
        with pytest.raises(InvalidInput):
            multisig(required, KEYS[:total])
    with pytest.raises(InvalidInput):
        multisig(1, [*KEYS, KEYS[0]])
    with pytest.raises(InvalidInput):
        multisig(1, [b"\2" * 32])
    script = multisig(2, KEYS[:3])
    for broken in (b"\x54" + script[1:], b"\x00" + script[1:], script[:-2] + b"\x52\xae"):
        assert classify(broken).kind == "other"
    assert classify(push(KEYS[0]) + b"\xac").kind == "p2pk"


@given(st.binary(max_size=120))
def test_no_script_breaks_the_recognition(script: bytes) -> None:
    classify(script)
    classify(b"\x6a" + script)
    classify(script + b"\xae")
    is_push_only(script)


@pytest.mark.parametrize("script", ["01", "4c", "4c02ff", "4d01", "4d0200ff", "4e00", "4effffffff"])
def test_cut_off_pushes_are_refused(script: str) -> None:
    raw = bytes.fromhex(script)
    assert not is_push_only(raw)
    with pytest.raises(BadScript):
        list(read_ops(raw))


def test_witness_programs() -> None:
    assert get_witness_program(p2wpkh(H20)) == (0, H20)
    assert get_witness_program(p2tr(H32)) == (1, H32)
    assert get_witness_program(b"\x60\x02ab") == (16, b"ab")
    for script in (
        b"\x60\x01a",
        b"\x00\x29" + bytes(41),
        p2sh(H20),
        b"\x4f\x02ab",
        b"",
        b"\x61\x02ab",
    ):
        assert get_witness_program(script) is None
