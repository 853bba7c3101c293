"""c32: Crockford's base 32, and the c32check addresses of layer 2 (`SP…`, `ST…`, `SM…`, `SN…`).

An address is `S`, one digit for the version (0 to 31), and the c32 form of
`hash160 ‖ sha256d(version ‖ hash160)[:4]`. Each leading zero byte is written as one digit `0`.

Reading is forgiving as Crockford wants it: any case, `O` means 0, `I` and `L` mean 1. Writing has
one form, so `encode(decode(text))` normalises.
"""

from btczs.codec.errors import InvalidAddress
from btczs.crypto.hashes import sha256d
from btczs.primitives import Hash20, InvalidInput

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

TEXT_LENGTH_MAX = 128
"""Reading a number of n digits costs n² at worst; an address has at most 41."""

_PYTHON_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUV"  # what int(text, 32) understands
_TO_PYTHON = {ord(c): d for c, d in zip(ALPHABET, _PYTHON_DIGITS)}
_TO_PYTHON |= {ord("O"): "0", ord("I"): "1", ord("L"): "1"}
_VALID = frozenset(map(chr, _TO_PYTHON))
_CHECKSUM_LENGTH = 4
_HASH_LENGTH = 20


def c32_encode(data: bytes) -> str:
    """`data` as c32 digits; the empty text for no bytes."""
    stripped = data.lstrip(b"\0")
    n = int.from_bytes(stripped, "big")
    digits: list[str] = []
    while n:
        n, digit = divmod(n, 32)
        digits.append(ALPHABET[digit])
    digits.append("0" * (len(data) - len(stripped)))
    return "".join(reversed(digits))


def c32_decode(text: str) -> bytes:
    """Inverse of `c32_encode`. Raises `InvalidAddress`."""
    if len(text) > TEXT_LENGTH_MAX:
        raise InvalidAddress(text, f"longer than {TEXT_LENGTH_MAX} characters")
    translated = _normalise(text).translate(_TO_PYTHON)
    stripped = translated.lstrip("0")
    n = int(stripped, 32) if stripped else 0
    zeros = len(translated) - len(stripped)
    return bytes(zeros) + n.to_bytes((n.bit_length() + 7) // 8, "big")


def encode_c32_address(version: int, hash20: bytes) -> str:
    """The address text of a version (0..31) and a 20-byte hash. Raises `InvalidInput`."""
    if not 0 <= version < 32 or len(hash20) != _HASH_LENGTH:
        raise InvalidInput(
            f"an address has a version of 0 to 31 and a hash of 20 bytes, "
            f"not {version} and {len(hash20)} bytes"
        )
    checksum = sha256d(bytes((version,)) + hash20)[:_CHECKSUM_LENGTH]
    return "S" + ALPHABET[version] + c32_encode(hash20 + checksum)


def decode_c32_address(text: str) -> tuple[int, Hash20]:
    """The version and hash of an address. Raises `InvalidAddress`, which says what is wrong."""
    if len(text) < 2 or text[0] not in "Ss":
        raise InvalidAddress(text, "an address begins with S and a version")
    if len(text) > TEXT_LENGTH_MAX:
        raise InvalidAddress(text, f"longer than {TEXT_LENGTH_MAX} characters")
    version = int(_normalise(text[1]).translate(_TO_PYTHON), 32)
    data = c32_decode(text[2:])
    if len(data) != _HASH_LENGTH + _CHECKSUM_LENGTH:
        raise InvalidAddress(text, "it does not hold 24 bytes")
    hash20, checksum = data[:_HASH_LENGTH], data[_HASH_LENGTH:]
    if sha256d(bytes((version,)) + hash20)[:_CHECKSUM_LENGTH] != checksum:
        raise InvalidAddress(text, "the checksum does not match; is there a typing mistake?")
    return version, Hash20(hash20)


def _normalise(text: str) -> str:
    upper = text.upper() if text.isascii() else text
    for character in upper:
        if character not in _VALID:
            raise InvalidAddress(text, f"{character!r} is not a c32 digit")
    return upper
