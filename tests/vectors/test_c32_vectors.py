"""c32 numbers and c32check addresses of two reference implementations."""

import hashlib
from typing import Any

import pytest
from vector_files import cases

from btczs.codec.c32 import c32_decode, c32_encode, decode_c32_address, encode_c32_address
from btczs.codec.errors import InvalidAddress

FILE = "stacks/c32_vectors.json"
DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@pytest.mark.parametrize("case", cases(FILE, "addresses"), ids=lambda case: case["address"])
def test_address(case: dict[str, Any]) -> None:
    hash20 = bytes.fromhex(case["hash160"])
    assert encode_c32_address(case["version"], hash20) == case["address"]
    assert decode_c32_address(case["address"]) == (case["version"], hash20)
    assert decode_c32_address(case["address"].lower()) == (case["version"], hash20)


@pytest.mark.parametrize("case", cases(FILE, "c32_simple"), ids=lambda case: case["hex"])
def test_number(case: dict[str, Any]) -> None:
    assert c32_encode(bytes.fromhex(case["hex"])) == case["c32"]
    assert c32_decode(case["c32"]).hex() == case["hex"]


def test_all_spellings_of_the_group_are_one_address() -> None:
    group = cases(FILE, "normalisation_group")
    if not group:
        pytest.skip(f"vectors absent: {FILE} is not in the folder named by BTCZS_VECTORS")
    assert len({decode_c32_address(text) for text in group}) == 1


def _is_address(text: str) -> bool:
    """The definition, computed another way: the text must be what its own value is written as."""
    number = 0
    for digit in text[2:]:
        number = number * 32 + DIGITS.index(digit)
    if number >= 1 << 192:
        return False
    data = number.to_bytes(24, "big")
    zero_bytes = len(data) - len(data.lstrip(b"\0"))
    zero_digits = len(text[2:]) - len(text[2:].lstrip("0"))
    version = bytes([DIGITS.index(text[1])])
    checksum = hashlib.sha256(hashlib.sha256(version + data[:20]).digest()).digest()[:4]
    return zero_bytes == zero_digits and checksum == data[20:]


@pytest.mark.parametrize("text", cases(FILE, "c32check_repo_addresses"))
def test_text_is_an_address_or_refused(text: str) -> None:
    if _is_address(text):
        assert encode_c32_address(*decode_c32_address(text)) == text
    else:
        with pytest.raises(InvalidAddress):
            decode_c32_address(text)
